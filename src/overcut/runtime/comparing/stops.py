"""Pit stops: F1DB's against those of the timing tables."""

from __future__ import annotations

import polars as pl

from overcut.domain.tables import LakeSource
from overcut.runtime.comparing.facts import Facts
from overcut.runtime.comparing.verdicts import F1DB, TIMING, Compared, Reason, Right, told

AGREE_MS = 1_000
"""Entry and exit are not at quite the same place in both; nine in ten agree within a quarter of a second."""

LONG_MS = 90_000
_AT = ["session_key", "driver_id"]


def stops_made(facts: Facts) -> Compared:
    """On which laps each car stopped."""
    both = _both(facts)
    differ = both.filter(pl.col("stop").is_null() | pl.col("t_stop").is_null())
    through = (pl.col("tyre_life_after") > pl.col("tyre_life_before")) & (
        pl.col("compound_after") == pl.col("compound_before")
    )
    many = pl.len().over("session_key", "lap") >= _FIELD
    reasons = [
        Reason(
            pl.col("stop").is_null() & many & through,
            Right.LEFT,
            "the whole field was led through the pit lane, and went on with the same tyres: no stop",
        ),
        Reason(
            pl.col("stop").is_null() & through,
            Right.LEFT,
            "the car drove through the pit lane and went on with the same tyres: no stop",
        ),
        Reason(
            pl.col("t_stop").is_null() & pl.col("ended_in_pits"),
            Right.LEFT,
            "the laps of the timing tables end in the pits too; their stops leave it out, having no exit",
        ),
        Reason(
            pl.col("stop").is_null() & pl.col("changed"),
            Right.RIGHT,
            "the laps before and after are on different sets of tyres",
        ),
    ]
    value = pl.when(pl.col("stop").is_null()).then(pl.lit("no stop")).otherwise(pl.lit("stop"))
    t_value = pl.when(pl.col("t_stop").is_null()).then(pl.lit("no stop")).otherwise(pl.lit("stop"))
    found = told(
        differ, table="pit_stops", column="lap", left=(F1DB, value), right=(TIMING, t_value),
        row=pl.format("{} lap {}", pl.col("driver_id"), pl.col("lap")), reasons=reasons,
    )  # fmt: skip
    return Compared("pit stops by lap", both.height, found)


_FIELD = 8
"""So many cars on one lap are no coincidence of strategies."""


def lane_times(facts: Facts) -> Compared:
    """How long each stop took, entry to exit."""
    both = _both(facts).drop_nulls(["stop", "t_stop", "time_ms", "pit_lane_s"])
    differ = both.with_columns((pl.col("pit_lane_s") * 1000).round().cast(pl.Int64).alias("t_ms")).filter(
        (pl.col("t_ms") - pl.col("time_ms")).abs() > AGREE_MS
    )
    red = pl.col("track_status").str.contains("5").fill_null(value=False)
    reasons = [
        Reason(
            red & (pl.max_horizontal("t_ms", "time_ms") > LONG_MS),
            Right.RIGHT,
            "the race was stopped: the car stood in the pit lane; F1DB leaves that time out",
        ),
        Reason(
            pl.col("t_ms") > LONG_MS,
            Right.LEFT,
            "the exit is missing from the timing tables: they count to the next one",
        ),
        Reason(
            pl.col("session_key") < "2022",
            Right.UNKNOWN,
            "before 2022 one stop in thirty differs so, since then hardly any: the feed's stamps were looser, "
            "but which ones is not known",
        ),
    ]
    found = told(
        differ, table="pit_stops", column="pit_lane_s", left=(F1DB, pl.col("time_ms")), right=(TIMING, pl.col("t_ms")),
        row=pl.format("{} lap {}", pl.col("driver_id"), pl.col("lap")), reasons=reasons,
    )  # fmt: skip
    return Compared("times in the pit lane", both.height, found)


def _both(facts: Facts) -> pl.DataFrame:
    """Stops of races by driver and lap, of either source."""
    timing = facts.lake.read("pit_stops", source=LakeSource.TABLES).filter(pl.col("session_key").str.ends_with("-R"))
    ours = timing.rename({"stop": "t_stop"}).select(
        *_AT, "lap", "t_stop", "pit_lane_s", "track_status",
        *("tyre_life_before", "tyre_life_after", "compound_before", "compound_after"),
    )  # fmt: skip
    theirs = facts.f1db_stops.filter(pl.col("session_key").is_in(timing["session_key"].unique().to_list()))
    laps = facts.driven.select(*_AT, "lap", pl.col("pit_in").alias("ended_in_pits"))
    sets = facts.driven.sort(*_AT, "lap").select(
        *_AT, "lap", (pl.col("stint") != pl.col("stint").shift(-1).over(_AT)).alias("changed")
    )
    return (
        theirs.select(*_AT, "lap", "stop", "time_ms")
        .join(ours, on=[*_AT, "lap"], how="full", coalesce=True)
        .join(laps, on=[*_AT, "lap"], how="left")
        .join(sets, on=[*_AT, "lap"], how="left")
    )
