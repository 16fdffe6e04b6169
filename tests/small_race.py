"""A simulated race of a few laps with telemetry, written once a test run; and FastF1's cache of the same session."""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType
from typing import Any

from overcut.domain.circuits import CIRCUITS
from overcut.sources.simulated.form import weekend_form
from overcut.sources.simulated.track import lay_out
from overcut.sources.simulated.weekend import simulate_race
from overcut.sources.simulated.wire.folder import write_session

SEED, SEASON, CIRCUIT, LAPS = 3, 2025, "monza", 7
KEY = "sim-2025-monza-3-R"

_PARTS = {
    "_extended_timing_data": "TimingData",
    "timing_app_data": "TimingAppData",
    "car_data": "CarData.z",
    "position_data": "Position.z",
    "track_status_data": "TrackStatus",
    "session_status_data": "SessionStatus",
    "race_control_messages": "RaceControlMessages",
    "driver_info": "DriverList",
    "weather_data": "WeatherData",
    "session_info": "SessionInfo",
}


@lru_cache(maxsize=1)
def small_race() -> Path:
    """The race's folder; nobody writes to it."""
    track = lay_out(CIRCUITS[CIRCUIT], SEASON)
    forms = weekend_form(SEASON, CIRCUIT, SEED)
    log = simulate_race(track, SEASON, SEED, forms[:8], LAPS)
    return write_session(log, track, SEED, Path(mkdtemp(prefix="overcut-small-race-")))


def fastf1_cache(session: Path, cache: Path) -> Path:
    """What FastF1 itself keeps of an archived session, by its own parsers; the session's folder in the cache."""
    from fastf1 import _api as api  # noqa: PLC0415 -- only tests of FastF1 need it

    place = cache / Path(*session.parts[-3:])
    place.mkdir(parents=True, exist_ok=True)
    for name, topic in _PARTS.items():
        file = session / f"{topic}.jsonStream"
        if file.is_file():
            data = getattr(api, name).__wrapped__("", response=_response(api, file))
            (place / f"{name}.ff1pkl").write_bytes(pickle.dumps({"version": 17, "data": data}))
    return place


def _response(api: ModuleType, file: Path) -> list[Any]:
    lines = [line.strip("\r") for line in file.read_text(encoding="utf-8-sig").split("\n")]
    if file.name.endswith(".z.jsonStream"):
        return [line for line in lines if line]
    return [[line[:12], api.parse(line[12:])] for line in lines if line]
