"""Which SQL gives a table's rows from the lake's files: the most believed ones, and those of every source."""
# ruff: noqa: S608 -- names of our own tables and columns, and quoted paths

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from overcut.domain.tables import ColumnType, Table, Unit
from overcut.lake.store.belief import Chosen, chosen
from overcut.lake.store.manifest import Manifest, Part
from overcut.lake.store.parts import PartShelf
from overcut.lake.store.places import of_one_unit

DUCKDB_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.BOOL: "BOOLEAN",
    ColumnType.INT16: "SMALLINT",
    ColumnType.INT32: "INTEGER",
    ColumnType.INT64: "BIGINT",
    ColumnType.FLOAT32: "FLOAT",
    ColumnType.FLOAT64: "DOUBLE",
    ColumnType.DATE: "DATE",
    ColumnType.UTC_MS: "TIMESTAMP WITH TIME ZONE",
}


class ViewWriter:
    """Writes the SELECT statements over one generation's parts.

    Args:
        shelf: the lake's files.
        manifest: the generation.
    """

    def __init__(self, shelf: PartShelf, manifest: Manifest) -> None:
        self._shelf = shelf
        self._manifest = manifest

    def best(self, table: Table) -> str:
        """The most believed source's rows of each unit; of each key, for tables known as a whole.

        Raises:
            NewerSchemaError, NoMigrationError, DamagedPartError: a part cannot be understood.
        """
        picked = chosen(table, self._manifest.parts)
        if table.unit is not Unit.WHOLE or len(picked) < 2:
            return self._select(table, picked)
        columns, key = names(table.names), names(table.key)
        each = [self._select(table, [one], extra=f", {place} AS belief_") for place, one in enumerate(picked)]
        best = f"row_number() OVER (PARTITION BY {key} ORDER BY belief_) = 1"
        return f"SELECT {columns} FROM ({_union(each)}) QUALIFY {best}"

    def every(self, table: Table) -> str:
        """Every source's rows with a column that names it: `source_column`. Errors as `best`."""
        column = source_column(table)
        parts = [part for part in self._manifest.parts if part.table == table.name]
        sources = dict.fromkeys(part.source for part in parts)
        each = [
            self._select(
                table,
                [Chosen(part, tuple(part.units)) for part in parts if part.source == source],
                extra=f', {quoted(source)} AS "{column}"',
            )
            for source in sources
        ]
        return _union(each or [self._select(table, [], extra=f', NULL::VARCHAR AS "{column}"')])

    def _select(self, table: Table, picked: Sequence[Chosen], *, extra: str = "") -> str:
        """SELECT of the chosen units of some parts; files of which all rows count are read as one list."""
        columns = names(table.names) + extra
        if not picked:
            nothing = ", ".join(f'NULL::{DUCKDB_TYPES[c.type]} AS "{c.name}"' for c in table.columns)
            return f"SELECT {nothing}{extra} WHERE false"
        by_folder = [self._file(one.part) for one in picked if _all_of_it(one) and _in_folder(table, one.part)]
        others = [self._file(one.part) for one in picked if _all_of_it(one) and not _in_folder(table, one.part)]
        each: list[str] = []
        if by_folder:  # a filter on the unit opens only the files of its folder
            unit_type = "SMALLINT" if table.unit is Unit.SEASON else "VARCHAR"
            hive = f"hive_partitioning = true, hive_types = {{'{table.unit}': {unit_type}}}"
            each.append(f"SELECT {columns} FROM read_parquet([{', '.join(by_folder)}], {hive})")
        if others:
            each.append(f"SELECT {columns} FROM read_parquet([{', '.join(others)}], hive_partitioning = false)")
        for one in picked:
            if not _all_of_it(one):
                among = ", ".join(unit if table.unit is Unit.SEASON else quoted(unit) for unit in one.units)
                each.append(
                    f"SELECT {columns} FROM read_parquet({self._file(one.part)}, hive_partitioning = false) "
                    f'WHERE "{table.unit}" IN ({among})'
                )
        return _union(each)

    def _file(self, part: Part) -> str:
        return quoted(str(self._shelf.file(part).absolute()))


def source_column(table: Table) -> str:
    """What the column that names the lake's source is called in ``<table>_all``."""
    return "lake_source" if "source" in table.names else "source"


def names(columns: Iterable[str]) -> str:
    """Column names as SQL has them."""
    return ", ".join(f'"{name}"' for name in columns)


def quoted(value: str) -> str:
    """A text as SQL has it."""
    return "'" + value.replace("'", "''") + "'"


def _all_of_it(one: Chosen) -> bool:
    return len(one.units) == one.part.file_units


def _in_folder(table: Table, part: Part) -> bool:
    return of_one_unit(part.path) and part.version == table.version


def _union(selects: Sequence[str]) -> str:
    return " UNION ALL ".join(selects)
