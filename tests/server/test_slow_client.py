"""A connection without room: its own task waits, the others do not, and it is brought to the present in one step."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.types import Message, Scope

from overcut.runtime.catalogue import Catalogue
from overcut.runtime.clock import VirtualClock
from overcut.runtime.sessions import Opening, Sessions
from overcut.server.board import Board
from overcut.server.frames import EXTENSION
from overcut.server.merge_patch import Json, apply
from overcut.server.metrics import Metrics
from overcut.server.stream import StreamEndpoint
from tests.server.conftest import KEY


class Narrow:
    """A connection that takes what it is told to take: a wire, and ASGI's two calls."""

    def __init__(self) -> None:
        self.room = True
        self.open = asyncio.Event()
        self.open.set()
        self.leave = asyncio.Event()
        self.taken: list[dict[str, Any]] = []
        self.directly = 0
        self._connected = False

    def has_room(self) -> bool:
        return self.room

    def write_frames(self, frames: bytes) -> None:
        self.directly += 1
        self.taken += messages(frames)

    async def receive(self) -> Message:
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        await self.leave.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(self, message: Message) -> None:
        await self.open.wait()
        if message["type"] == "websocket.send":
            self.taken += messages(message["frames"])

    def scope(self) -> Scope:
        return {
            "type": "websocket",
            "path_params": {"key": KEY},
            "query_string": b"channels=board,events",
            "extensions": {EXTENSION: {"wire": self}},
        }


def messages(frames: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while frames:
        size, head = frames[1], 2
        if size == 126:
            size, head = int.from_bytes(frames[2:4], "big"), 4
        found.append(json.loads(frames[head : head + size]))
        frames = frames[head + size :]
    return found


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0)


def test_connection_without_room_is_brought_to_the_present_in_one_step(race_folder: Path) -> None:
    async def scenario() -> None:
        clock = VirtualClock()
        sessions = Sessions(Catalogue([race_folder]), clock=clock, opening=Opening(speed=1.0), tick_hz=1.0)
        board = Board(sessions, Metrics())
        playing, broadcast = await board.open(KEY)

        def tick(times: int) -> None:
            for _ in range(times):
                clock.wind(0.5)
                playing.step()

        narrow, wide = Narrow(), Narrow()
        served = [
            asyncio.create_task(StreamEndpoint(board)(each.scope(), each.receive, each.send)) for each in (narrow, wide)
        ]
        await until(lambda: bool(narrow.taken and wide.taken) and playing.viewers == 2)
        tick(130)
        assert len(narrow.taken) == len(wide.taken) == 1 + narrow.directly

        narrow.room = False
        narrow.open.clear()
        tick(1)
        await asyncio.sleep(0.01)  # its task has taken the next message and waits for room
        held = len(narrow.taken)
        tick(30)
        narrow.room = True  # room again, but the older message has not gone out yet: nothing may overtake it
        tick(30)
        assert len(narrow.taken) == held
        narrow.open.set()
        await until(lambda: narrow.taken[-1]["seq"] == broadcast.now.seq)
        assert [message["seq"] - message["from"] for message in narrow.taken[held:]] == [1, 60]

        tick(5)
        assert [follow(each.taken) for each in (narrow, wide)] == [(broadcast.now.document, broadcast.now.seq)] * 2
        assert events(narrow.taken) == events(wide.taken) != []
        narrow.leave.set()
        wide.leave.set()
        await asyncio.gather(*served)
        assert playing.viewers == board.clients == 0
        await sessions.stop()

    asyncio.run(scenario())


def follow(taken: list[dict[str, Any]]) -> tuple[Json, int]:
    state, seq = taken[0]["state"], taken[0]["seq"]
    for delta in taken[1:]:
        assert delta["from"] == seq
        state, seq = apply(state, delta["patch"]), delta["seq"]
    return state, seq


def events(taken: list[dict[str, Any]]) -> list[int]:
    return [event["n"] for message in taken for event in message.get("events", [])]
