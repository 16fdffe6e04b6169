"""What the feed says of the time that cars spend in the pit lane: three topics, one list of visits.

`PitLaneTimeCollection` names each visit and deletes it seconds later; `PitStop` and `PitStopSeries` add the time at
rest and miss stops (wire.md, trap 6). A visit is one car's on one lap, so the three complete each other.
"""

from __future__ import annotations

from overcut.domain.durations import parse_utc_ms
from overcut.domain.extras import PitVisit
from overcut.timing.memory import Memory
from overcut.timing.timing_data import names_a_car
from overcut.timing.values import JsonObject, PatchError, as_duration_ms, as_int, as_object, as_text, entries, indexed

SAME_VISIT_MS = 180_000
"""Messages without a lap that come within this time speak of the same visit."""

MAX_VISITS = 200
"""Visits kept of one car: over any number seen in a session, so that damage cannot fill the memory."""


def apply_lane_times(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`PitLaneTimeCollection`: how long each visit took, by car. What it deletes stays a visit."""
    for number, element in entries(as_object(doc).get("PitTimes") or {}):
        _note(memory, number, as_object(element), t_ms, topic, lane="Duration")


def apply_stop(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`PitStop`: the latest stop."""
    message = as_object(doc)
    number = as_text(message.get("RacingNumber"))
    if number:
        _note(memory, number, message, t_ms, topic)


def apply_stops(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`PitStopSeries`: every stop, by car and index."""
    for number, series in entries(as_object(doc).get("PitTimes") or {}):
        for _, element in indexed(series):
            entry = as_object(element)
            utc_ms = parse_utc_ms(as_text(entry.get("Timestamp")))
            when_ms = t_ms if utc_ms is None else memory.happened_at(utc_ms, t_ms)
            _note(memory, number, as_object(entry.get("PitStop") or {}), when_ms, topic)


def _note(memory: Memory, number: str, patch: JsonObject, t_ms: int, topic: str, *, lane: str = "PitLaneTime") -> None:
    if not names_a_car(memory, number):
        memory.defect("a line that is no car's", topic, t_ms, number)
        return
    try:
        lap = as_int(patch.get("Lap"))
        lane_ms, stationary_ms = as_duration_ms(patch.get(lane)), as_duration_ms(patch.get("PitStopTime"))
    except PatchError as error:
        memory.defect("an unreadable pit time", topic, t_ms, f"car {number}: {error}")
        return
    if lap is None and lane_ms is None and stationary_ms is None:
        return
    visit = _visit(memory.extras.pit_visits.setdefault(number, []), lap, t_ms)
    visit.lap = visit.lap if lap is None else lap
    visit.lane_ms = visit.lane_ms if lane_ms is None else lane_ms
    visit.stationary_ms = visit.stationary_ms if stationary_ms is None else stationary_ms


def _visit(visits: list[PitVisit], lap: int | None, t_ms: int) -> PitVisit:
    """The visit that a message speaks of: the one on that lap, or the latest if it is recent; else a new one."""
    for visit in reversed(visits):
        recent = t_ms - visit.t_ms <= SAME_VISIT_MS
        if (lap is not None and visit.lap == lap) or (recent and (lap is None or visit.lap is None)):
            return visit
    visits.append(PitVisit(t_ms=t_ms))
    del visits[:-MAX_VISITS]
    return visits[-1]
