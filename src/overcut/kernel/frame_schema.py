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


def conformed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with a table's columns alone, in its order, types and order of rows; columns that it lacks are null.

    Raises:
        pl.exceptions.PolarsError: a value cannot be what its column holds.
    """
    there = set(frame.columns)
    return frame.select(
        (pl.col(name) if name in there else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in frame_schema(table).items()
    ).sort(table.order)
