"""Small sessions, hubs and clients for the tests of the live path."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

from overcut.domain.durations import format_offset
from overcut.domain.frame import Frame
from overcut.kernel.settings import Settings, load_settings
from overcut.sources.archive import ArchiveSource
from overcut.sources.hub import Faults, Hub
from overcut.sources.live import LiveClient, SessionChanged
from overcut.sources.live.client import TOPICS
from overcut.sources.live.connection import LiveTimes
from overcut.sources.live.recorder import Recorder
from overcut.timing.engine import Engine
from overcut.timing.rewind import Rewinding
from tests.runtime.short_session import topics
from tests.sources.writing import write_session

QUICK = LiveTimes(ping_s=0.2, guard_s=1.0, open_s=3.0, first_s=0.02, most_s=0.1, settled_s=0.2, sync_s=0.1, hold_s=1.0)
"""Patience in tests."""

ZERO = "2025-09-07T12:50:"
TOO_LONG_S = 20.0


def info(key: int = 9904, path: str = "2025/2025-09-07_Italian_Grand_Prix/2025-09-07_Race/") -> dict[str, object]:
    """A `SessionInfo` with everything that names a session."""
    (_, short) = topics()["SessionInfo"][0]
    assert isinstance(short, dict)
    return {**short, "Key": key, "Path": path, "EndDate": "2025-09-07T17:00:00"}


def session_topics() -> dict[str, list[tuple[int, object]]]:
    """The short race, with heartbeats, a clock and an end."""
    found = topics()
    found["SessionInfo"] = [(0, info())]
    found["SessionStatus"] = [*found["SessionStatus"], (299_000, {"Status": "Ends"})]
    found["RaceControlMessages"] = [
        (2_000, {"Messages": [{"Utc": _utc(2_000)[:19], "Category": "Other", "Message": "PIT EXIT OPEN"}]}),
        (
            150_000,
            {"Messages": {"1": {"Utc": _utc(150_000)[:19], "Category": "Flag", "Message": "YELLOW IN SECTOR 4"}}},
        ),
    ]
    found["Heartbeat"] = [(t, {"Utc": _utc(t + 2_000)}) for t in range(15_000, 300_000, 15_000)]
    found["ExtrapolatedClock"] = [(1_200, {"Utc": _utc(1_200), "Remaining": "01:00:00", "Extrapolating": True})]
    return found


def _utc(t_ms: int) -> str:
    minutes, rest = divmod(t_ms, 60_000)
    return f"2025-09-07T12:{50 + minutes:02d}:{rest / 1000:06.3f}Z"


def session(folder: Path) -> ArchiveSource:
    """The short race, as an archive's session."""
    return ArchiveSource(write_session(folder / "session", session_topics()))


def settings_for(home: Path, hub: Hub, **more: object) -> Settings:
    return load_settings(home=home, live_url=hub.url, **more)


def lone_client(home: Path, url: str, wanted: Sequence[str], **more: object) -> LiveClient:
    """A client of whatever is at ``url``."""
    settings = load_settings(home=home, live_url=url, **more)
    return LiveClient(settings, wanted, Recorder(home / "recordings"), times=QUICK, random=Random(7))  # noqa: S311


def client_of(
    home: Path, hub: Hub, *, recorder: Recorder | None = None, wanted: Sequence[str] = TOPICS, **more: object
) -> LiveClient:
    taker = recorder or Recorder(home / "recordings")
    return LiveClient(settings_for(home, hub, **more), wanted, taker, times=QUICK, random=Random(7))  # noqa: S311


async def collect(client: LiveClient, *, enough: int | None = None) -> tuple[list[Frame], list[SessionChanged]]:
    """Everything that a client yields until it ends, or until there are ``enough`` frames."""
    frames: list[Frame] = []
    changes: list[SessionChanged] = []
    async with asyncio.timeout(TOO_LONG_S):
        async for item in client.batches():
            if isinstance(item, SessionChanged):
                changes.append(item)
            else:
                frames += item
            if enough is not None and len(frames) >= enough:
                client.stop()
    return frames, changes


async def play(
    home: Path, source: ArchiveSource, faults: Faults | None = None, **more: object
) -> tuple[list[Frame], LiveClient]:
    """A session through a hub to a client, to its end."""
    async with Hub(source, speed=None, faults=faults, ping_s=0.2, **more) as hub:  # pyright: ignore[reportArgumentType]
        client = client_of(home, hub)
        frames, _ = await collect(client)
        return frames, client


def state_of(source: ArchiveSource, frames: Sequence[Frame]) -> Engine | Rewinding:
    """The engine after ``frames`` in the order in which they came."""
    engine = Rewinding(source.key, source.kind, source.simulated)
    for frame in frames:
        engine.advance(frame)
    return engine


def offsets(frames: Sequence[Frame]) -> list[tuple[str, str, bytes]]:
    """What tells frames apart, readable."""
    return [(format_offset(frame.t_ms), frame.topic, frame.payload) for frame in frames]
