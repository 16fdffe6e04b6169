"""Which values of a column cannot be true: missing, of another type, out of range, not one of the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from overcut.domain.tables import Column, Table
from overcut.domain.tables.finding import Action
from overcut.lake.validation.casting import cast


class Mark(NamedTuple):
    """Rows with one kind of defect. ``rows``: a mask. ``column``: "" for the row as a whole."""

    kind: str
    column: str
    rows: pl.Series
    action: Action


class Judged(NamedTuple):
    """A column's values in its own type, null where they cannot be true, and the marks of those that were not."""

    values: pl.Series
    marks: tuple[Mark, ...]


def judge(table: Table, column: Column, given: pl.Series) -> Judged:
    """Judge one column.

    A value that cannot be true becomes null where the column may be null, and the row stays; where a value is needed
    to say what the row is about, the row is quarantined.
    """
    values = cast(given, column)
    needed = not column.nullable or column.name in table.key
    marks: list[Mark] = []
    for kind, wrong in _wrong(column, given, values):
        count = wrong.sum()
        if count:
            marks.append(Mark(kind, column.name, wrong, Action.QUARANTINED if needed else Action.REPAIRED))
            values = _nulled(values, wrong)
    if not column.nullable:
        lost = marks[0].rows if marks else None
        for mark in marks[1:]:
            lost = mark.rows if lost is None else lost | mark.rows
        missing = values.is_null() if lost is None else values.is_null() & ~lost
        if missing.any():
            marks.append(Mark("missing_value", column.name, missing, Action.QUARANTINED))
    return Judged(values.alias(column.name), tuple(marks))


def _wrong(column: Column, given: pl.Series, values: pl.Series) -> Iterator[tuple[str, pl.Series]]:
    """Kinds of wrong values with their masks; the masks never hold null."""
    if given.dtype.is_float():
        nan = given.is_nan().fill_null(value=False)
        if nan.any():
            yield "not_a_number", nan
    if values.null_count() > given.null_count():
        lost = values.is_null() & given.is_not_null()
        if given.dtype.is_float():
            lost &= given.is_not_nan()
        yield "wrong_type", lost
    if values.dtype.is_float():
        endless = values.is_infinite().fill_null(value=False)
        if endless.any():
            yield "not_a_number", endless
            values = _nulled(values, endless)
    if column.low is not None or column.high is not None:
        yield "out_of_range", _outside(values, column)
    if column.choices:
        yield "unknown_word", (~values.is_in(column.choices)).fill_null(value=False)


def _outside(values: pl.Series, column: Column) -> pl.Series:
    outside = pl.Series([False]).new_from_index(0, len(values))
    if column.low is not None and (low := values.min()) is not None and low < column.low:  # pyright: ignore[reportOperatorIssue]
        outside |= (values < column.low).fill_null(value=False)
    if column.high is not None and (high := values.max()) is not None and high > column.high:  # pyright: ignore[reportOperatorIssue]
        outside |= (values > column.high).fill_null(value=False)
    return outside


def _nulled(values: pl.Series, wrong: pl.Series) -> pl.Series:
    return pl.select(pl.when(~wrong).then(values)).to_series().alias(values.name)
