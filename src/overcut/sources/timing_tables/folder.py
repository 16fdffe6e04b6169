"""Which tables of the lake a folder of timing tables fills, and from which of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from overcut.domain.grands_prix import race_of
from overcut.domain.tables import LakeSource, Table
from overcut.domain.tables.history_tables import ODDS, PASSES
from overcut.domain.tables.session_tables import (
    ENTRIES,
    LAPS,
    NEUTRALISATIONS,
    PIT_STOPS,
    POSITIONS,
    RACE_CONTROL,
    SESSION_STATUS,
    SESSIONS,
    STINTS,
    TRACK_STATUS,
    WEATHER,
)
from overcut.kernel.errors import DataMissingError
from overcut.sources.timing_tables import cars, noted, track
from overcut.sources.timing_tables.files import KEY, read_table, shaped, with_session_key

LAPS_FILE, GAPS_FILE, DRIVERS_FILE = "laps.parquet", "gap_stream.parquet", "drivers.parquet"
STOPS_FILE, ZERO_FILE, CONTROL_FILE = "pit_stops.parquet", "session_zero.parquet", "race_control.parquet"
WEATHER_FILE, TRACK_FILE, STATUS_FILE = "weather.parquet", "track_status.parquet", "session_status.parquet"
PERIODS_FILE = "neutralisations.parquet"
PASSES_FILES, ODDS_FILES = "overtakes*.parquet", "odds*.csv"

_FEED_FILES = (GAPS_FILE, DRIVERS_FILE, STOPS_FILE, ZERO_FILE, CONTROL_FILE, WEATHER_FILE, TRACK_FILE, STATUS_FILE)


class TimingFolder:
    """A folder with ``laps.parquet``, and any of the other files beside it.

    Args:
        folder: the folder. ``rounds``: rounds of races by name, for the seasons whose calendar is not built in.

    ``missing``: files that are not there; their tables are left as they are in the lake.

    Raises:
        DataMissingError: there is no ``laps.parquet``.
    """

    source = LakeSource.TABLES

    def __init__(self, folder: Path, rounds: noted.Rounds | None = None) -> None:
        if not (folder / LAPS_FILE).is_file():
            raise DataMissingError(
                f"{folder} holds no timing tables", why=f"there is no {LAPS_FILE}", hint="name the folder that has it"
            )
        self.folder = folder
        self.missing = tuple(name for name in (*_FEED_FILES, PERIODS_FILE) if not (folder / name).is_file())
        self._rounds: noted.Rounds = rounds or {}

    @property
    def files(self) -> list[Path]:
        """The files that are read, by name."""
        named = [self.folder / name for name in (LAPS_FILE, *_FEED_FILES, PERIODS_FILE)]
        noted_files = [*self.folder.glob(PASSES_FILES), *self.folder.glob(ODDS_FILES)]
        return sorted(file for file in (*named, *noted_files) if file.is_file())

    @property
    def origin(self) -> str:
        """The folder's name and the first digits of the SHA-256 over all its files."""
        whole = hashlib.sha256()
        for file in self.files:
            with file.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
        return f"{self.folder.name} sha256:{whole.hexdigest()[:16]}"

    def tables(self) -> Iterator[tuple[Table, pl.DataFrame]]:
        """Each table that the files tell of, with all its rows.

        Raises:
            OvercutError: a file is unreadable, or a needed column is missing.
        """
        lap_file = read_table(self.folder / LAPS_FILE, cars.LAP_NEEDED, cars.LAP_OPTIONAL)
        laps = cars.laps(lap_file)
        zero = track.no_zero()
        if (file := self._file(ZERO_FILE)) is not None:
            zero = track.second_zero(read_table(file, (*track.IDENTITY, "t0_utc"), ("anchors", "spread_s")))
        statuses = None
        if (file := self._file(STATUS_FILE)) is not None:
            statuses = track.session_status(read_table(file, (*track.IDENTITY, "Time", "Status")))
        events = with_session_key(lap_file).select(KEY, "event")
        yield SESSIONS, _sessions(cars.session_rows(laps, events), zero, statuses)
        file = self._file(DRIVERS_FILE)
        drivers = None if file is None else read_table(file, cars.ENTRY_NEEDED, cars.ENTRY_OPTIONAL)
        yield ENTRIES, cars.entries(drivers, laps)
        yield LAPS, laps
        yield STINTS, cars.stints(laps)
        del laps, lap_file
        yield from self._cars()
        if statuses is not None:
            yield SESSION_STATUS, statuses
        yield from self._track(zero)
        yield from self._noted()

    def _cars(self) -> Iterator[tuple[Table, pl.DataFrame]]:
        if (file := self._file(STOPS_FILE)) is not None:
            yield PIT_STOPS, cars.pit_stops(read_table(file, cars.STOP_NEEDED, cars.STOP_OPTIONAL))
        if (file := self._file(GAPS_FILE)) is not None:
            yield POSITIONS, cars.positions(read_table(file, cars.GAP_NEEDED, cars.GAP_OPTIONAL))

    def _track(self, zero: pl.DataFrame) -> Iterator[tuple[Table, pl.DataFrame]]:
        identity = track.IDENTITY
        if (file := self._file(WEATHER_FILE)) is not None:
            measured = ("AirTemp", "Humidity", "Pressure", "Rainfall", "TrackTemp", "WindDirection", "WindSpeed")
            yield WEATHER, track.weather(read_table(file, (*identity, "Time"), measured))
        if (file := self._file(CONTROL_FILE)) is not None:
            told = ("Category", "Status", "Flag", "Scope", "Sector", "RacingNumber", "Lap")
            yield RACE_CONTROL, track.race_control(read_table(file, (*identity, "Time", "Message"), told), zero)
        if (file := self._file(TRACK_FILE)) is not None:
            yield TRACK_STATUS, track.track_status(read_table(file, (*identity, "Time", "Status"), ("Message",)))
        if (file := self._file(PERIODS_FILE)) is not None:
            read = read_table(file, (*identity, "kind", "start_s"), ("end_s", "lap_start", "lap_end"))
            yield NEUTRALISATIONS, track.neutralisations(read)

    def _noted(self) -> Iterator[tuple[Table, pl.DataFrame]]:
        seen = sorted(self.folder.glob(PASSES_FILES))
        if seen:
            frames = [read_table(file, noted.PASS_NEEDED, noted.PASS_OPTIONAL) for file in seen]
            yield PASSES, noted.passes(pl.concat(frames, how="vertical_relaxed"), self._rounds)
        priced = sorted(self.folder.glob(ODDS_FILES))
        if priced:
            optional = [*noted.MARKETS, *(f"{market}_p" for market in noted.MARKETS)]
            frames = [read_table(file, noted.ODDS_NEEDED, optional) for file in priced]
            yield ODDS, noted.odds(pl.concat(frames, how="vertical_relaxed"), self._rounds)

    def _file(self, name: str) -> Path | None:
        file = self.folder / name
        return file if file.is_file() else None


