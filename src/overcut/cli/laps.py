"""`overcut laps`: every lap of a session, as a table on the terminal or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl

SHOWN_LAPS = 200
"""Rows printed at most; the file holds all of them."""


def laps(
    session: Annotated[
        str, typer.Argument(metavar="PATH", help="Session: a path, or a name as 2018-04-R.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option(help="File to write: .parquet, .csv, .json or .jsonl.", show_default=False)
    ] = None,
    driver: Annotated[
        list[str] | None, typer.Option(help="Only these drivers: code, number or name.", show_default=False)
    ] = None,
) -> None:
    """Every lap of a session: times, tyres, pits, flags, speeds, deleted times.

    \b
    overcut laps 2018-04-R --out laps.parquet
    overcut laps SESSION --driver NOR          one driver's laps on the terminal
    """
    from overcut.kernel.settings import load_settings
    from overcut.runtime.finding import find_source
    from overcut.runtime.lap_tables import check_format, laps_of, write_table

    if out is not None:
        check_format(out)
    table = laps_of(find_source(session, load_settings()), driver or ())
    if out is None:
        _show(table)
        return
    write_table(table, out)
    cars, count = table["driver_number"].n_unique(), table.height
    typer.secho(f"wrote {count} laps of {cars} cars to {out}", err=True, fg=typer.colors.GREEN)


def _show(table: pl.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    shown = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for heading in _HEADINGS:
        text = heading in _TEXTS
        shown.add_column(heading, justify="left" if text else "right", no_wrap=heading != "notes")
    for row in table.head(SHOWN_LAPS).iter_rows(named=True):
        shown.add_row(*_cells(row))
    console.print(shown)
    if table.height > SHOWN_LAPS:
        console.print(f"[dim]{table.height - SHOWN_LAPS} more; --out laps.parquet writes all, --driver chooses[/]")


_HEADINGS = ("driver", "lap", "time", "s1", "s2", "s3", "pos", "tyre", "age", "flags", "trap", "notes")
_TEXTS = frozenset(("driver", "tyre", "flags", "notes"))


def _cells(row: dict[str, object]) -> list[str]:
    notes = [
        "in" if row["pit_in"] else "",
        "out" if row["pit_out"] else "",
        f"[red]deleted: {row['deleted_reason']}[/]" if row["deleted"] else "",
        "best" if row["is_personal_best"] else "",
    ]
    speed = row["speed_st"]
    return [
        str(row["driver"] or row["driver_number"]),
        str(row["lap"]),
        _time(row["lap_time_s"]) + ("" if row["lap_time_source"] in ("f1", None) else "*"),
        *(_time(row[f"s{sector}_s"]) for sector in (1, 2, 3)),
        str(row["position"] or ""),
        str(row["compound"] or "").lower(),
        "" if row["tyre_life"] is None else str(row["tyre_life"]),
        str(row["track_status"] or ""),
        f"{speed:.0f}" if isinstance(speed, float) else "",
        " ".join(note for note in notes if note),
    ]


def _time(seconds: object) -> str:
    if not isinstance(seconds, float):
        return ""
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"
