"""``overcut lake``: what is in the lake, whether it is whole, and how it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from overcut.cli import lake_add, lake_check, lake_import
from overcut.cli.lake_keeping import archive, backup, compact, export, forget, recall, restore
from overcut.kernel.errors import ExitCode

if TYPE_CHECKING:
    from overcut.lake.store.status import LakeStatus
    from overcut.lake.store.verifying import Verified

app = typer.Typer(
    name="lake", help="Keep every session and season: see, verify, back up, restore, export.", no_args_is_help=True
)

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def status(
    json_output: JsonOption = False,
    units: Annotated[bool, typer.Option("--units", help="Name every session and season of each table.")] = False,
) -> None:
    """Say what is in the lake: tables, rows, sessions, sources, bytes."""
    from overcut.kernel.settings import load_settings
    from overcut.lake.store.status import status as status_of
    from overcut.runtime.lake import lake_of

    lake = lake_of(load_settings())
    found = status_of(lake)
    if json_output:
        import msgspec

        named = {table.name: lake.units(table.name) for table in found.tables} if units else None
        told = {**msgspec.to_builtins(found), **({"units": named} if named is not None else {})}
        typer.echo(msgspec.json.encode(told).decode())
        return
    _show_status(found)
    if units:
        for table in found.tables:
            typer.echo(f"\n{table.name}: {' '.join(lake.units(table.name))}")


def verify(json_output: JsonOption = False) -> None:
    """Read every file of the lake and compare it with what was written; exit code 1 where something is damaged."""
    import msgspec
    from rich.console import Console

    from overcut.kernel.settings import load_settings
    from overcut.lake.store.verifying import verify as verified_of
    from overcut.runtime.lake import lake_of

    console = Console(stderr=True, highlight=False)
    with console.status("reading") as line:
        found = verified_of(
            lake_of(load_settings()), progress=lambda done, of: line.update(f"reading file {done} of {of}")
        )
    if json_output:
        typer.echo(msgspec.json.encode({**msgspec.to_builtins(found), "whole": found.whole}).decode())
    else:
        _show_verified(found)
    if not found.whole:
        raise typer.Exit(int(ExitCode.FAILED))


def _show_status(found: LakeStatus) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if not found.generation:
        console.print(f"[dim]{found.folder}[/]\nThe lake is empty: overcut history import, overcut lake add SESSION")
        return
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("table", "rows", "units", "from", "to", "size", "files", "sources"):
        shown.add_column(heading, justify="right" if heading in {"rows", "units", "size", "files"} else "left")
    for table in found.tables:
        away = f" ({table.archived} archived)" if table.archived else ""
        whole = table.unit == "whole"
        shown.add_row(
            table.name,
            f"{table.rows:,}",
            "" if whole else f"{table.units:,}{away}",
            "" if whole else table.first,
            "" if whole else table.last,
            size(table.bytes),
            str(table.files),
            Text(", ".join(f"{name} {count}" if not whole else name for name, count in table.sources.items()), "dim"),
        )
    console.print(shown)
    console.print(
        f"[dim]{found.folder}: generation {found.generation} of {found.written_utc}, {size(found.bytes)} in "
        f"{found.files} files, {found.sessions} sessions, {found.seasons} seasons[/]"
    )
    if found.writer is not None:
        console.print(f"[yellow]being written by process {found.writer.pid} since {found.writer.since_utc}[/]")
    for advice in found.advice:
        console.print(f"[dim]{advice}[/]")


def _show_verified(found: Verified) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("", "file", "found", "to do"):
        shown.add_column(heading, overflow="fold")
    for finding in found.findings:
        mark = "[red]damaged[/]" if finding.harmful else "[dim]harmless[/]"
        shown.add_row(mark, finding.place, finding.why, finding.remedy)
    if found.findings:
        console.print(shown)
    seen = f"{found.parts} files, {size(found.bytes)}, generation {found.generation}"
    told = "[green]The lake is whole[/]" if found.whole else "[red]The lake is damaged[/]"
    console.print(f"{told} [dim]({seen})[/]")


def size(count: int) -> str:
    """Bytes in words."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.2f} GB"


for command in (status, verify, backup, restore, compact, export, archive, recall, forget):
    app.command(command.__name__)(command)
app.command("add")(lake_add.add)
app.command("disagreements")(lake_check.disagreements)
app.add_typer(lake_import.app)
