"""What a session's source gives the lake: every session table, from one reading of its frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from overcut.domain.defects import count_defect
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.laps import Lap
from overcut.domain.state import Defect, SessionState
from overcut.domain.tables import TABLES
from overcut.kernel.errors import DataMissingError
from overcut.kernel.frame_schema import frame_schema
from overcut.runtime.replay import no_message
from overcut.runtime.session_tables.moments import Moments, Row
from overcut.runtime.session_tables.neutralised import neutralisations
from overcut.runtime.session_tables.of_laps import entries_of, pit_stops_of, race_control_of, session_row, stints_of
from overcut.runtime.telemetry import library_of
from overcut.sources.source import Source
from overcut.timing.engine import Engine
from overcut.timing.lap_table import lap_table
from overcut.timing.telemetry.rows import CAR_DATA, POSITION

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SessionTables:
    """A session as tables.

    Attributes:
        key: the session's key. ``kind``: where its frames came from.
        tables: by name, each with its whole schema and every row of this session; tables without a row are there too,
            so that an earlier import's rows go.
        defects: what could not be read.
    """

    key: str
    kind: FrameSource
    tables: dict[str, pl.DataFrame]
    defects: dict[str, Defect]


def read_session_tables(source: Source, *, telemetry: bool = True, progress: Progress | None = None) -> SessionTables:
    """Read a source to its end, once, and lay out all session tables. Takes seconds of CPU for a race.

    Args:
        source: the session. ``telemetry``: whether to lay out car telemetry, most of the work and of the rows.
        progress: told what is being done.

    Raises:
        DataMissingError: the source has no frame.
    """
    tell = progress or _silent
    tell("reading")
    engine, moments = Engine(source.key, source.kind, source.simulated), Moments()
    bulk: list[Frame] = []
    for frame in source.frames():
        if frame.topic in (CAR_DATA, POSITION):
            moments.pass_over(frame)
            if telemetry:
                bulk.append(frame)
        else:
            moments.take(engine, frame)
    if not moments.frames:
        raise no_message(source)
    engine.report(source.defects)
    state, laps = engine.state(), engine.laps()
    if moments.sessions:
        count_defect(
            state.defects,
            kind="an earlier session on the same connection, of which only events are kept",
            topic="SessionInfo",
            t_ms=0,
            example=f"{moments.sessions} before {state.meeting.session or 'this one'}",
        )
    tables = _tables(source, engine, state, laps, moments)
    tables["telemetry"] = _telemetry(str(source.key), bulk, engine, laps, tell) if telemetry else _empty("telemetry")
    return SessionTables(str(source.key), source.kind, tables, state.defects)


def _tables(
    source: Source, engine: Engine, state: SessionState, laps: tuple[Lap, ...], moments: Moments
) -> dict[str, pl.DataFrame]:
    key = state.key
    lap_rows = lap_table(state, laps, is_race=engine.is_race).sort(TABLES["laps"].order)
    reconstructed = source.kind is FrameSource.RECONSTRUCTED
    session = session_row(
        state, moments, laps, circuit_id=engine.circuit_id, is_race=engine.is_race, reconstructed=reconstructed
    )
    statuses = [(t_ms, status) for t_ms, status in dict.fromkeys(moments.statuses)]
    track = {(t_ms, digit): (t_ms, digit, word) for t_ms, digit, word, _ in moments.track}
    positions = {(row[0], row[1]): row for row in moments.positions}  # the last word of an instant
    end_ms = state.t_ms
    return {
        "sessions": session,
        "entries": entries_of(state, lap_rows),
        "laps": lap_rows,
        "stints": stints_of(lap_rows),
        "pit_stops": pit_stops_of(lap_rows, engine.extras().pit_visits),
        "positions": _frame("positions", key, positions.values()),
        "weather": _frame("weather", key, _weather(engine, moments)),
        "race_control": race_control_of(state, moments.words),
        "track_status": _frame("track_status", key, track.values()),
        "session_status": _frame("session_status", key, statuses),
        "neutralisations": _frame("neutralisations", key, neutralisations(moments.track, moments.statuses, end_ms)),
        "events": _frame("events", key, moments.events),
    }


def _weather(engine: Engine, moments: Moments) -> Iterator[Row]:
    """Readings as they came; where that topic was silent, those of the weather history."""
    if moments.weather:
        yield from ((t_ms, *row) for t_ms, row in sorted(moments.weather.items()))
        return
    series = {at.t_ms: at.weather for at in engine.extras().weather.values() if at.t_ms is not None}
    for t_ms, told in sorted(series.items()):
        yield (
            t_ms, told.air_c, told.track_c, told.humidity_pct, told.pressure_hpa, told.rain, told.wind_deg, told.wind_ms
        )  # fmt: skip


def _telemetry(key: str, frames: list[Frame], engine: Engine, laps: tuple[Lap, ...], tell: Progress) -> pl.DataFrame:
    if not frames:
        return _empty("telemetry")
    tell("telemetry")
    try:
        library = library_of(key, frames, engine)
    except DataMissingError:
        return _empty("telemetry")  # its messages are empty or damaged, which the defects tell
    codes = {car.number: car.code for car in library.cars}
    ordered = sorted(laps, key=lambda lap: (lap.number, lap.lap))  # the table's own order; a lap's rows have theirs
    found = (library.telemetry.lap(lap, codes.get(lap.number, "")) for lap in ordered)
    tables = [read.table for read in found if read is not None]
    return pl.concat(tables, rechunk=True) if tables else _empty("telemetry")


def _frame(name: str, key: str, rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Rows without the session's key, which every session table has first."""
    schema = frame_schema(TABLES[name])
    whole = [(key, *row) for row in rows]
    return pl.DataFrame(whole, schema=schema, orient="row").sort(TABLES[name].order)


def _empty(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema=frame_schema(TABLES[name]))


def _silent(_: str) -> None:
    """Nobody wants to know."""
