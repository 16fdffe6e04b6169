"""``overcut history import``: seventy-five years of results, and timing tables, into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import WrongUsageError

if TYPE_CHECKING:
    from rich import progress
    from rich.console import Console

    from overcut.kernel.settings import Settings
    from overcut.lake import Lake
    from overcut.runtime.imports.importing import Imported
    from overcut.runtime.imports.updating import Update

TIMING, JOLPICA = "timing", "jolpica"


def history_import(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="A file (f1db-sqlite.zip, f1db.db), an address of one, timing FOLDER, or jolpica SEASON…",
            show_default="the newest F1DB release, downloaded",
        ),
    ] = None,
    laps: Annotated[bool, typer.Option("--laps", help="With jolpica: every lap of every race too.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="What was imported as one JSON object.")] = False,
) -> None:
    """Bring history into the lake: F1DB since 1950, timing tables, Jolpica. Importing again changes nothing.

    \b
    overcut history import                          newest F1DB release, by download
    overcut history import f1db-sqlite.zip          a release that is here
    overcut history import timing ../data/timing    laps.parquet and the tables beside it
    overcut history import jolpica 2025             one season by Jolpica's REST interface
    """
    import msgspec
    from rich.console import Console

    from overcut.kernel.settings import load_settings
    from overcut.runtime.lake import lake_of

    settings = load_settings()
    lake = lake_of(settings)
    console = Console(stderr=True, highlight=False)
    words = what or []
    if not words or words[0].startswith(("http://", "https://")):
        update = _update(settings, lake, words, console)
        _show_update(update, console)
        result: object = update
    else:
        imported = _import(settings, lake, words, console, laps=laps)
        _show(imported, lake, console)
        result = imported
    if json_output:
        typer.echo(msgspec.json.encode(result, enc_hook=str).decode())


def _import(settings: Settings, lake: Lake, words: list[str], console: Console, *, laps: bool) -> Imported:
    from overcut.runtime.imports.history import import_f1db
    from overcut.runtime.imports.jolpica import import_jolpica, read_seasons
    from overcut.runtime.imports.timing import import_timing

    with _progress(console) as shown:
        task = shown.add_task("reading", total=None)

        def told(table: str, rows: int) -> None:
            shown.update(task, description=f"{table} {rows:,}")

        if words[0] == JOLPICA:
            seasons = read_seasons(words[1:])
            return import_jolpica(lake, settings.jolpica_url, settings.home / "cache", seasons, told, laps=laps)
        if words[0] == TIMING:
            if len(words) != 2:
                raise WrongUsageError("timing needs one folder", hint="overcut history import timing FOLDER")
            return import_timing(lake, Path(words[1]), told)
        if len(words) != 1:
            raise WrongUsageError(
                f"{words[0]} is one file too many or none of timing, jolpica",
                hint="overcut history import f1db-sqlite.zip; overcut history import timing FOLDER",
            )
        return import_f1db(lake, Path(words[0]), told)


def _update(settings: Settings, lake: Lake, words: list[str], console: Console) -> Update:
    from overcut.kernel.http import checked_url
    from overcut.runtime.imports.updating import update_history

    if len(words) > 1:
        raise WrongUsageError("one address is enough", hint="overcut history import https://…/f1db-sqlite.zip")
    url = checked_url(words[0], "the address") if words else checked_url(settings.f1db_url, "the setting f1db_url")
    others = () if words else (checked_url(settings.jolpica_url, "the setting jolpica_url"),)
    with _progress(console) as shown:
        task = shown.add_task("asking for the release", total=None)

        def told(table: str, rows: int) -> None:
            shown.update(task, description=f"{table} {rows:,}")

        return update_history(lake, url, settings.home / "cache", told, jolpica_urls=others)


def _progress(console: Console) -> progress.Progress:
    from rich import progress

    columns = (progress.SpinnerColumn(), progress.TextColumn("{task.description}"), progress.TimeElapsedColumn())
    return progress.Progress(*columns, console=console, transient=True)


def _show(imported: Imported, lake: Lake, console: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table("table", "rows", "changed", box=None)
    table.columns[1].justify = table.columns[2].justify = "right"
    for one in imported.tables:
        table.add_row(one.name, f"{one.rows:,}", str(one.changed) if one.changed else "[dim]-[/]")
    console.print(table)
    said = "" if imported.changed else ", [dim]nothing that was not there[/]"
    rate = f" ({imported.rows / imported.seconds:,.0f} rows/s)" if imported.seconds > 0 else ""
    console.print(
        f"[green]{imported.rows:,} rows[/] of {escape(imported.origin)} in {imported.seconds:.1f} s{rate}{said}; "
        f"generation {imported.generation}"
    )
    if imported.defects:
        console.print(
            f"[yellow]{imported.defects:,} rows with defects[/]: the tables defects and quarantine tell (overcut sql)"
        )
    for note in imported.notes:
        console.print(f"[yellow]{escape(note)}[/]")
    if imported.source == "f1db":
        console.print("[dim]F1DB (github.com/f1db/f1db), CC BY 4.0[/]")


def _show_update(update: Update, console: Console) -> None:
    from rich.markup import escape

    for attempt in update.attempts:
        mark = "[green]✓[/]" if attempt.worked else "[red]✗[/]"
        console.print(f"{mark} {escape(attempt.source)}  [dim]{escape(attempt.told)}[/]")
    console.print(f"History ends with {escape(update.ends_with)}" if update.ends_with else "The lake holds no history")
    if update.stale:
        console.print(f"[yellow]{escape(update.stale)}[/]")
    console.print("[dim]F1DB (github.com/f1db/f1db), CC BY 4.0[/]")
