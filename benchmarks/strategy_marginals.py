"""Do simulated races match the recorded ones: race time of the winner, pit loss, passes, stops, cautions, retirements.

``python benchmarks/strategy_marginals.py [--data FOLDER]`` simulates every race between two days from its grid with
parameters fitted on earlier rounds only, and prints one JSON object as `bars.py` reads it. Figures without a bar of the
project's are the ratio of the simulated to the recorded mean over all races.
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

import msgspec
from benchmarks.bars import Figure, Report

from overcut.kernel.settings import Settings
from overcut.runtime.backtest import data_of
from overcut.strategy.fitting import fit
from overcut.strategy.marginals import compared, marginals, races_between
from overcut.strategy.marginals.charts import chart

DATA = Path(os.environ.get("OVERCUT_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
RATIOS = ("lap_s", "pit_loss_s", "passes", "near", "neutral_laps", "stops", "retirements", "spread_s")
WINNER_BAR = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--data", type=Path, default=DATA, help="timing/ and history/, or a lake")
    parser.add_argument("--first", type=date.fromisoformat, default=date(2023, 1, 1))
    parser.add_argument("--last", type=date.fromisoformat, default=date(2025, 7, 31))
    parser.add_argument("--races", type=int, default=60, help="races to simulate of each")
    parser.add_argument("--refit-every", type=int, default=12)
    parser.add_argument("--chart", type=Path, default=None, help="write the chart of the circuits to this SVG file")
    parser.add_argument("--report", type=Path, default=None, help="write the whole comparison to this JSON file")
    options = parser.parse_args()
    with data_of(options.data, Settings()) as lake:
        found = marginals(
            lake,
            races_between(lake, options.first, options.last),
            lambda key: fit(lake, before=key),
            races=options.races,
            refit_every=options.refit_every,
            threads=1,
        )
    report = compared(found, f"fitted anew every {options.refit_every} races on earlier rounds only")
    if options.chart is not None:
        title = f"{report.races} races, {options.first} to {options.last}, {report.simulated} simulated of each"
        options.chart.write_text(chart(report, title), encoding="utf-8")
    if options.report is not None:
        options.report.write_bytes(msgspec.json.encode(report))
    figures = {one.figure: one for one in report.all}
    results: dict[str, Figure] = {}
    winner = figures.get("winner_s")
    if winner is not None and winner.error is not None:
        off = abs(winner.error)
        results["winner's race time, median error"] = Figure(
            round(100 * off, 3), "%", bar=100 * WINNER_BAR, passed=off <= WINNER_BAR,
            note=f"{winner.races} dry races without a red flag",
        )  # fmt: skip
    for name in RATIOS:
        one = figures.get(name)
        if one is None or not one.recorded:
            continue
        note = f"recorded {one.recorded:g} [{one.low:g}, {one.high:g}], simulated {one.simulated:g}"
        results[f"{name}, simulated over recorded"] = Figure(round(one.simulated / one.recorded, 3), "x", note=note)
    print(msgspec.json.encode(Report("strategy_marginals", results)).decode())


if __name__ == "__main__":
    main()
