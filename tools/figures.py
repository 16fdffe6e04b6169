"""Which measured figures the documents show: all of them on a page of their own, the telling ones in the README."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BARS = ROOT / "docs" / "bars.json"
BLOCK = re.compile(r"(<!-- figures: [^\n]* -->\n).*?(<!-- /figures -->)", flags=re.DOTALL)


SHOWN: Mapping[str, Sequence[str]] = {
    "replay": ("cpu",),
    "lap_agreement": ("2018-04-R lap times", "2018-04-R position wrong"),
    "timing": ("state of a race*",),
    "live_latency": ("p50*", "p99*"),
    "seek": ("max*",),
    "lake": ("import_all", "season_aggregate", "lap_telemetry"),
    "history": ("p95", "p95_again"),
    "championship": ("p95", "final_lines_that_differ"),
    "pace": ("drivers_within_90_interval",),
    "features": ("differing*",),
    "strategy": ("*",),
    "strategy_backtest": ("*80*", "*crps*", "*log*loss*"),
    "strategy_optimiser": ("*free*", "*gain*", "*broken*"),
    "famous_what_ifs": ("right*",),
}
"""What the README shows of each measurement (shell patterns); and, whatever they are, all that missed their bar."""


def figures_table(bars: dict[str, Any], *, telling: bool = False) -> str:
    """Figures with bar and verdict, in the order of measurement, and the machine beneath.

    Args:
        bars: what docs/bars.json holds.
        telling: only those of `SHOWN`, and those that missed their bar.
    """
    rows = ["| measured | value | bar | |", "| --- | --- | --- | --- |"]
    for name, measured in bars["measurements"].items():
        if measured.get("failed"):
            rows.append(f"| {_words(name)} | not measured: {measured['failed']} | | |".replace("\n", " "))
        for case, figure in measured.get("results", {}).items():
            chosen = any(fnmatchcase(case, pattern) for pattern in SHOWN.get(name, ()))
            if chosen or not telling or figure.get("passed") is False:
                rows.append(_row(name, case, figure))
    machine = bars["machine"]
    rows += ["", f"{machine['cores']} cores, {machine['processor']}, {machine['system']}, Python {machine['python']}."]
    return "\n".join(rows)


def _row(name: str, case: str, figure: dict[str, Any]) -> str:
    bar = figure.get("bar")
    limit = "" if bar is None else f"{'at most' if figure.get('at_most', True) else 'at least'} {_number(bar)}"
    verdict = {True: "passed", False: "**missed**", None: ""}[figure.get("passed")]
    note = f" ({figure['note']})" if figure.get("note") else ""
    return (
        f"| {_words(name)}: {_words(case)}{note} | {_number(figure['value'])} {figure['unit']} | {limit} | {verdict} |"
    )


def figures_page() -> str:
    """The page of all figures."""
    table = figures_table(_bars()) if BARS.is_file() else "Not measured yet: `make bars`."
    return f"# Figures\n\nMeasured by `make bars`, on the machine named at the end.\n\n{table}"


def _bars() -> dict[str, Any]:
    return msgspec.json.decode(BARS.read_bytes())


def _words(name: str) -> str:
    return name.replace("_", " ")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def with_figures(readme: str) -> str:
    """The README's text with the telling figures of docs/bars.json; unchanged where there are none yet."""
    if not BARS.is_file():
        return readme
    table = figures_table(_bars(), telling=True)
    return BLOCK.sub(lambda marks: f"{marks[1]}{table}\n{marks[2]}", readme)
