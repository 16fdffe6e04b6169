"""How a what-if's answer looks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from overcut.cli.fitted_table import Cell, Column, show_fitted

if TYPE_CHECKING:
    from overcut.strategy.whatif.answers import DriverOutlook, ScenarioAnswer, Spread, SweepAnswer, WhatIfAnswer

RIVALS_SHOWN = 5
REASONS_SHOWN = 5


def show_answer(answer: WhatIfAnswer, title: str) -> None:
    """The scenarios side by side, then for each its moments, the rivals it changes, and why."""
    console = Console(highlight=False)
    console.print(
        f"[bold]{title}[/]  {answer.driver} from the end of lap {answer.lap} of {answer.laps}  "
        f"[dim]{answer.races:,} races each[/]\n"
    )
    show_fitted(COLUMNS, _side_by_side(answer), console)
    actual = answer.actual
    if actual.place is not None:
        stops = ", ".join(f"{stop.lap} {stop.compound or '?'}" for stop in actual.stops) or "no stop"
        console.print(f"[dim]What happened: P{actual.place} on the road ({stops}).[/]")
    for scenario in answer.scenarios:
        _details(console, scenario)
    console.print(f"\n[dim]Parameters: {answer.parameters}. Place and time: mean, and nine races in ten.[/]")


COLUMNS = (
    Column("", left=True),
    Column("place"),
    Column("points", 1),
    Column("win", 1),
    Column("podium", 2),
    Column("out", 4, told="retirements"),
    Column("time", 1, told="time against the first"),
    Column("(nine races in ten)", 3, told="its interval"),
    Column("better", 2),
    Column("worse", 2),
)
"""Against the first plan: time, better, worse."""


def _side_by_side(answer: WhatIfAnswer) -> list[tuple[Cell, ...]]:
    best = answer.ranking[0]
    rows: list[tuple[Cell, ...]] = []
    for index, scenario in enumerate(answer.scenarios):
        told = _mine(answer, scenario)
        against = told.versus
        time = None if against is None else against.time_s
        rows.append(
            (
                Text(scenario.name, style="bold green" if index == best else ""),
                f"{told.place.mean:.1f} ({told.place.low:.0f}-{told.place.high:.0f})",
                f"{told.points.mean:.1f}",
                f"{told.win:.0%}",
                f"{told.podium:.0%}",
                f"{told.retires:.0%}",
                "" if time is None else f"{time.mean:+.1f} s",
                "" if time is None else f"{time.low:+.1f} to {time.high:+.1f}",
                "" if against is None else f"{against.better:.0%}",
                "" if against is None else f"{against.worse:.0%}",
            )
        )
    return rows


def _mine(answer: WhatIfAnswer, scenario: ScenarioAnswer) -> DriverOutlook:
    return next(one for one in scenario.drivers if one.driver_number == answer.driver_number)


def _seconds(spread: Spread) -> str:
    return f"{spread.mean:+.1f} s ({spread.low:+.1f} to {spread.high:+.1f})"


def _details(console: Console, scenario: ScenarioAnswer) -> None:
    console.print(f"\n[bold]{scenario.name}[/]")
    for moment in scenario.moments:
        console.print(f"  lap {moment.lap:>2}  {moment.words}")
    changed = sorted(
        (rival for rival in scenario.ahead if rival.change is not None and abs(rival.change) >= 0.02),
        key=lambda rival: -abs(rival.change or 0.0),
    )
    if changed:
        told = ", ".join(f"{one.driver} {one.chance:.0%} ({one.change:+.0%})" for one in changed[:RIVALS_SHOWN])
        console.print(f"  [dim]ahead of[/] {told}")
    if scenario.why is not None and scenario.why.reasons:
        console.print(f"  [dim]why ({scenario.why.total_s:+.1f} s):[/]")
        for reason in scenario.why.reasons[:REASONS_SHOWN]:
            colour = "red" if reason.seconds > 0 else "green"
            console.print(f"    [{colour}]{reason.seconds:+6.1f} s[/]  {reason.words}")


def show_sweep(found: SweepAnswer) -> None:
    """The stop on each lap that was tried."""
    console = Console(highlight=False)
    console.print(f"[bold]{found.driver}[/]: stop {found.stop + 1} on other laps  [dim]{found.races:,} races each[/]\n")
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("lap", "place", "points", "time against the asked lap"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found.laps:
        time = "" if one.versus.time_s is None else _seconds(one.versus.time_s)
        mark = "bold green" if one.lap == found.best else "dim" if one.lap == found.asked_lap else ""
        table.add_row(str(one.lap), f"{one.place.mean:.2f}", f"{one.points.mean:.2f}", time, style=mark)
    console.print(table)
