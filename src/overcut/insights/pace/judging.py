"""Which laps tell a car's pace, and why does each other lap not?"""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.insights.pace.gaps import road_gaps
from overcut.insights.pace.verdicts import Verdict

TRAFFIC_GAP_S = 2.0
"""Closer than this behind another car its air costs time. (Followers say that they feel two seconds; the choice is
examined in docs/concepts/pace.md.)"""

SLOW_SHARE = 1.07
"""Race laps slower than this share of the race's median lap are no laps at racing speed."""

WET_FIELD_SHARE = 0.25
"""Where this share of the cars on a lap runs on rain tyres the track is not dry for the others either."""

SLOW_SHARE_IN_PRACTICE = 1.12
"""The same outside races, of the quickest lap: a long run on eighty kilograms is seven per cent off it, a cool lap
thirty."""

DRIZZLE_S = 600.0
"""Rain that the station reports counts where a car is on rain tyres within ten minutes of it, before or after. Nobody
reached for them in the drizzle of whole races (Spain 2018, Monaco 2019), and their laps are as good as dry ones."""

DRYING_S = 1_200.0
"""For so long after rain, or after so many rain tyres, slicks meet damp patches: twenty minutes."""

WET_TYRES = ("INTERMEDIATE", "WET")
UNKNOWN_TYRES = ("UNKNOWN", "TEST_UNKNOWN")
DOUBTFUL_REASONS = ("sectors_disagree", "too_long")
COUNTED = (Verdict.CLEAN, Verdict.TRAFFIC)
"""Verdicts of laps that the race model reads; those in traffic with a term of their own."""


def judged(laps: pl.DataFrame, weather: pl.DataFrame | None, *, race: bool) -> pl.DataFrame:
    """The laps with a ``verdict`` each, and what it rests on.

    Args:
        laps: one session's lap table (``domain.tables``: laps).
        weather: its weather table; None or empty where none was recorded, and then only tyres tell of rain.
        race: whether cars raced each other (a race or a sprint); elsewhere there are no first laps and no fights.

    Returns:
        The same rows in the same order with ``gap_start_s``, ``gap_end_s`` (to the next car ahead on the road; inf for
        none), ``age_laps`` (laps on the set when the lap began), ``verdict`` (a `Verdict`'s value).
    """
    gaps = road_gaps(laps)
    table = laps.with_columns(
        pl.Series("gap_start_s", gaps.at_start_s),
        pl.Series("gap_end_s", gaps.at_end_s),
        pl.Series("_fought", gaps.fought),
        (pl.col("tyre_life") - 1).clip(0).cast(pl.Float64).alias("age_laps"),
        _rain(laps, weather),
    )
    wet_tyre = pl.col("compound").is_in(WET_TYRES).fill_null(False)
    if race:
        table = table.with_columns((wet_tyre.mean().over("lap") >= WET_FIELD_SHARE).alias("_wet_field"))
        soaked = table.filter(pl.col("_wet_field")).select("lap_end_s")["lap_end_s"]
        table = table.with_columns(_rain=pl.col("_rain") | _after(table["lap_end_s"], soaked))
    status = pl.col("track_status").fill_null("")
    outright = _first(
        (Verdict.FIRST_LAP, (pl.col("lap") == 1) & race),
        (Verdict.NO_TIME, pl.col("lap_time_s").is_null() | pl.col("generated").fill_null(False)),
        (Verdict.IN_LAP, pl.col("pit_in").fill_null(False)),
        (Verdict.OUT_LAP, pl.col("pit_out").fill_null(False)),
        (Verdict.RED_FLAG, status.str.contains("5")),
        (Verdict.NEUTRALISED, status.str.contains("[467]")),
        (Verdict.YELLOW, status.str.contains("2")),
        (Verdict.DOUBTFUL, pl.col("accuracy_reason").is_in(DOUBTFUL_REASONS).fill_null(False)),
        (Verdict.WET, wet_tyre | pl.col("_rain")),
        (
            Verdict.UNKNOWN_TYRE,
            pl.col("compound").is_null() | pl.col("compound").is_in(UNKNOWN_TYRES) | pl.col("tyre_life").is_null(),
        ),
    )
    table = table.with_columns(outright.alias("verdict"))
    at_speed = pl.col("lap_time_s").filter(pl.col("verdict") == Verdict.CLEAN.value)
    slowest = SLOW_SHARE * at_speed.median() if race else SLOW_SHARE_IN_PRACTICE * at_speed.min()
    near = pl.min_horizontal("gap_start_s", "gap_end_s") < TRAFFIC_GAP_S
    rest = _first(
        (Verdict.SLOW, pl.col("lap_time_s") > slowest),
        (Verdict.FIGHT, pl.col("_fought") & race),
        (Verdict.TRAFFIC, near),
    )
    undecided = pl.col("verdict") == Verdict.CLEAN.value
    decided = pl.when(undecided).then(rest).otherwise(pl.col("verdict"))
    return table.with_columns(decided.alias("verdict")).drop("_fought", "_rain", "_wet_field", strict=False)


def _first(*cases: tuple[Verdict, pl.Expr]) -> pl.Expr:
    """The first verdict whose condition holds; clean where none does."""
    decided = pl.lit(Verdict.CLEAN.value)
    for verdict, condition in reversed(cases):
        decided = pl.when(condition).then(pl.lit(verdict.value)).otherwise(decided)
    return decided


def _rain(laps: pl.DataFrame, weather: pl.DataFrame | None) -> pl.Series:
    """Whether it rained in earnest as the lap ended, or within `DRYING_S` before."""
    dry = pl.repeat(False, laps.height, dtype=pl.Boolean, eager=True).alias("_rain")
    if weather is None or weather.is_empty():
        return dry
    rain = (weather.filter(pl.col("rainfall").fill_null(False))["t_ms"] / 1000).sort().to_numpy()
    shod = laps.filter(pl.col("compound").is_in(WET_TYRES))["lap_end_s"].drop_nulls().sort().to_numpy()
    if not len(rain) or not len(shod):
        return dry
    after = np.searchsorted(shod, rain)
    to_next = shod[np.minimum(after, len(shod) - 1)] - rain
    to_last = rain - shod[np.maximum(after - 1, 0)]
    earnest = np.minimum(np.abs(to_next), np.abs(to_last)) <= DRIZZLE_S
    return _after(laps["lap_end_s"], pl.Series(rain[earnest])).alias("_rain")


def _after(ends: pl.Series, moments: pl.Series) -> pl.Series:
    """Whether laps ended within `DRYING_S` after one of these moments (seconds of the session)."""
    edges = moments.drop_nulls().sort().to_numpy()
    when = ends.fill_null(-1e9).to_numpy()
    last = np.searchsorted(edges, when, side="right") - 1
    if not len(edges):
        return pl.repeat(False, len(when), dtype=pl.Boolean, eager=True)
    return pl.Series((last >= 0) & (when - edges[np.maximum(last, 0)] <= DRYING_S))
