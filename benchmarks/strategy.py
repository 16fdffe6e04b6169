"""How long do ten thousand simulated races take on one core, and how long a first call, against plain Python?

Run: python benchmarks/strategy.py --json [--races 10000] [--by-hand 3] [--cold]

Times are CPU time of the whole `simulate` call on one thread (lowering, play, outcome), the best of several: other work
on the machine only ever adds. Everything is on, and every estimate is drawn anew for each race. The plain Python loop
is the reference that the tests compare with to the millisecond (``tests/strategy/simulator/reference.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from overcut.strategy.model import Race, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import simulate
from overcut.strategy.simulator.chance import luck
from overcut.strategy.simulator.lowering import lowered

ROOT = Path(__file__).resolve().parents[1]
CARS, LAPS = 20, 60
FIRST_CALL = """
import time
began, cpu = time.perf_counter(), time.process_time()
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import simulate
loaded, loaded_cpu = time.perf_counter(), time.process_time()
simulate(generic_race(20, 60), races=250, threads=1)
print(time.perf_counter() - loaded, time.process_time() - loaded_cpu, loaded - began, loaded_cpu - cpu)
"""


def parameters_race(choice: str) -> tuple[Race, str]:
    """The race that is simulated: with the shipped parameters where there are any, else a generic one."""
    if choice == "generic":
        return generic_race(CARS, LAPS), "generic parameters"
    from overcut.strategy.parameters import shipped  # noqa: PLC0415 -- the part that may be left out

    race = generic_race(CARS, LAPS)
    circuit = shipped().circuit(choice, 2025, LAPS)
    return Race(circuit, race.cars, race.states), f"shipped parameters of {choice}"


def fastest(race: Race, races: int, times: int) -> float:
    """CPU seconds of a call, the best of some."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        simulate(race, races=races, threads=1)
        best = min(best, time.process_time() - began)
    return best


def by_hand(race: Race, races: int) -> float:
    """CPU seconds of a race in plain Python."""
    sys.path.insert(0, str(ROOT))
    from tests.strategy.simulator.reference import RaceByHand  # noqa: PLC0415 -- only found from here

    low, words = lowered(race, Scenario()), luck(0, races)
    began = time.process_time()
    for number in range(races):
        RaceByHand(low, words[number]).play()
    return (time.process_time() - began) / races


def first_calls(cold: bool) -> tuple[list[float], float | None]:
    """Seconds and CPU seconds of a new process's first call from a warm cache, and of imports; the cold one's CPU."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder} if cold else dict(os.environ)
        runs: list[list[float]] = []
        for _ in range(2):
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-c", FIRST_CALL], capture_output=True, text=True, check=True, env=environment
            )
            runs.append([float(part) for part in done.stdout.split()])
    return runs[1], runs[0][1] if cold else None


def same_bytes(race: Race) -> bool:
    """Whether one thread, two and five give the same."""
    one, two, five = (simulate(race, races=1_000, seed=3, threads=n)[0] for n in (1, 2, 5))
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name in {"time_s", "mean_lap_s"})
        for other in (two, five)
        for name in ("position", "time_s", "retired", "stops", "fan", "neutral_laps", "mean_lap_s")
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON (it always does)")
    parser.add_argument("--races", type=int, default=10_000)
    parser.add_argument("--by-hand", type=int, default=3, help="races in plain Python")
    parser.add_argument("--circuit", default="generic", help="an F1DB circuit id, for the shipped parameters")
    parser.add_argument("--cold", action="store_true", help="measure compiling as well")
    chosen = parser.parse_args()
    race, what = parameters_race(chosen.circuit)
    simulate(race, races=64, threads=1)
    ours = fastest(race, chosen.races, 9) * 10_000 / chosen.races
    python = by_hand(race, chosen.by_hand) * 10_000
    first, cold = first_calls(chosen.cold)
    picture = fastest(race, 250, 9)
    results: dict[str, dict[str, object]] = {
        "ten_thousand_races": {
            "value": round(ours, 4),
            "unit": "s of CPU",
            "bar": 0.10,
            "note": f"{CARS} cars, {LAPS} laps, {what}; {ours / (10_000 * CARS * LAPS) * 1e9:.1f} ns a car and lap",
            "peer": "the same model in plain Python",
            "peer_value": round(python, 1),
            "ratio": round(python / ours, 0),
        },
        "first_call_from_cache": {
            "value": round(first[1], 2),
            "unit": "s of CPU",
            "bar": 3.0,
            "note": f"{first[0]:.2f} s by the clock; imports before it {first[3]:.2f} s of CPU",
        },
        "first_picture_250_races": {"value": round(picture * 1000, 1), "unit": "ms of CPU", "bar": 100.0},
        "same_bytes_on_1_2_5_threads": {
            "value": float(same_bytes(race)),
            "unit": "yes",
            "bar": 1.0,
            "at_most": False,
        },
    }
    if cold is not None:
        results["compiling"] = {"value": round(cold, 1), "unit": "s of CPU", "note": "once per installation and change"}
    print(json.dumps({"bench": "strategy", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
