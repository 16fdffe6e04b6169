"""What FastF1 holds of one session, whoever took it from there: named frames, and how they become our tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from overcut.domain.session import parts_of_key
from overcut.domain.state import Defect
from overcut.sources.fastf1.laps import seconds
from overcut.sources.imported import CAR_SCHEMA, PLACE_SCHEMA, ImportedSession


def _none() -> pl.DataFrame:
    return pl.DataFrame()


@dataclass(slots=True)
class Parts:
    """One session's parts. Frames have FastF1's own columns (times as durations); empty where there are none.

    Attributes:
        key: the session's key. ``event``: name of the Grand Prix. ``zero``: the instant of session time 0, UTC.
        laps: our own ``laps`` columns, less what the key tells.
        stream: positions, gaps and intervals. ``weather``, ``messages``, ``track``, ``status``, ``drivers``.
        car, places: telemetry by racing number.
    """

    key: str
    event: str = ""
    zero: datetime | None = None
    start: datetime | None = None
    laps: pl.DataFrame = field(default_factory=_none)
    stream: pl.DataFrame = field(default_factory=_none)
    weather: pl.DataFrame = field(default_factory=_none)
    messages: pl.DataFrame = field(default_factory=_none)
    track: pl.DataFrame = field(default_factory=_none)
    status: pl.DataFrame = field(default_factory=_none)
    drivers: pl.DataFrame = field(default_factory=_none)
    car: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    places: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    defects: dict[str, Defect] = field(default_factory=dict[str, Defect])


def imported(parts: Parts) -> ImportedSession:
    """The session as tables of the lake."""
    season, round_number, kind = parts_of_key(parts.key)
    tables: dict[str, pl.DataFrame] = {
        "sessions": pl.DataFrame(
            [
                {
                    "season": season,
                    "round": round_number,
                    "session": kind,
                    "event": parts.event or None,
                    "start_utc": parts.start,
                    "date": parts.start.date() if parts.start else None,
                    "zero_utc": parts.zero,
                    "simulated": False,
                    "reconstructed": True,
                    "laps": _laps_of_winner(parts) if kind in ("R", "S") else None,
                }
            ],
            strict=False,
        ),
        "laps": parts.laps.with_columns(
            pl.lit(season).alias("season"),
            pl.lit(round_number).alias("round"),
            pl.lit(parts.event or None, pl.String).alias("event"),
            pl.lit(kind).alias("session"),
        ),
        "entries": _entries(parts.drivers),
        "positions": _positions(parts.stream),
        "weather": _weather(parts.weather),
        "race_control": _messages(parts.messages, parts.zero),
        "track_status": _changes(parts.track, message=True),
        "session_status": _changes(parts.status, message=False),
    }
    keyed = {
        name: rows.with_columns(pl.lit(parts.key).alias("session_key")) for name, rows in tables.items() if rows.height
    }
    return ImportedSession(
        parts.key,
        keyed,
        car=_telemetry(parts.car, parts.zero, CAR_SCHEMA, _CAR),
        places=_telemetry(parts.places, parts.zero, PLACE_SCHEMA, _PLACES),
        defects=parts.defects,
    )


def _laps_of_winner(parts: Parts) -> int | None:
    numbers = parts.laps["lap"].drop_nulls().to_list() if "lap" in parts.laps.columns else []
    return max((int(number) for number in numbers), default=None)


def _entries(drivers: pl.DataFrame) -> pl.DataFrame:
    if drivers.is_empty():
        return drivers
    names = {
        "RacingNumber": "driver_number",
        "DriverNumber": "driver_number",
        "Tla": "driver",
        "Abbreviation": "driver",
        "FullName": "full_name",
        "TeamName": "team",
        "TeamColour": "colour",
        "TeamColor": "colour",
    }
    return drivers.select(pl.col(name).cast(pl.String).alias(ours) for name, ours in names.items() if name in drivers)


def _positions(stream: pl.DataFrame) -> pl.DataFrame:
    """Gaps as the feed wrote them: ``+1.234``, ``1:02.3`` or ``2L``; ``LAP 3`` stands for the leader's."""
    if stream.is_empty():
        return stream
    gap, interval = _gap("GapToLeader"), _gap("IntervalToPositionAhead")
    return (
        stream.select(
            _ms("Time").alias("t_ms"),
            pl.col("Driver").cast(pl.String).alias("driver_number"),
            pl.col("Position").cast(pl.Int16, strict=False).alias("position"),
            gap[0].alias("gap_s"),
            gap[1].alias("gap_laps"),
            interval[0].alias("interval_s"),
            interval[1].alias("interval_laps"),
        )
        .filter(pl.col("t_ms").is_not_null())
        .unique(["t_ms", "driver_number"], keep="last", maintain_order=True)
    )


