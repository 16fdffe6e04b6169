"""A finished race that nobody drove: who stopped when, and a safety car."""

from __future__ import annotations

from overcut.strategy.model import Race
from overcut.strategy.model.generic import generic_race
from overcut.strategy.whatif.answers import ActualCar, ActualPeriod, ActualStop
from overcut.strategy.whatif.asking import Happened

LAPS = 40


def invented_race() -> Race:
    """Six cars on the grid, two a team."""
    return generic_race(6, LAPS)


def invented_past() -> Happened:
    """Car 1 stops on lap 3, far too early; 6 retires; the others stop on laps 18 to 21; safety car on laps 20 to 23."""
    stops = {"1": 3, "2": 18, "3": 19, "4": 20, "5": 21}
    cars = [
        ActualCar(number, "MEDIUM", (_stop(lap),), (), (), LAPS, place)
        for place, (number, lap) in enumerate(stops.items(), start=1)
    ]
    cars.append(ActualCar("6", "MEDIUM", (), (), (), 7, None))
    return Happened(tuple(cars), (ActualPeriod("SC", 20, 23),), finished=True)


def _stop(lap: int) -> ActualStop:
    return ActualStop(lap, "HARD", 0, "MEDIUM", lap, "green")
