"""Processes that write a lake and come to grief: started by tests as ``python -m tests.lake.writing FOLDER``.

This process only forks, before Polars has any thread; each line of standard input is one child, each line of standard
output how it ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.lake.store.durable import LakeWriteError
from overcut.lake.store.lock import LakeBusyError
from tests.lake.lake_rows import laps, races

PROJECT = Path(__file__).resolve().parents[2]
FULL = 7


def write_round(lake: Lake, number: int) -> None:
    """One import: three tables that must appear together, and units that each round replaces."""
    with lake.writing(f"round {number}") as writer:
        for kind in ("Q", "R"):
            key = f"2024-{number % 24 + 1:02d}-{kind}"
            writer.replace("laps", laps(key, laps_each=40, lap_time_s=80 + number / 100), source=LakeSource.FRAMES)
        writer.replace("laps", laps("2023-01-R", lap_time_s=70 + number / 100), source=LakeSource.FRAMES)
        writer.replace("races", races(2000, circuit=f"circuit-{number}"), source=LakeSource.F1DB)
        writer.replace("results", _results(number), source=LakeSource.F1DB)


def _results(number: int) -> pl.DataFrame:
    """A result that names the round that wrote it."""
    row = {
        "season": 2000, "round": 1, "row": 1, "position": 1, "position_text": "1", "driver_id": f"driver-{number}",
        "shared_car": False, "pole": False, "fastest_lap": False, "driver_of_the_day": False, "grand_slam": False,
    }  # fmt: skip
    return pl.DataFrame([row])


def rounds(lake: Lake, first: int) -> None:
    """Write round after round, until killed."""
    for number in range(first, first + 1000):
        write_round(lake, number)


def die(lake: Lake, _: int) -> None:
    """Die in the middle of a write."""
    with lake.writing() as writer:
        writer.replace("laps", laps("2024-20-R"), source=LakeSource.FRAMES)
        os.kill(os.getpid(), signal.SIGKILL)


def room(lake: Lake, most: int) -> None:
    """Write where no file can grow beyond ``most`` bytes; exit code FULL where that is said."""
    import resource  # noqa: PLC0415

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        with lake.writing() as writer:
            writer.replace("laps", laps("2024-20-R", laps_each=70), source=LakeSource.FRAMES)
    except LakeWriteError as error:
        os._exit(FULL if "disk of the lake is full" in error.what else 8)


def five(lake: Lake, first: int) -> None:
    """Write five sessions, each time waiting for others to be done."""
    done = 0
    while done < 5:
        try:
            with lake.writing() as writer:
                writer.replace("laps", laps(f"2024-{first + done:02d}-R"), source=LakeSource.FRAMES)
            done += 1
        except LakeBusyError:
            time.sleep(0.005)


_TASKS = {task.__name__: task for task in (rounds, die, room, five)}


class Writers:
    """The process that forks writers, seen from a test."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lake.writing"],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, folder: Path, *tasks: tuple[str, int], kill_after_s: float = 0.0) -> list[int]:
        """Run tasks at once in a process each; their exit codes, negative for signals."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = " ".join(f"{name}:{number}" for name, number in tasks)
        self._process.stdin.write(f"{folder}\t{kill_after_s}\t{told}\n")
        self._process.stdin.flush()
        return [int(code) for code in self._process.stdout.readline().split()]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _start(folder: str, told: str) -> int:
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is logged is no answer
        name, _, number = told.partition(":")
        _TASKS[name](Lake(Path(folder)), int(number))
        os._exit(0)
    return pid


def main() -> None:
    for line in sys.stdin:
        folder, kill_after_s, tasks = line.rstrip("\n").split("\t")
        pids = [_start(folder, told) for told in tasks.split()]
        if float(kill_after_s):
            time.sleep(float(kill_after_s))
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        print(*codes, flush=True)  # noqa: T201 -- the test reads it


if __name__ == "__main__":
    main()
