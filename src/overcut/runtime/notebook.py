"""What ``import overcut as oc`` gives for a session: its tables as frames, from the lake or read on the spot."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from overcut.domain.session_names import UnknownSessionNameError, read_session_name
from overcut.domain.state import CarState
from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.frame_schema import frame_schema
from overcut.kernel.settings import Settings, load_settings
from overcut.lake import Lake
from overcut.runtime.drivers import driver_called
from overcut.runtime.finding import find_place
from overcut.runtime.lake import lake_of
from overcut.runtime.session_tables.reading import read_session_tables
from overcut.runtime.telemetry import TelemetryLibrary, open_telemetry
from overcut.sources.source import Source

if TYPE_CHECKING:
    import pandas as pd  # pyright: ignore[reportMissingTypeStubs]

    from overcut.runtime.notebook_fastf1 import FastF1Frames

SESSION_TABLES = (
    "laps", "stints", "pit_stops", "entries", "positions", "weather", "race_control", "track_status", "session_status",
    "neutralisations", "events", "sessions", "channels",
)  # fmt: skip
"""Tables that a session gives as a whole; telemetry is asked for lap by lap."""


class Session:
    """One session as tables. Each is read when first asked for, and kept.

    Attributes:
        key: its name: ``2018-04-R``.
        source: who tells of it; None where it was read from its frames just now.

    Make it with `load`.
    """

    def __init__(self, key: str, lake: Lake | None, source: LakeSource | None, frames: Source | None) -> None:
        self.key = key
        self.source = source
        self._lake = lake
        self._frames = frames
        self._tables: dict[str, pl.DataFrame] = {}
        self._read: dict[str, pl.DataFrame] | None = None

    def __repr__(self) -> str:
        told = f"in the lake, by {self.source}" if self.source else "read from its frames"
        return f"<overcut session {self.key}: {told}>"

    def table(self, name: str) -> pl.DataFrame:
        """Any session table by name; columns and units: `overcut lake` and docs/reference.

        Raises:
            WrongUsageError: there is no such table.
        """
        if name not in SESSION_TABLES:
            hint = f"choose from {', '.join(SESSION_TABLES)}; telemetry(driver, lap) has a method of its own"
            raise WrongUsageError(f"A session has no table {name!r}", hint=hint)
        if name not in self._tables:
            self._tables[name] = self._table(name)
        return self._tables[name]

    @property
    def laps(self) -> pl.DataFrame:
        """Every lap: times, sectors, tyres, pits, flags, speeds, deleted times."""
        return self.table("laps")

    @property
    def stints(self) -> pl.DataFrame:
        """Sets of tyres by car."""
        return self.table("stints")

    @property
    def pit_stops(self) -> pl.DataFrame:
        """Visits to the pit lane."""
        return self.table("pit_stops")

    @property
    def drivers(self) -> pl.DataFrame:
        """The entry list: numbers, codes, names, teams, colours."""
        return self.table("entries")

    @property
    def positions(self) -> pl.DataFrame:
        """Positions, gaps and intervals as they changed."""
        return self.table("positions")

    @property
    def weather(self) -> pl.DataFrame:
        """The trackside weather, about once a minute."""
        return self.table("weather")

    @property
    def race_control(self) -> pl.DataFrame:
        """Race control's messages."""
        return self.table("race_control")

    @property
    def track_status(self) -> pl.DataFrame:
        """Changes of the track's flag."""
        return self.table("track_status")

    @property
    def session_status(self) -> pl.DataFrame:
        """Started, aborted, finished."""
        return self.table("session_status")

    @property
    def neutralisations(self) -> pl.DataFrame:
        """Safety cars, virtual safety cars and red flags, from when to when."""
        return self.table("neutralisations")

    @property
    def events(self) -> pl.DataFrame:
        """What happened, event by event, the whole event as JSON in column ``body``."""
        return self.table("events")

    @property
    def info(self) -> dict[str, object]:
        """What, when and where it was: the one row of table ``sessions``."""
        rows = self.table("sessions").to_dicts()
        return rows[0] if rows else {"session_key": self.key}

    def telemetry(self, driver: str | int, lap: int | str = "fastest") -> pl.DataFrame:
        """Car telemetry of a driver: channels, places and distance on one axis of time.

        Args:
            driver: a racing number, a code or (part of) a name.
            lap: its number, ``fastest``, or ``all``.

        Raises:
            DataMissingError: nobody is called so, there is no such lap, or no telemetry of it.
            WrongUsageError: the name may mean several drivers, or ``lap`` is none of these.
        """
        car = driver_called(str(driver), self._cars())
        if self._lake is None:
            return self._from_frames(car, str(lap))
        rows = pl.col("driver_number") == car.number
        if lap != "all":
            rows &= pl.col("lap") == self._number_of(car, str(lap))
        found = self._lake.read("telemetry", units=[self.key], where=rows)
        if found.is_empty():
            raise DataMissingError(
                f"There is no telemetry of {car.code or car.number} in {self.key}, lap {lap}",
                why="none was sent, or the session was put into the lake without it",
                hint=f"overcut lake add {self.key}",
            )
        return found

    def to_pandas(self, table: str = "laps") -> pd.DataFrame:
        """A table as a pandas frame.

        Raises:
            OvercutError: pandas is not installed.
            WrongUsageError: there is no such table.
        """
        from overcut.runtime.notebook_fastf1 import needed  # noqa: PLC0415 -- pandas is heavy, and not everybody's

        needed("pandas")
        return self.table(table).to_pandas()

    def fastf1(self) -> FastF1Frames:
        """The session in FastF1's shape: laps, telemetry, weather and more with its columns, dtypes and units.

        Where FastF1 is installed the laps are its own `Laps`, with ``pick_drivers``, ``pick_fastest``,
        ``get_telemetry`` and the rest.

        Raises:
            OvercutError: pandas is not installed.
        """
        from overcut.runtime.notebook_fastf1 import FastF1Frames, needed  # noqa: PLC0415

        needed("pandas")
        return FastF1Frames(self)

    def all_telemetry(self, driver_number: str) -> pl.DataFrame:
        """Every lap's telemetry of a car by its number; empty where there is none."""
        if self._lake is not None:
            return self._lake.read("telemetry", units=[self.key], where=pl.col("driver_number") == driver_number)
        try:
            return self._from_frames(driver_called(driver_number, self._cars()), "all")
        except DataMissingError:
            return pl.DataFrame(schema=frame_schema(TABLES["telemetry"]))

    def _table(self, name: str) -> pl.DataFrame:
        if self._lake is not None:
            return self._lake.read(name, units=[self.key])
        if self._read is None and self._frames is not None:
            self._read = read_session_tables(self._frames, telemetry=False).tables
        return (self._read or {}).get(name, pl.DataFrame(schema=frame_schema(TABLES[name])))

    def _cars(self) -> list[CarState]:
        rows = self.drivers.select("driver_number", "driver", "full_name").iter_rows()
        cars = [CarState(number, code or "", name or "") for number, code, name in rows]
        return cars or [CarState(number) for number in sorted(set(self.laps["driver_number"].to_list()))]

    def _number_of(self, car: CarState, which: str) -> int:
        """The number of a lap that someone means, as `TelemetryLibrary.chosen` has it for frames."""
        own = self.laps.filter(pl.col("driver_number") == car.number)
        if which.isdecimal():
            return int(which)
        if which != "fastest":
            raise WrongUsageError(f"{which!r} is no lap", hint="give a number, fastest or all")
        timed = own.filter(pl.col("lap_time_s").is_not_null() & ~pl.col("deleted").fill_null(value=False))
        in_or_out = pl.col("pit_in").fill_null(value=False) | pl.col("pit_out").fill_null(value=False)
        flying = timed.filter(~in_or_out)
        best = (timed if flying.is_empty() else flying).sort("lap_time_s", "lap").head(1)
        if best.is_empty():
            raise DataMissingError(
                f"{car.code or car.number} has no lap time in {self.key}", hint="give a lap's number"
            )
        return int(best["lap"].item())

    @cached_property
    def _library(self) -> TelemetryLibrary:
        if self._frames is None:
            raise DataMissingError(f"There is no telemetry of {self.key}")
        return open_telemetry(self._frames)

    def _from_frames(self, car: CarState, which: str) -> pl.DataFrame:
        library = self._library
        laps = library.chosen(library.driver(car.number), which)
        tables = [read.table for lap in laps if (read := library.lap(car, lap)) is not None]
        if not tables:
            raise DataMissingError(f"There is no telemetry of {car.code or car.number} in {self.key}, lap {which}")
        return pl.concat(tables)


