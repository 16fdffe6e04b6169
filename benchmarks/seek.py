"""How long does a jump to any moment of a session take, what do its checkpoints weigh, and who else waits?

For each session: a few hundred random seeks, each with all that a server does on its event loop for one (engine, state,
map, snapshot message). Then twenty clients who seek as fast as they are answered, on a real server, while another asks
``/healthz``. Without the recordings (``OVERCUT_SHARED`` or ``../shared``) the simulated race alone is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TypedDict

from overcut.runtime.clock import MonotonicClock
from overcut.runtime.playback import Playback
from overcut.runtime.playing import Playing
from overcut.runtime.recorded import record
from overcut.runtime.sessions import leave_alone_what_is_loaded
from overcut.runtime.simulated_home import simulated_race
from overcut.server.broadcast import Broadcast, Viewer
from overcut.server.metrics import Metrics
from overcut.sources.opening import open_source
from websocket_load import free_port, start_server

ROOT = Path(__file__).resolve().parents[1]
SESSIONS = {
    "race_2018": "data/livetiming/static/2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race",
    "qualifying_2025": "data/livetiming/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
}
SEEKS = 300
SEEK_BAR_MS = 50.0
RUSH_CLIENTS = 20
RUSH_S = 5.0
HEALTH_BAR_MS = 100.0


class Figure(TypedDict, total=False):
    """A figure as ``bars.py`` reads it."""

    value: float
    unit: str
    bar: float
    note: str


def two_hour_race(home: Path) -> Path:
    """The longest race there is: Monaco's 78 laps, simulated, with telemetry."""
    return simulated_race(home, season=2026, circuit="monaco", seed=3)


def sessions(home: Path) -> dict[str, Path]:
    """What is measured, by name."""
    shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared")
    real = {name: shared / path for name, path in SESSIONS.items() if (shared / path).is_dir()}
    return {**real, "simulated_2h": two_hour_race(home)}


def seeks(folder: Path, name: str) -> dict[str, Figure]:
    """Random seeks in one session; the figures' names begin with ``name``."""
    began_s = time.process_time()
    recorded = record(open_source(folder))
    loaded_s = time.process_time() - began_s
    leave_alone_what_is_loaded()
    clock = MonotonicClock()
    playing = Playing(recorded, Playback(recorded, clock, paused=True), clock)
    broadcast = Broadcast(name, playing.now(), Metrics())
    playing.listeners.append(broadcast.publish)
    viewer, random, costs_ms = Viewer(frozenset({"board", "map"})), Random(1), list[float]()  # noqa: S311 - which moments
    for _ in range(SEEKS):
        target_ms = random.randint(recorded.start_ms, recorded.end_ms)
        began_s = time.perf_counter()
        playing.playback.seek(target_ms)
        playing.step()
        while broadcast.next_batch(viewer) is not None:
            pass
        costs_ms.append((time.perf_counter() - began_s) * 1000)
    costs_ms.sort()
    megabytes = recorded.checkpoints.bytes / 1e6
    length_min = (recorded.end_ms - recorded.start_ms) / 60_000
    note = f"{len(recorded.frames):,} frames, {length_min:.0f} min, {len(recorded.checkpoints)} checkpoints"
    return {
        f"{name}_p50": {"value": round(costs_ms[SEEKS // 2], 1), "unit": "ms", "note": note},
        f"{name}_p99": {"value": round(costs_ms[SEEKS * 99 // 100], 1), "unit": "ms", "bar": SEEK_BAR_MS},
        f"{name}_max": {"value": round(costs_ms[-1], 1), "unit": "ms", "bar": SEEK_BAR_MS},
        f"{name}_checkpoints": {"value": round(megabytes, 1), "unit": "MB", "bar": 34},
        f"{name}_load": {"value": round(loaded_s, 2), "unit": "s CPU"},
    }


def rush(home: Path) -> dict[str, Figure]:
    """Twenty clients seek at once, again and again: how long others wait, and how long they do."""
    port = free_port()
    folder = two_hour_race(home)
    server = start_server(home, folder, port, 10.0, 1.0)
    try:
        health_ms, seek_ms = asyncio.run(_rush(port, str(open_source(folder).key)))
    finally:
        server.terminate()
        server.wait(20)
    note = f"{RUSH_CLIENTS} clients, {len(seek_ms) / RUSH_S:.0f} seeks/s asked for"
    return {
        "rush_healthz_p99": {"value": _share(health_ms, 0.99), "unit": "ms", "bar": HEALTH_BAR_MS, "note": note},
        "rush_healthz_max": {"value": _share(health_ms, 1.0), "unit": "ms"},
        "rush_seek_p50": {"value": _share(seek_ms, 0.5), "unit": "ms", "note": "asked to answered"},
        "rush_seek_max": {"value": _share(seek_ms, 1.0), "unit": "ms"},
    }


class Asker:
    """One kept connection that asks and waits: as little of a client as there can be."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        self._reader = reader
        self._writer = writer
        self._host = f"127.0.0.1:{port}"

    @classmethod
    async def to(cls, port: int) -> Asker:
        """A new connection."""
        return cls(*await asyncio.open_connection("127.0.0.1", port), port)

    async def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The answer's body; it must be 200."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in answer.partition(b"\r\n")[0], answer
        found = re.search(rb"content-length: (\d+)", answer.lower())
        assert found is not None
        return await self._reader.readexactly(int(found.group(1)))


async def _rush(port: int, key: str) -> tuple[list[float], list[float]]:
    health_ms, seek_ms = list[float](), list[float]()
    path = f"/api/v1/sessions/{key}/playback"
    length_ms = json.loads(await (await Asker.to(port)).ask("GET", path))["end_ms"]

    async def seek(random: Random) -> None:
        asker = await Asker.to(port)
        while True:
            began_s = time.perf_counter()
            body = {"action": "seek", "t_ms": random.randint(0, length_ms)}
            await asker.ask("POST", path, json.dumps(body).encode())
            seek_ms.append((time.perf_counter() - began_s) * 1000)

    async def look() -> None:
        asker = await Asker.to(port)
        while True:
            began_s = time.perf_counter()
            await asker.ask("GET", "/healthz")
            health_ms.append((time.perf_counter() - began_s) * 1000)
            await asyncio.sleep(0.005)

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(RUSH_S), asyncio.TaskGroup() as all_of_them:
            all_of_them.create_task(look())
            for number in range(RUSH_CLIENTS):
                all_of_them.create_task(seek(Random(number)))  # noqa: S311 - which moments
    return health_ms, seek_ms


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 1)


def seek_figures(*, with_rush: bool = True) -> dict[str, Figure]:
    """All figures, by name."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        results: dict[str, Figure] = {}
        for name, session in sessions(home).items():
            results |= seeks(session, name)
        return results | (rush(home) if with_rush else {})


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.parse_args()
    print(json.dumps({"bench": "seek", "results": seek_figures()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
