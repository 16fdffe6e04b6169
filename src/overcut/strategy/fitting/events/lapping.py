"""What blue flags cost: the laps on which the leader lapped a car."""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.strategy.fitting.events.seen import Seen

_PSEUDO = 20.0


def blue_flag_cost(seen: Seen, laps: pl.DataFrame, prior: float) -> float:
    """Seconds that a car loses when the leader laps it: the middle of such laps against the car's free lap.

    Args:
        seen: the races. ``laps``: with ``free_s``, of `with_free_pace`.
        laps: see above.
        prior: counts as twenty of them.
    """
    leader = (
        seen.laps.filter(pl.col("lap_end_s").is_not_null())
        .group_by("session_key", "lap")
        .agg((pl.col("lap_end_s").min() * 1000).cast(pl.Int64).alias("at"))
        .sort("at")
    )
    rows = laps.select(
        "session_key",
        "lap",
        (pl.col("lap_time_s") - pl.col("free_s")).alias("late"),
        ((pl.col("lap_end_s") - pl.col("lap_time_s")) * 1000).cast(pl.Int64).alias("start"),
        (pl.col("lap_end_s") * 1000).cast(pl.Int64).alias("end"),
        pl.col("ahead_s").fill_null(9.0),
    )
    for moment in ("start", "end"):
        rows = rows.sort(moment).join_asof(
            leader.select("session_key", pl.col("at"), pl.col("lap").alias(f"led_{moment}")),
            left_on=moment, right_on="at", by="session_key", check_sortedness=False,
        )  # fmt: skip
    lapped = rows.filter(
        (pl.col("led_end") - pl.col("led_start") == 2) & (pl.col("led_end") > pl.col("lap")) & (pl.col("ahead_s") > 3.0)
    )["late"].to_numpy()
    if not lapped.size:
        return prior
    weight = lapped.size / (lapped.size + _PSEUDO)
    return round(float(np.clip(weight * np.median(lapped) + (1 - weight) * prior, 0.0, 4.0)), 3)
