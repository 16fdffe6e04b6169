"""Which session someone means who typed ``2025 monaco R``, ``2018 azerbaijan race`` or ``2024-14-R``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from overcut.domain.calendar import RACES
from overcut.domain.grands_prix import Race, plain, race_of, races_of
from overcut.domain.session import SessionKey, SessionKind

_OFFICIAL = re.compile(r"^(\d{4})-(\d{1,2})-([A-Za-z0-9]{1,3})$")
_DAY = re.compile(r"^(?P<day>(?P<season>\d{4})-\d{2}-\d{2})(?:[\s,]+(?P<kind>.+))?$")
_OTHER = re.compile(r"^(sim|rec)-[a-z0-9-]+$", re.IGNORECASE)
_SEASON = re.compile(r"^(?:19|20)\d{2}$")
_ROUND = re.compile(r"^(?:r|rd|round)?0?(\d{1,2})$")

_KIND_WORDS: tuple[tuple[str, SessionKind], ...] = (
    ("free practice 1", SessionKind.FP1),
    ("free practice 2", SessionKind.FP2),
    ("free practice 3", SessionKind.FP3),
    ("practice 1", SessionKind.FP1),
    ("practice 2", SessionKind.FP2),
    ("practice 3", SessionKind.FP3),
    ("sprint qualifying", SessionKind.SPRINT_QUALIFYING),
    ("sprint quali", SessionKind.SPRINT_QUALIFYING),
    ("sprint shootout", SessionKind.SPRINT_QUALIFYING),
    ("sprint shoot out", SessionKind.SPRINT_QUALIFYING),
    ("sprint race", SessionKind.SPRINT),
    ("shootout", SessionKind.SPRINT_QUALIFYING),
    ("qualifying", SessionKind.QUALIFYING),
    ("qualification", SessionKind.QUALIFYING),
    ("quali", SessionKind.QUALIFYING),
    ("sprint", SessionKind.SPRINT),
    ("race", SessionKind.RACE),
    ("fp1", SessionKind.FP1),
    ("fp2", SessionKind.FP2),
    ("fp3", SessionKind.FP3),
    ("sq", SessionKind.SPRINT_QUALIFYING),
    ("ss", SessionKind.SPRINT_QUALIFYING),
    ("q", SessionKind.QUALIFYING),
    ("s", SessionKind.SPRINT),
    ("r", SessionKind.RACE),
)
"""Words for kinds of sessions, the longer before those that they contain."""

_KINDS = tuple(kind.value for kind in SessionKind)

_NEAR = 0.8
"""How alike a misspelt name must be to be taken for the one meant (1 is equal): "azerbijan" is, "sakir" for Spa not."""

_SUGGESTED = 0.5


class UnknownSessionNameError(LookupError):
    """The text names no session, or more than one.

    ``what``: what is wrong with it. ``suggestions``: names that can be asked for instead.
    """

    def __init__(self, what: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.suggestions = tuple(suggestions)


def read_session_name(text: str) -> SessionKey:
    """The session that ``text`` names: a key in any case, or season, race and kind in any order.

    The race may be a round, a Grand Prix, a circuit, a town, a country or the day of the race; the kind R, Q, S, SQ,
    FP1 to FP3 or their words, the race where none is named.

    Raises:
        UnknownSessionNameError: it names none, or several.
    """
    text = text.strip()
    if _OTHER.match(text):
        return _own_key(text)
    if (dated := _DAY.match(text)) is not None:
        return _of_day(int(dated["season"]), dated["day"], dated["kind"] or "")
    if (key := _OFFICIAL.match(text)) is not None:
        return _official(int(key.group(1)), int(key.group(2)), _kind(key.group(3), text))
    words = plain(text).split()
    season = next((word for word in words if _SEASON.match(word)), None)
    if season is None:
        raise UnknownSessionNameError(f"{text[:60]!r} names no season", _with_season(text, words))
    words.remove(season)
    kind, words = _split_kind([word for word in words if word not in ("grand", "prix", "gp", "the", "f1")])
    where = " ".join(words)
    if (number := _ROUND.match(where.replace("round ", "round"))) is not None:
        return _official(int(season), int(number.group(1)), kind)
    race = _find_race(int(season), where, kind)
    return SessionKey.official(race.season, race.round_number, kind)


def describe(key: SessionKey) -> str:
    """An official key in words, "2024 Belgian Grand Prix, race"; other keys as they are."""
    match = _OFFICIAL.match(key.text)
    race = race_of(int(match.group(1)), int(match.group(2))) if match else None
    if match is None or race is None:
        return key.text
    return f"{race.season} {race.name}, {KIND_NAMES[SessionKind(match.group(3))]}"


KIND_NAMES: dict[SessionKind, str] = {
    SessionKind.FP1: "practice 1",
    SessionKind.FP2: "practice 2",
    SessionKind.FP3: "practice 3",
    SessionKind.SPRINT_QUALIFYING: "sprint qualifying",
    SessionKind.SPRINT: "sprint",
    SessionKind.QUALIFYING: "qualifying",
    SessionKind.RACE: "race",
}


class OfficialName(tuple[int, int, SessionKind]):
    """(season, round, kind) of an official key."""

    __slots__ = ()


def official_parts(key: SessionKey) -> OfficialName | None:
    """Season, round and kind of ``2024-14-R``; None for simulated sessions and recordings."""
    match = _OFFICIAL.match(key.text)
    if match is None or match.group(3) not in _KINDS:
        return None
    return OfficialName((int(match.group(1)), int(match.group(2)), SessionKind(match.group(3))))


def _with_season(text: str, words: list[str]) -> list[str]:
    """The same words with a season, where they name a race of any."""
    where = " ".join(_split_kind(words)[1])
    known = [
        season
        for season in sorted(RACES, reverse=True)
        if any(where in (*race.titles, *race.places, race.country) for race in races_of(season))
    ]
    return [f"{season} {text}" for season in known[:2]]


def _own_key(text: str) -> SessionKey:
    """A simulated session's or a recording's key, as it is written: lower case, but for the kind."""
    head, _, tail = text.lower().rpartition("-")
    simulated = head.startswith("sim-") and tail.upper() in _KINDS
    return SessionKey(f"{head}-{tail.upper()}" if simulated else text.lower())


def _official(season: int, round_number: int, kind: SessionKind) -> SessionKey:
    races = RACES.get(season)
    if races is not None and not 1 <= round_number <= len(races):
        raise UnknownSessionNameError(
            f"{season} has {len(races)} races, not {round_number}", [f"{season}-{len(races):02d}-{kind.value}"]
        )
    return SessionKey.official(season, round_number, kind)


def _of_day(season: int, day: str, words: str) -> SessionKey:
    """A session of the race that was held on a day."""
    kind, others = _split_kind(plain(words).split())
    race = next((race for race in races_of(season) if race.day == day), None)
    if race is None or others:
        near = [race for race in races_of(season) if race.day >= day][:1]
        raise UnknownSessionNameError(
            f"{' '.join(others)!r} is no kind of session" if others else f"there was no race on {day}",
            _names(near, kind),
        )
    return SessionKey.official(season, race.round_number, kind)


def _kind(text: str, whole: str) -> SessionKind:
    try:
        return SessionKind(text.upper())
    except ValueError:
        kinds = ", ".join(SessionKind)
        raise UnknownSessionNameError(f"{whole!r} ends in no kind of session ({kinds})") from None


def _split_kind(words: list[str]) -> tuple[SessionKind, list[str]]:
    """The kind that the words name, and the other words."""
    for phrase, kind in _KIND_WORDS:
        parts = phrase.split()
        for at in range(len(words) - len(parts) + 1):
            if words[at : at + len(parts)] == parts:
                return kind, words[:at] + words[at + len(parts) :]
    return SessionKind.RACE, words


def _find_race(season: int, where: str, kind: SessionKind) -> Race:
    races = races_of(season)
    if not races:
        raise UnknownSessionNameError(
            f"the calendar of {season} is not known (only {min(RACES)} to {max(RACES)} are)",
            [f"{season}-01-{kind.value}"],
        )
    if not where:
        raise UnknownSessionNameError(f"no race of {season} is named", _names(races[:3], kind))
    for names in (_titles, _places, _country):
        found = [race for race in races if where in names(race)]
        if len(found) > 1:
            raise UnknownSessionNameError(
                f"{season} had {len(found)} races that {where!r} may mean", _names(found, kind)
            )
        if found:
            return found[0]
    return _nearest(races, where, kind)


def _nearest(races: Sequence[Race], where: str, kind: SessionKind) -> Race:
    """The race whose name begins so, or is misspelt so, when there is only one."""
    by_name: dict[str, list[Race]] = {}
    for race in races:
        for name in {*_titles(race), *_places(race), *_country(race)}:
            by_name.setdefault(name, []).append(race)
    begun = [race for name, named in by_name.items() if len(where) >= 3 and name.startswith(where) for race in named]
    near = begun or [race for name in get_close_matches(where, by_name, n=3, cutoff=_NEAR) for race in by_name[name]]
    meant = list({race.round_number: race for race in near}.values())
    if len(meant) == 1:
        return meant[0]
    loose = [race for name in get_close_matches(where, by_name, n=3, cutoff=_SUGGESTED) for race in by_name[name]]
    choices = list({race.round_number: race for race in [*meant, *loose]}.values())
    season = races[0].season
    problem = (
        f"{season} had several races that {where!r} may mean" if meant else f"{season} had no race called {where!r}"
    )
    raise UnknownSessionNameError(problem, _names(choices[:4] or races, kind))


def _titles(race: Race) -> tuple[str, ...]:
    return race.titles


def _places(race: Race) -> tuple[str, ...]:
    return race.places


def _country(race: Race) -> tuple[str, ...]:
    return (race.country,)


def _names(races: Sequence[Race], kind: SessionKind) -> list[str]:
    return [f"{race.season}-{race.round_number:02d}-{kind.value} ({race.name})" for race in races]
