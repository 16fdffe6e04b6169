"""``overcut strategy marginals``: do simulated races look like the recorded ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.strategy.marginals import Report


def marginals(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the races.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the races.")],
    races: Annotated[int, typer.Option(min=10, max=5000, help="Races to simulate of each.")] = 200,
    refit_every: Annotated[int, typer.Option(min=1, max=100, help="Fit anew every so many races.")] = 6,
    seed: Annotated[int, typer.Option(help="Whose luck.")] = 1,
    chart: Annotated[
        Path | None, typer.Option(help="Write a chart of the circuits to this SVG file.", show_default=False)
    ] = None,
    circuits: Annotated[bool, typer.Option("--circuits", help="Also every circuit.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Simulated against recorded races: lap times, pit loss, passes, cautions, stops, retirements, race times.

    Every race is simulated from its grid with parameters fitted on earlier rounds only.

    \b
    overcut strategy marginals --from 2023-01-01 --to 2025-07-31 --circuits --chart marginals.svg
    """
    import msgspec

    from overcut.kernel.errors import DataMissingError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.strategy.fitting import fit
    from overcut.strategy.marginals import compared, races_between
    from overcut.strategy.marginals import marginals as simulated

    lake = lake_of(load_settings())
    keys = races_between(lake, first.date(), last.date())
    if not keys:
        raise DataMissingError("The lake has no races between these days", hint="overcut lake status says what it has")
    found = simulated(
        lake,
        keys,
        lambda key: fit(lake, before=key),
        races=races,
        seed=seed,
        refit_every=refit_every,
        told=lambda key: typer.echo(key, err=True),
    )
    report = compared(found, f"fitted anew every {refit_every} races on earlier rounds only")
    if chart is not None:
        from overcut.strategy.marginals.charts import chart as drawn

        title = f"{report.races} races, {first:%Y-%m-%d} to {last:%Y-%m-%d}, {report.simulated} simulated of each"
        chart.write_text(drawn(report, title), encoding="utf-8")
    if json_output:
        typer.echo(msgspec.json.encode(report).decode())
        return
    _show(report, circuits=circuits)


def _show(report: Report, *, circuits: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from overcut.strategy.marginals.comparing import FIGURES

    table = Table(title=f"{report.races} races, {report.simulated} simulated of each", caption=report.left_out)
    for column in ("", "races", "recorded", "90 % interval", "simulated", "inside 80 %", "error"):
        table.add_column(column, justify="left" if not column else "right")
    groups = [("all races", report.all)]
    groups += [(one.circuit_id, one.figures) for one in report.circuits] if circuits else []
    for name, figures in groups:
        table.add_section()
        table.add_row(f"[bold]{name}[/bold]")
        for one in figures:
            error = "" if one.error is None else f"{100 * one.error:+.2f} %"
            table.add_row(
                FIGURES[one.figure], str(one.races), f"{one.recorded:.3f}", f"{one.low:.3f} to {one.high:.3f}",
                f"{one.simulated:.3f}", f"{100 * one.covered:.0f} %", error,
            )  # fmt: skip
    Console().print(table)
