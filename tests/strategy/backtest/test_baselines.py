"""What anybody knows who sees the order and the gaps only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from overcut.strategy.backtest.baselines import OnGap, Stay
from overcut.strategy.backtest.cases import Board
from overcut.strategy.backtest.scores import score


def history(races: int, shuffle: float, seed: int = 3, cars: int = 10, gap_matters: bool = False) -> list[Board]:
    rng = np.random.default_rng(seed)
    found: list[Board] = []
    for race in range(races):
        gaps = np.concatenate([[0.0], np.cumsum(rng.exponential(3.0, cars - 1))])
        level = gaps if gap_matters else 3.0 * np.arange(cars)
        final = 1 + np.argsort(np.argsort(level + rng.normal(0, shuffle, cars)))
        numbers = tuple(str(n) for n in range(1, cars + 1))
        found.append(Board(f"2030-{race:02d}-R", 50, 30, cars, numbers, gaps, final, np.ones(cars, dtype=bool)))
    return found


def crps(model: Stay | OnGap, boards: Sequence[Board]) -> float:
    return float(np.mean([score(one, model.chances(one), model.winner(one)).crps for one in boards]))


@pytest.mark.parametrize("kind", [Stay, OnGap])
def test_chances_are_chances(kind: type[Stay] | type[OnGap]) -> None:
    model = kind(history(30, 4.0))
    board = history(1, 4.0, seed=9)[0]
    chances = model.chances(board)
    assert chances.shape == (10, 10)
    assert np.all(chances > 0)
    assert chances.sum(axis=1) == pytest.approx(np.ones(10))
    assert model.winner(board).sum() == pytest.approx(1.0)
    assert np.argmax(model.winner(board)) == 0


@pytest.mark.parametrize("kind", [Stay, OnGap])
def test_it_learns_how_much_places_change(kind: type[Stay] | type[OnGap]) -> None:
    calm, wild = kind(history(60, 0.5)), kind(history(60, 12.0))
    board = history(1, 1.0, seed=9)[0]
    assert calm.chances(board)[4, 4] > 2 * wild.chances(board)[4, 4]
    tests = history(60, 0.5, seed=11)
    assert crps(calm, tests) < crps(wild, tests)


def test_gaps_help_where_they_matter() -> None:
    past, tests = history(150, 3.0, gap_matters=True), history(150, 3.0, seed=8, gap_matters=True)
    assert crps(OnGap(past), tests) < 0.98 * crps(Stay(past), tests)


def test_retired_cars_fall_to_the_back_wherever_they_were() -> None:
    boards = history(40, 0.1)
    retired = [
        Board(b.key, b.stage, b.lap, b.cars, b.numbers, b.gap_s, np.roll(b.final, -1), np.arange(10) != 9)
        for b in boards
    ]
    # The last on the road "ended first" in these invented boards, unclassified: that is not moved with the place.
    assert Stay(retired).chances(boards[0])[9, 0] > 0.3
    assert Stay(retired).chances(boards[0])[0, 0] < 0.1


def test_places_beyond_the_field_have_no_chance() -> None:
    past = history(30, 4.0, cars=10)
    small = history(1, 4.0, seed=4, cars=6)[0]
    assert OnGap(past).chances(small).shape == (6, 6)
    assert Stay(past).chances(small).shape == (6, 6)
