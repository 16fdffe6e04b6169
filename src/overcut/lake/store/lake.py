"""What is in the lake: its tables by session and season, as frames and through SQL, and the one way to write it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from overcut.domain.tables import TABLES, LakeSource, Table
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.store.catalogue import Catalogue, DamagedCopyError
from overcut.lake.store.lock import Owner, held, one_writer
from overcut.lake.store.manifest import Manifest, generations, load, manifest_file
from overcut.lake.store.migrations import MIGRATIONS, Step
from overcut.lake.store.parts import DamagedPartError, PartShelf, collected
from overcut.lake.store.places import Places
from overcut.lake.store.reading import scan
from overcut.lake.store.writer import LakeWriter

_Stamp = tuple[int, int, int] | None
"""A file's identity: its inode, size and time of change; None where there is no file."""


class ArchivedError(DataMissingError):
    """What was asked for was packed away by retention."""


class Lake:
    """A folder of Parquet files with manifests, and SQL over them. Cheap to make; threads may share one.

    Args:
        folder: the lake's folder; one without a lake reads as empty.
        tables: the schemas; only tests give others.
        steps: migrations of older parts; only tests give others.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tables: Mapping[str, Table] = TABLES,
        steps: Mapping[tuple[str, int], Step] = MIGRATIONS,
    ) -> None:
        self.places = Places(Path(folder))
        self.shelf = PartShelf(self.places, tables, steps)
        self._lock = threading.Lock()
        self._manifest: tuple[_Stamp, Manifest] | None = None
        self._catalogue: tuple[str, Catalogue] | None = None

    @property
    def folder(self) -> Path:
        """The lake's folder."""
        return self.places.root

    @property
    def generation(self) -> int:
        """Counts the writes; 0 for a lake that was never written."""
        return max(generations(self.places), default=0)

    def manifest(self) -> Manifest:
        """What the lake holds at this moment.

        Raises:
            NewerLakeError: it was written by a newer Overcut.
            DamagedManifestError: the newest manifest is damaged.
        """
        while True:
            number = self.generation
            known, stamp = self._manifest, _stamp(manifest_file(self.places, number))
            if known is not None and known[0] == stamp:
                return known[1]
            try:
                found = load(self.places, number)
            except FileNotFoundError:  # cleaned away since we looked
                continue
            self._manifest = stamp, found
            return found

    @property
    def identity(self) -> str:
        """Tells this state of the lake from every other, also from one of the same number in a lake made anew.

        Raises:
            NewerLakeError, DamagedManifestError: as `manifest`.
        """
        return self.manifest().identity

    def busy(self) -> bool:
        """Whether somebody writes the lake at this moment."""
        return held(self.places.lock)

    def units(self, table: str, source: LakeSource | None = None) -> list[str]:
        """The units that a table has rows of, sorted: session keys, seasons as text, or ``whole``."""
        self._table(table)
        parts = self.manifest().parts
        return sorted({u for p in parts if p.table == table and source in (None, p.source) for u in p.units})

    def sources(self, table: str, unit: str | int) -> list[LakeSource]:
        """Who tells of a unit of a table, the most believed first."""
        self._table(table)
        told = {part.source for part in self.manifest().parts if part.table == table and str(unit) in part.units}
        return [source for source in LakeSource if source in told]

    def read(
        self,
        table: str,
        units: Sequence[str | int] | None = None,
        source: LakeSource | None = None,
        columns: Sequence[str] | None = None,
        where: pl.Expr | None = None,
    ) -> pl.DataFrame:
        """The rows of a table, sorted by its order of rows; in its full schema also when there are none.

        Args:
            table: its name.
            units: only these sessions or seasons; all when None.
            source: only this one; else the most believed one of each unit (of each key, for tables of people and
                places).
            columns: only these.
            where: only rows for which this holds; cheaper than filtering afterwards.

        Raises:
            WrongUsageError: there is no such table or column.
            ArchivedError: a unit was named that retention packed away.
            DamagedPartError: a file is missing or damaged.
            NewerSchemaError, NoMigrationError: rows cannot be understood.
        """
        unknown = [name for name in columns or () if name not in self._table(table).names]
        if unknown:
            raise WrongUsageError(
                f"The table {table} has no column {unknown[0]!r}",
                hint=f"columns: {', '.join(self._table(table).names)}",
            )

        def rows() -> pl.DataFrame:
            lazy = self.scan(table, units, source)
            lazy = lazy if where is None else lazy.filter(where)
            return collected(lazy if columns is None else lazy.select(columns), f"table {table}")

        return self._again_if_replaced(rows)

    def scan(
        self, table: str, units: Sequence[str | int] | None = None, source: LakeSource | None = None
    ) -> pl.LazyFrame:
        """The same, lazily: a filter on it reads only the rows that it needs."""
        wanted = None if units is None else [str(unit) for unit in units]
        manifest = self.manifest()
        _check_archive(manifest, table, wanted or ())
        return scan(self.shelf, manifest, self._table(table), units=wanted, source=source)

    def query(self, sql: str, parameters: Mapping[str, object] | Sequence[object] | None = None) -> pl.DataFrame:
        """The rows of a statement of our own over all tables; never for text from outside (see `lake.sql`).

        Each table is a view of its most believed rows; ``<table>_all`` has every source's, with a column ``source``
        (``lake_source`` where the table has a column ``source`` of its own).

        Raises:
            BadQueryError: it is wrong, or a file is damaged.
        """
        try:
            return self._again_if_replaced(lambda: self.catalogue().query(sql, parameters))
        except DamagedCopyError:
            with self._lock:
                self._catalogue = None
            return self.catalogue().query(sql, parameters)

    def catalogue(self) -> Catalogue:
        """The newest generation as SQL sees it."""
        manifest = self.manifest()
        with self._lock:
            if self._catalogue is None or self._catalogue[0] != manifest.identity:
                self._catalogue = manifest.identity, Catalogue(self.shelf, manifest)
            return self._catalogue[1]

    @contextmanager
    def writing(self, note: str = "") -> Generator[LakeWriter]:
        """The one writer; what it did becomes the next generation when the block ends well, else nothing changes.

        Args:
            note: what this write is, in words; the origins of its rows when empty.

        Raises:
            LakeBusyError: another process or thread writes.
            LakeWriteError: the disk is full or refuses.
        """
        with one_writer(self.places.lock) as dead:
            if dead is not None:
                self._recover(dead)
            writer = LakeWriter(self.shelf, self.manifest())
            done = False
            try:
                yield writer
                writer.commit(note)
                done = True
            finally:
                if not done:
                    writer.abandon()

    def _again_if_replaced(self, rows: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The rows; read again where their files were compacted away while they were being read."""
        generation = self.generation
        try:
            return rows()
        except DamagedPartError:
            if self.generation == generation:
                raise
        return rows()

    def _recover(self, dead: Owner) -> None:
        """Say that a writer died, and remove what it left: files that no generation refers to."""
        import structlog  # noqa: PLC0415 -- it takes as long to import as DuckDB, and is needed once in a blue moon

        from overcut.lake.store.tidying import tidy  # noqa: PLC0415 -- tidying asks for a manifest as we do

        removed = tidy(self.places)
        structlog.get_logger(__name__).warning(
            "took over the lake's lock from a writer that died", pid=dead.pid, command=dead.command,
            since=dead.since_utc, files_removed=removed,
        )  # fmt: skip

    def _table(self, name: str) -> Table:
        table = self.shelf.tables.get(name)
        if table is None:
            raise WrongUsageError(f"The lake has no table {name!r}", hint=f"tables: {', '.join(self.shelf.tables)}")
        return table


def _stamp(path: Path) -> _Stamp:
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns


def _check_archive(manifest: Manifest, table: str, wanted: Sequence[str]) -> None:
    away = {unit for part in manifest.archived if part.table == table for unit in part.units} & set(wanted)
    away -= {unit for part in manifest.parts if part.table == table for unit in part.units}
    if away:
        named = " ".join(sorted(away))
        raise ArchivedError(
            f"The {table} of {named} is in the archive",
            why="retention took it out of the tables; nothing is lost",
            hint=f"overcut lake recall {named}",
        )
