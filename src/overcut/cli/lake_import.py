"""``overcut lake import``: sessions, files and forecasts of others into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import OvercutError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overcut.runtime.lake_sessions import Added

app = typer.Typer(name="import", help="Bring data of others into the lake.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON line a session.")]


@app.command("fastf1")
def fastf1(
    folder: Annotated[Path, typer.Argument(metavar="CACHE", help="Folder of FastF1's cache.", show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Take the sessions of a FastF1 cache folder; its pickles are read, never run.

    What is not plain data of numpy and pandas 2 is refused and told. A session that FastF1 has loaded is handed over in
    Python: overcut.add(session).
    """
    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.runtime.lake_imports import import_fastf1

    _tell(import_fastf1(lake_of(load_settings()), folder), json_output)


@app.command("openf1")
def openf1(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Folder of OpenF1's answers as files.", show_default=False)
    ] = None,
    session: Annotated[list[int] | None, typer.Option(help="OpenF1's session key; may be repeated.")] = None,
    year: Annotated[int | None, typer.Option(help="List OpenF1's sessions of a year.")] = None,
    telemetry: Annotated[bool, typer.Option(help="Ask for car data and locations too, car by car.")] = True,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again for what was asked before.")] = False,
    per_minute: Annotated[float, typer.Option(min=0.1, help="Requests a minute.")] = 30.0,
    json_output: JsonOption = False,
) -> None:
    """Take sessions of OpenF1: from its REST interface, or from a folder of its answers.

    Answers are kept in Overcut's home, so that an interrupted import goes on where it was.

    \b
    overcut lake import openf1 --year 2024         which sessions there are
    overcut lake import openf1 --session 9158
    overcut lake import openf1 FOLDER              …/sessions.json, drivers.json, laps.json …
    """
    from rich.console import Console
    from rich.markup import escape

    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.runtime.lake_imports import find_openf1, import_openf1, import_openf1_files

    settings = load_settings()
    if [folder is not None, bool(session), year is not None].count(True) != 1:
        raise WrongUsageError("One of FOLDER, --session and --year is needed")
    if folder is not None:
        _tell(import_openf1_files(lake_of(settings), folder), json_output)
        return
    if year is not None:
        for row in find_openf1(settings, year=year).iter_rows(named=True):
            typer.echo(f"{row['session_key']}  {row['date_start']:%Y-%m-%d}  {row['location']}  {row['session_name']}")
        return
    with Console(stderr=True).status("") as line:
        added = import_openf1(
            lake_of(settings),
            settings,
            session or [],
            telemetry=telemetry,
            refresh=refresh,
            per_minute=per_minute,
            tell=lambda what: line.update(escape(f"OpenF1: {what}")),
        )
        _tell(added, json_output)


@app.command("files")
def files(
    mapping: Annotated[Path, typer.Argument(metavar="MAPPING", help="TOML file: which file is which table.")],
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave out rows that cannot be taken, and note them.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Take your own CSV, Parquet and text files by a mapping (docs/how-to/bring-your-own-data.md).

    Nothing is imported where a value cannot be taken; each is told with its row.
    """
    import msgspec

    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.runtime.lake_imports import import_own_data

    done = import_own_data(lake_of(load_settings()), mapping, skip_bad_rows=skip_bad_rows)
    if json_output:
        typer.echo(msgspec.json.encode(done).decode())
        return
    for problem in done.left_out:
        typer.secho(f"left out: {problem}", err=True, fg=typer.colors.YELLOW)
    rows = ", ".join(f"{count:,} rows of {name}" for name, count in done.rows.items())
    typer.secho(rows + ("" if done.changed else "; as they were there already"), err=True, fg=typer.colors.GREEN)


@app.command("forecast")
def forecast(
    circuit: Annotated[str, typer.Argument(help="Circuit, by its F1DB id: monza, spa-francorchamps …")],
    days: Annotated[int, typer.Option(min=1, max=16, help="How far ahead.")] = 7,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Take the weather forecast for a circuit from Open-Meteo; it needs a network."""
    from datetime import UTC, datetime

    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of
    from overcut.runtime.lake_imports import import_forecast

    settings = load_settings()
    added = import_forecast(lake_of(settings), settings, circuit, days=days, now=datetime.now(UTC))
    if json_output:
        _tell([added], json_output=True)
        return
    hours = added.rows["weather_forecasts"]
    typer.secho(f"{hours} hours at {circuit}. Weather forecasts by Open-Meteo.com, CC BY 4.0", err=True)


def _tell(sessions: Iterable[Added | OvercutError], json_output: bool) -> None:
    """Each session as it is done; the first error at the end, after what could be taken was."""
    import msgspec
    from rich.console import Console
    from rich.markup import escape

    from overcut.cli.lake_add import described

    console = Console(stderr=True, highlight=False)
    failures: list[OvercutError] = []
    for added in sessions:
        if isinstance(added, OvercutError):
            failures.append(added)
            console.print(f"[red]{escape(added.what)}[/] {escape(added.why)}")
        elif json_output:
            typer.echo(msgspec.json.encode(added).decode())
        else:
            console.print(f"[green]{escape(added.session)}[/] {escape(described(added))}")
            for defect in added.defects.values():
                console.print(f"  [yellow]{escape(defect.topic)}[/]: {escape(defect.kind)} ({escape(defect.example)})")
    if failures:
        raise failures[0]
