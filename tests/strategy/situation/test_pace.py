"""How fast each car is thought to be, before and during the race."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
import pytest

from overcut.strategy.model import Estimate
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.situation.evidence import telling_laps
from overcut.strategy.situation.facts import Entrant
from overcut.strategy.situation.moment import moment
from overcut.strategy.situation.pace import PaceSettings, RacePace, before_the_race, race_pace
from overcut.strategy.situation.tyres import with_stints
from tests.strategy.invented_races import LAP_S, Car, Invented

SETTINGS = PaceSettings(unknown_sd_s=0.0)
TRUTH = (0.0, 0.4, -0.3, 0.8, 0.1, 0.6)


def race_of(noise_s: float = 0.2, laps: int = 40) -> Invented:
    cars = [Car(str(n), pace, stops=(12 + n,), noise_s=noise_s) for n, pace in enumerate(TRUTH, start=1)]
    return Invented(cars, laps=laps)


def thought(race: Invented, lap: int, before: float = 0.6, settings: PaceSettings = SETTINGS) -> RacePace:
    circuit = generic_circuit(race.laps, LAP_S)
    telling = telling_laps(with_stints(moment(race.table(), lap).laps))
    numbers = [car.number for car in race.cars]
    return race_pace(
        {n: Estimate(0.0, before) for n in numbers}, dict.fromkeys(numbers, 0.2), telling, circuit, settings
    )


def off(pace: RacePace) -> np.ndarray:
    found = np.array([pace.cars[str(n)].mean for n in range(1, 7)])
    return (found - found.mean()) - (np.array(TRUTH) - np.mean(TRUTH))


def test_laps_tell_the_pace_within_what_is_said_to_be_unknown() -> None:
    pace = thought(race_of(), 35)
    sd = np.array([one.sd for one in pace.cars.values()])
    assert np.abs(off(pace) / sd).max() < 3.0
    assert np.abs(off(pace)).max() < 0.25
    assert sd.max() < 0.25


def test_the_more_laps_the_surer() -> None:
    race = race_of()
    early, late = thought(race, 6), thought(race, 30)
    assert all(late.cars[number].sd < early.cars[number].sd for number in early.cars)


def test_a_conditions_change_that_all_share_leaves_the_order_alone() -> None:
    race = race_of()
    slower = msgspec_free_copy(race)
    slower.slow = dict.fromkeys(range(1, 41), 3.0)
    one, other = thought(race, 30), thought(slower, 30)
    assert off(one) == pytest.approx(off(other), abs=0.02)
    assert other.circuit.lap_s.mean - one.circuit.lap_s.mean == pytest.approx(3.0, abs=0.3)


def msgspec_free_copy(race: Invented) -> Invented:
    return Invented(race.cars, race.laps, race.seed, race.key)


def test_wear_and_the_trend_of_the_race_are_learned() -> None:
    circuit = thought(race_of(noise_s=0.05), 38).circuit
    medium = next(tyre for tyre in circuit.tyres if tyre.compound == circuit.reference)
    assert medium.wear_s.mean == pytest.approx(0.05, abs=0.02)
    assert circuit.fuel_s.mean + circuit.evolution_s.mean == pytest.approx(0.06, abs=0.015)


def test_laps_behind_a_slower_car_do_not_make_a_car_slow() -> None:
    race = race_of(noise_s=0.02)
    laps = race.table()
    circuit = generic_circuit(race.laps, LAP_S)
    telling = telling_laps(with_stints(moment(laps, 12).laps))
    # Car 3, the quickest, is told to have spent its race right behind somebody, half a second off its pace.
    stuck = pl.col("driver_number") == "3"
    telling = telling.with_columns(
        pl.when(stuck).then(pl.col("lap_time_s") + 1.0).otherwise("lap_time_s").alias("lap_time_s"),
        pl.when(stuck).then(0.6).otherwise("ahead_s").alias("ahead_s"),
        pl.when(stuck).then(statement=True).otherwise("held").alias("held"),
    )
    before = {car.number: Estimate(car.pace_s, 0.3) for car in race.cars}
    pace = race_pace(before, dict.fromkeys(before, 0.2), telling, circuit, SETTINGS)
    assert pace.cars["3"].mean < 0.0
    assert pace.cars["3"].sd > 0.2


def test_laps_held_up_that_are_quick_all_the_same_count() -> None:
    race = race_of(noise_s=0.02)
    telling = telling_laps(with_stints(moment(race.table(), 12).laps))
    stuck = pl.col("driver_number") == "3"
    telling = telling.with_columns(
        pl.when(stuck).then(0.6).otherwise("ahead_s").alias("ahead_s"),
        pl.when(stuck).then(statement=True).otherwise("held").alias("held"),
    )
    before = {car.number: Estimate(0.0, 0.6) for car in race.cars}
    pace = race_pace(before, dict.fromkeys(before, 0.2), telling, generic_circuit(race.laps, LAP_S), SETTINGS)
    assert pace.cars["3"].mean < min(pace.cars[n].mean for n in pace.cars if n != "3")


def test_neutralised_laps_stops_and_slow_laps_tell_nothing() -> None:
    race = Invented([Car("1", stops=(5,)), Car("2", 0.4)], status={8: "4", 9: "41"}, slow={8: 40.0, 9: 30.0})
    telling = telling_laps(with_stints(moment(race.table(), 12).laps))
    assert not {1, 8, 9} & set(telling["lap"])
    assert not {5, 6} & set(telling.filter(pl.col("driver_number") == "1")["lap"])


def test_without_laps_what_was_thought_before_stands() -> None:
    before = {"1": Estimate(0.3, 0.5)}
    nothing = telling_laps(with_stints(moment(race_of().table(), 1).laps))
    assert race_pace(before, {"1": 0.3}, nothing, generic_circuit(), SETTINGS).cars == before


def test_qualifying_moves_what_form_says_and_makes_it_surer() -> None:
    entrants = tuple(
        Entrant(str(n), f"D{n}", "t", n, qualifying=gap) for n, gap in enumerate((0.0, 0.01, 0.02, None), start=1)
    )
    form = {one.driver_number: Estimate(0.0, 0.5) for one in entrants}
    found = before_the_race(entrants, form, 90.0, PaceSettings())
    assert found["1"].mean < found["2"].mean < found["3"].mean
    assert found["1"].sd < found["4"].sd
    assert found["4"].mean == 0.0


def test_what_remains_unknown_of_a_car_never_vanishes() -> None:
    pace = thought(race_of(noise_s=0.01), 38, settings=msgspec.structs.replace(SETTINGS, unknown_sd_s=0.2))
    assert min(one.sd for one in pace.cars.values()) > 0.19
