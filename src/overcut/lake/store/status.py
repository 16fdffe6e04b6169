"""What is in the lake: tables with rows, units, sources and bytes, who writes it, and what would do it good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from overcut.domain.tables import Table, Unit
from overcut.lake.store.belief import rank
from overcut.lake.store.compacting import mergeable
from overcut.lake.store.lake import Lake
from overcut.lake.store.lock import Owner, owner_of
from overcut.lake.store.manifest import Manifest, Part

MANY_PARTS = 200
"""Files that compaction would merge, from which on it is worth saying so."""


class TableStatus(msgspec.Struct, frozen=True):
    """What the lake has of a table.

    Attributes:
        name, meaning: of the table.
        unit: what is replaced as one: session_key, season or whole.
        units: how many of these.
        first, last: the first and last of them by name; empty where there are none.
        rows: of all sources.
        bytes: of its files; those shared with rows that were replaced count whole.
        files: how many.
        sources: units by source, the most believed source first.
        archived: units that retention packed away.
    """

    name: str
    meaning: str
    unit: str
    units: int
    first: str
    last: str
    rows: int
    bytes: int
    files: int
    sources: dict[str, int]
    archived: int


class LakeStatus(msgspec.Struct, frozen=True):
    """What the lake holds.

    Attributes:
        folder: where it is.
        generation: how often it was written; 0 for never.
        written_utc: when last; empty for never.
        note: what that was.
        bytes: of all files that count.
        files: how many.
        rows: of all tables and sources.
        sessions: session keys of which it has anything.
        seasons: seasons likewise.
        tables: the tables that have rows.
        writer: who writes it at this moment.
        advice: what would do it good, in words; empty for nothing.
    """

    folder: str
    generation: int
    written_utc: str
    note: str
    bytes: int
    files: int
    rows: int
    sessions: int
    seasons: int
    tables: tuple[TableStatus, ...]
    writer: Owner | None
    advice: tuple[str, ...]


def status(lake: Lake) -> LakeStatus:
    """What the lake holds now.

    Raises:
        NewerLakeError, DamagedManifestError: as `Lake.manifest`.
    """
    manifest = lake.manifest()
    tables = [_of_table(table, manifest) for table in lake.shelf.tables.values()]
    every = (*manifest.parts, *manifest.archived)
    return LakeStatus(
        str(lake.folder),
        manifest.generation,
        manifest.written_utc,
        manifest.note,
        sum(part.bytes for part in every),
        len(every),
        sum(sum(part.units.values()) for part in every),
        len(_units(lake.shelf.tables, manifest, Unit.SESSION)),
        len(_units(lake.shelf.tables, manifest, Unit.SEASON)),
        tuple(table for table in tables if table.files),
        owner_of(lake.places.lock) if lake.busy() else None,
        tuple(_advice(lake, manifest)),
    )


def _of_table(table: Table, manifest: Manifest) -> TableStatus:
    live = [part for part in manifest.parts if part.table == table.name]
    away = [part for part in manifest.archived if part.table == table.name]
    units = sorted({unit for part in live for unit in part.units})
    return TableStatus(
        table.name,
        table.meaning,
        str(table.unit),
        len(units),
        units[0] if units else "",
        units[-1] if units else "",
        sum(sum(part.units.values()) for part in live),
        sum(part.bytes for part in (*live, *away)),
        len(live) + len(away),
        _by_source(live),
        len({unit for part in away for unit in part.units}),
    )


def _by_source(parts: Sequence[Part]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in sorted(parts, key=lambda part: rank(part.source)):
        found[part.source] = found.get(part.source, 0) + len(part.units)
    return found


def _units(tables: Mapping[str, Table], manifest: Manifest, kind: Unit) -> set[str]:
    of_kind = {name for name, table in tables.items() if table.unit is kind}
    return {unit for part in manifest.parts if part.table in of_kind for unit in part.units}


def _advice(lake: Lake, manifest: Manifest) -> list[str]:
    merged = sum(len(group) - 1 for table in lake.shelf.tables.values() for group in mergeable(table, manifest.parts))
    unknown = sorted({part.table for part in manifest.parts if part.table not in lake.shelf.tables})
    said = [f"overcut lake compact would save {merged} files"] if merged > MANY_PARTS else []
    if unknown:
        said.append(f"a newer Overcut wrote tables that this one does not know: {', '.join(unknown)}")
    return said
