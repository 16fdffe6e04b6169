"""Fair pace over REST: from the lake, from a session that is watched, and where there is too little."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Opening, Sessions
from overcut.server.app import create_app
from tests.insights.pace.synthetic import synthetic_race
from tests.server.conftest import KEY


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("pace-lake") / "lake")
    with lake.writing() as writer:
        writer.replace("laps", synthetic_race(1)[0], source=LakeSource.OWN, origin="made up")
    return lake


@pytest.fixture
def served(race_folder: Path, lake: Lake) -> Iterator[TestClient]:
    sessions = Sessions(Catalogue([race_folder]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions, lake=lake), raise_server_exceptions=False) as client:
        yield client


def test_race_in_the_lake_is_told_tagged_and_kept(served: TestClient) -> None:
    answer = served.get("/api/v1/sessions/2024-01-R/pace")
    assert answer.status_code == 200
    report = answer.json()
    assert len(report["drivers"]) == 12
    again = served.get("/api/v1/sessions/2024-01-R/pace", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_laps_say_why_they_do_not_count(served: TestClient) -> None:
    laps = served.get("/api/v1/sessions/2024-01-R/pace/laps").json()
    assert len(laps) == 600
    assert laps[0]["verdict"] == "first_lap"
    assert laps[0]["fair_s"] is None


def test_race_is_no_practice(served: TestClient) -> None:
    answer = served.get("/api/v1/sessions/2024-01-R/pace/practice")
    assert answer.status_code == 422
    assert "is no practice" in answer.json()["detail"]


def test_session_that_has_just_begun_tells_no_pace_yet(served: TestClient) -> None:
    assert served.get(f"/api/v1/sessions/{KEY}/state").status_code == 200  # now it is watched, at its beginning
    answer = served.get(f"/api/v1/sessions/{KEY}/pace")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_session_is_not_found(served: TestClient) -> None:
    assert served.get("/api/v1/sessions/2031-01-R/pace").status_code == 404
