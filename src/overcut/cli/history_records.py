"""``overcut history records``: the lists of records, and one of them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.lake.history.career_answers import RecordAnswer, RecordRow


def records(
    name: Annotated[str | None, typer.Argument(help="A list; all of them are named without.")] = None,
    of: Annotated[str | None, typer.Option("--of", help="drivers, constructors, engines, tyres, countries.")] = None,
    first: Annotated[int | None, typer.Option("--from", help="First season.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last season.")] = None,
    circuit: Annotated[str | None, typer.Option(help="Only races at this circuit.")] = None,
    grand_prix: Annotated[str | None, typer.Option(help="Only races of this Grand Prix.")] = None,
    grid: Annotated[int, typer.Option(min=1, max=40, help="For wins-from-grid: the place.")] = 1,
    least: Annotated[int | None, typer.Option(min=1, help="For shares: starts needed.")] = None,
    no_indianapolis: Annotated[
        bool, typer.Option("--no-indianapolis", help="Leave the Indianapolis 500 of 1950-60 out.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines.")] = 20,
    json_output: Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")] = False,
) -> None:
    """Name the lists of records, or show one: wins, streaks, ages, shares, comebacks …

    \b
    overcut history records wins --of constructors
    overcut history records wins --circuit monaco
    overcut history records poles-in-a-row --from 2000
    overcut history records youngest-winner
    """
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.names import resolved
    from overcut.lake.history.records import record
    from overcut.lake.history.records import records as lists

    if name is None:
        found = lists()
        if json_output:
            print_json(found)
        else:
            _show_lists()
        return
    held = book()
    answer = record(
        held,
        name,
        of=of,
        first=first,
        last=last,
        circuit_id=None if circuit is None else resolved(held, "circuit", circuit),
        grand_prix_id=None if grand_prix is None else resolved(held, "Grand Prix", grand_prix),
        grid=grid,
        indianapolis=not no_indianapolis,
        least=least,
        limit=limit,
    )
    if json_output:
        print_json(answer)
    else:
        _show(answer)


def _show_lists() -> None:
    from overcut.cli.history_tables import console
    from overcut.cli.history_tables import grid as table_of
    from overcut.lake.history.records import records as lists

    for group, items in groupby(lists().items, key=lambda item: item.group):
        table = table_of(("", "<"), ("", "<", True))
        for item in items:
            table.add_row(item.name, f"[dim]{item.title}[/]")
        console().print(f"\n[bold]{group}[/]")
        console().print(table)


def _show(answer: RecordAnswer) -> None:
    from overcut.cli.history_tables import grid as table_of
    from overcut.cli.history_tables import note, show

    table = table_of(("", ">"), ("", "<", True), ("", ">"), ("", "<", True))
    for row in answer.rows:
        rank = f"{row.rank}=" if row.tied else str(row.rank)
        now = " [green]still on[/]" if row.current else ""
        table.add_row(rank, _who(row), f"[bold]{row.text}[/]", f"[dim]{_when(row)}[/]{now}")
    years = f"{answer.from_year}-{answer.to_year}"
    show(f"{answer.record.title}, {answer.of}  [dim]{years}, {answer.record.unit}[/]", table)
    note(answer.record.definition, answer.coverage, answer.source)


def _who(row: RecordRow) -> str:
    refs = (row.driver, row.constructor, row.holder)
    names = [ref.name for ref in refs if ref is not None]
    if names:
        return ", ".join(names)
    return f"{row.race.season} {row.race.grand_prix.name}" if row.race else str(row.season or "")


def _when(row: RecordRow) -> str:
    told = [row.detail]
    race = row.race
    if race is not None and (row.driver or row.constructor or row.holder):
        told.insert(0, f"{race.season} {race.grand_prix.name}")
    elif row.first is not None and row.last is not None:
        told.insert(
            0, f"{row.first.season} {row.first.grand_prix.name} to {row.last.season} {row.last.grand_prix.name}"
        )
    if row.season and str(row.season) not in row.detail and race is None and (row.driver or row.constructor):
        told.insert(0, str(row.season))
    return " · ".join(text for text in told if text)
