"""How long does a newcomer wait: make setup, make demo to a moving board, make test, in fresh copies with Node hidden.

Each target gets a copy of the project's files (what git has or would add) and empty caches, so that everything is
fetched, built and simulated anew. Only Python, make and what a plain system has are on the PATH.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = {"node", "nodejs", "npm", "npx", "corepack", "uv", "uvx", "overcut"}
ADDRESS = re.compile(rb"http://[\w.\[\]:-]+:\d+")
PATIENCE_S = 900


def fresh_copy(folder: Path) -> Path:
    """The project's files in a new git checkout at ``folder``."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603
    return folder


def bare_path(folder: Path) -> str:
    """A PATH with every program of this machine's but Node and what a virtual environment brought."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        if not os.path.isdir(place) or Path(place).is_relative_to(ROOT):
            continue
        for program in os.scandir(place):
            if program.name not in HIDDEN and not os.path.lexists(folder / program.name):
                (folder / program.name).symlink_to(program.path)
    return str(folder)


def bare_environment(folder: Path) -> dict[str, str]:
    """This environment with empty caches, no virtual environment, an empty home of Overcut's, and the bare PATH."""
    kept = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return kept | {
        "PATH": bare_path(folder / "bin"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PIP_CACHE_DIR": str(folder / "cache/pip"),
        "UV_CACHE_DIR": str(folder / "cache/uv"),
        "npm_config_cache": str(folder / "cache/npm"),
        "OVERCUT_HOME": str(folder / "home"),
        "OVERCUT_SHARED": os.environ.get("OVERCUT_SHARED") or str(ROOT.parent / "shared"),
    }


@contextmanager
def newcomer() -> Generator[tuple[Path, dict[str, str]]]:
    """A fresh copy in a folder of its own, and the environment to run it in; removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="overcut cold ", ignore_cleanup_errors=True) as name:
        yield fresh_copy(Path(name) / "overcut"), bare_environment(Path(name))


def seconds_of(target: str) -> tuple[float, str]:
    """Seconds of ``make TARGET`` in a fresh copy, and the last line that it printed.

    Raises:
        RuntimeError: make failed.
    """
    with newcomer() as (folder, environment):
        began = time.perf_counter()
        done = subprocess.run(  # noqa: S603
            ["make", target],  # noqa: S607
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
        took = time.perf_counter() - began
    printed = done.stdout.strip().splitlines() or [""]
    if done.returncode != 0:
        raise RuntimeError(f"make {target}: exit code {done.returncode}: " + " / ".join(printed[-5:]))
    return took, printed[-1]


def fetched(address: str) -> bytes:
    """The body at ``address``."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 -- our own server, http only
        return answer.read()


def moving_after(address: str) -> int:
    """Wait until the session's time moves; how many cars are on the board then."""
    seen: set[int] = set()
    while True:
        key = json.loads(fetched(f"{address}/api/v1/sessions"))[0]["key"]
        state = json.loads(fetched(f"{address}/api/v1/sessions/{key}/state"))
        seen.add(state["t_ms"])
        if len(seen) > 1:
            return len(state["state"]["cars"])
        time.sleep(0.1)


def demo() -> dict[str, object]:
    """Seconds from ``make demo`` to a page and a board that moves, and from Ctrl-C to the end.

    Raises:
        RuntimeError: it ended by itself, or printed no address in time.
    """
    with newcomer() as (folder, environment):
        log = folder.parent / "demo.log"
        began = time.perf_counter()
        with log.open("wb") as out:
            running = subprocess.Popen(
                ["make", "demo", "ARGS=--port 0"],  # noqa: S607
                cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            while (found := ADDRESS.search(log.read_bytes())) is None:
                if running.poll() is not None or time.perf_counter() - began > PATIENCE_S:
                    raise RuntimeError(f"make demo printed no address: {log.read_text()[-400:]}")
                time.sleep(0.05)
            address = found[0].decode()
            page = fetched(address)
            cars = moving_after(address)
            ready = time.perf_counter() - began
            interrupted = time.perf_counter()
            os.killpg(running.pid, signal.SIGINT)
            running.wait(timeout=20)
            ended = time.perf_counter() - interrupted
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
    if b"<html" not in page:
        raise RuntimeError("the demo's address is no page")
    return {
        "demo": {"value": round(ready, 1), "unit": "s", "note": f"to a moving board of {cars} cars"},
        "demo_end": {"value": round(ended, 1), "unit": "s", "bar": 5.0, "note": "from Ctrl-C"},
    }


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--only", choices=("setup", "demo", "test"), help="one of them")
    only: str | None = parser.parse_args().only
    results: dict[str, object] = {}
    if only in (None, "setup"):
        results["setup"] = {"value": round(seconds_of("setup")[0], 1), "unit": "s"}
    if only in (None, "demo"):
        results |= demo()
    if only in (None, "test"):
        took, last = seconds_of("test")
        results["test"] = {"value": round(took, 1), "unit": "s", "note": last.strip("= ")}
    print(json.dumps({"bench": "cold_start", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
