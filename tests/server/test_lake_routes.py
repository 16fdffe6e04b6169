"""The lake and SQL over HTTP: rows in every form, refusals in words."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.server.lake_routes import lake_routes
from overcut.server.problems import answer_errors
from tests.lake.lake_rows import MONACO, SPA, laps


def app(lake: Lake | None) -> FastAPI:
    made = FastAPI()
    answer_errors(made)
    made.include_router(lake_routes(lake))
    return made


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    lake = Lake(tmp_path_factory.mktemp("routes") / "lake")
    with lake.writing() as writer:
        writer.replace("laps", laps(MONACO, SPA), source=LakeSource.FRAMES)
    with TestClient(app(lake)) as client:
        yield client


def test_lake_says_what_it_holds_and_not_where_it_is(http: TestClient) -> None:
    answer = http.get("/api/v1/lake")
    assert answer.json()["tables"][0]["rows"] == 12
    assert answer.json()["folder"] == ""
    assert http.get("/api/v1/lake", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_sql_is_answered_by_address_and_by_body(http: TestClient) -> None:
    asked = "SELECT driver_number, count(*) AS n FROM laps GROUP BY 1 ORDER BY 1"
    by_address = http.get("/api/v1/sql", params={"sql": asked})
    assert by_address.json() == [{"driver_number": "16", "n": 6}, {"driver_number": "4", "n": 6}]
    body = {"sql": "SELECT count(*) AS n FROM laps WHERE session_key = $key", "parameters": {"key": SPA}}
    by_body = http.post("/api/v1/sql", json=body)
    assert (by_body.json(), by_body.headers["x-truncated"], by_body.headers["x-generation"]) == (
        [{"n": 6}],
        "false",
        "1",
    )


def test_sql_answers_in_every_form_and_says_when_there_is_more(http: TestClient) -> None:
    asked = {"sql": "SELECT lap FROM laps ORDER BY lap", "limit": 5}
    for form, read in (
        ("csv", pl.read_csv), ("parquet", pl.read_parquet), ("arrow", pl.read_ipc_stream), ("jsonl", pl.read_ndjson),
    ):  # fmt: skip
        answer = http.post("/api/v1/sql", json={**asked, "format": form})
        assert read(io.BytesIO(answer.content)).height == 5
        assert answer.headers["x-truncated"] == "true"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"sql": "DROP VIEW laps"}, "Only SELECT"),
        ({"sql": "SELECT * FROM read_text('/etc/passwd')"}, "read_text"),
        ({"sql": "SELECT nothing FROM laps"}, "nothing"),
        ({"sql": "SELECT repeat('x', 3000000000)"}, "memory"),
        ({"sql": "SELECT 1", "limit": 0}, "limit"),
        ({"sql": "SELECT 1", "parameters": {"x": [1]}}, "parameters"),
        ({"statement": "SELECT 1"}, "statement"),
        ({"sql": "SELECT " + " " * 300_000}, "long"),
    ],
)
def test_refusals_are_problems_with_a_reason(http: TestClient, body: dict[str, object], said: str) -> None:
    answer = http.post("/api/v1/sql", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert said in answer.json()["detail"]


def test_without_a_lake_the_way_to_one_is_named() -> None:
    with TestClient(app(None)) as client:
        for path in ("/api/v1/lake", "/api/v1/sql?sql=SELECT+1"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "overcut history import" in answer.json()["hint"]
