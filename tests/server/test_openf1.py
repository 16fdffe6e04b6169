"""OpenF1's addresses over the lake: filters, keys, gaps in words, instants; and the columns that its clients expect."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient

from overcut.lake import Lake
from overcut.lake.rows import RowQuery, rows
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.lake_sessions import add_session
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app
from overcut.server.openf1.endpoints import ENDPOINTS
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.wire.folder import write_session
from tests.sources.simulated.conftest import race_of

KEY = "sim-2025-monza-7-R"
OFFICIAL = "2025-16-R"

COLUMNS = {
    "sessions": {"session_key", "meeting_key", "session_name", "session_type", "date_start", "date_end", "year"},
    "meetings": {"meeting_key", "meeting_name", "meeting_official_name", "date_start", "year", "country_code"},
    "drivers": {"driver_number", "name_acronym", "full_name", "first_name", "last_name", "team_name", "team_colour"},
    "laps": {"lap_number", "lap_duration", "duration_sector_1", "i1_speed", "st_speed", "is_pit_out_lap", "date_start"},
    "stints": {"stint_number", "lap_start", "lap_end", "compound", "tyre_age_at_start"},
    "pit": {"date", "lap_number", "pit_duration"},
    "position": {"date", "driver_number", "position"},
    "intervals": {"date", "driver_number", "gap_to_leader", "interval"},
    "weather": {"air_temperature", "track_temperature", "humidity", "pressure", "rainfall", "wind_speed"},
    "race_control": {"date", "category", "flag", "scope", "sector", "message", "lap_number", "driver_number"},
    "car_data": {"date", "speed", "rpm", "n_gear", "throttle", "brake", "drs"},
    "location": {"date", "x", "y", "z"},
}
"""What OpenF1's documentation promises of each endpoint."""


@pytest.fixture(scope="module")
def lake(race_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A simulated race of some laps, and a few minutes of one that calls itself official."""
    made = Lake(tmp_path_factory.mktemp("openf1") / "lake")
    played = race_of("monza", 7, laps=12)
    add_session(made, ArchiveSource(write_session(played.log, played.track, 7, tmp_path_factory.mktemp("raced"))))
    add_session(made, ArchiveSource(race_folder))
    return made


@pytest.fixture(scope="module")
def http(lake: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=lake), raise_server_exceptions=False) as found:
        yield found


def ask(http: TestClient, question: str) -> list[dict[str, Any]]:
    answer = http.get(f"/openf1/v1/{question}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("endpoint", COLUMNS)
def test_an_endpoint_has_the_columns_that_clients_expect(lake: Lake, endpoint: str) -> None:
    asked = ENDPOINTS[endpoint]
    found = rows(lake, asked, RowQuery(limit=1))
    assert set(found.columns) == set(asked.types)
    assert set(found.columns) >= COLUMNS[endpoint]


def test_a_session_is_found_by_number_by_our_key_and_as_the_latest(http: TestClient) -> None:
    by_number = ask(http, "laps?session_key=20251607&lap_number=2")
    assert by_number
    assert by_number == ask(http, f"laps?session_key={OFFICIAL}&lap_number=2")
    assert by_number == ask(http, "laps?meeting_key=202516&lap_number=2")
    assert ask(http, "laps?session_key=20251606") == []
    newest = max(ask(http, "sessions"), key=lambda session: (session["date_start"], session["session_key"]))
    assert {row["session_key"] for row in ask(http, "laps?session_key=latest")} == {newest["session_key"]}


def test_a_simulated_session_has_a_number_that_no_official_one_can_have(http: TestClient) -> None:
    simulated = next(session for session in ask(http, "sessions") if session["simulated"])
    assert simulated["session_key"] >= 1_000_000_000
    assert ask(http, f"laps?session_key={simulated['session_key']}") == ask(http, f"laps?session_key={KEY}")


def test_laps_are_those_of_the_lake(http: TestClient, lake: Lake) -> None:
    truth = lake.read("laps", [KEY]).filter(pl.col("lap_time_s") < 84.0)
    found = ask(http, f"laps?session_key={KEY}&lap_duration<84")
    assert 0 < len(found) < lake.read("laps", [KEY]).height
    told = {(row["driver_number"], row["lap_number"], row["lap_duration"]) for row in found}
    assert told == {(int(n), lap, t) for n, lap, t in truth.select("driver_number", "lap", "lap_time_s").rows()}


def test_gaps_are_numbers_and_laps_down_are_words(http: TestClient, lake: Lake) -> None:
    gaps = [row["gap_to_leader"] for row in ask(http, f"intervals?session_key={KEY}")]
    assert any(isinstance(gap, float | int) for gap in gaps)
    words = {gap for gap in gaps if isinstance(gap, str)}
    assert all(gap.startswith("+") and "LAP" in gap for gap in words)
    lapped = lake.read("positions", [KEY]).filter(pl.col("gap_laps") > 0)
    assert bool(words) == (not lapped.is_empty())


def test_positions_are_told_when_they_change(http: TestClient) -> None:
    told = ask(http, f"position?session_key={KEY}")
    last: dict[int, int] = {}
    for row in told:
        assert last.get(row["driver_number"]) != row["position"]
        last[row["driver_number"]] = row["position"]
    assert len(last) > 10


def test_dates_filter_by_the_instant(http: TestClient) -> None:
    samples = ask(http, f"car_data?session_key={KEY}&driver_number=4")
    middle = samples[len(samples) // 2]["date"]
    later = ask(http, f"car_data?session_key={KEY}&driver_number=4&date>={middle.replace('+', '%2B')}")
    assert later == [row for row in samples if row["date"] >= middle]


def test_csv_has_the_same_rows(http: TestClient) -> None:
    answer = http.get(f"/openf1/v1/stints?session_key={KEY}&csv=true")
    assert answer.headers["content-type"].startswith("text/csv")
    read = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["lap_end"] for row in read] == [str(row["lap_end"]) for row in ask(http, f"stints?session_key={KEY}")]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("nothing", 404), ("laps?session_key=1999-01-R", 404), ("laps?lap=1", 422), ("laps?lap_number=x", 422),
        ("laps?date_start>yesterday", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words(http: TestClient, question: str, status: int) -> None:
    answer = http.get(f"/openf1/v1/{question}")
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_an_answer_that_is_held_already_is_not_sent_again(http: TestClient) -> None:
    first = http.get("/openf1/v1/drivers?session_key=latest")
    again = http.get("/openf1/v1/drivers?session_key=latest", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_is_whole_or_refused(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overcut.server.openf1.routes.MOST_ROWS", 10)
    refused = http.get(f"/openf1/v1/laps?session_key={KEY}")
    assert refused.status_code == 422
    assert "narrow" in refused.json()["hint"]
