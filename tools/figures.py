"""Which measured figures the README shows: a table written from docs/bars.json between two marks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BARS = ROOT / "docs" / "bars.json"
BLOCK = re.compile(r"(<!-- figures: [^\n]* -->\n).*?(<!-- /figures -->)", flags=re.DOTALL)


def figures_table(bars: dict[str, Any]) -> str:
    """Every figure with its bar and verdict, in the order of measurement, and the machine beneath."""
    rows = ["| measured | value | bar | |", "| --- | --- | --- | --- |"]
    for name, measured in bars["measurements"].items():
        if measured.get("failed"):
            rows.append(f"| {_words(name)} | not measured: {measured['failed']} | | |".replace("\n", " "))
        for case, figure in measured.get("results", {}).items():
            bar = figure.get("bar")
            limit = "" if bar is None else f"{'at most' if figure.get('at_most', True) else 'at least'} {_number(bar)}"
            verdict = {True: "passed", False: "**missed**", None: ""}[figure.get("passed")]
            note = f" ({figure['note']})" if figure.get("note") else ""
            what = f"{_words(name)}: {_words(case)}{note}"
            rows.append(f"| {what} | {_number(figure['value'])} {figure['unit']} | {limit} | {verdict} |")
    machine = bars["machine"]
    rows += ["", f"{machine['cores']} cores, {machine['processor']}, {machine['system']}, Python {machine['python']}."]
    return "\n".join(rows)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def with_figures(readme: str) -> str:
    """The README's text with the figures that stand in docs/bars.json; unchanged where there are none yet."""
    if not BARS.is_file():
        return readme
    table = figures_table(msgspec.json.decode(BARS.read_bytes()))
    return BLOCK.sub(lambda marks: f"{marks[1]}{table}\n{marks[2]}", readme)
