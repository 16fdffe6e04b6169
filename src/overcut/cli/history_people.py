"""``overcut history driver|constructor|circuit|grand-prix``: one page each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.lake.history.career_answers import CareerSeason, CareerTotals, ConstructorAnswer, DriverAnswer
    from overcut.lake.history.place_answers import PlaceAnswer

JsonOption = Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")]
NameArgument = Annotated[list[str], typer.Argument(help="Name, code, nickname or id.", show_default=False)]
BEST = 8
"""Lines of a list of the best."""


def driver(name: NameArgument, json_output: JsonOption = False) -> None:
    """Show a driver: totals, seasons, team mates, milestones."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.careers import driver_page
    from overcut.lake.history.names import resolved

    held = book()
    page = driver_page(held, resolved(held, "driver", " ".join(name)))
    if json_output:
        print_json(page)
    else:
        _show_driver(page)


def _show_driver(page: DriverAnswer) -> None:
    from overcut.cli.history_tables import console, grid, note, number, show

    about = [page.country_name, f"born {page.born}" if page.born else None, f"died {page.died}" if page.died else None]
    console().print(f"[bold]{page.driver.name}[/]  [dim]{', '.join(text for text in about if text)}[/]")
    if page.title_years:
        console().print(f"[bold yellow]Champion[/] {', '.join(map(str, page.title_years))}")
    _show_totals(page.totals)
    _show_seasons(page.seasons, teams=True)
    table = grid(("team mate", "<"), ("races", ">"), ("qualifying", ">"), ("race", ">"), ("points", ">"))
    for mate in page.team_mates:
        duel = mate.duel
        table.add_row(
            f"{mate.driver.name} [dim]{_years(mate.first, mate.last)}[/]",
            str(duel.races),
            f"{duel.qualifying_a}-{duel.qualifying_b}",
            f"{duel.race_a}-{duel.race_b}",
            f"{number(duel.points_a)}-{number(duel.points_b)}",
        )
    if page.team_mates:
        show("Team mates", table)
    table = grid(("", "<"), ("", "<", True))
    for milestone in page.milestones:
        table.add_row(f"{milestone.race.season} {milestone.race.grand_prix.name}", milestone.text)
    show("Milestones", table)
    note(page.definitions["starts"], page.source)


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _show_totals(totals: CareerTotals) -> None:
    from overcut.cli.history_tables import grid, number, show

    cells = (
        ("starts", totals.starts), ("wins", totals.wins), ("podiums", totals.podiums), ("poles", totals.poles),
        ("fastest laps", totals.fastest_laps), ("points", number(totals.points)), ("hat-tricks", totals.hat_tricks),
        ("laps", f"{totals.laps:,}"), ("retired", totals.retirements),
        ("best", "" if totals.best_result is None else f"{totals.best_result} ({totals.best_result_count}x)"),
        ("best grid", totals.best_grid or ""), ("sprint wins", totals.sprint_wins),
    )  # fmt: skip
    table = grid(*[("", side) for _ in range(4) for side in ("<", ">")])
    for row in range(0, len(cells), 4):
        table.add_row(*[text for label, value in cells[row : row + 4] for text in (f"[dim]{label}[/]", str(value))])
    show("", table)


def _show_seasons(seasons: list[CareerSeason], *, teams: bool) -> None:
    from overcut.cli.history_tables import grid, number, show

    table = grid(
        ("", "<"), ("team" if teams else "drivers", "<", True), ("races", ">"), ("wins", ">"), ("podiums", ">"),
        ("poles", ">"), ("points", ">"), ("pos", ">"),
    )  # fmt: skip
    for season in seasons:
        who = season.constructors if teams else season.drivers[:4]
        more = "" if teams or len(season.drivers) <= 4 else " …"
        totals = season.totals
        table.add_row(
            str(season.year),
            ", ".join(ref.name for ref in who) + more,
            str(totals.starts),
            str(totals.wins or ""),
            str(totals.podiums or ""),
            str(totals.poles or ""),
            number(season.points),
            f"[bold yellow]{season.position_text}[/]" if season.champion else season.position_text,
        )
    show("Seasons", table)


