"""Server-sent events on a real server: the stream's messages, resuming, refusals, and nothing left behind."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from overcut.server.merge_patch import apply
from tests.server.conftest import KEY, Running

EVENTS = f"/api/v1/sessions/{KEY}/events"


def heard(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    mark = ""
    for line in answer.iter_lines():
        if line.startswith("id: "):
            mark = line[4:]
        elif line.startswith("data: "):
            yield mark, json.loads(line[6:])


def test_events_lead_from_the_snapshot_to_the_servers_own_state(server: Running) -> None:
    with server.http.stream("GET", EVENTS, params={"channels": "board"}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = heard(answer)
        mark, first = next(told)
        assert first["type"] == "snapshot"
        assert mark == f"{first['epoch']}.{first['seq']}"
        state, seq = first["state"], first["seq"]
        server.steer(action="speed", speed=60)
        server.steer(action="play")
        while state["t_ms"] < 60_000:
            mark, delta = next(told)
            assert (delta["type"], delta["from"]) == ("delta", seq)
            state, seq = apply(state, delta["patch"]), delta["seq"]
            assert mark.endswith(f".{seq}")
        server.steer(action="pause")
        now = server.http.get(f"/api/v1/sessions/{KEY}/state").json()
        while seq < now["seq"]:
            _, delta = next(told)
            state, seq = apply(state, delta["patch"]), delta["seq"]
    assert state == now["state"]


def test_who_comes_back_goes_on_from_what_they_heard_last(server: Running) -> None:
    with server.http.stream("GET", EVENTS, params={"channels": "board"}) as answer:
        mark, first = next(heard(answer))
    server.steer(action="speed", speed=60)
    server.steer(action="play")
    time.sleep(0.3)
    server.steer(action="pause")
    with server.http.stream("GET", EVENTS, params={"channels": "board"}, headers={"Last-Event-ID": mark}) as answer:
        _, delta = next(heard(answer))
    assert (delta["type"], delta["from"]) == ("delta", first["seq"])


@pytest.mark.parametrize("mark", ["x", "1.", "-1.2", "1.2.3", "9" * 40])
def test_a_mark_that_is_none_of_ours_is_refused(server: Running, mark: str) -> None:
    answer = server.http.get(EVENTS, headers={"Last-Event-ID": mark})
    assert answer.status_code == 422
    assert "Last-Event-ID" in answer.json()["detail"]


def test_an_unknown_session_and_a_full_house_are_refused_with_problems(server: Running) -> None:
    assert server.http.get("/api/v1/sessions/1999-01-R/events").status_code == 404
    streams = [server.http.stream("GET", EVENTS) for _ in range(3)]
    told = [heard(stream.__enter__()) for stream in streams]
    try:
        assert [next(each)[1]["type"] for each in told] == ["snapshot"] * 3
        full = server.http.get(EVENTS)
        assert full.status_code == 503
        assert full.headers["retry-after"]
    finally:
        for stream in streams:
            stream.__exit__(None, None, None)
    deadline = time.monotonic() + 10
    while server.metric("overcut_ws_clients ") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.metric("overcut_ws_clients ") == 0
    with server.http.stream("GET", EVENTS) as answer:
        assert next(heard(answer))[1]["type"] == "snapshot"
