"""What is wrong with a file's rows, row by row, and how the sound ones become a table's."""

from __future__ import annotations

import msgspec
import polars as pl

from overcut.domain.tables import Column, ColumnType, Table
from overcut.kernel.frame_schema import POLARS_TYPES
from overcut.sources.own_data.mapping import FileMapping, From
from overcut.sources.own_data.units import converted

ROW = "__row"
_TRUE = ("true", "yes", "y", "1", "t")
_FALSE = ("false", "no", "n", "0", "f")


class Problem(msgspec.Struct, frozen=True):
    """One value that cannot be taken: in which row (of a CSV: its line), which column of ours, what stood there."""

    file: str
    row: int
    column: str
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.column} {self.why}" + (f" ({self.value!r})" if self.value else "")


def table_rows(
    table: Table, mapping: FileMapping, read: pl.DataFrame, file: str, constants: dict[str, object]
) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows of a file in a table's columns, sound ones alone, and what is wrong with the others.

    Args:
        table: which. ``mapping``: where each column comes from.
        read: the file as text or as it is typed, with its row numbers in column `ROW`.
        file: its name, for problems. ``constants``: columns of the same value everywhere, unless mapped.
    """
    exprs: list[pl.Expr] = [pl.col(ROW)]
    raw: dict[str, str | None] = {}
    for column in table.columns:
        origin = mapping.of(column.name)
        if origin is None and column.name in constants:
            origin = From(constant=constants[column.name])  # type: ignore[arg-type]
        if origin is None:
            continue
        raw[column.name] = origin.column
        exprs.append(_value(column, origin).alias(column.name))
    frame = read.select(exprs)
    problems: list[Problem] = []
    bad = pl.Series("bad", [False] * frame.height)
    for column in table.columns:
        if column.name not in raw:
            continue
        name = raw[column.name]
        told = (
            read[name].cast(pl.String, strict=False) if name is not None else pl.repeat(None, read.height, eager=True)
        )
        for why, wrong in _faults(column, frame[column.name], told):
            bad |= wrong
            shown = pl.DataFrame({ROW: frame[ROW], "told": told.cast(pl.String)}).filter(wrong)
            problems += [
                Problem(file, row, column.name, str(value or "")[:60], why) for row, value in shown.iter_rows()
            ]
    return frame.filter(~bad), problems


def _value(column: Column, origin: From) -> pl.Expr:
    values = pl.lit(origin.constant) if origin.column is None else pl.col(origin.column)
    if origin.words:
        values = values.cast(pl.String).replace(origin.words)
    kind = POLARS_TYPES[column.type]
    match column.type:
        case ColumnType.TEXT:
            return values.cast(pl.String).str.strip_chars()
        case ColumnType.BOOL:
            return _yes_or_no(values, origin)
        case ColumnType.DATE:
            return values.cast(pl.String).str.slice(0, 10).str.to_date(strict=False)
        case ColumnType.INT16 | ColumnType.INT32 | ColumnType.INT64:
            number = converted(values, column, origin.unit)
            whole = number if origin.unit is None else number.round()
            return pl.when(whole == whole.round()).then(whole).cast(kind, strict=False)
        case _:
            return converted(values, column, origin.unit).cast(kind, strict=False)


def _yes_or_no(values: pl.Expr, origin: From) -> pl.Expr:
    text = values.cast(pl.String).str.strip_chars().str.to_lowercase()
    true = [str(value).lower() for value in origin.true] or list(_TRUE)
    false = [str(value).lower() for value in origin.false] or list(_FALSE)
    return pl.when(text.is_in(true)).then(pl.lit(value=True)).when(text.is_in(false)).then(pl.lit(value=False))


def _faults(column: Column, values: pl.Series, told: pl.Series) -> list[tuple[str, pl.Series]]:
    """What may be wrong with a column's values, and in which rows it is."""
    unread = values.is_null() & told.is_not_null()
    faults = [(f"is not {_WORDS[column.type]}", unread)]
    if not column.nullable:
        faults.append(("is missing", values.is_null() & ~unread))
    if values.dtype.is_numeric():
        if column.low is not None:
            faults.append((f"is below {column.low:g}", (values < column.low).fill_null(value=False)))
        if column.high is not None:
            faults.append((f"is over {column.high:g}", (values > column.high).fill_null(value=False)))
    if column.choices:
        strange = ~values.is_in(list(column.choices)) & values.is_not_null()
        faults.append((f"is none of {', '.join(column.choices)}", strange))
    return [(why, wrong) for why, wrong in faults if wrong.any()]


_WORDS = {
    ColumnType.TEXT: "text",
    ColumnType.BOOL: "yes or no",
    ColumnType.INT16: "a whole number below 32,768",
    ColumnType.INT32: "a whole number",
    ColumnType.INT64: "a whole number",
    ColumnType.FLOAT32: "a number",
    ColumnType.FLOAT64: "a number",
    ColumnType.DATE: "a day such as 2025-07-27",
    ColumnType.UTC_MS: "an instant",
}
