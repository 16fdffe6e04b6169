"""How the tables of one source enter the lake: all of them as one generation, or none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

import msgspec
import polars as pl

from overcut.domain.tables import LakeSource, Table
from overcut.lake import Lake

Told = Callable[[str, int], None]
"""Told of each table as it is done: its name and its rows."""


def untold(_table: str, _rows: int) -> None:
    """Nobody watches."""


class ImportedTable(msgspec.Struct, frozen=True):
    """One table of an import. ``changed``: how many of its sessions or seasons are not what they were before."""

    name: str
    rows: int
    changed: int


class Imported(msgspec.Struct, frozen=True):
    """What an import did.

    Attributes:
        source: who tells. ``origin``: which file or address, with its checksum where it has one.
        generation: of the lake afterwards; the one before where nothing changed.
        changed: whether anything is different from before.
        rows: read from the source. ``seconds``: for all of it. ``tables``: one by one.
        defects: rows of these tables and this source in which something is wrong, by the table ``defects``.
        notes: what else the reader should know, in words: what is missing, or old.
    """

    source: LakeSource
    origin: str
    generation: int
    changed: bool
    rows: int
    seconds: float
    tables: list[ImportedTable]
    defects: int = 0
    notes: list[str] = []


def import_tables(
    lake: Lake,
    source: LakeSource,
    origin: str,
    tables: Iterable[tuple[Table, pl.DataFrame]],
    told: Told = untold,
    *,
    notes: Sequence[str] = (),
) -> Imported:
    """Bring the tables of a source into the lake, replacing what it told of the same sessions and seasons.

    The same tables again change nothing, so an import may be repeated at will. An error in the middle, of the source
    or the disk, leaves the lake as it was.

    Raises:
        OvercutError: the source cannot be read, or the lake cannot be written.
    """
    began_s = time.monotonic()
    before = lake.generation
    done: list[ImportedTable] = []
    with lake.writing(note=origin) as writer:
        for table, frame in tables:
            changed = writer.replace(table.name, frame, source=source, origin=origin)
            done.append(ImportedTable(table.name, frame.height, len(changed)))
            told(table.name, frame.height)
    return Imported(
        source=source,
        origin=origin,
        generation=lake.generation,
        changed=lake.generation != before,
        rows=sum(table.rows for table in done),
        seconds=round(time.monotonic() - began_s, 3),
        tables=done,
        defects=_defects(lake, source, [table.name for table in done]),
        notes=list(notes),
    )


def _defects(lake: Lake, source: LakeSource, tables: Sequence[str]) -> int:
    of_this = (pl.col("source") == source.value) & pl.col("table_name").is_in(tables)
    return int(lake.read("defects", where=of_this).get_column("rows").sum())
