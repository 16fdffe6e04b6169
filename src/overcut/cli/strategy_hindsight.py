"""``overcut strategy hindsight``: what each driver of a finished race should have done, and how well teams planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from overcut.strategy.hindsight import MedianTeam, Missed, RaceHindsight, Score, SeasonHindsight


def hindsight(
    session: Annotated[
        str, typer.Argument(help="A finished race as 2024-14-R, or with --season a year.", show_default=False)
    ],
    driver: Annotated[
        list[str] | None, typer.Option("--driver", "-d", help="Only these, by code or number.", show_default=False)
    ] = None,
    season: Annotated[bool, typer.Option("--season", help="Every race of the year, and the teams' scores.")] = False,
    races: Annotated[int, typer.Option(min=64, max=20_000, help="Races by which the plans are compared.")] = 1024,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulated luck.")] = 0,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The best plan of each driver of a finished race: as it could be known, and in hindsight.

    \b
    overcut strategy hindsight 2024-14-R
    overcut strategy hindsight 2024-14-R --driver RUS
    overcut strategy hindsight 2024 --season

    All plans meet the race as it came: its safety cars, its rain, the rivals' own stops. A season takes minutes.
    """
    import msgspec
    from rich.console import Console

    from overcut.kernel.errors import WrongUsageError
    from overcut.kernel.settings import load_settings
    from overcut.runtime.hindsight import race_hindsight, season_of
    from overcut.runtime.lake import lake_of
    from overcut.runtime.strategy import named_record
    from overcut.strategy.hindsight import LookingBack
    from overcut.strategy.whatif.asking import driver_number

    settings, how = load_settings(), LookingBack(seed=seed, races=races)
    found: RaceHindsight | SeasonHindsight
    if season:
        if not session.isdecimal():
            raise WrongUsageError(f"{session!r} is no season", hint="overcut strategy hindsight 2024 --season")
        found = season_of(lake_of(settings), int(session), how, progress=_told)
    else:
        record = named_record(session, settings)
        grid = record.race(0)
        drivers = [driver_number(grid, name) for name in driver] if driver else None
        found = race_hindsight(record, how, drivers=drivers, progress=lambda done, of: _told(done, of, "drivers"))
    if json_output:
        typer.echo(msgspec.json.encode(found).decode())
        return
    show(found, Console(highlight=False))


def _told(done: int, of: int, what: str) -> None:
    typer.echo(f"{done} of {of} {what}", err=True)


def show(found: RaceHindsight | SeasonHindsight, console: Console) -> None:
    """The answer as a table."""
    from overcut.strategy.hindsight import RaceHindsight

    if isinstance(found, RaceHindsight):
        _show_race(found, console)
    else:
        _show_season(found, console)
    console.print()
    for line in found.assumptions:
        console.print(f"[dim]{line}[/]")


def _show_race(found: RaceHindsight, console: Console) -> None:
    from rich.table import Table

    console.print(f"[bold]{found.session_key}[/] in hindsight  [dim]{found.races:,} races of each plan[/]")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "", "did", "best for the race as it came", "missed", "", "advised", "usual"):
        table.add_column(heading, justify="left" if heading in {"did", "best for the race as it came"} else "right")
    for car in found.drivers:
        place = "out" if car.finish is None else str(car.finish)
        if car.actual is None or car.hindsight is None or car.missed is None:
            table.add_row(place, car.driver, f"[dim]{car.why_not}[/]", *[""] * 5)
            continue
        table.add_row(
            place,
            car.driver,
            car.actual.told.removesuffix(", whatever happens"),
            car.hindsight.told.removesuffix(", whatever happens"),
            _points(car.missed),
            f"{car.missed.seconds.mean:+.1f} s",
            _points(car.advisable),
            _points(car.gained),
        )
    console.print(table)
    console.print(
        "[dim]Missed: the best plan against what was done. Advised: the optimiser's plan as the race was known then, "
        "against what was done. Usual: what was done against what teams usually do. Points, 90 % of the simulation.[/]"
    )


def _points(missed: Missed | None) -> str:
    return "" if missed is None else f"{missed.points.mean:+.2f} ± {missed.points.half_width:.2f}"


def _show_season(found: SeasonHindsight, console: Console) -> None:
    from rich.table import Table

    console.print(f"[bold]Strategy in {found.season}[/]  [dim]{len(found.races)} races, points a car and race[/]")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("team", "races", "gained", "", "missed", "", "against advice", ""):
        table.add_column(heading, justify="left" if heading == "team" else "right")
    for team in found.teams:
        cells = [_score(team.gained_points), _seconds(team.gained_seconds), _score(team.missed_points)]
        cells += [_seconds(team.missed_seconds), _score(team.advisable_points), _seconds(team.advisable_seconds)]
        table.add_row(team.team, str(team.races), *cells)
    console.print(table)
    _show_median("thought over at each caution", found.median_team, console)
    _show_median("from the grid and kept", found.median_team_grid, console)
    for key, why in found.left_out:
        console.print(f"[dim]{key} left out: {why}[/]")


def _show_median(which: str, median: MedianTeam | None, console: Console) -> None:
    if median is not None:
        console.print(
            f"The optimiser's plan {which}, against the median team's: {_seconds(median.seconds)}, "
            f"{_score(median.points)} points, {_score(median.places)} places a car and race; quicker in "
            f"{median.better:.0%} of {median.races} races."
        )


def _score(score: Score) -> str:
    return f"{score.mean:+.2f} [dim]({score.low:+.2f} to {score.high:+.2f})[/]"


def _seconds(score: Score) -> str:
    return f"{score.mean:+.1f} s [dim]({score.low:+.1f} to {score.high:+.1f})[/]"
