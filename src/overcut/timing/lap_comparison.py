"""How far two lap tables agree, column by column, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from overcut.domain.session import kind_of_session_name

KEYS = ("season", "round", "session", "driver_number", "lap")

EXACT_S = 0.00101
"""One millisecond, and what binary fractions add to it."""

TOLERANCES: dict[str, float | None] = {
    "lap_time_s": EXACT_S,
    "s1_s": EXACT_S,
    "s2_s": EXACT_S,
    "s3_s": EXACT_S,
    "position": None,
    "compound": None,
    "tyre_life": None,
    "stint": None,
    "fresh_tyre": None,
    "pit_in": None,
    "pit_out": None,
    "pit_in_time_s": EXACT_S,
    "pit_out_time_s": EXACT_S,
    "speed_i1": 0.5,
    "speed_i2": 0.5,
    "speed_fl": 0.5,
    "speed_st": 0.5,
    "track_status": None,
    "deleted": None,
    "is_accurate": None,
    "is_personal_best": None,
}
"""The columns that are compared, and by how much two values may differ; None: not at all."""

_NUMBERS = ("position", "tyre_life", "stint")
_WORDS = ("compound", "track_status", "lap_time_source")

_TYPES: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("season", "round", "lap"), pl.Int32),
    **dict.fromkeys(("session", "driver_number", *_WORDS), pl.String),
    **{name: pl.Float64 for name, tolerance in TOLERANCES.items() if tolerance is not None},
    **dict.fromkeys(_NUMBERS, pl.Int32),
    **dict.fromkeys(("fresh_tyre", "pit_in", "pit_out", "deleted", "is_accurate", "is_personal_best"), pl.Boolean),
    "generated": pl.Boolean,
}
"""What each column is read as, however a file has it; times that are no number (NaN) are none."""

TIMED_COLUMNS = frozenset(("lap_time_s", "s1_s", "s2_s", "s3_s"))
"""Columns compared only where both times come from the feed (``lap_time_source``), and in races from lap 2 on."""

FROM_THE_FEED = ("f1", "sector_sum", "repeated")
RACES = ("R", "S")


class ColumnAgreement(msgspec.Struct, frozen=True):
    """One column: laps with a value on both sides, how many agree, and how many have a value on one side alone."""

    column: str
    both: int
    agree: int
    only_left: int
    only_right: int

    @property
    def share(self) -> float | None:
        """The share that agrees; None where there is nothing to compare."""
        return self.agree / self.both if self.both else None


class Comparison(msgspec.Struct, frozen=True):
    """Two tables side by side.

    Attributes:
        sessions: those in both tables, as "season-round-kind". ``laps``: in both. ``only_left``, ``only_right``: laps
            of these sessions that only one table has (rows that either marks as ``generated`` are left out).
        disagreements: one row each: season, round, session, driver_number, lap, column, left, right (as text).
    """

    sessions: Sequence[str]
    laps: int
    only_left: int
    only_right: int
    columns: Sequence[ColumnAgreement]
    disagreements: pl.DataFrame


def compare_lap_tables(left: pl.DataFrame, right: pl.DataFrame) -> Comparison:
    """Compare two lap tables over the sessions that both hold.

    Args:
        left, right: tables with the columns of ``lap_table.SCHEMA``, or some of them. Sessions may be named by kind
            ("R") or in the feed's words ("Race").

    Raises:
        ValueError: a table is none of laps (see `conform`).
    """
    a, b = _prepared(left), _prepared(right)
    sessions = a.select(KEYS[:3]).unique().join(b.select(KEYS[:3]).unique(), on=KEYS[:3], nulls_equal=True)
    a = a.join(sessions, on=KEYS[:3], how="semi", nulls_equal=True).with_columns(_left=pl.lit(value=True))
    b = b.join(sessions, on=KEYS[:3], how="semi", nulls_equal=True).with_columns(_right=pl.lit(value=True))
    joined = a.join(b, on=KEYS, how="full", suffix="_b", coalesce=True, nulls_equal=True)
    joined = joined.with_columns(pl.col("_left", "_right").fill_null(value=False))
    found = joined.filter(pl.col("_left") & pl.col("_right"))
    columns: list[ColumnAgreement] = []
    differing: list[pl.DataFrame] = []
    for column, tolerance in TOLERANCES.items():
        if column not in a.columns or column not in b.columns:
            continue
        agreement, rows = _compare(found, column, tolerance)
        columns.append(agreement)
        differing.append(rows)
    names = sessions.sort(KEYS[:3]).iter_rows()
    return Comparison(
        sessions=["-".join(_part(part) for part in session) for session in names],
        laps=found.height,
        only_left=joined.filter(~pl.col("_right")).height,
        only_right=joined.filter(~pl.col("_left")).height,
        columns=columns,
        disagreements=pl.concat(differing).sort(KEYS) if differing else pl.DataFrame(),
    )


def conform(table: pl.DataFrame) -> pl.DataFrame:
    """A lap table with its columns in the types that are compared; the columns that we do not know stay as they are.

    Raises:
        ValueError: it lacks one of ``KEYS``, a column holds something else, or a lap stands in it twice.
    """
    missing = [key for key in KEYS if key not in table.columns]
    if missing:
        raise ValueError(f"it has no column {', '.join(missing)}")
    for name, wanted in _TYPES.items():
        if name in table.columns and table.schema[name] != wanted:
            table = table.with_columns(_converted(table[name], wanted))
    nameless = table.filter(pl.col("driver_number").is_null() | pl.col("lap").is_null()).height
    if nameless:
        raise ValueError(f"{nameless} of its rows name no car or no lap")
    twice = _real(table).filter(pl.struct(KEYS).is_duplicated()).sort(KEYS).head(1)
    for season, round_number, session, number, lap in twice.select(KEYS).iter_rows():
        where = "-".join(_part(part) for part in (season, round_number, session))
        raise ValueError(f"lap {lap} of car {number} in {where} stands in it twice")
    return table


def _converted(column: pl.Series, wanted: type[pl.DataType]) -> pl.Series:
    values = column.fill_nan(None) if column.dtype.is_float() else column
    try:
        return values.cast(wanted)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"its column {column.name} holds {column.dtype}, not {wanted.__name__}") from error


def _real(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of laps that took place."""
    if "generated" not in table.columns:
        return table
    return table.filter(~pl.col("generated").fill_null(value=False))


