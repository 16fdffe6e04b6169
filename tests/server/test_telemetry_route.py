"""One lap's telemetry over REST: the same from the lake and from the open session, in every form."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.lake_sessions import add_session
from overcut.runtime.sessions import Opening, Sessions
from overcut.server.app import create_app
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.wire.folder import write_session
from tests.sources.simulated.conftest import race_of

KEY = "sim-2025-monza-7-R"
ADDRESS = f"/api/v1/sessions/{KEY}/telemetry"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    played = race_of("monza", 7, laps=12)
    return write_session(played.log, played.track, 7, tmp_path_factory.mktemp("raced"))


@pytest.fixture(scope="module")
def lake(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake(tmp_path_factory.mktemp("lake") / "lake")
    add_session(made, ArchiveSource(folder))
    return made


@pytest.fixture(scope="module")
def from_lake(lake: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=lake), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture(scope="module")
def from_session(folder: Path) -> Iterator[TestClient]:
    sessions = Sessions(Catalogue([folder]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("lap", ["fastest", "5"])
def test_lake_and_open_session_tell_the_same_lap(from_lake: TestClient, from_session: TestClient, lap: str) -> None:
    asked = {"driver": "ver", "lap": lap}
    told = from_lake.get(ADDRESS, params=asked)
    assert told.status_code == 200, told.text
    assert told.json() == from_session.get(ADDRESS, params=asked).json()


def test_the_fastest_lap_is_the_fastest_that_counts(from_lake: TestClient, lake: Lake) -> None:
    told = from_lake.get(ADDRESS, params={"driver": "VER"}).json()
    own = lake.read("laps", [KEY]).filter(pl.col("driver_number") == told["driver_number"])
    counted = own.filter(pl.col("pit_in").not_() & pl.col("pit_out").not_() & pl.col("deleted").fill_null(False).not_())
    assert told["lap_time_s"] == counted["lap_time_s"].min()
    columns = told["columns"]
    assert len({len(values) for values in columns.values()}) == 1
    assert columns["t_s"] == sorted(columns["t_s"])
    assert abs(columns["t_s"][-1] - told["lap_time_s"]) < 0.5
    assert max(columns["speed_kmh"]) > 280


def test_a_file_has_the_whole_table(from_lake: TestClient) -> None:
    answer = from_lake.get(ADDRESS, params={"driver": "VER", "lap": "5", "format": "parquet"})
    table = pl.read_parquet(io.BytesIO(answer.content))
    told = from_lake.get(ADDRESS, params={"driver": "VER", "lap": "5"}).json()
    assert table["speed_kmh"].to_list() == told["columns"]["speed_kmh"]
    assert table["session_key"].unique().to_list() == [KEY]


def test_what_is_held_already_is_not_sent_again(from_lake: TestClient) -> None:
    first = from_lake.get(ADDRESS, params={"driver": "VER"})
    again = from_lake.get(ADDRESS, params={"driver": "VER"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "word"),
    [
        ({"driver": "nobody"}, 404, "nobody"),
        ({"driver": "VER", "lap": "99"}, 404, "99"),
        ({"driver": "VER", "lap": "-1"}, 422, "-1"),
        ({"driver": "VER", "lap": "best"}, 422, "best"),
        ({"driver": "VER", "format": "xls"}, 422, "format"),
        ({}, 422, "driver"),
    ],
)
def test_what_is_not_there_is_said(
    from_lake: TestClient, from_session: TestClient, asked: dict[str, str], status: int, word: str
) -> None:
    for http in (from_lake, from_session):
        answer = http.get(ADDRESS, params=asked)
        assert answer.status_code == status
        assert word in answer.text


def test_an_unknown_session_is_not_found(from_lake: TestClient) -> None:
    assert from_lake.get("/api/v1/sessions/1999-01-R/telemetry", params={"driver": "VER"}).status_code == 404
