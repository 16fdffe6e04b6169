"""How SQL sees the lake: a view for each table, history kept ready in a DuckDB file that can be thrown away."""
# ruff: noqa: S608 -- names of our own tables, and quoted paths

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.kernel.errors import OvercutError
from overcut.lake.store.belief import chosen
from overcut.lake.store.durable import ASIDE, drop, refused
from overcut.lake.store.manifest import Manifest
from overcut.lake.store.parts import PartShelf, damaged
from overcut.lake.store.views import ViewWriter, names, quoted

READY_UNITS = (Unit.SEASON, Unit.WHOLE)
"""Tables of these are small and asked for within milliseconds: they are copied into the derived file."""

CHANGING = frozenset({"defects", "quarantine", "disagreements", "documents", "weather_forecasts"})
"""Of these, the ones that change with every import: copying history again each time would cost more than it saves."""

_KEPT_READY = 2
"""Older derived files that stay, for readers that still use them."""


class BadQueryError(OvercutError):
    """DuckDB refused a query."""


class DamagedCopyError(OvercutError):
    """The derived file is damaged. It has been removed: the next catalogue makes it anew from the parts."""


class Catalogue:
    """One generation of the lake as SQL sees it; any number of threads may query it.

    A table whose files are damaged, or newer than this Overcut, says so when it is asked for; the others answer.

    Args:
        shelf: the lake's files.
        manifest: the generation.
    """

    def __init__(self, shelf: PartShelf, manifest: Manifest) -> None:
        self._shelf = shelf
        self._manifest = manifest
        self._writer = ViewWriter(shelf, manifest)
        self._lock = threading.Lock()
        self._broken: dict[str, OvercutError] = {}
        self._connection = duckdb.connect(":memory:", config={"autoload_known_extensions": "false"})
        for setting in ("TimeZone = 'UTC'", "python_enable_replacements = false", "enable_progress_bar = false"):
            self._connection.execute(f"SET {setting}")
        self._connection.execute("SET parquet_metadata_cache = true")
        self._attach_ready()
        for table in shelf.tables.values():
            self._make_view(table)

    def query(self, sql: str, parameters: Mapping[str, object] | Sequence[object] | None = None) -> pl.DataFrame:
        """The rows that a statement of our own gives.

        Raises:
            BadQueryError: DuckDB refuses it.
            DamagedCopyError: the derived file is damaged; a new catalogue answers.
            DamagedPartError, NewerSchemaError, NoMigrationError: a table that it names cannot be read.
        """
        with self.cursor() as cursor:
            try:
                return in_utc(cursor.execute(sql, parameters).pl())
            except duckdb.Error as error:
                raise self.explained(error) from error

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one thread's own."""
        with self._lock:
            return self._connection.cursor()

    def explained(self, error: duckdb.Error) -> OvercutError:
        """What DuckDB complained about, in our words."""
        text = str(error).strip()
        for name, why in self._broken.items():
            if _broken_mark(name) in text:
                return why
        if "Corrupt database file" in text:
            drop([self._ready])
            return DamagedCopyError("The copy of history that queries read was damaged", why=text[:300])
        if str(self._shelf.places.parts) in text:
            return damaged("one of its parts", text.replace(f"{self._shelf.places.root}{os.sep}", "")[:500])
        return BadQueryError("The lake cannot answer the query", why=text[:1000])

    def _make_view(self, table: Table) -> None:
        def every() -> str:
            return self._writer.every(table)

        if not _is_ready(table):
            self._view(table.name, lambda: self._writer.best(table))
        elif table.name in self._broken:
            self._view_of_error(table.name)
        else:
            self._view(table.name, lambda: f'SELECT * FROM ready."{table.name}"')
        self._view(f"{table.name}_all", every)

    def _view(self, name: str, select: Callable[[], str]) -> None:
        try:
            self._connection.execute(f'CREATE VIEW "{name}" AS {select()}')
        except duckdb.Error as error:
            self._broken[name] = self.explained(error)
            self._view_of_error(name)
        except OvercutError as error:
            self._broken[name] = error
            self._view_of_error(name)

    def _view_of_error(self, name: str) -> None:
        self._connection.execute(f'CREATE VIEW "{name}" AS SELECT error({quoted(_broken_mark(name))}) AS unreadable')

    def _attach_ready(self) -> None:
        """Attach the derived file of history tables; made where these parts have none yet."""
        tables = [table for table in self._shelf.tables.values() if _is_ready(table)]
        told = hashlib.sha256(f"{duckdb.__version__} 1\n".encode())
        for table in tables:
            told.update(f"{table.name} {table.version} {table.columns}\n".encode())
            for part, units in chosen(table, self._manifest.parts):
                told.update(f"{part.sha256} {part.source} {' '.join(units)}\n".encode())
        self._ready = path = self._shelf.places.derived / f"history-{told.hexdigest()[:20]}.duckdb"
        aside = None
        if not path.is_file() or not self._attached(path):
            aside = self._make_ready(path, tables)
            self._connection.execute(f"ATTACH {quoted(str(aside or path))} AS ready (READ_ONLY)")
        if aside is not None:
            drop([aside])  # it lives on as long as it is open

    def _attached(self, path: Path) -> bool:
        """Attach a derived file that is there; False where DuckDB cannot read it: then it is made anew."""
        try:
            self._connection.execute(f"ATTACH {quoted(str(path))} AS ready (READ_ONLY)")
        except duckdb.Error:
            return False
        return True

    def _make_ready(self, path: Path, tables: Iterable[Table]) -> Path | None:
        """Write the derived file; one that lacks tables is not kept, and its path is returned."""
        aside = path.with_name(f"{path.name}{ASIDE}{secrets.token_hex(6)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            drop([aside])
            with duckdb.connect(str(aside)) as made:
                made.execute("SET TimeZone = 'UTC'")
                for table in tables:
                    self._copy(made, table)
            if self._broken:
                return aside
            aside.replace(path)
            others = [old for old in path.parent.glob("history-*.duckdb") if old != path]
            drop(sorted(others, key=lambda old: old.stat().st_mtime)[:-_KEPT_READY])
        except OSError as error:
            raise refused(path, error) from error
        return None

    def _copy(self, made: duckdb.DuckDBPyConnection, table: Table) -> None:
        order = names(table.order or table.key)
        try:
            made.execute(f'CREATE TABLE "{table.name}" AS SELECT * FROM ({self._writer.best(table)}) ORDER BY {order}')
        except duckdb.Error as error:
            if str(self._shelf.places.parts) not in str(error):
                raise refused(self._shelf.places.derived, OSError(str(error))) from error
            self._broken[table.name] = self.explained(error)
        except OvercutError as error:
            self._broken[table.name] = error


def copy_fault(path: Path) -> str:
    """What is wrong with a derived file, in words; empty when all of it can be read."""
    try:
        with duckdb.connect(str(path), read_only=True) as copied:
            for (name,) in copied.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                copied.execute(f'SELECT bit_xor(hash(COLUMNS(*))) FROM "{name}"').fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0][:300]
    return ""


def _is_ready(table: Table) -> bool:
    return table.unit in READY_UNITS and table.name not in CHANGING


def in_utc(frame: pl.DataFrame) -> pl.DataFrame:
    """Instants as the schemas have them: DuckDB counts microseconds and calls the zone Etc/UTC."""
    zoned = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
    return frame.with_columns(pl.col(zoned).dt.convert_time_zone("UTC").dt.cast_time_unit("ms")) if zoned else frame


def _broken_mark(name: str) -> str:
    return f"overcut cannot read the table {name}!"
