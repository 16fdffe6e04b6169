"""When teams stop: the hazard of a stop at the end of a lap, by tyre age, laps left, rules, cautions and rivals."""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.strategy.fitting.events.decisions import RIVAL_S
from overcut.strategy.fitting.events.mixed import Floats, Grouping, poisson
from overcut.strategy.fitting.events.pooling import pooled
from overcut.strategy.model import StopBehaviour
from overcut.strategy.parameters.events import Pooled

AGE_KNOTS = (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)
REMAINING_KNOTS = (0.0, 0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8, 1.0)
HALF_LIFE_SEASONS = 3.0
"""Decisions of so many seasons ago count half: teams and tyres change."""
_RACE_CLUSTERING = 6.0
"""Variance of a race's number of stops over that of independent cars, about."""
_RIDGE = 0.5
"""Weight that holds neighbouring values of a curve together, and all near the prior's (in units of decisions)."""


def weights(seasons: Floats) -> Floats:
    """How much decisions of each season count."""
    if not seasons.size:
        return seasons
    return 0.5 ** ((seasons.max() - seasons) / HALF_LIFE_SEASONS)


def fit_stops(rows: pl.DataFrame, prior: StopBehaviour) -> StopBehaviour:
    """Logistic regression on `decisions`, with curves linear between knots and smooth where little was seen."""
    design, penalty, start = _design(rows, prior)
    stop = rows["stop"].cast(pl.Float64).to_numpy()
    weight = weights(rows["season"].cast(pl.Float64).to_numpy())
    best = _ridge_logistic(design, stop, weight, penalty, start)
    ages, left = len(AGE_KNOTS), len(REMAINING_KNOTS)
    age, remaining, need = best[:ages], best[ages : ages + left], best[ages + left : ages + 2 * left]
    intercept = float(age[-4])
    safety_car, virtual, rival = (round(float(value), 4) for value in best[-3:])
    return StopBehaviour(
        intercept=round(intercept, 4),
        age_knots=AGE_KNOTS,
        age=tuple(round(float(value) - intercept, 4) for value in age),
        remaining_knots=REMAINING_KNOTS,
        remaining=tuple(round(float(value), 4) for value in remaining),
        need=tuple(round(float(value), 4) for value in need),
        safety_car=safety_car,
        virtual=virtual,
        rival=rival,
        rival_s=RIVAL_S,
    )


def log_odds(rows: pl.DataFrame, behaviour: StopBehaviour) -> Floats:
    """What a behaviour says of `decisions`."""
    age, left = rows["age"].to_numpy(), rows["remaining"].to_numpy()
    caution = np.minimum(1.0, age / 0.5)
    return (
        behaviour.intercept
        + np.interp(age, behaviour.age_knots, behaviour.age)
        + np.interp(left, behaviour.remaining_knots, behaviour.remaining)
        + np.interp(left, behaviour.remaining_knots, behaviour.need) * rows["need"].to_numpy()
        + behaviour.safety_car * rows["safety_car"].to_numpy() * caution
        + behaviour.virtual * rows["virtual"].to_numpy() * caution
        + behaviour.rival * rows["rival"].to_numpy()
    )


def stop_level(rows: pl.DataFrame, behaviour: StopBehaviour) -> Pooled:
    """By how much stops at a circuit and in a season are likelier than the behaviour says, in logarithms.

    Stops of one race hang together (when one car makes a plan of two stops work, all see it), so each race's count
    and expectation are divided by `_RACE_CLUSTERING` before they are pooled.
    """
    chance = 1.0 / (1.0 + np.exp(-log_odds(rows, behaviour)))
    by_race = (
        rows.with_columns(pl.Series("expected", chance))
        .group_by("session_key", "circuit_id", "season")
        .agg(pl.col("stop").sum().cast(pl.Float64), pl.col("expected").sum())
        .sort("session_key")
    )
    mixed = poisson(
        by_race["stop"].to_numpy() / _RACE_CLUSTERING,
        by_race["expected"].to_numpy() / _RACE_CLUSTERING,
        {
            "circuit": Grouping.of(by_race["circuit_id"].to_list(), 0.2),
            "season": Grouping.of(by_race["season"].cast(pl.String).to_list(), 0.1),
        },
    )
    return pooled(mixed, "circuit", "season")


def hats(values: Floats, knots: tuple[float, ...]) -> Floats:
    """(values, knots): weights of each knot in linear interpolation."""
    return np.stack([np.interp(values, knots, row) for row in np.eye(len(knots))], axis=1)


def _design(rows: pl.DataFrame, prior: StopBehaviour) -> tuple[Floats, Floats, Floats]:
    """Columns, the quadratic penalty on their weights, and the prior's weights."""
    age, left = rows["age"].to_numpy(), rows["remaining"].to_numpy()
    curve = hats(left, REMAINING_KNOTS)
    caution = np.minimum(1.0, age / 0.5)
    flags = [rows[name].cast(pl.Float64).to_numpy() for name in ("need", "safety_car", "virtual", "rival")]
    columns = [
        hats(age, AGE_KNOTS),
        curve,
        curve * flags[0][:, None],
        (flags[1] * caution)[:, None],
        (flags[2] * caution)[:, None],
        flags[3][:, None],
    ]
    start = np.concatenate(
        [
            prior.intercept + np.interp(AGE_KNOTS, prior.age_knots, prior.age),
            np.interp(REMAINING_KNOTS, prior.remaining_knots, prior.remaining),
            np.interp(REMAINING_KNOTS, prior.remaining_knots, prior.need),
            [prior.safety_car, prior.virtual, prior.rival],
        ]
    )
    sizes = [len(AGE_KNOTS), len(REMAINING_KNOTS), len(REMAINING_KNOTS), 3]
    penalty = 0.1 * _RIDGE * np.eye(start.size)
    first = 0
    for size in sizes[:3]:
        difference = np.diff(np.eye(size), axis=0)
        penalty[first : first + size, first : first + size] += _RIDGE * difference.T @ difference
        first += size
    return np.concatenate(columns, axis=1), penalty, start


def _ridge_logistic(design: Floats, outcome: Floats, weight: Floats, penalty: Floats, start: Floats) -> Floats:
    """Newton's method for the penalised likelihood, the penalty being on what differs from ``start``."""
    best = start.copy()
    for _ in range(40):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ best, -30, 30)))
        slope = design.T @ (weight * (outcome - chance)) - penalty @ (best - start)
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, slope)
        best = best + np.clip(step, -2.0, 2.0)
        if np.max(np.abs(step)) < 1e-3:
            break
    return best
