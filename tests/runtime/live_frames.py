"""The short race as a live feed would send it: frames in the hands of a test, and a client that yields them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.sources.live import LiveState, LiveStatus, SessionChanged
from overcut.sources.opening import open_source
from tests.runtime.short_session import write_short_session

KEY = SessionKey("2025-16-R")


def live_frames(folder: Path) -> list[Frame]:
    """The short race's frames, in order, as live ones."""
    frames = open_source(write_short_session(folder)).frames()
    return [msgspec.structs.replace(frame, source=FrameSource.LIVE) for frame in frames]


class PlayedClient:
    """A client that yields what the test puts, and stands as the test says."""

    def __init__(self) -> None:
        self.items: asyncio.Queue[list[Frame] | SessionChanged | Exception | None] = asyncio.Queue()
        self.stands = LiveStatus(LiveState.CONNECTING)

    def begin(self, key: str = "2025-16-R", recording: Path = Path("live.jsonl")) -> None:
        self.items.put_nowait(SessionChanged(SessionKey(key), False, recording))

    def send(self, *frames: Frame) -> None:
        self.items.put_nowait(list(frames))

    def end(self, error: Exception | None = None) -> None:
        self.items.put_nowait(error)

    async def batches(self) -> AsyncIterator[list[Frame] | SessionChanged]:
        while (item := await self.items.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item

    def status(self) -> LiveStatus:
        return self.stands