def _prepared(table: pl.DataFrame) -> pl.DataFrame:
    table = _real(conform(table))
    times = [name for name, wanted in _TYPES.items() if wanted is pl.Float64 and name in table.columns]
    return table.with_columns(
        pl.col("session").replace(_kinds(table)), *(pl.col(name).fill_nan(None) for name in times)
    )


def _kinds(table: pl.DataFrame) -> dict[str, str]:
    """The kind of each session that a table names in words."""
    words = [str(word) for word in table["session"].unique().drop_nulls()]
    kinds = {word: kind_of_session_name(word) for word in words}
    return {word: kind.value for word, kind in kinds.items() if kind is not None}


def _compare(found: pl.DataFrame, column: str, tolerance: float | None) -> tuple[ColumnAgreement, pl.DataFrame]:
    if column in TIMED_COLUMNS:
        found = found.filter(_told(found, "lap_time_source") & _told(found, "lap_time_source_b"))
        found = found.filter(~pl.col("session").is_in(RACES) | (pl.col("lap") > 1))
    left, right = pl.col(column), pl.col(f"{column}_b")
    both = found.filter(left.is_not_null() & right.is_not_null())
    if tolerance is not None:
        same = (left - right).abs() <= tolerance
    elif column == "track_status":
        same = left.str.split("").list.sort().list.join("") == right.str.split("").list.sort().list.join("")
    else:
        same = left == right
    differing = both.filter(~same)
    agreement = ColumnAgreement(
        column=column,
        both=both.height,
        agree=both.height - differing.height,
        only_left=found.filter(left.is_not_null() & right.is_null()).height,
        only_right=found.filter(left.is_null() & right.is_not_null()).height,
    )
    rows = differing.select(
        *KEYS, pl.lit(column).alias("column"), left.cast(pl.String).alias("left"), right.cast(pl.String).alias("right")
    )
    return agreement, rows


def _told(table: pl.DataFrame, column: str) -> pl.Expr:
    """Whether the lap time was told by the feed; where the table does not say, or has no time, it is left to values."""
    return pl.col(column).is_in(FROM_THE_FEED) if column in table.columns else pl.lit(value=True)


def _part(part: object) -> str:
    return f"{part:02d}" if isinstance(part, int) and part < 100 else str(part)
