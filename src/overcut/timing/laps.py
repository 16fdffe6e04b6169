"""When a lap is complete, and what it consisted of."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from overcut.domain.events import LapAmended, LapCompleted
from overcut.domain.laps import Lap, LapTimeSource
from overcut.domain.state import CarState
from overcut.timing import crossings, deletions, lap_values, tyre_laps
from overcut.timing.accuracy import SECTOR_SUM_TOLERANCE_MS, inaccuracy_of
from overcut.timing.memory import Memory, OpenLap

LATE_MS = 10_000
"""How long after the line a value may still belong to the finished lap (wire.md, trap 2: sectors up to 10 s)."""

BEGINNING_MS = 10_000
"""A count within this time of a lap's beginning tells of the beginning; no lap is so short."""

TRAPS = ("I1", "I2", "FL", "ST")
"""The speed traps in the order of ``OpenLap.speeds``."""

_SPEED_FIELDS = ("speed_i1", "speed_i2", "speed_fl", "speed_st")
_SECTOR_FIELDS = ("s1_ms", "s2_ms", "s3_ms")


# --- what comes while a lap is driven ---------------------------------------------------------------------------------


def sector_timed(memory: Memory, car: CarState, index: int, ms: int, t_ms: int) -> None:
    """A sector time came. The first sector ends the time in which the lap before may be amended."""
    lap = memory.open_lap(car.number)
    if index < 2:
        passed(lap, memory.sector_ends()[index], t_ms)
    if index == 0:
        _settle(memory, car, lap, t_ms)
        if lap.sectors[1] is not None and lap.sectors[2] is not None:
            _skip(memory, lap, t_ms)
        lap.sectors, lap.lap_ms = (
            [ms, None, None],
            None,
        )  # a time before its first sector is of a lap whose end was lost
        return
    if _may_amend(lap, t_ms):
        known = memory.laps[lap.completed or 0]
        if getattr(known, _SECTOR_FIELDS[index]) is None:
            _amend(memory, lap.completed or 0, msgspec.structs.replace(known, **{_SECTOR_FIELDS[index]: ms}), t_ms)
        return
    lap.sectors[index] = ms


def sectors_cleared(memory: Memory, car: CarState, t_ms: int) -> None:
    """Sectors 2 and 3 were wiped with no new first sector: it equals the one before (wire.md, trap 3)."""
    lap = memory.open_lap(car.number)
    first = car.sectors[0].ms
    if lap.sectors[0] is None and lap.completed is not None and first is not None:
        sector_timed(memory, car, 0, first, t_ms)


def passed(lap: OpenLap, fraction: float, t_ms: int) -> None:
    """The car was seen at ``fraction`` of its lap; earlier points told again (a recoloured mini-sector) are no news."""
    if fraction > lap.anchor_fraction:
        lap.anchor_fraction, lap.anchor_t_ms = fraction, t_ms


def speed_timed(memory: Memory, car: CarState, trap: str, kmh: int, t_ms: int) -> None:
    """A trap measured the car. What comes between the line and the first sector may still be the finished lap's.

    Not so the speed trap where it stands just behind the line (wire.md, trap 2: it may come early; Monza, Barcelona,
    Budapest, Mexico City): there it is the new lap's. Which it is shows in whether it comes before first sectors.
    """
    index, lap = TRAPS.index(trap), memory.open_lap(car.number)
    of_finished = index > 0 and _may_amend(lap, t_ms)
    if trap == "ST":
        of_finished = of_finished and memory.early_traps < 0
        if not lap.joined:  # a snapshot does not tell when
            memory.early_traps += 1 if lap.sectors[0] is None else -1
    if of_finished:
        known = memory.laps[lap.completed or 0]
        if getattr(known, _SPEED_FIELDS[index]) is None:
            _amend(memory, lap.completed or 0, msgspec.structs.replace(known, **{_SPEED_FIELDS[index]: kmh}), t_ms)
            return
    lap.speeds[index] = kmh


def lap_timed(memory: Memory, car: CarState, ms: int, t_ms: int) -> None:
    """A lap time came, with the line crossing or a little later."""
    lap = memory.open_lap(car.number)
    if _may_amend(lap, t_ms):
        index = lap.completed or 0
        known = memory.laps[index]
        if known.lap_ms is None and known.lap > 1:
            end_t_ms = _end_by_time(memory, known, ms, t_ms)
            now = msgspec.structs.replace(
                known,
                lap_ms=ms,
                lap_time_source=LapTimeSource.FEED,
                personal_best=lap_values.is_personal_best(car),
                end_t_ms=end_t_ms,
            )
            lap.last_lap_ms = ms
            _amend(memory, index, now, t_ms)
            if end_t_ms != known.end_t_ms and memory.is_race:
                _rank_again(memory, known.lap, car.number, end_t_ms, t_ms)
            return
    lap.lap_ms = ms


