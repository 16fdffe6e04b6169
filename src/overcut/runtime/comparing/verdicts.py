"""How a comparison of two sources is told: what was compared, and each difference with a verdict and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import polars as pl

from overcut.domain.tables import TABLES, LakeSource

F1DB, TIMING, JOLPICA = LakeSource.F1DB.value, LakeSource.TABLES.value, LakeSource.JOLPICA.value

COLUMNS = TABLES["disagreements"].names


class Right(StrEnum):
    """Who is right."""

    LEFT = "left"
    RIGHT = "right"
    NEITHER = "neither"
    UNKNOWN = "unknown"


class Compared(NamedTuple):
    """One comparison. ``pairs``: values that both tell. ``found``: those that differ, as rows of ``disagreements``."""

    what: str
    pairs: int
    found: pl.DataFrame


class Reason(NamedTuple):
    """If ``holds`` then ``who`` is right, because of ``why`` (an expression of text, or the words)."""

    holds: pl.Expr
    who: Right
    why: pl.Expr | str


def told(
    frame: pl.DataFrame,
    *,
    table: str,
    column: str,
    left: tuple[str, pl.Expr],
    right: tuple[str, pl.Expr],
    row: pl.Expr,
    reasons: Sequence[Reason],
) -> pl.DataFrame:
    """Differences as rows of ``disagreements``.

    Args:
        frame: one row a difference, with ``session_key``.
        table, column: which value.
        left, right: each source's name and its value.
        row: which row, in words.
        reasons: the first that holds decides; where none does, nobody knows.
    """
    who, why = pl.lit(Right.UNKNOWN.value), pl.lit("no other source tells")
    for reason in reversed(reasons):
        words = pl.lit(reason.why) if isinstance(reason.why, str) else reason.why
        holds = reason.holds.fill_null(value=False)
        who = pl.when(holds).then(pl.lit(reason.who.value)).otherwise(who)
        why = pl.when(holds).then(words).otherwise(why)
    return frame.select(
        pl.lit(table).alias("table_name"),
        pl.col("session_key").alias("place"),
        row.alias("row_key"),
        pl.lit(column).alias("column_name"),
        pl.lit(left[0]).alias("left_source"),
        left[1].cast(pl.String).alias("left_value"),
        pl.lit(right[0]).alias("right_source"),
        right[1].cast(pl.String).alias("right_value"),
        who.alias("who_is_right"),
        why.alias("why"),
    )


def session_key(session: pl.Expr | None = None) -> pl.Expr:
    """The official key of ``season``, ``round`` and a session (the race where none is given)."""
    code = pl.lit("R") if session is None else session
    number = pl.col("round").cast(pl.String).str.pad_start(2, "0")
    return pl.concat_str(pl.col("season").cast(pl.String), number, code, separator="-").alias("session_key")


def seconds(milliseconds: pl.Expr) -> pl.Expr:
    """Milliseconds as text: ``12.345 s``."""
    return pl.format("{} s", (milliseconds / 1000).round(3))
