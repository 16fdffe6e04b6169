"""What does anybody know who sees the order and the gaps only: two honest forecasts, fitted on earlier races.

`Stay` is "positions stay" as a distribution: where cars at this place, at this stage, ended up in earlier races.
`OnGap` is a logistic: ordinal (proportional odds) on place and gaps for the final place, and a choice among the cars
(conditional logit) for the winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # pyright: ignore[reportUnknownVariableType] -- partly typed

from overcut.strategy.backtest.cases import Board

Floats = NDArray[np.float64]

BANDWIDTH = 1.5
"""Places over which neighbours lend their history, in `Stay`."""

PSEUDO = 1.0
"""Cars spread evenly over all places that `Stay` starts from."""

RIDGE = 1.0
"""Penalty on the squares of the logistic's coefficients (features are scaled to unit variance)."""


@dataclass(frozen=True)
class Stay:
    """Where cars at each place ended up.

    Attributes:
        history: boards of earlier races at the same stage.
    """

    history: Sequence[Board]

    def chances(self, board: Board) -> Floats:
        """(N, cars) probability of each final place."""
        now = np.concatenate([np.arange(1, len(one.numbers) + 1) for one in self.history])
        final = np.concatenate([one.final for one in self.history])
        finished = np.concatenate([one.finished for one in self.history])
        cars = np.concatenate([np.full(len(one.numbers), one.cars) for one in self.history])
        found = np.full((len(board.numbers), board.cars), PSEUDO / board.cars)
        for index in range(len(board.numbers)):
            off = index + 1 - now
            weight = np.exp(-0.5 * (off / BANDWIDTH) ** 2)
            # Those who finished are moved along with the place; those who did not end at the back, wherever they were.
            place = np.where(finished, final + off, final + board.cars - cars)
            found[index] += np.bincount(np.clip(place, 1, board.cars) - 1, weights=weight, minlength=board.cars)
        return found / found.sum(axis=1, keepdims=True)

    def winner(self, board: Board) -> Floats:
        """(N,) probability to win."""
        first = self.chances(board)[:, 0]
        return first / first.sum()


class OnGap:
    """Ordinal logistic on place and gaps, and a conditional logit for the winner.

    Args:
        history: boards of earlier races at the same stage.
    """

    def __init__(self, history: Sequence[Board]) -> None:
        self._places = max(one.cars for one in history)
        rows = np.concatenate([_features(one) for one in history])
        self._middle, self._spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
        final = np.concatenate([one.final for one in history])
        self._cuts, self._slope = _fit_ordinal((rows - self._middle) / self._spread, final, self._places)
        self._choice = _fit_choice([(self._scaled(one), one.final == 1) for one in history])

    def _scaled(self, board: Board) -> Floats:
        return (_features(board) - self._middle) / self._spread

    def chances(self, board: Board) -> Floats:
        """(N, cars) probability of each final place."""
        upto = _upto(self._cuts, self._scaled(board) @ self._slope)
        each = np.diff(upto, axis=1, prepend=0.0)[:, : board.cars]
        return each / each.sum(axis=1, keepdims=True)

    def winner(self, board: Board) -> Floats:
        """(N,) probability to win."""
        return _softmax(self._scaled(board) @ self._choice)


def _features(board: Board) -> Floats:
    """(N, 6): place, its square and logarithm, logarithms of the gaps to the leader, the car ahead, the car behind."""
    place = np.arange(1, len(board.numbers) + 1, dtype=np.float64)
    gap = np.maximum(board.gap_s - board.gap_s.min(initial=np.inf), 0.0) if len(place) else board.gap_s
    ahead = np.diff(gap, prepend=gap[:1] - 10.0)
    behind = np.diff(gap, append=gap[-1:] + 10.0)
    logs = [np.log1p(np.maximum(one, 0.0)) for one in (gap, ahead, behind)]
    return np.stack([place, place**2 / 20.0, np.log(place), *logs], axis=1)


def _upto(cuts: Floats, level: Floats) -> Floats:
    """(N, places): probability of ending at most at each place."""
    inner = 1.0 / (1.0 + np.exp(-np.clip(cuts[None, :] - level[:, None], -40, 40)))
    return np.concatenate([inner, np.ones((len(level), 1))], axis=1)


def _fit_ordinal(rows: Floats, final: NDArray[np.int64], places: int) -> tuple[Floats, Floats]:
    """Cut points (places - 1) and slopes of the proportional-odds model, by penalised maximum likelihood."""
    shares = np.clip(np.arange(1, places) / places, 0.02, 0.98)
    start = np.concatenate([_gaps(np.log(shares / (1 - shares))), np.zeros(rows.shape[1])])
    at = np.clip(final, 1, places) - 1
    index = np.arange(len(rows))

    def loss(theta: Floats) -> tuple[float, Floats]:
        cuts, slope = _cuts(theta[: places - 1]), theta[places - 1 :]
        upto = _upto(cuts, rows @ slope)
        below = np.where(at > 0, upto[index, np.maximum(at - 1, 0)], 0.0)
        chance = np.maximum(upto[index, at] - below, 1e-12)
        density = upto * (1.0 - upto)
        high = density[index, at] / chance
        low = np.where(at > 0, density[index, np.maximum(at - 1, 0)], 0.0) / chance
        of_cut = np.bincount(at, weights=high, minlength=places)[: places - 1]
        of_cut -= np.bincount(np.maximum(at - 1, 0), weights=low, minlength=places)[: places - 1]
        of_slope = -((high - low) @ rows)
        steps = np.exp(theta[1 : places - 1])
        back = np.cumsum(of_cut[::-1])[::-1]
        gradient = np.concatenate([[back[0]], back[1:] * steps, of_slope])
        value = -np.log(chance).sum() + 0.5 * RIDGE * float(slope @ slope)
        penalty = np.concatenate([np.zeros(places - 1), RIDGE * slope])
        return float(value), -gradient + penalty

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    theta = np.asarray(found.x, dtype=np.float64)
    return _cuts(theta[: places - 1]), theta[places - 1 :]


def _gaps(cuts: Floats) -> Floats:
    """Cut points as the first one and the logarithms of their distances, so that they stay in order."""
    return np.concatenate([cuts[:1], np.log(np.maximum(np.diff(cuts), 1e-3))])


def _cuts(theta: Floats) -> Floats:
    return np.cumsum(np.concatenate([theta[:1], np.exp(np.clip(theta[1:], -20, 5))]))


def _fit_choice(races: Sequence[tuple[Floats, NDArray[np.bool_]]]) -> Floats:
    """Coefficients of the conditional logit: which car of a race wins."""
    told = [(rows, won) for rows, won in races if won.any()]
    width = races[0][0].shape[1]

    def loss(slope: Floats) -> tuple[float, Floats]:
        value, gradient = 0.5 * RIDGE * float(slope @ slope), RIDGE * slope
        for rows, won in told:
            chance = _softmax(rows @ slope)
            value -= float(np.log(np.maximum(chance[won].sum(), 1e-12)))
            gradient = gradient - (rows[won].sum(axis=0) - chance @ rows)
        return value, gradient

    found = minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def _softmax(level: Floats) -> Floats:
    odds = np.exp(level - level.max())
    return odds / odds.sum()
