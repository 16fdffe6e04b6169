"""Whether the lake on the disk is what was written: every manifest, every part's checksum, schema and rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec
import polars as pl

from overcut.domain.tables import Table, Unit
from overcut.kernel.errors import OvercutError
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.store.catalogue import copy_fault
from overcut.lake.store.lake import Lake
from overcut.lake.store.lock import owner_of
from overcut.lake.store.manifest import DamagedManifestError, Manifest, NewerLakeError, Part, generations, load
from overcut.lake.store.parts import PartShelf, units_of
from overcut.lake.store.places import Places
from overcut.lake.store.tidying import left_over


class Fault(StrEnum):
    """What may be wrong with a lake."""

    NEWER_LAKE = "newer_lake"
    DAMAGED_MANIFEST = "damaged_manifest"
    OLD_MANIFEST = "old_manifest_damaged"
    MISSING_PART = "missing_part"
    DAMAGED_PART = "damaged_part"
    WRONG_PART = "wrong_part"
    NEWER_SCHEMA = "newer_schema"
    NO_MIGRATION = "no_migration"
    UNKNOWN_TABLE = "unknown_table"
    DEAD_WRITER = "dead_writer"
    LEFT_OVER = "left_over"
    DAMAGED_COPY = "damaged_copy"


HARMLESS = frozenset({Fault.OLD_MANIFEST, Fault.UNKNOWN_TABLE, Fault.DEAD_WRITER, Fault.LEFT_OVER, Fault.DAMAGED_COPY})
"""Nothing that the lake holds is touched by these."""


class LakeFinding(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        fault: what kind.
        place: which file, below the lake's folder.
        why: what was found, in words.
        remedy: what to do, in words.
        table: the table that suffers; empty for none.
        units: its sessions or seasons that suffer.
    """

    fault: Fault
    place: str
    why: str
    remedy: str
    table: str = ""
    units: tuple[str, ...] = ()

    @property
    def harmful(self) -> bool:
        """Whether something that the lake holds cannot be read, or is not what was written."""
        return self.fault not in HARMLESS


class Verified(msgspec.Struct, frozen=True):
    """What was looked at, and what was found.

    Attributes:
        generation: the one whose parts were looked at: the newest, or the newest whole one.
        parts: how many files were read.
        bytes: how large they are together.
        findings: what is wrong; none in a whole lake.
    """

    generation: int
    parts: int
    bytes: int
    findings: tuple[LakeFinding, ...]

    @property
    def whole(self) -> bool:
        """Whether everything that the lake holds can be read and is what was written."""
        return not any(finding.harmful for finding in self.findings)


_RESTORE = "overcut lake restore BACKUP, or import it again"


def verify(lake: Lake, *, progress: Callable[[int, int], None] | None = None) -> Verified:
    """Read every file of the lake and compare it with what was written.

    Args:
        lake: the lake.
        progress: told how many of how many files have been read.
    """
    manifest, findings = newest_whole(lake.places)
    owner = owner_of(lake.places.lock)
    busy = lake.busy()
    if owner is not None and not busy:
        findings.append(_dead_writer(owner.pid))
    every = (*manifest.parts, *manifest.archived)
    for number, part in enumerate(every, 1):
        finding = examined(lake.shelf, part)
        if finding is not None:
            findings.append(finding)
        if progress is not None:
            progress(number, len(every))
    findings += _damaged_copies(lake.places)
    if not busy:
        findings += _lying_about(lake.places)
    return Verified(manifest.generation, len(every), sum(part.bytes for part in every), tuple(findings))


def newest_whole(places: Places) -> tuple[Manifest, list[LakeFinding]]:
    """The newest manifest that can be read, and what is wrong with others."""
    findings: list[LakeFinding] = []
    found: Manifest | None = None
    for number in reversed(generations(places)):
        try:
            found = found or load(places, number)
            load(places, number)
        except NewerLakeError as error:
            findings.append(LakeFinding(Fault.NEWER_LAKE, _manifest_place(number), error.why, "update Overcut"))
        except DamagedManifestError as error:
            fault = Fault.OLD_MANIFEST if found is not None else Fault.DAMAGED_MANIFEST
            remedy = "nothing: a newer one is whole" if found is not None else "overcut lake restore"
            findings.append(LakeFinding(fault, _manifest_place(number), error.why, remedy))
    return found or Manifest(), findings