def _end_by_time(memory: Memory, lap: Lap, ms: int, t_ms: int) -> int:
    """When a lap ended whose time comes only now; an in-lap told of at the pit entry ends at the line, in the pits."""
    if lap.pit_in and not memory.is_race:
        return lap.end_t_ms if lap.start_t_ms is None else max(lap.end_t_ms, min(t_ms, lap.start_t_ms + ms))
    return crossings.lap_time_came(memory, lap.number, ms, lap.end_t_ms, t_ms)


def gap_told(memory: Memory, car: CarState, t_ms: int) -> None:
    """A gap to the leader came. At the line it is exact, and says when the car truly crossed (``crossings``)."""
    memory.gap_t_ms[car.number] = t_ms
    lap = memory.open_laps.get(car.number)
    if lap is None or lap.completed is None or t_ms - (lap.begun_t_ms or 0) > crossings.AT_THE_LINE_MS:
        return
    known = memory.laps[lap.completed]
    end_t_ms = crossings.gap_came(memory, car, known.lap)
    if end_t_ms is not None and end_t_ms != known.end_t_ms:
        _amend(memory, lap.completed, msgspec.structs.replace(known, end_t_ms=end_t_ms), t_ms)
        _rank_again(memory, known.lap, car.number, end_t_ms, t_ms)


# --- where laps begin and end -----------------------------------------------------------------------------------------


def laps_counted(memory: Memory, car: CarState, count: int, t_ms: int) -> None:
    """The feed's lap counter changed. A step back (wire.md, trap 4) is believed but completes nothing.

    Races count laps completed. Timed sessions count laps begun: the counter moves as a car leaves the pits and whenever
    it passes the line, not as it comes in; so the first count completes nothing (wire.md, trap 5), and ``BestLapTime``
    numbers laps as we do.
    """
    was, car.laps = car.laps, count
    if count <= was:
        return
    lap = memory.open_lap(car.number)
    if memory.is_race:
        seen = lap.anchor_t_ms is not None and lap.anchor_t_ms < t_ms
        if was or count == 1 or seen:  # else we have joined midway: the lap before was not seen
            _complete(memory, car, count, t_ms)
    elif lap.begun_t_ms is not None:
        if t_ms - lap.begun_t_ms <= BEGINNING_MS and not lap.joined:
            _note_out_lap(memory, car, count)  # it has just left the pits
            return
        _complete(memory, car, count - 1, t_ms)
    elif car.in_pit:  # pushed over the line in the pit lane (2019 Italy qualifying, car 77), or about to leave
        lap.anchor_t_ms = t_ms
        return
    _begin(memory, car, t_ms)


def joined(memory: Memory, car: CarState, count: int, t_ms: int, *, in_pit: bool) -> None:
    """We see the car for the first time, or again after more than one lap: it has driven laps that we did not see.

    They are not reported; of the lap in progress the beginning is not known.
    """
    car.laps = count
    crossings.chain_broken(memory, car.number)
    memory.open_laps[car.number] = OpenLap(digits=memory.digit, joined=True)
    if not memory.is_race and not in_pit:
        _begin(memory, car, t_ms)


def is_out(memory: Memory, car: CarState) -> bool:
    """Whether, in a timed session, the car is on a lap: it was seen on track since it was last in the pits."""
    return not memory.is_race and memory.open_lap(car.number).begun_t_ms is not None


def left_pits(memory: Memory, car: CarState, t_ms: int) -> None:
    """A car left the pits: in a timed session a lap begins."""
    lap = memory.open_lap(car.number)
    counted = False
    if not memory.is_race:
        counted = lap.begun_t_ms is not None or t_ms - (lap.anchor_t_ms or -BEGINNING_MS) <= BEGINNING_MS
        if lap.begun_t_ms is None:
            _begin(memory, car, t_ms)
    if not lap.pit_out:
        lap.pit_out, lap.pit_out_t_ms = True, t_ms
    _note_out_lap(memory, car, car.laps if counted else car.laps + 1)


def _note_out_lap(memory: Memory, car: CarState, number: int) -> None:
    known = memory.out_laps.setdefault(car.number, [])
    if not known or known[-1] < number:
        known.append(number)


def entered_pits(memory: Memory, car: CarState, t_ms: int) -> None:
    """A car came into the pits: in a timed session its lap ends there, and the values of its last sector follow.

    In a race the lap ends at the line, in the pit lane.
    """
    lap = memory.open_lap(car.number)
    if memory.is_race:
        lap.pit_in, lap.pit_in_t_ms = True, t_ms
    elif lap.begun_t_ms is not None:
        lap.pit_in, lap.pit_in_t_ms = True, t_ms
        _complete(memory, car, car.laps, t_ms)
        crossings.chain_broken(memory, car.number)


