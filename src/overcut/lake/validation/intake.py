"""What validation found during one write of the lake, and the tables in which that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
import polars as pl

from overcut.domain.tables import TABLES, LakeSource, Table, Unit
from overcut.domain.tables.finding import Finding
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.validation.checked import PROBLEM, WHOLE, checked

DEFECTS, QUARANTINE = "defects", "quarantine"


class _Found(msgspec.Struct):
    """Of one table of one source: the places that were validated, and what was found in them."""

    places: set[str] = msgspec.field(default_factory=set[str])
    findings: list[Finding] = msgspec.field(default_factory=list[Finding])
    rows: list[pl.DataFrame] = msgspec.field(default_factory=list[pl.DataFrame])


class Intake:
    """Validates what one write brings, and remembers what is wrong with it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], _Found] = {}

    def take(self, table: Table, frame: pl.DataFrame, source: LakeSource) -> pl.DataFrame:
        """The rows of ``frame`` that may enter ``table``, in its schema.

        Raises:
            WrongRowsError: the columns are not the table's.
        """
        if table.name in (DEFECTS, QUARANTINE):
            return frame
        passed = checked(table, frame)
        found = self._found.setdefault((source.value, table.name), _Found())
        found.places.update(_places(table, passed.frame))
        found.findings += passed.findings
        if passed.quarantined.height:
            found.rows.append(_kept(table, passed.quarantined))
        return passed.frame

    def note(self, table: str, source: LakeSource, findings: Iterable[Finding]) -> None:
        """Findings of the source itself, which knows more of its data than a table's schema tells."""
        self._found.setdefault((source.value, table), _Found()).findings += findings

    def tables(self, known: Callable[[str], pl.DataFrame]) -> Mapping[str, pl.DataFrame]:
        """The tables of defects and of quarantined rows as they must be now; only those that are to be written.

        Args:
            known: gives what such a table holds so far.
        """
        made: dict[str, pl.DataFrame] = {}
        for name, rows_of in ((DEFECTS, _defects), (QUARANTINE, _quarantined)):
            new = [rows_of(source, table, found) for (source, table), found in self._found.items()]
            old = known(name)
            stale = [self._stale(source, table) for source, table in self._found]
            left = old.filter(~pl.any_horizontal(stale)) if stale and old.height else old
            if left.height < old.height or any(rows.height for rows in new):
                made[name] = pl.concat([left, *new])
        return made

    def _stale(self, source: str, table: str) -> pl.Expr:
        """Rows that this write says anew."""
        found = self._found[source, table]
        places = found.places | {finding.place for finding in found.findings}
        return (pl.col("source") == source) & (pl.col("table_name") == table) & pl.col("place").is_in(sorted(places))


def _places(table: Table, frame: pl.DataFrame) -> set[str]:
    if table.unit is Unit.WHOLE:
        return {WHOLE}
    return set(frame.get_column(str(table.unit)).unique().cast(pl.String).to_list())


def _defects(source: str, table: str, found: _Found) -> pl.DataFrame:
    """One row for each place, kind and column; what is found twice there is added up."""
    added: dict[tuple[str, str, str], Finding] = {}
    for finding in found.findings:
        key = (finding.place, finding.kind, finding.column)
        before = added.get(key)
        added[key] = msgspec.structs.replace(finding, rows=finding.rows + before.rows) if before else finding
    rows = [
        (source, table, it.place, it.kind, it.column, it.rows, it.action.value, it.example) for it in added.values()
    ]
    return pl.DataFrame(rows, schema=frame_schema(TABLES[DEFECTS]), orient="row")


def _kept(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Refused or changed rows as ``place``, ``problem`` and ``body`` (JSON)."""
    place = pl.lit(WHOLE) if table.unit is Unit.WHOLE else pl.col(str(table.unit)).fill_null("unknown")
    body = pl.struct(table.names).struct.json_encode()
    return rows.select(place.alias("place"), PROBLEM, body.alias("body"))


def _quarantined(source: str, table: str, found: _Found) -> pl.DataFrame:
    schema = frame_schema(TABLES[QUARANTINE])
    if not found.rows:
        return pl.DataFrame(schema=schema)
    rows = pl.concat(found.rows).with_columns(
        pl.lit(source).alias("source"),
        pl.lit(table).alias("table_name"),
        (pl.int_range(pl.len()).over("place") + 1).alias("row"),
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in schema.items())
