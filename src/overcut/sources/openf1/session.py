"""How a folder of OpenF1's answers becomes one session of the lake."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from overcut.domain.calendar import RACES
from overcut.domain.session import SessionKey, SessionKind, kind_of_session_name, parts_of_key
from overcut.kernel.errors import DataMissingError
from overcut.sources.imported import CAR_SCHEMA, PLACE_SCHEMA, ImportedSession
from overcut.sources.openf1.answers import FIELDS, frame_of
from overcut.sources.openf1.flags import track_changes

WEEKEND_DAYS = 4
"""A session's race is at most so many days later."""


def answer_folders(folder: Path) -> list[Path]:
    """The folders at or below ``folder`` that hold a session's answers (``sessions.json``, ``laps.json`` …).

    Raises:
        DataMissingError: there is none.
    """
    found = sorted(file.parent for file in folder.rglob("sessions.json")) if folder.is_dir() else []
    if not found:
        raise DataMissingError(
            f"{folder} holds no answers of OpenF1",
            why="a session's folder has sessions.json, drivers.json, laps.json … as OpenF1 answers them",
            hint="overcut lake import openf1 --session 9158 asks OpenF1 itself",
        )
    return found


def read_answers(folder: Path) -> ImportedSession:
    """One session from its folder of answers; collections whose file is not there are left out.

    Session time counts from the earliest instant of the session (OpenF1 tells only UTC). A lap ends a lap time after
    it began, or where the next one begins.

    Raises:
        DataMissingError: the folder has no session, or no lap and no position.
        BadAnswerError: a file is not what OpenF1 answers.
    """
    told = {name: _read(folder, name) for name in FIELDS}
    sessions = told["sessions"]
    if sessions.is_empty() or (told["laps"].is_empty() and told["position"].is_empty()):
        raise DataMissingError(
            f"{folder} tells of no lap", hint="import it again: overcut lake import openf1 --session …"
        )
    info = sessions.row(0, named=True)
    start: datetime | None = info["date_start"]
    key = _key(info, start)
    zero = _zero(told, start)
    season, round_number, kind = parts_of_key(key)
    race = kind in ("R", "S")
    laps = _laps(told, zero, race=race)
    event = info["country_name"] or info["location"] or None
    tables = {
        "sessions": pl.DataFrame(
            {
                "season": [season],
                "round": [round_number],
                "session": [kind],
                "event": [event],
                "date": [(start + _offset(info["gmt_offset"])).date() if start else None],
                "start_utc": [start],
                "zero_utc": [zero],
                "simulated": [False],
                "reconstructed": [True],
                "laps": [laps["lap"].max() if race and laps.height else None],
            },
            strict=False,
        ),
        "entries": told["drivers"].select(
            _number(), driver="name_acronym", full_name="full_name", team="team_name", colour="team_colour"
        ),
        "laps": _named(laps, told["drivers"]).with_columns(
            pl.lit(season).alias("season"),
            pl.lit(round_number).alias("round"),
            pl.lit(event, pl.String).alias("event"),
            pl.lit(kind).alias("session"),
        ),
        "stints": _named(_stints(told["stints"]), told["drivers"]),
        "pit_stops": _named(_stops(told["pit"], laps), told["drivers"]),
        "positions": _positions(told["position"], told["intervals"], zero),
        "weather": _weather(told["weather"], zero),
        "race_control": _messages(told["race_control"], zero),
        "track_status": track_changes(told["race_control"], zero),
    }
    keyed = {name: rows.with_columns(pl.lit(key).alias("session_key")) for name, rows in tables.items() if rows.height}
    return ImportedSession(key, keyed, car=_car(told["car_data"], zero), places=_places(told["location"], zero))


def _read(folder: Path, name: str) -> pl.DataFrame:
    files = [folder / f"{name}.json"] if (folder / f"{name}.json").is_file() else sorted(folder.glob(f"{name}-*.json"))
    frames = [frame_of(name, file.read_bytes()) for file in files]
    return pl.concat(frames) if frames else frame_of(name, b"[]")


def _key(info: dict[str, object], start: datetime | None) -> str:
    """``2024-05-R``, by the calendar: the first race not before the session's day; else a recording's key."""
    kind = kind_of_session_name(str(info["session_name"]))
    if kind is not None and start is not None:
        day = (start + _offset(info["gmt_offset"])).date()
        for number, (race_day, _) in enumerate(RACES.get(day.year, ()), start=1):
            race = datetime.fromisoformat(f"{day.year}-{race_day}").date()
            if timedelta(0) <= race - day < timedelta(days=WEEKEND_DAYS) and _fits(kind, (race - day).days):
                return str(SessionKey.official(day.year, number, kind))
    return str(SessionKey.recording(f"openf1 {info['session_key']}"))


