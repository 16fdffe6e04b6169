"""OpenF1's answers become a session: asked on this machine, at its pace, and on from where it was interrupted."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import LakeSource
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.http import HttpClient, HttpPolicy, UnreachableError
from overcut.kernel.settings import load_settings
from overcut.lake import Lake
from overcut.runtime.imported_sessions import completed
from overcut.runtime.lake_imports import find_openf1, import_openf1, import_openf1_files
from overcut.sources.openf1.answers import BadAnswerError, frame_of
from overcut.sources.openf1.asking import OpenF1
from overcut.sources.openf1.session import read_answers
from tests.sources.json_server import JsonServer

START = datetime(2024, 9, 1, 13, 0, tzinfo=UTC)
SESSION = 9590
LAP_S = 82.5
CARS = {16: "LEC", 81: "PIA"}
QUICK = HttpPolicy(attempts=1)
FAST = 60_000.0
"""Requests a minute that cost a test no time."""


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def lap(number: int, lap_number: int) -> dict[str, object]:
    begun = 60 + (lap_number - 1) * LAP_S + (number == 81) * 1.5
    return {
        "driver_number": number, "lap_number": lap_number, "date_start": at(begun) if lap_number > 1 else None,
        "lap_duration": LAP_S if lap_number > 1 else None, "duration_sector_1": 27.1, "duration_sector_2": 28.2,
        "duration_sector_3": 27.2, "i1_speed": 301, "i2_speed": 330, "st_speed": 340, "is_pit_out_lap": lap_number == 4,
    }  # fmt: skip


COLLECTIONS: dict[str, list[dict[str, object]]] = {
    "sessions": [
        {"session_key": SESSION, "session_name": "Race", "date_start": at(0), "gmt_offset": "02:00:00", "year": 2024,
         "country_name": "Italy", "location": "Monza"}
    ],
    "drivers": [
        {"driver_number": n, "name_acronym": c, "full_name": f"Driver {c}", "team_name": "T", "team_colour": "FF0000"}
        for n, c in CARS.items()
    ],
    "laps": [lap(number, n) for number in CARS for n in range(1, 7)],
    "stints": [
        {"driver_number": n, "stint_number": s, "lap_start": a, "lap_end": b, "compound": c, "tyre_age_at_start": age}
        for n in CARS for s, a, b, c, age in ((1, 1, 3, "MEDIUM", 0), (2, 4, 6, "HARD", 2))
    ],
    "pit": [{"driver_number": n, "lap_number": 3, "date": at(300), "pit_duration": 24.3} for n in CARS],
    "position": [{"driver_number": n, "date": at(1), "position": p} for p, n in enumerate(CARS, 1)],
    "intervals": [
        {"driver_number": 16, "date": at(100), "gap_to_leader": 0.0, "interval": 0.0},
        {"driver_number": 81, "date": at(100), "gap_to_leader": 1.53, "interval": 1.53},
        {"driver_number": 81, "date": at(400), "gap_to_leader": "+1 LAP", "interval": "+1 LAP"},
    ],
    "weather": [
        {"date": at(-300), "air_temperature": 33.1, "track_temperature": 52.0, "humidity": 40, "pressure": 991.2,
         "rainfall": 0, "wind_direction": 100, "wind_speed": 1.5}
    ],
    "race_control": [
        {"date": at(50), "category": "Flag", "flag": "GREEN", "scope": "Track", "message": "GREEN LIGHT - PIT EXIT"},
        {"date": at(200), "category": "SafetyCar", "message": "SAFETY CAR DEPLOYED", "lap_number": 2},
        {"date": at(210), "category": "Flag", "flag": "YELLOW", "scope": "Track", "message": "YELLOW"},
        {"date": at(260), "category": "Flag", "flag": "CLEAR", "scope": "Track", "message": "TRACK CLEAR"},
    ],
    "car_data": [
        {"driver_number": n, "date": at(60 + 0.25 * k), "speed": 200 + k % 50, "rpm": 11000, "n_gear": 7,
         "throttle": 100, "brake": 0, "drs": 0}
        for n in CARS for k in range(2000)
    ],
    "location": [
        {"driver_number": n, "date": at(60.1 + 0.25 * k), "x": k, "y": -k, "z": 10} for n in CARS for k in range(2000)
    ],
}  # fmt: skip


def answer(path: str, query: dict[str, str]) -> object:
    if path == "sessions" and query.get("session_key", str(SESSION)) != str(SESSION):
        return None
    rows = COLLECTIONS.get(path)
    if rows is None:
        return None
    number = query.get("driver_number")
    return [row for row in rows if number is None or str(row.get("driver_number")) == number]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "answers"
    place.mkdir()
    for name, rows in COLLECTIONS.items():
        (place / f"{name}.json").write_text(json.dumps(rows))
    return place


def test_session_is_asked_for_collection_by_collection_and_telemetry_car_by_car(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with JsonServer(answer) as server:
        settings = load_settings(home=tmp_path, openf1_url=server.url)
        (added,) = import_openf1(lake, settings, [SESSION], per_minute=FAST)
        first = len(server.asked)
        (again,) = import_openf1(lake, settings, [SESSION], per_minute=FAST)
        assert len(server.asked) == first, "kept answers are not asked for again"
        (anew,) = import_openf1(lake, settings, [SESSION], per_minute=FAST, refresh=True)
        assert len(server.asked) == 2 * first
    assert (added.session, added.source, added.changed) == ("2024-16-R", LakeSource.OPENF1, True)
    assert (again.changed, anew.changed) == (False, False)
    assert first == 9 + 2 * len(CARS)
    cars = [query["driver_number"] for path, query in server.asked[:first] if path == "car_data"]
    assert cars == ["16", "81"]
    assert lake.read("telemetry", units=["2024-16-R"])["driver"].unique().sort().to_list() == ["LEC", "PIA"]


def test_interrupted_import_goes_on_where_it_was(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with JsonServer(answer) as server:
        settings = load_settings(home=tmp_path, openf1_url=server.url)
        server.stop_after = 4
        with pytest.raises(UnreachableError):
            list(import_openf1(lake, settings, [SESSION], per_minute=FAST, policy=QUICK))
        assert lake.generation == 0
        server.stop_after, tried = None, len(server.asked)
        list(import_openf1(lake, settings, [SESSION], per_minute=FAST))
        assert len(server.asked) - tried == 13 - 4
    assert lake.read("laps", units=["2024-16-R"]).height == 12


def test_busy_server_is_asked_again(tmp_path: Path) -> None:
    with JsonServer(answer) as server:
        server.fail = 1
        settings = load_settings(home=tmp_path, openf1_url=server.url)
        found = find_openf1(settings, year=2024)
    assert found["session_key"].to_list() == [SESSION]
    assert server.asked[-1] == ("sessions", {"year": "2024"})


def test_requests_keep_their_distance(tmp_path: Path) -> None:
    clock, slept = [100.0], []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        clock[0] += seconds

    async def run(url: str) -> None:
        async with HttpClient(url) as client:
            asked = OpenF1(client, tmp_path, per_minute=30, sleep=sleep, now_s=lambda: clock[0])
            await asked.fetch(SESSION, telemetry=False)

    with JsonServer(answer) as server:
        asyncio.run(run(server.url))
    assert slept == [2.0] * 8, "nine requests, two seconds apart"


def test_unknown_session_is_told(tmp_path: Path) -> None:
    with JsonServer(answer) as server, pytest.raises(DataMissingError, match="no session 1"):
        list(import_openf1(Lake(tmp_path), load_settings(home=tmp_path, openf1_url=server.url), [1], per_minute=FAST))


def test_answers_become_every_table(folder: Path) -> None:
    tables = completed(read_answers(folder))
    laps = tables["laps"].filter(pl.col("driver_number") == "16").sort("lap")
    assert laps["lap_time_s"].to_list() == [None, *[LAP_S] * 5]
    assert laps["compound"].to_list() == ["MEDIUM"] * 3 + ["HARD"] * 3
    assert laps["tyre_life"].to_list() == [1, 2, 3, 3, 4, 5]
    assert laps["pit_in"].to_list() == [False, False, True, False, False, False]
    assert laps["pit_out"].to_list() == [False, False, False, True, False, False]
    assert tables["laps"].filter(pl.col("lap") == 5).sort("driver_number")["position"].to_list() == [1, 2]
    assert tables["sessions"].select("season", "round", "session", "laps").row(0) == (2024, 16, "R", 6)
    assert tables["pit_stops"].select("lap", "pit_lane_s", "compound_before", "compound_after").row(0) == (
        3, 24.3, "MEDIUM", "HARD",
    )  # fmt: skip
    assert tables["weather"]["t_ms"].to_list() == [0], "session time counts from the earliest instant"
    assert tables["race_control"]["t_ms"].to_list() == [350_000, 500_000, 510_000, 560_000]
    assert tables["neutralisations"].select("kind", "start_ms", "end_ms").rows() == [("SC", 500_000, 560_000)]
    lapped = tables["positions"].filter(pl.col("gap_laps").is_not_null())
    assert lapped.select("driver_number", "position", "gap_s", "gap_laps").rows() == [("81", 2, None, 1)]
    telemetry = tables["telemetry"].filter((pl.col("driver_number") == "16") & (pl.col("lap") == 2))
    assert telemetry["t_s"].max() == pytest.approx(LAP_S)
    assert telemetry.filter(pl.col("source") == "car").height == pytest.approx(LAP_S * 4, abs=2)


def test_folder_of_answers_is_imported_and_a_broken_file_is_told(folder: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    (added,) = import_openf1_files(lake, folder)
    assert not isinstance(added, OvercutError)
    (folder / "laps.json").write_text('{"not": "a list"}')
    (broken,) = import_openf1_files(lake, folder)
    assert isinstance(broken, BadAnswerError)
    assert lake.read("laps", units=["2024-16-R"]).height == 12, "what was there is still there"
    with pytest.raises(DataMissingError, match="no answers"):
        list(import_openf1_files(lake, tmp_path / "nowhere"))


@pytest.mark.parametrize("body", [b"[1, 2]", b"{", b'"text"', b"null", b"\xff"])
def test_answer_of_another_kind_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswerError):
        frame_of("laps", body)


def test_field_of_another_kind_is_null() -> None:
    rows = frame_of("laps", b'[{"driver_number": "44", "lap_number": true, "lap_duration": "fast", "date_start": 7}]')
    assert rows.select("driver_number", "lap_duration", "date_start").row(0) == (44, None, None)


def test_session_that_the_calendar_does_not_know_keeps_openf1s_key(folder: Path) -> None:
    info = COLLECTIONS["sessions"][0] | {"session_name": "Day 1"}
    (folder / "sessions.json").write_text(json.dumps([info]))
    assert read_answers(folder).key == "rec-openf1-9590"