def race_begun(memory: Memory, t_ms: int) -> None:
    """The lights went out: what cars did on their way to the grid is no part of lap 1 (wire.md, trap 5)."""
    for number, car in memory.state.cars.items():
        if not car.laps:
            memory.open_laps[number] = OpenLap(digits=memory.digit, begun_t_ms=t_ms, anchor_t_ms=t_ms)
            memory.out_laps.pop(number, None)


def _begin(memory: Memory, car: CarState, t_ms: int) -> None:
    """The next lap begins now: at the line, or after a stay in the pits, whose flags are none of it."""
    lap = memory.open_lap(car.number)
    if lap.begun_t_ms is None:
        lap.digits = memory.digit
    lap.begun_t_ms = lap.anchor_t_ms = t_ms
    lap.anchor_fraction = 0.0


def _complete(memory: Memory, car: CarState, number: int, t_ms: int) -> None:
    """A lap ends; the next may begin at once, or when the car leaves the pits."""
    lap = memory.open_lap(car.number)
    _settle(memory, car, lap, t_ms)
    _recover(memory, car, lap, number, t_ms)
    if lap.speeds[0] is None and lap.sectors[0] is not None and "I1" in car.traps:
        lap.speeds[0] = car.traps["I1"].kmh  # not wiped between laps as the others are: unsent means equal (trap 3)
    end_t_ms = crossings.crossed(memory, car, number, lap.lap_ms, t_ms)
    following = memory.open_laps[car.number] = OpenLap(digits=memory.digit, last_lap_ms=lap.lap_ms or lap.last_lap_ms)
    if number < 1 or number in memory.lap_index.get(car.number, ()):
        return  # counted again after a step back
    done = lap_values.lap_of(memory, car, lap, number, end_t_ms)
    following.completed, following.amend_until_ms = len(memory.laps), t_ms + LATE_MS
    _append(memory, car, done, t_ms)


def _append(memory: Memory, car: CarState, done: Lap, t_ms: int) -> None:
    """A completed lap, with all that other topics say of it."""
    overtaken: list[str] = []
    if memory.is_race:
        position, overtaken = crossings.ranked(memory, done.lap, car.number, done.end_t_ms)
        done = msgspec.structs.replace(done, position=position)
    done = _judged(memory, tyre_laps.shod(car, done))
    memory.lap_index.setdefault(car.number, {})[done.lap] = len(memory.laps)
    memory.laps.append(done)
    _note_reference(memory, done)
    memory.emit(LapCompleted(n=memory.number_of_next_event(), t_ms=t_ms, lap=done))
    for other in overtaken:  # told before, though they crossed the line later
        index = memory.lap_index[other][done.lap]
        known = memory.laps[index]
        _amend(memory, index, msgspec.structs.replace(known, position=(known.position or 0) + 1), t_ms)


# --- laps whose end was not told --------------------------------------------------------------------------------------


def _skip(memory: Memory, lap: OpenLap, t_ms: int) -> None:
    """A first sector came though the lap in progress has all three: its end was not told. Keep it for the count."""
    kept = msgspec.structs.replace(lap, sectors=list(lap.sectors), speeds=list(lap.speeds), skipped=None)
    lap.skipped, lap.skipped_t_ms = kept, t_ms
    trap = lap.speeds[3] if memory.early_traps > 0 else None  # measured just behind the line: the lap in progress
    kept.speeds[3] = None if trap is not None else kept.speeds[3]
    lap.speeds = [None, None, None, trap]
    lap.lap_ms = lap.pit_in_t_ms = lap.pit_out_t_ms = None
    lap.pit_in = lap.pit_out = False
    lap.digits = memory.digit


def _recover(memory: Memory, car: CarState, lap: OpenLap, number: int, t_ms: int) -> None:
    """The counter went up by two: the lap between is what `_skip` kept, if it did."""
    kept, missed = lap.skipped, number - 1
    known = memory.lap_index.get(car.number, {})
    if kept is None or missed in known or (missed - 1 not in known and missed > 1):
        return
    crossings.chain_broken(memory, car.number)
    end_t_ms = lap.skipped_t_ms - (lap.sectors[0] or 0)
    _append(memory, car, lap_values.lap_of(memory, car, kept, missed, end_t_ms), t_ms)


# --- what other topics say of laps already completed ------------------------------------------------------------------


