"""Which rows does somebody want: filters, order and page over named columns, as SQL that nothing can be smuggled into.

Column names are looked up, never copied from a question; values travel as parameters, already of the column's type.
"""
# ruff: noqa: S608 -- only names that were looked up, and parameters, enter a statement

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec
import polars as pl

from overcut.domain.tables import ColumnType
from overcut.kernel.errors import WrongUsageError
from overcut.lake.store.lake import Lake

MAX_FILTERS = 40


class Comparison(StrEnum):
    """How a value is compared."""

    EQUAL = "="
    UNEQUAL = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


class Filter(msgspec.Struct, frozen=True):
    """A column compared with a value, given as text; rows whose value is not known never pass."""

    column: str
    comparison: Comparison
    value: str


class RowQuery(msgspec.Struct, frozen=True):
    """Some rows of a table.

    Attributes:
        filters: all must hold, but several that ask for equality with one column mean "one of these".
        columns: which, in order; all when empty.
        order: by which columns; a name that begins with "-" sorts from the highest down. Nulls come last.
        limit, offset: the page; no limit when None.
    """

    filters: Sequence[Filter] = ()
    columns: Sequence[str] = ()
    order: Sequence[str] = ()
    limit: int | None = None
    offset: int = 0


class Rows(msgspec.Struct, frozen=True):
    """A named set of rows: its SELECT and the type of each of its columns."""

    name: str
    select: str
    types: Mapping[str, ColumnType]

    @classmethod
    def of_table(cls, lake: Lake, name: str) -> Rows:
        """A table of the lake.

        Raises:
            WrongUsageError: there is none of that name.
        """
        table = lake.shelf.tables.get(name)
        if table is None:
            close = difflib.get_close_matches(name, lake.shelf.tables, 1)
            hint = f"did you mean {close[0]}?" if close else f"tables: {', '.join(lake.shelf.tables)}"
            raise WrongUsageError(f"The lake has no table {name[:40]!r}", hint=hint)
        return cls(name, f'SELECT * FROM "{name}"', {column.name: column.type for column in table.columns})


def rows(lake: Lake, asked: Rows, query: RowQuery) -> pl.DataFrame:
    """The rows that a query asks for.

    Raises:
        WrongUsageError: an unknown column, a value that is none of its type, or too many filters.
        BadQueryError: a file of the lake is damaged.
    """
    where, parameters = _where(asked, query.filters)
    listed = ", ".join(_name(asked, column) for column in query.columns) or "*"
    order = ", ".join(_order(asked, word) for word in query.order)
    text = f"SELECT {listed} FROM ({asked.select}) AS asked{where}"
    if order:
        text += f" ORDER BY {order}"
    if query.limit is not None:
        text += f" LIMIT {int(query.limit)}"
    if query.offset:
        text += f" OFFSET {int(query.offset)}"
    return lake.query(text, parameters)


def how_many(lake: Lake, asked: Rows, filters: Sequence[Filter]) -> int:
    """How many rows pass the filters.

    Raises:
        WrongUsageError: as of `rows`.
    """
    where, parameters = _where(asked, filters)
    return int(lake.query(f"SELECT count(*) AS n FROM ({asked.select}) AS asked{where}", parameters)["n"][0])


def _where(asked: Rows, filters: Sequence[Filter]) -> tuple[str, dict[str, object]]:
    if len(filters) > MAX_FILTERS:
        raise WrongUsageError(f"{len(filters)} filters are too many", hint=f"give at most {MAX_FILTERS}")
    parameters: dict[str, object] = {}
    terms: list[str] = []
    alternatives: dict[str, list[str]] = {}
    for index, given in enumerate(filters):
        name = _name(asked, given.column)
        parameters[f"p{index}"] = value_of(given.column, asked.types[given.column], given.value)
        if given.comparison is Comparison.EQUAL:
            alternatives.setdefault(name, []).append(f"$p{index}")
        else:
            terms.append(f"{name} {given.comparison.value} $p{index}")
    terms += [f"{name} IN ({', '.join(places)})" for name, places in alternatives.items()]
    return (f" WHERE {' AND '.join(terms)}" if terms else ""), parameters


def _name(asked: Rows, column: str) -> str:
    if column not in asked.types:
        close = difflib.get_close_matches(column, asked.types, 1)
        hint = f"did you mean {close[0]}?" if close else f"columns: {', '.join(asked.types)}"
        raise WrongUsageError(f"{asked.name} has no column {column[:40]!r}", hint=hint)
    return f'"{column}"'


def _order(asked: Rows, word: str) -> str:
    down = word.startswith("-")
    return f"{_name(asked, word.removeprefix('-'))} {'DESC' if down else 'ASC'} NULLS LAST"


def value_of(column: str, kind: ColumnType, text: str) -> object:
    """A value given as text, as a column of this type has it.

    Raises:
        WrongUsageError: it is none.
    """
    try:
        match kind:
            case ColumnType.TEXT:
                return text
            case ColumnType.BOOL:
                return _BOOLEANS[text.lower()]
            case ColumnType.DATE:
                return date.fromisoformat(text)
            case ColumnType.UTC_MS:
                when = datetime.fromisoformat(text)
                return when.replace(tzinfo=UTC) if when.tzinfo is None else when
            case ColumnType.FLOAT32 | ColumnType.FLOAT64:
                return float(text)
            case ColumnType.INT16 | ColumnType.INT32 | ColumnType.INT64:
                return _whole(text)
    except (ValueError, KeyError, OverflowError) as error:
        raise WrongUsageError(
            f"{text[:40]!r} is no value of {column}", why=f"the column holds {_WORDS[kind]}"
        ) from error


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_WORDS = {
    ColumnType.TEXT: "words",
    ColumnType.BOOL: "true or false",
    ColumnType.DATE: "days (2024-05-26)",
    ColumnType.UTC_MS: "instants (2024-05-26T13:00:00Z)",
    ColumnType.FLOAT32: "numbers",
    ColumnType.FLOAT64: "numbers",
    ColumnType.INT16: "whole numbers",
    ColumnType.INT32: "whole numbers",
    ColumnType.INT64: "whole numbers",
}


def _whole(text: str) -> int:
    value = int(text)
    if abs(value) >= 2**63:
        raise OverflowError(text)
    return value
