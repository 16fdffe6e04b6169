"""How one lap's telemetry becomes a table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from overcut.domain.tables.session_tables import TELEMETRY
from overcut.kernel.frame_schema import frame_schema
from overcut.timing.telemetry.lap import LapColumns, LapReport
from overcut.timing.telemetry.rows import BRAKE, DRS, GEAR, ON_TRACK, RPM, SPEED, THROTTLE, Floats

SCHEMA: Mapping[str, pl.DataType] = frame_schema(TELEMETRY)
"""Polars types by column, in order. Columns, units and meanings: `domain.tables.session_tables.TELEMETRY`."""


def table_of(session: str, driver: str, columns: LapColumns, report: LapReport) -> pl.DataFrame:
    """One lap as a table in order of time."""
    channels, places, rows = columns.channels, columns.places, len(columns.t_ms)
    length = float(columns.distance_m[-1]) if not np.isnan(columns.distance_m[-1]) else float("nan")
    share = columns.distance_m / length if length > 0 else np.full(rows, np.nan)
    sent = {0: "edge", 1: "car", 2: "position", 3: "both"}
    data: dict[str, pl.Series] = {
        "session_key": pl.Series([session]).extend_constant(session, rows - 1),
        "driver": pl.Series([driver]).extend_constant(driver, rows - 1),
        "driver_number": pl.Series([report.number]).extend_constant(report.number, rows - 1),
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
    return pl.DataFrame([data[name].cast(dtype).alias(name) for name, dtype in SCHEMA.items()])


def _nullable(values: Floats) -> pl.Series:
    return pl.Series(values, nan_to_null=True)
