"""How history is laid out on the terminal: tables that fit 80 columns, numbers, gaps, and where the data are from."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from overcut.kernel.settings import load_settings
from overcut.lake.history.answers import DriverRef, ResultRow
from overcut.lake.history.book import Book
from overcut.runtime.lake import lake_of


def book() -> Book:
    """History as this user's lake has it.

    Raises:
        DataMissingError: there is none.
    """
    return Book(lake_of(load_settings()))


def print_json(found: object) -> None:
    """An answer as one JSON object."""
    typer.echo(msgspec.json.encode(found).decode())


def grid(*columns: tuple[str, str] | tuple[str, str, bool]) -> Table:
    """A table: heading and side (``<`` or ``>``) of each column; a third value lets it wrap."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    table.show_header = any(column[0] for column in columns)
    for column in columns:
        wraps = len(column) > 2
        side = "right" if column[1] == ">" else "left"
        table.add_column(column[0], justify=side, no_wrap=not wraps, overflow="fold" if wraps else "ellipsis")
    return table


def console() -> Console:
    """Standard output."""
    return Console(highlight=False)


def show(title: str, table: Table) -> None:
    """A title and its table."""
    out = console()
    if title:
        out.print(f"\n[bold]{title}[/]")
    out.print(table)


def note(*texts: str) -> None:
    """What is said beneath, dimly."""
    for text in texts:
        if text:
            console().print(f"[dim]{text}[/]")


def names(drivers: Sequence[DriverRef]) -> str:
    """Names in a row."""
    return " / ".join(driver.name for driver in drivers)


def number(value: float) -> str:
    """25, 12.5."""
    return f"{value:.10g}"


def clock(ms: int) -> str:
    """1:31:45.203, 58.230."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest / 1000:06.3f}"
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"


def gap(row: ResultRow) -> str:
    """The winner's time; the others' gap; why one stopped."""
    if row.position == 1 and row.time_ms:
        return clock(row.time_ms)
    if row.gap_laps:
        return f"+{row.gap_laps} lap{'s' if row.gap_laps > 1 else ''}"
    if row.gap_ms is not None:
        return f"+{clock(row.gap_ms)}"
    return (row.reason_retired or "").lower()