def load(session: str, *, settings: Settings | None = None, refresh: bool = False) -> Session:
    """The session that ``session`` names.

    From the lake where our own reading of it is there, else read from its frames on the spot, else from the lake by
    whoever else tells of it.

    Args:
        session: words (``2018 azerbaijan R``), a key (``2018-04-R``), a path, an archive URL.
        settings: where sessions and the lake are; those of the environment by default.
        refresh: pass the lake by.

    Raises:
        DataMissingError: it is nowhere. WrongUsageError: it is no session's name.
    """
    settings = settings or load_settings()
    lake = lake_of(settings)
    key = _key(session)
    told = [] if key is None or refresh else lake.sources("laps", key) or lake.sources("sessions", key)
    if key is not None and LakeSource.FRAMES in told:
        return Session(key, lake, LakeSource.FRAMES, None)
    try:
        place = find_place(session, settings)
    except DataMissingError:
        if key is None or not told:
            raise
        return Session(key, lake, told[0], None)
    if key is not None and told and place.reconstructed:
        return Session(key, lake, told[0], None)
    source = place.open()
    return Session(str(source.key), None, None, source)


def _key(session: str) -> str | None:
    """The key that a name means; None for paths, URLs and what is no session's name."""
    try:
        return str(read_session_name(session))
    except UnknownSessionNameError:
        return None
