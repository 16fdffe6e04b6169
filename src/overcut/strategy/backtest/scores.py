"""How good is a forecast of final places: proper scores, calibration, and how sure each figure is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.backtest.cases import Board

Floats = NDArray[np.float64]

BINS = 10
"""Bins of the PIT histogram."""

DRAWS = 1_000
"""Bootstrap draws (design of the protocol: intervals by bootstrap over races, 1,000 draws)."""

LEVEL = 0.8


@dataclass(frozen=True)
class RaceScore:
    """One forecast of one race at one stage.

    Attributes:
        key, stage: which. ``cars``: how many were forecast.
        log_loss: of the winner, natural logarithm; NaN where the winner was not among the cars forecast.
        crps: mean over the cars, in places. ``mae``: of the median place.
        pit: (BINS,) share of the cars in each bin of the PIT, its randomisation averaged out.
        covered: share of the cars within the central 80 %, likewise. ``covered_closed``: within the closed interval of
            whole places; ``closed_mass``: what the forecast itself expects of that.
        low, high: share of the cars below the 10 % and above the 90 % quantile.
    """

    key: str
    stage: int
    cars: int
    log_loss: float
    crps: float
    mae: float
    pit: Floats
    covered: float
    covered_closed: float
    closed_mass: float
    low: float
    high: float


def score(board: Board, chances: Floats, winner: Floats) -> RaceScore:
    """Score a forecast.

    Args:
        board: the race. ``chances``: (N, places) probability of each final place, one row a car of the board.
        winner: (N,) probability to win, summing to at most 1.
    """
    places = chances.shape[1]
    upto = np.clip(np.cumsum(chances, axis=1), 0.0, 1.0)
    final: NDArray[np.int64] = np.minimum(board.final, places) - 1
    rows = np.arange(len(final))
    above = upto[rows, final]
    below = above - chances[rows, final]
    happened = np.tri(places, dtype=np.float64).T[final]  # row k: 1 from place k on
    low, high = (1.0 - LEVEL) / 2, (1.0 + LEVEL) / 2
    first, last = np.argmax(upto >= low - 1e-12, axis=1), np.argmax(upto >= high - 1e-12, axis=1)
    mass = upto[rows, last] - np.where(first > 0, upto[rows, np.maximum(first - 1, 0)], 0.0)
    won = np.flatnonzero(board.final == 1)
    return RaceScore(
        key=board.key,
        stage=board.stage,
        cars=len(final),
        log_loss=float(-np.log(max(winner[won[0]], 1e-12))) if len(won) else float("nan"),
        crps=float(((upto - happened) ** 2).sum(axis=1).mean()),
        mae=float(np.abs(np.argmax(upto >= 0.5, axis=1) - final).mean()),
        pit=np.array([_within(below, above, k / BINS, (k + 1) / BINS).mean() for k in range(BINS)]),
        covered=float(_within(below, above, low, high).mean()),
        covered_closed=float(((first <= final) & (final <= last)).mean()),
        closed_mass=float(mass.mean()),
        low=float(_within(below, above, 0.0, low).mean()),
        high=float(_within(below, above, high, 1.0).mean()),
    )


def _within(below: Floats, above: Floats, low: float, high: float) -> Floats:
    """Probability that the randomised PIT, uniform from ``below`` to ``above``, lies from ``low`` to ``high``.

    Source: Czado, Gneiting, Held, "Predictive model assessment for count data", Biometrics 65 (2009), section 2.1: the
    PIT histogram of a discrete forecast with its randomisation averaged out.
    """
    width = np.maximum(above - below, 1e-12)
    return np.clip((np.minimum(above, high) - np.maximum(below, low)) / width, 0.0, 1.0)


def interval(values: Sequence[float], races: Sequence[str], seed: int = 0) -> tuple[float, float, float]:
    """Mean, and its 95 % interval by bootstrap over races (a race's stages are drawn together)."""
    each = np.asarray(values, dtype=np.float64)
    keep = np.isfinite(each)
    names, index = np.unique(np.asarray(races)[keep], return_inverse=True)
    sums = np.bincount(index, weights=each[keep], minlength=len(names))
    counts = np.bincount(index, minlength=len(names)).astype(np.float64)
    if not len(names):
        return float("nan"), float("nan"), float("nan")
    drawn = np.random.default_rng(seed).integers(0, len(names), (DRAWS, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(sums.sum() / counts.sum()), float(low), float(high)


def flatness(scores: Sequence[RaceScore], seed: int = 0) -> float:
    """How likely a histogram this uneven is where forecasts are calibrated: p-value at race level.

    The cars of one race are not independent (one's gain is another's loss), nor are its stages; so races are drawn,
    not cars. The statistic is the sum of squared deviations of the bins' shares from their expectation; its
    distribution under calibration is that of bootstrap draws around their own mean.
    """
    names = sorted({one.key for one in scores})
    if len(names) < 3:
        return float("nan")
    of = {name: index for index, name in enumerate(names)}
    counts, cars = np.zeros((len(names), BINS)), np.zeros(len(names))
    for one in scores:
        counts[of[one.key]] += one.pit * one.cars
        cars[of[one.key]] += one.cars
    off = counts - cars[:, None] / BINS
    total = cars.sum()
    found = float(((off.sum(axis=0) / total) ** 2).sum())
    centred = off - off.mean(axis=0)
    drawn = np.random.default_rng(seed).integers(0, len(names), (10 * DRAWS, len(names)))
    spread = ((centred[drawn].sum(axis=1) / total) ** 2).sum(axis=1)
    return float((1 + (spread >= found).sum()) / (1 + len(spread)))
