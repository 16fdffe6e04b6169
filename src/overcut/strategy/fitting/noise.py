"""How do laps scatter: from lap to lap, in the course of a set, and from set to set?

Told apart by the variogram of what `race_model.car_paces` leaves unexplained (half the mean square of differences, as
a function of how many laps lie between): what is there at once is noise, what grows is drift that fades, and what
two sets of one car differ by beyond both is the set's own shift. Differences of one car are used throughout, so that
an error in its pace does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.fitting.race_model import CarPaces, RaceLaps
from overcut.strategy.model.circuit import NoiseModel

Floats = NDArray[np.float64]

QUANTILES = 257
_LONGEST = 12
"""Laps apart up to which drift is told; beyond, sets that wear unlike their compound would be taken for drift."""
_CUT_S = 1.5
"""Differences are cut here: what is rarer is an incident, and belongs to the tail of a lap."""
_TAIL_S = 8.0
_CORE_S = 0.6
_LEAST_PAIRS = 200


@dataclass(frozen=True)
class Scatter:
    """How laps scatter, seconds on a lap of 90 s.

    Attributes:
        model: for the simulator. ``lap_s``: a lap's standard deviation, slow laps included.
        mean_s: by how much the mean lap is slower than the core that pace was fitted to.
        scale: of a small deviation from neighbouring laps, how much is the lap's own.
    """

    model: NoiseModel
    lap_s: float
    mean_s: float
    scale: float


def scatter(races: Sequence[RaceLaps], paces: Sequence[CarPaces], prior: NoiseModel, prior_lap_s: float) -> Scatter:
    """Noise, drift and shift of sets, from all races; the prior where there are too few."""
    within, across = _differences(races, paces)
    if min(len(values) for values in (*within, across)) < _LEAST_PAIRS:
        return Scatter(prior, prior_lap_s, 0.0, 1.0)
    between = _half_square(across)
    noise, drift, kept = _fading(np.array([_half_square(values) for values in within]), between)
    shift = max(between - noise - drift, 0.0)
    core, _, _ = _fading(np.array([_core(values) ** 2 / 2.0 for values in within]), _core(across) ** 2 / 2.0)
    deviations = np.concatenate([from_neighbours(race, pace.residual) for race, pace in zip(races, paces, strict=True)])
    scale = min(core**0.5 / _core(deviations), 1.0)
    cut = np.clip(_alone(deviations, scale), -_TAIL_S, _TAIL_S)
    cut = cut - np.median(cut)
    mean, sd = float(cut.mean()), float(cut.std())
    quantiles = draws((cut - mean) / sd, QUANTILES)
    model = NoiseModel(
        quantiles=tuple(round(float(value), 4) for value in quantiles),
        stint_s=round(float(shift**0.5), 4),
        drift_s=round(float((drift * (1.0 - kept**2)) ** 0.5), 4),
        drift_kept=round(float(kept), 4),
    )
    return Scatter(model, round(sd, 4), round(mean, 4), scale)


def from_neighbours(race: RaceLaps, residual: Floats) -> Floats:
    """(m,) Each lap's deviation from the median of its four nearest on the same set, where it has them."""
    found: list[Floats] = []
    for rows in race.by_set:
        own = residual[rows]
        if len(own) < 5:
            continue
        window = np.lib.stride_tricks.sliding_window_view(own, 5)
        found.append(own[2:-2] - np.median(window[:, [0, 1, 3, 4]], axis=1))
    return np.concatenate(found) if found else np.zeros(0)


def car_noise(race: RaceLaps, residual: Floats, scale: float) -> Floats:
    """(cars,) Standard deviation of a lap of each car on a lap of 90 s; NaN where too few laps tell."""
    told: list[list[float]] = [[] for _ in race.cars]
    for rows in race.by_set:
        own = residual[rows]
        if len(own) < 5:
            continue
        window = np.lib.stride_tricks.sliding_window_view(own, 5)
        told[int(race.car[rows[0]])] += list(own[2:-2] - np.median(window[:, [0, 1, 3, 4]], axis=1))
    return np.array([_cut_sd(_alone(np.array(one), scale)) if len(one) >= 8 else np.nan for one in told])


