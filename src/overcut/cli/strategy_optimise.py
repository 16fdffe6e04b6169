"""``overcut strategy optimise``: the best plan from any lap, its window, and what rivals may answer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from overcut.strategy.optimiser import OptimiserAnswer, PlanValue, TyreSet


class BestAt(StrEnum):
    """What the plan is to be best at."""

    POINTS = "points"
    POSITION = "position"
    RISK = "risk"
    CHANCE = "chance"


class Hard(StrEnum):
    """How hard to search."""

    QUICK = "quick"
    LIVE = "live"
    FULL = "full"


def optimise(
    session: Annotated[
        str, typer.Argument(help="A race or sprint: a name as 2024-14-R, or a path.", show_default=False)
    ],
    driver: Annotated[str, typer.Option("--driver", "-d", help="Code or racing number.", show_default=False)],
    lap: Annotated[int, typer.Option("--lap", "-l", min=0, help="From the end of this lap on; 0 is the grid.")] = 0,
    objective: Annotated[BestAt, typer.Option(help="What the plan is to be best at.")] = BestAt.POINTS,
    place: Annotated[int, typer.Option(min=1, help="With --objective chance: this place or better.")] = 3,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A set that may be fitted, as SOFT, HARDx2 or MEDIUM:3 (3 laps old); without any: new ones of every "
            "compound, as many as wanted.",
            show_default=False,
        ),
    ] = None,
    stops: Annotated[int, typer.Option("--stops", help="At most so many stops from now on.")] = 3,
    least_stint: Annotated[int, typer.Option(help="Laps of a stint at least.")] = 1,
    pace: Annotated[bool, typer.Option("--pace", help="Choose push, normal or save for each stint too.")] = False,
    replies: Annotated[bool, typer.Option("--replies/--no-replies", help="Let the rivals reply.")] = True,
    effort: Annotated[Hard, typer.Option(help="How hard to search.")] = Hard.FULL,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulated luck; the same one gives the same answer.")] = 0,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object a stage, the last one final.")] = False,
) -> None:
    """The best plan from here: stops, tyres, the window of the next stop.

    \b
    overcut strategy optimise 2024-14-R --driver RUS
    overcut strategy optimise 2024-14-R --driver RUS --lap 20 --objective chance --place 3
    overcut strategy optimise 2024-14-R --driver RUS --set HARD --set MEDIUMx2 --set SOFT:3

    First what would be quickest alone on the track, found exactly; then thousands of simulated races with the rivals'
    replies.
    """
    import msgspec

    from overcut.kernel.settings import load_settings
    from overcut.runtime.strategy import named_record
    from overcut.strategy.model import PaceMode
    from overcut.strategy.optimiser import Objective
    from overcut.strategy.optimiser import optimise as stages
    from overcut.strategy.optimiser.asking import EffortAsked, OptimiseQuestion, question_of

    record = named_record(session, load_settings())
    asked = OptimiseQuestion(
        driver=driver,
        lap=lap,
        objective=Objective(objective.value),
        place=place,
        sets=tuple(read_set(text) for text in sets or ()),
        most_stops=stops,
        least_stint=least_stint,
        paces=(PaceMode.NORMAL, PaceMode.PUSH, PaceMode.SAVE) if pace else (PaceMode.NORMAL,),
        replies=replies,
        effort=EffortAsked(effort.value),
        seed=seed,
    )
    question = question_of(record.race(lap), record.happened(), asked)
    newest: OptimiserAnswer | None = None
    for newest in stages(question):
        if json_output:
            typer.echo(msgspec.json.encode(newest).decode())
        else:
            typer.echo(f"{newest.stage.name}: {newest.stage.simulated:,} races", err=True)
    if not json_output and newest is not None:
        from rich.console import Console

        _show(newest, Console(highlight=False))


def read_set(text: str) -> TyreSet:
    """A set as the command line has it: COMPOUND, COMPOUND:AGE, either with xCOUNT.

    Raises:
        WrongUsageError: it is none.
    """
    import re

    from overcut.domain.tyres import Compound
    from overcut.kernel.errors import WrongUsageError
    from overcut.strategy.optimiser import TyreSet

    found = re.fullmatch(r"([A-Za-z]+)(?::(\d{1,2}))?(?:x(\d{1,2}))?", text.strip())
    compound = Compound.from_feed(found.group(1)) if found else Compound.UNKNOWN
    if found is None or compound is Compound.UNKNOWN:
        raise WrongUsageError(f"{text!r} is no set of tyres", hint="as SOFT, HARDx2 or MEDIUM:3x1")
    age, count = found.group(2), found.group(3)
    return TyreSet(compound, int(age or 0), int(count) if count else 1)


def _show(answer: OptimiserAnswer, console: Console) -> None:
    from rich.table import Table

    console.print(
        f"[bold]{answer.driver}[/] from the end of lap {answer.lap}: [bold green]{answer.plans[0].told}[/]  "
        f"[dim]best at {answer.aim.objective.value}, {answer.races:,} races each[/]"
    )
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "points", "place", "worst fifth", f"P{answer.aim.place} or better", "behind", "alone"):
        table.add_column(heading, justify="right" if heading else "left")
    for value in answer.plans:
        table.add_row(*_cells(value, best=value is answer.plans[0]))
    console.print(table)
    if answer.window is not None:
        window = answer.window
        console.print(f"Window of the next stop: laps [bold]{window.first} to {window.last}[/], best {window.best}.")
    console.print(f"Alone on the track the quickest would be: {answer.quickest.told}.")
    if answer.game is not None:
        for reply in answer.game.rivals:
            console.print(f"[dim]{reply.driver} replies: {reply.told}[/]")
        if answer.game.rivals and not answer.game.settled:
            console.print("[dim]The replies had not settled when the search ended.[/]")
    console.print()
    for line in answer.assumptions:
        console.print(f"[dim]{line}[/]")


def _cells(value: PlanValue, *, best: bool) -> tuple[str, ...]:
    behind = "" if best else f"{value.behind_best.mean:.2f} ± {value.behind_best.half_width:.2f}"
    told = f"[bold]{value.told}[/]" if best else value.told
    return (
        told + (" [green]•[/]" if value.pareto else ""),
        f"{value.points.mean:.2f} ± {value.points.half_width:.2f}",
        f"{value.position.mean:.2f}",
        f"{value.worst_places:.1f}",
        f"{value.chance:.0%}",
        behind,
        "" if value.free_air_s is None else f"{value.free_air_s:+.1f} s",
    )
