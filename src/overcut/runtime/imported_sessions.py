"""How a session that somebody else tells of comes into the lake: what they left out worked out, then written as one."""

from __future__ import annotations

import time

import numpy as np
import polars as pl

from overcut.domain.circuits import CIRCUITS
from overcut.domain.laps import Lap
from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.frame_schema import conformed, frame_schema
from overcut.lake import Lake
from overcut.runtime.lake_sessions import PATIENCE_S, Added, with_ids, write_session
from overcut.runtime.session_tables.neutralised import neutralisations
from overcut.runtime.session_tables.of_laps import pit_stops_of, stints_of
from overcut.sources.imported import ImportedSession
from overcut.timing.telemetry.lap import track_of
from overcut.timing.telemetry.line import timing_line
from overcut.timing.telemetry.rows import MISSING, OFF_TRACK, ON_TRACK, Rows
from overcut.timing.telemetry.session import SessionTelemetry, sector_fractions


def add_imported(
    lake: Lake, session: ImportedSession, source: LakeSource, *, origin: str, patience_s: float = PATIENCE_S
) -> Added:
    """Replace what ``source`` told of a session.

    Args:
        lake: where to. ``session``: what was imported. ``source``: who tells. ``origin``: where from, in words.
        patience_s: how long to wait while somebody else writes the lake.

    Raises:
        LakeBusyError: somebody else wrote all the while.
    """
    began_s = time.perf_counter()
    tables = completed(session)
    if "entries" in tables:
        tables["entries"] = with_ids(lake, tables["entries"])
    read_s, before = time.perf_counter(), lake.generation
    write_session(lake, session.key, tables, source, origin=origin, patience_s=patience_s)
    return Added(
        session=session.key,
        source=source,
        rows={name: rows.height for name, rows in tables.items() if rows.height},
        changed=lake.generation != before,
        reading_s=round(read_s - began_s, 3),
        writing_s=round(time.perf_counter() - read_s, 3),
        defects=session.defects,
    )


def completed(session: ImportedSession) -> dict[str, pl.DataFrame]:
    """Every table that a session tells, in its whole schema, and those that follow from them."""
    tables = {name: conformed(TABLES[name], rows) for name, rows in session.tables.items()}
    laps = tables.get("laps", pl.DataFrame(schema=frame_schema(TABLES["laps"])))
    if "stints" not in tables:
        tables["stints"] = stints_of(laps)
    if "pit_stops" not in tables:
        tables["pit_stops"] = pit_stops_of(laps)
    if "neutralisations" not in tables and "track_status" in tables:
        tables["neutralisations"] = _neutralisations(tables)
    if session.car.height:
        tables["telemetry"] = telemetry_of(session, laps)
    return tables


def _neutralisations(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    track = [
        (int(t_ms), str(status), "", None) for t_ms, status in tables["track_status"].select("t_ms", "status").rows()
    ]
    statuses = tables.get("session_status", pl.DataFrame(schema={"t_ms": pl.Int64, "status": pl.String}))
    told = [(int(t_ms), str(status)) for t_ms, status in statuses.select("t_ms", "status").rows()]
    last_ms = max([t_ms for t_ms, *_ in track] + [t_ms for t_ms, _ in told], default=0)
    key = tables["track_status"]["session_key"][0] if track else ""
    rows = [(key, *period) for period in neutralisations(track, told, last_ms)]
    return pl.DataFrame(rows, schema=frame_schema(TABLES["neutralisations"]), orient="row")


def telemetry_of(session: ImportedSession, laps: pl.DataFrame) -> pl.DataFrame:
    """Lap by lap, by the same rules as for our own frames: axis, distance, gaps, placing by the timing line."""
    lap_values = _laps(laps)
    car, places = _rows(session.car, _CAR), _rows(session.places, _PLACES)
    numbers = [int(number) for number in np.unique(car.number)]
    tracks = {number: track_of(car.of_car(number), places.of_car(number)) for number in numbers}
    line = timing_line(lap_values, {number: track.positions for number, track in tracks.items()})
    rows = session.tables.get("sessions")
    circuit_id = rows["circuit_id"][0] if rows is not None and "circuit_id" in rows.columns else None
    circuit = CIRCUITS.get(circuit_id or "")
    shares = sector_fractions(lap_values, tracks, line)
    telemetry = SessionTelemetry(session.key, tracks, line, circuit.length_m if circuit else None, shares, {})
    codes = dict(laps.select("driver_number", "driver").iter_rows())
    found = [telemetry.lap(lap, codes.get(lap.number) or "") for lap in lap_values]
    tables = [read.table for read in found if read is not None]
    return pl.concat(tables) if tables else pl.DataFrame(schema=frame_schema(TABLES["telemetry"]))


_CAR = ("rpm", "speed_kmh", "gear", "throttle_pct", "brake_pct", "drs")
"""In the order of `telemetry.rows`."""
_PLACES = ("x_dm", "y_dm", "z_dm", "on_track")


def _rows(frame: pl.DataFrame, fields: tuple[str, ...]) -> Rows:
    """Telemetry rows as the engine's own arrays; a car whose number is none is left out."""
    sorted_ = frame.with_columns(pl.col("driver_number").cast(pl.Int16, strict=False).alias("number")).filter(
        pl.col("number").is_not_null()
    )
    sorted_ = sorted_.sort("t_ms", maintain_order=True)
    placed = pl.when(pl.col("on_track")).then(ON_TRACK).otherwise(OFF_TRACK) if "on_track" in fields else None
    columns = [
        (placed if name == "on_track" and placed is not None else pl.col(name)).cast(pl.Int32).fill_null(MISSING)
        for name in fields
    ]
    values = [sorted_.select(column.alias("value"))["value"].to_numpy() for column in columns]
    t_ms = sorted_["t_ms"].to_numpy().astype(np.int64)
    return Rows(t_ms, t_ms, sorted_["number"].to_numpy().astype(np.int16), np.stack(values).astype(np.int32))


def _laps(laps: pl.DataFrame) -> list[Lap]:
    """Lap rows as the engine has them, as far as telemetry needs them; in the table's order."""
    found: list[Lap] = []
    ordered = laps.filter(pl.col("lap_end_s").is_not_null()).sort("driver_number", "lap")
    for row in ordered.iter_rows(named=True):
        if not str(row["driver_number"]).isdecimal():
            continue
        found.append(
            Lap(
                number=row["driver_number"],
                lap=row["lap"],
                end_t_ms=round(row["lap_end_s"] * 1000),
                start_t_ms=_ms(row["lap_start_s"]),
                lap_ms=_ms(row["lap_time_s"]),
                s1_ms=_ms(row["s1_s"]),
                s2_ms=_ms(row["s2_s"]),
                s3_ms=_ms(row["s3_s"]),
                pit_in=bool(row["pit_in"]),
                pit_out=bool(row["pit_out"]),
            )
        )
    return found


def _ms(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)
