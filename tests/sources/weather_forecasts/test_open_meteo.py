"""Forecasts by Open-Meteo's shape, from a server on this machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import LakeSource
from overcut.kernel.errors import WrongUsageError
from overcut.kernel.settings import load_settings
from overcut.lake import Lake
from overcut.runtime.lake_imports import import_forecast
from overcut.sources.weather_forecasts.open_meteo import BadForecastError, forecast_rows
from tests.sources.json_server import JsonServer

NOW = datetime(2025, 7, 25, 10, 30, 0, 123456, tzinfo=UTC)
HOURS = [f"2025-07-25T{hour:02d}:00" for hour in range(24)]


def body() -> dict[str, object]:
    values = [float(hour) for hour in range(24)]
    names = (
        "temperature_2m", "precipitation", "precipitation_probability", "relative_humidity_2m", "surface_pressure",
        "cloud_cover", "wind_speed_10m", "wind_direction_10m",
    )  # fmt: skip
    hourly: dict[str, object] = {"time": HOURS, **dict.fromkeys(names, values)}
    hourly["precipitation_probability"] = [None] * 24
    return {"utc_offset_seconds": 0, "hourly_units": {"wind_speed_10m": "m/s"}, "hourly": hourly}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    places = {"circuit_id": ["monza", "nowhere"], "name": ["Monza", "Nowhere"], "latitude": [45.6156, None],
              "longitude": [9.2811, None]}  # fmt: skip
    with lake.writing() as writer:
        writer.replace("circuits", pl.DataFrame(places), source=LakeSource.F1DB)
    return lake


def test_forecast_is_asked_for_the_circuits_place_and_kept_beside_earlier_ones(lake: Lake, tmp_path: Path) -> None:
    with JsonServer(lambda _path, _query: body()) as server:
        settings = load_settings(home=tmp_path, open_meteo_url=server.url)
        first = import_forecast(lake, settings, "monza", days=2, now=NOW)
        again = import_forecast(lake, settings, "monza", days=2, now=NOW)
        import_forecast(lake, settings, "monza", days=2, now=NOW + timedelta(hours=6))
    path, query = server.asked[0]
    assert path == "forecast"
    assert (query["latitude"], query["longitude"], query["forecast_days"]) == ("45.6156", "9.2811", "2")
    assert (query["timezone"], query["wind_speed_unit"]) == ("UTC", "ms")
    assert (first.changed, again.changed) == (True, False)
    rows = lake.read("weather_forecasts")
    assert rows.height == 48
    assert rows["made_utc"].n_unique() == 2
    hour = rows.filter((pl.col("valid_utc").dt.hour() == 15) & (pl.col("made_utc").dt.hour() == 10)).row(0, named=True)
    assert (hour["air_temp_c"], hour["wind_speed_ms"], hour["rain_probability_pct"]) == (15.0, 15.0, None)


def test_circuit_whose_place_is_not_known_is_told(lake: Lake, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    for circuit in ("nowhere", "atlantis"):
        with pytest.raises(WrongUsageError, match="not known"):
            import_forecast(lake, settings, circuit, days=2, now=NOW)
    with pytest.raises(WrongUsageError, match="17 days"):
        import_forecast(lake, settings, "monza", days=17, now=NOW)


def test_what_is_no_forecast_is_refused_and_nothing_changes(lake: Lake, tmp_path: Path) -> None:
    before = lake.generation
    with JsonServer(lambda _path, _query: {"error": True, "reason": "no such place"}) as server:
        settings = load_settings(home=tmp_path, open_meteo_url=server.url)
        with pytest.raises(BadForecastError):
            import_forecast(lake, settings, "monza", days=2, now=NOW)
    assert lake.generation == before


@pytest.mark.parametrize(
    "change",
    [
        {"utc_offset_seconds": 7200},
        {"hourly_units": {"wind_speed_10m": "km/h"}},
        {"hourly": {"time": HOURS, "temperature_2m": [1.0]}},
        {"hourly": {"time": ["noon"]}},
        {"hourly": None},
    ],
)
def test_answer_in_other_units_or_damaged_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadForecastError):
        forecast_rows(json.dumps(body() | change).encode(), "monza", NOW)
