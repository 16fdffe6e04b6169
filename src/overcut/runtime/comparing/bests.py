"""Fastest laps and qualifying times: F1DB against the laps of the timing tables."""

from __future__ import annotations

import polars as pl

from overcut.domain.tables import LakeSource
from overcut.runtime.comparing.facts import Facts
from overcut.runtime.comparing.verdicts import F1DB, TIMING, Compared, Reason, Right, session_key, told

_WHO = pl.col("driver_id")
_AT = ["session_key", "driver_id"]


def fastest_laps(facts: Facts) -> Compared:
    """Each driver's fastest race lap: its time."""
    pairs = _fastest(facts)
    differ = pairs.filter(pl.col("time_ms") != pl.col("t_ms"))
    stopped = facts.f1db_stops.select(*_AT, "lap").unique().with_columns(pl.lit(value=True).alias("stop_then"))
    differ = differ.join(stopped, left_on=[*_AT, "t_lap"], right_on=[*_AT, "lap"], how="left")
    reasons = [
        Reason(pl.col("deleted"), Right.LEFT, "race control deleted the faster lap"),
        Reason(
            pl.col("t_lap") > pl.col("laps"),
            Right.LEFT,
            "the faster lap was driven after the end of the classified race",
        ),
        Reason(
            pl.col("stop_then") | pl.col("pit_in"),
            Right.LEFT,
            "the faster lap ended in the pit lane, whose line comes before the track's: it is no lap of the circuit",
        ),
        Reason(pl.col("t_lap") == 1, Right.LEFT, "lap 1 begins on the grid, not at the line"),
        Reason(
            (pl.col("t_lap") == pl.col("t_laps")) & pl.col("position").is_null(),
            Right.LEFT,
            "the faster lap is the one on which the car retired, in the pit lane",
        ),
        Reason(
            (pl.col("t_ms") < pl.col("time_ms")) & (pl.col("at_ms") == pl.col("time_ms")),
            Right.UNKNOWN,
            "both laps are in the timing tables; race control may have deleted the faster without a recorded message",
        ),
    ]
    found = told(
        differ, table="fastest_laps", column="time_ms", left=(F1DB, pl.col("time_ms")), right=(TIMING, pl.col("t_ms")),
        row=_WHO, reasons=reasons,
    )  # fmt: skip
    return Compared("fastest race laps", pairs.height, found)


def fastest_lap_numbers(facts: Facts) -> Compared:
    """On which lap the same fastest time was driven."""
    pairs = _fastest(facts).filter((pl.col("time_ms") == pl.col("t_ms")) & pl.col("lap").is_not_null())
    differ = pairs.filter(pl.col("lap") != pl.col("t_lap"))
    reasons = [
        Reason(pl.col("at_ms") == pl.col("time_ms"), Right.NEITHER, "the same time was driven on both laps"),
        Reason(
            pl.col("lap") > pl.col("laps"),
            Right.RIGHT,
            pl.format("the car completed only {} laps", pl.col("laps")),
        ),
        Reason(
            pl.col("t_rows") == pl.col("laps"),
            Right.RIGHT,
            pl.format(
                "the timing tables have all {} laps of the car without a hole, and another time on F1DB's lap",
                pl.col("laps"),
            ),
        ),
    ]
    found = told(
        differ, table="fastest_laps", column="lap", left=(F1DB, pl.col("lap")), right=(TIMING, pl.col("t_lap")),
        row=_WHO, reasons=reasons,
    )  # fmt: skip
    return Compared("lap numbers of fastest laps", pairs.height, found)


def qualifying_times(facts: Facts) -> Compared:
    """The best time of each driver over all parts of qualifying."""
    parts = ("time_ms", "q1_ms", "q2_ms", "q3_ms")
    told_by_f1db = (
        facts.lake.read("qualifying", source=LakeSource.F1DB)
        .filter(pl.col("session").is_in(["Q", "SQ"]))
        .with_columns(session_key(pl.col("session")), pl.min_horizontal(parts).alias("best_ms"))
        .select(*_AT, "best_ms")
        .drop_nulls()
    )
    laps = facts.laps.filter(pl.col("session").is_in(["Q", "SQ"]) & pl.col("lap_ms").is_not_null())
    kept = laps.filter(~pl.col("deleted").fill_null(value=False))
    fastest = kept.group_by(_AT).agg(pl.col("lap_ms").min().alias("t_ms"))
    deleted = laps.filter("deleted").group_by(_AT).agg(pl.col("lap_ms").alias("deleted_ms"))
    pairs = told_by_f1db.join(fastest, on=_AT, how="inner").join(deleted, on=_AT, how="left")
    all_laps = laps.group_by(_AT).agg(pl.col("lap_ms").alias("all_ms"))
    differ = pairs.filter(pl.col("best_ms") != pl.col("t_ms")).join(all_laps, on=_AT, how="left")
    reasons = [
        Reason(
            pl.col("deleted_ms").list.contains(pl.col("best_ms")),
            Right.LEFT,
            "the timing tables mark that very lap as deleted, and it stands in the published result",
        ),
        Reason(
            (pl.col("t_ms") < pl.col("best_ms")) & pl.col("all_ms").list.contains(pl.col("best_ms")),
            Right.LEFT,
            "both laps are in the timing tables: the faster was not counted (deleted without a recorded message, or of "
            "a part that did not count)",
        ),
        Reason(
            pl.col("t_ms") > pl.col("best_ms"),
            Right.LEFT,
            "the faster lap is missing from the timing tables",
        ),
    ]
    found = told(
        differ, table="qualifying", column="best_ms", left=(F1DB, pl.col("best_ms")), right=(TIMING, pl.col("t_ms")),
        row=_WHO, reasons=reasons,
    )  # fmt: skip
    return Compared("best times of qualifying", pairs.height, found)


def _fastest(facts: Facts) -> pl.DataFrame:
    """F1DB's fastest lap of each driver beside the fastest of the timing tables, and what those have on F1DB's lap."""
    timed = facts.driven.filter(pl.col("lap_ms").is_not_null())
    best = timed.sort("lap_ms", "lap").group_by(_AT, maintain_order=True).first()
    ours = best.select(*_AT, pl.col("lap").alias("t_lap"), pl.col("lap_ms").alias("t_ms"), "deleted", "pit_in")
    then = timed.select(*_AT, "lap", pl.col("lap_ms").alias("at_ms"))
    driven = facts.pairs.select(*_AT, "laps", "t_rows", "t_laps", "position")
    columns = ["season", "round", "driver_id", "lap", "time_ms"]
    return (
        facts.lake.read("fastest_laps", source=LakeSource.F1DB, columns=columns)
        .with_columns(session_key())
        .drop_nulls("time_ms")
        .join(ours, on=_AT, how="inner")
        .join(then, on=[*_AT, "lap"], how="left")
        .join(driven, on=_AT, how="left")
    )
