"""A race of nobody's to ask about, small enough to be simulated in a test."""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound
from overcut.strategy.model import CarState, Race
from overcut.strategy.model.generic import generic_race
from overcut.strategy.whatif.answers import ActualCar, ActualPeriod, ActualStop
from overcut.strategy.whatif.asking import Happened
from overcut.strategy.whatif.questions import PlanAsked, StopAsked

LAP = 10
LAPS = 30


def race_at(lap: int = LAP, cars: int = 8, gap_s: float = 4.0) -> Race:
    """A race of 30 laps: one car after the other, ``gap_s`` apart, on mediums as old as the race."""
    race = generic_race(cars, LAPS)
    states = tuple(
        CarState(place, gap_s * (place - 1) if lap else 0.0, Compound.MEDIUM, tyre_age=lap, used=(Compound.MEDIUM,))
        for place in range(1, cars + 1)
    )
    return msgspec.structs.replace(race, states=states, lap=lap, session_key="2030-01-R")


def stop(lap: int, compound: str = "HARD") -> ActualStop:
    return ActualStop(lap, compound, 0, "MEDIUM", lap, "green")


def happened(cars: int = 8, *, finished: bool = True) -> Happened:
    """Each car stopped once, at lap 14 and later; the last one retired; a safety car on laps 20 to 23."""
    told = tuple(
        ActualCar(
            str(number),
            "MEDIUM",
            (stop(13 + number),),
            (number,) * LAPS,
            (0.0,) * LAPS,
            LAPS,
            number if finished and number < cars else None,
        )
        for number in range(1, cars + 1)
    )
    return Happened(told, (ActualPeriod("SC", 20, 23), ActualPeriod("RAIN", 25, 26)), finished)


def planned(*stops: tuple[int, Compound]) -> PlanAsked:
    return PlanAsked(stops=tuple(StopAsked(lap, compound) for lap, compound in stops))
