"""Which of the laps so far tell how fast a car is, and how much of each was another car's doing?"""

from __future__ import annotations

import polars as pl

from overcut.strategy.situation.tyres import WATER

HELD_UP_S = 1.2
"""Behind another car by less at the line, before or after the lap: the lap tells the pace of the car in front."""

SLOW = 1.05
"""A lap this much over its car's median on the set had another reason."""


def telling_laps(stints: pl.DataFrame) -> pl.DataFrame:
    """The laps at racing speed, by car and lap, with what they say.

    Args:
        stints: laps so far as `tyres.with_stints` gives them.

    Returns:
        ``driver_number``, ``lap``, ``set_number``, ``dry``, ``age`` (laps on the set at the start), ``lap_time_s``,
        ``ahead_s`` (the smaller of the gaps on the road to the car in front, at the start and the end of the lap;
        1000 in free air), ``held`` (`HELD_UP_S`), ``water`` (on intermediates or wets).
    """
    road = (
        stints.sort("lap_end_s", "driver_number")
        .with_columns(pl.col("lap_end_s").diff().fill_null(1000.0).alias("gap_end_s"))
        .sort("driver_number", "lap")
        .with_columns(pl.col("gap_end_s").shift(1).over("driver_number").fill_null(0.0).alias("gap_start_s"))
    )
    calm = road.filter(
        (pl.col("lap") > 1)
        & pl.col("lap_time_s").is_not_null()
        & pl.col("dry").is_not_null()
        & ~pl.col("pit_in").fill_null(value=False)
        & ~pl.col("pit_out").fill_null(value=False)
        & ~pl.col("track_status").fill_null("1").str.contains("[24567]")
    )
    median = pl.col("lap_time_s").median().over("driver_number", "set_number")
    return calm.filter(pl.col("lap_time_s") < SLOW * median).select(
        "driver_number",
        pl.col("lap").cast(pl.Int64),
        pl.col("set_number").cast(pl.Int64),
        "dry",
        pl.col("age").cast(pl.Float64),
        pl.col("lap_time_s").cast(pl.Float64),
        pl.min_horizontal("gap_start_s", "gap_end_s").alias("ahead_s"),
        (pl.min_horizontal("gap_start_s", "gap_end_s") < HELD_UP_S).alias("held"),
        pl.col("dry").is_in([kind.value for kind in WATER]).alias("water"),
    )
