"""How soon do 1,000 WebSocket clients hear of an update, what does it cost, and does anybody fall off?

Three processes on this machine, loopback only: ``overcut serve`` with a simulated race at 5 updates a second (the
setting ``stamp_messages`` makes each say when its tick began), this script's clients (bare sockets and a minimal
frame reader, so that they cost less than what they measure), and this one, which watches the server's CPU and memory.
Delivery latency is from the beginning of the tick to the arrival of the whole message at the client, both on the
machine's monotonic clock.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import msgspec
from websockets.asyncio.client import connect

from overcut.runtime.simulated_home import simulated_race
from overcut.server.merge_patch import Document, apply, difference
from overcut.server.serving import allow_many_files
from overcut.sources.opening import open_source

SETTLE_S = 5.0
WATCH_EVERY_S = 2.0
BUCKET_NS = 100_000
BUCKETS = 50_000
"""Latencies are counted in steps of 0.1 ms up to 5 s."""

_MADE = re.compile(rb'"made_ns":(\d+)}$')


class Tally(msgspec.Struct):
    """What all clients together have seen. ``counts``: messages by latency bucket."""

    connected: int = 0
    lost: int = 0
    measuring: bool = False
    messages: int = 0
    bytes: int = 0
    counts: list[int] = msgspec.field(default_factory=lambda: [0] * BUCKETS)


class Outcome(msgspec.Struct):
    """What the clients report at the end."""

    connected: int
    lost: int
    messages: int
    bytes: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_s: float


class Client(asyncio.Protocol):
    """One connection: shakes hands, reads frames, answers pings, notes latencies."""

    def __init__(self, tally: Tally, port: int, key: str) -> None:
        self._tally = tally
        self._port = port
        self._session = key
        self._data: bytes = b""
        self._open = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        request = (
            f"GET /api/v1/sessions/{self._session}/stream HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "\r\n",
        )
        transport.write("\r\n".join(request).encode())

    def data_received(self, data: bytes) -> None:
        now_ns = time.monotonic_ns()
        data = self._data + data if self._data else data
        if not self._open:
            head, ended, data = data.partition(b"\r\n\r\n")
            if not ended:
                self._data = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"refused: {head[:200]!r}")
            self._open = True
            self._tally.connected += 1
        at = 0
        while (frame := _frame(data, at)) is not None:
            opcode, begin, at = frame
            if opcode == 0x1:
                self._note(data, begin, at, now_ns)
            elif opcode == 0x9 and self._transport is not None:
                self._transport.write(_pong(data[begin:at]))
        self._data = data[at:]

    def _note(self, data: bytes, begin: int, end: int, now_ns: int) -> None:
        tally = self._tally
        made = _MADE.search(data, max(begin, end - 40), end)
        if made is None or not tally.measuring:
            return  # a snapshot, or not yet
        tally.messages += 1
        tally.bytes += end - begin
        tally.counts[min((now_ns - int(made.group(1))) // BUCKET_NS, BUCKETS - 1)] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.lost += 1


def _frame(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Opcode, first byte and end of the payload of the frame at ``at``; None when it is not whole yet."""
    if len(data) < at + 2:
        return None
    length, begin = data[at + 1] & 0x7F, at + 2
    if length == 126:
        length, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
    elif length == 127:
        length, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
    return (data[at] & 0x0F, begin, begin + length) if len(data) >= begin + length else None


def _pong(payload: bytes) -> bytes:
    return bytes((0x8A, 0x80 | len(payload))) + b"\0\0\0\0" + payload  # masked with zeros, as a client must


def run_clients(port: int, key: str, clients: int, seconds: float, pipe: Connection) -> None:
    """The clients' process."""
    allow_many_files(clients + 100)
    outcome = asyncio.run(_clients(port, key, clients, seconds))
    pipe.send_bytes(msgspec.json.encode(outcome))


async def _clients(port: int, key: str, clients: int, seconds: float) -> Outcome:
    loop, tally = asyncio.get_running_loop(), Tally()
    for _ in range(0, clients, 50):
        await asyncio.gather(
            *(
                loop.create_connection(lambda: Client(tally, port, key), "127.0.0.1", port)
                for _ in range(min(50, clients))
            )
        )
        await asyncio.sleep(0.05)
    async with asyncio.timeout(60):
        while tally.connected < clients:
            await asyncio.sleep(0.1)
    await asyncio.sleep(SETTLE_S)
    tally.measuring, cpu_s = True, time.process_time()
    await asyncio.sleep(seconds)
    tally.measuring = False
    return Outcome(
        connected=tally.connected,
        lost=tally.lost,
        messages=tally.messages,
        bytes=tally.bytes,
        p50_ms=_percentile(tally.counts, 0.50),
        p99_ms=_percentile(tally.counts, 0.99),
        max_ms=_percentile(tally.counts, 1.0),
        cpu_s=time.process_time() - cpu_s,
    )


def _percentile(counts: list[int], share: float) -> float:
    """The upper edge of the bucket below which ``share`` of the messages lie, milliseconds."""
    wanted, seen = share * sum(counts), 0
    for bucket, count in enumerate(counts):
        seen += count
        if count and seen >= wanted:
            return (bucket + 1) * BUCKET_NS / 1e6
    return float("nan")


