"""What REST answers, and how it says no."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from overcut.domain.track_map import TrackOutline
from overcut.runtime.playback import PlaybackStatus
from overcut.runtime.timeline import Timeline
from overcut.server import wire
from overcut.server.health_routes import Health
from tests.runtime.short_session import END_MS
from tests.server.conftest import KEY

SESSION = f"/api/v1/sessions/{KEY}"


def seek(client: TestClient, t_ms: int) -> None:
    assert client.post(f"{SESSION}/playback", json={"action": "seek", "t_ms": t_ms}).status_code == 200


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/v1/sessions", list[wire.SessionSummary]),
        (SESSION, wire.SessionSummary),
        (f"{SESSION}/state", wire.StateAnswer),
        (f"{SESSION}/laps", wire.LapsAnswer),
        (f"{SESSION}/messages", wire.MessagesAnswer),
        (f"{SESSION}/weather", wire.WeatherAnswer),
        (f"{SESSION}/track", TrackOutline),
        (f"{SESSION}/timeline", Timeline),
        (f"{SESSION}/playback", PlaybackStatus),
        ("/api/v1/circuits", list[wire.CircuitSummary]),
        ("/api/v1/circuits/monza", wire.CircuitAnswer),
        ("/healthz", Health),
    ],
)
def test_every_answer_has_the_shape_that_is_documented(client: TestClient, path: str, shape: type) -> None:
    seek(client, 200_000)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert msgspec.json.decode(answer.content, type=shape)
    documented = client.get("/api/v1/openapi.json").json()["paths"]
    template = path.replace(KEY, "{key}").replace("monza", "{circuit_id}")
    schema = documented[template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    named = schema.get("items", schema)["$ref"].rpartition("/")[2]
    assert named == getattr(shape, "__args__", (shape,))[0].__name__


def test_nothing_of_the_future_is_told(client: TestClient) -> None:
    seek(client, 161_000)
    laps = client.get(f"{SESSION}/laps").json()
    assert laps["t_ms"] == 161_000
    assert [(lap["number"], lap["lap"]) for lap in laps["laps"]] == [("44", 1)]
    assert [message["text"] for message in client.get(f"{SESSION}/messages").json()["messages"]] == [
        "PIT EXIT OPEN",
        "YELLOW IN SECTOR 4",
    ]
    assert [reading["weather"]["air_c"] for reading in client.get(f"{SESSION}/weather").json()["weather"]] == [
        24.1,
        24.5,
    ]
    seek(client, 0)
    assert client.get(f"{SESSION}/laps").json()["laps"] == []
    assert client.get(f"{SESSION}/messages").json()["messages"] == []


def test_laps_can_be_asked_for_some_drivers(client: TestClient) -> None:
    seek(client, END_MS)
    every = client.get(f"{SESSION}/laps").json()["laps"]
    some = client.get(f"{SESSION}/laps", params={"driver": ["44", "4"]}).json()["laps"]
    assert len(every) == 9
    assert some == [lap for lap in every if lap["number"] in ("44", "4")]


def test_state_is_that_of_the_engine(client: TestClient) -> None:
    seek(client, 163_500)
    answer = msgspec.json.decode(client.get(f"{SESSION}/state").content, type=wire.StateAnswer)
    assert answer.t_ms == answer.playback.t_ms == 163_500
    assert [car.code for car in answer.state.order()] == ["HAM", "LEC", "NOR"]
    assert answer.state.cars["44"].laps == 1
    assert [message.text for message in answer.state.messages.values()] == ["PIT EXIT OPEN", "YELLOW IN SECTOR 4"]


def test_playback_obeys_and_tells_where_it_is(client: TestClient) -> None:
    assert client.post(f"{SESSION}/playback", json={"action": "speed", "speed": 60}).json()["speed"] == 60
    assert client.post(f"{SESSION}/playback", json={"action": "seek", "t_ms": 10**9}).json()["ended"] is True
    assert client.post(f"{SESSION}/playback", json={"action": "pause"}).json()["paused"] is True
    assert client.get(f"{SESSION}/playback").json()["t_ms"] == END_MS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"action": "stop"}',
        b'{"action": "seek"}',
        b'{"action": "seek", "t_ms": "5"}',
        b'{"action": "seek", "t_ms": 1.5}',
        b'{"action": "speed", "speed": 61}',
        b'{"action": "speed", "speed": null}',
        b'{"action": "play", "t_ms": 3}',
        b'{"action": "play", "padding": "' + b"x" * 2_000 + b'"}',
    ],
)
def test_command_that_is_not_understood_changes_nothing_and_says_what_is(client: TestClient, body: bytes) -> None:
    before = client.get(f"{SESSION}/playback").json()
    answer = client.post(f"{SESSION}/playback", content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert client.get(f"{SESSION}/playback").json() == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/sessions/2025-16-Q/state", 404),
        ("/api/v1/sessions/%00", 404),
        ("/api/v1/sessions/" + "x" * 200, 422),
        (f"{SESSION}/laps?driver=ham", 422),
        (f"{SESSION}/laps?driver=" + "&driver=".join("1" * 31), 422),
        ("/api/v1/circuits/nowhere", 404),
        ("/api/v1/nothing", 404),
    ],
)
def test_wrong_question_is_answered_by_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    problem = msgspec.json.decode(answer.content, type=wire.Problem)
    assert (answer.status_code, problem.status) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem.request_id == answer.headers["x-request-id"]


def test_unexpected_failure_is_a_problem_without_its_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, logged: list[MutableMapping[str, Any]]
) -> None:
    def explode(*_: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("overcut.runtime.playback.Playback.laps", explode)
    answer = client.get(f"{SESSION}/laps")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    problem = msgspec.json.decode(answer.content, type=wire.Problem)
    assert problem.request_id == answer.headers["x-request-id"]
    assert [entry["event"] for entry in logged if entry["log_level"] == "error"] == ["request failed"]


def test_answer_that_the_client_holds_is_not_sent_again(client: TestClient) -> None:
    first = client.get(f"{SESSION}/track")
    again = client.get(f"{SESSION}/track", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    state = client.get(f"{SESSION}/state")
    seek(client, 200_000)
    moved = client.get(f"{SESSION}/state", headers={"If-None-Match": state.headers["etag"]})
    assert moved.status_code == 200


def test_large_answers_are_compressed_on_request(client: TestClient) -> None:
    assert client.get(f"{SESSION}/track", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get(f"{SESSION}/track", headers={"Accept-Encoding": "identity"}).headers


def test_correlation_id_is_kept_when_sane_and_replaced_when_not(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1.2"}).headers["x-request-id"] == "abc-1.2"
    for hostile in ("a b", "x" * 65, "<script>"):
        given = client.get("/healthz", headers={"X-Request-ID": hostile}).headers["x-request-id"]
        assert given != hostile
        assert len(given) == 16


def test_every_answer_carries_security_headers(client: TestClient) -> None:
    for path in ("/healthz", SESSION, "/api/v1/nothing", "/"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


def test_page_of_another_origin_may_read_nothing_and_steer_nothing(client: TestClient) -> None:
    command = {"action": "seek", "t_ms": 5}
    strange = client.post(f"{SESSION}/playback", json=command, headers={"Origin": "https://evil.example"})
    assert strange.status_code == 403
    own = client.post(f"{SESSION}/playback", json=command, headers={"Origin": "http://testserver"})
    assert own.status_code == 200


def test_metrics_tell_of_requests_sessions_and_ticks(client: TestClient) -> None:
    client.get("/healthz")
    seek(client, 60_000)
    client.get(f"{SESSION}/state")
    seek(client, 61_000)
    text = client.get("/metrics").text
    assert 'overcut_http_requests_total{method="GET",status="200"}' in text
    assert f'overcut_playback_position_seconds{{session="{KEY}"}} 61.0' in text
    assert f'overcut_playback_paused{{session="{KEY}"}} 1.0' in text
    assert f'overcut_session_defects{{session="{KEY}"}} 0.0' in text
    assert "overcut_tick_seconds_count 2.0" in text


def test_ready_only_when_the_named_sessions_are_open(client: TestClient) -> None:
    client.get(SESSION + "/state")  # waits for it
    for _ in range(1_000):
        if client.get("/readyz").status_code == 200:
            break
    assert client.get("/readyz").json() == {"status": "ready", "open_sessions": 1}


def test_methods_that_nobody_knows_are_counted_together(client: TestClient) -> None:
    for word in ("BREW", "WHEN"):
        assert client.request(word, "/healthz").status_code == 405
    counted = [line for line in client.get("/metrics").text.splitlines() if line.endswith('status="405"} 2.0')]
    assert counted == ['overcut_http_requests_total{method="other",status="405"} 2.0']
