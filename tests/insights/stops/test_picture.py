from __future__ import annotations

import re
from itertools import product

import msgspec
import pytest

from overcut.domain.tyres import Compound
from overcut.insights.stops.advice import Held
from overcut.insights.stops.answers import Action, StopsAnswer
from overcut.insights.stops.picture import StopSettings, stops_of
from overcut.strategy.model import TrackState, TrackStatus
from tests.insights.stops.races import spread_out, with_state

QUICK = StopSettings(near_races=0, races=0)
FEW = StopSettings(near_races=16, races=16, threads=1)


def advice_of(answer: StopsAnswer, place: int = 1) -> object:
    return answer.cars[place - 1].recommendation


def test_every_running_car_is_told_in_order_and_the_retired_are_not() -> None:
    race = with_state(spread_out(), 3, retired=True)
    told = stops_of(race, QUICK)
    assert [car.position for car in told.cars] == [1, 2, 3, 5, 6]
    assert all(car.recommendation is not None for car in told.cars)


def test_same_inputs_give_the_same_bytes_on_any_number_of_threads() -> None:
    race = spread_out()
    one = stops_of(race, FEW)
    again = msgspec.structs.replace(FEW, threads=2)
    strip = {car.driver_number: car.recommendation.why for car in one.cars if car.recommendation}
    other = stops_of(race, again)
    assert strip == {car.driver_number: car.recommendation.why for car in other.cars if car.recommendation}
    assert msgspec.json.encode(one) == msgspec.json.encode(stops_of(race, FEW))


@pytest.mark.parametrize(("status", "age", "lap"), list(product(("green", "SC", "VSC"), (2, 14, 30), (5, 14, 30, 38))))
def test_every_number_of_the_sentence_is_a_figure(status: str, age: int, lap: int) -> None:
    for car in stops_of(spread_out(status=status, age=age, lap=lap), QUICK).cars:
        why = car.recommendation.why if car.recommendation else None
        assert why is not None
        assert why.text.endswith(".")
        assert [float(number) for number in re.findall(r"\d+(?:\.\d+)?", re.sub(r"D\d+", "", why.text))] == [
            pytest.approx(abs(figure.value)) for figure in why.figures
        ]


def test_car_on_worn_tyres_is_told_to_stop_and_one_on_new_ones_to_wait() -> None:
    old = advice_of(stops_of(spread_out(cars=1, age=40, lap=20), QUICK))
    assert old.action is Action.STOP_NOW
    assert old.in_laps == 0
    assert old.compound is not None
    young = advice_of(stops_of(spread_out(cars=1, age=3, lap=10), QUICK))
    assert young.action is Action.STOP_LATER
    assert young.stop_lap > 15


def test_car_that_owes_nothing_stays_out_late_in_the_race() -> None:
    race = with_state(spread_out(cars=1, lap=34, age=8), 0, used=(Compound.SOFT, Compound.MEDIUM), stops=1)
    told = advice_of(stops_of(race, QUICK))
    assert told.action is Action.STAY_OUT
    assert told.stop_lap is None
    assert told.confidence > 0.9


def test_safety_car_makes_the_stop_cheap_and_the_advice_says_so() -> None:
    told = stops_of(spread_out(status="SC", age=22, lap=22), FEW)
    leader = told.cars[0]
    assert leader.cheap is not None
    assert leader.cheap.saved_s == pytest.approx(11.0)
    assert leader.cheap.worth_it
    assert leader.recommendation is not None
    assert leader.recommendation.action is Action.STOP_NOW
    assert "safety car" in leader.recommendation.why.text
    assert stops_of(spread_out(), QUICK).cars[0].cheap is None


def test_rain_asks_for_the_other_tyre() -> None:
    race = msgspec.structs.replace(spread_out(), track=TrackState(wetness=0.35, raining=True))
    told = advice_of(stops_of(race, QUICK))
    assert told.action is Action.STOP_NOW
    assert told.compound in (Compound.INTERMEDIATE, Compound.WET)


def test_advice_given_before_stands_while_nothing_is_clearly_better() -> None:
    race = spread_out(cars=1, age=6, lap=6)
    fresh = advice_of(stops_of(race, QUICK))
    near = Held(fresh.stop_lap + 1, fresh.compound)
    assert advice_of(stops_of(race, QUICK, held={"1": near})).stop_lap == near.stop_lap
    far = Held(race.lap + 1, fresh.compound)
    assert advice_of(stops_of(race, QUICK, held={"1": far})).stop_lap == fresh.stop_lap


def test_simulated_advice_compares_its_options_with_itself_first() -> None:
    told = advice_of(stops_of(spread_out(age=20, lap=20), FEW), 3)
    assert told.races == 16
    assert told.options[0].time_s == 0.0
    assert (told.options[0].stop_lap, told.options[0].compound) == (told.stop_lap, told.compound)
    assert 0.0 <= told.confidence <= 1.0


def test_grid_and_last_lap_have_their_answers_too() -> None:
    grid = stops_of(spread_out(lap=0, age=0, gap_s=0.0), QUICK)
    assert all(car.rejoin is None and not car.duels for car in grid.cars)
    last = stops_of(spread_out(lap=39), QUICK)
    assert all(car.recommendation is not None and car.recommendation.action is Action.STAY_OUT for car in last.cars)


def test_red_flag_changes_tyres_for_nothing() -> None:
    race = msgspec.structs.replace(spread_out(), track=TrackState(status=TrackStatus.RED))
    cheap = stops_of(race, QUICK).cars[0].cheap
    assert cheap is not None
    assert cheap.loss_s == 0.0
