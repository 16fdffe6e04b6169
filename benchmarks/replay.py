"""Does the real 2018 race replay right and fast: the true order, CPU seconds, and the same bytes at another speed.

Without the recordings (``OVERCUT_SHARED`` or ``../shared``) there is nothing to measure and the script leaves with 3.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RACE = "data/livetiming/static/2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race"
TRUE_ORDER = "HAM RAI PER VET SAI LEC ALO STR VAN HAR ERI GAS MAG BOT GRO VER RIC HUL OCO SIR".split()  # noqa: SIM905 -- reads better
CPU_BAR_S = 2.0


def replayed(race: Path, speed: str, *flags: str) -> tuple[bytes, float]:
    """Standard output of ``overcut replay`` and the CPU seconds (user and system) that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-m", "overcut.cli.main", "replay", str(race), "--speed", speed, *flags],
        check=True,
        stdout=subprocess.PIPE,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def at_full_speed(race: Path) -> dict[str, object]:
    """Order and CPU time at ``--speed max``, best of three; the events' bytes twice."""
    runs = [replayed(race, "max", "--json") for _ in range(3)]
    order = [row["code"] for row in json.loads(runs[0][0])["cars"]]
    right = sum(was == truth for was, truth in zip(order, TRUE_ORDER, strict=False))
    once, again = (replayed(race, "max", "--events")[0] for _ in range(2))
    return {
        "classified_right": {"value": right, "unit": "of 20 cars", "bar": len(TRUE_ORDER), "at_most": False},
        "cpu": {"value": round(min(cpu for _, cpu in runs), 3), "unit": "s CPU", "bar": CPU_BAR_S},
        "differing_bytes": {"value": differing(once, again), "unit": "bytes", "bar": 0, "note": "two runs' events"},
    }


def paced(race: Path) -> dict[str, object]:
    """The same bytes at 50 times real time as at full speed."""
    fast = replayed(race, "max", "--events", "--json")[0]
    slow, cpu = replayed(race, "50", "--events", "--json")
    return {
        "differing_bytes": {"value": differing(fast, slow), "unit": "bytes", "bar": 0, "note": f"of {len(fast):,}"},
        "cpu": {"value": round(cpu, 2), "unit": "s CPU", "bar": None},
    }


def differing(left: bytes, right: bytes) -> int:
    """How many bytes differ, the difference in length included."""
    return sum(a != b for a, b in zip(left, right, strict=False)) + abs(len(left) - len(right))


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--paced", action="store_true", help="compare 50x with full speed (some three minutes)")
    chosen = parser.parse_args()
    race = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared") / RACE
    if not race.is_dir():
        print("the recording of the 2018 Azerbaijan race is absent (set OVERCUT_SHARED)", file=sys.stderr)
        return 3
    results = paced(race) if chosen.paced else at_full_speed(race)
    print(json.dumps({"bench": "replay", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
