"""What many simulated races of one scenario came to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model.plan import Scenario


@dataclass(frozen=True)
class Outcome:
    """One scenario's races. R races, C cars in the order of `Race.cars`, L laps from the first simulated one on.

    Attributes:
        scenario: what was simulated.
        drivers: driver numbers, C.
        first_lap: number of the first simulated lap, so that row i of the fan is the end of lap ``first_lap + i``.
        position: uint8 (R, C), 1-based, retired cars last in the order of their distance.
        time_s: float32 (R, C), from the start of the simulation to the flag, over the full distance; NaN if retired.
        retired: bool (R, C).
        stops: uint8 (R, C), stops within the simulation.
        fan: int32 (L, C, C): in how many races the car had place p+1 at the end of the lap; retired cars stay last.
        neutral_laps: uint8 (R,), laps under SC, VSC or red.
        mean_behind_s: float32 (L, C), mean gap to the leader of the races in which the car still ran.
        mean_lap_s: float32 (L, C), mean lap time of the same.
        traces: int32 (K, L, C) of the first K races where asked for: ms since the start of the simulation at the line.
        trace_stops: int8 (K, L, C): 0, or 1 + index of the compound fitted at the end of the lap.
        seed: the seed; race r of two outcomes with one seed met the same luck.
    """

    scenario: Scenario
    drivers: tuple[str, ...]
    first_lap: int
    position: NDArray[np.uint8]
    time_s: NDArray[np.float32]
    retired: NDArray[np.bool_]
    stops: NDArray[np.uint8]
    fan: NDArray[np.int32]
    neutral_laps: NDArray[np.uint8]
    mean_behind_s: NDArray[np.float32]
    mean_lap_s: NDArray[np.float32]
    traces: NDArray[np.int32]
    trace_stops: NDArray[np.int8]
    seed: int

    @property
    def races(self) -> int:
        """R."""
        return self.position.shape[0]

    def position_chances(self) -> NDArray[np.float64]:
        """(C, C): probability that the car finishes in place p+1."""
        cars = len(self.drivers)
        counts = np.zeros((cars, cars))
        for car in range(cars):
            counts[car] = np.bincount(self.position[:, car] - 1, minlength=cars)[:cars]
        return counts / max(1, self.races)

    def points(self, table: tuple[int, ...]) -> NDArray[np.float64]:
        """(R, C): points of each car in each race by its place; none for a retired car."""
        cars = len(self.drivers)
        by_place = np.zeros(cars + 1)
        by_place[1 : 1 + min(len(table), cars)] = table[:cars]
        return np.where(self.retired, 0.0, by_place[self.position])

    def ahead(self, car: str, rival: str) -> float:
        """Probability that the one finishes ahead of the other."""
        first, second = self.drivers.index(car), self.drivers.index(rival)
        return float(np.mean(self.position[:, first] < self.position[:, second]))
