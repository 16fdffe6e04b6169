"""The catalogue of features, and the features of past and playing sessions, over REST."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overcut.lake import Lake
from overcut.lake.features import CATALOGUE, Entity, FeatureStore
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.lake_sessions import add_session
from overcut.runtime.sessions import Opening, Sessions
from overcut.server.app import create_app
from overcut.sources.opening import open_source
from tests.server.conftest import KEY


@pytest.fixture(scope="module")
def lake(race_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("features-served") / "lake")
    add_session(lake, open_source(race_folder), telemetry=False)
    return lake


@pytest.fixture
def served(race_folder: Path, lake: Lake) -> Iterator[TestClient]:
    sessions = Sessions(Catalogue([race_folder]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions, lake=lake), raise_server_exceptions=False) as found:
        yield found


def seek(client: TestClient, t_ms: int) -> None:
    assert client.post(f"/api/v1/sessions/{KEY}/playback", json={"action": "seek", "t_ms": t_ms}).status_code == 200


def test_catalogue_lists_every_feature(client: TestClient) -> None:
    told = client.get("/api/v1/features").json()
    assert [f"{feature['entity']}.{feature['name']}" for feature in told] == list(CATALOGUE)
    assert client.get("/api/v1/features/car_lap.pace_3_s").json()["unit"] == "s"
    assert client.get("/api/v1/features/pace_33_s").status_code == 422


def test_rows_of_a_past_session_carry_the_lake_s_tag(served: TestClient, lake: Lake) -> None:
    told = served.get(f"/api/v1/features/car_lap/{KEY}?driver=16")
    expected = FeatureStore(lake).live([KEY])[Entity.CAR_LAP]
    assert [row["lap"] for row in told.json()] == [
        row["lap"] for row in expected.iter_rows(named=True) if row["driver_number"] == "16"
    ]
    again = served.get(f"/api/v1/features/car_lap/{KEY}?driver=16", headers={"if-none-match": told.headers["etag"]})
    assert again.status_code == 304
    assert served.get(f"/api/v1/features/nothing/{KEY}").status_code == 422
    assert served.get(f"/api/v1/features/car_lap/{KEY}?format=parquet").content[:4] == b"PAR1"


def test_server_without_a_lake_says_so(client: TestClient) -> None:
    assert client.get(f"/api/v1/features/car_lap/{KEY}").status_code == 404


def test_features_follow_the_playback_forward_and_back(served: TestClient, lake: Lake) -> None:
    """At any moment they are the last rows that the lake would have told by then."""
    offline = FeatureStore(lake).live([KEY])[Entity.CAR_LAP]
    for t_ms in (290_000, 170_000, 230_000, 99_000):
        seek(served, t_ms)
        told = served.get(f"/api/v1/sessions/{KEY}/features").json()
        expected = {row["driver_number"]: row for row in offline.iter_rows(named=True) if row["known_ms"] <= t_ms}
        assert told["t_ms"] == t_ms
        assert {row["driver_number"]: row["known_ms"] for row in told["rows"]} == {
            number: row["known_ms"] for number, row in expected.items()
        }
        for row in told["rows"]:
            for name, value in row["values"].items():
                assert value == expected[row["driver_number"]][name], name


def test_one_driver_and_one_entity_may_be_asked_for(served: TestClient) -> None:
    seek(served, 290_000)
    told = served.get(f"/api/v1/sessions/{KEY}/features?driver=16&entity=pair_lap").json()
    assert told["entity"] == "pair_lap"
    assert all(row["driver_number"] == "16" and row["ahead_number"] for row in told["rows"])
    assert served.get(f"/api/v1/sessions/{KEY}/features?entity=circuit").status_code == 422


def test_features_of_a_playing_session_need_no_lake(client: TestClient) -> None:
    seek(client, 290_000)
    assert len(client.get(f"/api/v1/sessions/{KEY}/features").json()["rows"]) == 3
