"""What `SessionInfo` says of a reconstructed session: its meeting and kind, as the calendar knows them."""

from __future__ import annotations

from overcut.domain.circuits import CIRCUITS
from overcut.domain.grands_prix import race_of
from overcut.domain.session import SessionKey, SessionKind
from overcut.domain.session_names import official_parts

_NAME_AND_TYPE: dict[SessionKind, tuple[str, str]] = {
    SessionKind.FP1: ("Practice 1", "Practice"),
    SessionKind.FP2: ("Practice 2", "Practice"),
    SessionKind.FP3: ("Practice 3", "Practice"),
    SessionKind.SPRINT_QUALIFYING: ("Sprint Qualifying", "Qualifying"),
    SessionKind.SPRINT: ("Sprint", "Race"),
    SessionKind.QUALIFYING: ("Qualifying", "Qualifying"),
    SessionKind.RACE: ("Race", "Race"),
}


def session_info(key: SessionKey, event: str = "") -> dict[str, object]:
    """The session's `SessionInfo` message, without what no table tells (dates, keys of the feed).

    Args:
        key: an official session.
        event: the meeting's name in the tables, for seasons whose calendar is not known.
    """
    parts = official_parts(key)
    if parts is None:
        return {"Meeting": {"Name": event}}
    season, round_number, kind = parts
    race = race_of(season, round_number)
    meeting: dict[str, object] = {"Name": event or (race.name if race else key.text)}
    name, kind_of_session = _NAME_AND_TYPE[kind]
    if race is not None:
        meeting["Name"] = race.name
        circuit = CIRCUITS.get(race.circuit_id)
        if circuit is not None:
            meeting["Location"] = circuit.location
            meeting["Country"] = {"Code": circuit.country_code, "Name": circuit.country}
            meeting["Circuit"] = {"Key": circuit.feed_key, "ShortName": circuit.feed_name}
        else:
            meeting["Country"] = {"Name": race.country.title()}
            meeting["Circuit"] = {"ShortName": race.circuit_id.replace("-", " ").title()}
    return {"Meeting": meeting, "Name": name, "Type": kind_of_session}
