"""How much faster than the race itself is a simulated one written? Bar: at least 100 times, telemetry included.

Run: python benchmarks/simulate.py [--circuit monza] [--season 2025] [--seeds 3]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from overcut.domain.session import SessionKind
from overcut.sources.simulated.weekend import simulate_weekend

BAR = 100.0


def measure(circuit: str, season: int, seed: int) -> dict[str, float]:
    """CPU and wall seconds of one race, its own length in seconds, and the ratio."""
    with tempfile.TemporaryDirectory() as out:
        cpu, wall = time.process_time(), time.perf_counter()
        folder = simulate_weekend(season, circuit, seed, Path(out), [SessionKind.RACE])[0]
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        size = sum(file.stat().st_size for file in folder.iterdir())
        stamp = (folder / "Heartbeat.jsonStream").read_bytes().split(b"\r\n")[-2][:8].decode()
    hours, minutes, seconds = (int(part) for part in stamp.split(":"))
    race_s = hours * 3600 + minutes * 60 + seconds
    return {
        "seed": seed,
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "session_s": race_s,
        "times_faster": round(race_s / cpu, 1),
        "megabytes": round(size / 1e6, 1),
    }


def main() -> int:
    """Print one JSON object; exit status 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--circuit", default="monza")
    parser.add_argument("--season", type=int, default=2025)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    runs = [measure(options.circuit, options.season, seed) for seed in range(1, options.seeds + 1)]
    worst = min(run["times_faster"] for run in runs)
    print(json.dumps({"bar": BAR, "worst": worst, "met": worst >= BAR, "runs": runs}, indent=2))
    return 0 if worst >= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
