"""The WebSocket on a real server: who is let in, what they hear, and that nobody harms the others."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient
from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from overcut.kernel.errors import WrongUsageError
from overcut.server.frames import text_frame
from overcut.server.merge_patch import apply
from overcut.server.stream import StreamQuery, parse_query
from tests.server.conftest import KEY, Running


def play(scenario: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(60):
            await scenario()

    asyncio.run(limited())


async def hear(stream: ClientConnection) -> dict[str, Any]:
    return json.loads(await stream.recv())


async def hear_to_the_end(stream: ClientConnection) -> None:
    while True:
        await stream.recv()


@asynccontextmanager
async def refused(address: str, status: int, **options: Any) -> AsyncIterator[list[dict[str, Any]]]:
    problems: list[dict[str, Any]] = []
    with pytest.raises(InvalidStatus) as refusal:
        await connect(address, **options)
    assert refusal.value.response.status_code == status
    problems.append(json.loads(refusal.value.response.body))
    yield problems


def test_snapshot_comes_at_once_and_deltas_lead_to_a_later_snapshot(server: Running) -> None:
    async def scenario() -> None:
        async with connect(server.stream("?channels=board,events")) as stream:
            first = await hear(stream)
            assert first["type"] == "snapshot"
            state, seq = first["state"], first["seq"]
            await asyncio.to_thread(server.steer, action="speed", speed=60)
            await asyncio.to_thread(server.steer, action="play")
            events = 0
            while state["t_ms"] < 110_000:
                delta = await hear(stream)
                assert (delta["type"], delta["from"]) == ("delta", seq)
                state, seq = apply(state, delta["patch"]), delta["seq"]
                events += len(delta["events"])
            await asyncio.to_thread(server.steer, action="pause")
            async with connect(server.stream("?channels=board")) as fresh:
                now = await hear(fresh)
            while seq < now["seq"]:
                delta = await hear(stream)
                state, seq = apply(state, delta["patch"]), delta["seq"]
            assert state == now["state"]
            assert events > 0

    play(scenario)


def test_seek_reaches_every_viewer_as_a_snapshot(server: Running) -> None:
    async def scenario() -> None:
        async with connect(server.stream("?channels=board")) as one, connect(server.stream("?channels=board")) as two:
            epochs = {(await hear(one))["epoch"], (await hear(two))["epoch"]}
            assert len(epochs) == 1
            await asyncio.to_thread(server.steer, action="seek", t_ms=222_000)
            for stream in (one, two):
                message = await hear(stream)
                assert (message["type"], message["t_ms"]) == ("snapshot", 222_000)
                assert message["epoch"] not in epochs

    play(scenario)


def test_client_that_comes_back_gets_only_what_it_missed(server: Running) -> None:
    async def scenario() -> None:
        async with connect(server.stream("?channels=board")) as stream:
            held = await hear(stream)
        await asyncio.to_thread(server.steer, action="speed", speed=2)
        resume = f"?channels=board&since={held['seq']}&epoch={held['epoch']}"
        async with connect(server.stream(resume)) as stream:
            delta = await hear(stream)
            assert (delta["type"], delta["from"]) == ("delta", held["seq"])
            assert delta["playback"]["speed"] == 2
        async with connect(server.stream(f"?channels=board&since={held['seq']}&epoch=1")) as stream:
            assert (await hear(stream))["type"] == "snapshot"

    play(scenario)


def test_client_that_never_reads_does_not_hold_up_the_others(server: Running) -> None:
    async def scenario() -> None:
        lazy = _deaf_client(server)
        try:
            async with connect(server.stream("?channels=board,map")) as stream:
                state = (await hear(stream))["state"]
                await asyncio.to_thread(server.steer, action="speed", speed=60)
                await asyncio.to_thread(server.steer, action="play")
                seq_holes = 0
                while state["t_ms"] < 290_000:
                    message = await hear(stream)
                    if message["type"] == "delta":
                        state = apply(state, message["patch"])
                        seq_holes += message["seq"] - message["from"] > 5
                assert seq_holes == 0
        finally:
            lazy.close()

    play(scenario)


def _deaf_client(server: Running) -> socket.socket:
    host, _, port = server.host.partition(":")
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    sock.connect((host, int(port)))
    sock.sendall(
        f"GET /api/v1/sessions/{KEY}/stream HTTP/1.1\r\nHost: {server.host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return sock


def test_refusals_say_why(server: Running) -> None:
    async def scenario() -> None:
        async with refused(server.stream(key="2025-16-Q"), 404) as problems:
            assert KEY in problems[0]["hint"]
        async with refused(server.stream("?channels=radio"), 422) as problems:
            assert "radio" in problems[0]["detail"]
        async with refused(server.stream(), 403, origin="http://evil.example") as problems:
            assert "evil.example" in problems[0]["detail"]
        async with connect(server.stream(), origin=f"http://{server.host}"):  # type: ignore[arg-type]
            pass

    play(scenario)
    assert server.metric('overcut_ws_refused_total{reason="origin"}') == 1
    assert server.metric('overcut_ws_refused_total{reason="request"}') == 2


def test_full_house_refuses_the_next_and_takes_them_when_one_leaves(server: Running) -> None:
    async def scenario() -> None:
        streams = [await connect(server.stream()) for _ in range(3)]
        async with refused(server.stream(), 503) as problems:
            assert "3" in problems[0]["detail"]
        await streams[0].close()
        while await asyncio.to_thread(server.metric, "overcut_ws_clients ") > 2:
            await asyncio.sleep(0.01)
        async with connect(server.stream()):
            pass
        for stream in streams:
            await stream.close()

    play(scenario)


@pytest.mark.parametrize("said", ["hello", b"\x00", "x" * 5_000])
def test_client_that_talks_is_shown_the_door(server: Running, said: str | bytes) -> None:
    async def scenario() -> None:
        async with connect(server.stream()) as stream:
            await stream.send(said)
            with pytest.raises(ConnectionClosed) as closed:
                await hear_to_the_end(stream)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code in (1008, 1009)

    play(scenario)


def test_viewers_are_counted_until_they_leave(server: Running) -> None:
    async def scenario() -> None:
        async with connect(server.stream()) as stream:
            await hear(stream)
            assert await asyncio.to_thread(server.metric, "overcut_session_viewers") == 1
        while await asyncio.to_thread(server.metric, "overcut_session_viewers"):
            await asyncio.sleep(0.01)

    play(scenario)


def test_stranger_s_name_for_this_machine_is_not_answered(server: Running) -> None:
    assert server.http.get("/healthz", headers={"Host": "rebound.example"}).status_code == 403
    assert server.http.get("/healthz", headers={"Host": "localhost:1"}).status_code == 200


def test_server_without_our_protocol_sends_the_same_messages(client: TestClient) -> None:
    with client.websocket_connect(f"/api/v1/sessions/{KEY}/stream") as stream:
        assert stream.receive_json()["type"] == "snapshot"
        assert stream.receive_json()["type"] == "map"


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frame_is_what_a_websocket_library_reads(size: int) -> None:
    protocol = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    protocol.receive_data(text_frame(b"x" * size))
    (frame,) = protocol.events_received()
    assert isinstance(frame, Frame)
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, b"x" * size)


def test_query_is_read_as_documented() -> None:
    assert parse_query(b"") == StreamQuery(frozenset({"board", "map"}))
    assert parse_query(b"channels=events") == StreamQuery(frozenset({"board", "events"}))
    assert parse_query(b"channels=map&since=3&epoch=9007199254740991") == StreamQuery(frozenset({"map"}), 3, 2**53 - 1)


@pytest.mark.parametrize(
    "query",
    [
        b"channels=",
        b"channels=board,",
        b"channels=board&channels=map",
        b"speed=3",
        b"since=3",
        b"epoch=3",
        b"since=-1&epoch=1",
        b"since=1.0&epoch=1",
        b"since=%D9%A3&epoch=1",
        b"since=9007199254740992&epoch=1",
        b"since=99999999999999999999999&epoch=1",
        b"\xff",
        b"&".join(b"a%d=1" % n for n in range(20)),
    ],
)
def test_query_that_cannot_be_meant_is_refused(query: bytes) -> None:
    with pytest.raises(WrongUsageError):
        parse_query(query)


def test_refusal_is_no_failure_of_ours_in_the_log(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with refused(server.stream(key="absent"), 404), refused(server.stream("?since=1"), 422):
            pass

    play(scenario)
    server.http.get("/healthz")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_command_cut_short_is_no_failure_of_ours_in_the_log(
    server: Running, logged: list[MutableMapping[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    host, _, port = server.host.partition(":")
    head = f"POST /api/v1/sessions/{KEY}/playback HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 500\r\n\r\n{{"
    with socket.create_connection((host, int(port))) as half:
        half.sendall(head.encode())
    deadline = time.monotonic() + 10
    while server.metric('overcut_http_requests_total{method="POST"') < 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [entry for entry in logged if entry["log_level"] == "error"] == []
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