def examined(shelf: PartShelf, part: Part) -> LakeFinding | None:
    """What is wrong with a part; None when nothing is."""
    table = shelf.tables.get(part.table)
    units = tuple(part.units)

    def finding(fault: Fault, why: str, remedy: str = _RESTORE) -> LakeFinding:
        return LakeFinding(fault, part.path, why, remedy, part.table, units)

    path = shelf.places.root / part.path
    why = why_not_what_was_written(path, part)
    if why:
        return finding(Fault.DAMAGED_PART if path.is_file() else Fault.MISSING_PART, why)
    if table is None:
        return finding(Fault.UNKNOWN_TABLE, f"this Overcut knows no table {part.table}", "update Overcut to read it")
    if part.version > table.version:
        return finding(
            Fault.NEWER_SCHEMA,
            f"schema version {part.version}, this Overcut reads up to {table.version}",
            "update Overcut; or overcut lake restore BACKUP --whole",
        )
    try:
        wrong = _wrong_rows(shelf, table, part)
    except OvercutError as error:
        return finding(Fault.NO_MIGRATION, error.what, error.hint)
    return finding(Fault.WRONG_PART, wrong) if wrong else None


def _wrong_rows(shelf: PartShelf, table: Table, part: Part) -> str:
    """What is wrong with the columns or rows of a file whose bytes are those that were written; empty for nothing."""
    file = shelf.file(part)
    try:
        schema = pl.read_parquet_schema(file)
        if dict(schema) != frame_schema(table):
            return "its columns are not those of its table's schema"
        unit = () if table.unit is Unit.WHOLE else (str(table.unit),)
        keys = pl.read_parquet(file, columns=list(dict.fromkeys((*unit, *table.key))))
    except (OSError, pl.exceptions.PolarsError) as error:
        return str(error)
    there = units_of(table, keys)
    if keys.height != part.rows or any(there.get(unit) != count for unit, count in part.units.items()):
        return "it has more or fewer rows than were written"
    return f"rows have the same {', '.join(table.key)}" if _repeated(table, keys) else ""


def _repeated(table: Table, keys: pl.DataFrame) -> bool:
    """Whether two rows have the same key; of rows that are sorted by it, as files are, neighbours are compared."""
    rows = keys.select(table.key)
    if table.order and set(table.order[: len(table.key)]) != set(table.key):
        return rows.n_unique() < rows.height
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in table.key)
    return rows.height > 1 and bool(rows.select(same.slice(1).any()).item())


def why_not_what_was_written(path: Path, part: Part) -> str:
    """Why a file is not the part that was written, in words; empty when it is."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "the file is not there"
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    if len(data) != part.bytes:
        return f"the file has {len(data)} bytes instead of {part.bytes}"
    return "" if hashlib.sha256(data).hexdigest() == part.sha256 else "its checksum is another: its bytes were altered"


def _lying_about(places: Places) -> Iterator[LakeFinding]:
    for path in left_over(places):
        place = path.relative_to(places.root).as_posix()
        remedy = "nothing; overcut lake compact removes it"
        yield LakeFinding(Fault.LEFT_OVER, place, "nothing refers to this file", remedy)


def _damaged_copies(places: Places) -> Iterator[LakeFinding]:
    for path in sorted(places.derived.glob("*.duckdb")):
        why = copy_fault(path)
        if why:
            place = path.relative_to(places.root).as_posix()
            yield LakeFinding(Fault.DAMAGED_COPY, place, why, "nothing: the next query that meets it makes it anew")


def _dead_writer(pid: int) -> LakeFinding:
    return LakeFinding(
        Fault.DEAD_WRITER,
        "writer.lock",
        f"process {pid} ended in the middle of a write; the lake is as it was before",
        "do again what it did; the next write takes the lock over",
    )


def _manifest_place(number: int) -> str:
    return f"manifests/{number:010d}.json"
