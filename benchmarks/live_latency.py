"""How soon after the hub has sent a live message do 1,000 viewers hold it, and what does that cost?

Four processes on this machine, loopback only: a hub that plays a simulated race at real time and notes when it hands
each message to its socket, ``overcut live`` that follows it, the viewers (bare sockets and a minimal frame reader, so
that they cost less than what they measure), and this one, which watches the server's CPU and memory. A message counts
as delivered to a viewer with the first delta whose state is as new as the message's stamp. All times are the machine's
monotonic clock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from array import array
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from overcut.runtime.simulated_home import simulated_race
from overcut.server.serving import allow_many_files
from overcut.sources.hub.faults import Faults
from overcut.sources.hub.hub import Hub
from overcut.sources.hub.player import Player
from overcut.sources.hub.tape import TapeFrame, read_tape, zero_of
from overcut.sources.opening import open_source
from websocket_load import Client, Tally, free_port, watch

BEGIN_MS = 1_800_000
"""The hub begins half an hour into the feed: mid-race, all cars running."""

WARM_UP_S = 5.0
P99_BAR_MS = 100.0

_UTC = re.compile(rb'"utc_ms":(\d+)')
_HEARD = re.compile(rb'"heard_ns":(\d+),"made_ns":(\d+)}$')


class NotingPlayer(Player):
    """Notes the stamp of each message, UTC in milliseconds, and when it was handed over."""

    def __init__(self, tape: list[TapeFrame], zero_ms: int) -> None:
        super().__init__(tape, speed=1.0, faults=Faults(), begin_ms=BEGIN_MS)
        self.sent = array("q")
        self._zero_ms = zero_ms

    def _publish(self, frame: TapeFrame) -> None:
        self.sent.extend((self._zero_ms + frame.t_ms, time.monotonic_ns()))
        super()._publish(frame)


def run_hub(session: Path, pipe: Connection) -> None:
    """The hub's process: tells its address, plays until told to stop, then tells what it sent when."""
    asyncio.run(_hub(session, pipe))


async def _hub(session: Path, pipe: Connection) -> None:
    source = open_source(session)
    hub = Hub(source, stay=True)
    hub.player = player = NotingPlayer(read_tape(source), zero_of(list(source.frames())))
    async with hub:
        pipe.send(hub.url)
        while not pipe.poll():
            await asyncio.sleep(0.1)
        pipe.send_bytes(player.sent.tobytes())


class Viewer(Client):
    """One viewer: what state it held when, and (for one of them) the server's own times."""

    def __init__(self, tally: Tally, port: int, key: str, own: list[tuple[int, int]] | None) -> None:
        super().__init__(tally, port, key)
        self.held = array("q")
        self._own = own
        self._tally_of = tally

    def _note(self, data: bytes, begin: int, end: int, now_ns: int) -> None:
        if not self._tally_of.measuring:
            return
        self._tally_of.messages += 1
        self._tally_of.bytes += end - begin
        found = _UTC.search(data, begin, end)
        if found is None:
            return
        self.held.extend((int(found.group(1)), now_ns))
        if self._own is not None and (times := _HEARD.search(data, max(begin, end - 80), end)) is not None:
            self._own.append((int(times.group(1)), int(times.group(2))))


def run_viewers(port: int, key: str, viewers: int, seconds: float, pipe: Connection) -> None:
    """The viewers' process. It tells how many were lost, what came, feed to state, and then each one's history."""
    allow_many_files(viewers + 100)
    asyncio.run(_viewers(port, key, viewers, seconds, pipe))


async def _viewers(port: int, key: str, viewers: int, seconds: float, pipe: Connection) -> None:
    loop, tally, own = asyncio.get_running_loop(), Tally(), list[tuple[int, int]]()
    all_of_them = [Viewer(tally, port, key, None if number else own) for number in range(viewers)]
    for first in range(0, viewers, 50):
        some = all_of_them[first : first + 50]
        await asyncio.gather(*(loop.create_connection(lambda one=one: one, "127.0.0.1", port) for one in some))
        await asyncio.sleep(0.05)
    async with asyncio.timeout(60):
        while tally.connected < viewers:
            await asyncio.sleep(0.1)
    await asyncio.sleep(WARM_UP_S)
    tally.measuring, cpu_s = True, time.process_time()
    await asyncio.sleep(seconds)
    tally.measuring = False
    cpu_s = time.process_time() - cpu_s
    pipe.send((tally.lost, tally.messages, tally.bytes, cpu_s, own))
    for one in all_of_them:
        pipe.send_bytes(one.held.tobytes())


