"""Which telemetry a lap has, for one who asks by driver and lap: from the lake, or from an open session."""

from __future__ import annotations

import msgspec
import polars as pl

from overcut.domain.state import CarState
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.runtime.drivers import driver_called
from overcut.runtime.telemetry import TelemetryLibrary

FASTEST = "fastest"


class LapOfTelemetry(msgspec.Struct, frozen=True):
    """One lap's telemetry.

    Attributes:
        session_key, driver, driver_number, lap: whose it is.
        lap_time_s: null where the feed had none.
        table: columns of the table ``telemetry``, in order of time.
    """

    session_key: str
    driver: str
    driver_number: str
    lap: int
    lap_time_s: float | None
    table: pl.DataFrame


def from_lake(lake: Lake, key: str, driver: str, lap: str) -> LapOfTelemetry | None:
    """A lap of a session that the lake has telemetry of; None where it has none of that session.

    Args:
        lake: where it is looked up.
        key: the session.
        driver: a racing number, a code or (part of) a name.
        lap: its number, or ``fastest`` (not deleted, neither from nor into the pits where there is such a lap).

    Raises:
        DataMissingError: nobody is called so, or there is no such lap.
        WrongUsageError: several are, or ``lap`` is neither.
    """
    if key not in lake.units("telemetry"):
        return None
    entries = lake.read("entries", [key], columns=["driver_number", "driver", "full_name"])
    cars = [CarState(number=number, code=code or "", name=name or "") for number, code, name in entries.iter_rows()]
    car = driver_called(driver, cars)
    own = lake.read("laps", [key], where=pl.col("driver_number") == car.number)
    number, time_s = _chosen(own, lap, car.code or car.number)
    mine = (pl.col("driver_number") == car.number) & (pl.col("lap") == number)
    table = lake.read("telemetry", [key], where=mine)
    if table.is_empty():
        raise DataMissingError(f"There is no telemetry of lap {number} of {car.code or car.number} in {key}")
    return LapOfTelemetry(key, car.code, car.number, number, time_s, table)


def _chosen(own: pl.DataFrame, lap: str, name: str) -> tuple[int, float | None]:
    """A lap's number and time."""
    if lap == FASTEST:
        timed = own.filter(pl.col("lap_time_s").is_not_null() & ~pl.col("deleted").fill_null(value=False))
        flying = timed.filter(~pl.col("pit_in").fill_null(value=False) & ~pl.col("pit_out").fill_null(value=False))
        best = (flying if flying.height else timed).sort("lap_time_s", "lap").head(1)
        if best.is_empty():
            raise DataMissingError(f"{name} has no lap time in this session", hint="ask for a lap by its number")
    elif lap.isascii() and lap.isdecimal() and len(lap) <= 4:
        best = own.filter(pl.col("lap") == int(lap))
        if best.is_empty():
            raise DataMissingError(f"{name} has no lap {lap}", hint=f"laps: 1 to {own['lap'].max() or 0}")
    else:
        raise WrongUsageError(f"{lap[:40]!r} is no lap", hint=f"give a number, or {FASTEST}")
    return best["lap"][0], best["lap_time_s"][0]


def from_library(library: TelemetryLibrary, key: str, driver: str, lap: str) -> LapOfTelemetry:
    """The same of a session whose frames were read.

    Raises:
        DataMissingError, WrongUsageError: as of `from_lake`.
    """
    if lap != FASTEST and not (lap.isascii() and lap.isdecimal()):
        raise WrongUsageError(f"{lap[:40]!r} is no lap", hint=f"give a number, or {FASTEST}")
    car = library.driver(driver)
    chosen = library.chosen(car, lap)[0]
    read = library.lap(car, chosen)
    if read is None:
        raise DataMissingError(f"There is no telemetry of lap {chosen.lap} of {car.code or car.number} in {key}")
    seconds = None if chosen.lap_ms is None else chosen.lap_ms / 1000
    return LapOfTelemetry(key, car.code, car.number, chosen.lap, seconds, read.table)
