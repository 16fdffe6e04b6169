"""What a lap in progress amounts to when it ends."""

from __future__ import annotations

from overcut.domain.laps import Lap, LapTimeSource
from overcut.domain.state import CarState
from overcut.timing.memory import Memory, OpenLap


def lap_of(memory: Memory, car: CarState, lap: OpenLap, number: int, end_t_ms: int) -> Lap:
    """The lap in progress as a completed one."""
    return Lap(
        number=car.number,
        lap=number,
        start_t_ms=end_of(memory, car.number, number - 1, None if lap.joined else lap.begun_t_ms),
        end_t_ms=end_t_ms,
        lap_ms=lap.lap_ms,
        lap_time_source=LapTimeSource.FEED if lap.lap_ms is not None else LapTimeSource.NONE,
        s1_ms=lap.sectors[0],
        s2_ms=lap.sectors[1],
        s3_ms=lap.sectors[2],
        position=car.position,
        pit_in=lap.pit_in,
        pit_out=lap.pit_out,
        pit_in_t_ms=lap.pit_in_t_ms,
        pit_out_t_ms=lap.pit_out_t_ms,
        speed_i1=lap.speeds[0],
        speed_i2=lap.speeds[1],
        speed_fl=lap.speeds[2],
        speed_st=lap.speeds[3],
        track_status=lap.digits or memory.digit,
        personal_best=lap.lap_ms is not None and is_personal_best(car),
        part=memory.state.part,
    )


def end_of(memory: Memory, number: str, lap: int, begun_t_ms: int | None) -> int | None:
    """When the lap before ended, where this one began there; else when it was seen to begin."""
    index = memory.lap_index.get(number, {}).get(lap)
    before = memory.laps[index] if index is not None else None
    if before is None or (before.pit_in and not memory.is_race):
        return begun_t_ms
    return before.end_t_ms


def is_personal_best(car: CarState) -> bool:
    """Whether the feed colours the car's last lap as its best."""
    return car.last_lap is not None and car.last_lap.personal_best
