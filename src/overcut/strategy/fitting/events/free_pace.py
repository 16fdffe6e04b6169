"""How fast could each car have gone: its lap time in free air by race, from laps that nobody held up.

One small regression per race: a level for each driver, an offset and a wear for each compound, the way the field got
quicker through the race, and a shift for each stint. All shrink, so that a driver who was in traffic all race long has
the pace of the race's field and an honest uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from overcut.strategy.fitting.events.mixed import Floats
from overcut.strategy.fitting.events.seen import DRY, Seen

FREE_S = 2.2
"""A lap begun so far behind the car in front, at least, is free."""
_DRIVER_SD, _OFFSET_SD, _WEAR_SD, _STINT_SD, _LAP_SD = 0.8, 0.6, 0.06, 0.15, 0.45
_FEWEST = 60
"""Free laps that a race must have to be learned from."""
OUTLIER = 2.5
"""Free laps further from the fit than so many deviations are left out of the second fit."""


@dataclass(frozen=True)
class RacePace:
    """Free-air pace of one race: design columns, weights of the fit and their covariance, and a lap's scatter."""

    beta: Floats
    covariance: Floats
    sd: float
    centre: float


def green_laps(seen: Seen) -> pl.DataFrame:
    """Laps of dry races at racing speed, without in- and out-laps, with ``ahead_s``: the gap to the car in front as the
    lap began (of cars on the same lap, by the line), ``end_ahead_s`` as it ended, and ``ahead``: who that was.

    Columns as `Seen.laps` and circuit_id, laps (distance), and of the car in front: its lap time, whether it too had
    a clean lap, and its own ``ahead_s``.
    """
    wet = (
        seen.laps.group_by("session_key")
        .agg((~pl.col("compound").is_in(DRY) & pl.col("compound").is_not_null()).mean().alias("wet"))
        .filter(pl.col("wet") > 0.02)["session_key"]
    )
    laps = (
        seen.laps.filter(~pl.col("session_key").is_in(wet.to_list()) & pl.col("lap_end_s").is_not_null())
        .join(seen.races.select("session_key", "circuit_id", "laps"), on="session_key")
        .with_columns(
            (
                pl.col("track_status").fill_null("1").str.contains("[4567]").not_()
                & ~pl.col("pit_in")
                & ~pl.col("pit_out")
                & (pl.col("lap") > 1)
            ).alias("clean")
        )
        .sort("session_key", "driver_number", "lap")
    )
    order = ["session_key", "lap"]
    placed = laps.sort("session_key", "lap", "lap_end_s").with_columns(
        (pl.col("lap_end_s") - pl.col("lap_end_s").shift(1).over(order)).alias("end_ahead_s"),
        pl.col("driver_number").shift(1).over(order).alias("end_ahead"),
    )
    car = ["session_key", "driver_number"]
    began = placed.sort("session_key", "driver_number", "lap").with_columns(
        pl.col("end_ahead_s").shift(1).over(car).alias("ahead_s"),
        pl.col("end_ahead").shift(1).over(car).alias("ahead"),
        pl.col("lap").shift(1).over(car).alias("previous"),
        pl.col("clean").rolling_sum(4, min_samples=1).over(car).alias("clean_run"),
    )
    front = began.select(
        "session_key",
        "lap",
        pl.col("driver_number").alias("ahead"),
        pl.col("lap_time_s").alias("front_s"),
        pl.col("lap_end_s").alias("front_end_s"),
        pl.col("clean").alias("front_clean"),
        pl.col("ahead_s").alias("front_ahead_s"),
    )
    return (
        began.filter(pl.col("clean") & (pl.col("previous") == pl.col("lap") - 1) & pl.col("lap_time_s").is_not_null())
        .join(front, on=["session_key", "lap", "ahead"], how="left")
        .sort("session_key", "driver_number", "lap")
    )


