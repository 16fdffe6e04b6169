"""``overcut pace``: fair pace of a race or a practice, with intervals, on the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl


def pace(
    session: Annotated[
        str, typer.Argument(help="A race, sprint or practice: a path, or a name as 2024-14-R.", show_default=False)
    ],
    practice: Annotated[
        bool, typer.Option("--practice", help="Long runs, one-lap pace and runs of a practice.")
    ] = False,
    laps: Annotated[bool, typer.Option("--laps", help="Every lap: counted or why not, and its fair time.")] = False,
    stints: Annotated[bool, typer.Option("--stints", help="Also each set of tyres (in practice: every run).")] = False,
    driver: Annotated[
        list[str] | None, typer.Option(help="With --laps: only these drivers, by code or number.", show_default=False)
    ] = None,
    wide: Annotated[bool, typer.Option("--wide", help="Every column, however narrow the terminal is.")] = False,
    json_output: Annotated[
        bool, typer.Option("--json", help="One JSON object; with --laps one JSON line a lap.")
    ] = False,
) -> None:
    """Fair pace: laps without fuel, tyre age, track and traffic, with intervals.

    \b
    overcut pace 2024-07-R
    overcut pace 2024-01-FP2 --practice
    overcut pace 2024-07-R --laps --driver NOR
    """
    from overcut.cli import pace_tables
    from overcut.cli.fitted_table import console_of
    from overcut.kernel.errors import WrongUsageError
    from overcut.kernel.settings import load_settings
    from overcut.runtime import pace as composing

    if practice and laps:
        raise WrongUsageError("--laps is for races", hint="--practice --stints lists every run")
    found = composing.session_laps(session, load_settings())
    if laps:
        table = composing.fair_lap_table(found, driver or ())
        _laps(table, wide=wide, json_output=json_output)
        return
    report = composing.practice_pace(found) if practice else composing.pace_report(found)
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(report).decode())
        return
    pace_tables.show(report, console_of(wide=wide), stints=stints)


def _laps(table: pl.DataFrame, *, wide: bool, json_output: bool) -> None:
    from overcut.cli import pace_tables
    from overcut.cli.fitted_table import console_of
    from overcut.insights.pace.fairness import told_laps

    if json_output:
        typer.echo(told_laps(table).write_ndjson(), nl=False)
        return
    pace_tables.show_laps(table, console_of(wide=wide))
