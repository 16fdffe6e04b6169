"""Which columns of a table does a terminal have room for? A column is shown whole or not at all: no number is cut."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 240
"""Columns of a terminal that every table of pace fits in: what ``--wide`` prints as, whatever the terminal has."""

Cell = str | Text


class Column(msgspec.Struct, frozen=True):
    """A column: its heading, its side, and whether it stays where there is little room.

    Attributes:
        heading: what is above it. ``told``: what it is called where it is left out; the heading where empty.
        left: set to the left (words), not to the right (numbers).
        rank: 0 stays; of the others the highest goes first, and of equal ones those to the right.
    """

    heading: str
    rank: int = 0
    left: bool = False
    told: str = ""


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int) -> tuple[Table, tuple[str, ...]]:
    """The table with as many columns as ``width`` has room for, and the names of those left out.

    Columns of rank 0 stay even where they do not fit together; the caller prints them without wrapping.
    """
    widths = [max([cell_len(column.heading), *(_length(row[i]) for row in rows)]) for i, column in enumerate(columns)]
    # A column in which no row says anything takes no room from the others.
    shown = [i for i in range(len(columns)) if not columns[i].rank or any(_length(row[i]) for row in rows)]
    gone: list[int] = []
    while sum(widths[i] + 1 for i in shown) - 1 > width:
        loose = [i for i in shown if columns[i].rank]
        if not loose:
            break
        least = max(loose, key=lambda i: (columns[i].rank, i))
        shown.remove(least)
        gone.append(least)
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for i in shown:
        side = "left" if columns[i].left else "right"
        table.add_column(columns[i].heading, justify=side, no_wrap=True, min_width=widths[i])
    for row in rows:
        table.add_row(*(row[i] for i in shown))
    return table, tuple(columns[i].told or columns[i].heading for i in sorted(gone))


def console_of(*, wide: bool) -> Console:
    """The terminal; ``wide``: as if it had room for everything."""
    return Console(highlight=False, width=WIDE if wide else None)


def show_fitted(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], console: Console) -> None:
    """Print the table that fits, and what was left out of it."""
    table, gone = fitted(columns, rows, console.width)
    console.print(table, crop=False, overflow="ignore", no_wrap=True)
    if gone:
        console.print(Text(f"No room for {', '.join(gone)}: --wide shows all.", style="dim"))


def _length(cell: Cell) -> int:
    return cell.cell_len if isinstance(cell, Text) else cell_len(cell)
