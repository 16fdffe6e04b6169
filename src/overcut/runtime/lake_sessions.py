"""How a session comes into the lake: read once, named with what the lake knows of people, written as one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import msgspec
import polars as pl

from overcut.domain.frame import FrameSource
from overcut.domain.grands_prix import plain
from overcut.domain.session import parts_of_key
from overcut.domain.state import Defect
from overcut.domain.tables import LakeSource
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.lake.store.lock import LakeBusyError
from overcut.runtime.session_tables.reading import Progress, read_session_tables
from overcut.sources.source import Source

PATIENCE_S = 120.0
"""How long to wait for another writer of the lake; a bulk import takes under a minute."""

_LOOK_AGAIN_S = 0.25


class Added(msgspec.Struct, frozen=True):
    """What became of a session.

    Attributes:
        session: its key. ``source``: under whose name its rows stand.
        rows: how many each table has of it; tables without one are left out.
        changed: whether the lake is another than before.
        reading_s, writing_s: how long either took.
        defects: what could not be read.
    """

    session: str
    source: LakeSource
    rows: dict[str, int]
    changed: bool
    reading_s: float
    writing_s: float
    defects: dict[str, Defect]


def add_session(
    lake: Lake,
    source: Source,
    *,
    telemetry: bool = True,
    progress: Progress | None = None,
    patience_s: float = PATIENCE_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Added:
    """Read a session to its end and replace what the lake had of it.

    A session that is reconstructed from timing tables stands under their name, and gives only what their own import
    has not brought: events, entries and such.

    Args:
        lake: where to. ``source``: the session; its frames are read once.
        telemetry: whether car telemetry comes too; without it, what the lake has of it stays.
        progress: told what is being done.
        patience_s: how long to wait while somebody else writes the lake.

    Raises:
        DataMissingError: the source has no frame, or tells nothing of any car.
        LakeBusyError: somebody else wrote all the while.
    """
    began_s = time.perf_counter()
    read = read_session_tables(source, telemetry=telemetry, progress=progress)
    if read.tables["laps"].is_empty() and read.tables["positions"].is_empty() and read.tables["entries"].is_empty():
        raise DataMissingError(
            f"{read.key} tells nothing of any car",
            why="neither drivers nor laps nor positions are in it",
            hint="overcut quality says what is there",
        )
    tables = dict(read.tables)
    if not telemetry:
        del tables["telemetry"]
    believed = LakeSource.FRAMES
    if read.kind is FrameSource.RECONSTRUCTED:
        believed = LakeSource.TABLES
        tables = {name: rows for name, rows in tables.items() if read.key not in lake.units(name, source=believed)}
    if "entries" in tables:
        tables["entries"] = with_ids(lake, tables["entries"])
    read_s = time.perf_counter()
    before = lake.generation
    write_session(lake, read.key, tables, believed, origin=f"{source.kind.value} session", patience_s=patience_s,
                  sleep=sleep)  # fmt: skip
    return Added(
        session=read.key,
        source=believed,
        rows={name: rows.height for name, rows in tables.items() if rows.height},
        changed=lake.generation != before,
        reading_s=round(read_s - began_s, 3),
        writing_s=round(time.perf_counter() - read_s, 3),
        defects=read.defects,
    )


def write_session(
    lake: Lake,
    key: str,
    tables: Mapping[str, pl.DataFrame],
    source: LakeSource,
    *,
    origin: str,
    patience_s: float = PATIENCE_S,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Replace a session's rows in the given tables, all or none; a table without a row loses those it had.

    Raises:
        LakeBusyError: somebody else wrote for ``patience_s`` seconds.
    """

    def write() -> None:
        with lake.writing() as writer:
            for name, rows in tables.items():
                if rows.height:
                    writer.replace(name, rows, source=source, origin=origin)
                elif key in lake.units(name, source=source):
                    writer.remove(name, [key], source=source)

    patiently(write, patience_s, sleep)


def patiently(write: Callable[[], None], patience_s: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Write, waiting while somebody else does.

    Raises:
        LakeBusyError: somebody else wrote for ``patience_s`` seconds.
    """
    until_s = time.monotonic() + patience_s
    while True:
        try:
            return write()
        except LakeBusyError:
            if time.monotonic() >= until_s:
                raise
            sleep(_LOOK_AGAIN_S)


def with_ids(lake: Lake, entries: pl.DataFrame) -> pl.DataFrame:
    """Entries with the F1DB ids of drivers and constructors, where the lake's history tells them beyond doubt.

    A driver is who alone bears that name; a constructor the only one that the driver drove for in that season.
    """
    people = lake.read("drivers", columns=["driver_id", "name", "full_name"])
    if people.is_empty() or entries.is_empty():
        return entries
    by_name: dict[str, set[str]] = {}
    for driver_id, name, full_name in people.iter_rows():
        for known in {plain(text) for text in (name, full_name) if text}:
            by_name.setdefault(known, set()).add(driver_id)
    ids = [_only(by_name.get(plain(name or ""), ())) for name in entries["full_name"].to_list()]
    season = parts_of_key(entries["session_key"][0])[0]
    seats = _seats(lake, season) if season is not None else {}
    return entries.with_columns(
        pl.Series("driver_id", ids, dtype=pl.String),
        pl.Series("constructor_id", [_only(seats.get(found or "", ())) for found in ids], dtype=pl.String),
    )


def _seats(lake: Lake, season: int) -> dict[str, set[str]]:
    seats = lake.read("season_drivers", units=[str(season)], columns=["driver_id", "constructor_id", "test_driver"])
    found: dict[str, set[str]] = {}
    for driver_id, constructor_id, test_driver in seats.iter_rows():
        if not test_driver:
            found.setdefault(driver_id, set()).add(constructor_id)
    return found


def _only(found: set[str] | Sequence[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


def is_in_lake(lake: Lake, key: str) -> bool:
    """Whether the lake has the laps or entries of a session as our own engine read them."""
    return any(key in lake.units(name, source=LakeSource.FRAMES) for name in ("laps", "entries"))
