"""On which tyres each car is, also where the feed did not say."""

from __future__ import annotations

import polars as pl

from overcut.domain.tyres import Compound
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.situation.moment import moment
from overcut.strategy.situation.tyres import SCRUBBED_LAPS, TyreState, modern_names, tyre_states, with_stints
from tests.strategy.invented_races import Car, Invented

CIRCUIT = generic_circuit(20)


def states(race: Invented, lap: int, change: pl.Expr | None = None, *, wet: bool = False) -> dict[str, TyreState]:
    laps = race.table() if change is None else race.table().with_columns(change)
    return tyre_states(with_stints(moment(laps, lap).laps), CIRCUIT, wet=wet)


def test_age_and_compounds_follow_the_stops() -> None:
    found = states(Invented([Car("4", stops=(8,))]), 12)["4"]
    assert (found.compound, found.age, found.stops, found.stint) == (Compound.HARD, 4, 1, 2)
    assert found.used == (Compound.MEDIUM, Compound.HARD)
    assert found.told


def test_a_car_in_the_pits_leaves_on_new_tyres_that_the_rules_allow() -> None:
    found = states(Invented([Car("4", stops=(8,))]), 8)["4"]
    assert found.age == 0
    assert found.compound is not Compound.MEDIUM  # the only one it has used
    assert not found.told


def test_a_compound_told_on_some_laps_holds_for_the_set() -> None:
    hole = pl.when(pl.col("lap") < 7).then(None).otherwise(pl.col("compound")).alias("compound")
    found = states(Invented([Car("4", stops=(8,))]), 8, hole)["4"]
    assert found.used[0] is Compound.MEDIUM


def test_what_later_laps_tell_of_a_set_is_not_known_yet() -> None:
    hole = pl.when(pl.col("lap") < 7).then(None).otherwise(pl.lit("SOFT")).alias("compound")
    assert not states(Invented([Car("4", stops=(8,))]), 6, hole)["4"].told


def test_an_age_that_nobody_told_is_counted_from_the_stop() -> None:
    found = states(Invented([Car("4", stops=(8,))]), 12, pl.lit(None, pl.Int16).alias("tyre_life"))["4"]
    assert found.age == 4 + SCRUBBED_LAPS


def test_used_sets_keep_the_laps_they_came_with() -> None:
    found = states(Invented([Car("4", stops=(8,))]), 12, (pl.col("tyre_life") + 3).alias("tyre_life"))["4"]
    assert found.age == 4 + 3


def test_the_three_compounds_of_a_weekend_in_2018_are_soft_medium_and_hard() -> None:
    assert modern_names(["SOFT", "ULTRASOFT", "HYPERSOFT"]) == {
        "HYPERSOFT": "SOFT",
        "ULTRASOFT": "MEDIUM",
        "SOFT": "HARD",
    }
    assert modern_names(["SOFT", "HARD"]) == {}


def test_intermediates_count_as_used() -> None:
    race = Invented([Car("4", stops=(8,), compounds=("INTERMEDIATE", "MEDIUM"))])
    assert states(race, 12)["4"].used == (Compound.INTERMEDIATE, Compound.MEDIUM)
    assert states(race, 8, wet=True)["4"].compound is Compound.INTERMEDIATE
