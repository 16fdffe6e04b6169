"""How the lake is made small and quick again: few files instead of many, no rows that were replaced, no leftovers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import msgspec
import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.lake.store.lake import Lake
from overcut.lake.store.manifest import Part, forget_old
from overcut.lake.store.parts import PartShelf, fitted
from overcut.lake.store.tidying import tidy
from overcut.lake.store.writer import LakeWriter

SMALL_BYTES = 1_000_000
"""Files of sessions at least this large stay as they are: one session of telemetry is a file of its own."""

MERGED_BYTES = 24_000_000
"""A merged file grows to about this much."""


class Compacted(msgspec.Struct, frozen=True):
    """What compaction did: files and bytes of the lake before and after, and files removed that nothing referred to."""

    generation: int
    parts_before: int
    parts_after: int
    bytes_before: int
    bytes_after: int
    files_removed: int


def compact(lake: Lake, *, keep_generations: int = 2, progress: Callable[[str], None] | None = None) -> Compacted:
    """Merge small files of each table and source, drop replaced rows, migrate old schemas for good, remove leftovers.

    What the lake answers stays the same. Older generations beyond ``keep_generations`` are forgotten.

    Raises:
        DamagedPartError: a file cannot be read; nothing is changed.
        LakeBusyError, LakeWriteError: as for any write.
    """
    before = lake.manifest()
    with lake.writing("compaction") as writer:
        for table in lake.shelf.tables.values():
            for old in mergeable(table, writer.parts):
                if progress is not None:
                    progress(table.name)
                merge(lake.shelf, writer, table, old)
        after = writer.parts
    with lake.writing():
        removed = forget_old(lake.places, keep_generations) + tidy(lake.places)
    return Compacted(
        lake.generation,
        len(before.parts),
        len(after),
        sum(part.bytes for part in before.parts),
        sum(part.bytes for part in after),
        removed,
    )


def merge(shelf: PartShelf, writer: LakeWriter, table: Table, old: Sequence[Part]) -> None:
    """Put one file in place of several of the same table and source."""
    rows = pl.concat([shelf.read(part, list(part.units)) for part in old])
    origins = dict.fromkeys(origin for part in old for origin in part.origin.split("; "))
    new = shelf.write(
        table, fitted(table, rows), old[0].source, "; ".join(origins)[:500], generation=writer.next_generation
    )
    writer.exchange(old, [new])


def mergeable(table: Table, parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The groups of parts that become one file each."""
    mine = sorted((part for part in parts if part.table == table.name), key=lambda part: part.source)
    for _, of_source in groupby(mine, key=lambda part: part.source):
        yield from _groups(table, sorted(of_source, key=lambda part: min(part.units)))


def _groups(table: Table, parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in parts:
        if table.unit is Unit.SESSION and part.bytes >= SMALL_BYTES:
            if _stale(table, part):
                yield [part]
            continue
        if group and sum(one.bytes for one in group) + part.bytes > MERGED_BYTES:
            yield group
            group = []
        group.append(part)
    if len(group) > 1 or any(_stale(table, part) for part in group):
        yield group


def _stale(table: Table, part: Part) -> bool:
    return not part.whole or part.version < table.version
