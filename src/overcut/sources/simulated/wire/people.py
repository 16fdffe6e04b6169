"""Who takes part: DriverList, and the three at the top."""

from __future__ import annotations

from overcut.domain.durations import format_gap
from overcut.domain.entries import Entry
from overcut.sources.simulated.wire.patch import Deltas, Json, Lines, Patch, ms
from overcut.sources.simulated.wire.placing import Placing, TopRow


def driver_list(entries: list[Entry], placings: list[Placing]) -> Lines:
    """Everyone, in the first order; then the lines that change."""
    keyframe: Patch = {}
    for line, entry in enumerate(entries, start=1):
        keyframe[entry.number] = {
            "RacingNumber": entry.number,
            "BroadcastName": entry.broadcast_name,
            "FullName": entry.full_name,
            "Tla": entry.code,
            "Line": line,
            "TeamName": entry.team.name,
            "TeamColour": entry.team.colour,
            "FirstName": entry.first_name,
            "LastName": entry.last_name,
            "Reference": entry.reference,
        }
    lines = Lines()
    lines.add(4875, keyframe)
    deltas = Deltas({number: {"Line": row["Line"]} for number, row in keyframe.items() if isinstance(row, dict)})
    for placing in placings:
        deltas.queue(ms(placing.t) + 25, {number: {"Line": line} for number, line in placing.lines.items()})
    deltas.flush(lines)
    return lines


def _person(entry: Entry) -> Patch:
    return {
        "RacingNumber": entry.number,
        "Tla": entry.code,
        "BroadcastName": entry.broadcast_name,
        "FullName": entry.full_name,
        "FirstName": entry.first_name,
        "LastName": entry.last_name,
        "Reference": entry.reference,
        "Team": entry.team.name,
        "TeamColour": entry.team.colour,
    }


def top_three(rows: list[tuple[float, int, TopRow]], part: int | None) -> Lines:
    """The first three: ``rows`` are (t, place 0-2, what is shown) in any order; the first three make the keyframe."""
    lines = Lines()
    if len(rows) < 3:
        return lines
    first: list[Json] = []
    state: Patch = {}
    for place, (_, _, row) in enumerate(rows[:3]):
        shown: Patch = {"Position": str(place + 1), "ShowPosition": True, **_person(row.entry), **_times(row)}
        first.append(dict(shown))
        state[str(place)] = shown
    keyframe: Patch = {"Withheld": False, "Lines": first}
    if part is not None:
        keyframe = {"SessionPart": part, **keyframe}
    lines.add(ms(rows[0][0]), keyframe)
    deltas = Deltas({"Lines": state})
    for t, place, row in rows[3:]:
        now = _times(row)
        later: Patch = {"DiffToAhead": now.pop("DiffToAhead")}  # the feed works it out a moment after the rest
        deltas.queue(ms(t) + 30, {"Lines": {str(place): {**_person(row.entry), **now}}})
        deltas.queue(ms(t) + 125, {"Lines": {str(place): later}})
    deltas.flush(lines)
    return lines


def _times(row: TopRow) -> Patch:
    lap: Patch = {} if row.lap_time is None else {"LapTime": row.lap_time}
    return {
        **lap,
        "LapState": row.state,
        "DiffToAhead": "" if row.ahead_ms is None else format_gap(row.ahead_ms),
        "DiffToLeader": "" if row.leader_ms is None else format_gap(row.leader_ms),
        "OverallFastest": row.overall,
        "PersonalFastest": row.personal,
    }
