"""How a saved analysis is run: sessions found and read, inputs hashed, steps answered, outputs written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
import polars as pl

from overcut.insights.analysis.pipeline import Mode, OutputKind, Pipeline, read_pipeline
from overcut.insights.analysis.rows import filtered, qualifying_rows, race_rows, season_rows, stint_rows
from overcut.insights.analysis.running import RESULT_VERSION, StepResult, run_step
from overcut.insights.pace.race import RacePace
from overcut.insights.pace.summary import race_report
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.kernel.version import __version__
from overcut.runtime.finding import table_folders
from overcut.runtime.lake import lake_of
from overcut.runtime.lap_tables import check_format, write_table
from overcut.runtime.pace import SessionLaps, race_pace, session_laps
from overcut.sources.tables.reading import sessions_in

Progress = Callable[[str], None]
MOST_SESSIONS = 500


class InputSession(msgspec.Struct, frozen=True):
    """One session that was read: its key, where from, its laps, and the SHA-256 of laps and weather as JSON lines."""

    key: str
    origin: str
    laps: int
    sha256: str


class AnalysisResult(msgspec.Struct, frozen=True):
    """What a saved analysis found. Equal inputs and pipeline give equal bytes.

    Attributes:
        name, mode: of the pipeline. ``rows``: analysed. ``steps``: each step's answer.
        sessions: what was read. ``left_out``: sessions that could not be used, and why.
        pipeline_sha256: of the pipeline in canonical JSON. ``inputs_sha256``: of all sessions' hashes in order.
        made_by: Overcut's version.
    """

    name: str
    mode: str
    rows: int
    steps: list[StepResult]
    sessions: list[InputSession]
    left_out: dict[str, str]
    pipeline_sha256: str
    inputs_sha256: str
    made_by: str
    version: int = RESULT_VERSION


class Run(msgspec.Struct, frozen=True):
    """A result, the rows that it rests on, and the files written."""

    result: AnalysisResult
    rows: pl.DataFrame
    written: list[Path]


def load_pipeline(path: Path) -> Pipeline:
    """The pipeline in a .toml or .json file.

    Raises:
        DataMissingError: there is no such file. WrongUsageError: it is no pipeline.
    """
    if path.suffix.lower() not in (".toml", ".json"):
        raise WrongUsageError(f"{path} is no analysis", hint="analyses are .toml or .json files")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataMissingError(f"{path} cannot be read", why=error.strerror or str(error)) from error
    return read_pipeline(content, toml=path.suffix.lower() == ".toml")


def run_analysis(pipeline: Pipeline, settings: Settings, folder: Path, progress: Progress | None = None) -> Run:
    """Run a pipeline and write its outputs.

    Args:
        pipeline: the analysis. ``settings``: where sessions are. ``folder``: where relative outputs go.
        progress: told which session is being read.

    Raises:
        DataMissingError: a session is nowhere, or too little is left to answer. WrongUsageError: a step asks for
            something that is not there, or a file cannot be of the asked kind.
    """
    targets = [_target(output.what, folder / output.path) for output in pipeline.outputs]
    read: list[InputSession] = []
    left_out: dict[str, str] = {}
    tables: list[SessionLaps] = []
    for name in _expanded(pipeline.sessions, settings):
        if progress is not None:
            progress(name)
        session = session_laps(name, settings)
        tables.append(session)
        read.append(InputSession(session.key, session.origin, session.laps.height, _hash(session)))
    rows, stints = _rows(pipeline.mode, tables, left_out)
    rows = filtered(rows, pipeline.filters)
    steps = [run_step(step, rows, stints, pipeline.mode, pipeline.seed) for step in pipeline.steps]
    result = AnalysisResult(
        name=pipeline.name,
        mode=pipeline.mode.value,
        rows=rows.height,
        steps=steps,
        sessions=read,
        left_out=left_out,
        pipeline_sha256=hashlib.sha256(msgspec.json.encode(pipeline, order="sorted")).hexdigest(),
        inputs_sha256=hashlib.sha256("\n".join(f"{one.key} {one.sha256}" for one in read).encode()).hexdigest(),
        made_by=f"overcut {__version__}",
    )
    for output, path in zip(pipeline.outputs, targets, strict=True):
        _write(output.what, path, result, rows)
    return Run(result, rows, targets)


def _expanded(sessions: list[str], settings: Settings) -> list[str]:
    """Names as they are, patterns as the keys that they match, each once, in order."""
    known: list[str] | None = None
    found: list[str] = []
    for name in sessions:
        if not any(sign in name for sign in "*?["):
            found.append(name)
            continue
        if known is None:
            known = _known_keys(settings)
        matching = [key for key in known if fnmatchcase(key, name)]
        if not matching:
            raise DataMissingError(f"No session is called {name}", hint="overcut lake status says what is there")
        found += matching
    found = list(dict.fromkeys(found))
    if len(found) > MOST_SESSIONS:
        raise WrongUsageError(f"{len(found)} sessions are too many", why=f"at most {MOST_SESSIONS} are read at once")
    return found


def _known_keys(settings: Settings) -> list[str]:
    keys = set(lake_of(settings).units("laps"))
    for folder in table_folders(settings):
        if (folder / "laps.parquet").is_file():
            keys |= {str(key) for key in sessions_in(folder)}
    return sorted(keys)


def _rows(mode: Mode, tables: list[SessionLaps], left_out: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    if mode is Mode.QUALIFYING:
        return qualifying_rows([session.laps for session in tables]), None
    races: list[tuple[int | None, RacePace]] = []
    for session in tables:
        try:
            races.append((session.laps["season"][0], race_pace(session)))
        except DataMissingError as few:
            left_out[session.key] = f"{few.what} ({few.why})" if few.why else few.what
    if not races:
        raise DataMissingError("No session tells a pace", why="; ".join(f"{k}: {v}" for k, v in left_out.items()))
    reports = [(season, race_report(race)) for season, race in races]
    stints = stint_rows([report for _, report in reports])
    return (season_rows(reports) if mode is Mode.SEASON else race_rows([race for _, race in races])), stints


def _hash(session: SessionLaps) -> str:
    laps = session.laps.sort("driver_number", "lap").write_ndjson()
    weather = session.weather.sort("t_ms").write_ndjson() if session.weather.height else ""
    return hashlib.sha256(f"{laps}\n{weather}".encode()).hexdigest()


def _target(what: OutputKind, path: Path) -> Path:
    if what is OutputKind.RESULT and path.suffix.lower() != ".json":
        raise WrongUsageError(f"A result is not written as {path.name!r}", hint="end the name in .json")
    if what is OutputKind.ROWS:
        check_format(path)
    return path


def _write(what: OutputKind, path: Path, result: AnalysisResult, rows: pl.DataFrame) -> None:
    if what is OutputKind.ROWS:
        write_table(rows, path)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    except OSError as error:
        raise OvercutError(f"{path} cannot be written", why=error.strerror or str(error)) from error
