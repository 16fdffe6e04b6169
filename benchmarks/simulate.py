"""How much faster than the race itself is a simulated one written, telemetry included, by CPU time?

Run: python benchmarks/simulate.py --json [--circuit monza] [--season 2025] [--seeds 3]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from overcut.domain.session import SessionKind
from overcut.sources.simulated.weekend import simulate_weekend

BAR = 100.0


def measure(circuit: str, season: int, seed: int) -> dict[str, object]:
    """One race: its own length over the CPU seconds that writing it took."""
    with tempfile.TemporaryDirectory() as out:
        began = time.process_time()
        folder = simulate_weekend(season, circuit, seed, Path(out), [SessionKind.RACE])[0]
        cpu_s = time.process_time() - began
        size = sum(file.stat().st_size for file in folder.iterdir())
        stamp = (folder / "Heartbeat.jsonStream").read_bytes().split(b"\r\n")[-2][:8].decode()
    hours, minutes, seconds = (int(part) for part in stamp.split(":"))
    race_s = hours * 3600 + minutes * 60 + seconds
    return {
        "value": round(race_s / cpu_s, 1),
        "unit": "times faster than the race",
        "bar": BAR,
        "at_most": False,
        "note": f"{race_s} s of session in {cpu_s:.1f} s CPU, {size / 1e6:.1f} MB",
    }


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--circuit", default="monza")
    parser.add_argument("--season", type=int, default=2025)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    results = {
        f"{chosen.circuit}_{chosen.season}_seed_{seed}": measure(chosen.circuit, chosen.season, seed)
        for seed in range(1, chosen.seeds + 1)
    }
    print(json.dumps({"bench": "simulate", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
