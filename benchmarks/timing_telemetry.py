"""How fast is telemetry: points per second from the wire to columns, and a race with telemetry replayed to its end?

`measure` is part of `overcut bench timing`. Run alone: python benchmarks/timing_telemetry.py [--json]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from overcut.domain.session import SessionKind
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.engine import Engine
from overcut.timing.telemetry.columns import CAR_DATA, Message, rows_of
from overcut.timing.telemetry.rows import CHANNELS

ROOT = Path(__file__).resolve().parents[1]
REAL = "data/livetiming/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
POINTS_BAR, REPLAY_BAR_S = 20.0, 2.0
TWO_HOURS_S = 7_200.0

Result = dict[str, object]


def car_data(folder: Path) -> list[Message]:
    """A session's `CarData.z` messages."""
    return [(frame.t_ms, frame.payload) for frame in ArchiveSource(folder).frames() if frame.topic == CAR_DATA]


def best(work: Callable[[], object], times: int = 5) -> float:
    """The least CPU seconds of several runs."""
    taken: list[float] = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def points(messages: Sequence[Message], note: str) -> Result:
    """Millions of channel values a second from base64 text to columns, the compiler's time excluded."""
    rows = rows_of(CAR_DATA, messages, compiled=True)
    took = best(lambda: rows_of(CAR_DATA, messages, compiled=True))
    return {
        "value": round(len(rows) * CHANNELS / took / 1e6, 1),
        "unit": "M points/s",
        "bar": POINTS_BAR,
        "at_most": False,
        "note": f"{note}: {len(rows) * CHANNELS / 1e6:.1f} M points in {took:.3f} s CPU",
    }


def replayed(folder: Path) -> Result:
    """CPU seconds for two hours of a race with telemetry, read from disk and played to its end, state and map asked."""
    length_s = 0.0

    def play() -> None:
        nonlocal length_s
        source = ArchiveSource(folder)
        engine = Engine(source.key, source.kind, source.simulated)
        for frame in source.frames():
            engine.advance(frame)
        engine.state()
        engine.map()
        length_s = engine.t_ms / 1000

    took = best(play, times=3)
    return {
        "value": round(took * TWO_HOURS_S / length_s, 2),
        "unit": "s CPU",
        "bar": REPLAY_BAR_S,
        "note": f"{took:.2f} s for {length_s / 60:.0f} min of a simulated race with all topics, brought to two hours",
    }


def tolerant(messages: Sequence[Message]) -> Result:
    """The same by the path that reads what the scanner refuses."""
    rows = rows_of(CAR_DATA, messages, compiled=False)
    took = best(lambda: rows_of(CAR_DATA, messages, compiled=False), times=3)
    return {
        "value": round(len(rows) * CHANNELS / took / 1e6, 1),
        "unit": "M points/s",
        "bar": None,
        "note": "the path that reads what the scanner refuses",
    }


def compiling(message: Message) -> Result:
    """CPU seconds until the scanner runs for the first time in a process."""
    began = time.process_time()
    rows_of(CAR_DATA, [message], compiled=True)
    return {
        "value": round(time.process_time() - began, 2),
        "unit": "s CPU",
        "bar": None,
        "note": "numba imported and the scanner compiled, or loaded where an earlier process left it",
    }


def measure() -> dict[str, Result]:
    """Every figure by name, of a simulated race; the real recording's only where it is present."""
    with tempfile.TemporaryDirectory() as out:
        folder = simulate_weekend(2025, "spa-francorchamps", 7, Path(out), [SessionKind.RACE])[0]
        messages = car_data(folder)
        results: dict[str, Result] = {
            "telemetry_compiling": compiling(messages[0]),
            "telemetry_columns": points(messages, "a simulated race, 20 cars"),
            "telemetry_columns_tolerant": tolerant(messages[:1_000]),
            "telemetry_race": replayed(folder),
        }
    real = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared") / REAL
    if real.is_dir():
        results["telemetry_columns_real"] = points(car_data(real), "2025 Mexico qualifying")
    return results


def main() -> int:
    """Print the report."""
    print(json.dumps({"bench": "timing_telemetry", "results": measure()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