def _gap(name: str) -> tuple[pl.Expr, pl.Expr]:
    text = pl.col(name).cast(pl.String)
    minutes = text.str.extract(r"^\+?(\d+):\d").cast(pl.Float64, strict=False).fill_null(0.0)
    own = text.str.extract(r"^\+?(?:\d+:)?(\d+(?:\.\d+)?)$").cast(pl.Float64, strict=False)
    return minutes * 60 + own, text.str.extract(r"^\+?(\d+) ?L").cast(pl.Int16, strict=False)


def _weather(weather: pl.DataFrame) -> pl.DataFrame:
    if weather.is_empty():
        return weather
    names = {
        "AirTemp": "air_temp_c",
        "TrackTemp": "track_temp_c",
        "Humidity": "humidity_pct",
        "Pressure": "pressure_mbar",
        "WindDirection": "wind_direction_deg",
        "WindSpeed": "wind_speed_ms",
    }
    return (
        weather.select(
            _ms("Time").alias("t_ms"),
            *(pl.col(name).cast(pl.Float64, strict=False).alias(ours) for name, ours in names.items()),
            pl.col("Rainfall").cast(pl.Boolean, strict=False).alias("rainfall"),
        )
        .filter(pl.col("t_ms").is_not_null())
        .unique("t_ms", keep="last", maintain_order=True)
    )


def _messages(messages: pl.DataFrame, zero: datetime | None) -> pl.DataFrame:
    if messages.is_empty():
        return messages
    told = messages.filter(pl.col("Message").is_not_null()).with_columns(
        pl.col("Time").cast(pl.Datetime("ms"), strict=False).dt.replace_time_zone("UTC").alias("utc")
    )
    since = (pl.col("utc") - pl.lit(zero)).dt.total_milliseconds() if zero else pl.lit(None, pl.Int64)
    texts = {"Category": "category", "Message": "message", "Status": "status", "Flag": "flag", "Scope": "scope"}
    numbers = {"Sector": "sector", "Lap": "lap"}
    driver = pl.col("RacingNumber").cast(pl.String)
    return told.select(
        pl.int_range(1, pl.len() + 1).alias("message_number"),
        since.clip(lower_bound=0).alias("t_ms"),
        "utc",
        *(_filled(name).alias(ours) for name, ours in texts.items() if name in told.columns),
        *(
            pl.col(name).cast(pl.Float64, strict=False).cast(pl.Int16, strict=False).alias(ours)
            for name, ours in numbers.items()
        ),
        pl.when(driver.is_in(["", "nan", "None"])).then(None).otherwise(driver.str.replace(r"\.0$", ""))
        .alias("driver_number"),
    )  # fmt: skip


def _filled(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return pl.when(text.is_in(["", "nan", "None"])).then(None).otherwise(text)


def _changes(changes: pl.DataFrame, *, message: bool) -> pl.DataFrame:
    if changes.is_empty():
        return changes
    columns = [_ms("Time").alias("t_ms"), pl.col("Status").cast(pl.String).alias("status")]
    if message and "Message" in changes.columns:
        columns.append(pl.col("Message").cast(pl.String).alias("message"))
    return (
        changes.select(columns)
        .filter(pl.col("t_ms").is_not_null() & (pl.col("status") != ""))
        .unique(["t_ms", "status"], keep="first", maintain_order=True)
    )


_CAR = {"RPM": "rpm", "Speed": "speed_kmh", "nGear": "gear", "Throttle": "throttle_pct", "DRS": "drs"}
_PLACES = {"X": "x_dm", "Y": "y_dm", "Z": "z_dm"}


def _telemetry(
    cars: dict[str, pl.DataFrame], zero: datetime | None, schema: dict[str, pl.DataType], names: dict[str, str]
) -> pl.DataFrame:
    """All cars' rows; the instant is the sample's own date where the session's zero is known, as FastF1 has it."""
    frames: list[pl.DataFrame] = []
    for number, rows in cars.items():
        if rows.is_empty():
            continue
        when = _ms("SessionTime" if "SessionTime" in rows.columns else "Time")
        if zero is not None and "Date" in rows.columns:
            date = pl.col("Date").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
            when = (date - pl.lit(zero)).dt.total_milliseconds()
        more: list[pl.Expr] = []
        if "Brake" in rows.columns:
            brake = pl.when(pl.col("Brake").cast(pl.Boolean, strict=False)).then(100).otherwise(0)
            more.append(brake.alias("brake_pct"))
        if "Status" in rows.columns:
            more.append((pl.col("Status") == "OnTrack").alias("on_track"))
        told = rows.select(
            pl.lit(number).alias("driver_number"),
            when.alias("t_ms"),
            *(
                pl.col(name).cast(pl.Float64, strict=False).round().cast(pl.Int32, strict=False).alias(ours)
                for name, ours in names.items()
            ),
            *more,
        ).filter(pl.col("t_ms").is_not_null())
        frames.append(told.select(pl.col(name).cast(dtype) for name, dtype in schema.items()))
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def _ms(name: str) -> pl.Expr:
    return (seconds(name) * 1000).round().cast(pl.Int64)


def utc(value: datetime | None) -> datetime | None:
    """A naive UTC time with its zone."""
    return None if value is None else value.replace(tzinfo=UTC)
