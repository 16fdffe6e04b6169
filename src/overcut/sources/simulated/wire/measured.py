"""What the timing loops measured: every car's gates, sectors, laps and trap speeds, worked out once for all topics."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from overcut.sources.simulated.log import CarLog, Crossing, SessionLog
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.trajectory import Floats, Trajectory

TRAPS = ("I1", "I2", "FL", "ST")


@dataclass
class Measured:
    """One car as measured.

    Attributes:
        trajectory: its curve. ``in_lane``: (from, to) seconds spent in the pit lane.
        traps: (lap, trap name) to (time, km/h); none in the pit lane.
        lap_s: time of each completed lap by number; ``line_t``: when each was completed, lap 0 is its first start.
    """

    car: CarLog
    trajectory: Trajectory
    in_lane: list[tuple[float, float]]
    traps: dict[tuple[int, str], tuple[float, int]] = field(default_factory=dict[tuple[int, str], tuple[float, int]])
    gate_t: dict[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])

    def start_of(self, lap: int) -> float | None:
        """When a lap began."""
        return next((mark.start_t for mark in self.car.laps if mark.lap == lap), None)


def measure(log: SessionLog, track: Track) -> list[Measured]:
    """Every car, in the order of ``log.cars``."""
    return [_measure(car, log, track) for car in log.cars]


def _measure(car: CarLog, log: SessionLog, track: Track) -> Measured:
    lanes = [(v.entry_t, v.exit_t if v.exit_t is not None else log.end_t) for v in car.visits]
    found = Measured(car, Trajectory.through(car.knots), lanes)
    found.gate_t = {(c.lap, c.node): c.t for c in car.crossings}
    i1, i2, straight = track.circuit.traps
    for name, fraction in (("I1", i1), ("I2", i2), ("FL", 1.0), ("ST", straight)):
        marks = [mark for mark in car.laps if not (mark.out_lap and fraction <= track.circuit.pit_exit)]
        if not marks:
            continue
        tau = np.array([mark.base * track.lap_s + track.tau_at(fraction) for mark in marks])
        when = found.trajectory.when(tau)
        speed = _speed_kmh(found, np.nan_to_num(when), track, fraction)
        for mark, t, kmh in zip(marks, when, speed, strict=True):
            if not np.isnan(t) and kmh >= 1 and not _inside(float(t), lanes):
                found.traps[mark.lap, name] = (float(t), int(kmh))
    return found


def _speed_kmh(car: Measured, times: Floats, track: Track, fraction: float) -> Floats:
    reference = float(np.interp((fraction % 1.0) * track.circuit.length_m, track.distance_m, closed_speed(track)))
    return np.round(car.trajectory.at(times)[1] * reference * 3.6)


def closed_speed(track: Track) -> Floats:
    """The profile's speed, metres a second, closed at the line."""
    return np.append(track.profile.speed_ms, track.profile.speed_ms[0])


def _inside(t: float, intervals: list[tuple[float, float]]) -> bool:
    return any(low <= t <= high for low, high in intervals)


def by_time(cars: list[Measured]) -> list[tuple[int, Crossing]]:
    """All crossings of all cars in the order of time, with the index of the car."""
    merged = [(crossing.t, i, crossing) for i, car in enumerate(cars) for crossing in car.car.crossings]
    merged.sort(key=lambda item: (item[0], item[1], item[2].lap, item[2].node))
    return [(i, crossing) for _, i, crossing in merged]