def tyres_changed(memory: Memory, car: CarState, t_ms: int) -> None:
    """The feed told the tyres anew: every lap of the car that was driven on another set than we said is amended."""
    for index in memory.lap_index.get(car.number, {}).values():
        known = memory.laps[index]
        now = tyre_laps.shod(car, known)
        if now != known:
            _amend(memory, index, now, t_ms)


def race_control_said(memory: Memory, text: str, t_ms: int) -> None:
    """Race control may have deleted or reinstated a lap time (wire.md, trap 8)."""
    _judge_again(memory, deletions.heard(memory, text), t_ms)


def _judge_again(memory: Memory, indexes: Iterable[int], t_ms: int) -> None:
    for index in indexes:
        known = memory.laps[index]
        if _judged(memory, known) != known:
            _amend(memory, index, known, t_ms)


def track_digit_changed(memory: Memory, digit: str) -> None:
    """Every lap in progress has now seen this track status too."""
    memory.digit = digit
    for lap in memory.open_laps.values():
        if not lap.digits.endswith(digit):
            lap.digits += digit


# --- amendments -------------------------------------------------------------------------------------------------------


def _judged(memory: Memory, lap: Lap) -> Lap:
    """``lap`` with what follows from its other values: whether it counts, and whether it is accurate."""
    reason = deletions.reason_of(memory, lap) if memory.deletions else None
    inaccuracy = inaccuracy_of(lap, is_race=memory.is_race)
    if (
        (reason is not None) is lap.deleted
        and inaccuracy is lap.accuracy_reason
        and (reason or "") == lap.deleted_reason
    ):
        return lap
    return msgspec.structs.replace(
        lap, deleted=reason is not None, deleted_reason=reason or "", accuracy_reason=inaccuracy
    )


def _note_reference(memory: Memory, lap: Lap) -> None:
    """Keep the sector times of the fastest lap so far."""
    sectors = [ms for ms in (lap.s1_ms, lap.s2_ms, lap.s3_ms) if ms]
    known = sum(memory.reference_ms)
    if len(sectors) == 3 and not (lap.pit_in or lap.pit_out) and (not known or sum(sectors) < known):
        memory.reference_ms = sectors


def _may_amend(lap: OpenLap, t_ms: int) -> bool:
    if lap.completed is None or lap.sectors[0] is not None:
        return False
    # a car in the pits has no lap of its own yet: in 2024 Spain qualifying some passed the line a minute later
    return lap.begun_t_ms is None or t_ms <= lap.amend_until_ms


def _settle(memory: Memory, car: CarState, lap: OpenLap, t_ms: int) -> None:
    """The next lap is under way: a lap time that never came equals the one before it, if the sectors agree (trap 3),
    and is else their sum. Its colour may have come after it (2023 Azerbaijan sprint, car 11, lap 11: 0.1 s).
    """
    if lap.completed is None or lap.sectors[0] is not None:
        return
    index, lap.completed = lap.completed, None
    known = memory.laps[index]
    coloured = lap_values.is_personal_best(car)
    if car.last_lap is not None and known.lap_ms == car.last_lap.ms is not None and known.personal_best != coloured:
        known = msgspec.structs.replace(known, personal_best=coloured)
        _amend(memory, index, known, t_ms)
    sectors = (known.s1_ms, known.s2_ms, known.s3_ms)
    if known.lap_ms is not None or known.lap <= 1 or known.pit_in or None in sectors:
        return
    total = sum(ms for ms in sectors if ms is not None)
    repeated = lap.last_lap_ms is not None and abs(total - lap.last_lap_ms) <= SECTOR_SUM_TOLERANCE_MS
    lap_ms = (lap.last_lap_ms or 0) if repeated else total
    source = LapTimeSource.REPEATED if repeated else LapTimeSource.SECTOR_SUM
    lap.last_lap_ms = lap_ms
    _amend(memory, index, msgspec.structs.replace(known, lap_ms=lap_ms, lap_time_source=source), t_ms)


def _amend(memory: Memory, index: int, now: Lap, t_ms: int) -> None:
    now = _judged(memory, msgspec.structs.replace(now, amended_t_ms=t_ms))
    memory.laps[index] = now
    memory.emit(LapAmended(n=memory.number_of_next_event(), t_ms=t_ms, lap=now))


def _rank_again(memory: Memory, lap: int, number: str, end_t_ms: int, t_ms: int) -> None:
    """A crossing turned out to have been earlier: the positions of that lap follow."""
    for other, position in crossings.reranked(memory, lap, number, end_t_ms):
        index = memory.lap_index[other][lap]
        known = memory.laps[index]
        if known.position != position:
            _amend(memory, index, msgspec.structs.replace(known, position=position), t_ms)