def _fits(kind: SessionKind, days_before: int) -> bool:
    return days_before == 0 or kind is not SessionKind.RACE


def _offset(text: object) -> timedelta:
    sign = -1 if str(text).startswith("-") else 1
    parts = str(text).lstrip("+-").split(":")
    if len(parts) < 2 or not all(part.isdecimal() for part in parts):
        return timedelta(0)
    return sign * timedelta(hours=int(parts[0]), minutes=int(parts[1]))


def _zero(told: dict[str, pl.DataFrame], start: datetime | None) -> datetime:
    firsts: list[datetime] = [start] if start else []
    for rows in told.values():
        for name in ("date", "date_start"):
            if name in rows.columns and isinstance(first := rows[name].min(), datetime):
                firsts.append(first)
    return min(firsts)


def _t_ms(name: str, zero: datetime) -> pl.Expr:
    return (pl.col(name) - pl.lit(zero)).dt.total_milliseconds()


def _number() -> pl.Expr:
    return pl.col("driver_number").cast(pl.String).alias("driver_number")


def _laps(told: dict[str, pl.DataFrame], zero: datetime, *, race: bool) -> pl.DataFrame:
    in_laps = told["pit"].select("driver_number", lap_number="lap_number", ended_in_pits=pl.lit(value=True)).unique()
    begun = _t_ms("date_start", zero) / 1000
    car = pl.col("driver_number")
    laps = (
        told["laps"]
        .filter(pl.col("lap_number").is_not_null())
        .unique(["driver_number", "lap_number"], keep="last")
        .sort("driver_number", "lap_number")
        .join(in_laps, on=["driver_number", "lap_number"], how="left")
        .with_columns(begun.round(3).alias("lap_start_s"))
        .with_columns(
            pl.coalesce(pl.col("lap_start_s") + pl.col("lap_duration"), pl.col("lap_start_s").shift(-1).over(car))
            .round(3)
            .alias("lap_end_s")
        )
        .select(
            _number(),
            pl.col("lap_number").alias("lap"),
            pl.col("lap_duration").alias("lap_time_s"),
            *(pl.col(f"duration_sector_{n}").alias(f"s{n}_s") for n in (1, 2, 3)),
            "lap_start_s",
            "lap_end_s",
            pl.col("i1_speed").alias("speed_i1"),
            pl.col("i2_speed").alias("speed_i2"),
            pl.col("st_speed").alias("speed_st"),
            pl.col("is_pit_out_lap").alias("pit_out"),
            pl.col("ended_in_pits").fill_null(value=False).alias("pit_in"),
            pl.when(pl.col("lap_duration").is_not_null()).then(pl.lit("f1")).alias("lap_time_source"),
            pl.lit(value=False).alias("generated"),
        )
    )
    if race:
        rank = pl.col("lap_end_s").rank("ordinal").over("lap")
        laps = laps.with_columns(rank.cast(pl.Int16).alias("position"))
    return _with_tyres(laps, told["stints"])


def _with_tyres(laps: pl.DataFrame, stints: pl.DataFrame) -> pl.DataFrame:
    sets = _stints(stints).sort("start_lap")
    if sets.is_empty():
        return laps
    joined = (
        laps.with_columns(pl.col("lap").cast(pl.Int64))
        .sort("lap")
        .join_asof(
            sets.select("driver_number", "start_lap", "end_lap", "stint", "compound", "tyre_life_start", "fresh_tyre"),
            left_on="lap",
            right_on="start_lap",
            by="driver_number",
            check_sortedness=False,
        )
    )
    age = pl.col("tyre_life_start") + pl.col("lap") - pl.col("start_lap") + 1
    return joined.with_columns(age.alias("tyre_life")).sort("driver_number", "lap")


def _stints(stints: pl.DataFrame) -> pl.DataFrame:
    age = pl.col("tyre_age_at_start")
    compound = pl.col("compound").str.to_uppercase()
    return stints.filter(pl.col("lap_start").is_not_null() & pl.col("lap_end").is_not_null()).select(
        _number(),
        pl.col("stint_number").alias("stint"),
        pl.when(compound.is_in(["UNKNOWN", ""])).then(None).otherwise(compound).alias("compound"),
        (age == 0).alias("fresh_tyre"),
        pl.col("lap_start").alias("start_lap"),
        pl.col("lap_end").alias("end_lap"),
        (pl.col("lap_end") - pl.col("lap_start") + 1).alias("laps"),
        age.alias("tyre_life_start"),
        (age + pl.col("lap_end") - pl.col("lap_start") + 1).alias("tyre_life_end"),
    ).filter(pl.col("laps") > 0)  # fmt: skip


