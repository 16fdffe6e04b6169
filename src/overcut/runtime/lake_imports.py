"""What can be imported into the lake beside our own sessions and history: FastF1, OpenF1, own files, forecasts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl

from overcut.domain.tables import TABLES, LakeSource, Unit
from overcut.domain.tables.finding import Action, Finding
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.kernel.http import HttpClient, HttpPolicy, checked_url
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.finding import find_source
from overcut.runtime.imported_sessions import add_imported
from overcut.runtime.lake_sessions import PATIENCE_S, Added, add_session, patiently
from overcut.sources.fastf1.cache import cached_sessions, read_cached
from overcut.sources.imported import ImportedSession
from overcut.sources.openf1.asking import PER_MINUTE, OpenF1
from overcut.sources.openf1.session import answer_folders, read_answers
from overcut.sources.own_data.files import read_own_data
from overcut.sources.own_data.rows import Problem
from overcut.sources.plugins import open_plugged
from overcut.sources.weather_forecasts.open_meteo import MAX_DAYS, fetch_forecast

OPENF1_FOLDER = "openf1"
"""Within the home folder: answers of OpenF1, one folder a session."""

Tell = Callable[[str], None]


class OwnImport(msgspec.Struct, frozen=True):
    """What became of own files: rows by table, the files read, problems in words, whether the lake changed."""

    files: list[str]
    rows: dict[str, int]
    left_out: list[str]
    changed: bool


def add_named(
    lake: Lake, text: str, settings: Settings, *, telemetry: bool = True, progress: Tell | None = None
) -> Added:
    """Put the session into the lake that a name means, a plug-in's included.

    Raises:
        DataMissingError: it names nothing that is here. WrongUsageError: it is no session's name.
        PluginError: a plug-in does not keep to its protocol.
    """
    plugged = open_plugged(text)
    if isinstance(plugged, ImportedSession):
        return add_imported(lake, plugged, LakeSource.OWN, origin=f"plug-in {text[:80]}")
    source = plugged or find_source(text, settings)
    return add_session(lake, source, telemetry=telemetry, progress=progress)


def import_fastf1(lake: Lake, folder: Path) -> Iterator[Added | OvercutError]:
    """Every session of a FastF1 cache; an error in place of one that is refused, damaged or empty.

    Raises:
        DataMissingError: the folder holds no session of FastF1.
    """
    for place in cached_sessions(folder):
        try:
            session = read_cached(place)
            yield add_imported(lake, session, LakeSource.FASTF1, origin=f"FastF1 cache {'/'.join(place.parts[-3:])}")
        except OvercutError as error:
            yield error


def import_openf1_files(lake: Lake, folder: Path) -> Iterator[Added | OvercutError]:
    """Every session of a folder of OpenF1's answers; an error in place of one that cannot be read.

    Raises:
        DataMissingError: the folder holds no answers.
    """
    for place in answer_folders(folder):
        try:
            yield add_imported(lake, read_answers(place), LakeSource.OPENF1, origin=f"OpenF1 answers {place.name}")
        except OvercutError as error:
            yield error


def import_openf1(
    lake: Lake,
    settings: Settings,
    keys: Sequence[int],
    *,
    telemetry: bool = True,
    refresh: bool = False,
    per_minute: float = PER_MINUTE,
    tell: Tell | None = None,
    policy: HttpPolicy | None = None,
) -> Iterator[Added]:
    """Sessions by OpenF1's own keys, asked of OpenF1. Interrupted, it goes on where it was.

    Raises:
        DataMissingError: OpenF1 has no such session.
        UnreachableError: OpenF1 did not answer.
    """
    url = checked_url(settings.openf1_url, "openf1_url")
    for key in keys:

        async def fetch(wanted: int = key) -> Path:
            async with HttpClient(url.rstrip("/") + "/", policy=policy) as client:
                asked = OpenF1(client, settings.home / OPENF1_FOLDER, per_minute=per_minute, tell=tell)
                return await asked.fetch(wanted, telemetry=telemetry, refresh=refresh)

        folder = asyncio.run(fetch())
        yield add_imported(lake, read_answers(folder), LakeSource.OPENF1, origin=f"OpenF1 session {key}")


def find_openf1(settings: Settings, **wanted: str | int) -> pl.DataFrame:
    """OpenF1's sessions that fit a query: ``year=2024, session_name="Race", country_name="Italy"``.

    Raises:
        UnreachableError: OpenF1 did not answer.
    """
    url = checked_url(settings.openf1_url, "openf1_url")

    async def ask() -> pl.DataFrame:
        async with HttpClient(url.rstrip("/") + "/") as client:
            return await OpenF1(client, settings.home / OPENF1_FOLDER).sessions(**wanted)

    return asyncio.run(ask())


def import_own_data(lake: Lake, mapping: Path, *, skip_bad_rows: bool = False) -> OwnImport:
    """The files of a mapping; all of their tables, or none.

    Args:
        lake: where to. ``mapping``: the mapping file.
        skip_bad_rows: leave out rows that cannot be taken, and note them among the lake's defects.

    Raises:
        WrongUsageError: the mapping is wrong, or rows cannot be taken and ``skip_bad_rows`` is off.
        DataMissingError: a file is not there, or nothing is in it.
    """
    data = read_own_data(mapping)
    if not skip_bad_rows:
        data.refuse_problems()
    tables = {name: rows for name, rows in data.tables.items() if rows.height}
    if not tables:
        raise DataMissingError(f"{mapping.name} gives no row", why=f"in {', '.join(data.files)}")
    findings = _findings(data.problems)
    before = lake.generation

    def write() -> None:
        with lake.writing() as writer:
            for name, rows in tables.items():
                whole = _with_earlier(lake, name, rows, LakeSource.OWN)
                writer.replace(name, whole, source=LakeSource.OWN, origin=f"{mapping.name}: {', '.join(data.files)}")
            if findings:
                writer.note(next(iter(tables)), findings, source=LakeSource.OWN)

    patiently(write, PATIENCE_S)
    return OwnImport(
        files=data.files,
        rows={name: rows.height for name, rows in tables.items()},
        left_out=[str(problem) for problem in data.problems],
        changed=lake.generation != before,
    )


def import_forecast(lake: Lake, settings: Settings, circuit_id: str, *, days: int, now: datetime) -> Added:
    """The weather that Open-Meteo expects at a circuit, hour by hour; earlier forecasts stay.

    Raises:
        WrongUsageError: the lake does not know where the circuit is, or ``days`` is not 1 to 16.
        UnreachableError: Open-Meteo did not answer (there is no forecast without a network).
    """
    began_s = time.perf_counter()
    if not 1 <= days <= MAX_DAYS:
        raise WrongUsageError(f"No forecast is made for {days} days", hint=f"choose from 1 to {MAX_DAYS}")
    places = lake.read("circuits", where=pl.col("circuit_id") == circuit_id)
    if places.is_empty() or places["latitude"][0] is None:
        known = lake.read("circuits", columns=["circuit_id"])["circuit_id"].to_list()
        hint = (
            f"circuits of the lake: {', '.join(known[:6])} …" if known else "overcut history import brings the circuits"
        )
        raise WrongUsageError(f"Where {circuit_id} lies is not known", hint=hint)
    url = checked_url(settings.open_meteo_url, "open_meteo_url")
    made = now - timedelta(microseconds=now.microsecond)

    async def ask() -> pl.DataFrame:
        async with HttpClient(url.rstrip("/") + "/") as client:
            place = places.row(0, named=True)
            return await fetch_forecast(client, circuit_id, place["latitude"], place["longitude"], days=days, made=made)

    rows = asyncio.run(ask())
    read_s, before = time.perf_counter(), lake.generation

    def write() -> None:
        with lake.writing() as writer:
            whole = _with_earlier(lake, "weather_forecasts", rows, LakeSource.OPEN_METEO)
            writer.replace("weather_forecasts", whole, source=LakeSource.OPEN_METEO, origin="Open-Meteo, CC BY 4.0")

    patiently(write, PATIENCE_S)
    return Added(
        session=circuit_id,
        source=LakeSource.OPEN_METEO,
        rows={"weather_forecasts": rows.height},
        changed=lake.generation != before,
        reading_s=round(read_s - began_s, 3),
        writing_s=round(time.perf_counter() - read_s, 3),
        defects={},
    )


def _with_earlier(lake: Lake, name: str, rows: pl.DataFrame, source: LakeSource) -> pl.DataFrame:
    """Rows of a table that is one unit as a whole, with those that this source brought before; new ones win."""
    table = TABLES[name]
    if table.unit is not Unit.WHOLE:
        return rows
    earlier = lake.read(name, source=source)
    return pl.concat([earlier, rows], how="vertical_relaxed").unique(table.key, keep="last", maintain_order=True)


def _findings(problems: Sequence[Problem]) -> list[Finding]:
    """Problems as the lake's defects: one a file and column, with how many rows it concerns and the first of them."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        found.setdefault((problem.file, problem.column), []).append(problem)
    return [
        Finding(file, "wrong_value", column, len(alike), Action.QUARANTINED, str(alike[0]))
        for (file, column), alike in found.items()
    ]
