"""Where a car stands in its session, in one word."""

from __future__ import annotations

from overcut.domain.flags import CarStatus, SessionStatus
from overcut.domain.state import CarState
from overcut.timing.memory import Memory

_BEFORE = (SessionStatus.UNKNOWN, SessionStatus.INACTIVE)
_OVER = (SessionStatus.FINALISED, SessionStatus.ENDS)


def car_status(memory: Memory, car: CarState) -> CarStatus:
    """The status of ``car``, from the feed's flags and the session's.

    A car that took the flag stays FINISHED whatever it does next. A stopped car may come back (wire.md, trap 11): it is
    STOPPED until the race is finalised, and RETIRED only when the feed says so or the race is over.
    """
    if memory.is_race and _took_the_flag(memory, car):
        return CarStatus.FINISHED
    over = memory.is_race and memory.state.status in _OVER
    if car.retired or (car.stopped and over):
        return CarStatus.RETIRED
    towed_in = car.stopped and car.in_pit  # 2023 Azerbaijan qualifying, car 44: in the pits, not on track
    if car.knocked_out or (car.stopped and not towed_in):
        return CarStatus.KNOCKED_OUT if car.knocked_out else CarStatus.STOPPED
    if memory.is_race and memory.state.status in _BEFORE and not car.laps:
        return CarStatus.GRID
    if car.in_pit:
        return CarStatus.PIT
    return CarStatus.OUT if car.pit_out else CarStatus.TRACK


def _took_the_flag(memory: Memory, car: CarState) -> bool:
    """Whether the car crossed the line as the race ended, by the lap count or after the session's end was called."""
    distance = memory.state.lap.total if memory.state.lap else 0
    if distance and car.laps >= distance:
        return True
    lap = memory.open_laps.get(car.number)
    crossed = lap.begun_t_ms if lap else None
    return memory.finished_t_ms is not None and crossed is not None and crossed >= memory.finished_t_ms
