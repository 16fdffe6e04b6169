"""How rows in which any column may hold anything (of SQLite, of JSON) become a frame of a table's own types."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from overcut.domain.tables import Column, ColumnType, Table
from overcut.kernel.frame_schema import POLARS_TYPES


def frame_of(table: Table, rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """A frame with all columns of ``table``; ``rows`` have its columns in its order.

    Dates are read from ``YYYY-MM-DD`` and instants from ``YYYY-MM-DD HH:MM`` (UTC). A column in which some value is
    not of the column's type comes out as text, value by value as it was: validation judges it, nothing is lost here.
    """
    columns: Sequence[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    return pl.DataFrame([_series(column, values) for column, values in zip(table.columns, columns, strict=True)])


def _series(column: Column, values: Sequence[object]) -> pl.Series:
    try:
        if column.type is ColumnType.DATE:
            return pl.Series(column.name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
        if column.type is ColumnType.UTC_MS:
            read = pl.Series(column.name, values, dtype=pl.String).str.to_datetime("%Y-%m-%d %H:%M", time_unit="ms")
            return read.dt.replace_time_zone("UTC")
        if column.type is ColumnType.BOOL:
            return pl.Series(column.name, [_truth(value) for value in values], dtype=pl.Boolean)
        return pl.Series(column.name, values, dtype=POLARS_TYPES[column.type], strict=True)
    except (pl.exceptions.PolarsError, TypeError, OverflowError):
        return pl.Series(column.name, [None if value is None else str(value) for value in values], dtype=pl.String)


def _truth(value: object) -> bool | None:
    """SQLite has no yes and no but 1 and 0 (which True and False equal)."""
    if value is None:
        return None
    if value in (0, 1):
        return bool(value)
    raise TypeError(f"{value!r} is neither 0 nor 1")
