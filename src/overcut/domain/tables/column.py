"""How a table is described: columns with type, unit and meaning, a key, and what is replaced as one."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ColumnType(StrEnum):
    """What a column holds. Each storage engine has one type for each of these (``lake.types``)."""

    TEXT = "text"
    BOOL = "bool"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    DATE = "date"
    UTC_MS = "utc_ms"
    """An instant: milliseconds, UTC."""


class Column(msgspec.Struct, frozen=True):
    """One column: name, type, unit ("" for none) and meaning; only nullable columns may lack a value.

    ``low`` and ``high``: the range (inclusive) outside of which a value cannot be true; None where there is no bound.
    ``choices``: the only words that may stand there; empty for any.
    """

    name: str
    type: ColumnType
    unit: str
    meaning: str
    nullable: bool = True
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


class Unit(StrEnum):
    """What of a table is replaced as one when it is imported again, and so belongs to one source."""

    SESSION = "session_key"
    """All rows of a session."""
    SEASON = "season"
    """All rows of a season."""
    WHOLE = "whole"
    """All rows: people, teams and places are known or not known together."""


class Table(msgspec.Struct, frozen=True):
    """One table.

    Attributes:
        name: as in SQL.
        meaning: one line: what a row is.
        unit: what is replaced as one. `Unit.SESSION` tables have a column ``session_key``, `Unit.SEASON`
            ones ``season``.
        key: columns that together name a row; no two rows of one source have the same.
        columns: in order.
        version: of the schema, 1 and up; a reader refuses a newer one, an older one is migrated when read.
        order: columns by which a file's rows are sorted.
    """

    name: str
    meaning: str
    unit: Unit
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    version: int = 1
    order: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


def text(name: str, meaning: str, *, nullable: bool = True, choices: tuple[str, ...] = ()) -> Column:
    """A column of words; of these only where there are ``choices``."""
    return Column(name, ColumnType.TEXT, "", meaning, nullable, choices=choices)


def flag(name: str, meaning: str, *, nullable: bool = True) -> Column:
    """A column of yes and no."""
    return Column(name, ColumnType.BOOL, "", meaning, nullable)


Range = tuple[float | None, float | None]
"""Lowest and highest value that can be true, both inclusive; None where there is no bound."""

ANY: Range = (None, None)
POSITIVE: Range = (0, None)


def count(name: str, meaning: str, unit: str = "", *, nullable: bool = True, within: Range = POSITIVE) -> Column:
    """A column of small whole numbers (below 32,768), from 0 where nothing else is said."""
    return Column(name, ColumnType.INT16, unit, meaning, nullable, *within)


def number(name: str, meaning: str, unit: str = "", *, nullable: bool = True, within: Range = ANY) -> Column:
    """A column of numbers with fractions."""
    return Column(name, ColumnType.FLOAT64, unit, meaning, nullable, *within)


def ms(name: str, meaning: str, *, nullable: bool = True, within: Range = ANY) -> Column:
    """A column of durations or session times in whole milliseconds."""
    return Column(name, ColumnType.INT64, "ms", meaning, nullable, *within)


def utc(name: str, meaning: str, *, nullable: bool = True) -> Column:
    """A column of instants."""
    return Column(name, ColumnType.UTC_MS, "UTC", meaning, nullable)


def day(name: str, meaning: str, *, nullable: bool = True) -> Column:
    """A column of calendar days."""
    return Column(name, ColumnType.DATE, "", meaning, nullable)


SESSION_KEY = text("session_key", "the session: 2025-06-S, sim-2025-monza-7-R, rec-name", nullable=False)
SEASON = count("season", "year of the championship", nullable=False, within=(1950, 2100))
ROUND = count("round", "round of the season, 1-based", nullable=False, within=(1, 40))
NUMBER = text("driver_number", "racing number, as the feed has it", nullable=False)
