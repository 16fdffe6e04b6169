"""How laps become a table: one row a lap, its columns written down once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from overcut.domain.laps import Lap, LapTimeSource
from overcut.domain.state import CarState, SessionState
from overcut.domain.tyres import Compound

LAP_TABLE_VERSION = 1


class Column(NamedTuple):
    """One column of the table: its type, unit ("" for none) and meaning."""

    dtype: type[pl.DataType]
    unit: str
    meaning: str


COLUMNS: Mapping[str, Column] = {
    "season": Column(pl.Int16, "", "year of the championship; null where the session's key does not say"),
    "round": Column(pl.Int16, "", "round of the season, 1-based; null likewise"),
    "event": Column(pl.String, "", "name of the Grand Prix as the feed has it"),
    "session": Column(pl.String, "", "FP1, FP2, FP3, SQ, S, Q or R; the session's whole key where that is not known"),
    "driver": Column(pl.String, "", "three-letter code"),
    "driver_number": Column(pl.String, "", "racing number"),
    "team": Column(pl.String, "", "team as the feed names it"),
    "lap": Column(pl.Int16, "", "lap number of this car, 1-based"),
    "lap_time_s": Column(pl.Float64, "s", "lap time; null on lap 1 of a race and where it was never sent"),
    "s1_s": Column(pl.Float64, "s", "sector 1"),
    "s2_s": Column(pl.Float64, "s", "sector 2"),
    "s3_s": Column(pl.Float64, "s", "sector 3"),
    "position": Column(pl.Int16, "", "rank of crossing the line among the cars that completed this lap; races only"),
    "compound": Column(pl.String, "", "tyre compound; null where unknown"),
    "tyre_life": Column(pl.Int16, "laps", "laps on the set at the end of the lap, those before this session included"),
    "stint": Column(pl.Int16, "", "number of the set within the session, 1-based; null where unknown"),
    "fresh_tyre": Column(pl.Boolean, "", "the set was new when fitted; null where unknown"),
    "pit_in": Column(pl.Boolean, "", "the lap ended in the pits"),
    "pit_out": Column(pl.Boolean, "", "the lap began from the pits"),
    "track_status": Column(pl.String, "", "the feed's digits seen during the lap, each once, in order"),
    "is_accurate": Column(pl.Boolean, "", "the lap time tells the car's pace"),
    "speed_i1": Column(pl.Float64, "km/h", "speed at the first intermediate"),
    "speed_i2": Column(pl.Float64, "km/h", "speed at the second intermediate"),
    "speed_fl": Column(pl.Float64, "km/h", "speed at the finish line"),
    "speed_st": Column(pl.Float64, "km/h", "speed at the speed trap"),
    "pit_in_time_s": Column(pl.Float64, "s", "when the car entered the pits, since the session's feed began"),
    "pit_out_time_s": Column(pl.Float64, "s", "when the car left the pits, likewise"),
    "lap_start_s": Column(pl.Float64, "s", "when the lap began, likewise"),
    "lap_end_s": Column(pl.Float64, "s", "when the lap ended, likewise"),
    "is_personal_best": Column(pl.Boolean, "", "the driver's best so far, by the feed's colour when it was sent"),
    "deleted": Column(
        pl.Boolean, "", "race control deleted the lap time; null where no message of race control was recorded"
    ),
    "generated": Column(pl.Boolean, "", "inserted by somebody for a car that had retired; never by us"),
    "lap_time_source": Column(
        pl.String, "", "f1 (sent), repeated (equal to the lap before), sector_sum; null for none"
    ),
    "deleted_reason": Column(pl.String, "", "why it was deleted, in race control's words"),
    "accuracy_reason": Column(pl.String, "", "why the lap is not accurate"),
    "part": Column(pl.Int16, "", "qualifying part 1-3; null elsewhere"),
    "amended_at": Column(pl.Float64, "s", "when a late value last changed the lap, since the session's feed began"),
}
"""The schema, in column order. Times of day are none: everything counts from the start of the session's feed."""

SCHEMA: Mapping[str, type[pl.DataType]] = {name: column.dtype for name, column in COLUMNS.items()}

_KEY = re.compile(r"^(?:sim-)?(?P<season>\d{4})-(?:(?P<round>\d{2})-)?.*?(?P<kind>FP[123]|SQ|S|Q|R)$")
_TIME_SOURCE = {
    LapTimeSource.FEED: "f1",
    LapTimeSource.REPEATED: "repeated",
    LapTimeSource.SECTOR_SUM: "sector_sum",
    LapTimeSource.NONE: None,
}


def lap_table(state: SessionState, laps: Sequence[Lap], *, is_race: bool) -> pl.DataFrame:
    """The laps of one session by car and lap, with the columns of `COLUMNS`.

    Args:
        state: the session, for names and its key.
        laps: what the engine completed.
        is_race: whether cars raced each other; elsewhere a lap has no position.
    """
    key = _KEY.match(state.key)
    session = {
        "season": int(key["season"]) if key else None,
        "round": int(key["round"]) if key and key["round"] else None,
        "event": state.meeting.name or None,
        "session": key["kind"] if key else state.key,
        "generated": False,
    }
    ordered = sorted(laps, key=lambda lap: (lap.number.zfill(3), lap.lap))
    unknown = CarState(number="")
    rows = [{**session, **_row(lap, state.cars.get(lap.number, unknown), is_race=is_race)} for lap in ordered]
    if not state.messages:
        rows = [{**row, "deleted": None} for row in rows]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def _row(lap: Lap, car: CarState, *, is_race: bool) -> dict[str, object]:
    shod = lap.compound is not Compound.UNKNOWN or lap.age_laps is not None
    return {
        "driver": car.code or None,
        "driver_number": lap.number,
        "team": car.team or None,
        "lap": lap.lap,
        "lap_time_s": _seconds(lap.lap_ms),
        "s1_s": _seconds(lap.s1_ms),
        "s2_s": _seconds(lap.s2_ms),
        "s3_s": _seconds(lap.s3_ms),
        "position": lap.position if is_race else None,
        "compound": None if lap.compound is Compound.UNKNOWN else lap.compound.value,
        "tyre_life": lap.age_laps,
        "stint": lap.stint if shod else None,
        "fresh_tyre": lap.fresh,
        "pit_in": lap.pit_in,
        "pit_out": lap.pit_out,
        "track_status": "".join(dict.fromkeys(lap.track_status)) or None,
        "is_accurate": lap.accurate,
        "speed_i1": lap.speed_i1,
        "speed_i2": lap.speed_i2,
        "speed_fl": lap.speed_fl,
        "speed_st": lap.speed_st,
        "pit_in_time_s": _seconds(lap.pit_in_t_ms),
        "pit_out_time_s": _seconds(lap.pit_out_t_ms),
        "lap_start_s": _seconds(lap.start_t_ms),
        "lap_end_s": _seconds(lap.end_t_ms),
        "is_personal_best": lap.personal_best,
        "deleted": lap.deleted,
        "lap_time_source": _TIME_SOURCE[lap.lap_time_source],
        "deleted_reason": lap.deleted_reason or None,
        "accuracy_reason": lap.accuracy_reason.value if lap.accuracy_reason else None,
        "part": lap.part or None,
        "amended_at": _seconds(lap.amended_t_ms),
    }


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
