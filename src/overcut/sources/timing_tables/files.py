"""How one file of a folder of timing tables is read, and which session each of its rows belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from overcut.domain.session import SessionKind, kind_of_session_name
from overcut.domain.tables import Table
from overcut.kernel.errors import OvercutError
from overcut.kernel.frame_schema import frame_schema

KEY = "session_key"


def read_table(file: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> pl.DataFrame:
    """The columns of a Parquet or CSV file; optional ones that it lacks come as nulls, others are not read.

    Raises:
        OvercutError: it is unreadable, or a needed column is missing.
    """
    try:
        lazy = (
            pl.scan_csv(file, infer_schema_length=None) if file.suffix == ".csv" else pl.scan_parquet(file, glob=False)
        )
        there = set(lazy.collect_schema().names())
        absent = [name for name in needed if name not in there]
        if absent:
            raise OvercutError(
                f"{file} lacks the column {absent[0]}",
                why=f"a table of this name has {', '.join(needed)}",
                hint="docs/how-to/import-history.md lists the columns of each table",
            )
        found = lazy.select([name for name in (*needed, *optional) if name in there]).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise OvercutError(f"{file} cannot be read", why=str(error).splitlines()[0][:300]) from error
    return found.with_columns(pl.lit(None).alias(name) for name in optional if name not in there)


def with_session_key(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with ``session_key`` for its season, round and session; null where the session's name is unknown."""
    name = pl.col("session").cast(pl.String)
    known = {text: kind.value for text in frame.get_column("session").cast(pl.String).unique() if (kind := _kind(text))}
    code = name.replace_strict(known, default=None, return_dtype=pl.String)
    round_number = pl.col("round").cast(pl.String).str.pad_start(2, "0")
    key = pl.concat_str(pl.col("season").cast(pl.String), round_number, code, separator="-")
    return frame.with_columns(key.alias(KEY), code.alias("session"))


def _kind(name: str | None) -> SessionKind | None:
    """The kind that a table names, in the feed's words ("Practice 1") or by its code ("FP1")."""
    if name is None:
        return None
    return kind_of_session_name(name) or next((kind for kind in SessionKind if kind.value == name), None)


def shaped(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of ``table`` that ``frame`` has, in the table's order; types are left to validation.

    Columns without any value have no type of their own, and get the table's.
    """
    schema = frame_schema(table)
    found = frame.select(name for name in table.names if name in frame.columns)
    return found.with_columns(pl.col(name).cast(schema[name]) for name, kind in found.schema.items() if kind == pl.Null)


def ms_of(column: str) -> pl.Expr:
    """Whole milliseconds of a column of seconds."""
    return (pl.col(column) * 1000).round().cast(pl.Int64, strict=False)
