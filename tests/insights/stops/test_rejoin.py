from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.insights.stops.lap_costs import lap_costs
from overcut.insights.stops.rejoin import rejoin, span
from overcut.insights.stops.rivals import outlook, still_to_lose, stop_chances
from overcut.insights.stops.simulated import rejoin_places
from overcut.insights.stops.traffic import held_up, pass_chance, pass_table
from overcut.strategy.model import Race
from tests.insights.stops.races import spread_out, with_state


def asked(race: Race, car: int = 0) -> object:
    costs = lap_costs(race)
    return rejoin(race, car, Compound.HARD, costs, outlook(race, costs), pass_table(race))


def test_place_is_the_number_of_cars_within_the_loss() -> None:
    told = asked(spread_out(cars=10, gap_s=7.0, age=6))
    assert told is not None
    assert told.place == 4  # three cars within the 23 s that a stop costs
    assert told.low <= told.place <= told.high
    assert sum(told.chances) == pytest.approx(1.0, abs=1e-3)
    assert told.ahead is not None
    assert told.behind is not None
    assert told.gap_ahead_s is not None
    assert told.gap_ahead_s >= 0
    assert not told.free


def test_car_with_a_gap_behind_it_stops_for_free() -> None:
    race = with_state(spread_out(cars=2, age=6), 1, behind_s=40.0)
    told = asked(race)
    assert told is not None
    assert told.free
    assert told.place == 1
    assert told.places_lost == pytest.approx(0.0, abs=0.02)


def test_nobody_rejoins_on_the_last_lap_and_nobody_who_is_out() -> None:
    assert asked(spread_out(lap=39)) is None
    assert asked(with_state(spread_out(), 0, retired=True)) is None


def test_car_in_the_pits_has_the_rest_of_its_stop_to_come() -> None:
    race = with_state(spread_out(), 1, in_pit=True)
    left = still_to_lose(race)
    assert left[0] == 0.0
    assert left[1] == pytest.approx(0.75 * 23.07, abs=0.2)


def test_simulator_and_quick_form_agree_where_nothing_is_near() -> None:
    race = spread_out(cars=8, gap_s=7.0, age=6)
    costs = lap_costs(race)
    quick = asked(race)
    simulated = rejoin_places(race, [(0, costs.compounds[2])], 200, 3, 1)[0]
    assert quick is not None
    assert int(simulated.chances.argmax()) + 1 == quick.place
    mean = np.arange(1, 9) @ simulated.chances
    assert mean == pytest.approx(np.arange(1, 9) @ np.array(quick.chances), abs=0.5)


@given(chances=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20).filter(lambda values: sum(values) > 0.01))
def test_interval_holds_at_least_its_share(chances: list[float]) -> None:
    shares = np.array(chances) / sum(chances)
    low, high = span(shares)
    assert 1 <= low <= high <= shares.size
    assert shares[low - 1 : high].sum() >= 0.8 - 1e-9


def test_held_up_longer_behind_a_car_that_is_hard_to_pass() -> None:
    easy = spread_out()
    traffic = msgspec.structs.replace(
        easy.circuit.traffic, pass_intercept=msgspec.structs.replace(easy.circuit.traffic.pass_intercept, mean=-6.0)
    )
    hard = msgspec.structs.replace(easy, circuit=msgspec.structs.replace(easy.circuit, traffic=traffic))
    assert pass_chance(hard, 2.0) < pass_chance(easy, 2.0)
    laps_easy, lost_easy = held_up(1.0, 1.5, 0.02, pass_table(easy), 0.5)
    laps_hard, lost_hard = held_up(1.0, 1.5, 0.02, pass_table(hard), 0.5)
    assert laps_hard > laps_easy
    assert lost_hard > lost_easy
    assert held_up(1.0, -0.5, 0.0, pass_table(easy), 0.5) == (0.0, 0.0)
    assert held_up(60.0, 0.5, 0.0, pass_table(easy), 0.5) == (0.0, 0.0)


def test_stops_get_likelier_with_age_and_under_the_safety_car() -> None:
    race = spread_out()
    young = stop_chances(race, race.states[0], lap_costs(race).neutral)
    old = stop_chances(race, msgspec.structs.replace(race.states[0], tyre_age=30), lap_costs(race).neutral)
    assert old[0] > young[0]
    cautious = spread_out(status="SC")
    assert stop_chances(cautious, cautious.states[0], lap_costs(cautious).neutral)[0] > young[0]
    assert young[-1] == 0.0
