"""Pit windows and the history of advice over REST, from a lake with invented races."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overcut.insights.stops.picture import StopSettings
from overcut.lake import Lake
from overcut.runtime import stops as composing
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server import stop_routes
from overcut.server.app import create_app
from tests.strategy.invented_races import lake_of_races

KEY = "2031-02-R"
QUICK = StopSettings(near_races=0, races=0)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of_races(tmp_path_factory.mktemp("stops-lake") / "lake", 2)


@pytest.fixture
def served(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    plain = composing.history_in_lake
    monkeypatch.setattr(stop_routes, "history_in_lake", lambda lake, key: plain(lake, key, None, QUICK))
    with TestClient(create_app(Sessions(Catalogue([])), lake=lake), raise_server_exceptions=False) as client:
        yield client


def test_stops_of_a_lap_are_told_and_tagged(served: TestClient) -> None:
    answer = served.get(f"/api/v1/strategy/{KEY}/stops?lap=5")
    assert answer.status_code == 200
    told = answer.json()
    assert told["lap"] == 5
    assert [car["position"] for car in told["cars"]] == sorted(car["position"] for car in told["cars"])
    first = told["cars"][0]
    assert first["window"]["laps"]
    assert first["rejoin"]["lap"] == 6
    assert first["recommendation"]["why"]["text"].endswith(".")
    again = served.get(f"/api/v1/strategy/{KEY}/stops?lap=5", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_last_lap_is_taken_where_none_is_named(served: TestClient) -> None:
    assert served.get(f"/api/v1/strategy/{KEY}/stops").json()["lap"] == 11


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{KEY}/stops?lap=99", 422),
        (f"{KEY}/stops?lap=-1", 422),
        ("1999-01-R/stops", 404),
        (f"{KEY}/recommendations?driver=TOOLONG", 422),
        ("1999-01-R/recommendations", 404),
    ],
)
def test_nonsense_is_a_clear_problem(served: TestClient, path: str, status: int) -> None:
    answer = served.get(f"/api/v1/strategy/{path}")
    assert answer.status_code == status
    assert answer.json()["title"]


def test_history_is_whole_marked_and_scored(served: TestClient) -> None:
    told = served.get(f"/api/v1/strategy/{KEY}/recommendations?score=true").json()
    assert told["complete"]
    outdated = [one["outdated"] for one in told["recommendations"]]
    assert "the car came in" in outdated
    assert None in outdated
    assert told["score"]["rejoins"]["stops"] >= 4
    one = served.get(f"/api/v1/strategy/{KEY}/recommendations?driver=2").json()
    assert {kept["advice"]["driver_number"] for kept in one["recommendations"]} == {"2"}


def test_history_comes_as_events_too(served: TestClient) -> None:
    whole = served.get(f"/api/v1/strategy/{KEY}/recommendations?driver=1").json()["recommendations"]
    with served.stream("GET", f"/api/v1/strategy/{KEY}/recommendations/events?driver=1") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: ")]
    assert told == whole


def test_server_without_a_lake_says_that_nobody_has_it(tmp_path: Path) -> None:
    with TestClient(create_app(Sessions(Catalogue([]))), raise_server_exceptions=False) as client:
        assert client.get(f"/api/v1/strategy/{KEY}/stops").status_code == 404
