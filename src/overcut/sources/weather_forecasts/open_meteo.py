"""How a forecast is asked of Open-Meteo, and how its answer becomes rows of ``weather_forecasts``.

Source: open-meteo.com's documentation of ``/v1/forecast`` (data CC BY 4.0, attribute Open-Meteo): hourly columns of one
length beside ``time``, in UTC where asked so; wind in m/s where asked so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

import msgspec
import polars as pl

from overcut.domain.tables.reference_tables import WEATHER_FORECASTS
from overcut.kernel.errors import OvercutError
from overcut.kernel.frame_schema import conformed
from overcut.kernel.http import HttpClient

PROVIDER = "open-meteo"
ATTRIBUTION = "Weather forecasts by Open-Meteo.com, CC BY 4.0"
MAX_DAYS = 16
"""As far as Open-Meteo looks ahead."""

_COLUMNS = {
    "temperature_2m": "air_temp_c",
    "precipitation": "rain_mm",
    "precipitation_probability": "rain_probability_pct",
    "relative_humidity_2m": "humidity_pct",
    "surface_pressure": "pressure_mbar",
    "cloud_cover": "cloud_pct",
    "wind_speed_10m": "wind_speed_ms",
    "wind_direction_10m": "wind_direction_deg",
}

Values = list[float | None]


class _Hourly(msgspec.Struct):
    time: list[str]
    temperature_2m: Values = []
    precipitation: Values = []
    precipitation_probability: Values = []
    relative_humidity_2m: Values = []
    surface_pressure: Values = []
    cloud_cover: Values = []
    wind_speed_10m: Values = []
    wind_direction_10m: Values = []


class _Answer(msgspec.Struct):
    hourly: _Hourly
    utc_offset_seconds: Annotated[int, msgspec.Meta(ge=0, le=0)]
    hourly_units: dict[str, str] = {}


class BadForecastError(OvercutError):
    """The answer is no forecast."""


async def fetch_forecast(
    client: HttpClient, circuit_id: str, latitude: float, longitude: float, *, days: int, made: datetime
) -> pl.DataFrame:
    """The forecast for a place, hour by hour.

    Args:
        client: asks ``…/v1/``. ``circuit_id``: whose place it is. ``latitude``, ``longitude``: degrees.
        days: how far ahead, 1 to 16. ``made``: when it is asked, which is what the forecast is known by.

    Raises:
        BadForecastError: the answer is no forecast, or in other units than were asked for.
        UnreachableError: there was no answer.
    """
    query = {
        "latitude": f"{latitude:.4f}",
        "longitude": f"{longitude:.4f}",
        "hourly": ",".join(_COLUMNS),
        "wind_speed_unit": "ms",
        "timezone": "UTC",
        "forecast_days": str(days),
    }
    answer = await client.ask("GET", f"forecast?{urlencode(query)}")
    if answer.status != 200:
        said = answer.body[:200].decode("utf-8", "replace")
        raise BadForecastError(f"Open-Meteo gave no forecast for {circuit_id}", why=f"{answer.status}: {said}")
    return forecast_rows(answer.body, circuit_id, made)


def forecast_rows(body: bytes, circuit_id: str, made: datetime) -> pl.DataFrame:
    """An answer as rows of ``weather_forecasts``; arguments and errors as for `fetch_forecast`."""
    try:
        told = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadForecastError("Open-Meteo's answer is no forecast", why=str(error)) from error
    unit = told.hourly_units.get("wind_speed_10m", "m/s")
    if unit not in ("m/s", "ms"):
        raise BadForecastError("Open-Meteo's answer is in other units", why=f"wind in {unit}, not m/s")
    hours = len(told.hourly.time)
    columns: dict[str, Values] = {}
    for theirs, ours in _COLUMNS.items():
        values: Values = getattr(told.hourly, theirs)
        if values and len(values) != hours:
            raise BadForecastError("Open-Meteo's answer is damaged", why=f"{len(values)} of {theirs} for {hours} hours")
        columns[ours] = values or [None] * hours
    try:
        valid = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in told.hourly.time]
    except ValueError as error:
        raise BadForecastError("Open-Meteo's answer is damaged", why=str(error)) from error
    rows = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64)).with_columns(
        pl.lit(circuit_id).alias("circuit_id"),
        pl.lit(PROVIDER).alias("provider"),
        pl.lit(made).alias("made_utc"),
        pl.Series("valid_utc", valid, dtype=pl.Datetime("ms", "UTC")),
    )
    return conformed(WEATHER_FORECASTS, rows)
