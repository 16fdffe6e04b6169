"""Proper scores, calibration and intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.strategy.backtest.cases import Board
from overcut.strategy.backtest.report import calibration, differences, measures
from overcut.strategy.backtest.scores import BINS, RaceScore, flatness, interval, score


def board_of(final: list[int], key: str = "2030-01-R", stage: int = 50) -> Board:
    cars = len(final)
    return Board(
        key=key,
        stage=stage,
        lap=30,
        cars=cars,
        numbers=tuple(str(n) for n in range(1, cars + 1)),
        gap_s=np.arange(cars, dtype=np.float64),
        final=np.array(final),
        finished=np.ones(cars, dtype=bool),
    )


def test_a_certain_and_right_forecast_scores_nothing() -> None:
    found = score(board_of([2, 1, 3]), np.eye(3)[[1, 0, 2]], np.array([0.0, 1.0, 0.0]))
    assert found.crps == 0.0
    assert found.log_loss == pytest.approx(0.0)
    assert found.mae == 0.0
    assert found.covered_closed == 1.0


def test_a_certain_and_wrong_forecast_is_off_by_its_distance() -> None:
    found = score(board_of([3, 2, 1]), np.eye(3), np.array([0.98, 0.01, 0.01]))
    assert found.crps == pytest.approx((2 + 0 + 2) / 3)  # one unit for each place between
    assert found.log_loss == pytest.approx(-math.log(0.01))
    assert found.mae == pytest.approx(4 / 3)


def test_crps_of_a_spread_forecast_is_the_sum_of_squares() -> None:
    chances = np.array([[0.5, 0.3, 0.2], [0.25, 0.5, 0.25], [0.2, 0.3, 0.5]])
    found = score(board_of([1, 2, 3]), chances, chances[:, 0])
    each = [0.5**2 + 0.2**2, 0.25**2 + 0.25**2, 0.2**2 + 0.5**2]
    assert found.crps == pytest.approx(np.mean(each))


def test_a_winner_who_was_not_forecast_leaves_no_log_loss() -> None:
    found = score(board_of([2, 3, 4]), np.full((3, 4), 0.25), np.full(3, 0.3))
    assert math.isnan(found.log_loss)
    assert math.isfinite(found.crps)


@given(st.integers(0, 10_000))
def test_pit_shares_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.ones(8) * 0.5, size=8)
    found = score(board_of(list(1 + rng.permutation(8))), chances, chances[:, 0] / chances[:, 0].sum())
    assert found.pit.sum() == pytest.approx(1.0)
    assert found.low + found.covered + found.high == pytest.approx(1.0)
    assert found.covered == pytest.approx(found.pit[1:9].sum())


def simulated(races: int, spread: float, seed: int = 1, lean: float = 0.0) -> list[RaceScore]:
    """Forecasts by simulation of races whose true spread is 1: calibrated where ``spread`` is 1 and ``lean`` 0."""
    rng = np.random.default_rng(seed)
    found: list[RaceScore] = []
    for race in range(races):
        level = np.sort(rng.normal(0, 1.5, 10))
        truth = 1 + np.argsort(np.argsort(level + rng.normal(0, 1, 10)))
        draws = level + lean * np.linspace(-1, 1, 10) + rng.normal(0, spread, (2000, 10))
        places = np.argsort(np.argsort(draws, axis=1), axis=1)
        chances = np.array([np.bincount(places[:, car], minlength=10) for car in range(10)]) / 2000
        found.append(score(board_of(list(truth), f"2030-{race}"), chances, chances[:, 0] + 1e-6))
    return found


def test_calibrated_forecasts_are_flat_and_cover_what_they_say() -> None:
    scores = simulated(120, 1.0)
    assert flatness(scores) > 0.05
    covered, low, high = interval([one.covered for one in scores], [one.key for one in scores])
    assert low < 0.8 < high
    assert covered == pytest.approx(0.8, abs=0.03)
    closed = np.mean([one.covered_closed for one in scores])
    assert closed == pytest.approx(np.mean([one.closed_mass for one in scores]), abs=0.03)


@pytest.mark.parametrize("spread", [0.4, 2.2])
def test_forecasts_too_sure_or_too_wide_are_not_flat(spread: float) -> None:
    scores = simulated(120, spread)
    assert flatness(scores) < 0.01
    covered = float(np.mean([one.covered for one in scores]))
    assert covered < 0.7 if spread < 1 else covered > 0.86


def test_calibrated_forecasts_have_the_best_crps() -> None:
    mean = {spread: np.mean([one.crps for one in simulated(200, spread)]) for spread in (0.4, 1.0, 2.5)}
    assert mean[1.0] == min(mean.values())


def test_races_are_drawn_whole() -> None:
    # Two values a race, alike: the interval must not shrink as if they were four independent ones.
    races = [str(n // 2) for n in range(40)]
    values = [float(n // 2 % 2) for n in range(40)]
    alone = interval(values[::2], races[::2])
    assert interval(values, races)[1:] == pytest.approx(alone[1:], abs=1e-9)


def test_an_interval_without_values_is_unknown() -> None:
    assert all(math.isnan(one) for one in interval([float("nan")], ["a"]))
    assert math.isnan(flatness(simulated(2, 1.0)))


def test_measures_pool_the_stages_within_the_race() -> None:
    scores = simulated(10, 1.0)
    found = measures(scores, (0, 50))
    assert found["crps_50"] == found["crps"]
    assert "crps_0" not in found
    nothing = differences(scores, scores, (0, 50))
    assert nothing["crps"] == (0.0, 0.0, 0.0)
    bins = calibration(scores, (0, 50))
    assert len(bins) == 2 * BINS
    assert sum(one.share[0] for one in bins if one.stage == -1) == pytest.approx(1.0, abs=1e-3)
