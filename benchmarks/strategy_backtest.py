"""Are simulated races right: how well final places of real races were forecast, and whether what is said is calibrated.

Run: python benchmarks/strategy_backtest.py --json [--data DIR] [--from 2023-01-01] [--to 2025-07-31] [--races 10000]
Needs the folder of real timing and history (`OVERCUT_SHARED`, or ``shared`` beside the project).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

from overcut.kernel.settings import Settings
from overcut.runtime.backtest import strategy_backtest
from overcut.strategy.backtest import BacktestPlan, BacktestReport

ROOT = Path(__file__).resolve().parents[1]
NARROWEST, WIDEST = 0.77, 0.83
FLAT_P = 0.05


def results(report: BacktestReport) -> dict[str, dict[str, object]]:
    """The bars of calibration and of the comparison with each baseline, pooled over 25, 50 and 75 %."""
    ours = report.models["overcut"]
    size = f"{report.races} races, {report.n} forecasts of a car"
    covered, low, high = ours["cover80"]
    found: dict[str, dict[str, object]] = {
        "cover80_least": figure(covered, "share", NARROWEST, at_most=False, note=f"{size}; 95 %: {low} to {high}"),
        "cover80_most": figure(covered, "share", WIDEST, note=f"95 %: {low} to {high}"),
        "pit_flat_p": figure(report.flatness["all"], "p", FLAT_P, at_most=False, note=f"by stage {report.flatness}"),
        "leak_tests_failed": figure(sum(one != "passed" for one in report.leak_tests.values()), "tests", 0),
    }
    for name, other in report.differences.items():
        for metric in ("log_loss", "crps"):
            value, low, high = other[metric]
            theirs = report.models[name][metric][0]
            note = f"{ours[metric][0]} against {theirs}; 95 % of the difference: {low} to {high}"
            found[f"{metric}_less_{name}"] = figure(value, "difference", 0.0, note=note) | {
                "peer": name,
                "peer_value": theirs,
            }
    return found


def figure(value: float, unit: str, bar: float, *, at_most: bool = True, note: str = "") -> dict[str, object]:
    """One figure with its bar."""
    return {"value": value, "unit": unit, "bar": bar, "at_most": at_most, "note": note}


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("OVERCUT_SHARED", ROOT.parent / "shared")) / "data"
    )
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date(2023, 1, 1))
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=date(2025, 7, 31))
    parser.add_argument("--races", type=int, default=10_000)
    chosen = parser.parse_args()
    plan = BacktestPlan(chosen.first, chosen.last, races=chosen.races)
    report = strategy_backtest(chosen.data, plan, Settings())
    sys.stdout.write(json.dumps({"bench": "strategy_backtest", "results": results(report)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