def with_free_pace(laps: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """The laps of `green_laps` with ``free_s``, ``free_sd`` (not knowing it) and ``lap_sd`` (a lap's scatter around).

    Returns:
        laps of races that can be fitted; and the middle of the races' scatter in seconds.
    """
    parts: list[pl.DataFrame] = []
    for _, race in laps.group_by("session_key", maintain_order=True):
        known = race.filter(pl.col("compound").is_in(DRY) & pl.col("tyre_life").is_not_null())
        free = _is_free(known)
        if int(free.sum()) < _FEWEST:
            continue
        design, prior = _design(known)
        times = known["lap_time_s"].to_numpy()
        pace = _race_pace(design, prior, times, free)
        predicted = design @ pace.beta + pace.centre
        variance = np.sum((design @ pace.covariance) * design, axis=1)
        parts.append(
            known.with_columns(
                pl.Series("free_s", predicted),
                pl.Series("free_sd", np.sqrt(np.maximum(variance, 0.0))),
                pl.lit(pace.sd).alias("lap_sd"),
            )
        )
    if not parts:
        return laps.clear().with_columns(
            *(pl.lit(None, dtype=pl.Float64).alias(name) for name in ("free_s", "free_sd", "lap_sd"))
        ), 0.35
    joined = pl.concat(parts)
    return joined, float(np.median(joined["lap_sd"].unique().to_numpy()))


def _is_free(laps: pl.DataFrame) -> np.ndarray:
    """Laps that nobody held up: nobody near in front, a clean and accurate one, not right after a stop."""
    return (
        laps.select(
            (pl.col("ahead_s").fill_null(99.0) > FREE_S)
            & pl.col("is_accurate").fill_null(value=False)
            & ~pl.col("track_status").fill_null("1").str.contains("2")
            & (pl.col("tyre_life") > 1)
        )
        .to_series()
        .to_numpy()
    )


def _design(laps: pl.DataFrame) -> tuple[Floats, Floats]:
    """Columns of the regression and the prior standard deviation of each one's weight."""
    lap = laps["lap"].to_numpy() / max(1, int(laps["laps"][0]))
    columns: list[Floats] = [lap[:, None] - 0.5, (lap[:, None] - 0.5) ** 2]
    sds: list[float] = [5.0, 3.0]
    drivers = laps["driver_number"].to_physical().to_numpy()
    names, codes = np.unique(drivers, return_inverse=True)
    columns.append(np.eye(len(names))[codes])
    sds += [_DRIVER_SD] * len(names)
    age = laps["tyre_life"].cast(pl.Float64).to_numpy()
    for compound in DRY:
        on = (laps["compound"] == compound).cast(pl.Float64).to_numpy()
        columns += [on[:, None], (on * (age - 10.0))[:, None]]
        sds += [_OFFSET_SD, _WEAR_SD]
    stint = np.array([f"{d}/{s}" for d, s in zip(drivers, laps["stint"].fill_null(0).to_list(), strict=True)])
    stints, which = np.unique(stint, return_inverse=True)
    columns.append(np.eye(len(stints))[which])
    sds += [_STINT_SD] * len(stints)
    design = np.concatenate(columns, axis=1)
    return design, np.array(sds)


def _race_pace(design: Floats, prior: Floats, times: Floats, free: np.ndarray) -> RacePace:
    """The ridge regression on the free laps, twice: the second time without outliers."""
    use = free.copy()
    centre = float(np.median(times[use]))
    sd = _LAP_SD
    beta, covariance = np.zeros(design.shape[1]), np.eye(design.shape[1])
    for _ in range(3):
        x, y = design[use], times[use] - centre
        precision = x.T @ x / sd**2 + np.diag(1.0 / prior**2)
        covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        beta = covariance @ (x.T @ y) / sd**2
        residual = times - centre - design @ beta
        inside = residual[use]
        sd = float(np.clip(1.4826 * np.median(np.abs(inside - np.median(inside))), 0.12, 1.5))
        use = free & (np.abs(residual) < OUTLIER * sd * 1.5)
    return RacePace(beta, covariance, sd, centre)
