"""What a folder of timing tables says of the track: weather, flags, race control, neutralisations, second zero."""

from __future__ import annotations

import polars as pl

from overcut.domain.tables.session_tables import NEUTRALISATIONS, RACE_CONTROL, SESSION_STATUS, TRACK_STATUS, WEATHER
from overcut.sources.timing_tables.files import KEY, ms_of, shaped, with_session_key

IDENTITY = ("season", "round", "session")

ENOUGH_ANCHORS = 3
"""Fewer flags than this may agree by chance: a second zero that rests on less is not told."""


def weather(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``weather``."""
    names = {
        "AirTemp": "air_temp_c",
        "TrackTemp": "track_temp_c",
        "Humidity": "humidity_pct",
        "Pressure": "pressure_mbar",
        "Rainfall": "rainfall",
        "WindDirection": "wind_direction_deg",
        "WindSpeed": "wind_speed_ms",
    }
    return shaped(WEATHER, with_session_key(frame).with_columns(ms_of("Time").alias("t_ms")).rename(names))


def track_status(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``track_status``."""
    return _stamped(frame, {"Status": "status", "Message": "message"}).pipe(lambda found: shaped(TRACK_STATUS, found))


def session_status(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``session_status``."""
    return _stamped(frame, {"Status": "status"}).pipe(lambda found: shaped(SESSION_STATUS, found))


def neutralisations(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``neutralisations``."""
    found = with_session_key(frame).with_columns(ms_of("start_s").alias("start_ms"), ms_of("end_s").alias("end_ms"))
    return shaped(NEUTRALISATIONS, found.rename({"lap_start": "start_lap", "lap_end": "end_lap"}))


def race_control(frame: pl.DataFrame, zero: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``race_control``, numbered in the file's order; ``t_ms`` where the session's second zero is known.

    Args:
        frame: the file. ``zero``: as `second_zero` gives it.
    """
    names = {"Category": "category", "Message": "message", "Status": "status", "Flag": "flag", "Scope": "scope"}
    names |= {"Sector": "sector", "RacingNumber": "driver_number", "Lap": "lap"}
    found = with_session_key(frame).rename(names).join(zero, on=KEY, how="left", maintain_order="left")
    stamp = pl.col("Time").cast(pl.Datetime("ms"), strict=False).dt.replace_time_zone("UTC")
    return shaped(
        RACE_CONTROL,
        found.with_columns(
            stamp.alias("utc"),
            (stamp - pl.col("zero_utc")).dt.total_milliseconds().alias("t_ms"),
            (pl.int_range(pl.len()).over(KEY) + 1).alias("message_number"),
        ),
    )


def second_zero(frame: pl.DataFrame) -> pl.DataFrame:
    """``session_key``, ``zero_utc`` and ``zero_error_s`` of each session whose second zero is sure enough."""
    sure = with_session_key(frame).filter(pl.col("anchors") >= ENOUGH_ANCHORS)
    stamp = pl.col("t0_utc").cast(pl.Datetime("us"), strict=False).dt.round("1ms").dt.cast_time_unit("ms")
    return sure.select(
        KEY, stamp.dt.replace_time_zone("UTC").alias("zero_utc"), pl.col("spread_s").alias("zero_error_s")
    )


def no_zero() -> pl.DataFrame:
    """The same for a folder without that file."""
    return pl.DataFrame(schema={KEY: pl.String, "zero_utc": pl.Datetime("ms", "UTC"), "zero_error_s": pl.Float64})


def _stamped(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return with_session_key(frame).with_columns(ms_of("Time").alias("t_ms")).rename(names)
