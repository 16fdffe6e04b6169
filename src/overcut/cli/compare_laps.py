"""`overcut compare-laps`: how far two lap tables agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.timing.lap_comparison import Comparison


_NEARLY_ALL = 0.99995
"""From here on, two decimals would call all what is not all."""


def compare_laps(
    left: Annotated[Path, typer.Argument(help="A lap table (Parquet).", show_default=False)],
    right: Annotated[Path, typer.Argument(help="Another, for example a reference.", show_default=False)],
    json_output: Annotated[bool, typer.Option("--json", help="The agreement as one JSON object.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="File for every disagreement: .parquet, .csv, .json or .jsonl.", show_default=False),
    ] = None,
) -> None:
    """Compare two lap tables over the sessions that both hold, column by column.

    Times agree within 1 ms, speeds within 0.5 km/h, everything else exactly. Lap and sector times are compared where
    both come from the feed, in races from lap 2 on; rows marked as generated are left out.

    \b
    overcut laps 2018-04-R --out ours.parquet
    overcut compare-laps ours.parquet reference.parquet --out differences.csv
    """
    from overcut.kernel.errors import DataMissingError
    from overcut.runtime.lap_tables import check_format, read_lap_table, write_table
    from overcut.timing.lap_comparison import compare_lap_tables

    if out is not None:
        check_format(out)
    comparison = compare_lap_tables(read_lap_table(left), read_lap_table(right))
    if not comparison.sessions:
        raise DataMissingError(
            f"{left} and {right} hold no session in common",
            why="sessions are told apart by season, round and session",
            hint="overcut laps SESSION --out laps.parquet writes another",
        )
    if json_output:
        _print_json(comparison)
    else:
        _show(comparison, left, right)
    if out is not None:
        write_table(comparison.disagreements, out)
        typer.secho(f"wrote {comparison.disagreements.height} disagreements to {out}", err=True)


def _print_json(comparison: Comparison) -> None:
    import msgspec

    typer.echo(
        msgspec.json.encode(
            {
                "sessions": comparison.sessions,
                "laps": comparison.laps,
                "only_left": comparison.only_left,
                "only_right": comparison.only_right,
                "columns": {
                    column.column: {
                        "both": column.both,
                        "agree": column.agree,
                        "share": column.share,
                        "only_left": column.only_left,
                        "only_right": column.only_right,
                    }
                    for column in comparison.columns
                },
            }
        ).decode()
    )


def _show(comparison: Comparison, left: Path, right: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    shown = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("column", "both", "agree", "", "only left", "only right"):
        shown.add_column(heading, justify="left" if heading == "column" else "right")
    for column in comparison.columns:
        share = column.share
        percent = "" if share is None else f"{share:.2%}" if share == 1 or share < _NEARLY_ALL else ">99.99%"
        style = "" if share is None or share == 1 else "yellow" if share >= 0.99 else "red"
        only = [str(count or "") for count in (column.only_left, column.only_right)]
        shown.add_row(
            column.column, str(column.both), str(column.agree), f"[{style}]{percent}[/]" if style else percent, *only
        )
    console.print(f"[dim]left[/]  {left}\n[dim]right[/] {right}")
    console.print(
        f"{len(comparison.sessions)} session(s) in both: {', '.join(comparison.sessions[:6])}"
        f"{' …' if len(comparison.sessions) > 6 else ''}\n"
        f"{comparison.laps:,} laps in both, {comparison.only_left:,} only left, {comparison.only_right:,} only right\n"
    )
    console.print(shown)
