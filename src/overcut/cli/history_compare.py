"""``overcut history head-to-head|team-mates|eras``: who was better, fairly compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.lake.history.career_answers import ErasAnswer, HeadToHeadAnswer, TeamMatesAnswer

JsonOption = Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")]


def head_to_head(
    a: Annotated[str, typer.Argument(help="A driver: name, code, nickname or id.", show_default=False)],
    b: Annotated[str, typer.Argument(help="The other.", show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Compare two drivers wherever they met: qualifying, race, points, by season, as team mates.

    \b
    overcut history head-to-head senna prost
    """
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.duels import head_to_head as compared
    from overcut.lake.history.names import resolved

    held = book()
    page = compared(held, resolved(held, "driver", a), resolved(held, "driver", b))
    if json_output:
        print_json(page)
    else:
        _show_head_to_head(page)


def _show_head_to_head(page: HeadToHeadAnswer) -> None:
    from overcut.cli.history_tables import grid, note, number, show

    table = grid((page.a.name, ">"), ("", "<"), (page.b.name, "<"))
    for label, left, right in (
        ("titles", len(page.titles_a), len(page.titles_b)),
        ("starts", page.totals_a.starts, page.totals_b.starts),
        ("wins", page.totals_a.wins, page.totals_b.wins),
        ("podiums", page.totals_a.podiums, page.totals_b.podiums),
        ("poles", page.totals_a.poles, page.totals_b.poles),
    ):
        table.add_row(str(left), f"[dim]{label}[/]", str(right))
    show("Careers", table)
    table = grid(("", "<"), ("races", ">"), ("qualifying", ">"), ("race", ">"), ("both finished", ">"), ("points", ">"))
    lines = [("[bold]together[/]", page.together), ("as team mates", page.team_mates)]
    lines += [(f"{season.year}{' (team)' if season.team_mates else ''}", season.duel) for season in page.seasons]
    for label, duel in lines:
        table.add_row(
            label,
            str(duel.races),
            f"{duel.qualifying_a}-{duel.qualifying_b}",
            f"{duel.race_a}-{duel.race_b}",
            f"{duel.finished_a}-{duel.finished_b}",
            f"{number(duel.points_a)}-{number(duel.points_b)}",
        )
    show(f"{page.a.name} - {page.b.name}", table)
    note(page.definition, page.source)


def team_mates(
    year: Annotated[int, typer.Argument(help="Season.", show_default=False)],
    json_output: JsonOption = False,
) -> None:
    """Show every pair of team mates of a season: qualifying, race, points, gap."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.duels import team_mates as pairs_of

    page = pairs_of(book(), year)
    if json_output:
        print_json(page)
    else:
        _show_team_mates(page)


def _show_team_mates(page: TeamMatesAnswer) -> None:
    from overcut.cli.history_tables import grid, note, number, show

    table = grid(("", "<", True), ("races", ">"), ("quali", ">"), ("gap", ">"), ("race", ">"), ("points", ">"))
    for pair in page.pairs:
        duel = pair.duel
        gap = "" if duel.qualifying_gap_pct is None else f"{duel.qualifying_gap_pct:+.2f} %"
        table.add_row(
            f"{pair.a.name} - {pair.b.name} [dim]{pair.constructor.name}[/]",
            str(duel.races),
            f"{duel.qualifying_a}-{duel.qualifying_b}",
            gap,
            f"{duel.race_a}-{duel.race_b}",
            f"{number(duel.points_a)}-{number(duel.points_b)}",
        )
    show(f"Team mates of {page.year}", table)
    note(page.definition, page.source)


def eras(
    metric: Annotated[str, typer.Argument(help="wins, podiums, poles, fastest_laps, finishes …")] = "wins",
    constructors: Annotated[bool, typer.Option("--constructors", help="Compare constructors.")] = False,
    first: Annotated[int | None, typer.Option("--from", help="First season.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last season.")] = None,
    least: Annotated[int, typer.Option(min=1, help="Races needed to be listed.")] = 20,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines.")] = 20,
    json_output: JsonOption = False,
) -> None:
    """Compare eras by the share of races, with 95 % intervals, not by counts."""
    from overcut.cli.history_tables import book, print_json
    from overcut.lake.history.eras import eras as compared

    page = compared(book(), metric, of_drivers=not constructors, first=first, last=last, least=least, limit=limit)
    if json_output:
        print_json(page)
    else:
        _show_eras(page)


def _show_eras(page: ErasAnswer) -> None:
    from overcut.cli.history_tables import grid, note, show

    table = grid(
        ("", ">"), ("", "<"), ("years", "<"), ("races", ">"), (page.metric, ">"), ("share", ">"), ("95 %", ">")
    )
    for row in page.rows:
        ref = row.driver or row.constructor
        table.add_row(
            str(row.rank),
            "" if ref is None else ref.name,
            f"{row.first}-{row.last}",
            str(row.races),
            str(row.successes),
            f"{100 * row.share:.1f} %",
            f"{100 * row.low:.1f}-{100 * row.high:.1f}",
        )
    show(f"{page.metric}, {page.of}, by share of races", table)
    table = grid(("", "<"), ("", "<", True), ("races", ">"), ("different", ">"), ("most", "<", True))
    for period in page.periods:
        leader = period.leaders[0] if period.leaders else None
        ref = None if leader is None else leader.driver or leader.constructor
        most = "" if leader is None or ref is None else f"{ref.name} {100 * leader.share:.0f} %"
        years = f"{period.first}-{period.last}"
        table.add_row(years, f"[dim]{period.name}[/]", str(period.races), str(period.entrants), most)
    show("Periods", table)
    note(page.definition, page.source)
