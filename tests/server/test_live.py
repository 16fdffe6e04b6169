"""A live session over a real socket: what a viewer hears of it, of the feed, and what the commands do."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient
from websockets.asyncio.client import ClientConnection, connect

from overcut.kernel.settings import Settings
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.growing import LATEST_MS
from overcut.runtime.live import LiveFeed
from overcut.runtime.sessions import Sessions
from overcut.server.app import ServerOptions, create_app
from overcut.server.merge_patch import apply
from overcut.server.origins import Origins
from overcut.sources.hub.faults import Faults
from overcut.sources.hub.hub import Hub
from overcut.sources.live import LiveClient
from overcut.sources.live.client import TOPICS
from overcut.sources.live.connection import LiveTimes
from overcut.sources.live.recorder import Recorder
from overcut.sources.opening import open_source
from tests.server.conftest import KEY, Running, run

BEGIN_MS = 140_000
"""The hub begins ten seconds before the yellow flag of the short race, and plays it at ten times real time."""


class House(NamedTuple):
    """A hub, and a server that follows it."""

    server: Running
    hub: Hub
    on_hub: asyncio.AbstractEventLoop
    key: str

    def act(self, what: str) -> None:
        asyncio.run_coroutine_threadsafe(self.hub.player.act(what), self.on_hub).result(10)

    def steer(self, **command: object) -> dict[str, Any]:
        answer = self.server.http.post(f"/api/v1/sessions/{self.key}/playback", json=command)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def hub(race_folder: Path) -> Iterator[tuple[Hub, asyncio.AbstractEventLoop]]:
    loop, ready = asyncio.new_event_loop(), threading.Event()
    hub = Hub(open_source(race_folder), speed=10.0, begin_ms=BEGIN_MS, stay=True)
    over = asyncio.Event()

    async def serve() -> None:
        async with hub:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield hub, loop
    loop.call_soon_threadsafe(over.set)
    thread.join(10)


@pytest.fixture
def house(hub: tuple[Hub, asyncio.AbstractEventLoop], tmp_path: Path) -> Iterator[House]:
    played, loop = hub
    settings = Settings(home=tmp_path, live_url=played.url)
    sessions = Sessions(Catalogue(), tick_hz=10.0)
    times = LiveTimes(first_s=0.4, most_s=0.4)

    def connect_() -> LiveClient:
        return LiveClient(settings, TOPICS, Recorder(tmp_path / "recordings"), anonymous=True, times=times)

    app = create_app(
        sessions,
        ServerOptions(origins=Origins.of_listener("127.0.0.1")),
        LiveFeed(connect_, sessions, delay_ms=0),
    )
    for server in run(app):
        key = _key(server)
        yield House(server, played, loop, key)


def _key(server: Running) -> str:
    for _ in range(500):
        key = server.http.get("/api/v1/feed").json()["session"]
        if key and server.http.get(f"/api/v1/sessions/{key}/state").status_code == 200:
            return str(key)
        threading.Event().wait(0.02)
    raise AssertionError("no session came onto the board")


class Viewer:
    """A careful client that remembers what it was told."""

    def __init__(self, stream: ClientConnection) -> None:
        self._stream = stream
        self.state: Any = None
        self.playback: dict[str, Any] = {}
        self.epoch = self.seq = 0
        self.end_ms = 0
        self.feeds: list[dict[str, Any]] = []

    async def hear_until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                self._take(json.loads(await self._stream.recv()))

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "snapshot":
                self.state, self.playback = message["state"], message["playback"]
                self.epoch, self.seq = message["epoch"], message["seq"]
            case "delta":
                assert (message["epoch"], message["from"]) == (self.epoch, self.seq)
                self.state, self.seq = apply(self.state, message["patch"]), message["seq"]
                self.playback = message.get("playback", self.playback)
                self.end_ms = message["end_ms"]
            case "feed":
                self.feeds.append(message)
            case _:
                pass


def watching(house: House, scenario: Callable[[Viewer], Awaitable[None]]) -> None:
    async def watch() -> None:
        async with connect(house.server.stream("?channels=board", house.key)) as stream:
            await scenario(Viewer(stream))

    asyncio.run(watch())


def test_viewer_of_a_live_session_hears_of_the_feed_and_of_each_change(house: House) -> None:
    async def scenario(viewer: Viewer) -> None:
        await viewer.hear_until(lambda: bool(viewer.feeds))
        assert viewer.feeds[0]["session"] == house.key
        assert viewer.feeds[0]["recording"].endswith(".jsonl")
        assert "/" not in viewer.feeds[0]["recording"]
        assert (viewer.playback["mode"], viewer.playback["following"]) == ("live", True)
        await viewer.hear_until(lambda: viewer.state["track"] == "yellow")
        before = viewer.end_ms
        await viewer.hear_until(lambda: viewer.end_ms > before + 1_000)
        assert viewer.state["t_ms"] <= viewer.end_ms

    watching(house, scenario)


def test_broken_line_is_told_and_heals_without_a_jump(house: House) -> None:
    async def scenario(viewer: Viewer) -> None:
        await viewer.hear_until(lambda: any(feed["state"] == "connected" for feed in viewer.feeds))
        epoch = viewer.epoch
        house.hub.player.faults = Faults(refuse=503)
        await asyncio.to_thread(house.act, "drop")
        await viewer.hear_until(lambda: viewer.feeds[-1]["state"] == "waiting")
        assert viewer.feeds[-1]["why"]
        house.hub.player.faults = Faults()
        await viewer.hear_until(lambda: viewer.feeds[-1]["state"] == "connected")
        gap = viewer.state["cars"]["16"].get("gap")
        await viewer.hear_until(lambda: viewer.state["cars"]["16"].get("gap") != gap)
        assert viewer.epoch == epoch

    watching(house, scenario)


def test_delay_pause_and_going_live_move_everybody(house: House) -> None:
    async def scenario(viewer: Viewer) -> None:
        await viewer.hear_until(lambda: viewer.end_ms > 6_000)
        answer = await asyncio.to_thread(house.steer, action="delay", delay_ms=5_000)
        assert answer["delay_ms"] == 5_000
        await viewer.hear_until(lambda: viewer.playback["delay_ms"] == 5_000)
        assert viewer.playback["end_ms"] - viewer.playback["t_ms"] == pytest.approx(5_000, abs=50)
        await asyncio.to_thread(house.steer, action="pause")
        await viewer.hear_until(lambda: viewer.playback["paused"])
        assert not viewer.playback["following"]
        await asyncio.sleep(0.5)
        back = await asyncio.to_thread(house.steer, action="seek", t_ms=0)
        assert (back["t_ms"], back["following"]) == (0, False)
        live = await asyncio.to_thread(house.steer, action="go_live")
        assert (live["following"], live["paused"]) == (True, False)
        assert live["end_ms"] - live["t_ms"] == pytest.approx(5_000, abs=50)

    watching(house, scenario)


def test_session_is_listed_as_live_and_its_marks_grow(house: House) -> None:
    async def scenario(viewer: Viewer) -> None:
        await viewer.hear_until(lambda: viewer.state is not None and viewer.state["track"] == "yellow")
        seen_ms = viewer.end_ms
        await viewer.hear_until(lambda: viewer.end_ms > seen_ms + LATEST_MS)

    watching(house, scenario)
    (listed,) = house.server.http.get("/api/v1/sessions").json()
    assert (listed["key"], listed["mode"], listed["source"]) == (house.key, "live", "live")
    assert listed["meeting"]["name"] == "Italian Grand Prix"
    flags = house.server.http.get(f"/api/v1/sessions/{house.key}/timeline").json()["flags"]
    assert [status for _, _, status in flags][-1] == "yellow"
    metrics = house.server.http.get("/metrics").text
    assert "overcut_live_state_seconds_count" in metrics
    assert f'overcut_session_checkpoint_bytes{{session="{house.key}"}}' in metrics


def test_server_without_a_feed_says_so_and_a_recording_has_no_present(client: TestClient) -> None:
    missing = client.get("/api/v1/feed")
    assert (missing.status_code, "overcut live" in missing.json()["hint"]) == (404, True)
    refused = client.post(f"/api/v1/sessions/{KEY}/playback", json={"action": "go_live"})
    assert (refused.status_code, "no present" in refused.json()["detail"]) == (422, True)
    shifted = client.post(f"/api/v1/sessions/{KEY}/playback", json={"action": "delay", "delay_ms": 200_000})
    assert shifted.status_code == 422
