"""How a session that someone names becomes a report of its pace: its laps found, judged and fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from overcut.domain.laps import Lap
from overcut.domain.race_distances import announced_laps
from overcut.domain.session import SessionKind, kind_of_session_name, parts_of_key
from overcut.domain.session_names import UnknownSessionNameError, read_session_name
from overcut.domain.state import SessionState
from overcut.insights.pace.assumptions import Fuel, race_fuel
from overcut.insights.pace.fairness import FairLap, fair_lap_structs, fair_laps, laps_without_fit
from overcut.insights.pace.judging import judged
from overcut.insights.pace.practice import practice_report
from overcut.insights.pace.practice_report import PracticeReport
from overcut.insights.pace.race import RacePace, TooFewLapsError, fit_race
from overcut.insights.pace.report import PaceReport
from overcut.insights.pace.summary import race_report
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.finding import find_source
from overcut.runtime.lake import lake_of
from overcut.runtime.session_tables.reading import read_session_tables
from overcut.runtime.timeline import WeatherReading
from overcut.sources.source import Source
from overcut.timing.lap_table import lap_table

RACES = ("R", "S")
PRACTICES = ("FP1", "FP2", "FP3")
QUALIFYINGS = ("Q", "SQ")


class SessionLaps(NamedTuple):
    """A session's laps and weather, and where they came from ("lake", or the source's kind)."""

    key: str
    laps: pl.DataFrame
    weather: pl.DataFrame
    origin: str

    @property
    def kind(self) -> str:
        """R, S, Q, SQ, FP1 to FP3, or the key itself."""
        return str(self.laps["session"][0])


def session_laps(text: str, settings: Settings) -> SessionLaps:
    """The laps of the session that ``text`` names: from the lake where it has them, else from the session's source.

    Raises:
        DataMissingError: it is nowhere, or no lap of it was timed.
        WrongUsageError: it names no session.
    """
    kept = _in_lake(text, settings)
    return kept if kept is not None else laps_of_source(find_source(text, settings))


def laps_of_source(source: Source) -> SessionLaps:
    """The laps of a session, read to its end.

    Raises:
        DataMissingError: no lap of it was timed.
    """
    read = read_session_tables(source, telemetry=False)
    if read.tables["laps"].is_empty():
        raise DataMissingError(f"No car completed a lap in {source.key}", hint="overcut quality says what is there")
    return SessionLaps(str(read.key), read.tables["laps"], read.tables["weather"], read.kind.value)


class JudgedRace(NamedTuple):
    """A race's laps with their verdicts, its fuel, and how many laps it was to have."""

    laps: pl.DataFrame
    fuel: Fuel
    distance: int


def judged_race(session: SessionLaps) -> JudgedRace:
    """Which laps of a race or a sprint count, before anything is fitted.

    Raises:
        WrongUsageError: it is neither. DataMissingError: no lap has a time.
    """
    if session.kind in (*PRACTICES, *QUALIFYINGS):
        raise WrongUsageError(
            f"{session.key} is no race",
            hint="overcut pace --practice tells long runs and one-lap pace",
        )
    laps = session.laps
    season, round_number = laps["season"][0], laps["round"][0]
    sprint = session.kind == "S"
    announced = announced_laps(season, round_number, sprint=sprint) if season and round_number else None
    distance = max(announced or 0, int(laps.select(pl.col("lap").max()).item()))
    typical = float(laps.select(pl.col("lap_time_s").median()).item() or 0.0)
    if not typical:
        raise DataMissingError(f"No lap of {session.key} has a time")
    found = judged(laps, session.weather, race=True)
    return JudgedRace(found, race_fuel(season, distance, typical, sprint=sprint), distance)


def race_pace(session: SessionLaps) -> RacePace:
    """The fitted pace of a race or a sprint.

    Raises:
        WrongUsageError: it is neither. DataMissingError: too few of its laps tell anything.
    """
    race = judged_race(session)
    return fit_race(race.laps, race.fuel, race.distance)


def pace_report(session: SessionLaps) -> PaceReport:
    """The report of a race or sprint; errors as for `race_pace`."""
    return race_report(race_pace(session))


