"""``overcut live`` as people run it: it follows a hub, records, shows, and ends on Ctrl-C."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overcut.cli.main import main
from overcut.sources.hub.hub import Hub
from overcut.sources.opening import open_source
from overcut.sources.recording import RecordingSource
from tests.runtime.short_session import write_short_session


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    folder = write_short_session(tmp_path / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race")
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    played = Hub(open_source(folder), speed=10.0, begin_ms=100_000, stay=True)

    async def serve() -> None:
        async with played:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield played
    loop.call_soon_threadsafe(over.set)
    thread.join(10)


def asked(address: str) -> Any:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
            return json.loads(answer.read())
    except (urllib.error.URLError, OSError):
        return None


def test_session_is_recorded_and_shown_until_interrupted(hub: Hub, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = os.environ | {"OVERCUT_HOME": str(home), "OVERCUT_LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "overcut.cli.main", "live", "--url", hub.url, "--port", "0", "--delay", "2"]
    feed: Any = None
    live = subprocess.Popen([*command, "--no-browser"], env=environment, stderr=subprocess.PIPE, text=True)
    assert live.stderr is not None
    try:
        first = live.stderr.readline()
        assert "waiting for the feed" in first
        address = first.split()[1]
        playback: Any = None
        for _ in range(200):
            feed = asked(f"{address}/api/v1/feed")
            playback = asked(f"{address}/api/v1/sessions/{feed['session']}/playback") if feed else None
            if playback:
                break
            time.sleep(0.05)
        assert (playback["mode"], playback["following"], playback["delay_ms"]) == ("live", True, 2_000)
        time.sleep(0.5)
        live.send_signal(signal.SIGINT)
        assert live.wait(20) == 0
        assert "Stopped." in live.stderr.read()
    finally:
        live.kill()
        live.stderr.close()
    (recording,) = (home / "recordings").iterdir()
    assert recording.name == feed["recording"]
    frames = list(RecordingSource(recording).frames())
    assert {"SessionInfo", "DriverList", "TimingData"} <= {frame.topic for frame in frames}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["live", "--url", "ftp://example.org/hub"], 2, "live_url"),
        (["live", "--delay", "200"], 2, "delay"),
    ],
)
def test_wrong_usage_is_told_and_follows_nothing(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    assert main([*arguments, "--port", "0", "--no-browser"]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "home").exists()
