"""What `TimingData` says of each car: order, gaps, laps, sectors, mini-sectors, speeds, pits."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import msgspec

from overcut.domain.events import (
    CarStopped,
    DriverRetired,
    PositionChanged,
)
from overcut.domain.flags import SEGMENT_BY_CODE, Segment, SessionStatus
from overcut.domain.state import CarState, TimedLap, TrapSpeed
from overcut.timing import keyframes, laps, pit_lane
from overcut.timing.memory import Memory
from overcut.timing.telemetry.wire import MAX_CARS
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

Field = Callable[[Memory, CarState, object, int], None]


class Message(msgspec.Struct, gc=False):
    """A message of the usual shape: cars' lines, each an object of fields."""

    lines: dict[str, dict[str, object]] = msgspec.field(name="Lines", default_factory=dict[str, dict[str, object]])
    part: int | None = msgspec.field(name="SessionPart", default=None)


_decode = msgspec.json.Decoder(Message).decode
_decode_any = msgspec.json.Decoder().decode


def decode(payload: bytes) -> object:
    """A `Message`, or where the shape is another (the feed's own marks among the lines) the document as it is."""
    try:
        return _decode(payload)
    except msgspec.ValidationError:
        return _decode_any(payload)


def apply(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """Merge one message, as ``decode`` gave it, into the cars it names."""
    if isinstance(doc, Message):
        part, lines = doc.part, doc.lines
    else:
        part, lines = _odd_message(memory, t_ms, as_object(doc), topic)
    if part is not None:
        memory.state.part = part
    cars = memory.state.cars
    for number, line in lines.items():
        car = cars.get(number)
        if car is None:
            if not names_a_car(memory, number):
                memory.defect("a line that is no car's", topic, t_ms, number)
                continue
            car = memory.car(number)
        if isinstance(line.get("Sectors"), list):
            for step in keyframes.as_patches(memory, car, line, t_ms):
                _apply_line(memory, car, step, t_ms, topic)
        else:
            _apply_line(memory, car, line, t_ms, topic)


def _odd_message(
    memory: Memory, t_ms: int, message: JsonObject, topic: str
) -> tuple[int | None, dict[str, JsonObject]]:
    """Part and lines of a message with marks or damage among its lines: those that can be read."""
    part = as_int(message.get("SessionPart"))
    lines: dict[str, JsonObject] = {}
    if message.get("Lines") is not None:
        for number in deleted_keys(as_object(message["Lines"])):
            memory.state.cars.pop(number, None)
        for number, patch in entries(message["Lines"]):
            try:
                lines[number] = as_object(patch)
            except PatchError as error:
                memory.defect("an unreadable line", topic, t_ms, f"car {number}: {error}")
    return part, lines


def names_a_car(memory: Memory, text: str) -> bool:
    """Whether a key of ``Lines`` is a racing number (one to three digits): one that is known, or has room yet."""
    if text in memory.state.cars:
        return True
    return text.isascii() and text.isdecimal() and len(text) <= 3 and len(memory.state.cars) < MAX_CARS


def _apply_line(memory: Memory, car: CarState, patch: JsonObject, t_ms: int, topic: str) -> None:
    counted = False
    for name, value in patch.items():
        field = _FIELDS.get(name)
        if field is None:
            if name == "NumberOfLaps":
                counted = True
            elif name not in _UNUSED and not name.startswith("_"):
                memory.defect("a field nobody knows", topic, t_ms, name)
            continue
        try:
            field(memory, car, value, t_ms)
        except PatchError as error:
            memory.defect(f"an unreadable {name}", topic, t_ms, f"car {car.number}: {error}")
    if counted:  # last, so that the lap has all that came with it
        try:
            count = as_int(patch["NumberOfLaps"])
        except PatchError as error:
            memory.defect("an unreadable NumberOfLaps", topic, t_ms, f"car {car.number}: {error}")
        else:
            laps.laps_counted(memory, car, count or 0, t_ms)


def _line(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.line = as_int(value) or 0


def _position(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    place_car(memory, car, as_int(value), t_ms)


def place_car(memory: Memory, car: CarState, now: int | None, t_ms: int) -> None:
    """A car's position was told."""
    was, car.position = car.position, now
    if was is not None and now is not None and was != now and memory.state.status is SessionStatus.STARTED:
        memory.emit(PositionChanged(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number, was=was, now=now))


def _gap_to_leader(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    """The gap of a lapped car is told once and stays (wire.md, trap 12), while its interval moves on."""
    memory.gaps_on_track = True
    car.gap = as_gap(value)
    laps.gap_told(memory, car, t_ms)


def _gap(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    car.gap = as_gap(value)


def _interval(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    for name, member in as_object(value).items():
        if name == "Value":
            car.interval = as_gap(member)
        elif name == "Catching":
            car.catching = as_bool(member)


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
    pit_lane.in_pit_told(memory, car, as_bool(value), t_ms)


def _pit_out(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    pit_lane.pit_out_told(memory, car, as_bool(value), t_ms)


def _stopped(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    was, car.stopped = car.stopped, as_bool(value)
    if car.stopped and not was:
        memory.emit(CarStopped(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number))


def _retired(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    retire_car(memory, car, as_bool(value), t_ms)


def retire_car(memory: Memory, car: CarState, now: bool, t_ms: int) -> None:
    """It was told whether a car is out of the race (wire.md, trap 11: it may come back)."""
    was, car.retired = car.retired, now
    if now and not was:
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
    """The best lap of the part; between parts it is wiped (wire.md, trap 9), and ``best_by_part`` keeps each one's."""
    known = _timed(car.best_lap, as_object(value))
    best = car.best_lap is not None and car.best_lap.overall_best
    car.best_lap = None if known.ms is None else TimedLap(known.ms, known.lap, personal_best=True, overall_best=best)
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
            car.best_lap = TimedLap(best.ms, best.lap, personal_best=True, overall_best=car is fastest)


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
    cleared = False
    for index, patch in indexed(value):
        if index > 2:
            raise PatchError(f"a lap has three sectors, not {index + 1}")
        cleared |= _sector(memory, car, index, as_object(patch), t_ms)
    if cleared:
        laps.sectors_cleared(memory, car, t_ms)


def _sector(memory: Memory, car: CarState, index: int, patch: JsonObject, t_ms: int) -> bool:
    """Merge one sector; True when a later sector was wiped for the lap in progress."""
    sector, cleared = car.sectors[index], False
    for name, value in patch.items():
        if name == "Segments":
            _segments(memory, car, index, value, t_ms)
        elif name == "Value":
            ms = as_duration_ms(value)
            if ms is not None:
                if index == 0 and car.in_pit:
                    pit_lane.timed_in_the_pits(memory, car, t_ms)
                sector.ms = ms
                laps.sector_timed(memory, car, index, ms, t_ms)
            elif sector.ms is not None:
                sector.previous_ms, sector.ms = sector.ms, None
                cleared = index > 0
        elif name == "PersonalFastest":
            sector.personal_best = as_bool(value)
        elif name == "OverallFastest":
            sector.overall_best = as_bool(value)
        elif name == "Stopped":
            sector.stopped = as_bool(value)
    return cleared


def _segments(memory: Memory, car: CarState, sector: int, value: object, t_ms: int) -> None:
    """Merge mini-sectors; the furthest one passed says where the car is."""
    segments, furthest = car.sectors[sector].segments, -1
    if is_list(value):
        segments.clear()
    for index, patch in indexed(value):
        if index > 63:
            raise PatchError(f"a sector has no mini-sector {index}")
        while len(segments) <= index:
            segments.append(Segment.NONE)
        members = as_object(patch)
        if "Status" in members:
            code = as_int(members["Status"]) or 0
            segments[index] = SEGMENT_BY_CODE.get(code, Segment.OTHER)
            if code:
                furthest = index
    if furthest >= 0:
        ends = (0.0, *memory.sector_ends(), 1.0)
        share = (furthest + 1) / len(segments)
        laps.passed(memory.open_lap(car.number), ends[sector] + share * (ends[sector + 1] - ends[sector]), t_ms)


def _speeds(memory: Memory, car: CarState, value: object, t_ms: int) -> None:
    for trap, patch in entries(value):
        known = car.traps.get(trap)
        if known is None:
            if trap not in laps.TRAPS:
                raise PatchError(f"no speed trap is called {trap[:20]!r}")
            known = TrapSpeed()
        kmh, told, personal, overall = known.kmh, False, known.personal_best, known.overall_best
        for name, member in as_object(patch).items():
            if name == "Value":
                kmh, told = as_int(member), True
            elif name == "PersonalFastest":
                personal = as_bool(member)
            elif name == "OverallFastest":
                overall = as_bool(member)
        car.traps[trap] = TrapSpeed(kmh, personal, overall)
        if told and kmh is not None:
            laps.speed_timed(memory, car, trap, kmh, t_ms)


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
