"""How the columns of a table are held in a Polars frame: one type for each kind of column."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from overcut.domain.tables.column import ColumnType, Table

POLARS_TYPES: Mapping[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.BOOL: pl.Boolean(),
    ColumnType.INT16: pl.Int16(),
    ColumnType.INT32: pl.Int32(),
    ColumnType.INT64: pl.Int64(),
    ColumnType.FLOAT32: pl.Float32(),
    ColumnType.FLOAT64: pl.Float64(),
    ColumnType.DATE: pl.Date(),
    ColumnType.UTC_MS: pl.Datetime("ms", "UTC"),
}


def frame_schema(table: Table) -> dict[str, pl.DataType]:
    """The Polars type of each column, in the table's order."""
    return {column.name: POLARS_TYPES[column.type] for column in table.columns}
