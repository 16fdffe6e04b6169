"""`overcut hub`, `overcut record` and `overcut fetch`, run as people run them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from overcut.cli.record import describe
from overcut.sources.hub import Hub
from overcut.sources.live import LiveState, LiveStatus
from overcut.sources.live.recording_run import record_session
from overcut.sources.recording import RecordingSource
from tests.sources.live.feeds import client_of, session
from tests.sources.live.test_end_to_end import direct, lap_rows, told

WITHIN_S = 30


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OVERCUT_")}
    return {**kept, "OVERCUT_HOME": str(home)}


@contextmanager
def hub(tmp_path: Path, *options: str) -> Generator[str, None, None]:
    """The address of a hub that plays the short race in a process of its own."""
    session(tmp_path)
    run = subprocess.Popen(
        [sys.executable, "-m", "overcut.cli.main", "hub", str(tmp_path / "session"), "--port", "0", *options],
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        cwd=tmp_path,
    )
    try:
        assert run.stderr is not None
        said = b""
        while b"signalrcore" not in said:
            line = run.stderr.readline()
            assert line, said
            said += line
        found = re.search(rb"http://127\.0\.0\.1:\d+/signalrcore", said)
        assert found
        yield found.group().decode()
    finally:
        run.send_signal(signal.SIGINT)
        assert run.wait(WITHIN_S) == 0


def record(tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "overcut.cli.main", "record", "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        cwd=tmp_path,
        text=True,
    )


def test_a_session_is_recorded_to_its_end(tmp_path: Path) -> None:
    with hub(tmp_path, "--speed", "max", "--batch", "3") as url:
        run = record(tmp_path, "--url", url)
        out, err = run.communicate(timeout=WITHIN_S)
    assert run.returncode == 0, err
    status = json.loads(out)
    (file,) = (tmp_path / "recordings").glob("*.jsonl")
    assert status["frames"] == len(list(RecordingSource(file).frames()))
    assert "recorded" in err


def test_ctrl_c_ends_a_recording_in_good_order(tmp_path: Path) -> None:
    with hub(tmp_path, "--speed", "20") as url:
        out = tmp_path / "mine.jsonl"
        run = record(tmp_path, "--url", url, "--out", str(out), "--topics", "SessionInfo,TimingData,Heartbeat")
        until = time.monotonic() + WITHIN_S
        while not out.exists() or out.stat().st_size < 2_000:
            assert time.monotonic() < until
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=WITHIN_S)
    assert run.returncode == 0, err
    assert {frame.topic for frame in RecordingSource(out).frames()} <= {"SessionInfo", "TimingData", "Heartbeat"}


@pytest.mark.parametrize(("options", "code"), [(("--require-token",), 4), (("--refuse",), 4)])
def test_a_refusal_says_what_to_do(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    with hub(tmp_path, *options) as url:
        run = record(tmp_path, "--url", url)
        _, err = run.communicate(timeout=WITHIN_S)
    assert run.returncode == code
    assert "overcut login" in err


def test_nothing_recorded_is_no_success(tmp_path: Path) -> None:
    run = record(tmp_path, "--url", "http://127.0.0.1:9/signalrcore")
    time.sleep(3)
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate(timeout=WITHIN_S)
    assert run.returncode == 3
    assert "Nothing was recorded" in err


def test_a_recording_killed_again_and_again_is_the_whole_session_in_the_end(tmp_path: Path) -> None:
    """`kill -9` on the real command; the hub waits for it to come back, as no real one would."""
    random = Random(7)  # noqa: S311
    file = tmp_path / "recordings" / "2025-09-07_Italian_Grand_Prix_Race.jsonl"
    with hub(tmp_path, "--speed", "60", "--hold", "--repeat-last", "200") as url:
        for _ in range(3):
            run = record(tmp_path, "--url", url)
            size, until = file.stat().st_size if file.exists() else 0, time.monotonic() + WITHIN_S
            while not file.exists() or file.stat().st_size < size + 3_000:
                assert time.monotonic() < until
                time.sleep(0.02)
            time.sleep(random.uniform(0.0, 0.3))
            run.kill()
            run.communicate(timeout=WITHIN_S)
        run = record(tmp_path, "--url", url)
        _, err = run.communicate(timeout=WITHIN_S)
    assert run.returncode == 0, err
    assert list((tmp_path / "recordings").glob("*.jsonl")) == [file]
    source, clean = RecordingSource(file), direct(session(tmp_path))
    live = direct(source)
    assert source.defects == {}
    assert told(live.state()) == told(clean.state())
    assert lap_rows(live.laps()) == lap_rows(clean.laps())


@pytest.mark.anyio
async def test_a_recording_ends_some_time_after_its_session_though_the_hub_stays(tmp_path: Path) -> None:
    heard: list[LiveStatus] = []
    async with Hub(session(tmp_path), speed=None, ping_s=0.2, stay=True) as playing:
        client = client_of(tmp_path, playing)
        status = await record_session(client, heard.append, grace_s=0.3, tell_every_s=0.1)
    assert status.session_over
    assert status.state is LiveState.ENDED
    assert heard[-1] == status
    assert "session over" in describe(status)
