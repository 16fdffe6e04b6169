"""Small tables of a session, made from a simulated one as the feed told it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from overcut.domain.events import RaceControlIssued, SessionStatusChanged, TrackStatusChanged, WeatherChanged
from overcut.domain.flags import TRACK_STATUS_BY_DIGIT
from overcut.domain.laps import Lap
from overcut.sources.opening import open_source
from overcut.sources.source import Source
from overcut.timing.engine import Engine
from overcut.timing.lap_table import lap_table

ZERO = datetime(2025, 9, 7, 12, 0, 0)  # noqa: DTZ001 -- the tables hold naive UTC
NAMES = {"R": "Race", "Q": "Qualifying", "FP1": "Practice 1", "S": "Sprint"}
_DIGITS = {status: digit for digit, status in TRACK_STATUS_BY_DIGIT.items()}

Tables = dict[str, pl.DataFrame]


def tables_of(folder: Path, kind: str, round_number: int = 16) -> tuple[Tables, tuple[Lap, ...]]:
    """The tables of the session in ``folder``, and its laps, played to the end."""
    source = open_source(folder)
    engine = Engine(source.key, source.kind, source.simulated)
    rows: dict[str, list[dict[str, object]]] = {
        "track_status": [], "session_status": [], "weather": [], "race_control": [], "gap_stream": []
    }  # fmt: skip
    for event in _events(source, engine, rows["gap_stream"]):
        match event:
            case TrackStatusChanged(t_ms=t_ms, now=now):
                rows["track_status"].append({"Time": t_ms / 1000, "Status": _DIGITS[now], "Message": ""})
            case SessionStatusChanged(t_ms=t_ms, now=now):
                rows["session_status"].append({"Time": t_ms / 1000, "Status": now.value.capitalize()})
            case WeatherChanged(t_ms=t_ms, weather=weather):
                rows["weather"].append(
                    {"Time": t_ms / 1000, "AirTemp": weather.air_c, "Rainfall": weather.rain, "WindDirection": 10}
                )
            case RaceControlIssued(t_ms=t_ms, message=message):
                rows["race_control"].append(
                    {
                        "Time": ZERO + timedelta(milliseconds=t_ms // 1000 * 1000),
                        "Category": message.category,
                        "Message": message.text,
                        "Flag": message.flag or None,
                        "Lap": float(message.lap) if message.lap is not None else None,
                    }
                )
            case _:
                pass
    state = engine.state()
    identity = [
        pl.lit(2025).alias("season"), pl.lit(round_number).alias("round"), pl.lit(NAMES[kind]).alias("session")
    ]  # fmt: skip
    tables: Tables = {
        name: pl.DataFrame(found, infer_schema_length=None).with_columns(identity)
        for name, found in rows.items()
        if found
    }
    tables["laps"] = lap_table(state, engine.laps(), is_race=kind in "RS").with_columns(identity)
    tables["drivers"] = pl.DataFrame(
        [
            {"DriverNumber": car.number, "Abbreviation": car.code, "FullName": car.name, "TeamName": car.team}
            for car in state.cars.values()
        ]
    ).with_columns(identity)
    tables["session_zero"] = pl.DataFrame([{"t0_utc": ZERO, "anchors": 9, "spread_s": 0.2}]).with_columns(identity)
    return tables, engine.laps()


def _events(source: Source, engine: Engine, gaps: list[dict[str, object]]) -> Iterable[object]:
    """What happened, with the positions and gaps of each `TimingData` message noted on the way."""
    for frame in source.frames():
        yield from engine.advance(frame)
        if frame.topic == "TimingData" and (b'"Position"' in frame.payload or b'"GapToLeader"' in frame.payload):
            for car in engine.state().cars.values():
                gaps.append(
                    {
                        "t_ms": frame.t_ms,
                        "driver_number": int(car.number),
                        "position": car.position,
                        "gap_s": car.gap.ms / 1000 if car.gap and car.gap.ms is not None else None,
                        "gap_laps": car.gap.laps if car.gap else None,
                        "leader_lap": 1 if car.position == 1 else None,
                    }
                )


def write_tables(folder: Path, tables: Tables) -> Path:
    """A folder with these tables, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
    return folder
