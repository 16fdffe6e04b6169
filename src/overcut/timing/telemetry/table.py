"""Which columns a table of telemetry has: names, types, units and meanings, written down once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from overcut.timing.telemetry.lap import LapColumns, LapReport
from overcut.timing.telemetry.rows import BRAKE, DRS, GEAR, ON_TRACK, RPM, SPEED, THROTTLE, Floats

SCHEMA_VERSION = 1


class Column(NamedTuple):
    """One column: its name, Polars type, unit (empty for none) and meaning."""

    name: str
    dtype: pl.DataType
    unit: str
    meaning: str


SOURCE = pl.Enum(["car", "position", "both", "edge"])

SCHEMA: tuple[Column, ...] = (
    Column("session", pl.String(), "", "the session's key"),
    Column("driver", pl.String(), "", "three-letter code; empty where the feed named nobody"),
    Column("number", pl.String(), "", "racing number"),
    Column("lap", pl.Int16(), "", "lap number, from 1"),
    Column("t_s", pl.Float64(), "s", "time since the lap began, the table's axis"),
    Column("session_t_ms", pl.Int64(), "ms", "the same instant since the session's feed began"),
    Column("source", SOURCE, "", "what was sent at this instant: car, position, both; edge: the lap's begin or end"),
    Column("speed_kmh", pl.Float64(), "km/h", "speed; interpolated where only a position was sent"),
    Column("rpm", pl.Float64(), "1/min", "engine speed; interpolated where only a position was sent"),
    Column("gear", pl.Int16(), "", "gear, 0 neutral; never interpolated"),
    Column("throttle_pct", pl.Float64(), "%", "throttle, 0 to 100; interpolated where only a position was sent"),
    Column("brake_pct", pl.Int16(), "%", "brake, 0 or 100 (the feed tells no more); never interpolated"),
    Column("drs", pl.Int16(), "", "DRS code (10, 12, 14: open), null since 2026; never interpolated"),
    Column("x_m", pl.Float64(), "m", "place in the feed's own coordinates; interpolated where only a car was sent"),
    Column("y_m", pl.Float64(), "m", "the same, second axis"),
    Column("z_m", pl.Float64(), "m", "the same, height"),
    Column("on_track", pl.Boolean(), "", "the feed's word on the car's place; never interpolated"),
    Column("distance_m", pl.Float64(), "m", "distance along the lap; see the report for how it was fitted"),
    Column("relative_distance", pl.Float64(), "", "the same as a share of the lap, 0 to 1"),
    Column("gap", pl.Boolean(), "", "within a stretch in which car data or positions are missing"),
)


def schema() -> dict[str, pl.DataType]:
    """Column types by name."""
    return {column.name: column.dtype for column in SCHEMA}


def table_of(session: str, driver: str, columns: LapColumns, report: LapReport) -> pl.DataFrame:
    """One lap as a table in order of time."""
    channels, places, rows = columns.channels, columns.places, len(columns.t_ms)
    length = float(columns.distance_m[-1]) if not np.isnan(columns.distance_m[-1]) else float("nan")
    share = columns.distance_m / length if length > 0 else np.full(rows, np.nan)
    sent = {0: "edge", 1: "car", 2: "position", 3: "both"}
    data: dict[str, pl.Series] = {
        "session": pl.Series([session]).extend_constant(session, rows - 1),
        "driver": pl.Series([driver]).extend_constant(driver, rows - 1),
        "number": pl.Series([report.number]).extend_constant(report.number, rows - 1),
        "lap": pl.Series([report.lap]).extend_constant(report.lap, rows - 1),
        "t_s": pl.Series((columns.t_ms - report.start_ms) / 1000),
        "session_t_ms": pl.Series(np.rint(columns.t_ms).astype(np.int64)),
        "source": pl.Series([sent[int(code)] for code in columns.source]),
        "speed_kmh": _nullable(channels[SPEED]),
        "rpm": _nullable(channels[RPM]),
        "gear": _nullable(channels[GEAR]),
        "throttle_pct": _nullable(channels[THROTTLE]),
        "brake_pct": _nullable(channels[BRAKE]),
        "drs": _nullable(channels[DRS]),
        "x_m": _nullable(places[0]),
        "y_m": _nullable(places[1]),
        "z_m": _nullable(places[2]),
        "on_track": _nullable(np.where(np.isnan(places[3]), np.nan, (places[3] == ON_TRACK) * 1.0)),
        "distance_m": _nullable(columns.distance_m),
        "relative_distance": _nullable(share),
        "gap": pl.Series(columns.gap),
    }
    return pl.DataFrame([data[name].cast(dtype).alias(name) for name, dtype in schema().items()])


def empty_table() -> pl.DataFrame:
    """The table without a row."""
    return pl.DataFrame(schema=schema())


def _nullable(values: Floats) -> pl.Series:
    return pl.Series(values, nan_to_null=True)
