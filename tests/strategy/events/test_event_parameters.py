"""Pooled figures and what they make of a circuit."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.strategy.model import Estimate, WetPace
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.parameters.events import (
    GENERIC_EVENTS,
    EventParameters,
    Pooled,
    Retirements,
    TypicalStints,
    crossover,
    lognormal,
)

POOLED = Pooled(Estimate(1.0, 0.1), 0.5, 0.2, {"here": Estimate(0.4, 0.2)}, {2024: Estimate(0.3, 0.1)})


def test_a_circuit_never_seen_has_the_level_and_is_less_certain() -> None:
    here, elsewhere = POOLED.at("here", 2024), POOLED.at("elsewhere", 2024)
    assert here.mean == pytest.approx(1.7)
    assert elsewhere.mean == pytest.approx(1.3)
    assert elsewhere.sd > here.sd


def test_a_new_season_keeps_the_last_one_and_new_regulations_forget_it() -> None:
    assert POOLED.at("here", 2025).mean == pytest.approx(1.7)
    assert POOLED.at("here", 2025).sd > POOLED.at("here", 2024).sd
    assert POOLED.at("here", 2026).mean == pytest.approx(1.4)
    assert POOLED.at("here", 2020).mean == pytest.approx(1.4), "no season before it was seen"


@given(st.floats(-8, 1), st.floats(0, 1.2))
def test_a_rate_keeps_its_mean_and_is_positive(mean: float, sd: float) -> None:
    rate = lognormal(Estimate(mean, sd))
    assert rate.mean == pytest.approx(math.exp(mean + sd**2 / 2))
    assert rate.sd >= 0


def test_a_team_that_is_new_this_season_keeps_half_of_its_last() -> None:
    known = Retirements(Pooled(Estimate(-6.0)), 0.4, {"2024/haas": Estimate(0.8, 0.1)}, 0.0)
    assert known.per_lap(2024, "haas").mean > known.per_lap(2025, "haas").mean > known.per_lap(2024, "other").mean * 0.9


def test_everything_enters_the_circuit_and_pace_stays() -> None:
    circuit = generic_circuit(60)
    stints = TypicalStints({"HARD": Pooled(Estimate(math.log(0.5)))})
    made = msgspec.structs.replace(GENERIC_EVENTS, stints=stints).apply(circuit)
    assert made.lap_s == circuit.lap_s
    assert made.pit == circuit.pit
    hard = next(tyre for tyre in made.tyres if tyre.compound is Compound.HARD)
    assert hard.typical_stint_laps == pytest.approx(30.0)
    assert 0 < made.neutralisations.sc_after_retirement < 1
    assert made.weather.intensity > 0


def test_a_sprint_does_not_wear_tyres_three_times_as_fast() -> None:
    stints = TypicalStints({"HARD": Pooled(Estimate(math.log(0.5)))})
    made = msgspec.structs.replace(GENERIC_EVENTS, stints=stints).apply(generic_circuit(20), sprint=True)
    assert next(t for t in made.tyres if t.compound is Compound.HARD).typical_stint_laps == pytest.approx(30.0)


def test_crowding_is_for_simulations_only() -> None:
    crowded = msgspec.structs.replace(GENERIC_EVENTS, crowding=-1.0)
    circuit = generic_circuit()
    plain = GENERIC_EVENTS.apply(circuit).traffic.pass_intercept
    assert crowded.apply(circuit).traffic.pass_intercept == Estimate(plain.mean - 1.0, plain.sd)
    assert crowded.pass_intercept == GENERIC_EVENTS.pass_intercept


def test_dirty_air_is_never_a_gain() -> None:
    tow = msgspec.structs.replace(GENERIC_EVENTS, dirty_air=Pooled(Estimate(-0.3, 0.1)))
    assert tow.apply(generic_circuit()).traffic.dirty_air_s.mean == 0.0


def test_the_parameters_survive_a_file() -> None:
    body = msgspec.json.encode(msgspec.structs.replace(GENERIC_EVENTS, pass_intercept=POOLED))
    assert msgspec.json.decode(body, type=EventParameters).pass_intercept == POOLED


def test_tyres_cross_over_where_their_costs_do() -> None:
    assert crossover(WetPace((0.0, 1.0), (0.0, 10.0), (5.0, 5.0), (9.0, 9.0))) == pytest.approx(0.5)
    assert crossover(WetPace((0.0, 1.0), (0.0, 1.0), (5.0, 5.0), (9.0, 9.0))) == 0.5
