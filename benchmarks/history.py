"""How fast are history's answers over HTTP, and how long does the first one take after an import?

The lake holds F1DB (``OVERCUT_SHARED`` or ``../shared``); without it, the small invented championship of the tests, and
the figures say so. A real server answers a few hundred different questions of every kind, one after the other, each
asked once: nothing is answered from memory of the same question. Then the same again, as a web page would.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import NotRequired, TypedDict

import httpx

from overcut.lake import Lake
from overcut.lake.history.book import Book
from overcut.lake.history.records import records
from overcut.runtime.imports.history import import_f1db
from websocket_load import free_port

ROOT = Path(__file__).resolve().parents[1]
BAR_MS = 50.0
FIRST_BAR_MS = 1_000.0
API = "/api/v1/history"
WAIT_S = 30.0


class Figure(TypedDict):
    """A figure as ``bars.py`` reads it."""

    value: float
    unit: str
    bar: NotRequired[float]
    note: NotRequired[str]


def fill(home: Path) -> tuple[Lake, str]:
    """A lake with history in a home folder, and what it holds."""
    lake = Lake(home / "lake")
    shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared")
    archive = shared / "data/history/f1db-sqlite.zip"
    if archive.is_file():
        import_f1db(lake, archive)
        return lake, "F1DB"
    sys.path.insert(0, str(ROOT))
    write_f1db = import_module("tests.history_data").write_f1db
    write_f1db(home / "small.db")
    import_f1db(lake, home / "small.db")
    return lake, "an invented championship (no F1DB here)"


def questions(book: Book, seed: int = 1) -> dict[str, list[str]]:
    """Different questions of each kind; none is asked twice."""
    random = Random(seed)  # noqa: S311 -- the same questions every time

    def some(keys: Sequence[str], count: int) -> list[str]:
        return random.sample(list(keys), min(count, len(keys)))

    started = [key for key, entries in book.by_driver.items() if len(entries) >= 20] or list(book.by_driver)
    races = [f"{race.season}/{race.round}" for race in book.run]
    pairs = list(zip(some(started, 60), some(started, 60), strict=True))
    words = [f"{book.drivers[key].last_name} {year}" for key, year in zip(started, book.seasons * 9, strict=False)]
    lists = [f"{item.name}?of={of}" for item in records().items for of in item.of if of not in {"races", "seasons"}]
    seasons = [str(year) for year in book.seasons]
    return {
        "race": [f"/races/{race}" for race in some(races, 80)],
        "season": [f"/seasons/{year}" for year in some(seasons, 40)],
        "standings": [f"/seasons/{race.replace('/', '/standings?after=')}" for race in some(races, 60)],
        "progress": [f"/seasons/{year}/progress" for year in some(seasons, 40)],
        "team_mates": [f"/seasons/{year}/team-mates" for year in some(seasons, 40)],
        "driver": [f"/drivers/{key}" for key in some(started, 80)],
        "results": [f"/drivers/{key}/results" for key in some(started, 40)],
        "constructor": [f"/constructors/{key}" for key in some(list(book.by_constructor), 60)],
        "circuit": [f"/circuits/{key}" for key in some(list(book.races_by_circuit), 40)],
        "grand_prix": [f"/grands-prix/{key}" for key in some(list(book.races_by_grand_prix), 30)],
        "record": [f"/records/{name}" for name in some(lists, 150)],
        "head_to_head": [f"/head-to-head?a={a}&b={b}" for a, b in pairs if a != b],
        "eras": [
            f"/eras?metric={metric}&least={least}" for metric in ("wins", "poles", "podiums") for least in (10, 40)
        ],
        "search": [f"/search?q={text}" for text in some(words, 60)],
    }


def asked(client: httpx.Client, path: str) -> float:
    """Milliseconds until the whole answer is here."""
    began = time.perf_counter()
    answer = client.get(API + path)
    took = (time.perf_counter() - began) * 1000
    if not answer.is_success:
        raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
    return took


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def cpu_s(process: int) -> float | None:
    """CPU seconds that a process has used; None where the system has no ``/proc``."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return None
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def measure(url: str, asking: dict[str, list[str]], held: str, process: int) -> dict[str, Figure]:
    """Ask everything once in a random order, then again."""
    everything = [(kind, path) for kind, paths in asking.items() for path in paths]
    Random(2).shuffle(everything)  # noqa: S311 -- the same order every time
    with httpx.Client(base_url=url, timeout=60.0) as client:
        first = asked(client, "/seasons")
        used = [cpu_s(process)]
        fresh = [(kind, asked(client, path)) for kind, path in everything]
        used.append(cpu_s(process))
        again = [asked(client, path) for _, path in everything]
        used.append(cpu_s(process))
    found: dict[str, Figure] = {
        "first_answer": {
            "value": round(first, 1), "unit": "ms", "bar": FIRST_BAR_MS, "note": "history is read from the lake",
        },
        "p95": {
            "value": round(p95([took for _, took in fresh]), 1),
            "unit": "ms",
            "bar": BAR_MS,
            "note": f"{len(fresh)} different questions of {held}, each asked for the first time",
        },
        "p95_again": {"value": round(p95(again), 1), "unit": "ms", "bar": BAR_MS, "note": "the same, asked again"},
        "slowest": {"value": round(max(took for _, took in fresh), 1), "unit": "ms"},
    }  # fmt: skip
    for name, before, after in zip(("cpu", "cpu_again"), used, used[1:], strict=False):
        if before is not None and after is not None:
            spent = (after - before) * 1000 / len(everything)
            found[name] = {"value": round(spent, 2), "unit": "ms", "note": "of the server's CPU for one answer"}
    for kind in asking:
        took = [ms for of, ms in fresh if of == kind]
        found[f"p95_{kind}"] = {"value": round(p95(took), 1), "unit": "ms", "bar": BAR_MS, "note": f"of {len(took)}"}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        lake, held = fill(home)
        asking = questions(Book(lake))
        port = free_port()
        environment = {**os.environ, "OVERCUT_HOME": str(home)}
        command = [sys.executable, "-m", "overcut.cli.main", "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            wait(url)
            figures = measure(url, asking, held, server.pid)
        finally:
            server.terminate()
            server.wait(10)
    if chosen.json:
        print(json.dumps({"bench": "history", "results": figures}))
    else:
        for name, figure in figures.items():
            print(f"{name:20} {figure['value']:>8} {figure['unit']}  {figure.get('note', '')}")


def wait(url: str) -> None:
    """Until the server answers."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/healthz").status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main()
