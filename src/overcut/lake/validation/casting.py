"""How values of any type become values of a column's own type, and which of them cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from overcut.domain.tables import Column, ColumnType
from overcut.kernel.frame_schema import POLARS_TYPES

_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


def cast(values: pl.Series, column: Column) -> pl.Series:
    """``values`` in the column's type; null where a value has no counterpart there, or is NaN.

    A number with a fraction is no whole number, a whole number held as a fraction (7.0) is one. Text is read as a
    number, a day (``2024-05-26``), an instant (ISO 8601, UTC unless it says otherwise) or yes and no. Naive instants
    are UTC.
    """
    wanted = POLARS_TYPES[column.type]
    if values.dtype.is_float():
        values = values.fill_nan(None)
    if values.dtype == wanted:
        return values
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        values = values.cast(pl.String)
    return _READERS[column.type](values, wanted)


def _text(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if (
        values.dtype.is_float()
        and (whole := values.cast(pl.Int64, strict=False)).cast(values.dtype).eq_missing(values).all()
    ):
        values = whole  # racing numbers that passed through a spreadsheet: 44.0 is 44
    return _loosely(values, wanted)


def _whole(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if values.dtype == pl.String:
        trimmed = values.str.strip_chars()
        whole = trimmed.cast(pl.Int64, strict=False)
        return whole.fill_null(_without_fraction(trimmed.cast(pl.Float64, strict=False))).cast(wanted, strict=False)
    if values.dtype.is_float():
        return _without_fraction(values).cast(wanted, strict=False)
    return _loosely(values, wanted)


def _without_fraction(values: pl.Series) -> pl.Series:
    whole = values.cast(pl.Int64, strict=False)
    return whole.to_frame("w").with_columns(pl.when(whole.cast(pl.Float64) == values.cast(pl.Float64)).then("w"))["w"]


def _number(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if values.dtype == pl.String:
        values = values.str.strip_chars()
    return _loosely(values, wanted).fill_nan(None)


def _truth(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if values.dtype == pl.String or values.dtype.is_numeric():
        said = values.cast(pl.String).str.strip_chars().str.to_lowercase().str.strip_suffix(".0")
        words = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}
        return said.replace_strict(words, default=None, return_dtype=pl.Boolean)
    return _loosely(values, wanted)


def _instant(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if values.dtype == pl.String:
        values = values.str.strip_chars().str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
    if isinstance(values.dtype, pl.Datetime):
        zone = values.dtype.time_zone
        utc = values.dt.replace_time_zone("UTC") if zone is None else values.dt.convert_time_zone("UTC")
        return utc.dt.cast_time_unit("ms")
    return _loosely(values, wanted)


def _day(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if values.dtype == pl.String:
        return values.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    return _loosely(values, wanted)


def _loosely(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    """Cast; null where a value cannot be, all null where the types have nothing to do with each other."""
    try:
        return values.cast(wanted, strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series(values.name, [None], dtype=wanted).new_from_index(0, len(values))


_READERS: Mapping[ColumnType, Callable[[pl.Series, pl.DataType], pl.Series]] = {
    ColumnType.TEXT: _text,
    ColumnType.BOOL: _truth,
    ColumnType.INT16: _whole,
    ColumnType.INT32: _whole,
    ColumnType.INT64: _whole,
    ColumnType.FLOAT32: _number,
    ColumnType.FLOAT64: _number,
    ColumnType.DATE: _day,
    ColumnType.UTC_MS: _instant,
}
