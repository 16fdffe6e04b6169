"""What one race tells of tyres and fuel, and how fast each car was in it.

Clear laps of one race, on a lap of 90 s (each race's median lap is scaled to it):

    lap = level + car + [compound] + wear[compound] * age + slope * left + waves(lap) + common(lap) + set(lap) + noise

``left`` is the share of the Grand Prix distance still to go, so ``slope`` is fuel and track evolution together. Wear,
fuel and evolution all run with the lap. What tells them apart is sets of different ages on the same lap, which is why
what is common to a lap has a term of its own and why a set may differ only a little: ``set(lap)`` is a level, a trend
and a drift that fades (first-order autoregression), so that twenty laps of one set are no twenty witnesses of its wear.
All but the six figures of `FIGURES` is integrated out, so that a race is told by a 6 x 6 information matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.fitting.reading import RaceFacts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REFERENCE_LAP_S = 90.0
FIGURES = ("soft_offset", "hard_offset", "soft_wear", "medium_wear", "hard_wear", "slope")
"""What races are pooled by; seconds on a lap of 90 s, against the medium: per lap of age for wear, for the whole race
distance for the slope."""

_TYRES = {"SOFT": 0, "MEDIUM": 1, "HARD": 2}
_WAVES = 4
_TAIL_S = 0.6
"""Residual at which a lap counts half: Student's t rather than normal, so that slow laps do not bend the wear."""
_ROUNDS = 3


@dataclass(frozen=True)
class Spread:
    """How far things differ within a race, seconds on a lap of 90 s; from the variogram of the races to 2022.

    Attributes:
        lap_s: one lap's, outliers apart. ``drift_s``: of the drift within a set, of which a lap keeps ``drift_kept``.
        set_s: a set's level. ``set_wear_s``: its wear per lap, against its compound's. ``car_s``: cars, wide.
        wave_s: the uneven part of the track's evolution. ``common_s``: what all cars share on one lap.
    """

    lap_s: float = 0.18
    drift_s: float = 0.33
    drift_kept: float = 0.9
    set_s: float = 0.08
    set_wear_s: float = 0.006
    car_s: float = 1.0
    wave_s: float = 0.2
    common_s: float = 0.12


@dataclass(frozen=True)
class RaceLaps:
    """The clear laps of one race as numbers, n of them.

    Attributes:
        facts: of the race. ``base_s``: its median lap.
        y: (n,) seconds on a lap of 90 s, less 90. ``figures``: (n, 6) columns of `FIGURES`.
        car: (n,) index into ``cars``, driver numbers. ``by_set``: the rows of each set, in the order of laps.
        near: (n, 5) rows of each lap and its neighbours on the set.
        age, lap: (n,) laps done on the set before this one; lap of the race.
        tyre: (n,) 0 soft, 1 medium, 2 hard.
    """

    facts: RaceFacts
    base_s: float
    y: Floats
    figures: Floats
    cars: tuple[str, ...]
    car: Ints
    by_set: tuple[Ints, ...]
    near: Ints
    age: Floats
    lap: Floats
    tyre: Ints

    def ordinary_s(self, paces: CarPaces, figures: Floats, car: str, lap: float, tyre: str, age: float) -> float | None:
        """What an ordinary lap of a car takes, in the race's own seconds; None on a tyre for water."""
        place = _TYRES.get(tyre)
        if place is None:
            return None
        offset = (figures[0], 0.0, figures[1])[place] + figures[2 + place] * max(age, 0.0)
        left = (self.facts.laps - lap) / self.facts.full_laps
        told = float(paces.pace[self.cars.index(car)] + offset + figures[5] * left)
        return paces.level_s + told * self.base_s / REFERENCE_LAP_S


@dataclass(frozen=True)
class Told:
    """What a race tells of the figures: ``information`` (6, 6) and ``score`` (6,), as of a normal likelihood."""

    information: Floats
    score: Floats
    weights: Floats


@dataclass(frozen=True)
class CarPaces:
    """How fast the cars of a race were, given its tyres and fuel.

    Attributes:
        level_s: a lap of the middle of the field on new mediums at the end, in the race's own seconds.
        pace, sd: (cars,) seconds on a lap of 90 s, against the level.
        residual: (n,) what the laps leave unexplained: the set's level and drift, and noise.
    """

    level_s: float
    pace: Floats
    sd: Floats
    residual: Floats


def race_laps(facts: RaceFacts, laps: pl.DataFrame) -> RaceLaps:
    """The numbers of one race's `clean_laps.telling` laps."""
    base = float(laps["base_s"][0])
    tyre = laps["tyre"].replace_strict(_TYRES, return_dtype=pl.Int64).to_numpy()
    age = np.maximum(laps["tyre_life"].to_numpy().astype(np.float64) - 1.0, 0.0)
    lap = laps["lap"].to_numpy().astype(np.float64)
    left = (facts.laps - lap) / facts.full_laps
    soft, medium, hard = (tyre == place for place in range(3))
    names = laps["driver_number"].to_numpy().astype(str)
    cars, car = np.unique(names, return_inverse=True)
    own = car * 1000 + laps["stint"].fill_null(0).to_numpy().astype(np.int64)
    order = np.lexsort((lap, own))
    by_set = tuple(np.split(order, np.flatnonzero(np.diff(own[order])) + 1))
    return RaceLaps(
        facts=facts,
        base_s=base,
        y=laps["lap_time_s"].to_numpy() * (REFERENCE_LAP_S / base) - REFERENCE_LAP_S,
        figures=np.column_stack([soft, hard, soft * age, medium * age, hard * age, left]).astype(np.float64),
        cars=tuple(str(name) for name in cars),
        car=car.astype(np.int64),
        by_set=by_set,
        near=_neighbours(by_set, len(names)),
        age=age,
        lap=lap,
        tyre=tyre,
    )


