"""How rows become a Parquet file of the lake and come back: cast to the table's schema, sorted, checked, migrated."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.kernel.errors import OvercutError
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.store.durable import put
from overcut.lake.store.manifest import Part
from overcut.lake.store.migrations import MIGRATIONS, Step, check_version, migrated
from overcut.lake.store.places import WHOLE, Places, part_path
from overcut.lake.validation import WrongRowsError

ROW_GROUP = 32_768
"""Rows that are read as one: about two thirds of a race's telemetry of one car."""

PART_METADATA = "overcut_part"
"""Key of a Parquet file's own metadata under which it says what it is: a `Part` as JSON, without path and checksum."""

COMPRESSION_LEVEL = 3
"""Of zstd: higher ones take much longer for a few percent."""


class DamagedPartError(OvercutError):
    """A file of the lake is missing or is not what was written."""


class PartShelf:
    """The Parquet files below one lake's folder.

    Args:
        places: the lake's folders.
        tables: the schemas.
        steps: the migrations.
    """

    def __init__(
        self, places: Places, tables: Mapping[str, Table], steps: Mapping[tuple[str, int], Step] = MIGRATIONS
    ) -> None:
        self.places = places
        self.tables = tables
        self._steps = steps

    def write(
        self,
        table: Table,
        frame: pl.DataFrame,
        source: str,
        origin: str,
        *,
        generation: int,
        level: int = COMPRESSION_LEVEL,
    ) -> Part:
        """Write rows that are `fitted` as one part; it is not settled yet.

        The file says itself what it is, so that a lost manifest can be made anew from the files.

        Args:
            table: the table.
            frame: its rows.
            source: who tells.
            origin: where the rows came from, in words.
            generation: the one that the part will belong to.
            level: of compression.

        Raises:
            LakeWriteError: the disk is full or refuses.
        """
        data, part = self.packed(table, frame, source, origin, generation=generation, level=level)
        put(self.places.root / part.path, data)
        return part

    def packed(
        self, table: Table, frame: pl.DataFrame, source: str, origin: str, *, generation: int, level: int
    ) -> tuple[bytes, Part]:
        """The same without writing: the file's bytes, and what will be known of it."""
        rows = units_of(table, frame)
        told = Part(
            table.name, source, "", rows, len(rows), frame.height, 0, "", table.version, origin,
            datetime.now(UTC).isoformat(timespec="seconds"), generation,
        )  # fmt: skip
        memory = io.BytesIO()
        frame.write_parquet(
            memory,
            compression="zstd",
            compression_level=level,
            row_group_size=ROW_GROUP,
            statistics=True,
            metadata={PART_METADATA: msgspec.json.encode(told).decode()},
        )
        data = memory.getvalue()
        sha256 = hashlib.sha256(data).hexdigest()
        path = part_path(table.name, table.unit, list(rows), source, sha256)
        return data, msgspec.structs.replace(told, path=path, bytes=len(data), sha256=sha256)

    def file(self, part: Part) -> Path:
        """The file that has the part's rows in today's schema: the part's own, or a derived one that is made now.

        Raises:
            NewerSchemaError, NoMigrationError, DamagedPartError.
        """
        table = self.tables[part.table]
        if part.version == table.version:
            return self.places.root / part.path
        check_version(table, part.version)
        made = self.places.derived / "migrated" / f"{part.table}-{part.sha256[:16]}-v{table.version}.parquet"
        if not made.is_file():
            whole = migrated(self._bytes_of(part), table, part.version, self._steps)
            memory = io.BytesIO()
            fitted(table, whole).write_parquet(memory, row_group_size=ROW_GROUP)
            put(made, memory.getvalue())
        return made

    def scan(self, part: Part, units: Sequence[str]) -> pl.LazyFrame:
        """The rows of ``units`` of a part, lazily, in today's schema."""
        table = self.tables[part.table]
        lazy = pl.scan_parquet(self.file(part), glob=False, hive_partitioning=False)
        if table.unit is Unit.WHOLE or len(units) == part.file_units:
            return lazy
        if table.unit is Unit.SEASON:
            return lazy.filter(pl.col("season").is_in([int(unit) for unit in units]))
        return lazy.filter(pl.col("session_key").is_in(list(units)))

    def read(self, part: Part, units: Sequence[str]) -> pl.DataFrame:
        """The rows of ``units`` of a part.

        Raises:
            DamagedPartError: the file is missing or no Parquet; and as `file`.
        """
        return collected(self.scan(part, units), part.path)

    def _bytes_of(self, part: Part) -> pl.DataFrame:
        return collected(pl.scan_parquet(self.places.root / part.path, glob=False, hive_partitioning=False), part.path)


def collected(lazy: pl.LazyFrame, what: str) -> pl.DataFrame:
    """The rows of a lazy frame over the lake's files.

    Raises:
        DamagedPartError: a file is missing or damaged.
    """
    try:
        return lazy.collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise damaged(what, str(error).splitlines()[0] if str(error) else type(error).__name__) from error


def damaged(what: str, why: str) -> DamagedPartError:
    """The error for a file that cannot be read."""
    return DamagedPartError(
        f"A file of the lake cannot be read: {what}",
        why=why,
        hint="overcut lake verify tells what is damaged; overcut lake restore BACKUP, or importing again, heals it",
    )


def fitted(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with exactly the table's columns and types, sorted by its order; nullable columns may be absent.

    Raises:
        WrongRowsError: a column is unknown, missing, or holds a value that its type cannot.
    """
    schema = frame_schema(table)
    unknown = [name for name in frame.columns if name not in schema]
    missing = [c.name for c in table.columns if not c.nullable and c.name not in frame.columns]
    if unknown or missing:
        said = [f"unknown: {', '.join(unknown)}"] if unknown else []
        said += [f"missing: {', '.join(missing)}"] if missing else []
        raise WrongRowsError(
            f"Rows do not have the columns of {table.name}",
            why="; ".join(said),
            hint=f"its columns are {', '.join(table.names)}",
        )
    columns: list[pl.Series] = []
    for name, kind in schema.items():
        if name not in frame.columns:
            columns.append(pl.Series(name, [None], dtype=kind).new_from_index(0, frame.height))
            continue
        try:
            columns.append(frame.get_column(name).cast(kind, strict=True))
        except pl.exceptions.PolarsError as error:
            raise WrongRowsError(
                f"Values of {table.name}.{name} are no {kind}", why=str(error).splitlines()[0][:300]
            ) from error
    whole = pl.DataFrame(columns)
    unit = None if table.unit is Unit.WHOLE else str(table.unit)
    if unit is not None and whole.get_column(unit).null_count():
        raise WrongRowsError(f"Rows of {table.name} without {unit}", why="each row belongs to one")
    order = list(dict.fromkeys((*([unit] if unit else []), *(table.order or table.key))))
    return whole.sort(order, nulls_last=True, maintain_order=True)


def units_of(table: Table, frame: pl.DataFrame) -> dict[str, int]:
    """The units that occur in rows, each with how many; in order."""
    if table.unit is Unit.WHOLE:
        return {WHOLE: frame.height}
    counts = frame.group_by(str(table.unit)).len().sort(str(table.unit))
    return {str(unit): rows for unit, rows in counts.iter_rows()}


def of_units(table: Table, frame: pl.DataFrame, units: Sequence[str]) -> pl.DataFrame:
    """The rows of some units."""
    if table.unit is Unit.WHOLE:
        return frame
    wanted = [int(unit) for unit in units] if table.unit is Unit.SEASON else list(units)
    return frame.filter(pl.col(str(table.unit)).is_in(wanted))
