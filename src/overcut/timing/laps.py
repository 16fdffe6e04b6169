"""When a lap is complete, and what it consisted of."""

from __future__ import annotations

import msgspec

from overcut.domain.events import LapAmended, LapCompleted
from overcut.domain.laps import Lap
from overcut.domain.state import CarState
from overcut.timing.memory import Memory, OpenLap

LATE_MS = 10_000
"""How long after the line a value may still belong to the finished lap (wire.md, trap 2: sectors up to 10 s)."""

BEGINNING_MS = 10_000
"""A count within this time of a lap's beginning tells of the beginning; no lap is so short."""

SECTOR_SUM_TOLERANCE_MS = 3
"""Sector times are rounded one by one: three of them may differ from the lap time by this much."""


def sector_timed(memory: Memory, car: CarState, index: int, ms: int, t_ms: int) -> None:
    """A sector time came. The first sector ends the time in which the lap before may be amended."""
    lap = memory.open_lap(car.number)
    if index < 2:
        passed(lap, memory.sector_ends()[index], t_ms)
    if index == 0:
        _settle(memory, lap, t_ms)
        lap.sectors = [ms, None, None]
        return
    if _may_amend(lap, t_ms):
        known = memory.laps[lap.completed or 0]
        if index == 1 and known.s2_ms is None:
            _amend(memory, lap, msgspec.structs.replace(known, s2_ms=ms), t_ms)
        elif index == 2 and known.s3_ms is None:
            _amend(memory, lap, msgspec.structs.replace(known, s3_ms=ms), t_ms)
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


def lap_timed(memory: Memory, car: CarState, ms: int, t_ms: int) -> None:
    """A lap time came, with the line crossing or a little later."""
    lap = memory.open_lap(car.number)
    if _may_amend(lap, t_ms):
        known = memory.laps[lap.completed or 0]
        if known.lap_ms is None and known.lap > 1:
            personal_best = car.last_lap is not None and car.last_lap.personal_best
            _amend(memory, lap, msgspec.structs.replace(known, lap_ms=ms, personal_best=personal_best), t_ms)
            return
    lap.lap_ms = ms


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
        if t_ms - lap.begun_t_ms <= BEGINNING_MS:
            return  # it has just left the pits
        _complete(memory, car, count - 1, t_ms)
    _begin(memory, car, t_ms)


def left_pits(memory: Memory, car: CarState, t_ms: int) -> None:
    """A car left the pits: in a timed session a lap begins."""
    if not memory.is_race and memory.open_lap(car.number).begun_t_ms is None:
        _begin(memory, car, t_ms)
    memory.open_lap(car.number).pit_out = True


def entered_pits(memory: Memory, car: CarState, t_ms: int) -> None:
    """A car came into the pits: in a timed session its lap ends there, and the values of its last sector follow.

    In a race the lap ends at the line, in the pit lane.
    """
    lap = memory.open_lap(car.number)
    if memory.is_race:
        lap.pit_in = True
    elif lap.begun_t_ms is not None:
        lap.pit_in = True
        _complete(memory, car, car.laps, t_ms)


def race_begun(memory: Memory, t_ms: int) -> None:
    """The lights went out: what cars did on their way to the grid is no part of lap 1 (wire.md, trap 5)."""
    for number, car in memory.state.cars.items():
        if not car.laps:
            memory.open_laps[number] = OpenLap(digits=memory.digit, begun_t_ms=t_ms, anchor_t_ms=t_ms)


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
    _settle(memory, lap, t_ms)
    memory.open_laps[car.number] = OpenLap(digits=memory.digit, last_lap_ms=lap.lap_ms or lap.last_lap_ms)
    if number < 1 or any(done.number == car.number and done.lap == number for done in memory.laps):
        return  # counted again after a step back
    stint = car.stints[-1] if car.stints else None
    done = Lap(
        number=car.number,
        lap=number,
        end_t_ms=t_ms,
        lap_ms=lap.lap_ms,
        s1_ms=lap.sectors[0],
        s2_ms=lap.sectors[1],
        s3_ms=lap.sectors[2],
        position=car.position,
        stint=max(1, len(car.stints)),
        pit_in=lap.pit_in,
        pit_out=lap.pit_out,
        track_status=lap.digits or memory.digit,
        personal_best=lap.lap_ms is not None and car.last_lap is not None and car.last_lap.personal_best,
        part=memory.state.part,
    )
    if stint is not None:
        done = msgspec.structs.replace(done, compound=stint.compound, age_laps=stint.age_laps)
    following = memory.open_lap(car.number)
    following.completed, following.amend_until_ms = len(memory.laps), t_ms + LATE_MS
    memory.laps.append(done)
    _note_reference(memory, done)
    memory.emit(LapCompleted(n=memory.number_of_next_event(), t_ms=t_ms, lap=done))


def tyres_changed(memory: Memory, car: CarState, t_ms: int) -> None:
    """The feed told the tyres anew. The lap just completed takes the age, which comes seconds after the line."""
    lap = memory.open_lap(car.number)
    if not car.stints or not _may_amend(lap, t_ms):
        return
    known = memory.laps[lap.completed or 0]
    if known.stint != len(car.stints):
        return
    stint = car.stints[-1]
    now = msgspec.structs.replace(known, compound=stint.compound, age_laps=stint.age_laps)
    if now != known:
        _amend(memory, lap, now, t_ms)


def track_digit_changed(memory: Memory, digit: str) -> None:
    """Every lap in progress has now seen this track status too."""
    memory.digit = digit
    for lap in memory.open_laps.values():
        if not lap.digits.endswith(digit):
            lap.digits += digit


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


def _settle(memory: Memory, lap: OpenLap, t_ms: int) -> None:
    """The next lap is under way: a lap time that never came equals the one before it, if the sectors agree (trap 3)."""
    if lap.completed is None or lap.sectors[0] is not None:
        return
    known = memory.laps[lap.completed]
    sectors = [known.s1_ms, known.s2_ms, known.s3_ms]
    if known.lap_ms is None and known.lap > 1 and lap.last_lap_ms is not None and None not in sectors:
        total = sum(ms for ms in sectors if ms is not None)
        if abs(total - lap.last_lap_ms) <= SECTOR_SUM_TOLERANCE_MS:
            _amend(memory, lap, msgspec.structs.replace(known, lap_ms=lap.last_lap_ms), t_ms)
    lap.completed = None


def _amend(memory: Memory, lap: OpenLap, now: Lap, t_ms: int) -> None:
    memory.laps[lap.completed or 0] = now
    lap.last_lap_ms = now.lap_ms or lap.last_lap_ms
    memory.emit(LapAmended(n=memory.number_of_next_event(), t_ms=t_ms, lap=now))
