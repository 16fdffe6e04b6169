"""The kernel gives, to the millisecond, what a plain Python walk through the same model gives."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from overcut.domain.tyres import Compound
from overcut.strategy.model import (
    CarState,
    Interruption,
    PaceMode,
    Plan,
    PlannedStop,
    Race,
    Rain,
    Scenario,
    TrackState,
    TrackStatus,
)
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import simulate
from overcut.strategy.simulator.chance import luck
from overcut.strategy.simulator.lowering import lowered
from tests.strategy.simulator.reference import RaceByHand

REPLACE = msgspec.structs.replace


def under_way() -> Race:
    """Lap 20, behind a safety car since two laps, a car out, one in the pits, one a lap down, on a damp track."""
    race = generic_race(20, 50)
    states = [
        CarState(i + 1, 0.9 * i, Compound.HARD if i % 3 else Compound.MEDIUM, 5 + i % 7, (Compound.HARD,), i % 2)
        for i in range(20)
    ]
    states[4] = REPLACE(states[4], retired=True)
    states[7] = REPLACE(states[7], in_pit=True, tyre_age=0, penalty_s=5.0)
    states[19] = REPLACE(states[19], behind_s=101.0)
    track = TrackState(TrackStatus.SC, since_laps=2, wetness=0.2, raining=True, green_laps=0)
    return REPLACE(race, states=tuple(states), lap=20, track=track)


def eventful() -> Race:
    """Frequent cautions, retirements and penalties, rain, two required stops, a drift that fades."""
    race = generic_race(20, 40)
    c = race.circuit
    circuit = REPLACE(
        c,
        neutralisations=REPLACE(c.neutralisations, red_share=0.4),
        weather=REPLACE(c.weather, rain_begins=0.03),
        penalties=REPLACE(c.penalties, per_lap=0.01),
        noise=REPLACE(c.noise, drift_kept=0.9, drift_s=0.1),
    )
    cars = tuple(REPLACE(car, retirement_per_lap=0.006) for car in race.cars)
    return REPLACE(race, circuit=circuit, cars=cars, rules=REPLACE(race.rules, stops_required=2))


PLANS = {
    "1": Plan((PlannedStop(12, Compound.HARD), PlannedStop(30, Compound.SOFT, 3)), pace=((5, PaceMode.PUSH),)),
    "2": Plan((PlannedStop(14, Compound.HARD), PlannedStop(31, Compound.MEDIUM)), react=True),
    "3": Plan((PlannedStop(20, Compound.MEDIUM),), start=Compound.SOFT, pace=((1, PaceMode.SAVE),), react=True),
    "4": Plan((PlannedStop(12, Compound.HARD),)),
}
CASES = {
    "as teams do": (generic_race(20, 57), Scenario()),
    "plans": (generic_race(20, 40), Scenario(plans=PLANS, lap_delta_s={"5": 0.4}, temperature_wear=1.3, grip_s=0.2)),
    "forced": (
        generic_race(20, 40),
        Scenario(
            plans=PLANS,
            interruptions=(Interruption("SC", 8, 4), Interruption("RED", 20, 2), Interruption("VSC", 30, 2)),
            rain=(Rain(25, 8, 0.1),),
            only_these=True,
        ),
    ),
    "eventful": (eventful(), Scenario(plans={"2": PLANS["2"]})),
    "under way": (under_way(), Scenario()),
    "small field": (generic_race(3, 30), Scenario()),
    "alone": (generic_race(1, 12), Scenario()),
}


@pytest.mark.parametrize("case", CASES)
def test_kernel_equals_the_plain_walk_to_the_millisecond(case: str) -> None:
    race, scenario = CASES[case]
    count = 6
    outcome = simulate(race, (scenario,), races=70, seed=11, traces=70, threads=1)[0]
    low, words = lowered(race, scenario), luck(11, 70)
    for number in (*range(count - 1), 69):
        by_hand = RaceByHand(low, words[number])
        by_hand.play()
        for place, car in enumerate(by_hand.cars):
            assert outcome.traces[number, :, car.index].tolist() == car.trace, (number, car.index)
            assert outcome.trace_stops[number, :, car.index].tolist() == car.fits, (number, car.index)
            assert outcome.position[number, car.index] == place + 1
            assert outcome.stops[number, car.index] == car.made
            assert outcome.retired[number, car.index] == car.out
        assert outcome.neutral_laps[number] == by_hand.neutral


def test_a_number_drawn_is_spread_evenly() -> None:
    by_hand = RaceByHand(lowered(generic_race(2, 5), Scenario()), np.array([1, 2], np.uint32))
    draws = [by_hand.bits(1, lap, car) / 2**32 for lap in range(128) for car in range(64)]
    counts = np.histogram(draws, bins=16, range=(0, 1))[0]
    assert np.sum((counts - 512) ** 2 / 512) < 45  # chi-squared of 15 degrees: 99.99 %
