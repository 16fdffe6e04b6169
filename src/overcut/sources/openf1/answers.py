"""What OpenF1 answers: its collections, the fields of each that are used, and how an answer becomes a frame.

Source: the interface's own documentation (openf1.org), version 1: each collection is a flat list of objects, filtered
by query; an instant is ISO 8601 in UTC; a collection without a match answers 404 or an empty list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec
import polars as pl

from overcut.kernel.errors import OvercutError

NUMBER, WHOLE, TEXT, FLAG = pl.Float64(), pl.Int64(), pl.String(), pl.Boolean()


def _fields(*, whole: str = "", text: str = "", number: str = "", flag: str = "") -> dict[str, pl.DataType]:
    """Fields by kind, each kind's names in one text."""
    named = ((whole, WHOLE), (text, TEXT), (number, NUMBER), (flag, FLAG))
    return {name: kind for names, kind in named for name in names.split()}


FIELDS: Mapping[str, Mapping[str, pl.DataType]] = {
    "sessions": _fields(
        whole="session_key meeting_key year",
        text="session_name session_type date_start date_end gmt_offset country_name location circuit_short_name",
    ),
    "drivers": _fields(whole="driver_number", text="name_acronym full_name first_name last_name team_name team_colour"),
    "laps": _fields(
        whole="driver_number lap_number",
        text="date_start",
        number="lap_duration duration_sector_1 duration_sector_2 duration_sector_3 i1_speed i2_speed st_speed",
        flag="is_pit_out_lap",
    ),
    "stints": _fields(whole="driver_number stint_number lap_start lap_end tyre_age_at_start", text="compound"),
    "pit": _fields(whole="driver_number lap_number", text="date", number="pit_duration lane_duration stop_duration"),
    "position": _fields(whole="driver_number position", text="date"),
    "intervals": _fields(whole="driver_number", text="date gap_to_leader interval"),
    "weather": _fields(
        text="date",
        number="air_temperature track_temperature humidity pressure rainfall wind_direction wind_speed",
    ),
    "race_control": _fields(whole="sector lap_number driver_number", text="date category flag scope message"),
    "car_data": _fields(whole="driver_number", text="date", number="speed rpm n_gear throttle brake drs"),
    "location": _fields(whole="driver_number", text="date", number="x y z"),
}
"""The fields that are read, by collection; others are passed over."""

BY_DRIVER = ("car_data", "location")
"""Collections too long for one answer: they are asked for car by car."""


class BadAnswerError(OvercutError):
    """An answer, or a file of one, is not what OpenF1 gives."""


def frame_of(collection: str, body: bytes) -> pl.DataFrame:
    """An answer's rows with the fields that are read; a field of another kind than documented is null.

    Raises:
        BadAnswerError: it is no list of objects.
    """
    try:
        rows = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad(collection, str(error)) from error
    if isinstance(rows, dict) and "detail" in rows:
        rows = []  # "No results found."
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in cast(list[object], rows)):
        raise _bad(collection, "it is no list of objects")
    fields = FIELDS[collection]
    told = cast(list[dict[str, object]], rows)
    columns = {name: [_value(row.get(name), kind) for row in told] for name, kind in fields.items()}
    frame = pl.DataFrame(columns, schema=dict(fields), strict=False)
    instants = [name for name in ("date", "date_start", "date_end") if name in fields]
    return frame.with_columns(
        pl.col(name).str.to_datetime(time_unit="ms", time_zone="UTC", strict=False, format=None).alias(name)
        if frame.height
        else pl.col(name).cast(pl.Datetime("ms", "UTC"))
        for name in instants
    )


def _value(value: object, kind: pl.DataType) -> object:
    if value is None:
        return None
    if kind == TEXT:
        return str(value)
    if kind == FLAG:
        return value if isinstance(value, bool) else None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) else None


def _bad(collection: str, why: str) -> BadAnswerError:
    return BadAnswerError(
        f"The answer for {collection} is not OpenF1's", why=why[:200], hint="remove its file, and import again"
    )
