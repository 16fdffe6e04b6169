"""What the simulated races come to, and the differences between scenarios, checked by arithmetic of their own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.strategy.whatif.asked import LAP, race_at

from overcut.domain.tyres import Compound
from overcut.strategy.model import Plan, PlannedStop, Scenario
from overcut.strategy.simulator import simulate
from overcut.strategy.whatif.telling import ahead_of, driver_answers, fan_of, middle_change, spreads

RACES = 200
SCENARIOS = (
    Scenario("early", {"2": Plan((PlannedStop(14, Compound.HARD),))}),
    Scenario("late", {"2": Plan((PlannedStop(20, Compound.HARD),))}),
)
RACE = race_at()
FIRST, OTHER = simulate(RACE, SCENARIOS, races=RACES, seed=3, traces=50, threads=1)

seconds = st.floats(-1e4, 1e4) | st.just(float("nan"))


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 5)), elements=seconds))
def test_spreads_are_those_of_the_values_that_are_known(values: np.ndarray) -> None:
    for column, found in zip(values.T, spreads(values), strict=True):
        known = column[np.isfinite(column)]
        if not len(known):
            assert found is None
            continue
        assert found is not None
        assert found.mean == pytest.approx(known.mean(), abs=1e-3)
        assert [found.low, found.high] == pytest.approx(np.quantile(known, (0.05, 0.95)), abs=1e-3)
        assert found.error == pytest.approx(known.std() / np.sqrt(len(known)), abs=1e-3)


@given(arrays(np.float64, (7, 5), elements=seconds), arrays(np.float64, (7, 5), elements=seconds))
def test_middle_change_is_the_median_of_the_cars_that_have_both(before: np.ndarray, after: np.ndarray) -> None:
    found = middle_change(before, after)
    for row in range(7):
        change = (after - before)[row]
        known = change[np.isfinite(change)]
        assert found[row] == pytest.approx(np.median(known) if len(known) else 0.0, abs=1e-9)


def test_every_car_is_told_by_its_own_races() -> None:
    for index, told in enumerate(driver_answers(RACE, OTHER, FIRST)):
        place = OTHER.position[:, index]
        assert told.place.mean == pytest.approx(place.mean(), abs=1e-4)
        assert sum(told.chances) == pytest.approx(1.0, abs=1e-3)
        assert told.chances[0] == pytest.approx(np.mean(place == 1), abs=1e-4)
        assert told.retires == pytest.approx(OTHER.retired[:, index].mean(), abs=1e-4)
        assert told.win <= told.podium <= told.scores <= 1.0 - told.retires + 1e-9
        assert told.versus is not None
        better = FIRST.position[:, index].astype(int) > place
        assert told.versus.better == pytest.approx(better.mean(), abs=1e-4)
        assert told.versus.place.mean == pytest.approx((place - FIRST.position[:, index].astype(int)).mean(), abs=1e-4)
        assert told.versus.points.mean == pytest.approx(
            (OTHER.points(RACE.rules.points) - FIRST.points(RACE.rules.points))[:, index].mean(), abs=1e-4
        )
    assert all(told.versus is None for told in driver_answers(RACE, FIRST, None))


def test_paired_races_tell_a_difference_more_sharply_than_their_own_spread() -> None:
    told = driver_answers(RACE, OTHER, FIRST)[1]
    assert told.versus is not None
    assert told.versus.time_s is not None
    apart = np.hypot(np.nanstd(OTHER.time_s[:, 1]), np.nanstd(FIRST.time_s[:, 1])) / np.sqrt(RACES)
    assert told.versus.time_s.error < apart


def test_who_is_ahead_adds_up_between_two_rivals() -> None:
    one, two = (ahead_of(RACE, OTHER, FIRST, index) for index in (1, 2))
    assert len(one) == len(RACE.cars) - 1
    mine = next(told for told in one if told.driver_number == "3")
    theirs = next(told for told in two if told.driver_number == "2")
    assert mine.chance + theirs.chance == pytest.approx(1.0)
    assert mine.change == pytest.approx(mine.chance - FIRST.ahead("2", "3"), abs=1e-4)


def test_fan_ends_where_the_race_ends() -> None:
    fan = fan_of(OTHER, 1)
    assert [told.lap for told in fan] == list(range(LAP + 1, 31))
    assert fan[-1].chances == pytest.approx(OTHER.position_chances()[1], abs=1e-3)
    assert all(told.low <= told.middle <= told.high for told in fan)
