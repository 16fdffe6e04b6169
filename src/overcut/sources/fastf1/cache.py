"""Which sessions a FastF1 cache folder holds, and what each of them says: its ``.ff1pkl`` files, never run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import polars as pl

from overcut.domain.defects import count_defect
from overcut.domain.session import parts_of_key
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.sources.archive import key_of_folder
from overcut.sources.fastf1.frames import frame_of, plain
from overcut.sources.fastf1.laps import RACES, assembled, laps_of, seconds, told_deleted, with_accuracy
from overcut.sources.fastf1.parts import Parts, imported, utc
from overcut.sources.fastf1.pickled import RefusedPickleError, describe
from overcut.sources.imported import ImportedSession

SUFFIX = ".ff1pkl"
_TIMING = "_extended_timing_data"


def cached_sessions(folder: Path) -> list[Path]:
    """The session folders of a cache, those with timing data, in order.

    Raises:
        DataMissingError: there is none; where FastF1 kept raw answers alone, the hint says so.
    """
    if not folder.is_dir():
        raise DataMissingError(f"There is no folder {folder}", hint="FastF1 prints its cache folder as it starts")
    found = sorted({file.parent for file in folder.rglob(f"*{SUFFIX}") if file.stem in (_TIMING, "timing_data")})
    if not found:
        raw = next(folder.rglob("fastf1_http_cache.sqlite"), None)
        why = f"it has no {_TIMING}{SUFFIX} file" + (
            "; its fastf1_http_cache.sqlite holds pickled HTTP answers, which are not read" if raw else ""
        )
        hint = "load sessions with FastF1 and its cache switched on, or hand a session over: overcut.add(session)"
        raise DataMissingError(f"{folder} holds no session of FastF1", why=why, hint=hint)
    return found


def read_cached(folder: Path) -> ImportedSession:
    """One session of a cache.

    A file that is refused or damaged costs its own part; it is told in the session's defects. Without timing data
    there is no session.

    Raises:
        RefusedPickleError: the timing data itself is refused.
        DataMissingError: it holds no lap.
    """
    return imported(_parts(folder))


def _parts(folder: Path) -> Parts:
    parts = Parts(str(key_of_folder(folder)))
    cached = _Cached(folder, parts)
    info = cached.plain("session_info")
    meeting = info.get("Meeting")
    if isinstance(meeting, dict):
        parts.event = str(cast(dict[str, Any], meeting).get("Name", ""))
    parts.start = _start(info)
    parts.track, parts.status = cached.frame("track_status_data"), cached.frame("session_status_data")
    parts.weather, parts.messages = cached.frame("weather_data"), cached.frame("race_control_messages")
    parts.car, parts.places = cached.frames("car_data"), cached.frames("position_data")
    drivers = [_texts(driver) for driver in cached.plain("driver_info").values() if isinstance(driver, dict)]
    parts.drivers = pl.DataFrame(drivers, infer_schema_length=None) if drivers else pl.DataFrame()
    parts.zero = utc(zero_of([*parts.car.values(), *parts.places.values()]))
    timing, parts.stream = cached.timing()
    if timing.is_empty():
        raise DataMissingError(f"No lap of {parts.key} is in the cache")
    race = parts_of_key(parts.key)[2] in RACES
    whole = assembled(timing, cached.frame("timing_app_data"), parts.track, _started_s(parts.status), race=race)
    laps = with_accuracy(laps_of(whole))
    if not parts.messages.is_empty():
        laps = told_deleted(laps, parts.messages["Message"].cast(pl.String))
    parts.laps = _with_names(laps, parts.drivers)
    return parts


class _Cached:
    """The files of one session, each described when asked for."""

    def __init__(self, folder: Path, parts: Parts) -> None:
        self._folder = folder
        self._parts = parts

    def timing(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Laps and stream; this alone must be readable."""
        name = _TIMING if (self._folder / f"{_TIMING}{SUFFIX}").is_file() else "timing_data"
        data = self._data(name)
        if not isinstance(data, tuple | list) or len(cast(tuple[Any, ...], data)) < 2:
            raise RefusedPickleError(f"{name}{SUFFIX} has a form that is not known", why="not laps and a stream")
        laps, stream = cast(tuple[Any, ...], data)[:2]
        return frame_of(laps, name), frame_of(stream, name)

    def frame(self, name: str) -> pl.DataFrame:
        """A file that holds one table; empty where it is absent or refused."""
        try:
            data = self._data(name)
            return pl.DataFrame() if data is None else frame_of(data, name)
        except RefusedPickleError as error:
            self._defect(name, error)
            return pl.DataFrame()

    def frames(self, name: str) -> dict[str, pl.DataFrame]:
        """A file that holds one table a car."""
        try:
            data = self._data(name)
            cars = cast(dict[str, Any], data) if isinstance(data, dict) else {}
            return {str(number): frame_of(rows, name) for number, rows in cars.items()}
        except RefusedPickleError as error:
            self._defect(name, error)
            return {}

    def plain(self, name: str) -> dict[str, Any]:
        """A file that holds a dictionary."""
        try:
            data = plain(self._data(name))
        except RefusedPickleError as error:
            self._defect(name, error)
            return {}
        return cast(dict[str, Any], data) if isinstance(data, dict) else {}

    def _data(self, name: str) -> Any:
        file = self._folder / f"{name}{SUFFIX}"
        if not file.is_file():
            return None
        try:
            cached = describe(file.read_bytes(), file.name)
        except OSError as error:
            raise RefusedPickleError(f"{file.name} cannot be read", why=error.strerror or str(error)) from error
        if not isinstance(cached, dict) or "data" not in cached:
            raise RefusedPickleError(f"{file.name} is not what FastF1 writes", why="it has no 'data'")
        return cast(dict[str, Any], cached)["data"]

    def _defect(self, name: str, error: OvercutError) -> None:
        why = error.why or error.what
        count_defect(self._parts.defects, kind="a cached file that was not read", topic=name, t_ms=0, example=why)