def _alone(deviations: Floats, scale: float) -> Floats:
    """A lap's own part of its deviation from its neighbours, which scatter and drift too: less in the core, while a
    slow lap keeps its seconds.
    """
    size = np.abs(deviations)
    return np.sign(deviations) * (size - (1.0 - scale) * np.minimum(size, _CORE_S))


def _cut_sd(values: Floats) -> float:
    return float(np.sqrt(np.mean(np.clip(values, -_CUT_S, _CUT_S) ** 2)))


def _differences(races: Sequence[RaceLaps], paces: Sequence[CarPaces]) -> tuple[list[Floats], Floats]:
    """Differences of residuals 1, 2 … laps apart on a set; and between two sets of a car, lap by lap in order."""
    apart: list[Floats] = [np.zeros(0)]
    differ: list[Floats] = [np.zeros(0)]
    across: list[Floats] = [np.zeros(0)]
    for race, pace in zip(races, paces, strict=True):
        sets: dict[int, list[Floats]] = {}
        for rows in race.by_set:
            lap, own = race.lap[rows], pace.residual[rows]
            for step in range(1, min(_LONGEST, len(rows) - 1) + 1):
                apart.append(lap[step:] - lap[:-step])
                differ.append(own[step:] - own[:-step])
            middle = slice(len(own) // 4, len(own) - len(own) // 4)  # ends differ by wear that is the set's own
            sets.setdefault(int(race.car[rows[0]]), []).append(own[middle])
        for own_sets in sets.values():
            for one, other in pairwise(own_sets):
                shorter = min(len(one), len(other))
                across.append(one[:shorter] - other[:shorter])
    lags, values = np.concatenate(apart), np.concatenate(differ)
    return [values[lags == laps] for laps in range(1, _LONGEST + 1)], np.concatenate(across)


def _core(values: Floats) -> float:
    """Standard deviation by the quartiles, which outliers do not move."""
    low, high = np.quantile(values, [0.25, 0.75])
    return float((high - low) / 1.349)


def _half_square(values: Floats) -> float:
    return float(np.mean(np.clip(values, -_CUT_S, _CUT_S) ** 2) / 2.0)


def _fading(grown: Floats, between: float) -> tuple[float, float, float]:
    """Noise variance, drift variance and what a lap keeps: least squares of ``noise + drift * (1 - kept**laps)``.

    ``between``, the same of two sets of a car, bounds ``noise + drift`` and weighs as half of the lags together.
    """
    laps, best = np.arange(1, len(grown) + 1), (np.inf, 0.1, 0.0, 0.9)
    weight = (len(grown) / 2.0) ** 0.5
    for kept in np.linspace(0.6, 0.97, 38):
        design = np.column_stack([np.ones(len(laps)), 1.0 - kept**laps])
        design = np.vstack([design, [weight, weight]])
        target = np.append(grown, weight * between)
        found, *_ = np.linalg.lstsq(design, target, rcond=None)
        error = float(((design @ found - target) ** 2).sum())
        if found.min() >= 0.0 and error < best[0]:
            best = error, float(found[0]), float(found[1]), float(kept)
    return best[1:]


def draws(values: Floats, count: int) -> Floats:
    """Equally spaced quantiles whose draws, linear between them, have the mean of the values.

    The outermost are set so that the mean of each end's stretch is that of the values there: a single odd lap shall
    not stand for half a per cent of all laps.
    """
    quantiles = np.quantile(values, np.linspace(0.0, 1.0, count))
    low, high = values[values <= quantiles[1]], values[values >= quantiles[-2]]
    quantiles[0] = min(2.0 * float(low.mean()) - quantiles[1], quantiles[1])
    quantiles[-1] = max(2.0 * float(high.mean()) - quantiles[-2], quantiles[-2])
    return quantiles - float(((quantiles[1:] + quantiles[:-1]) / 2.0).mean()) + float(values.mean())
