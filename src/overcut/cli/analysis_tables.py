"""How an analysis looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from overcut.insights.analysis.checks import Check
from overcut.insights.analysis.clustering import Clustering
from overcut.insights.analysis.difference import Difference, Test
from overcut.insights.analysis.paired import PairedDifference
from overcut.insights.analysis.regression import Regression
from overcut.insights.analysis.running import StepResult, Summary
from overcut.insights.pace.report import Estimate
from overcut.runtime.analysis import AnalysisResult

DETAILED = 3
"""Up to so many comparisons are told with their tests; more only as a table."""


def show(result: AnalysisResult, console: Console) -> None:
    """Print a result."""
    count = len(result.sessions)
    told = f"  {result.mode}, {result.rows} rows of {count} session{'s' if count != 1 else ''}"
    console.print(Text.assemble((result.name, "bold"), (told, "dim")))
    for key, why in result.left_out.items():
        console.print(Text(f"left out {key}: {why}", style="yellow"))
    for step in result.steps:
        _step(step, console)
    console.print(Text(f"inputs {result.inputs_sha256[:16]}, analysis {result.pipeline_sha256[:16]}", style="dim"))


def _step(step: StepResult, console: Console) -> None:
    console.print(f"\n[bold]{step.name or step.do}[/] {step.measure}")
    if len(step.differences) + len(step.pairs) > DETAILED:
        _many([*step.differences, *step.pairs], console)
    else:
        for found in step.differences:
            _difference(found, console)
        for found in step.pairs:
            _pair(found, console)
    if step.regression is not None:
        _regression(step.regression, console)
    if step.clustering is not None:
        _clustering(step.clustering, console)
    if step.summaries:
        _summaries(step.summaries, console)
    for note in step.notes:
        console.print(Text(note, style="dim"))


def _difference(found: Difference, console: Console) -> None:
    console.print(
        f"{found.a} ({found.n_a} in {found.blocks_a} blocks) less {found.b} ({found.n_b} in {found.blocks_b}): "
        f"mean {_estimate(found.mean)}, shift {_estimate(found.shift)}, dominance {_estimate(found.dominance)}"
    )
    _tests(found.tests, found.checks, console)
    for note in found.notes:
        console.print(Text(note, style="dim"))


def _pair(found: PairedDifference, console: Console) -> None:
    effect = "" if found.effect is None else f", effect {found.effect:+.2f}"
    console.print(
        f"{found.a} less {found.b} over {found.pairs} sessions (lower in {found.ahead}): mean {_estimate(found.mean)}, "
        f"median {_estimate(found.median)}{effect}"
    )
    _tests(found.tests, found.checks, console)


def _tests(tests: Sequence[Test], checks: Sequence[Check], console: Console) -> None:
    table = _table("test", "statistic", "p", "assumes")
    for test in tests:
        style = "" if test.holds else "dim"
        doubt = "" if test.holds else "  (does not hold)"
        table.add_row(
            Text(test.name, style=style),
            f"{test.statistic:.4g}",
            _p(test.p_value),
            Text(test.assumes + doubt, style=style),
        )
    for check in checks:
        verdict = "holds" if check.holds else "does not hold"
        p_value = "" if check.p_value is None else _p(check.p_value)
        table.add_row(
            Text(check.name, style="dim"),
            f"{check.statistic:.3f}",
            p_value,
            Text(f"{check.meaning}: {verdict}", style="dim"),
        )
    console.print(table)


def _many(found: Sequence[Difference | PairedDifference], console: Console) -> None:
    table = _table("one", "other", "mean", "90 %", "p", "p (Holm)")
    for one in sorted(found, key=lambda difference: difference.adjusted_p):
        interval = f"{one.mean.low:+.3f}…{one.mean.high:+.3f}"
        table.add_row(one.a, one.b, f"{one.mean.value:+.3f}", interval, _p(one.tests[0].p_value), _p(one.adjusted_p))
    console.print(table)


def _regression(found: Regression, console: Console) -> None:
    table = _table("term", "level", "effect", "90 %", "p")
    for one in found.coefficients:
        against = f"{one.level} against {found.reference[one.term]}" if one.level else "each more"
        interval = f"{one.effect.low:+.4f}…{one.effect.high:+.4f}"
        table.add_row(one.term, against, f"{one.effect.value:+.4f}", interval, _p(one.p_value))
    console.print(table)
    console.print(
        f"{found.values} rows in {found.blocks} blocks, R² {found.r_squared:.3f}, residual {found.residual_sd:.3f}, "
        f"condition {found.condition:.1f}, even scatter p {_p(found.even)}"
    )
    for note in found.notes:
        console.print(Text(note, style="dim"))


def _clustering(found: Clustering, console: Console) -> None:
    table = _table("kind", "members", *found.features, "who")
    for one in found.clusters:
        who = ", ".join(one.members[:8]) + (" …" if len(one.members) > 8 else "")
        table.add_row(str(one.number), str(len(one.members)), *(f"{v:.4g}" for v in one.means.values()), who)
    console.print(table)
    tried = ", ".join(f"{count}: {value:.2f}" for count, value in found.tried.items())
    console.print(f"silhouette {found.silhouette:.2f} (tried {tried})")
    for note in found.notes:
        console.print(Text(note, style="dim"))


def _summaries(found: Sequence[Summary], console: Console) -> None:
    table = _table(*found[0].group, "rows", "median", "mean", "quartiles", "spread")
    for one in found:
        quartiles = f"{one.lower_quartile:.3f}…{one.upper_quartile:.3f}"
        table.add_row(
            *one.group.values(), str(one.values), f"{one.median:.3f}", f"{one.mean:.3f}", quartiles, f"{one.spread:.3f}"
        )
    console.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    return table


def _estimate(found: Estimate) -> str:
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"
