"""Which tables a folder of timing tables holds, and the rows of one session in them.

A folder holds Parquet files, one a table, each with the rows of many sessions. ``laps.parquet`` must be there; every
other table may be missing, and so may optional columns. What is missing is counted in ``SessionTables.missing``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard

import msgspec
import polars as pl

from overcut.domain.session import SessionKey, SessionKind, kind_of_session_name
from overcut.domain.session_names import official_parts
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.sources.tables.columns import IDENTITY, LAPS_FILE, TABLES, TableForm

Row = dict[str, object]

MOST_S = 1_000_000
"""Seconds in eleven days: no session lasts so long, and a larger number is damage."""


class SessionTables(msgspec.Struct):
    """One session's rows, by table. ``missing``: (table, what is missing) in words; a missing table is empty."""

    key: SessionKey
    season: int
    round_number: int
    kind: SessionKind
    rows: dict[str, list[Row]]
    missing: list[tuple[str, str]]


def read_session(folder: Path, key: SessionKey) -> SessionTables:
    """The rows of ``key`` in every table of ``folder``, in the tables' own order; other sessions' rows are not read.

    Raises:
        DataMissingError: there is no lap of that session, or it is not an official session.
        OvercutError: a file is no readable Parquet file, or a needed column is missing.
    """
    parts = official_parts(key)
    if parts is None:
        raise DataMissingError(f"{key} is no session of a table", hint="name one such as 2024-14-R")
    season, round_number, kind = parts
    found: dict[str, list[Row]] = {}
    missing: list[tuple[str, str]] = []
    for name, form in TABLES.items():
        found[name] = _rows(folder, name, form, parts, missing)
    if not found["laps"]:
        raise DataMissingError(
            f"{folder / LAPS_FILE} has no lap of {key}", hint="check the season, the round and the kind"
        )
    return SessionTables(key, season, round_number, kind, found, missing)


def has_session(folder: Path, key: SessionKey) -> bool:
    """Whether there are laps of ``key`` in a folder of tables."""
    parts = official_parts(key)
    if parts is None or not (folder / LAPS_FILE).is_file():
        return False
    stat = (folder / LAPS_FILE).stat()
    return (parts[0], parts[1], parts[2]) in _index(folder, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _index(folder: Path, modified_ns: int, size: int) -> frozenset[tuple[int, int, SessionKind]]:
    """The sessions in a folder's laps, kept until the file changes."""
    return frozenset(_sessions(folder))


def sessions_in(folder: Path) -> list[SessionKey]:
    """Every session of which a folder of tables holds laps, oldest first."""
    return [
        SessionKey.official(*found)
        for found in sorted(_sessions(folder), key=lambda found: (found[0], found[1], found[2].value))
    ]


def only_session(folder: Path) -> SessionKey:
    """The one session in a folder of tables.

    Raises:
        DataMissingError: there is none.
        WrongUsageError: there are several.
    """
    inside = sessions_in(folder)
    if not inside:
        raise DataMissingError(f"{folder / LAPS_FILE} has no lap of any session")
    if len(inside) > 1:
        raise WrongUsageError(
            f"{folder} holds tables of {len(inside)} sessions, not one",
            hint=f"name one of them, such as {inside[-1]}, with OVERCUT_TABLES={folder}",
        )
    return inside[0]


def _sessions(folder: Path) -> list[tuple[int, int, SessionKind]]:
    rows = _collect(folder, "laps", _scan(folder, "laps").select(IDENTITY).unique()).rows()
    named = [
        (season, round_number, _kind_of(str(name))) for season, round_number, name in rows if season and round_number
    ]
    return [(int(season), int(round_number), kind) for season, round_number, kind in named if kind is not None]


def _rows(
    folder: Path, name: str, form: TableForm, parts: tuple[int, int, SessionKind], missing: list[tuple[str, str]]
) -> list[Row]:
    if not (folder / f"{name}.parquet").is_file():
        missing.append((name, "the table is missing"))
        return []
    scan = _scan(folder, name)
    columns = set(_schema(folder, name, scan))
    absent = [column for column in (*IDENTITY, *form.needed) if column not in columns]
    if absent:
        raise OvercutError(
            f"{folder / f'{name}.parquet'} lacks the column {absent[0]}",
            why=f"a table of this name has {', '.join((*IDENTITY, *form.needed))}",
            hint="docs/concepts/sessions.md lists the columns of each table",
        )
    missing += [(name, f"no column {column}") for column in form.optional if column not in columns]
    season, round_number, kind = parts
    wanted = (pl.col("season") == season) & (pl.col("round") == round_number)
    wanted &= pl.col("session").cast(pl.String).is_in(_NAMES[kind])
    kept = [column for column in (*form.needed, *form.optional) if column in columns]
    rows = _collect(folder, name, scan.filter(wanted).select(kept)).to_dicts()
    if not rows:
        missing.append((name, "no row of this session"))
    return rows


def _names_of_kinds() -> dict[SessionKind, tuple[str, ...]]:
    names = (
        "Race",
        "Sprint",
        "Qualifying",
        "Sprint Qualifying",
        "Sprint Shootout",
        "Practice 1",
        "Practice 2",
        "Practice 3",
    )
    return {kind: (kind.value, *(name for name in names if kind_of_session_name(name) is kind)) for kind in SessionKind}


_NAMES = _names_of_kinds()


def _kind_of(name: str) -> SessionKind | None:
    """The kind that a table names, in the feed's words ("Practice 1") or by its code ("FP1")."""
    return next((kind for kind, names in _NAMES.items() if name in names), None)


def _scan(folder: Path, name: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / f"{name}.parquet")


def _schema(folder: Path, name: str, scan: pl.LazyFrame) -> list[str]:
    try:
        return scan.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(folder, name, error) from error


def _collect(folder: Path, name: str, scan: pl.LazyFrame) -> pl.DataFrame:
    try:
        return scan.collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(folder, name, error) from error


def _unreadable(folder: Path, name: str, error: Exception) -> OvercutError:
    return OvercutError(
        f"{folder / f'{name}.parquet'} cannot be read",
        why=str(error)[:300],
        hint="docs/concepts/sessions.md lists what each table holds",
    )


def ms_of(value: object) -> int | None:
    """Milliseconds of a number of seconds, rounded; None for a null, a NaN, no number, or too large a one."""
    if _is_number(value) and abs(value) <= MOST_S:
        return round(value * 1000)
    return None


def int_of(value: object) -> int | None:
    """A whole number; None for a null, a NaN, something that is no number, or too much."""
    if _is_number(value) and abs(value) <= MOST_S * 1000:
        return int(value)
    return None


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def text_of(value: object) -> str:
    """Text; empty for a null. A whole number is written without decimals."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}" if math.isfinite(value) else ""
    return str(value)
