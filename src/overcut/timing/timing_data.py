"""What `TimingData` says of each car: order, gaps, laps, sectors, mini-sectors, speeds, pits."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from overcut.domain.events import (
    CarStopped,
    DriverRetired,
    PitEntered,
    PitExited,
    PositionChanged,
)
from overcut.domain.flags import SEGMENT_BY_CODE, Segment, SessionStatus
from overcut.domain.state import CarState, SectorState, TimedLap, TrapSpeed
from overcut.timing import laps
from overcut.timing.memory import MAX_CARS, Memory
from overcut.timing.values import (
    JsonObject,
    PatchError,
    as_bool,
    as_duration_ms,
    as_gap,
    as_int,
    as_object,
    as_text,
    deleted_keys,
    entries,
    indexed,
    is_list,
)

TOPICS = ("TimingData", "TimingDataF1")

Field = Callable[[Memory, CarState, object, int], None]


def apply(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """Merge one message into the cars it names."""
    message = as_object(doc)
    part = as_int(message.get("SessionPart"))
    if part is not None:
        memory.state.part = part
    lines = message.get("Lines")
    if lines is None:
        return
    for number in deleted_keys(as_object(lines)):
        memory.state.cars.pop(number, None)
    for number, patch in entries(lines):
        if not names_a_car(memory, number):
            memory.defect("a line that is no car's", topic, t_ms, number)
            continue
        try:
            _apply_line(memory, memory.car(number), as_object(patch), t_ms, topic)
        except PatchError as error:
            memory.defect("an unreadable line", topic, t_ms, f"car {number}: {error}")


def names_a_car(memory: Memory, text: str) -> bool:
    """Whether a key of ``Lines`` is a racing number (one to three digits): one that is known, or has room yet."""
    if text in memory.state.cars:
        return True
    return text.isascii() and text.isdecimal() and len(text) <= 3 and len(memory.state.cars) < MAX_CARS


def _apply_line(memory: Memory, car: CarState, patch: JsonObject, t_ms: int, topic: str) -> None:
    for name, value in patch.items():
        field = _FIELDS.get(name)
        if field is None:
            if name not in _UNUSED and not name.startswith("_"):
                memory.defect("a field nobody knows", topic, t_ms, name)
            continue
        try:
            field(memory, car, value, t_ms)
        except PatchError as error:
            memory.defect(f"an unreadable {name}", topic, t_ms, f"car {car.number}: {error}")
    if "NumberOfLaps" in patch:  # last, so that the lap has all that came with it
        try:
            count = as_int(patch["NumberOfLaps"])
        except PatchError as error:
            memory.defect("an unreadable NumberOfLaps", topic, t_ms, f"car {car.number}: {error}")
        else:
            laps.laps_counted(memory, car, count or 0, t_ms)


def _line(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.line = as_int(value) or 0


def _position(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    was, now = car.position, as_int(value)
    car.position = now
    if was is not None and now is not None and was != now and memory.state.status is SessionStatus.STARTED:
        memory.emit(PositionChanged(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number, was=was, now=now))


def _gap_to_leader(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    memory.gaps_on_track = True
    car.gap = as_gap(value)


def _gap(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.gap = as_gap(value)


def _interval(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    patch = as_object(value)
    if "Value" in patch:
        car.interval = as_gap(patch["Value"])
    if "Catching" in patch:
        car.catching = as_bool(patch["Catching"])


def _interval_text(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.interval = as_gap(value)


def _part_gaps(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    """Gaps of each qualifying part; those of the part in progress are the car's."""
    for index, patch in indexed(value):
        if index + 1 != memory.state.part:
            continue
        members = as_object(patch)
        if "TimeDiffToFastest" in members:
            car.gap = as_gap(members["TimeDiffToFastest"])
        if "TimeDifftoPositionAhead" in members:
            car.interval = as_gap(members["TimeDifftoPositionAhead"])


