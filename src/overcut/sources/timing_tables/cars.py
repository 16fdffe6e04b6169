"""What a folder of timing tables says of the cars: entries, laps, stints, stops, positions."""

from __future__ import annotations

import polars as pl

from overcut.domain.tables.session_tables import ENTRIES, LAPS, PIT_STOPS, POSITIONS, STINTS
from overcut.sources.timing_tables.files import KEY, shaped, with_session_key

CAR = (KEY, "driver_number")

LAP_NEEDED = ("season", "round", "session", "driver_number", "lap", "lap_time_s")
LAP_OPTIONAL = (
    *("event", "driver", "team", "s1_s", "s2_s", "s3_s", "position", "compound", "tyre_life", "stint", "fresh_tyre"),
    *("pit_in", "pit_out", "track_status", "is_accurate", "speed_i1", "speed_i2", "speed_fl", "speed_st"),
    *("pit_in_time_s", "pit_out_time_s", "lap_start_s", "lap_end_s", "is_personal_best", "deleted", "generated"),
    *("lap_time_source", "deleted_reason", "accuracy_reason", "part", "amended_at"),
)
GAP_NEEDED = ("season", "round", "session", "t_ms", "driver_number", "position")
GAP_OPTIONAL = ("gap_s", "interval_s", "gap_laps", "int_laps", "leader_lap")
STOP_NEEDED = ("season", "round", "session", "driver_number", "lap", "pit_lane_s")
STOP_OPTIONAL = (
    *("driver", "team", "pit_in_time_s", "compound_before", "tyre_life_before", "compound_after", "tyre_life_after"),
    *("track_status", "stationary_s"),
)
ENTRY_NEEDED = ("season", "round", "session", "DriverNumber")
ENTRY_OPTIONAL = ("Abbreviation", "FullName", "TeamName")


def laps(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``laps``."""
    return shaped(LAPS, with_session_key(frame).with_columns(_number("driver_number")))


def stints(laps: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``stints`` of ``laps``: one for each set that laps are told of."""
    known = laps.filter(pl.col("stint").is_not_null()).sort(*CAR, "lap")
    found = known.group_by(*CAR, "stint", maintain_order=True).agg(
        pl.col("driver").drop_nulls().last(),
        pl.col("compound").drop_nulls().last(),
        pl.col("fresh_tyre").drop_nulls().first(),
        pl.col("lap").min().alias("start_lap"),
        pl.col("lap").max().alias("end_lap"),
        pl.len().alias("laps"),
        (pl.col("tyre_life").drop_nulls().first() - 1).alias("tyre_life_start"),
        pl.col("tyre_life").drop_nulls().last().alias("tyre_life_end"),
    )
    return shaped(STINTS, found)


def pit_stops(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``pit_stops``, numbered within each car by lap."""
    found = with_session_key(frame).with_columns(_number("driver_number")).sort(*CAR, "lap", maintain_order=True)
    return shaped(PIT_STOPS, found.with_columns((pl.int_range(pl.len()).over(*CAR) + 1).alias("stop")))


def positions(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``positions``. Gaps were stored in single precision: they are whole milliseconds again here."""
    found = with_session_key(frame).rename({"int_laps": "interval_laps"})
    seconds = (pl.col(name).cast(pl.Float64).round(3) for name in ("gap_s", "interval_s"))
    return shaped(POSITIONS, found.with_columns(_number("driver_number"), *seconds))


def entries(drivers: pl.DataFrame | None, laps: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``entries``: those of the drivers' table, and the cars that only laps tell of."""
    known = laps.group_by(*CAR, maintain_order=True).agg(pl.col("driver", "team").drop_nulls().last())
    known = known.with_columns(pl.lit(None, pl.String).alias("full_name"))
    if drivers is not None:
        names = {"Abbreviation": "driver", "FullName": "full_name", "TeamName": "team"}
        listed = with_session_key(drivers).rename(names).with_columns(_number("DriverNumber").alias("driver_number"))
        columns = [name for name in ENTRIES.names if name in listed.columns]
        known = known.join(listed, on=[*CAR], how="anti").select(columns)
        known = pl.concat([listed.select(columns), known], how="vertical_relaxed")
    return shaped(ENTRIES, known.sort(*CAR, maintain_order=True))


def session_rows(laps: pl.DataFrame, event: pl.DataFrame) -> pl.DataFrame:
    """Season, round, session, event and the winner's laps of each session that laps are told of.

    Args:
        laps: as `laps` gives them.
        event: the same file's ``session_key`` and ``event``.
    """
    raced = pl.col("session").is_in(["R", "S"])
    found = laps.group_by(KEY, maintain_order=True).agg(
        pl.col("season", "round", "session").first(),
        pl.when(raced.first())
        .then(pl.col("lap").filter(~pl.col("generated").fill_null(value=False)).max())
        .alias("laps"),
    )
    return found.join(event.unique(KEY, keep="last", maintain_order=True), on=KEY, how="left")


def _number(column: str) -> pl.Expr:
    """Racing numbers are text here, as in the feed."""
    return pl.col(column).cast(pl.String)
