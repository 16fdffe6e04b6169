"""How fast and how large is the lake: an import, one lap's telemetry, an aggregate over all laps, SQL from outside.

With the real tables (``OVERCUT_SHARED`` or ``../shared``): all of F1DB and all timing tables are imported into an empty
lake, then a session with telemetry. Without them the simulated race alone. Each figure is given as wall time and as the
CPU time of this process, for a machine that does other things as well.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypedDict

import polars as pl

from overcut.lake import Lake
from overcut.lake.sql.desk import SqlDesk
from overcut.lake.store.verifying import verify
from overcut.runtime.imports.history import import_f1db
from overcut.runtime.imports.timing import import_timing
from overcut.runtime.lake_sessions import add_session
from overcut.runtime.simulated_home import simulated_race
from overcut.sources.opening import open_source

ROOT = Path(__file__).resolve().parents[1]
IMPORT_BAR_S = 60.0
LAP_BAR_MS = 30.0
SEASON_BAR_MS = 300.0
TIMES = 15

SEASON = """
SELECT season, driver, count(*) AS laps, median(lap_time_s) AS median_s, min(lap_time_s) AS best_s,
       avg(speed_st) AS trap_kmh
FROM laps GROUP BY season, driver ORDER BY season, driver
"""


class Figure(TypedDict, total=False):
    """A figure as ``bars.py`` reads it."""

    value: float
    unit: str
    bar: float
    note: str


class Took(NamedTuple):
    """Wall and CPU time."""

    wall_s: float
    cpu_s: float


def took(work: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def figures(name: str, runs: list[Took], bar_ms: float | None, note: str) -> dict[str, Figure]:
    """The slowest but one in twenty, and the median's CPU time."""
    wall = sorted(run.wall_s for run in runs)
    cpu = sorted(run.cpu_s for run in runs)
    shown: Figure = {"value": round(wall[int(len(wall) * 0.95)] * 1000, 2), "unit": "ms", "note": f"95 %; {note}"}
    if bar_ms is not None:
        shown["bar"] = bar_ms
    return {
        name: shown,
        f"{name}_cpu": {"value": round(cpu[len(cpu) // 2] * 1000, 2), "unit": "ms CPU", "note": "median"},
    }


def imports(lake: Lake, shared: Path) -> dict[str, Figure]:
    """Everything that the project's bar names, into an empty lake."""
    history = took(lambda: import_f1db(lake, shared / "data/history/f1db-sqlite.zip"))
    timing = took(lambda: import_timing(lake, shared / "data/timing"))
    parts = lake.manifest().parts
    rows = sum(part.rows for part in parts)
    wall_s = history.wall_s + timing.wall_s
    size_mb = sum(part.bytes for part in parts) / 1e6
    return {
        "import_all": {"value": round(wall_s, 1), "unit": "s", "bar": IMPORT_BAR_S, "note": f"{rows:,} rows"},
        "import_all_cpu": {"value": round(history.cpu_s + timing.cpu_s, 1), "unit": "s CPU"},
        "import_rate": {"value": round(rows / wall_s), "unit": "rows/s"},
        "size": {"value": round(size_mb, 1), "unit": "MB", "note": f"{size_mb * 1e6 / rows:.1f} bytes a row"},
    }


def one_lap(lake: Lake, key: str) -> dict[str, Figure]:
    """Every tenth lap of a session, read once each."""
    laps = lake.read("telemetry", [key], columns=["driver_number", "lap"]).unique().sort("driver_number", "lap")
    chosen = laps.gather_every(max(1, laps.height // 40)).rows()

    def read(number: str, lap: int) -> pl.DataFrame:
        return lake.read("telemetry", [key], where=(pl.col("driver_number") == number) & (pl.col("lap") == lap))

    def ask(number: str, lap: int) -> pl.DataFrame:
        asked = "SELECT * FROM telemetry WHERE session_key = $k AND driver_number = $n AND lap = $l"
        return lake.query(asked, {"k": key, "n": number, "l": lap})

    first = took(lambda: read(*chosen[0]))
    by_read = [took(lambda n=n, lap=lap: read(n, lap)) for n, lap in chosen]
    ask(*chosen[0])
    by_sql = [took(lambda n=n, lap=lap: ask(n, lap)) for n, lap in chosen]
    note = f"{len(chosen)} laps of {key}"
    return {
        **figures("lap_telemetry", by_read, LAP_BAR_MS, f"{note}; the very first {first.wall_s * 1000:.0f} ms"),
        **figures("lap_telemetry_sql", by_sql, LAP_BAR_MS, note),
    }


def aggregate(lake: Lake) -> dict[str, Figure]:
    """Count, median, best and trap speed of each driver in each season, over every lap there is."""
    opened = took(lambda: lake.query("SELECT 1"))
    laps = lake.query("SELECT count(*) FROM laps").item()
    runs = [took(lambda: lake.query(SEASON)) for _ in range(TIMES)]
    found = figures("season_aggregate", runs, SEASON_BAR_MS, f"{laps:,} laps")
    with SqlDesk(lake.folder, workers=1) as desk:
        started = took(lambda: desk.ask("SELECT 1"))
        asked = [took(lambda: desk.ask(SEASON)) for _ in range(TIMES)]
    return {
        "catalogue": {"value": round(opened.wall_s * 1000), "unit": "ms", "note": "the first query of a process"},
        **found,
        "season_aggregate_guarded": figures("x", asked, SEASON_BAR_MS, "by overcut sql's worker")["x"],
        "worker_start": {"value": round(started.wall_s * 1000), "unit": "ms", "note": "the first guarded question"},
    }


def measured(folder: Path) -> dict[str, Figure]:
    lake = Lake(folder / "lake")
    shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared")
    found: dict[str, Figure] = {}
    if (shared / "data/timing").is_dir():
        found |= imports(lake, shared)
    source = open_source(simulated_race(folder, season=2025, circuit="monza", seed=5))
    added = took(lambda: add_session(lake, source))
    found["add_session"] = {"value": round(added.wall_s, 1), "unit": "s", "note": "a simulated race with telemetry"}
    checked = took(lambda: verify(Lake(lake.folder)))
    found["verify"] = {"value": round(checked.wall_s, 2), "unit": "s", "note": "every byte of every file"}
    return found | aggregate(lake) | one_lap(lake, lake.units("telemetry")[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = measured(Path(folder))
    if chosen.json:
        print(json.dumps({"bench": "lake", "results": results}))
        return
    for name, figure in results.items():
        print(f"{name:28} {figure.get('value')} {figure.get('unit')}  {figure.get('note', '')}")


if __name__ == "__main__":
    main()
