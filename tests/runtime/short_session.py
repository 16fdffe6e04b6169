"""A three-car race of five minutes, small enough to play in a test thousands of times faster than it ran."""

from __future__ import annotations

from pathlib import Path

from overcut.runtime.recorded import Recorded, record
from overcut.sources.opening import open_source
from tests.sources.writing import write_session

END_MS = 300_000
LIGHTS_OUT_MS = 100_000
CARS = {"44": ("HAM", "Mercedes"), "16": ("LEC", "Ferrari"), "4": ("NOR", "McLaren")}

Lines = list[tuple[int, object]]


def topics() -> dict[str, Lines]:
    """The feed of the race, by topic."""
    return {
        "SessionInfo": [
            (
                0,
                {
                    "Meeting": {
                        "Name": "Italian Grand Prix",
                        "Location": "Monza",
                        "Country": {"Name": "Italy"},
                        "Circuit": {"Key": 39, "ShortName": "Monza"},
                    },
                    "Type": "Race",
                    "Name": "Race",
                    "StartDate": "2025-09-07T15:00:00",
                    "GmtOffset": "02:00:00",
                },
            )
        ],
        "SessionStatus": [
            (500, {"Status": "Inactive"}),
            (LIGHTS_OUT_MS, {"Status": "Started"}),
            (290_000, {"Status": "Finished"}),
        ],
        "TrackStatus": [
            (600, {"Status": "1", "Message": "AllClear"}),
            (150_000, {"Status": "2", "Message": "Yellow"}),
            (170_000, {"Status": "1", "Message": "AllClear"}),
        ],
        "LapCount": [(1_000, {"CurrentLap": 1, "TotalLaps": 3})]
        + [(LIGHTS_OUT_MS + lap * 60_000, {"CurrentLap": lap + 1}) for lap in (1, 2)],
        "DriverList": [
            (
                700,
                {
                    number: {"RacingNumber": number, "Tla": code, "FullName": code, "TeamName": team, "Line": row}
                    for row, (number, (code, team)) in enumerate(CARS.items(), start=1)
                },
            )
        ],
        "TimingData": _timing(),
        "RaceControlMessages": [
            (2_000, {"Messages": [{"Utc": "2025-09-07T12:58:00", "Category": "Other", "Message": "PIT EXIT OPEN"}]}),
            (
                150_000,
                {
                    "Messages": {
                        "1": {"Utc": "2025-09-07T13:01:00", "Category": "Flag", "Message": "YELLOW IN SECTOR 4"}
                    }
                },
            ),
        ],
        "WeatherData": [(1_500, _weather("24.1")), (61_500, _weather("24.5")), (END_MS, _weather("24.9"))],
    }


def write_short_session(folder: Path) -> Path:
    """The race as an archive folder."""
    return write_session(folder, topics())


def recorded_short_session(folder: Path, *, checkpoint_every_ms: int = 60_000) -> Recorded:
    """The race, read and indexed."""
    return record(open_source(write_short_session(folder)), checkpoint_every_ms=checkpoint_every_ms)


def _timing() -> Lines:
    first = {
        number: {"Line": row, "Position": str(row), "RacingNumber": number, "GapToLeader": "", "NumberOfLaps": 0}
        for row, number in enumerate(CARS, start=1)
    }
    lines: Lines = [(800, {"Lines": first})]
    for t_ms in range(LIGHTS_OUT_MS + 500, 290_000, 500):
        step = (t_ms // 500) % 100
        lines.append((t_ms, {"Lines": {"16": {"GapToLeader": f"+1.{step:03d}"}}}))
        if step % 3 == 0:
            lines.append((t_ms, {"Lines": {"4": {"GapToLeader": "1 L" if step % 2 else f"+7.{step:03d}"}}}))
    for lap in (1, 2, 3):
        for behind, number in enumerate(CARS):
            at = LIGHTS_OUT_MS + lap * 60_000 + behind * 1_500
            lap_time = {"Value": f"1:0{behind}.{lap}00"}
            lines.append((at, {"Lines": {number: {"NumberOfLaps": lap, "LastLapTime": lap_time}}}))
    return sorted(lines, key=lambda item: item[0])


def _weather(air: str) -> dict[str, str]:
    return {
        "AirTemp": air,
        "TrackTemp": "40.0",
        "Humidity": "50",
        "Pressure": "1010.2",
        "WindSpeed": "1.1",
        "WindDirection": "180",
        "Rainfall": "0",
    }
