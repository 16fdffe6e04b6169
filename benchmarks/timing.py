"""How fast is the decoder: against FastF1, against orjson with a naive merge, telemetry, seeking, a whole race?

CPU time of one process on one core; each figure is the least of several runs, and what is compared runs in turns in the
same process. Without the recordings (``OVERCUT_SHARED`` or ``../shared``) the comparisons are left out and said to be.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

import timing_telemetry
from overcut.domain.frame import Frame
from overcut.sources.archive import ArchiveSource
from overcut.timing.engine import Engine
from overcut.timing.rewind import Rewinding
from seek import seek_figures

ROOT = Path(__file__).resolve().parents[1]
RACE = "data/livetiming/static/2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race"
RUNS = 5
FASTF1_BAR, NAIVE_BAR = 5.0, 1 / 3

Result = dict[str, object]


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    began = time.process_time()
    work()
    return time.process_time() - began


def whole_race(folder: Path) -> tuple[int, int]:
    """From the files to full state, laps and stints; how many laps and stints there are."""
    source = ArchiveSource(folder)
    engine = Engine(source.key, source.kind, source.simulated)
    for frame in source.frames():
        engine.advance(frame)
    state = engine.state()
    return len(engine.laps()), sum(len(car.stints) for car in state.cars.values())


def naive_merge(state: Any, patch: Any) -> Any:
    """Merge as the feed does, and no more: objects by key, lists by index, anything else replaced."""
    if isinstance(patch, dict) and isinstance(state, dict):
        for key, value in patch.items():
            state[key] = naive_merge(state.get(key), value)
        return state
    if isinstance(patch, dict) and isinstance(state, list):
        for key, value in patch.items():
            index = int(key)
            state.extend([None] * (index + 1 - len(state)))
            state[index] = naive_merge(state[index], value)
        return state
    return patch


def naively(frames: list[Frame]) -> None:
    """orjson and `naive_merge`: one dictionary of dictionaries, nothing typed, nothing derived."""
    state: object = {}
    for frame in frames:
        state = naive_merge(state, orjson.loads(frame.payload))


def against_fastf1(folder: Path) -> dict[str, Result]:
    """Ratios to FastF1's parser functions, and to its whole ``Session.load``, in the same run."""
    import timing_fastf1  # noqa: PLC0415 -- half a second and a log of its own: only where it is compared

    timing_fastf1.offline(folder)
    ours, parser, load, laps = list[float](), list[float](), list[float](), 0
    for _ in range(RUNS):
        ours.append(cpu_s(lambda: whole_race(folder)))
        parser.append(timing_fastf1.parser_s())
        ours.append(cpu_s(lambda: whole_race(folder)))
        took, laps = timing_fastf1.load_s()
        load.append(took)
    own_laps, own_stints = whole_race(folder)
    told = f"{own_laps} laps, {own_stints} stints in {min(ours):.3f} s CPU; FastF1"
    return {
        "race_against_fastf1_parser": {
            "value": round(min(parser) / min(ours), 2),
            "unit": "times as fast",
            "bar": FASTF1_BAR,
            "at_most": False,
            "note": f"{told} {min(parser):.3f} s for {', '.join(timing_fastf1.PARSERS)}",
            "peer": "FastF1 parser functions",
            "peer_value": round(min(parser), 3),
        },
        "race_against_fastf1_load": {
            "value": round(min(load) / min(ours), 2),
            "unit": "times as fast",
            "bar": FASTF1_BAR,
            "at_most": False,
            "note": f"{told} {min(load):.3f} s for Session.load(telemetry=False), {laps} laps",
            "peer": "FastF1 Session.load",
            "peer_value": round(min(load), 3),
        },
    }


def against_naive_merge(folder: Path) -> dict[str, Result]:
    """Messages a second of `TimingData`, against orjson with a naive merge; the cost of taking late frames."""
    source = ArchiveSource(folder)
    frames = [frame for frame in source.frames() if frame.topic == "TimingData"]
    every = list(source.frames())

    def engine(told: list[Frame]) -> None:
        session = Engine(source.key, source.kind)
        for frame in told:
            session.advance(frame)

    def rewinding() -> None:
        session = Rewinding(source.key, source.kind)
        for frame in every:
            session.advance(frame)

    naive, ours, plain, ready = list[float](), list[float](), list[float](), list[float]()
    for _ in range(RUNS):
        naive.append(cpu_s(lambda: naively(frames)))
        ours.append(cpu_s(lambda: engine(frames)))
        plain.append(cpu_s(lambda: engine(every)))
        ready.append(cpu_s(rewinding))
    rate, peer = len(frames) / min(ours), len(frames) / min(naive)
    return {
        "messages": {
            "value": round(rate / peer, 3),
            "unit": "of orjson and a naive merge",
            "bar": round(NAIVE_BAR, 3),
            "at_most": False,
            "note": f"{rate / 1000:.0f} k messages/s ({1e6 / rate:.1f} us each), naive merge {peer / 1000:.0f} k/s",
            "peer": "orjson and a naive merge",
            "peer_value": round(peer),
        },
        "ready_for_late_frames": {
            "value": round(min(ready) / min(plain) - 1, 3),
            "unit": "more CPU than the engine alone",
            "bar": None,
            "note": f"the whole race in order: {min(ready):.3f} s against {min(plain):.3f} s",
        },
    }


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.parse_args()
    results: dict[str, object] = {}
    folder = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared") / RACE
    if folder.is_dir():
        results |= against_fastf1(folder) | against_naive_merge(folder)
    else:
        print("the 2018 Azerbaijan race is absent (set OVERCUT_SHARED): no comparison is made", file=sys.stderr)
    results |= timing_telemetry.measure()
    results |= {f"seek_{name}": figure for name, figure in seek_figures(with_rush=False).items()}
    print(json.dumps({"bench": "timing", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
