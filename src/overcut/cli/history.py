"""``overcut history``: seventy-five years of seasons, races, people, places and records, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from overcut.cli.history_compare import eras, head_to_head, team_mates
from overcut.cli.history_import import history_import
from overcut.cli.history_people import circuit, constructor, driver, grand_prix
from overcut.cli.history_records import records

if TYPE_CHECKING:
    from overcut.lake.history.answers import RaceAnswer, SearchHit, SeasonAnswer, StandingsAnswer

app = typer.Typer(
    name="history", help="Ask about every season since 1950: results, records, comparisons.", no_args_is_help=True
)

JsonOption = Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")]


def search(
    words: Annotated[list[str], typer.Argument(help="Names, nicknames, codes, years.", show_default=False)],
    limit: Annotated[int, typer.Option(min=1, max=50, help="Hits at most.")] = 10,
    json_output: JsonOption = False,
) -> None:
    """Find anything: a driver, a team, a race, a circuit, a record.

    \b
    overcut history search verstappen 2021 spa
    overcut history search senna vs prost
    """
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.search import search as found_by

    found = found_by(book(), " ".join(words), limit)
    if json_output:
        print_json(found)
    else:
        _show_hits(found, " ".join(words))


def _show_hits(found: list[SearchHit], words: str) -> None:
    from overcut.cli.history_tables import grid, show
    from overcut.kernel.errors import DataMissingError

    if not found:
        raise DataMissingError(f"Nothing fits {words!r}", hint="try fewer words, or a year: monaco 1996")
    table = grid(("", "<"), ("", "<"), ("", "<", True))
    for hit in found:
        table.add_row(f"[dim]{hit.kind.replace('_', ' ')}[/]", hit.name, f"{hit.detail} [dim]{hit.id}[/]")
    show("", table)


def season(
    year: Annotated[int, typer.Argument(help="Season.", show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Show a season: its races and winners, and both tables."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.seasons import season_page

    page = season_page(book(), year)
    if json_output:
        print_json(page)
    else:
        _show_season(page)


def _show_season(page: SeasonAnswer) -> None:
    from overcut.cli.history_tables import grid, names, note, number, show

    table = grid(("", ">"), ("race", "<"), ("winner", "<"), ("team", "<"), ("pole", "<"))
    for line in page.rounds:
        team = "" if line.winning_constructor is None else line.winning_constructor.name
        poles = ", ".join(driver.code or driver.name for driver in line.pole)
        table.add_row(str(line.race.round), line.race.grand_prix.name, names(line.winners), team, poles)
    show(f"{page.year} season", table)
    for title, rows in (("Drivers", page.drivers), ("Constructors", page.constructors)):
        table = grid(("", ">"), ("", "<"), ("points", ">"), ("wins", ">"))
        for row in rows[:10]:
            name = row.driver.name if row.driver else row.constructor.name if row.constructor else ""
            table.add_row(row.position_text, name, number(row.points), str(row.wins or ""))
        if rows:
            show(title if page.finished else f"{title} so far", table)
    note(page.note, page.source)


def race(
    year: Annotated[int, typer.Argument(help="Season.", show_default=False)],
    which: Annotated[str, typer.Argument(metavar="RACE", help="Round, or a name: 6, monaco.", show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Show a race: result, grid, gaps, and what was special about it.

    \b
    overcut history race 1996 monaco
    overcut history race 2021 22
    """
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.finding import round_called
    from overcut.lake.history.races import race_page

    held = book()
    page = race_page(held, year, round_called(held, year, which))
    if json_output:
        print_json(page)
    else:
        _show_race(page)


def _show_race(page: RaceAnswer) -> None:
    from overcut.cli.history_tables import gap, grid, note, number, show

    table = grid(("", ">"), ("driver", "<"), ("team", "<"), ("grid", ">"), ("laps", ">"), ("gap", ">"), ("pts", ">"))
    for row in page.results:
        team = "" if row.constructor is None else row.constructor.name
        marks = ("*" if row.fastest_lap else "") + ("°" if row.shared_car else "")
        table.add_row(
            row.position_text,
            row.driver.name + marks,
            team,
            row.grid_text or "",
            "" if row.laps is None else str(row.laps),
            gap(row),
            number(row.points) if row.points else "",
        )
    where = f"{page.race.circuit.name}, {page.race.date}"
    show(f"{page.race.season} {page.race.grand_prix.name}, round {page.race.round}  [dim]{where}[/]", table)
    note("* fastest lap" + (" · ° shared a car" if any(row.shared_car for row in page.results) else ""))
    for fact in page.facts:
        note(fact)
    note(page.note, page.source)


def standings(
    year: Annotated[int, typer.Argument(help="Season.", show_default=False)],
    after: Annotated[int | None, typer.Option(min=1, max=40, help="After this round; the final table if not.")] = None,
    constructors: Annotated[bool, typer.Option("--constructors", help="The constructors' table.")] = False,
    computed: Annotated[
        bool, typer.Option("--computed", help="Not as published: computed from the results and the season's rules.")
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Show a championship table, final or after a round, as published; or computed.

    `overcut championship YEAR` says who can still win, and what must happen.
    """
    if computed:
        from overcut.cli.championship import championship

        championship(year, after=after, constructors=constructors, everything=True, json_output=json_output)
        return
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.standings import standings as table_of

    found = table_of(book(), year, of_drivers=not constructors, after=after)
    if json_output:
        print_json(found)
    else:
        _show_standings(found)


def _show_standings(found: StandingsAnswer) -> None:
    from overcut.cli.history_tables import grid, note, number, show

    table = grid(("", ">"), ("", "<"), ("engine", "<"), ("points", ">"), ("gap", ">"), ("wins", ">"))
    for row in found.rows:
        name = row.driver.name if row.driver else row.constructor.name if row.constructor else ""
        engine = "" if row.engine is None else row.engine.name
        gap = number(-row.gap) if row.gap else ""
        table.add_row(row.position_text, name, engine, number(row.points), gap, str(row.wins or ""))
    when = "final" if found.final else f"after round {found.after}"
    show(f"{found.season} {found.of}, {when}", table)
    note(found.note, found.source)


for _name, _function in (
    ("search", search),
    ("season", season),
    ("race", race),
    ("standings", standings),
    ("driver", driver),
    ("constructor", constructor),
    ("circuit", circuit),
    ("grand-prix", grand_prix),
    ("records", records),
    ("head-to-head", head_to_head),
    ("team-mates", team_mates),
    ("eras", eras),
    ("import", history_import),
):
    app.command(_name)(_function)
