"""Which columns a folder of timing tables has, table by table."""

from __future__ import annotations

import msgspec

LAPS_FILE = "laps.parquet"
IDENTITY = ("season", "round", "session")
"""Columns that every table has: season, round, and the session by the feed's name ("Race", "Practice 1") or its code
("R", "FP1")."""


class TableForm(msgspec.Struct, frozen=True):
    """The columns of a table beside `IDENTITY`: those it must have, and those it may."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


TABLES: dict[str, TableForm] = {
    "laps": TableForm(
        ("driver_number", "lap", "lap_time_s", "lap_start_s", "lap_end_s"),
        (
            *("event", "driver", "team", "s1_s", "s2_s", "s3_s", "compound", "tyre_life", "stint", "fresh_tyre"),
            *("pit_in", "pit_out", "pit_in_time_s", "pit_out_time_s", "position"),
            *("speed_i1", "speed_i2", "speed_fl", "speed_st", "deleted", "generated", "lap_time_source"),
        ),
    ),
    "gap_stream": TableForm(
        ("t_ms", "driver_number", "position"), ("gap_s", "interval_s", "gap_laps", "int_laps", "leader_lap")
    ),
    "race_control": TableForm(
        ("Time", "Message"), ("Category", "Status", "Flag", "Scope", "Sector", "RacingNumber", "Lap")
    ),
    "track_status": TableForm(("Time", "Status"), ("Message",)),
    "session_status": TableForm(("Time", "Status")),
    "weather": TableForm(
        ("Time",), ("AirTemp", "Humidity", "Pressure", "Rainfall", "TrackTemp", "WindDirection", "WindSpeed")
    ),
    "drivers": TableForm(("DriverNumber",), ("Abbreviation", "FullName", "TeamName")),
    "session_zero": TableForm(("t0_utc",), ("anchors", "spread_s")),
}
"""Every table that is read. Times named ``…_s`` and ``Time`` are seconds since the session's feed began, but for
``race_control.Time`` and ``session_zero.t0_utc``, which are UTC; ``gap_stream.t_ms`` is milliseconds."""
