"""How rows enter the lake: replaced unit by unit, published as one new generation, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

import polars as pl

from overcut.domain.tables import TABLES, LakeSource, Table, Unit
from overcut.domain.tables.finding import Finding
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.store.durable import drop, settle
from overcut.lake.store.manifest import Manifest, Part, forget_old, publish, without
from overcut.lake.store.parts import DamagedPartError, PartShelf, WrongRowsError, fitted, of_units, units_of
from overcut.lake.store.places import WHOLE
from overcut.lake.validation import Intake


class LakeWriter:
    """Collects the changes of one ``with lake.writing()`` block. Not for several threads.

    Args:
        shelf: the lake's files.
        manifest: what the lake holds now.
    """

    def __init__(self, shelf: PartShelf, manifest: Manifest) -> None:
        self._shelf = shelf
        self._before = manifest
        self._next = manifest.generation + 1
        self._parts = list(manifest.parts)
        self._archived = list(manifest.archived)
        self._written: list[Part] = []
        self._origins: dict[str, None] = {}
        self._intake = Intake()

    def replace(self, table: str, frame: pl.DataFrame, *, source: LakeSource, origin: str = "") -> list[str]:
        """Put the rows of ``frame`` in place of that source's rows of every unit that occurs in it.

        The rows are validated: what cannot be true is refused or repaired, and told in the tables ``defects`` and
        ``quarantine``. Units whose rows are there already, exactly, are left alone.

        Args:
            table: name of the table.
            frame: rows; nullable columns may be absent.
            source: who tells.
            origin: where the rows came from, in words.

        Returns:
            The units that changed.

        Raises:
            WrongRowsError: the rows do not fit the table.
            LakeWriteError: the disk is full or refuses.
        """
        schema = self._table(table)
        return self._put(schema, self._intake.take(schema, frame, source), source, origin)

    def note(self, table: str, findings: Iterable[Finding], *, source: LakeSource) -> None:
        """Tell what a source itself found wrong with its rows of a table; kept in ``defects``."""
        self._intake.note(self._table(table).name, source, findings)

    def _put(self, schema: Table, frame: pl.DataFrame, source: LakeSource, origin: str) -> list[str]:
        table, rows = schema.name, fitted(schema, frame)
        if rows.is_empty():
            return []
        changed = self._changed(schema, rows, source)
        if changed:
            part = self._shelf.write(schema, of_units(schema, rows, changed), source, origin, generation=self._next)
            self._parts = without(self._parts, table, source, changed)
            self._parts.append(part)
            self._written.append(part)
            self._origins[origin] = None
        return changed

    def remove(self, table: str, units: Sequence[str | int] | None = None, *, source: LakeSource | None) -> None:
        """Take the rows of some units out of a table (all when None), of one source or of any (None)."""
        schema = self._table(table)
        wanted = None if units is None else {str(unit) for unit in units}
        self._parts = without(self._parts, schema.name, source, wanted)

    def read(self, table: str, *, source: LakeSource, units: Sequence[str | int] | None = None) -> pl.DataFrame:
        """A source's rows as they will be after this block."""
        schema = self._table(table)
        wanted = None if units is None else {str(unit) for unit in units}
        frames = [
            self._shelf.read(part, [unit for unit in part.units if wanted is None or unit in wanted])
            for part in self._parts
            if part.table == table and part.source == source and (wanted is None or wanted & part.units.keys())
        ]
        return pl.concat(frames) if frames else pl.DataFrame(schema=frame_schema(schema))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts as they will be after this block."""
        return tuple(self._parts)

    @property
    def archived(self) -> tuple[Part, ...]:
        """The archived parts as they will be after this block."""
        return tuple(self._archived)

    def exchange(self, old: Collection[Part], new: Sequence[Part], *, archived: Sequence[Part] | None = None) -> None:
        """Put written parts in place of others that hold the same rows; ``archived`` becomes the list of those."""
        gone = {part.path for part in old}
        self._parts = [part for part in self._parts if part.path not in gone] + list(new)
        known = {part.path for part in (*self._before.parts, *self._before.archived)}
        self._written += [part for part in (*new, *(archived or ())) if part.path not in known]
        if archived is not None:
            self._archived = list(archived)

    @property
    def next_generation(self) -> int:
        """The one that this block will make."""
        return self._next

    def changes(self) -> bool:
        """Whether anything is different from before."""
        return self._parts != list(self._before.parts) or self._archived != list(self._before.archived)

    def commit(self, note: str = "") -> Manifest:
        """Make the changes what the lake holds; what it held before when there are none.

        Raises:
            LakeWriteError: the disk is full or refuses; nothing is changed.
        """
        self._tell_findings()
        if not self.changes():
            return self._before
        needed = {part.path for part in (*self._parts, *self._archived)}
        settle(self._shelf.places.root / part.path for part in self._written if part.path in needed)
        manifest = Manifest(
            self._next,
            tuple(self._parts),
            tuple(self._archived),
            note or "; ".join(origin for origin in self._origins if origin)[:500],
            datetime.now(UTC).isoformat(timespec="seconds"),
            self._before.lake_id or secrets.token_hex(8),
        )
        publish(self._shelf.places, manifest)
        self._drop_written(keep=needed)
        forget_old(self._shelf.places)
        return manifest

    def _tell_findings(self) -> None:
        """Bring the tables of defects and of quarantined rows up to what was found in this block."""
        for name, rows in self._intake.tables(self._told_before).items():
            if name not in self._shelf.tables:
                continue
            if rows.is_empty():
                self.remove(name, source=LakeSource.OVERCUT)
            self._put(self._table(name), rows, LakeSource.OVERCUT, "")

    def _told_before(self, name: str) -> pl.DataFrame:
        """What such a table holds; nothing where its file is damaged: what is imported now is told anew."""
        if name in self._shelf.tables:
            try:
                return self.read(name, source=LakeSource.OVERCUT)
            except DamagedPartError:
                pass
        return pl.DataFrame(schema=frame_schema(TABLES[name]))

    def abandon(self) -> None:
        """Remove what was written for nothing."""
        self._drop_written(keep=set())

    def _drop_written(self, keep: set[str]) -> None:
        old = {part.path for part in (*self._before.parts, *self._before.archived)}
        gone = {part.path for part in self._written} - keep - old
        drop(self._shelf.places.root / path for path in gone)

    def _changed(self, table: Table, rows: pl.DataFrame, source: LakeSource) -> list[str]:
        """The units whose rows differ from what is there; those of an unreadable part count as different."""
        units = units_of(table, rows)
        there: dict[str, int] = {}
        for part in self._parts:
            if part.table == table.name and part.source == source:
                there.update(part.units)
        alike = [unit for unit, count in units.items() if there.get(unit) == count]
        if not alike:
            return list(units)
        try:
            old = fitted(table, self.read(table.name, source=source, units=alike))
        except DamagedPartError:
            return list(units)
        new = of_units(table, rows, alike)
        if new.equals(old, null_equal=True):
            return [unit for unit in units if unit not in set(alike)]
        if table.unit is Unit.WHOLE:
            return [WHOLE]
        before, after = _by_unit(table, old), _by_unit(table, new)
        same = {unit for unit in alike if unit in before and after[unit].equals(before[unit], null_equal=True)}
        return [unit for unit in units if unit not in same]

    def _table(self, name: str) -> Table:
        table = self._shelf.tables.get(name)
        if table is None:
            raise WrongRowsError(f"The lake has no table {name!r}", hint=f"tables: {', '.join(self._shelf.tables)}")
        return table


def _by_unit(table: Table, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    parted = frame.partition_by(str(table.unit), as_dict=True, maintain_order=True)
    return {str(unit): rows for (unit,), rows in parted.items()}