def constructor(name: NameArgument, json_output: JsonOption = False) -> None:
    """Show a constructor: totals, its line of names, seasons, drivers."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.careers import constructor_page
    from overcut.lake.history.names import resolved

    held = book()
    page = constructor_page(held, resolved(held, "constructor", " ".join(name)))
    if json_output:
        print_json(page)
    else:
        _show_constructor(page)


def _show_constructor(page: ConstructorAnswer) -> None:
    from overcut.cli.history_tables import console, grid, note, show

    console().print(f"[bold]{page.constructor.name}[/]  [dim]{page.country_name or ''}[/]")
    if page.title_years:
        console().print(f"[bold yellow]Champion[/] {', '.join(map(str, page.title_years))}")
    if len(page.chronology) > 1:
        line = " → ".join(f"{one.constructor.name} {one.year_from}-{one.year_to or 'now'}" for one in page.chronology)
        note(f"Line: {line}")
    _show_totals(page.totals)
    _show_seasons(page.seasons, teams=False)
    table = grid(("driver", "<"), ("starts", ">"), ("wins", ">"), ("podiums", ">"), ("poles", ">"), ("years", ">"))
    for one in page.drivers[:BEST]:
        years = f"{one.first}-{one.last}"
        table.add_row(one.name, str(one.starts), str(one.wins), str(one.podiums), str(one.poles), years)
    show("Drivers with the most starts", table)
    note(page.definitions["podiums"], page.source)


def circuit(name: NameArgument, json_output: JsonOption = False) -> None:
    """Show a circuit: races, who did best, layouts, lap records."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.names import resolved
    from overcut.lake.history.places import circuit_page

    held = book()
    page = circuit_page(held, resolved(held, "circuit", " ".join(name)))
    if json_output:
        print_json(page)
    else:
        _show_place(page)


def grand_prix(name: NameArgument, json_output: JsonOption = False) -> None:
    """Show a Grand Prix through the years: winners, who did best."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.names import resolved
    from overcut.lake.history.places import grand_prix_page

    held = book()
    page = grand_prix_page(held, resolved(held, "Grand Prix", " ".join(name)))
    if json_output:
        print_json(page)
    else:
        _show_place(page)


def _show_place(page: PlaceAnswer) -> None:
    from overcut.cli.history_tables import clock, console, grid, names, note, show

    about = page.about
    where = ", ".join(text for text in (about.place, about.country_name) if text)
    length = f", {about.length_km} km, {about.turns} turns" if about.length_km else ""
    console().print(f"[bold]{about.full_name or about.name}[/]  [dim]{where}{length}[/]")
    run = [line for line in page.races if line.winners]
    note(f"{len(run)} races; won from pole {page.pole_wins} of {page.pole_races}")
    table = grid(("wins", "<"), ("", ">"), ("poles", "<"), ("", ">"), ("teams' wins", "<"), ("", ">"))
    lists = (page.wins, page.poles, page.constructor_wins)
    for place in range(BEST):
        cells: list[str] = []
        for counts in lists:
            if place < len(counts):
                one = counts[place]
                who = one.driver.name if one.driver else one.constructor.name if one.constructor else ""
                cells += [who, str(one.count)]
            else:
                cells += ["", ""]
        if any(cells):
            table.add_row(*cells)
    show("", table)
    table = grid(("", "<"), ("winner", "<"), ("team", "<"), ("", "<"))
    for line in run[:15]:
        team = "" if line.winning_constructor is None else line.winning_constructor.name
        other = line.race.circuit.name if about.kind == "grand_prix" else line.race.grand_prix.name
        table.add_row(str(line.race.season), names(line.winners), team, f"[dim]{other}[/]")
    show("Latest races", table)
    table = grid(("", "<"), ("driver", "<"), ("", ">"))
    for record in page.lap_records[:5]:
        table.add_row(
            f"{record.race.season} [dim]{record.layout_id or ''}[/]", record.driver.name, clock(record.time_ms)
        )
    if page.lap_records:
        show("Race lap records, by layout", table)
    note(page.source)
