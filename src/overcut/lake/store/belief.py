"""Which part is believed about which session or season, where several sources tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from overcut.domain.tables import LakeSource, Table, Unit
from overcut.lake.store.manifest import Part

_RANK: Mapping[str, int] = {source.value: rank for rank, source in enumerate(LakeSource)}


class Chosen(NamedTuple):
    """A part, and which of its units are read from it."""

    part: Part
    units: tuple[str, ...]


def rank(source: str) -> int:
    """A source's place in the order of belief, 0 the first; sources of a newer version come last."""
    return _RANK.get(source, len(_RANK))


def chosen(
    table: Table, parts: Iterable[Part], *, source: str | None = None, units: Sequence[str] | None = None
) -> list[Chosen]:
    """Which parts to read for a table, and which units of each; the most believed source of each unit.

    Tables that are known as a whole are read from all sources, the most believed one first: there the choice is
    made key by key.

    Args:
        table: the table.
        parts: all that the lake has of it.
        source: only this one.
        units: only these; all when None.
    """
    wanted = None if units is None else set(units)
    mine = [part for part in parts if part.table == table.name and (source is None or part.source == source)]
    mine.sort(key=lambda part: rank(part.source))
    if table.unit is Unit.WHOLE:
        return [Chosen(part, tuple(part.units)) for part in mine if wanted is None or wanted & part.units.keys()]
    best: dict[str, int] = {}
    found: list[Chosen] = []
    for part in mine:
        place = rank(part.source)
        believed = tuple(
            unit for unit in part.units if (wanted is None or unit in wanted) and best.setdefault(unit, place) == place
        )
        if believed:
            found.append(Chosen(part, believed))
    return found
