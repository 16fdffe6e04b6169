"""How laps become a table: one row a lap, its columns written down once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from overcut.domain.laps import Lap, LapTimeSource
from overcut.domain.state import CarState, SessionState
from overcut.domain.tables.session_tables import LAPS
from overcut.domain.tyres import Compound
from overcut.kernel.frame_schema import frame_schema

SCHEMA: Mapping[str, pl.DataType] = frame_schema(LAPS)
"""Polars types by column, in order. Columns, units and meanings: `domain.tables.session_tables.LAPS`."""

_KEY = re.compile(r"^(?:sim-)?(?P<season>\d{4})-(?:(?P<round>\d{2})-)?.*?(?P<kind>FP[123]|SQ|S|Q|R)$")
_TIME_SOURCE = {
    LapTimeSource.FEED: "f1",
    LapTimeSource.REPEATED: "repeated",
    LapTimeSource.SECTOR_SUM: "sector_sum",
    LapTimeSource.NONE: None,
}


def lap_table(state: SessionState, laps: Sequence[Lap], *, is_race: bool) -> pl.DataFrame:
    """The laps of one session by car and lap, with the columns of `SCHEMA`.

    Args:
        state: the session, for names and its key.
        laps: what the engine completed.
        is_race: whether cars raced each other; elsewhere a lap has no position.
    """
    key = _KEY.match(state.key)
    session = {
        "session_key": state.key,
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