def _stops(pit: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """Visits; time in the lane under either of the names that it has had."""
    tyres = laps.select(
        "driver_number",
        lap=pl.col("lap").cast(pl.Int64),
        compound=pl.col("compound") if "compound" in laps.columns else pl.lit(None, pl.String),
        tyre_life=pl.col("tyre_life") if "tyre_life" in laps.columns else pl.lit(None, pl.Int64),
    )
    return (
        pit.sort("driver_number", "date")
        .select(
            _number(),
            pl.int_range(1, pl.len() + 1).over("driver_number").alias("stop"),
            pl.col("lap_number").alias("lap"),
            pl.coalesce("lane_duration", "pit_duration").alias("pit_lane_s"),
            pl.col("stop_duration").alias("stationary_s"),
        )
        .join(tyres.rename({"compound": "compound_before", "tyre_life": "tyre_life_before"}),
              on=["driver_number", "lap"], how="left")
        .join(tyres.select("driver_number", lap=pl.col("lap") - 1, compound_after="compound",
                           tyre_life_after="tyre_life"), on=["driver_number", "lap"], how="left")
    )  # fmt: skip


def _positions(position: pl.DataFrame, intervals: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    """Positions and gaps on one axis; each row has what was last told of the other."""
    gaps = intervals.select(
        _number(),
        _t_ms("date", zero).alias("t_ms"),
        *_gap("gap_to_leader", "gap_s", "gap_laps"),
        *_gap("interval", "interval_s", "interval_laps"),
    )
    places = position.select(_number(), _t_ms("date", zero).alias("t_ms"), pl.col("position"))
    both = pl.concat([places, gaps], how="diagonal").filter(pl.col("t_ms").is_not_null() & (pl.col("t_ms") >= 0))
    last = pl.col("position").forward_fill().over("driver_number")
    return (
        both.sort("t_ms", maintain_order=True)
        .with_columns(last)
        .unique(["t_ms", "driver_number"], keep="last", maintain_order=True)
    )


def _gap(name: str, seconds: str, laps: str) -> tuple[pl.Expr, pl.Expr]:
    return (
        pl.col(name).cast(pl.Float64, strict=False).alias(seconds),
        pl.col(name).str.extract(r"^\+?(\d+) LAP").cast(pl.Int16, strict=False).alias(laps),
    )


def _weather(weather: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    return weather.select(
        _t_ms("date", zero).alias("t_ms"),
        (pl.col("rainfall") > 0).alias("rainfall"),
        air_temp_c="air_temperature",
        track_temp_c="track_temperature",
        humidity_pct="humidity",
        pressure_mbar="pressure",
        wind_direction_deg="wind_direction",
        wind_speed_ms="wind_speed",
    ).unique("t_ms", keep="last", maintain_order=True)


def _messages(told: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    return (
        told.filter(pl.col("message").is_not_null())
        .sort("date", maintain_order=True)
        .select(
            pl.int_range(1, pl.len() + 1).alias("message_number"),
            _t_ms("date", zero).alias("t_ms"),
            _number(),
            "category",
            "message",
            "flag",
            "scope",
            "sector",
            utc="date",
            lap="lap_number",
        )
    )


def _named(rows: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    names = drivers.select(_number(), driver="name_acronym", team="team_name").unique("driver_number")
    return rows.join(names, on="driver_number", how="left")


def _whole(name: str) -> pl.Expr:
    return pl.col(name).round().cast(pl.Int32, strict=False)


def _car(rows: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    told = rows.select(
        _number(),
        _t_ms("date", zero).alias("t_ms"),
        _whole("rpm").alias("rpm"),
        _whole("speed").alias("speed_kmh"),
        _whole("n_gear").alias("gear"),
        _whole("throttle").alias("throttle_pct"),
        _whole("brake").alias("brake_pct"),
        _whole("drs").alias("drs"),
    )
    return told.filter(pl.col("t_ms").is_not_null()).select(
        pl.col(name).cast(kind) for name, kind in CAR_SCHEMA.items()
    )


def _places(rows: pl.DataFrame, zero: datetime) -> pl.DataFrame:
    told = rows.select(
        _number(),
        _t_ms("date", zero).alias("t_ms"),
        *(_whole(axis).alias(f"{axis}_dm") for axis in ("x", "y", "z")),
        pl.lit(None, pl.Boolean).alias("on_track"),
    )
    return told.filter(pl.col("t_ms").is_not_null()).select(
        pl.col(name).cast(kind) for name, kind in PLACE_SCHEMA.items()
    )
