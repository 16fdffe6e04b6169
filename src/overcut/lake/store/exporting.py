"""How the lake's tables go elsewhere: one folder a table, one file a session, in forms that other tools read."""
# ruff: noqa: S608 -- names of our own tables, and quoted paths

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import duckdb
import msgspec
import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.store.delta import write_delta_log
from overcut.lake.store.durable import refused
from overcut.lake.store.lake import Lake
from overcut.lake.store.places import WHOLE


class ExportFormat(StrEnum):
    """In which form tables are exported."""

    PARQUET = "parquet"
    DELTA = "delta"
    CSV = "csv"
    JSONL = "jsonl"
    ARROW = "arrow"
    DUCKDB = "duckdb"


class Exported(msgspec.Struct, frozen=True):
    """What was exported: rows by table, and how many files."""

    folder: str
    format: str
    generation: int
    rows: dict[str, int]
    files: int


def export(
    lake: Lake,
    folder: Path,
    form: ExportFormat = ExportFormat.PARQUET,
    *,
    tables: Collection[str] = (),
    units: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Write the most believed rows of tables below ``folder``.

    Parquet and Delta: ``<table>/<unit column>=<unit>/rows.parquet``, without that column in the file (every reader of
    such folders knows it from the name); Delta adds ``<table>/_delta_log``. CSV, JSON lines and Arrow:
    ``<table>/<unit>.<ending>``. DuckDB: one file ``overcut.duckdb``.

    Args:
        lake: the lake.
        folder: new or empty.
        form: of the files.
        tables: only these; all that have rows when empty.
        units: only these sessions and seasons; all when empty.
        progress: told the table that is being written.

    Raises:
        WrongUsageError: the folder is not empty, or there is no such table.
        DataMissingError: there is nothing to export.
        DamagedPartError: a file of the lake is damaged.
        LakeWriteError: the disk is full or refuses.
    """
    unknown = [name for name in tables if name not in lake.shelf.tables]
    if unknown:
        raise WrongUsageError(f"The lake has no table {unknown[0]!r}", hint=f"tables: {', '.join(lake.shelf.tables)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsageError(f"{folder} is not empty", hint="name a new or empty folder")
    wanted = [table for name, table in lake.shelf.tables.items() if not tables or name in tables]
    there = {table.name: _units(lake, table, units) for table in wanted}
    if not any(there.values()):
        raise DataMissingError("There is nothing to export", hint="overcut lake status tells what the lake has")
    generation, rows, files = lake.generation, dict[str, int](), 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in wanted:
            if there[table.name]:
                if progress is not None:
                    progress(table.name)
                rows[table.name], written = _export_table(lake, folder, form, table, there[table.name])
                files += written
    except OSError as error:
        raise refused(folder, error) from error
    return Exported(str(folder), form.value, generation, rows, files)


def _units(lake: Lake, table: Table, wanted: Sequence[str]) -> list[str]:
    found = lake.units(table.name)
    if not wanted:
        return found
    return found if table.unit is Unit.WHOLE else [unit for unit in found if unit in wanted]


def _export_table(lake: Lake, folder: Path, form: ExportFormat, table: Table, units: list[str]) -> tuple[int, int]:
    if form is ExportFormat.DUCKDB:
        return _into_duckdb(lake, folder / "overcut.duckdb", table, units), 1
    rows = 0
    files: list[tuple[str, Path, int]] = []
    for unit in units:
        frame = lake.read(table.name, units=None if unit == WHOLE else [unit])
        path = _place(folder, form, table, unit)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(frame, path, form, None if unit == WHOLE else str(table.unit))
        files.append((unit, path, frame.height))
        rows += frame.height
    if form is ExportFormat.DELTA:
        write_delta_log(folder / table.name, table, files, datetime.now(UTC))
    return rows, len(files)


def _place(folder: Path, form: ExportFormat, table: Table, unit: str) -> Path:
    safe = "".join(letter if letter.isalnum() or letter in "-_." else f"%{ord(letter):02X}" for letter in unit)
    if form in {ExportFormat.PARQUET, ExportFormat.DELTA}:
        inside = folder / table.name
        return (inside if unit == WHOLE else inside / f"{table.unit}={safe}") / "rows.parquet"
    return folder / table.name / f"{safe}.{form.value}"


def _write(frame: pl.DataFrame, path: Path, form: ExportFormat, unit: str | None) -> None:
    match form:
        case ExportFormat.CSV:
            frame.write_csv(path)
        case ExportFormat.JSONL:
            frame.write_ndjson(path)
        case ExportFormat.ARROW:
            frame.write_ipc(path, compression="zstd")
        case _:
            (frame.drop(unit) if unit else frame).write_parquet(path, compression="zstd")


def _into_duckdb(lake: Lake, path: Path, table: Table, units: list[str]) -> int:
    frame = lake.read(table.name, units=None if units == [WHOLE] else units)
    with duckdb.connect(str(path)) as made:
        made.execute("SET TimeZone = 'UTC'")
        made.register("rows_of_it", frame)
        made.execute(f'CREATE TABLE "{table.name}" AS SELECT * FROM rows_of_it')
        made.execute(f"COMMENT ON TABLE \"{table.name}\" IS '{table.meaning.replace(chr(39), chr(39) * 2)}'")
        for column in table.columns:
            meaning = f"{column.meaning} [{column.unit}]" if column.unit else column.meaning
            made.execute(
                f'COMMENT ON COLUMN "{table.name}"."{column.name}" IS \'{meaning.replace(chr(39), chr(39) * 2)}\''
            )
    return frame.height
