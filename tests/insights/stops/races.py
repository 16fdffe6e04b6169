"""Races to try stops on: the generic circuit, cars spread out, in the middle of the race."""

from __future__ import annotations

import msgspec

from overcut.domain.tyres import Compound
from overcut.strategy.model import CarState, Race, TrackState, TrackStatus
from overcut.strategy.model.generic import generic_race


def spread_out(
    *, cars: int = 6, laps: int = 40, lap: int = 14, gap_s: float = 3.0, age: int = 14, status: str = "green"
) -> Race:
    """Equal cars ``gap_s`` apart on mediums of one age, after ``lap`` laps."""
    race = generic_race(cars, laps, 0.0)
    states = tuple(
        CarState(place, gap_s * (place - 1), Compound.MEDIUM, tyre_age=age, used=(Compound.MEDIUM,))
        for place in range(1, cars + 1)
    )
    # Each car of a team of its own: nobody waits for a team mate in the pits.
    models = tuple(msgspec.structs.replace(car, team=f"Team {car.driver_number}") for car in race.cars)
    return msgspec.structs.replace(
        race, cars=models, lap=lap, states=states, track=TrackState(status=TrackStatus(status))
    )


def with_state(race: Race, car: int, **changes: object) -> Race:
    """The race with one car's state changed."""
    states = list(race.states)
    states[car] = msgspec.structs.replace(states[car], **changes)
    return msgspec.structs.replace(race, states=tuple(states))