def _in_pit(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    was, car.in_pit = car.in_pit, as_bool(value)
    if car.in_pit and not was:
        on_lap = car.laps + 1 if memory.is_race else max(1, car.laps)  # laps completed, and laps begun
        memory.emit(PitEntered(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number, lap=on_lap))
        laps.entered_pits(memory, car, t_ms)
    elif was and not car.in_pit:
        laps.left_pits(memory, car, t_ms)
        memory.emit(PitExited(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number, lap=car.laps + 1))


def _pit_out(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.pit_out = as_bool(value)
    if car.pit_out:
        laps.left_pits(memory, car, t_ms)


def _stopped(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    was, car.stopped = car.stopped, as_bool(value)
    if car.stopped and not was:
        memory.emit(CarStopped(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number))


def _retired(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    was, car.retired = car.retired, as_bool(value)
    if car.retired and not was:
        memory.emit(DriverRetired(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number))


def _knocked_out(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.knocked_out = as_bool(value)


def _cutoff(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.cutoff = as_bool(value)


def _pit_stops(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.pit_stops = as_int(value) or 0


def _timed(known: TimedLap | None, patch: JsonObject) -> TimedLap:
    """A time and its colours; what a patch does not name stays."""
    base = known or TimedLap()
    lap = None if "Lap" in deleted_keys(patch) else base.lap
    return TimedLap(
        ms=as_duration_ms(patch["Value"]) if "Value" in patch else base.ms,
        lap=as_int(patch["Lap"]) if "Lap" in patch else lap,
        personal_best=as_bool(patch["PersonalFastest"]) if "PersonalFastest" in patch else base.personal_best,
        overall_best=as_bool(patch["OverallFastest"]) if "OverallFastest" in patch else base.overall_best,
    )


def _last_lap(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    patch = as_object(value)
    car.last_lap = _timed(car.last_lap, patch)
    if patch.get("Value") and car.last_lap.ms is not None:
        laps.lap_timed(memory, car, car.last_lap.ms, t_ms)


def _best_lap(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    known = _timed(car.best_lap, as_object(value))
    car.best_lap = known if known.ms is not None else None
    if car.best_lap is None and not memory.is_race:
        car.gap = car.interval = None  # gaps of an earlier qualifying part: the feed never clears those of who leads
    mark_fastest(memory)


def mark_fastest(memory: Memory) -> None:
    """Colour the best lap of all: the lowest; of equals the earlier lap."""
    timed = [car for car in memory.state.cars.values() if car.best_lap is not None and car.best_lap.ms is not None]
    fastest = min(timed, key=_rank, default=None)
    for car in timed:
        best = cast(TimedLap, car.best_lap)
        if best.overall_best != (car is fastest):
            car.best_lap = TimedLap(ms=best.ms, lap=best.lap, personal_best=True, overall_best=car is fastest)


def _rank(car: CarState) -> tuple[int, int, int]:
    best = cast(TimedLap, car.best_lap)
    return (best.ms or 0, best.lap or 0, int(car.number))


def _best_by_part(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    for index, patch in indexed(value):
        if index > 2:
            raise PatchError(f"qualifying has three parts, not {index + 1}")
        while len(car.best_by_part) <= index:
            car.best_by_part.append(None)
        members = as_object(patch)
        if "Value" in members:
            car.best_by_part[index] = as_duration_ms(members["Value"])


def _sectors(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    if is_list(value):  # a keyframe: a list replaces a list
        car.sectors = [SectorState(), SectorState(), SectorState()]
    cleared = False
    for index, patch in indexed(value):
        if index > 2:
            raise PatchError(f"a lap has three sectors, not {index + 1}")
        cleared |= _sector(memory, car, index, as_object(patch), t_ms)
    if cleared:
        laps.sectors_cleared(memory, car, t_ms)


def _sector(memory: Memory, car: CarState, index: int, patch: JsonObject, t_ms: int) -> bool:
    """Merge one sector; True when a later sector was wiped for the lap in progress."""
    sector = car.sectors[index]
    if "PersonalFastest" in patch:
        sector.personal_best = as_bool(patch["PersonalFastest"])
    if "OverallFastest" in patch:
        sector.overall_best = as_bool(patch["OverallFastest"])
    if "Stopped" in patch:
        sector.stopped = as_bool(patch["Stopped"])
    if "Segments" in patch:
        _segments(memory, car, index, patch["Segments"], t_ms)
    if "Value" not in patch:
        return False
    ms = as_duration_ms(patch["Value"])
    if ms is None:
        sector.previous_ms = sector.ms if sector.ms is not None else sector.previous_ms
        was, sector.ms = sector.ms, None
        return index > 0 and was is not None
    sector.ms = ms
    laps.sector_timed(memory, car, index, ms, t_ms)
    return False


def _segments(memory: Memory, car: CarState, sector: int, value: object, t_ms: int) -> None:
    segments = car.sectors[sector].segments
    if is_list(value):
        segments.clear()
    for index, patch in indexed(value):
        if index > 63:
            raise PatchError(f"a sector has no mini-sector {index}")
        while len(segments) <= index:
            segments.append(Segment.NONE)
        members = as_object(patch)
        if "Status" not in members:
            continue
        code = as_int(members["Status"]) or 0
        segments[index] = SEGMENT_BY_CODE.get(code, Segment.OTHER)
        if code:
            ends = (0.0, *memory.sector_ends(), 1.0)
            share = (index + 1) / max(len(segments), index + 1)
            laps.passed(memory.open_lap(car.number), ends[sector] + share * (ends[sector + 1] - ends[sector]), t_ms)


def _speeds(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    for trap, patch in entries(value):
        if trap not in ("I1", "I2", "FL", "ST"):
            raise PatchError(f"no speed trap is called {trap[:20]!r}")
        members, known = as_object(patch), car.traps.get(trap, TrapSpeed())
        car.traps[trap] = TrapSpeed(
            kmh=as_int(members["Value"]) if "Value" in members else known.kmh,
            personal_best=as_bool(members.get("PersonalFastest", known.personal_best)),
            overall_best=as_bool(members.get("OverallFastest", known.overall_best)),
        )


def _number(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    if as_text(value) != car.number:
        raise PatchError(f"the line of car {car.number} says it is car {as_text(value)[:10]}")


_FIELDS: dict[str, Field] = {
    "GapToLeader": _gap_to_leader,
    "IntervalToPositionAhead": _interval,
    "TimeDiffToFastest": _gap,
    "TimeDiffToPositionAhead": _interval_text,
    "Stats": _part_gaps,
    "Line": _line,
    "Position": _position,
    "RacingNumber": _number,
    "InPit": _in_pit,
    "PitOut": _pit_out,
    "Stopped": _stopped,
    "Retired": _retired,
    "KnockedOut": _knocked_out,
    "Cutoff": _cutoff,
    "NumberOfPitStops": _pit_stops,
    "LastLapTime": _last_lap,
    "BestLapTime": _best_lap,
    "BestLapTimes": _best_by_part,
    "Sectors": _sectors,
    "Speeds": _speeds,
}

_UNUSED = {"NumberOfLaps", "ShowPosition", "Status"}
"""Read elsewhere, or of no use to a board: ShowPosition hides a row's number, Status repeats the flags as bits."""
