"""``overcut strategy window``: pit windows, rejoins, duels and advice at a lap, or all along a race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from overcut.insights.stops.answers import CarStops, StopDuel, StopsAnswer
    from overcut.insights.stops.history import KeptRecommendation

BAR = " ▁▂▃▄▅▆▇█"


def window(
    session: Annotated[
        str, typer.Argument(help="A race or sprint: a path, or a name as 2024-14-R.", show_default=False)
    ],
    driver: Annotated[
        str | None, typer.Option(help="Only this driver, by code or number, in full.", show_default=False)
    ] = None,
    lap: Annotated[
        int | None, typer.Option(min=0, help="Laps that the leader has completed; the last one when left out.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Play the race and tell each change of advice as it becomes known.")
    ] = False,
    races: Annotated[int, typer.Option(min=0, max=5000, help="Simulated for each plan; 0: by the cost curves.")] = 100,
    score: Annotated[bool, typer.Option("--score", help="With --follow: how the advice did, at the end.")] = False,
    json_output: Annotated[
        bool, typer.Option("--json", help="One JSON object; with --follow one JSON line for each piece of advice.")
    ] = False,
) -> None:
    """When to stop: the window, what each lap costs, where the car rejoins, undercuts, and what to do now.

    \b
    overcut strategy window 2024-13-R --lap 20
    overcut strategy window 2024-13-R --driver NOR --lap 40
    overcut strategy window 2024-13-R --driver NOR --follow
    """
    from overcut.kernel.errors import WrongUsageError

    if follow:
        if lap is not None:
            raise WrongUsageError("--follow plays the whole race", hint="leave out --lap")
        _follow(session, driver, races, score=score, json_output=json_output)
        return
    if score:
        raise WrongUsageError("--score needs --follow", hint="the whole race has to be played to score its advice")
    _at_lap(session, driver, lap, races, json_output=json_output)


def _at_lap(session: str, driver: str | None, lap: int | None, races: int, *, json_output: bool) -> None:
    from overcut.insights.stops.picture import StopSettings
    from overcut.kernel.settings import load_settings
    from overcut.runtime.stops import stops_at, wanted_car
    from overcut.runtime.strategy import named_record

    found = stops_at(named_record(session, load_settings()), lap, StopSettings(near_races=races, races=races))
    at = None if driver is None else wanted_car(found, driver)
    if json_output:
        import msgspec

        told = found if at is None else msgspec.structs.replace(found, cars=(found.cars[at],))
        typer.echo(msgspec.json.encode(told).decode())
        return
    from rich.console import Console

    console = Console(highlight=False)
    _heading(found, console)
    if at is None:
        console.print(_table(found))
    else:
        _car(found, found.cars[at], console)
    console.print(f"[dim]Parameters: {found.provenance}[/]")


def _follow(session: str, driver: str | None, races: int, *, score: bool, json_output: bool) -> None:
    import msgspec

    from overcut.insights.stops.history import of_driver
    from overcut.insights.stops.picture import StopSettings
    from overcut.kernel.settings import load_settings
    from overcut.runtime.stops import named_history

    history = named_history(session, load_settings(), settings=StopSettings(near_races=races, races=races))
    told = 0
    for _ in history.answers():
        kept = history.answer(None).recommendations
        for one in of_driver(kept[told:], driver):
            if json_output:
                typer.echo(msgspec.json.encode(one).decode())
            else:
                typer.echo(_line(one))
        told = len(kept)
    if score:
        worth = history.answer(None, driver, laps=history.record.laps).score
        if json_output:
            typer.echo(msgspec.json.encode(worth).decode())
        elif worth is not None:
            followed = sum(one.followed for one in worth.advice)
            typer.echo(f"\n{len(worth.advice)} pieces of advice, {followed} as the team then did.")
            if worth.rejoins is not None:
                told_as = worth.rejoins
                typer.echo(
                    f"{told_as.stops} rejoins: place right {told_as.exact:.0%}, within one {told_as.within_one:.0%}, "
                    f"in the 80 % interval {told_as.cover80:.0%}."
                )


def _line(kept: KeptRecommendation) -> str:
    advice = kept.advice
    return (
        f"lap {advice.lap:>2}  {advice.cause.value:<18} P{kept.position:<2} {advice.driver}  {advice.why.text} "
        f"({advice.confidence:.0%})"
    )


def _heading(found: StopsAnswer, console: Console) -> None:
    flag = "" if found.status == "green" else f"  [black on yellow] {found.status} [/]"
    wet = f"  wet {found.wetness:.0%}" if found.wetness > 0.02 else ""
    console.print(f"[bold]{found.session_key}[/]  after lap {found.lap} of {found.laps}{flag}{wet}")


def _table(found: StopsAnswer) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "", "tyre", "window", "stop now: place", "gap ahead", "held up", "advice"):
        table.add_column(heading)
    codes = {car.driver_number: car.driver for car in found.cars}
    for car in found.cars:
        place, span = car.rejoin, car.window
        window_text = "" if span.first_lap is None else f"{span.first_lap}-{span.best_lap}-{span.last_lap}"
        ahead = "" if place is None or place.ahead is None else f"{place.gap_ahead_s:.1f} {codes.get(place.ahead, '')}"
        stuck = "" if place is None or place.stuck_laps < 0.5 else f"{place.stuck_laps:.0f} laps"
        table.add_row(
            f"P{car.position}", f"[bold]{car.driver}[/]", f"{car.compound.value[:1]}{car.tyre_age}", window_text,
            "" if place is None else f"P{place.place} [dim]{place.low}-{place.high}[/]", ahead, stuck,
            _short(car),
        )  # fmt: skip
    return table


def _short(car: CarStops) -> str:
    advice = car.recommendation
    if advice is None:
        return ""
    fits = "" if advice.compound is None else f" for {advice.compound.value.lower()}s"
    told = advice.action.value if advice.in_laps in (None, 0) else f"in {advice.in_laps} laps, lap {advice.stop_lap}"
    return f"{told}{fits} [dim]{advice.confidence:.0%}[/]"


def _car(found: StopsAnswer, car: CarStops, console: Console) -> None:
    codes = {one.driver_number: one.driver for one in found.cars}
    console.print(f"[bold]P{car.position} {car.driver}[/]  {car.compound.value.lower()}, {car.tyre_age} laps old")
    if car.recommendation is not None:
        console.print(f"[bold green]{car.recommendation.why.text}[/] [dim]({car.recommendation.confidence:.0%})[/]")
    span, place = car.window, car.rejoin
    if span.first_lap is not None:
        console.print(f"Window: laps {span.first_lap} to {span.last_lap}, best {span.best_lap}. {_stays(span.stay_s)}")
    if span.laps:
        console.print(f"Cost by lap {span.laps[0].lap}-{span.laps[-1].lap}: {_curve(car)}  [dim](full: 10 s)[/]")
    if place is not None:
        held = f", held up for about {place.stuck_laps:.0f} laps" if place.stuck_laps >= 0.5 else ""
        front = "" if place.ahead is None else f", {place.gap_ahead_s:.1f} s behind {codes.get(place.ahead, '')}"
        back = "" if place.behind is None else f", {place.gap_behind_s:.1f} s ahead of {codes.get(place.behind, '')}"
        console.print(f"Stopping now: P{place.place} (80 %: {place.low}-{place.high}){front}{back}{held}")
    if car.cheap is not None:
        console.print(f"A stop costs {car.cheap.loss_s:.1f} s now, {car.cheap.green_loss_s:.1f} s under green.")
    for duel in car.duels:
        console.print(_duel(duel, codes))


def _stays(stay_s: float | None) -> str:
    if stay_s is None:
        return "A stop is required."
    return f"No further stop costs {stay_s:+.1f} s."


def _curve(car: CarStops) -> str:
    return "".join(BAR[min(8, round(0.8 * (lap.cost_s + lap.traffic_s)))] for lap in car.window.laps)


def _duel(duel: StopDuel, codes: dict[str, str]) -> str:
    parts = ", ".join(f"{term.name} {term.seconds:+.1f}" for term in duel.terms if abs(term.seconds) >= 0.05)
    return (
        f"{duel.kind.value.capitalize()} {codes.get(duel.attacker, '')} on {codes.get(duel.rival, '')}: gap "
        f"{duel.gap_s:.1f} s, gains {duel.gain_s:+.1f} s, ahead {duel.chance:.0%} [dim]({parts})[/]"
    )
