"""Which rows follow from a session's laps and its final state: the session itself, entries, stints, stops, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import polars as pl

from overcut.domain.durations import parse_utc_ms
from overcut.domain.extras import PitVisit
from overcut.domain.laps import Lap
from overcut.domain.session import parts_of_key
from overcut.domain.state import Meeting, SessionState
from overcut.domain.tables import TABLES
from overcut.kernel.frame_schema import conformed, frame_schema
from overcut.runtime.session_tables.moments import Moments

SAME_STOP_S = 60.0
"""A time in the pit lane that the feed told within this of a car's exit belongs to that visit."""


def session_row(
    state: SessionState,
    moments: Moments,
    laps: Sequence[Lap],
    *,
    circuit_id: str | None,
    is_race: bool,
    reconstructed: bool,
) -> pl.DataFrame:
    """The one row of table ``sessions``."""
    season, round_number, kind = parts_of_key(state.key)
    first = moments.first_t_ms or 0
    row = {
        "session_key": state.key,
        "season": season,
        "round": round_number,
        "session": kind,
        "event": state.meeting.name or None,
        "circuit_id": circuit_id,
        "date": _local_day(state.meeting),
        "start_utc": _start_utc(state.meeting),
        "zero_utc": None if state.utc_ms is None else datetime.fromtimestamp((state.utc_ms - state.t_ms) / 1000, UTC),
        "zero_error_s": None,
        "simulated": state.simulated,
        "reconstructed": reconstructed,
        "laps": max((lap.lap for lap in laps), default=None) if is_race else None,
        "duration_ms": state.t_ms - first,
        "frames": moments.frames,
    }
    return pl.DataFrame([row], schema=frame_schema(TABLES["sessions"]), orient="row")


def entries_of(state: SessionState, laps: pl.DataFrame) -> pl.DataFrame:
    """The cars of the entry list, by number; F1DB ids are left to whoever has F1DB."""
    known = set(laps["driver_number"].to_list())
    rows = [
        {
            "session_key": state.key,
            "driver_number": car.number,
            "driver": car.code or None,
            "full_name": car.name or None,
            "team": car.team or None,
            "colour": car.colour.removeprefix("#") if car.colour != "#888888" else None,
        }
        for car in sorted(state.cars.values(), key=lambda car: car.number)
        if car.code or car.name or car.number in known
    ]
    return pl.DataFrame(rows, schema=frame_schema(TABLES["entries"]), orient="row")


def stints_of(laps: pl.DataFrame) -> pl.DataFrame:
    """Sets of tyres by car, from a lap table with ``session_key``; laps whose stint is not known belong to none."""
    stints = (
        laps.filter(pl.col("stint").is_not_null() & (pl.col("stint") >= 1))
        .sort("session_key", "driver_number", "lap")
        .group_by("session_key", "driver_number", "stint", maintain_order=True)
        .agg(
            pl.col("driver").drop_nulls().first(),
            pl.col("compound").drop_nulls().last(),
            pl.col("fresh_tyre").drop_nulls().first(),
            pl.col("lap").first().alias("start_lap"),
            pl.col("lap").last().alias("end_lap"),
            pl.len().alias("laps"),
            (pl.col("tyre_life") - (pl.col("lap") - pl.col("lap").first()) - 1)
            .drop_nulls()
            .first()
            .clip(lower_bound=0)
            .alias("tyre_life_start"),
            pl.col("tyre_life").drop_nulls().last().alias("tyre_life_end"),
        )
    )
    return conformed(TABLES["stints"], stints)


def pit_stops_of(laps: pl.DataFrame, visits: Mapping[str, Sequence[PitVisit]] | None = None) -> pl.DataFrame:
    """Visits to the pit lane from a lap table: a lap that ended in the pits, and the next one's exit from them.

    Time in the lane is the feed's own where it tells one (``visits``), else exit less entry, as the feed's flags tell
    them (good to about a second).
    """
    car = ("session_key", "driver_number")
    stops = (
        laps.sort(*car, "lap")
        .with_columns(
            pl.col("pit_out_time_s", "compound", "tyre_life", "lap").shift(-1).over(*car).name.suffix("_next")
        )
        .filter(pl.col("pit_in"))
        .with_columns(
            pl.int_range(1, pl.len() + 1).over(*car).alias("stop"),
            pl.when(pl.col("lap_next") == pl.col("lap") + 1).then(pl.col("pit_out_time_s_next")).alias("exit_s"),
        )
        .with_columns((pl.col("exit_s") - pl.col("pit_in_time_s")).alias("pit_lane_s"))
        .rename(
            {
                "compound": "compound_before",
                "tyre_life": "tyre_life_before",
                "compound_next": "compound_after",
                "tyre_life_next": "tyre_life_after",
            }
        )
    )
    told = [_told(row, visits or {}) for row in stops.select("driver_number", "lap", "exit_s").iter_rows()]
    feed = pl.DataFrame(told, schema={"lane_s": pl.Float64, "stationary_s": pl.Float64}, orient="row")
    stops = pl.concat([stops, feed], how="horizontal").with_columns(
        pl.coalesce("lane_s", "pit_lane_s").alias("pit_lane_s")
    )
    return conformed(TABLES["pit_stops"], stops.filter((pl.col("pit_lane_s") >= 0) | pl.col("pit_lane_s").is_null()))


def _told(stop: tuple[object, ...], visits: Mapping[str, Sequence[PitVisit]]) -> tuple[float | None, float | None]:
    number, lap, exit_s = stop
    for visit in visits.get(str(number), ()):
        near = isinstance(exit_s, float) and abs(visit.t_ms / 1000 - exit_s) <= SAME_STOP_S
        if visit.lap == lap or (visit.lap is None and near):
            lane = visit.lane_ms / 1000 if visit.lane_ms is not None else None
            return lane, (visit.stationary_ms / 1000 if visit.stationary_ms is not None else None)
    return None, None


def race_control_of(state: SessionState, words: Mapping[int, str]) -> pl.DataFrame:
    """Race control's messages in order of sending; ``words``: its own status of some, by index."""
    rows = [
        {
            "session_key": state.key,
            "message_number": place,
            "t_ms": message.t_ms,
            "utc": _instant(parse_utc_ms(message.utc)),
            "category": message.category or None,
            "message": message.text,
            "status": words.get(index),
            "flag": message.flag or None,
            "scope": message.scope or None,
            "sector": message.sector,
            "driver_number": message.number or None,
            "lap": message.lap,
        }
        for place, (index, message) in enumerate(sorted(state.messages.items()), start=1)
    ]
    return pl.DataFrame(rows, schema=frame_schema(TABLES["race_control"]), orient="row")


def _instant(utc_ms: int | None) -> datetime | None:
    return None if utc_ms is None else datetime.fromtimestamp(utc_ms / 1000, UTC)


def _local_day(meeting: Meeting) -> date | None:
    try:
        return datetime.fromisoformat(meeting.start_date).date()
    except ValueError:
        return None


def _start_utc(meeting: Meeting) -> datetime | None:
    """The start as `SessionInfo` has it: local time, and how far that is from UTC (``-05:00:00`` west of it)."""
    try:
        local = datetime.fromisoformat(meeting.start_date)
        sign = -1 if meeting.gmt_offset.startswith("-") else 1
        hours, minutes, seconds = (int(part) for part in meeting.gmt_offset.lstrip("+-").split(":"))
    except ValueError:
        return None
    return (local - sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)).replace(tzinfo=UTC)
