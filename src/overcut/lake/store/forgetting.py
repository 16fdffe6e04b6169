"""How sessions and seasons leave the lake for good: from every table, and from the disk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from overcut.domain.tables import LakeSource, Unit
from overcut.kernel.errors import DataMissingError
from overcut.lake.store.compacting import merge
from overcut.lake.store.lake import Lake
from overcut.lake.store.manifest import Part, forget_old, without
from overcut.lake.store.retention import archive_path, repacked
from overcut.lake.store.tidying import tidy


class Forgotten(msgspec.Struct, frozen=True):
    """What left the lake: rows by table, and files removed from the disk."""

    generation: int
    rows: dict[str, int]
    files_removed: int


def what_would_go(
    lake: Lake, units: Sequence[str], *, tables: Collection[str] = (), source: LakeSource | None = None
) -> dict[str, int]:
    """Rows by table that `forget` would remove, the archived among them."""
    manifest = lake.manifest()
    rows: dict[str, int] = {}
    for part in (*manifest.parts, *manifest.archived):
        if _concerned(lake, part, tables, source):
            gone = sum(count for unit, count in part.units.items() if unit in units)
            if gone:
                rows[part.table] = rows.get(part.table, 0) + gone
    return rows


def forget(
    lake: Lake, units: Sequence[str], *, tables: Collection[str] = (), source: LakeSource | None = None
) -> Forgotten:
    """Remove sessions or seasons; their bytes leave the disk too, older generations included.

    Args:
        lake: the lake.
        units: session keys and seasons.
        tables: only from these; from all of sessions and seasons when empty.
        source: only what this one told.

    Raises:
        DataMissingError: the lake has none of them.
        DamagedPartError: a file that also holds other sessions cannot be read; nothing is changed.
        LakeBusyError, LakeWriteError: as for any write.
    """
    rows = what_would_go(lake, units, tables=tables, source=source)
    if not rows:
        raise DataMissingError(
            f"The lake has nothing of {', '.join(units)}", hint="overcut lake status --units names what it has"
        )
    with lake.writing(f"forgot {', '.join(units)}"[:500]) as writer:
        parts, archived = list(writer.parts), list(writer.archived)
        for table in rows:
            parts = without(parts, table, source, set(units))
            archived = without(archived, table, source, set(units))
        packed = [_without_the_rest(lake, part, writer.next_generation) for part in archived]
        writer.exchange(writer.parts, parts, archived=packed)
        for part in parts:  # a file that held them together with others is written again without them
            if not part.whole and part.table in rows:
                merge(lake.shelf, writer, lake.shelf.tables[part.table], [part])
    with lake.writing():
        removed = forget_old(lake.places, 1) + tidy(lake.places)
    return Forgotten(lake.generation, rows, removed)


def _without_the_rest(lake: Lake, part: Part, generation: int) -> Part:
    """An archived part; written again where some of its units do not count any more."""
    return part if part.whole else repacked(lake.shelf, part, generation, archive_path)


def _concerned(lake: Lake, part: Part, tables: Collection[str], source: LakeSource | None) -> bool:
    table = lake.shelf.tables.get(part.table)
    if table is None or table.unit is Unit.WHOLE or source not in {None, part.source}:
        return False
    return not tables or part.table in tables