def _sessions(found: pl.DataFrame, zero: pl.DataFrame, statuses: pl.DataFrame | None) -> pl.DataFrame:
    """The rows of ``sessions``: circuit and day of a race by the built-in calendar, instants by the second zero."""
    found = found.join(zero, on=KEY, how="left", maintain_order="left")
    if statuses is not None:
        ran = statuses.group_by(KEY).agg(
            pl.col("t_ms").filter(pl.col("status") == "Started").min().alias("started_ms"),
            pl.col("t_ms").max().alias("duration_ms"),
        )
        found = found.join(ran, on=KEY, how="left", maintain_order="left").with_columns(
            (pl.col("zero_utc") + pl.duration(milliseconds=pl.col("started_ms"))).alias("start_utc")
        )
    known = [race_of(int(season), int(number)) for season, number in found.select("season", "round").iter_rows()]
    raced = found.get_column("session").to_list()
    days = [race.day if race and kind == "R" else None for race, kind in zip(known, raced, strict=True)]
    return shaped(
        SESSIONS,
        found.with_columns(
            pl.Series("circuit_id", [race.circuit_id if race else None for race in known], dtype=pl.String),
            pl.Series("date", days, dtype=pl.String).str.to_date("%Y-%m-%d"),
            pl.lit(value=False).alias("simulated"),
            pl.lit(value=True).alias("reconstructed"),
        ),
    )
