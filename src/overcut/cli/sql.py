"""``overcut sql``: any SELECT over the lake's tables, as a table on the terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import OvercutError, WrongUsageError

if TYPE_CHECKING:
    from overcut.lake import Lake
    from overcut.lake.sql.desk import Answer

SHOWN_ROWS = 50
"""Rows printed at most on the terminal."""


def sql(
    statement: Annotated[
        str | None,
        typer.Argument(metavar="SELECT", help="One SELECT; - reads it from standard input.", show_default=False),
    ] = None,
    tables: Annotated[bool, typer.Option("--tables", help="List the tables; with a name, its columns.")] = False,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="Value for $name: name=value.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write: .parquet, .csv, .json, .jsonl or .arrow.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000_000, help="Rows at most.")] = 100_000,
    time_limit: Annotated[float, typer.Option(min=0.1, max=600, help="Seconds at most.")] = 30.0,
    memory: Annotated[int, typer.Option(min=64, max=65_536, help="Megabytes at most.")] = 1024,
    json_output: Annotated[bool, typer.Option("--json", help="Rows as JSON lines.")] = False,
) -> None:
    """Ask the lake with SQL: read-only, over the documented tables.

    \b
    overcut sql --tables                     which tables there are
    overcut sql --tables laps                the columns of one
    overcut sql "SELECT driver_id, count(*) AS wins FROM results WHERE position = 1 GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
    overcut sql "SELECT * FROM laps WHERE session_key = \\$key" --param key=2024-05-R --out laps.parquet
    """
    from overcut.kernel.settings import load_settings
    from overcut.lake.sql.desk import SqlDesk
    from overcut.lake.sql.formats import RowsFormat, format_of
    from overcut.lake.sql.limits import SqlLimits
    from overcut.runtime.lake import lake_folder, lake_of

    settings = load_settings()
    if tables:
        _show_tables(lake_of(settings), statement, json_output=json_output)
        return
    text = _statement(statement)
    form = RowsFormat.JSONL if out is None else format_of(out.suffix)
    if out is not None and not out.parent.is_dir():
        raise WrongUsageError(f"There is no folder {out.parent}", hint="make it first, or name another file")
    limits = SqlLimits(time_s=time_limit, rows=limit, memory_mb=memory, answer_mb=memory)
    with SqlDesk(lake_folder(settings), limits, workers=1) as desk:
        found = desk.ask(text, _parameters(param or []), form=form)
    if out is not None:
        _write(out, found.body)
        typer.secho(f"wrote {found.told.rows:,} rows to {out}", err=True, fg=typer.colors.GREEN)
    elif json_output:
        typer.echo(found.body.decode(), nl=False)
    else:
        _show(found)
    if found.truncated:
        typer.secho(f"there are more than {limit:,} rows: --limit", err=True, fg=typer.colors.YELLOW)


def _write(out: Path, rows: bytes) -> None:
    """All of the rows, or none: what lay there before stays where they cannot be written."""
    aside = out.with_name(f"{out.name}.part")
    try:
        aside.write_bytes(rows)
        aside.replace(out)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OvercutError(
            f"{out} cannot be written", why=error.strerror or str(error), hint="name a file in a folder that is there"
        ) from error


def _statement(given: str | None) -> str:
    import sys

    if given == "-":
        return sys.stdin.read()
    if given is None:
        raise WrongUsageError("No statement is given", hint='overcut sql "SELECT …"; overcut sql --tables')
    return given


def _parameters(given: list[str]) -> dict[str, str | int | float | bool | None]:
    """``name=value``: numbers, true, false and null are what they look like; everything else is text."""
    import msgspec

    found: dict[str, str | int | float | bool | None] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.isidentifier():
            raise WrongUsageError(f"{one} is no parameter", hint="--param name=value")
        try:
            found[name] = msgspec.json.decode(value, type=str | int | float | bool | None)
        except msgspec.DecodeError:
            found[name] = value
    return found


def _show(found: Answer) -> None:
    """The first rows of an answer in JSON lines, as a table."""
    import msgspec
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    told = found.told
    for name in told.columns:
        shown.add_column(_cell(name), justify="right" if name in told.numbers else "left", overflow="fold")
    for line in found.body.split(b"\n", SHOWN_ROWS)[: min(told.rows, SHOWN_ROWS)]:
        row = msgspec.json.decode(line, type=dict[str, object])
        shown.add_row(*("" if row[name] is None else _cell(row[name]) for name in told.columns))
    console.print(shown)
    more = f", {SHOWN_ROWS} shown: --out FILE, --json" if told.rows > SHOWN_ROWS else ""
    console.print(f"[dim]{told.rows:,} {'row' if told.rows == 1 else 'rows'} in {told.took_s * 1000:.0f} ms{more}[/]")
    if "f1db" in told.sources:
        console.print("[dim]History: F1DB (f1db.com), CC BY 4.0[/]")


def _cell(value: object) -> str:
    from rich.markup import escape

    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return escape("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text))


def _show_tables(lake: Lake, name: str | None, *, json_output: bool) -> None:
    import msgspec

    chosen = [table for key, table in lake.shelf.tables.items() if name in {None, key}]
    if not chosen:
        raise WrongUsageError(f"There is no table {name}", hint=f"tables: {', '.join(lake.shelf.tables)}")
    if json_output:
        for table in chosen:
            typer.echo(msgspec.json.encode(table).decode())
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    if name is None:
        for heading in ("table", "a row is", "key", "units"):
            shown.add_column(heading)
        for table in chosen:
            units = len(lake.units(table.name))
            shown.add_row(table.name, table.meaning, ", ".join(table.key), f"{units}" if units else "[dim]-[/]")
    else:
        for heading in ("column", "type", "unit", "meaning"):
            shown.add_column(heading)
        for column in chosen[0].columns:
            shown.add_row(column.name, column.type.value, column.unit, column.meaning)
    console.print(shown)
    if name is None:
        console.print("[dim]overcut sql --tables NAME shows columns; NAME_all has every source's rows[/]")