def told(race: RaceLaps, spread: Spread, prior: Floats, prior_sd: Floats) -> Told:
    """What the race tells of the figures, everything else integrated out.

    Args:
        race: its laps. ``spread``: within the race.
        prior, prior_sd: (6,) about where the figures lie; used only to find the laps that are outliers.
    """
    columns, variances = _others(race, spread)
    both = np.column_stack([race.figures, columns])
    known = np.concatenate([1.0 / prior_sd**2, 1.0 / variances])
    k, weights = len(prior), np.ones(len(race.y))
    for _ in range(_ROUNDS):
        white = _whitened(race, spread, weights, np.column_stack([both, race.y]))
        normal = white[:, :-1].T @ white[:, :-1] + np.diag(known)
        right = white[:, :-1].T @ white[:, -1]
        right[:k] += prior / prior_sd**2
        left = race.y - both @ np.linalg.solve(normal, right)
        weights = 1.0 / (1.0 + ((left - _smoothed(race, left)) / _TAIL_S) ** 2)
    white = _whitened(race, spread, weights, np.column_stack([both, race.y]))
    figures, others, y = white[:, :k], white[:, k:-1], white[:, -1]
    within = others.T @ others + np.diag(1.0 / variances)
    cross = others.T @ figures
    shared = np.linalg.solve(within, np.column_stack([cross, others.T @ y]))
    information = figures.T @ figures - cross.T @ shared[:, :-1]
    score = figures.T @ y - cross.T @ shared[:, -1]
    return Told(0.5 * (information + information.T), score, weights)


def car_paces(race: RaceLaps, spread: Spread, figures: Floats, weights: Floats) -> CarPaces:
    """How fast each car was, and what its laps leave unexplained, where the figures are known."""
    columns, variances = _others(race, spread)
    y = race.y - race.figures @ figures
    white = _whitened(race, spread, weights, np.column_stack([columns, y]))
    covariance = np.linalg.inv(white[:, :-1].T @ white[:, :-1] + np.diag(1.0 / variances))
    found = covariance @ (white[:, :-1].T @ white[:, -1])
    cars = len(race.cars)
    pace = found[1 : 1 + cars]
    middle = float(np.median(pace))
    level = (REFERENCE_LAP_S + found[0] + middle) * race.base_s / REFERENCE_LAP_S
    # A car's own uncertainty: what all cars share (the level) tells nothing of their order.
    share = np.eye(cars) - 1.0 / cars
    sd = np.sqrt(np.diag(share @ covariance[1 : 1 + cars, 1 : 1 + cars] @ share.T))
    return CarPaces(level, pace - middle, sd, y - columns @ found)


def _others(race: RaceLaps, spread: Spread) -> tuple[Floats, Floats]:
    """Columns and prior variances of all but the figures: level, cars, waves, laps."""
    n, rows = len(race.y), np.arange(len(race.y))
    car = np.zeros((n, len(race.cars)))
    car[rows, race.car] = 1.0
    laps, of_lap = np.unique(race.lap, return_inverse=True)
    common = np.zeros((n, len(laps)))
    common[rows, of_lap] = 1.0
    columns = np.column_stack([np.ones(n), car, _waves(race.lap / race.facts.laps), common])
    variances = np.concatenate(
        [
            [25.0],
            np.full(len(race.cars), spread.car_s**2),
            (spread.wave_s / np.arange(2, 2 + _WAVES)) ** 2,
            np.full(len(laps), spread.common_s**2),
        ]
    )
    return columns, variances


def _whitened(race: RaceLaps, spread: Spread, weights: Floats, columns: Floats) -> Floats:
    """The columns in units in which laps are independent: within a set they are not."""
    white = np.empty_like(columns)
    for rows in race.by_set:
        age, lap = race.age[rows] - race.age[rows].mean(), race.lap[rows]
        covariance = (
            spread.set_s**2
            + spread.set_wear_s**2 * np.outer(age, age)
            + spread.drift_s**2 * spread.drift_kept ** np.abs(lap[:, None] - lap[None, :])
            + np.diag(spread.lap_s**2 / weights[rows])
        )
        white[rows] = np.linalg.solve(np.linalg.cholesky(covariance), columns[rows])
    return white


def _smoothed(race: RaceLaps, values: Floats) -> Floats:
    """The median of each lap's neighbours on the same set (two before, two after), itself included."""
    return np.sort(values[race.near], axis=1)[:, 2]


def _neighbours(by_set: tuple[Ints, ...], n: int) -> Ints:
    """(n, 5) Rows of each lap's neighbours on its set; at the ends of a set the last one stands for those beyond."""
    near = np.empty((n, 5), dtype=np.int64)
    for rows in by_set:
        places = np.arange(len(rows))[:, None] + np.arange(-2, 3)[None, :]
        near[rows] = rows[np.clip(places, 0, len(rows) - 1)]
    return near


def _waves(progress: Floats) -> Floats:
    """Half waves 2 to 5 over the race without their straight part, which is the slope's."""
    grid = np.linspace(0.0, 1.0, 101)
    columns: list[Floats] = []
    for k in range(2, 2 + _WAVES):
        slope, level = np.polyfit(grid, np.cos(np.pi * k * grid), 1)
        columns.append(np.cos(np.pi * k * progress) - slope * progress - level)
    return np.column_stack(columns)
