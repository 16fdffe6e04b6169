"""What the lake's tables hold for some sessions or seasons, as Polars frames in today's schema."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.store.belief import Chosen, chosen
from overcut.lake.store.manifest import Manifest
from overcut.lake.store.parts import PartShelf


def scan(
    shelf: PartShelf, manifest: Manifest, table: Table, *, units: Sequence[str] | None, source: str | None
) -> pl.LazyFrame:
    """The rows of a table, lazily, by its order of rows; the most believed source of each unit (or key).

    Raises:
        NewerSchemaError, NoMigrationError: a part cannot be understood.
    """
    picked = chosen(table, manifest.parts, source=source, units=units)
    if not picked:
        return pl.LazyFrame(schema=frame_schema(table))
    by_unit = sorted(picked, key=lambda one: min(one.units)) if table.unit is not Unit.WHOLE else picked
    lazy = pl.concat([shelf.scan(part, found) for part, found in by_unit])
    if len(picked) == 1:
        return lazy
    order = list(table.order or table.key)
    if table.unit is Unit.WHOLE:
        return lazy.unique(list(table.key), keep="first", maintain_order=True).sort(order, maintain_order=True)
    return lazy if _in_order(table, by_unit) else lazy.sort(order, nulls_last=True, maintain_order=True)


def _in_order(table: Table, picked: Sequence[Chosen]) -> bool:
    """Whether the parts, one after the other, are sorted already."""
    if (table.order or table.key)[0] != table.unit:
        return False
    return all(max(before.units) < min(after.units) for before, after in pairwise(picked))