def start_server(home: Path, url: str, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """``overcut live``, and the key of the session once it is on the board."""
    environment = os.environ | {
        "OVERCUT_HOME": str(home),
        "OVERCUT_STAMP_MESSAGES": "true",
        "OVERCUT_LOG_LEVEL": "WARNING",
    }
    command = ["live", "--url", url, "--port", str(port), "--no-browser", "--anonymous"]
    server = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-m", "overcut.cli.main", *command], env=environment, stderr=subprocess.DEVNULL
    )
    for _ in range(300):
        time.sleep(0.1)
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/feed", timeout=5) as answer:
                key = msgspec.json.decode(answer.read(), type=dict[str, Any])["session"]
        except (urllib.error.URLError, OSError):
            continue
        if key:
            return server, str(key)
    server.kill()
    raise SystemExit("overcut live did not open the session")


def measure(viewers: int, seconds: float) -> Mapping[str, object]:
    """The whole measurement; figures by name."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        session = simulated_race(home, season=2025, circuit="monza", seed=7)
        to_hub, of_hub = spawn.Pipe()
        hub = spawn.Process(target=run_hub, args=(session, of_hub), daemon=True)
        hub.start()
        server, key = start_server(home, to_hub.recv(), port)
        try:
            to_viewers, of_viewers = spawn.Pipe()
            crowd = spawn.Process(target=run_viewers, args=(port, key, viewers, seconds, of_viewers), daemon=True)
            crowd.start()
            samples: list[tuple[float, float, float]] = []
            while not to_viewers.poll(1.0) and crowd.is_alive():
                samples.append((time.monotonic(), *watch(server.pid)))
            lost, messages, size, cpu_s, own = to_viewers.recv()
            held = [np.frombuffer(to_viewers.recv_bytes(), np.int64).reshape(-1, 2) for _ in range(viewers)]
            to_hub.send("enough")
            sent = np.frombuffer(to_hub.recv_bytes(), np.int64).reshape(-1, 2)
            crowd.join()
        finally:
            server.terminate()
            server.wait(20)
            hub.terminate()
    cpu = _cpu(samples, seconds)
    rate = messages / seconds
    return {
        **figures(latencies_ms(sent, held), np.array(own, np.int64), viewers, lost),
        "server_cpu": {"value": round(cpu * 100, 1), "unit": "% of a core"},
        "updates": {
            "value": round(rate / viewers, 1),
            "unit": "messages/s a viewer",
            "note": f"{size / messages:,.0f} B",
        },
        "viewer_cpu": {"value": round(cpu_s / seconds * 100, 1), "unit": "% of a core", "note": "the load itself"},
        "memory": {"value": round(samples[-1][2], 1), "unit": "MB"},
    }


def latencies_ms(sent: np.ndarray[Any, Any], held: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """For each message and viewer, the time from its being sent to the first delta that is as new."""
    found: list[np.ndarray[Any, Any]] = []
    for history in held:
        stamps = np.maximum.accumulate(history[:, 0])
        within = sent[(sent[:, 0] > stamps[0]) & (sent[:, 0] <= stamps[-1])]
        arrived = history[np.searchsorted(stamps, within[:, 0], side="left"), 1]
        found.append((arrived - within[:, 1]) / 1e6)
    return np.concatenate(found)


def figures(
    latency_ms: np.ndarray[Any, Any], own: np.ndarray[Any, Any], viewers: int, lost: int
) -> Mapping[str, object]:
    """The figures that have to do with time."""
    to_state_ms = (own[:, 1] - own[:, 0]) / 1e6
    note = f"{viewers} viewers, {len(latency_ms) // viewers} messages: hub's socket to viewer"
    return {
        "latency_p50": {"value": _share(latency_ms, 50), "unit": "ms", "note": note},
        "latency_p99": {"value": _share(latency_ms, 99), "unit": "ms", "bar": P99_BAR_MS},
        "latency_max": {"value": _share(latency_ms, 100), "unit": "ms"},
        "state_p50": {"value": _share(to_state_ms, 50), "unit": "ms", "note": "arrival of the frame to its state"},
        "state_p99": {"value": _share(to_state_ms, 99), "unit": "ms"},
        "disconnected": {"value": lost, "unit": "viewers", "bar": 0},
    }


def _share(values: np.ndarray[Any, Any], percent: float) -> float:
    return round(float(np.percentile(values, percent)), 1)


def _cpu(samples: list[tuple[float, float, float]], seconds: float) -> float:
    """Cores used over the last ``seconds``."""
    steady = [sample for sample in samples if sample[0] > samples[-1][0] - seconds]
    return (steady[-1][1] - steady[0][1]) / (steady[-1][0] - steady[0][0])


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--viewers", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to measure")
    chosen = parser.parse_args()
    print(json.dumps({"bench": "live_latency", "results": measure(chosen.viewers, chosen.seconds)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
