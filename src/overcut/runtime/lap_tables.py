"""How a session becomes a lap table, and how tables are written to files and read back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from overcut.domain.state import SessionState
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.runtime.drivers import drivers_called
from overcut.runtime.replay import replay
from overcut.sources.source import Source
from overcut.timing.lap_comparison import conform
from overcut.timing.lap_table import lap_table

FORMATS = (".parquet", ".csv", ".json", ".jsonl")


def laps_of(source: Source, drivers: Sequence[str] = ()) -> pl.DataFrame:
    """Every lap of a session, read to its end (columns: ``domain.tables.session_tables.LAPS``).

    Args:
        source: the session.
        drivers: whose laps; everybody's where none is named (code, number or name; with commas, several).

    Raises:
        DataMissingError: the source has no frame, no lap, or no lap of one of the drivers.
        WrongUsageError: a name may mean several drivers.
    """
    engine = replay(source)
    state = engine.state()
    table = lap_table(state, engine.laps(), is_race=engine.is_race)
    if table.is_empty():
        raise DataMissingError(
            f"No car completed a lap in {source.key}",
            why="no timing of cars was recorded" if not _timed(state) else "",
            hint=f"overcut quality says what is there; as {source.key} a fuller source is taken, where there is one",
        )
    if not drivers:
        return table
    cars = drivers_called(drivers, state.order())
    ran = set(table["driver_number"])
    idle = [car.code or car.number for car in cars if car.number not in ran]
    if idle:
        raise DataMissingError(f"{', '.join(idle)} completed no lap in {source.key}")
    return table.filter(pl.col("driver_number").is_in([car.number for car in cars]))


def _timed(state: SessionState) -> bool:
    """Whether anything was told of the cars beside their names and tyres."""
    return any(car.position or car.laps or car.last_lap or car.in_pit for car in state.cars.values())


def check_format(path: Path) -> None:
    """Whether ``write_table`` can write a file of this name.

    Raises:
        WrongUsageError: it cannot.
    """
    if path.suffix.lower() not in FORMATS:
        raise WrongUsageError(
            f"Nothing is written as {path.name!r}", hint=f"end the name in one of {', '.join(FORMATS)}"
        )


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table in the format that the name's ending says; a file of that name is replaced when all is written.

    Raises:
        WrongUsageError: the ending is none of ``FORMATS``.
        OvercutError: the file cannot be written.
    """
    check_format(path)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        match path.suffix.lower():
            case ".parquet":
                table.write_parquet(unfinished)
            case ".csv":
                table.write_csv(unfinished)
            case ".json":
                table.write_json(unfinished)
            case _:
                table.write_ndjson(unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise OvercutError(
            f"{path} cannot be written", why=error.strerror or str(error), hint="choose another place with --out"
        ) from error
    finally:
        with suppress(OSError):  # where it could not be written it may not be removed either; that is told already
            unfinished.unlink(missing_ok=True)


def read_lap_table(path: Path) -> pl.DataFrame:
    """A lap table from a Parquet file.

    Raises:
        DataMissingError: there is no such file. WrongUsageError: it is no lap table.
    """
    if not path.is_file():
        raise DataMissingError(f"No file at {path}", hint="write one: overcut laps SESSION --out laps.parquet")
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise WrongUsageError(f"{path} is not a Parquet file", why=str(error)[:200]) from error
    try:
        return conform(table)
    except ValueError as error:
        hint = "`overcut laps SESSION --out laps.parquet` writes one; docs/reference/tables.md lists the columns"
        raise WrongUsageError(f"{path} is no lap table", why=str(error), hint=hint) from error