def zero_of(frames: list[pl.DataFrame]) -> datetime | None:
    """The instant of session time 0: the latest that any sample's date less its session time says, for a sample is told
    after its date; the one told most promptly says most."""
    firsts: list[datetime] = []
    for rows in frames:
        if rows.height and {"Date", "Time"} <= set(rows.columns):
            since = rows.select((pl.col("Date").cast(pl.Datetime("ms")) - pl.col("Time").cast(pl.Duration("ms"))).max())
            first = since.item()
            if isinstance(first, datetime):
                firsts.append(first)
    return max(firsts) if firsts else None


def _started_s(status: pl.DataFrame) -> float | None:
    if status.is_empty():
        return None
    started = status.filter(pl.col("Status") == "Started").select(seconds("Time"))
    return None if started.is_empty() else float(started.item(0, 0))


def _start(info: dict[str, Any]) -> datetime | None:
    """When it was to begin: local time and its offset, as text or as whatever FastF1 made of them."""
    local, offset = info.get("StartDate"), info.get("GmtOffset")
    try:
        start = local if isinstance(local, datetime) else datetime.fromisoformat(str(local))
        if not isinstance(offset, timedelta):
            sign = -1 if str(offset).startswith("-") else 1
            hours, minutes, seconds_ = (int(part) for part in str(offset).lstrip("+-").split(":"))
            offset = sign * timedelta(hours=hours, minutes=minutes, seconds=seconds_)
    except ValueError:
        return None
    return utc(start.replace(tzinfo=None) - offset)


def _texts(driver: Any) -> dict[str, str | None]:
    return {str(name): None if value is None else str(value) for name, value in cast(dict[Any, Any], driver).items()}


def _with_names(laps: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    if drivers.is_empty() or not {"RacingNumber", "Tla", "TeamName"} <= set(drivers.columns):
        return laps
    names = drivers.select(driver_number="RacingNumber", driver="Tla", team="TeamName").unique("driver_number")
    return laps.drop("driver", "team", strict=False).join(names, on="driver_number", how="left")


def sessions_in(folder: Path) -> Iterator[ImportedSession | OvercutError]:
    """Every session of a cache; an error in place of one that cannot be read."""
    for place in cached_sessions(folder):
        try:
            yield read_cached(place)
        except OvercutError as error:
            yield error
