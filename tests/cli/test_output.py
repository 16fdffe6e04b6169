"""What happens when standard output cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.short_session import write_short_session

COMMANDS = (["replay", "SESSION"], ["replay", "SESSION", "--json"], ["replay", "SESSION", "--events"], ["--version"])
FULL = Path("/dev/full")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_short_session(tmp_path_factory.mktemp("session") / "2025-09-07_Race"))


def run(arguments: list[str], session: str, redirect: str) -> subprocess.CompletedProcess[str]:
    given = [session if argument == "SESSION" else argument for argument in arguments]
    script = f'"$@" {redirect}'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "overcut", sys.executable, "-m", "overcut.cli.main", *given],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "120"},
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_full_disk_is_a_clear_error(arguments: list[str], session: str) -> None:
    ended = run(arguments, session, f"> {FULL}")
    assert ended.returncode == 1
    assert "The output cannot be written" in ended.stderr
    assert "No space left" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_closed_output_is_a_clear_error(arguments: list[str], session: str) -> None:
    ended = run(arguments, session, ">&-")
    assert ended.returncode == 1
    assert "standard output is closed" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_reader_that_has_enough_ends_it_quietly(session: str) -> None:
    ended = run(["replay", "SESSION", "--events"], session, "| head -n 1")
    assert ended.returncode == 0
    assert len(ended.stdout.splitlines()) == 1
    assert not ended.stderr