async def witness(port: int, key: str, seconds: float) -> int:
    """Follow the stream as a careful client does; how many members differ from a fresh snapshot at the end."""
    address = f"ws://127.0.0.1:{port}/api/v1/sessions/{key}/stream?channels=board"
    end_s = time.monotonic() + seconds
    async with connect(address, max_size=None) as stream:
        held = json.loads(await stream.recv())
        state, seq = held["state"], held["seq"]
        while time.monotonic() < end_s:
            delta = json.loads(await stream.recv())
            assert delta["from"] == seq, "a hole in the stream"
            state, seq = apply(state, delta["patch"]), delta["seq"]
        async with connect(address, max_size=None) as fresh:
            now = json.loads(await fresh.recv())
        while seq < now["seq"]:
            delta = json.loads(await stream.recv())
            state, seq = apply(state, delta["patch"]), delta["seq"]
    return 0 if seq > now["seq"] else len(difference(cast("Document", state), now["state"]))


def watch(pid: int) -> tuple[float, float]:
    """CPU seconds used so far and resident memory in MB of a process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return (int(fields[11]) + int(fields[12])) / ticks, resident / 1e6


def start_server(home: Path, session: Path, port: int, hz: float, speed: float) -> subprocess.Popen[bytes]:
    """``overcut serve`` with one session; waits until it is ready."""
    environment = os.environ | {
        "OVERCUT_HOME": str(home),
        "OVERCUT_TICK_HZ": str(hz),
        "OVERCUT_STAMP_MESSAGES": "true",
        "OVERCUT_LOG_LEVEL": "WARNING",
    }
    server = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-m", "overcut.cli.main", "serve", str(session), "--port", str(port), "--speed", str(speed)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(600):
        time.sleep(0.1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return server
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                break
    raise SystemExit("the server did not come up")


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(named: Path | None, clients: int, seconds: float, hz: float, speed: float) -> dict[str, dict[str, object]]:
    """The whole measurement; figures by name."""
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        session = named or simulated_race(home, season=2025, circuit="monza", seed=7)
        key = str(open_source(session).key)
        server = start_server(home, session, port, hz, speed)
        try:
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=run_clients, args=(port, key, clients, seconds, theirs)
            )
            process.start()
            samples: list[tuple[float, float, float]] = []
            while not ours.poll(WATCH_EVERY_S) and process.is_alive():
                samples.append((time.monotonic(), *watch(server.pid)))
            if not ours.poll(1):
                raise SystemExit("the clients failed")
            outcome = msgspec.json.decode(ours.recv_bytes(), type=Outcome)
            process.join()
            wrong = asyncio.run(witness(port, key, 5.0))
        finally:
            server.terminate()
            server.wait(20)
    return figures(outcome, samples, clients, seconds, hz, wrong)


def figures(
    outcome: Outcome, samples: list[tuple[float, float, float]], clients: int, seconds: float, hz: float, wrong: int
) -> dict[str, dict[str, object]]:
    """The report's figures."""
    last = samples[-1][0]
    steady = [sample for sample in samples if sample[0] > last - seconds]
    cpu_s = (steady[-1][1] - steady[0][1]) / (steady[-1][0] - steady[0][0])
    fifth = max(1, len(steady) // 5)
    middle = len(steady) // 2
    middle_mb = statistics.median(memory for _, _, memory in steady[middle : middle + fifth])
    began_mb = statistics.median(memory for _, _, memory in steady[:fifth])
    ended_mb = statistics.median(memory for _, _, memory in steady[-fifth:])
    rate = outcome.messages / seconds
    size = outcome.bytes / max(1, outcome.messages)
    load = f"{clients} clients, {hz:g} updates/s, {rate:,.0f} messages/s of {size:,.0f} B"
    return {
        "latency_p50": {"value": round(outcome.p50_ms, 1), "unit": "ms", "note": load},
        "latency_p99": {"value": round(outcome.p99_ms, 1), "unit": "ms", "bar": 100},
        "latency_max": {"value": round(outcome.max_ms, 1), "unit": "ms"},
        "disconnected": {"value": outcome.lost + clients - outcome.connected, "unit": "clients", "bar": 0},
        "updates": {
            "value": round(rate / clients, 2),
            "unit": "messages/s a client",
            "bar": hz * 0.95,
            "at_most": False,
        },
        "server_cpu": {"value": round(cpu_s * 100, 1), "unit": "% of a core"},
        "cpu_per_message": {"value": round(cpu_s / rate * 1e6, 1), "unit": "us CPU per message and client"},
        "client_cpu": {
            "value": round(outcome.cpu_s / seconds * 100, 1),
            "unit": "% of a core",
            "note": "the load itself",
        },
        "memory_start": {"value": round(began_mb, 1), "unit": "MB"},
        "memory_end": {"value": round(ended_mb, 1), "unit": "MB"},
        "memory_growth": {
            "value": round(ended_mb - began_mb, 1),
            "unit": "MB",
            "bar": 15,
            "note": f"over {seconds:g} s",
        },
        "memory_growth_late": {
            "value": round(ended_mb - middle_mb, 1),
            "unit": "MB",
            "bar": 5,
            "note": "over the second half, when the history is full",
        },
        "wrong_members": {"value": wrong, "unit": "members", "bar": 0, "note": "patched state against a snapshot"},
    }


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--session", type=Path, help="what to serve instead of a simulated race")
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long to measure")
    parser.add_argument("--hz", type=float, default=5.0, help="updates a second")
    parser.add_argument("--speed", type=float, default=4.0, help="playback speed: more of it, more changes an update")
    chosen = parser.parse_args()
    results = measure(chosen.session, chosen.clients, chosen.seconds, chosen.hz, chosen.speed)
    print(json.dumps({"bench": "websocket_load", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
