"""Where a car stands in its session, in one word."""

from __future__ import annotations

from overcut.domain.flags import CarStatus, SessionStatus
from overcut.domain.state import CarState
from overcut.timing.memory import Memory

_BEFORE = (SessionStatus.UNKNOWN, SessionStatus.INACTIVE)
_OVER = (SessionStatus.FINALISED, SessionStatus.ENDS)

_CALLED_LATE_MS = 1_000
"""The session's end is called as the leader takes the flag, at times up to 0.15 s after he did."""


def car_status(memory: Memory, car: CarState) -> CarStatus:
    """The status of ``car``, from the feed's flags and the session's.

    A car that took the flag stays FINISHED whatever it does next. A stopped car may come back (wire.md, trap 11): it is
    STOPPED until the race is finalised, and RETIRED only when the feed says so or the race is over. A car that neither
    stopped nor retired has FINISHED when the race is over, though no flag fell (2021 Belgium: ended under a red one).
    """
    if memory.is_race and _took_the_flag(memory, car):
        return CarStatus.FINISHED
    over = memory.is_race and memory.state.status in _OVER
    if car.retired or (car.stopped and over):
        return CarStatus.RETIRED
    if over and car.laps:
        return CarStatus.FINISHED
    towed_in = car.stopped and car.in_pit  # 2023 Azerbaijan qualifying, car 44: in the pits, not on track
    if car.knocked_out or (car.stopped and not towed_in):
        return CarStatus.KNOCKED_OUT if car.knocked_out else CarStatus.STOPPED
    if memory.is_race and memory.state.status in _BEFORE and not car.laps:
        return CarStatus.GRID
    running = CarStatus.OUT if car.pit_out else CarStatus.TRACK
    return CarStatus.PIT if car.in_pit else running


def _took_the_flag(memory: Memory, car: CarState) -> bool:
    """Whether the car crossed the line as the race ended, by the lap count or after the session's end was called."""
    distance = memory.state.lap.total if memory.state.lap else 0
    if distance and car.laps >= distance:
        return True
    lap = memory.open_laps.get(car.number)
    crossed = lap.begun_t_ms if lap else None
    if memory.finished_t_ms is None or crossed is None:
        return False
    leading = car.laps == max(other.laps for other in memory.state.cars.values())
    return crossed >= memory.finished_t_ms - (_CALLED_LATE_MS if leading else 0)