def practice_pace(session: SessionLaps) -> PracticeReport:
    """The pace of a practice session: runs, long-run pace, one-lap pace.

    Raises:
        WrongUsageError: it is a race or a sprint.
    """
    if session.kind in RACES:
        raise WrongUsageError(f"{session.key} is no practice", hint="overcut pace without --practice is for races")
    laps = session.laps
    season, round_number = laps["season"][0], laps["round"][0]
    typical = float(laps.select(pl.col("lap_time_s").min()).item() or 0.0)
    if not typical:
        raise DataMissingError(f"No lap of {session.key} has a time")
    announced = announced_laps(season, round_number) if season and round_number else None
    # Without the race's length: 305 km at the speed of a quick lap, 62 m/s.
    distance = announced or round(305_000 / (62.0 * typical))
    found = judged(laps, session.weather, race=False)
    return practice_report(found, race_fuel(season, distance, typical, sprint=False))


def any_report(session: SessionLaps) -> PaceReport | PracticeReport:
    """The report that fits the session: a practice's for practice and qualifying, else a race's."""
    return practice_pace(session) if session.kind in (*PRACTICES, *QUALIFYINGS) else pace_report(session)


def fair_lap_table(session: SessionLaps, drivers: Sequence[str] = ()) -> pl.DataFrame:
    """Every lap of a race with its verdict and its fair time (`insights.pace.fairness.fair_laps`).

    Where too few laps tell a pace (a wet race) nobody has a fair time, and every lap still says why it does not count.

    Args:
        session: the race. ``drivers``: only these, by code or number; everybody's where none is named.

    Raises:
        DataMissingError: one of the drivers has no lap, or no lap has a time. WrongUsageError: it is no race.
    """
    race = judged_race(session)
    try:
        table = fair_laps(fit_race(race.laps, race.fuel, race.distance))
    except TooFewLapsError:
        table = laps_without_fit(race.laps)
    wanted = [name.strip().upper() for names in drivers for name in names.split(",") if name.strip()]
    known = set(table["driver"].drop_nulls()) | set(table["driver_number"])
    absent = [name for name in wanted if name not in known]
    if absent:
        raise DataMissingError(
            f"{', '.join(absent)} has no lap in {session.key}",
            hint=f"drivers are {', '.join(sorted(set(table['driver'].drop_nulls())))}",
        )
    return table.filter(pl.col("driver").is_in(wanted) | pl.col("driver_number").is_in(wanted)) if wanted else table


def fair_lap_list(session: SessionLaps) -> list[FairLap]:
    """`fair_lap_table` as structs."""
    return fair_lap_structs(fair_lap_table(session))


def laps_so_far(state: SessionState, laps: Sequence[Lap], weather: Sequence[WeatherReading]) -> SessionLaps:
    """The laps of a session that is being watched, as far as it has come.

    Args:
        state: the session now. ``laps``: those completed. ``weather``: the readings so far.
    """
    kind = kind_of_session_name(state.meeting.session)
    is_race = kind in (SessionKind.RACE, SessionKind.SPRINT) or parts_of_key(state.key)[2] in RACES
    table = lap_table(state, laps, is_race=is_race)
    if table.is_empty():
        raise DataMissingError(f"No car has completed a lap in {state.key} yet")
    readings = pl.DataFrame(
        {"t_ms": [reading.t_ms for reading in weather], "rainfall": [reading.weather.rain for reading in weather]},
        schema={"t_ms": pl.Int64, "rainfall": pl.Boolean},
    )
    return SessionLaps(state.key, table, readings, "watched")


def laps_in_lake(key: str, lake: Lake) -> SessionLaps | None:
    """The laps that the lake has of a session; None for none."""
    laps = lake.read("laps", units=[key])
    return None if laps.is_empty() else SessionLaps(key, laps, lake.read("weather", units=[key]), "lake")


def _in_lake(text: str, settings: Settings) -> SessionLaps | None:
    try:
        key = str(read_session_name(text))
    except UnknownSessionNameError:
        return None  # a path or a URL: find_source says what is wrong with it
    return laps_in_lake(key, lake_of(settings))
