"""How recorded races went, from their laps: passes on track, stops, neutralisations."""

from __future__ import annotations

import polars as pl

from overcut.lake.features.past import Course

_CAR = ("session_key", "driver_number")


def courses_of(laps: pl.DataFrame) -> dict[str, Course]:
    """Races by session key; those whose laps do not say who was in the pits are left out.

    A pass on track: of two cars next to each other at the line, the one behind is ahead one lap later, and neither was
    in the pits meanwhile. A neutralisation: laps in a row of which any car saw a safety car, virtual or real, or a
    red flag.

    Args:
        laps: all laps of the races (``session_key``, ``driver_number``, ``lap``, ``position``, ``pit_in``,
            ``pit_out``, ``track_status``).
    """
    told = laps.group_by("session_key").agg(pl.col("pit_in").is_not_null().any().alias("told")).filter("told")
    laps = laps.join(told.select("session_key"), on="session_key").with_columns(
        pl.col("pit_in", "pit_out").fill_null(value=False),
        pl.col("track_status").fill_null("").str.contains("[4567]").alias("neutral"),
    )
    counted = laps.group_by("session_key").agg(
        pl.col("driver_number").n_unique().alias("cars"),
        pl.len().alias("car_laps"),
        pl.col("pit_in").sum().alias("stops"),
        pl.col("neutral").sum().alias("neutral_laps"),
    )
    by_lap = laps.group_by("session_key", "lap").agg(pl.col("neutral").any()).sort("session_key", "lap")
    begins = pl.col("neutral") & ~pl.col("neutral").shift(1).over("session_key").fill_null(value=False)
    calls = by_lap.group_by("session_key").agg(begins.sum().alias("safety_cars"))
    table = (
        counted.join(calls, on="session_key")
        .join(_passes(laps), on="session_key", how="left")
        .with_columns(pl.col("passes").fill_null(0))
        .select("session_key", "cars", "car_laps", "passes", "stops", "safety_cars", "neutral_laps")
    )
    return {key: Course(*row) for key, *row in table.iter_rows()}


def _passes(laps: pl.DataFrame) -> pl.DataFrame:
    """Passes on track by session key."""
    following = laps.select(
        *_CAR, pl.col("lap") - 1, pl.col("position").alias("next"), (pl.col("pit_in") | pl.col("pit_out")).alias("pits")
    )
    moved = (
        laps.select(*_CAR, "lap", "position", "pit_in")
        .join(following, on=[*_CAR, "lap"])
        .filter(~pl.col("pit_in") & ~pl.col("pits") & pl.col("position").is_not_null() & pl.col("next").is_not_null())
    )
    ahead = moved.select("session_key", "lap", pl.col("position") + 1, pl.col("next").alias("ahead_next"))
    pairs = moved.join(ahead, on=["session_key", "lap", "position"])
    passed = pairs.filter(pl.col("next") < pl.col("ahead_next"))
    return passed.group_by("session_key").agg(pl.len().alias("passes"))
