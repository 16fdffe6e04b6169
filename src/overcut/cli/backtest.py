"""``overcut backtest``: how good forecasts were on real races, with what was known before each moment of each race."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.strategy.backtest import BacktestReport, Measure


class Task(StrEnum):
    """What can be tested."""

    STRATEGY = "strategy"


_DAY = ["%Y-%m-%d"]


def backtest(
    task: Annotated[Task, typer.Argument(help="What to test: strategy is the race simulator's final places.")],
    first: Annotated[
        datetime, typer.Option("--from", formats=_DAY, help="First day of the period.", show_default=False)
    ],
    last: Annotated[datetime, typer.Option("--to", formats=_DAY, help="Last day of it.", show_default=False)],
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with timing/ and history/, or a lake; your own lake without.", show_default=False),
    ] = None,
    races: Annotated[int, typer.Option(min=100, max=100_000, help="Races simulated for each forecast.")] = 10_000,
    refit_every: Annotated[int, typer.Option(min=1, max=5, help="Fit parameters anew after so many races.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the simulated luck; the same one gives the same figures.")] = 0,
    json_output: Annotated[bool, typer.Option("--json", help="The whole report as one JSON object.")] = False,
) -> None:
    """Forecast past races with what was known then; score it against baselines.

    \b
    overcut backtest strategy --from 2023-01-01 --to 2025-07-31
    overcut backtest strategy --data ../shared/data --from 2025-03-01 --to 2025-07-31 --json

    Every race is forecast from the grid and at 25, 50 and 75 % of its distance, by what earlier races taught.
    """
    from overcut.kernel.settings import load_settings
    from overcut.runtime.backtest import strategy_backtest
    from overcut.strategy.backtest import BacktestPlan

    def told(done: int, of: int, key: str) -> None:
        typer.echo(f"{done} of {of} races; fitting before {key}", err=True)

    assert task is Task.STRATEGY  # noqa: S101 -- the only one there is; another one will need its own branch
    plan = BacktestPlan(first.date(), last.date(), races=races, refit_every=refit_every, seed=seed)
    report = strategy_backtest(data, plan, load_settings(), told)
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(report).decode())
        return
    _show(report)


_METRICS = (
    ("log_loss", "winner's log-loss"),
    ("crps", "CRPS of the place"),
    ("cover80", "80 % intervals cover"),
    ("mae", "median off by, places"),
)
_NAMES = {"overcut": "Overcut", "stay": "positions stay", "on_gap": "logistic on gap"}


def _show(report: BacktestReport) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(
        f"[bold]{report.races} races[/], {report.n} forecasts of a car, {report.simulated} simulated races each, "
        f"{report.refits} fits  [dim]{report.first} to {report.last}[/]"
    )
    stages = sorted({one.stage for one in report.calibration if one.stage >= 0})
    for metric, words in _METRICS:
        table = Table("", *("grid" if not stage else f"{stage} %" for stage in stages), "25-75 %", title=words)
        for model, found in report.models.items():
            cells = [_cell(found.get(f"{metric}_{stage}")) for stage in stages]
            table.add_row(_NAMES.get(model, model), *cells, _cell(found.get(metric), interval=True))
        console.print(table)
    flat = ", ".join(f"{'all' if name == 'all' else name + ' %'} {p:.3f}" for name, p in report.flatness.items())
    console.print(f"PIT flat within sampling error, p by stage: {flat}")
    console.print("Leak tests: " + ", ".join(f"{name} {verdict}" for name, verdict in report.leak_tests.items()))
    for line in report.skipped:
        console.print(f"[dim]left out: {line}[/]")


def _cell(measure: Measure | None, *, interval: bool = False) -> str:
    if measure is None:
        return "-"
    value, low, high = measure
    return f"{value:.3f} [dim]{low:.3f}-{high:.3f}[/]" if interval else f"{value:.3f}"
