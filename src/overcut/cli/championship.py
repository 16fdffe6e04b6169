"""``overcut championship``: how a championship stands after a round, who can still win, what must happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from overcut.insights.championship.answers import ChampionshipAnswer, ChampionshipLine, TitleNeed

LINES_SHOWN = 25
WAYS_SHOWN = 8


def championship(
    year: Annotated[int, typer.Argument(help="Season, 1950 and later.", show_default=False)],
    after: Annotated[
        int | None, typer.Option("--after", min=0, help="After this round; by default the last that was run.")
    ] = None,
    constructors: Annotated[bool, typer.Option("--constructors", help="The constructors' championship.")] = False,
    order: Annotated[
        str | None,
        typer.Option("--if", help="What if the next race ended in this order: drivers, separated by commas."),
    ] = None,
    fastest_lap: Annotated[str | None, typer.Option("--fastest-lap", help="Who has the fastest lap then.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every line of the table and every way.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")] = False,
) -> None:
    """A championship after a round: its table, who can still win, what must happen.

    \b
    overcut championship 2010 --after 18
    overcut championship 1988 --after 14
    overcut championship 2024 --constructors --after 23
    overcut championship 2008 --after 17 --if "massa, alonso, raikkonen, vettel, hamilton"

    Everything is computed from the finishing positions and the season's rules, exactly.
    """
    from overcut.domain.championship import Championship
    from overcut.kernel.settings import load_settings
    from overcut.runtime.championship import championship_if, championship_of
    from overcut.runtime.lake import lake_of

    lake = lake_of(load_settings())
    of = Championship.CONSTRUCTORS if constructors else Championship.DRIVERS
    if order is None:
        found = championship_of(lake, year, of, after)
    else:
        named = [name.strip() for name in order.split(",") if name.strip()]
        found = championship_if(lake, year, of, after, named, fastest_lap)
    if json_output:
        import msgspec

        typer.echo(msgspec.json.encode(found).decode())
        return
    from rich.console import Console

    _show(found, Console(highlight=False), everything=everything)


def _show(found: ChampionshipAnswer, console: Console, *, everything: bool) -> None:
    from rich.padding import Padding

    when = "before the first race" if not found.after else f"after round {found.after} of {found.rounds}"
    supposed = "  [black on yellow] IF IT ENDED SO [/]" if found.supposed else ""
    console.print(f"[bold]{found.year} {found.of.value}' championship[/]  [dim]{when}[/]{supposed}")
    console.print(Padding(_table(found, everything=everything) if found.table else "Nobody has raced yet.", (1, 0)))
    if found.champion is not None and found.decided is not None:
        console.print(
            f"[bold green]{found.champion.name}[/] is champion since round {found.decided.round}, {found.decided.name}."
        )
    elif found.can_win:
        console.print(f"[bold]Can still win:[/] {', '.join(entrant.name for entrant in found.can_win)}")
    if found.next is not None:
        _show_next(found.next.needs, f"round {found.next.round}, {found.next.name}", console, everything=everything)
    console.print()
    for line in (*found.rules, *found.rulings):
        console.print(f"[dim]{line}[/]")
    console.print(f"[dim]{found.source}.[/]")


def _table(found: ChampionshipAnswer, *, everything: bool) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading, side in (("", "right"), ("", "left"), ("points", "right"), ("behind", "right"), ("wins", "right")):
        table.add_column(heading, justify="right" if side == "right" else "left")
    table.add_column("dropped", justify="right")
    table.add_column("at most", justify="right")
    table.add_column("")
    for line in found.table if everything else found.table[:LINES_SHOWN]:
        table.add_row(*_cells(line))
    return table


_CHANCES = {
    "champion": "[bold green]champion[/]",
    "open": "[green]can win[/]",
    "level at best": "[yellow]can draw level[/]",
    "out": "",
}


def _cells(line: ChampionshipLine) -> tuple[str, ...]:
    lost = line.gross - line.points
    return (
        line.position_text,
        line.entrant.name,
        f"[bold]{line.exact}[/]",
        _told(line.behind),
        str(line.counts[0]) if line.counts and line.counts[0] else "",
        _told(lost) if line.dropped else "",
        _told(line.most) if line.chance.value in ("open", "level at best") else "",
        _CHANCES[line.chance.value],
    )


def _told(points: float) -> str:
    """Points as the table's first column has them ("26 1/2"), "" for none. Cars were shared by up to seven drivers."""
    from fractions import Fraction

    from overcut.insights.championship.words import exact

    return exact(Fraction(points).limit_denominator(420)) if points else ""


def _show_next(needs: tuple[TitleNeed, ...], where: str, console: Console, *, everything: bool) -> None:
    told = [need for need in needs if everything or need.can_clinch or need.needs_points]
    console.print(f"\n[bold]What must happen[/] [dim]in {where}[/]")
    if not told:
        console.print("Nobody can win it there yet, and everybody can lose there and still win it.")
    for need in told:
        console.print(f"• {need.text}")
        ways = need.ways if everything else need.ways[:WAYS_SHOWN]
        for way in ways:
            console.print(f"    [dim]-[/] {way.text}")
        if len(ways) < len(need.ways):
            console.print(f"    [dim]… and {len(need.ways) - len(ways)} more: --all[/]")
