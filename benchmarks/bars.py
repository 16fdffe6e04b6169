"""Does Overcut clear its bars on this machine: runs every registered measurement and writes the figures down.

``python benchmarks/bars.py --write docs/bars.json`` runs all of them; ``--short`` leaves the soaks out; names choose
some. Each measurement is a script beside this one that prints one JSON object (see `Report`). Leaves with 1 when a bar
is missed or a measurement could not be made.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Figure(msgspec.Struct, omit_defaults=True):
    """One measured value and its bar: passed when ``value`` is at most (``at_most``) or at least ``bar``."""

    value: float
    unit: str
    bar: float | None = None
    at_most: bool = True
    note: str = ""
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    passed: bool | None = None


class Report(msgspec.Struct):
    """What a measurement prints: its name and its figures by case."""

    bench: str
    results: dict[str, Figure]


class Measured(msgspec.Struct, omit_defaults=True):
    """A measurement as it is recorded: when, of which commit, how long it took, its figures, or why there are none."""

    at: str
    commit: str
    took_s: float
    results: dict[str, Figure] = {}
    failed: str = ""


class Machine(msgspec.Struct):
    """Where the figures were measured."""

    cores: int
    processor: str
    system: str
    python: str


class Bars(msgspec.Struct):
    """The document ``docs/bars.json``."""

    machine: Machine
    measurements: dict[str, Measured]


class Bar(NamedTuple):
    """A registered measurement: script and arguments, whether it is short, and its limit in seconds."""

    script: str
    arguments: tuple[str, ...] = ()
    short: bool = True
    limit_s: int = 300


BARS: dict[str, Bar] = {
    "command_line": Bar("command_line.py"),
    "replay": Bar("replay.py"),
    "replay_50x": Bar("replay.py", ("--paced",), short=False, limit_s=600),
    "lap_agreement": Bar("lap_agreement.py"),
    "tables": Bar("tables.py", ("--sprints",), short=False, limit_s=900),
    "timing": Bar("timing.py", limit_s=900),
    "chaos": Bar("chaos.py", short=False, limit_s=3600),
    "fuzz": Bar("fuzz.py", short=False, limit_s=3600),
    "simulate": Bar("simulate.py"),
    "seek": Bar("seek.py"),
    "lake": Bar("lake.py", limit_s=900),
    "history": Bar("history.py"),
    "championship": Bar("championship.py", short=False, limit_s=900),
    "pace": Bar("pace.py", short=False, limit_s=900),
    "strategy": Bar("strategy.py"),
    "features": Bar("features.py", short=False, limit_s=900),
    "strategy_fit": Bar("strategy_fit.py", short=False, limit_s=900),
    "strategy_marginals": Bar("strategy_marginals.py", short=False, limit_s=3600),
    "famous_what_ifs": Bar("famous_what_ifs.py", short=False, limit_s=3600),
    "stop_windows": Bar("stop_windows.py"),
    "strategy_backtest": Bar("strategy_backtest.py", short=False, limit_s=3600),
    "strategy_optimiser": Bar("strategy_optimiser.py", short=False, limit_s=7200),
    "live_latency": Bar("live_latency.py", short=False, limit_s=600),
    "websocket_load": Bar("websocket_load.py", short=False, limit_s=900),
    "cold_start": Bar("cold_start.py", short=False, limit_s=1800),
}
"""Every measurement, in the order in which they run."""


def judged(figure: Figure) -> Figure:
    """The figure with its verdict; none where it has no bar."""
    if figure.bar is None:
        return figure
    passed = figure.value <= figure.bar if figure.at_most else figure.value >= figure.bar
    return msgspec.structs.replace(figure, passed=passed)


def measure(bar: Bar) -> Measured:
    """Run one script and read its report; a failure is recorded, not raised."""
    at, of = datetime.now(UTC).isoformat(timespec="seconds"), commit()
    began = time.perf_counter()
    command = [sys.executable, str(HERE / bar.script), "--json", *bar.arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=bar.limit_s, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Measured(at, of, bar.limit_s, failed=f"not done after {bar.limit_s} s")
    took_s = round(time.perf_counter() - began, 1)
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
        return Measured(at, of, took_s, failed=f"exit code {done.returncode}: {' / '.join(last)}")
    try:
        report = msgspec.json.decode(done.stdout, type=Report)
    except msgspec.DecodeError as error:
        return Measured(at, of, took_s, failed=f"its output is no report: {error}")
    return Measured(at, of, took_s, {case: judged(figure) for case, figure in report.results.items()})


def commit() -> str:
    """The commit that is checked out, with a + where files differ from it; empty outside a git checkout."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout.strip()


def machine() -> Machine:
    """This machine, without anything that names it."""
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def lines(name: str, measured: Measured) -> list[str]:
    """A measurement in words, one line a figure."""
    if measured.failed:
        return [f"FAILED  {name}: {measured.failed}"]
    marks = {True: "passed", False: "MISSED", None: "      "}
    out: list[str] = []
    for case, figure in measured.results.items():
        bar = "" if figure.bar is None else f"  (bar: {'at most' if figure.at_most else 'at least'} {figure.bar:g})"
        note = f"  {figure.note}" if figure.note else ""
        out.append(f"{marks[figure.passed]}  {name}.{case}: {figure.value:g} {figure.unit}{bar}{note}")
    return out


def main() -> int:
    """Run the chosen measurements; print, and on request write, their figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BARS)}")
    parser.add_argument("--short", action="store_true", help="leave out soaks and load runs")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures there (others in it are kept)")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(BARS))
    if unknown:
        parser.error(f"no measurement is called {', '.join(unknown)}; there are {', '.join(BARS)}")

    measurements: dict[str, Measured] = {}
    if chosen.write and chosen.write.is_file():
        measurements = msgspec.json.decode(chosen.write.read_bytes(), type=Bars).measurements
    good = True
    for name, bar in BARS.items():
        if (chosen.names and name not in chosen.names) or (chosen.short and not bar.short):
            continue
        measured = measure(bar)
        measurements[name] = measured
        good = good and not measured.failed and all(f.passed is not False for f in measured.results.values())
        print("\n".join(lines(name, measured)), flush=True)
    if chosen.write:
        document = msgspec.json.encode(Bars(machine(), measurements))
        chosen.write.write_bytes(msgspec.json.format(document, indent=2) + b"\n")
        print(f"written to {chosen.write}")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
