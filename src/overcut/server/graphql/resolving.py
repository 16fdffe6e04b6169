"""How a field of the graph gets its value: from the row, from another table by key, or by a query of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from overcut.domain.tables import Column, Table
from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.lake.rows import Comparison, Filter, RowQuery, Rows, rows

Row = Mapping[str, object]
Key = tuple[object, ...]

MOST_QUERIES = 100
"""Statements that one request may cost."""

MOST_ROWS_IN_ALL = 20_000
"""Rows that one request may read through lists."""


class Reading:
    """One request's reading of the lake: counts what it costs, and reads the same thing once.

    Args:
        lake: what is read.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._queries = 0
        self._rows = 0
        self._found: dict[tuple[str, Key], Row | None] = {}
        self._whole: dict[str, dict[Key, Row]] = {}

    def many(self, table: Table, query: RowQuery) -> list[Row]:
        """Rows of a table.

        Raises:
            GraphQLError: the request costs too much, or the query is refused.
        """
        self._queries += 1
        if self._queries > MOST_QUERIES:
            raise GraphQLError(f"This costs more than {MOST_QUERIES} queries: ask for fewer lists within lists")
        found = _asked(self._lake, table, query)
        self._rows += len(found)
        if self._rows > MOST_ROWS_IN_ALL:
            raise GraphQLError(f"This reads more than {MOST_ROWS_IN_ALL:,} rows: narrow it, or read it in pages")
        return found

    def one(self, table: Table, key: Key) -> Row | None:
        """The row with a key; small tables of people and places are read whole, once."""
        if table.name not in self._whole:
            self._queries += 1
            everything = _asked(self._lake, table, RowQuery())
            self._whole[table.name] = {tuple(row[column] for column in table.key): row for row in everything}
        return self._whole[table.name].get(key)


def _asked(lake: Lake, table: Table, query: RowQuery) -> list[Row]:
    try:
        return list(rows(lake, Rows.of_table(lake, table.name), query).iter_rows(named=True))
    except OvercutError as error:
        detail = ". ".join(part for part in (error.what, error.why, error.hint) if part)
        raise GraphQLError(detail, original_error=error) from error


def resolve_value(column: Column) -> Callable[[Row, GraphQLResolveInfo[Reading]], object]:
    """A column's value; days and instants as ISO 8601."""

    def value(row: Row, _info: GraphQLResolveInfo[Reading]) -> object:
        found = row[column.name]
        if isinstance(found, datetime):
            return found.isoformat(timespec="milliseconds")
        return found.isoformat() if isinstance(found, date) else found

    return value


def resolve_one(table: Table, columns: Mapping[str, str]) -> Callable[[Row, GraphQLResolveInfo[Reading]], Row | None]:
    """The row of another table that a row names; null where it names none, or one that is not there."""

    def one(row: Row, info: GraphQLResolveInfo[Reading]) -> Row | None:
        key = tuple(row[columns[column]] for column in table.key)
        return None if None in key else info.context.one(table, key)

    return one


def resolve_many(table: Table, columns: Mapping[str, str], most: int) -> Callable[..., list[Row]]:
    """The rows that a field's arguments ask for, those of a link's own columns added."""

    def many(
        row: Row | None,
        info: GraphQLResolveInfo[Reading],
        *,
        limit: int | None,
        offset: int | None,
        where: Sequence[Mapping[str, Any]] | None = None,
        order: Sequence[str] | None = None,
        **equal: object,
    ) -> list[Row]:
        wanted = 100 if limit is None else limit
        if not (0 <= wanted <= most and 0 <= (offset or 0) <= 10_000_000):
            raise GraphQLError(f"limit is from 0 to {most}, offset from 0: read longer lists in pages")
        filters = [Filter(name, Comparison.EQUAL, _text(value)) for name, value in equal.items() if value is not None]
        filters += [Filter(term["column"], term["is"], term["value"]) for term in where or ()]
        if row is not None:
            filters += [Filter(name, Comparison.EQUAL, _text(row[own])) for own, name in columns.items()]
        ordered = tuple(order or table.order or table.key)
        return info.context.many(table, RowQuery(filters, order=ordered, limit=wanted, offset=offset or 0))

    return many


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
