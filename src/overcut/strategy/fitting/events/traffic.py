"""What other cars do to a lap: following, being held up, passing, being lapped.

The figures are estimated as the simulator uses them. It lets each car drive its free lap, and asks at the line by how
many seconds ``a`` it would be ahead of the car in front. We do not see ``a`` of a car that was held up, but know what
its free lap would have been about (`with_free_pace`) and how much laps scatter. A car that ends the lap more than
`BLOCKED_S` behind was not held up, so it tells nothing; of the others (passed, or close behind) we know ``a > -1``, and
the probability of a pass is that of the simulator averaged over what ``a`` may have been:
``E[ [a > 0] logistic(b + b1 min(3, a) + help + train) | a > -1 ]``. b, per circuit and season, is found by its
likelihood over all such laps that began within three seconds of another car.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, ndtr, ndtri

from overcut.strategy.fitting.events.free_pace import green_laps, with_free_pace
from overcut.strategy.fitting.events.lapping import blue_flag_cost
from overcut.strategy.fitting.events.mixed import Floats, Grouping, fitted, normal
from overcut.strategy.fitting.events.pooling import pooled
from overcut.strategy.fitting.events.seen import Seen
from overcut.strategy.model import TrafficModel
from overcut.strategy.parameters.events import Pooled

SHARES = (np.arange(9) + 0.5) / 9
"""The scatter of a lap, as nine equally likely places in its distribution."""
BLOCKED_S = 1.0
"""A car that ends a lap further behind drove its own lap."""
NEAR_S = 3.0
MOST_S = 3.0
_FEWEST_PASSES = 30
_SLOPE_SD = 0.1
"""How far a second, help and a train may be from what is believed of them: little, for free laps of cars that seldom
had one are known badly, and such errors make seconds look worth more and the level lower."""
CROWDING = -1.5
"""Added to the fitted log-odds in a simulation. Simulated cars end nearly twice as many laps within a second of
another as real ones (which hold back; the simulator keeps every car that is held up at one gap), so passes per race
match only with fewer chances taken. Chosen on the 2022 season, by passes per race simulated from the grid."""
_KNOWN_S = 0.1
"""Dirty air is learned from cars whose free pace is known so well."""


@dataclass(frozen=True)
class Traffic:
    """The fit: figures that are the same everywhere, and the two that differ by circuit and season."""

    shared: TrafficModel
    pass_intercept: Pooled
    dirty_air: Pooled
    laps: pl.DataFrame


def fit_traffic(seen: Seen, prior: TrafficModel, priors: tuple[Pooled, Pooled]) -> Traffic:
    """Everything in `TrafficModel`; where there is too little to learn from, the prior."""
    laps, _ = with_free_pace(green_laps(seen))
    near = encounters(laps)
    if int(near["passed"].sum()) < _FEWEST_PASSES:
        return Traffic(prior, priors[0], priors[1], near)
    dirty = _dirty_air(laps, prior, priors[1])
    advantage, spread = _advantage(near, dirty, prior)
    shared, offsets = _slopes(near, advantage, spread, prior)
    intercept = _intercepts(near, advantage, spread, offsets, shared)
    held = near.filter(~pl.col("passed") & (pl.col("advantage") > 1.0))["end_gap"]
    model = TrafficModel(
        follow_s=round(float(np.median(held.to_numpy())), 3) if held.len() else prior.follow_s,
        dirty_air_s=dirty.level,
        dirty_air_range_s=prior.dirty_air_range_s,
        pass_intercept=intercept.level,
        pass_per_s=shared["pass_per_s"],
        drs=shared["drs"],
        train=shared["train"],
        blue_flag_s=blue_flag_cost(seen, laps, prior.blue_flag_s),
        lapping_s=prior.lapping_s,
        lap_one_free=prior.lap_one_free,
        pass_cost_s=prior.pass_cost_s,
        passed_cost_s=_passed_cost(laps, near, prior.passed_cost_s),
    )
    return Traffic(model, intercept, dirty, near)


def encounters(laps: pl.DataFrame) -> pl.DataFrame:
    """Laps that began within `NEAR_S` of a car whose lap was clean too.

    Adds ``advantage``: by how many seconds the car would be ahead at the line, driving its free lap; ``passed``;
    ``end_gap``: how far behind it was; ``help``, ``train``: whether it, and the car in front, began within the help gap
    of the one ahead, when help is allowed (from the third green lap on).
    """
    return (
        laps.filter(pl.col("front_clean").fill_null(value=False) & (pl.col("ahead_s") < NEAR_S))
        .with_columns(
            (pl.col("front_end_s") - (pl.col("lap_end_s") - pl.col("lap_time_s")) - pl.col("free_s")).alias(
                "advantage"
            ),
            (pl.col("lap_end_s") < pl.col("front_end_s")).alias("passed"),
            (pl.col("lap_end_s") - pl.col("front_end_s")).alias("end_gap"),
            ((pl.col("ahead_s") <= 1.0) & (pl.col("clean_run") >= 3)).alias("help"),
            ((pl.col("front_ahead_s").fill_null(9.0) <= 1.0) & (pl.col("clean_run") >= 3)).alias("train"),
        )
        .filter(pl.col("advantage").is_between(-8.0, 8.0) & (pl.col("lap_time_s") < 1.15 * pl.col("free_s")))
    )


def chance(advantage: Floats, spread: Floats, log_odds: Floats, per_s: float) -> tuple[Floats, Floats]:
    """Probability of a pass, and its slope in the log-odds, averaged over how far ahead the car would have been."""
    ahead = likely(advantage, spread)
    each = np.where(ahead > 0, _logistic(log_odds[:, None] + per_s * np.minimum(MOST_S, ahead)), 0.0)
    return each.mean(axis=1), (each * (1.0 - each)).mean(axis=1)


def likely(advantage: Floats, spread: Floats) -> Floats:
    """(laps, 9): by how many seconds each car may have been ahead at the line, given that it was not far behind."""
    below = _share_below((-BLOCKED_S - advantage) / spread)
    return advantage[:, None] + spread[:, None] * ndtri(below[:, None] + (1.0 - below[:, None]) * SHARES)


def _share_below(deviates: Floats) -> Floats:
    """Share of a normal distribution below some deviates, bounded so that something is left above."""
    return np.minimum(ndtr(deviates), 1.0 - 1e-6)


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(expit(log_odds), dtype=np.float64)


def _tells(near: pl.DataFrame) -> NDArray[np.bool_]:
    """Laps that ended in a pass or close behind."""
    return near.select(pl.col("passed") | (pl.col("end_gap") <= BLOCKED_S)).to_series().to_numpy()


def _advantage(near: pl.DataFrame, dirty: Pooled, prior: TrafficModel) -> tuple[Floats, Floats]:
    """By how much each car would be ahead after what dirty air costs it, and how unsure that is."""
    loss = {
        (circuit, season): dirty.at(circuit, season).mean
        for circuit, season in near.select("circuit_id", "season").unique().iter_rows()
    }
    pairs = zip(near["circuit_id"].to_list(), near["season"].to_list(), strict=True)
    each = np.array([loss[pair] for pair in pairs])
    share = np.maximum(0.0, 1.0 - near["ahead_s"].to_numpy() / prior.dirty_air_range_s)
    spread = np.hypot(near["lap_sd"].to_numpy(), near["free_sd"].to_numpy())
    return near["advantage"].to_numpy() - each * share, spread


def _slopes(
    near: pl.DataFrame, advantage: Floats, spread: Floats, prior: TrafficModel
) -> tuple[dict[str, float], Floats]:
    """What a second, help and a train add to the log-odds; and help and train of each row.

    A level per circuit is estimated along, for help and easy circuits go together.
    """
    use = _tells(near)
    helped = near["help"].cast(pl.Float64).to_numpy()
    train = helped * near["train"].cast(pl.Float64).to_numpy()
    names, codes = np.unique(near["circuit_id"].to_numpy().astype(str), return_inverse=True)
    passed = near["passed"].cast(pl.Float64).to_numpy()
    start = np.array([prior.pass_per_s, prior.drs, prior.train, *([prior.pass_intercept.mean] * len(names))])
    a, s, y, h, t = (x[use] for x in (advantage, spread, passed, helped, train))
    c = codes[use].astype(np.intp)

    ahead = likely(a, s)

    def loss(theta: Floats) -> tuple[float, Floats]:
        per_s, drs, in_train = theta[:3]
        odds = theta[3:][c] + drs * h + in_train * t
        seconds = np.minimum(MOST_S, ahead)
        each = np.where(ahead > 0, _logistic(odds[:, None] + per_s * seconds), 0.0)
        total = np.clip(each.mean(axis=1), 1e-9, 1 - 1e-9)
        steep = each * (1 - each)
        told = y * np.log(total) + (1 - y) * np.log1p(-total)
        outer = y / total - (1 - y) / (1 - total)
        by_odds = outer * steep.mean(axis=1)
        by_second = outer * (steep * seconds).mean(axis=1)
        middle = theta[3:].mean()
        pull = (theta[3:] - middle) / 0.7**2
        slope = np.concatenate(
            [
                [by_second.sum(), by_odds @ h, by_odds @ t],
                np.bincount(c, weights=by_odds, minlength=len(names)) - pull,
            ]
        )
        slope[:3] -= (theta[:3] - start[:3]) / _SLOPE_SD**2
        penalty = 0.5 * float(
            np.sum((theta[3:] - middle) ** 2) / 0.7**2 + np.sum((theta[:3] - start[:3]) ** 2) / _SLOPE_SD**2
        )
        return float(-told.sum() + penalty), -slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    shared = {name: round(float(found[k]), 4) for k, name in enumerate(("pass_per_s", "drs", "train"))}
    return shared, shared["drs"] * helped + shared["train"] * train


def _intercepts(
    near: pl.DataFrame, advantage: Floats, spread: Floats, offsets: Floats, shared: dict[str, float]
) -> Pooled:
    """Log-odds by circuit and season: the likelihood of all laps of a circuit and season hangs on one number."""
    use = _tells(near)
    cells = near.filter(pl.Series(use)).select("circuit_id", "season")
    keys = (cells["circuit_id"] + "/" + cells["season"].cast(pl.String)).to_numpy().astype(str)
    names, codes = np.unique(keys, return_inverse=True)
    a, s, offset = advantage[use], spread[use], offsets[use]
    passed = near["passed"].cast(pl.Float64).to_numpy()[use]

    def curve(eta: Floats) -> tuple[Floats, Floats]:
        total, slope = chance(a, s, eta[codes] + offset, shared["pass_per_s"])
        total = np.clip(total, 1e-9, 1 - 1e-9)
        outer = passed / total - (1 - passed) / (1 - total)
        information = slope**2 / (total * (1 - total))
        return _by(codes, outer * slope, len(names)), _by(codes, information, len(names))

    where, when = zip(*(name.rsplit("/", 1) for name in names.tolist()), strict=True)
    groupings = {"circuit": Grouping.of(where, 0.5), "season": Grouping.of(when, 0.2)}
    return pooled(fitted(curve, 0.0, groupings, rounds=12), "circuit", "season")


def _by(codes: NDArray[np.intp], values: Floats, size: int) -> Floats:
    return np.bincount(codes, weights=values, minlength=size).astype(np.float64)


def _dirty_air(laps: pl.DataFrame, prior: TrafficModel, before: Pooled) -> Pooled:
    """Loss right behind another car, from laps begun 1 to 4 seconds behind one that would not have been reached.

    Nearer ones are left out: with help from the car in front they are quicker, and a car that is near although its
    pace should have let it fall back is one whose pace we underrate.
    """
    reach = prior.dirty_air_range_s
    rows = laps.filter(
        pl.col("front_clean").fill_null(value=False)
        & pl.col("ahead_s").is_between(1.05, 4.0)
        & (pl.col("free_sd") < _KNOWN_S)
        & ((pl.col("front_end_s") - (pl.col("lap_end_s") - pl.col("lap_time_s")) - pl.col("free_s")) < -0.8)
    ).with_columns(
        (pl.col("lap_time_s") - pl.col("free_s")).clip(-1.5, 1.5).alias("late"),
        (1.0 - pl.col("ahead_s") / reach).clip(0.0, 1.0).alias("near"),
    )
    cells = (
        rows.group_by("circuit_id", "season")
        .agg(
            pl.cov("late", "near").alias("together"),
            pl.var("near").alias("spread"),
            pl.var("late").alias("scatter"),
            pl.len().alias("n"),
        )
        .filter((pl.col("n") >= 40) & (pl.col("spread") > 0))
        .sort("circuit_id", "season")
    )
    if cells.height < 3:
        return before
    slope = (cells["together"] / cells["spread"]).to_numpy()
    variance = (cells["scatter"] / (cells["spread"] * cells["n"])).to_numpy()
    mixed = normal(
        slope,
        variance,
        {
            "circuit": Grouping.of(cells["circuit_id"].to_list(), 0.1),
            "season": Grouping.of(cells["season"].cast(pl.String).to_list(), 0.05),
        },
    )
    return pooled(mixed, "circuit", "season")


def _passed_cost(laps: pl.DataFrame, near: pl.DataFrame, prior: float) -> float:
    """What it costs to be passed, on the lap of the pass.

    Cars are passed on their slow laps, so a passed car is compared with those that kept their place although the car
    behind would have been ahead by as much (within half a second): the difference of how late both were.
    """
    front = laps.select(
        "session_key",
        "lap",
        pl.col("driver_number").alias("ahead"),
        (pl.col("lap_time_s") - pl.col("free_s")).alias("late"),
    )
    compared = (
        near.filter(pl.col("advantage").is_between(0.25, 2.75))
        .join(front, on=["session_key", "lap", "ahead"])
        .with_columns((pl.col("advantage") * 2).round().alias("bin"))
        .group_by("bin")
        .agg(
            (
                pl.col("late").filter(pl.col("passed")).median() - pl.col("late").filter(~pl.col("passed")).median()
            ).alias("cost"),
            pl.col("passed").sum().alias("n"),
        )
        .filter(pl.col("cost").is_not_null() & (pl.col("n") > 0))
        .sort("bin")
    )
    if compared.is_empty():
        return prior
    passes = compared["n"].cast(pl.Float64).to_numpy()
    found = float(np.average(compared["cost"].to_numpy(), weights=passes))
    weight = passes.sum() / (passes.sum() + 50.0)
    return round(float(np.clip(weight * found + (1 - weight) * prior, 0.0, 1.5)), 3)


def passes_by_circuit(near: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Laps begun within the help gap, and passes, by circuit."""
    counted = near.group_by("circuit_id").agg(
        (pl.col("ahead_s") <= 1.0).sum().alias("attempts"), pl.col("passed").sum().alias("passes")
    )
    return {circuit: (attempts, passes) for circuit, attempts, passes in counted.iter_rows()}
