"""``overcut lake disagreements``: on which values the sources differ, and who is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from overcut.kernel.errors import DataMissingError, WrongUsageError

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from overcut.runtime.comparing import Comparison

VERDICTS = ("left", "right", "neither", "unknown")


def disagreements(
    table: Annotated[str, typer.Option(help="Only of this table: results, fastest_laps …", show_default="all")] = "",
    place: Annotated[str, typer.Option(help="Only where this begins: 2021, 2021-12, 2021-12-R.", show_default="")] = "",
    who: Annotated[str, typer.Option(help=f"Only with this verdict: {', '.join(VERDICTS)}.", show_default="all")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Rows shown; 0 for all.")] = 40,
    kept: Annotated[bool, typer.Option("--kept", help="Show what was found last, compare nothing.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="Figures and rows as one JSON object.")] = False,
) -> None:
    """Compare the lake's sources: each value on which they differ, who is right, and why.

    \b
    overcut lake disagreements                       compare, and keep what is found
    overcut lake disagreements --who unknown         what nothing decides
    overcut lake disagreements --place 2021-12       one weekend
    """
    import msgspec
    from rich.console import Console

    from overcut.kernel.settings import load_settings
    from overcut.runtime.comparing import compare, store
    from overcut.runtime.comparing import disagreements as kept_ones
    from overcut.runtime.lake import lake_of

    if who and who not in VERDICTS:
        raise WrongUsageError(f"there is no verdict {who!r}", hint=f"one of {', '.join(VERDICTS)}")
    lake = lake_of(load_settings())
    console = Console(stderr=True, highlight=False)
    figures: list[Comparison] = []
    if not kept:
        with console.status("comparing"):
            figures, found = compare(lake)
            store(lake, found)
    elif not lake.units("disagreements"):
        raise DataMissingError("nothing was compared yet", hint="overcut lake disagreements")
    rows = kept_ones(lake, table, place, who)
    if json_output:
        told = {"compared": figures, "rows": rows.head(limit or rows.height).to_dicts(), "total": rows.height}
        typer.echo(msgspec.json.encode(told).decode())
        return
    _show_figures(figures)
    _show_rows(rows, limit, console)


def _show_figures(figures: list[Comparison]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not figures:
        return
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("compared", "pairs", "differ", "first right", "second right", "neither", "unknown"):
        shown.add_column(heading, justify="left" if heading == "compared" else "right")
    for one in figures:
        counts = (one.compared, one.differ, one.left, one.right, one.neither, one.unknown)
        shown.add_row(one.what, *(f"{count:,}" if count else "[dim]-[/]" for count in counts))
    Console(highlight=False).print(shown)


def _show_rows(rows: pl.DataFrame, limit: int, notes: Console) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("where", "one says", "the other", "right and why"):
        shown.add_column(heading, overflow="fold")
    for row in rows.head(limit or rows.height).iter_rows(named=True):
        right = {"left": row["left_source"], "right": row["right_source"]}.get(row["who_is_right"], row["who_is_right"])
        shown.add_row(
            f"{row['place']} {escape(row['row_key'])}\n[dim]{row['table_name']}.{row['column_name']}[/]",
            f"{row['left_source']}\n{escape(row['left_value'] or '')}",
            f"{row['right_source']}\n{escape(row['right_value'] or '')}",
            f"[bold]{right}[/]: {escape(row['why'] or '')}",
        )
    Console(highlight=False).print(shown)
    if limit and rows.height > limit:
        notes.print(f"[dim]{limit} of {rows.height:,}; --limit 0 shows all, --json gives them to a program[/]")
