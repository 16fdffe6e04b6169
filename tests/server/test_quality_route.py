"""The quality report over REST."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.server.conftest import KEY


def test_report_is_served_and_tagged(client: TestClient) -> None:
    answer = client.get(f"/api/v1/sessions/{KEY}/quality")
    assert answer.status_code == 200
    report = answer.json()
    assert report["session"] == KEY
    assert report["frames"] > 0
    assert {area["area"] for area in report["areas"]} >= {"timing", "telemetry"}
    again = client.get(f"/api/v1/sessions/{KEY}/quality", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_unknown_session_is_not_found(client: TestClient) -> None:
    assert client.get("/api/v1/sessions/2025-01-R/quality").status_code == 404
