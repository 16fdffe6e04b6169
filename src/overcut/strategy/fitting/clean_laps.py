"""Which laps tell how fast a car could go: dry, green, in clear air, not the first ones, not around a stop?"""

from __future__ import annotations

import polars as pl

from overcut.strategy.fitting.reading import WATER, Recorded

CLEAR_AHEAD_S = 2.0
"""Gap to the car in front at the start of a lap that counts as clear air; at its end `CLEAR_AT_END_S`."""
CLEAR_AT_END_S = 1.5
LAPPED_WITHIN_S = 1.5
"""A car whose crossing of the line is followed so soon by one that laps it was held up by blue flags."""
FIRST_LAP = 3
SLOW = 1.05
"""Laps beyond so many times the race's median tell of something else; milder outliers are weighted down."""
LEAST_LAPS = 100
"""Races with fewer such laps (wet ones, short ones) tell nothing of tyres."""
_WATER_SHARE = 0.05
_DRIES_LAPS = 4


def judged(read: Recorded) -> pl.DataFrame:
    """All laps with what speaks against them.

    Adds ``ahead_start_s``, ``ahead_end_s`` (gap to the car that crossed the line before it, whoever that was),
    ``lapped`` (blue flags), ``water`` (cars on intermediates or wets on a lap nearby), ``green``, ``dry`` and
    ``clear``.
    """
    laps = _with_water(_with_gaps(read.laps))
    dry = pl.col("tyre").is_in(["SOFT", "MEDIUM", "HARD"]) & (pl.col("water") < _WATER_SHARE)
    green = (
        (pl.col("track_status") == "1")
        & ~pl.col("pit_in").fill_null(value=False)
        & ~pl.col("pit_out").fill_null(value=False)
        & pl.col("lap_time_s").is_not_null()
    )
    clear = (
        (pl.col("ahead_start_s") > CLEAR_AHEAD_S)
        & (pl.col("ahead_end_s") > CLEAR_AT_END_S)
        & ~pl.col("lapped").fill_null(value=False)
        & (pl.col("lap") >= FIRST_LAP)
    )
    return laps.with_columns(
        green.fill_null(value=False).alias("green"),
        dry.fill_null(value=False).alias("dry"),
        clear.fill_null(value=False).alias("clear"),
    )


def telling(laps: pl.DataFrame) -> pl.DataFrame:
    """Only the laps that tell of pace, of the races with enough of them; with ``base_s``, their median by race."""
    found = laps.filter(
        pl.col("green") & pl.col("dry") & pl.col("clear") & pl.col("tyre_life").is_not_null()
    ).with_columns(pl.col("lap_time_s").median().over("session_key").alias("base_s"))
    found = found.filter(pl.col("lap_time_s") < SLOW * pl.col("base_s"))
    return found.filter(pl.len().over("session_key") >= LEAST_LAPS).sort("session_key", "driver_number", "lap")


def _with_gaps(laps: pl.DataFrame) -> pl.DataFrame:
    """Gaps on the road: to the crossing of the line before, and whether one who laps this car follows at once."""
    crossings = laps.select("session_key", "driver_number", "lap", "lap_end_s").drop_nulls().sort(
        "session_key", "lap_end_s"
    ).with_columns(
        pl.col("lap_end_s").diff().over("session_key").alias("ahead_end_s"),
        (
            (pl.col("lap_end_s").shift(-1) - pl.col("lap_end_s") < LAPPED_WITHIN_S)
            & (pl.col("lap").shift(-1) > pl.col("lap"))
        ).over("session_key").alias("lapped"),
    )  # fmt: skip
    of_lap = ["session_key", "driver_number", "lap"]
    before = crossings.select(
        "session_key",
        "driver_number",
        (pl.col("lap") + 1).alias("lap"),
        pl.col("ahead_end_s").alias("ahead_start_s"),
    )
    return laps.join(crossings.drop("lap_end_s"), on=of_lap, how="left").join(before, on=of_lap, how="left")


def _with_water(laps: pl.DataFrame) -> pl.DataFrame:
    """The largest share of cars on intermediates or wets from four laps before this one to the next."""
    share = (
        laps.group_by("session_key", "lap")
        .agg(pl.col("tyre").is_in(WATER).fill_null(value=False).mean().alias("share"))
        .sort("session_key", "lap")
        .with_columns(
            pl.max_horizontal(
                [pl.col("share").shift(k).over("session_key").fill_null(0.0) for k in range(-1, _DRIES_LAPS + 1)]
            ).alias("water")
        )
    )
    return laps.join(share.select("session_key", "lap", "water"), on=["session_key", "lap"], how="left")
