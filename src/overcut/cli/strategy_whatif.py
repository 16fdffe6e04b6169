"""``overcut strategy whatif``: up to five plans of one driver side by side, from any lap of any race."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overcut.runtime.strategy import StrategyRecord
    from overcut.strategy.whatif.questions import ScenarioAsked, WhatIfQuestion


def whatif(
    session: Annotated[
        str, typer.Argument(help="A race or sprint: a name as 2024-14-R, or a path.", show_default=False)
    ],
    driver: Annotated[str, typer.Argument(help="Whom it is about: three-letter code or number.", show_default=False)],
    lap: Annotated[
        int, typer.Option("--lap", min=0, help="From the end of this lap of the leader; 0 is the grid.")
    ] = 0,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            help='Stops: "25 hard, 41 soft"; "actual", "teams" or "none"; with a name: "undercut = 22 hard". '
            "Up to five; the first is compared with.",
            show_default=False,
        ),
    ] = None,
    rivals: Annotated[str, typer.Option("--rivals", help="Others stop as_teams_do or as_they_did.")] = "as_teams_do",
    world: Annotated[
        str, typer.Option("--world", help="Safety cars and rain: open (any may come) or as_it_was.")
    ] = "open",
    sc: Annotated[
        list[str] | None, typer.Option("--sc", help="A safety car: lap, or lap:laps.", show_default=False)
    ] = None,
    vsc: Annotated[list[str] | None, typer.Option("--vsc", help="A virtual one.", show_default=False)] = None,
    red: Annotated[list[str] | None, typer.Option("--red", help="A red flag.", show_default=False)] = None,
    rain: Annotated[
        list[str] | None, typer.Option("--rain", help="Rain: lap, lap:laps or lap:laps:wetness.", show_default=False)
    ] = None,
    only_these: Annotated[bool, typer.Option("--only-these", help="Nothing else neutralises the race.")] = False,
    pace: Annotated[
        list[str] | None, typer.Option("--pace", help='Pace of every plan: "30 push".', show_default=False)
    ] = None,
    fuel: Annotated[float, typer.Option("--fuel", help="Kilograms of fuel more than needed.")] = 0.0,
    wear: Annotated[float, typer.Option("--wear", help="Factor on all tyre wear: above 1 a hotter track.")] = 1.0,
    grip: Annotated[float, typer.Option("--grip", help="Seconds a lap that the track costs everybody.")] = 0.0,
    sweep: Annotated[
        int | None,
        typer.Option("--sweep", min=1, help="Try this stop of the last plan on other laps.", show_default=False),
    ] = None,
    within: Annotated[int, typer.Option("--within", help="With --sweep: so many laps earlier and later.")] = 5,
    races: Annotated[int, typer.Option("--races", help="Simulated for each plan.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The luck: the same one, the same answer.")] = 1,
    question: Annotated[
        Path | None,
        typer.Option("--question", help="Ask what this JSON file says (the API's form).", show_default=False),
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="The whole answer as one JSON object.")] = False,
) -> None:
    """What if: up to five plans side by side with what happened, and why.

    \b
    overcut strategy whatif 2024-10-R NOR --lap 20 --plan actual --plan "26 hard, 48 soft"
    overcut strategy whatif 2024-05-R NOR --lap 15 --plan actual --plan "early = 17 hard" --world as_it_was
    overcut strategy whatif 2025-04-R PIA --lap 20 --plan "24 hard" --sweep 1

    Every plan meets the same luck, race by race, so that differences are the plans' own.
    """
    import msgspec

    from overcut.cli.strategy_whatif_tables import show_answer, show_sweep
    from overcut.kernel.settings import load_settings
    from overcut.runtime.strategy import named_record
    from overcut.strategy.whatif.answering import sweep as swept
    from overcut.strategy.whatif.answering import what_if
    from overcut.strategy.whatif.questions import SweepQuestion

    record = named_record(session, load_settings())
    worlds = _world(rivals, world, sc or [], vsc or [], red or [], rain or [], only_these, wear, grip)
    if question is not None:
        asked = _read(question)
    else:
        asked = _asked(driver, lap, plan or ["teams"], worlds, pace or [], fuel, races, seed)
    if sweep is not None:
        scenario = asked.scenarios[-1]
        turned = SweepQuestion(
            asked.lap, asked.driver, scenario, sweep - 1, within, min(asked.races, 5_000), asked.seed
        )
        found = swept(record.race(asked.lap), record.happened(), turned)
        typer.echo(msgspec.json.encode(found).decode()) if json_output else show_sweep(found)
        return
    answer = what_if(record.race(asked.lap), record.happened(), asked)
    typer.echo(msgspec.json.encode(answer).decode()) if json_output else show_answer(answer, _title(record))


def _title(record: StrategyRecord) -> str:
    told = record.session
    return f"{told.season} {told.event}".strip() or told.session_key


def _asked(
    driver: str, lap: int, plans: list[str], world: ScenarioAsked, pace: list[str], fuel: float, races: int, seed: int
) -> WhatIfQuestion:
    import msgspec

    from overcut.strategy.whatif.plan_words import named_plan, pace_of, plan_of
    from overcut.strategy.whatif.questions import PlanAsked, WhatIfQuestion

    modes = tuple(pace_of(one) for one in pace)
    scenarios: list[ScenarioAsked] = []
    for text in plans:
        name, words = named_plan(text)
        plan = plan_of(words)
        if plan is None and (modes or fuel):
            plan = PlanAsked(stops=(), react=True)
        mine = {} if plan is None else {driver: msgspec.structs.replace(plan, pace=modes, fuel_kg=fuel)}
        scenarios.append(msgspec.structs.replace(world, name=name, plans=mine))
    return WhatIfQuestion(lap, driver, tuple(scenarios), races, seed)


def _world(
    rivals: str, world: str, sc: list[str], vsc: list[str], red: list[str], rain: list[str],
    only_these: bool, wear: float, grip: float,
) -> ScenarioAsked:  # fmt: skip
    from overcut.kernel.errors import WrongUsageError
    from overcut.strategy.whatif.plan_words import interruption_of, rain_of
    from overcut.strategy.whatif.questions import InterruptionKind, Rivals, ScenarioAsked, World

    if rivals not in set(Rivals):
        raise WrongUsageError(f"Rivals cannot stop {rivals!r}", hint=f"one of {', '.join(Rivals)}")
    if world not in set(World):
        raise WrongUsageError(f"There is no world {world!r}", hint=f"one of {', '.join(World)}")
    kinds = ((InterruptionKind.SC, sc), (InterruptionKind.VSC, vsc), (InterruptionKind.RED, red))
    return ScenarioAsked(
        rivals=Rivals(rivals),
        world=World(world),
        interruptions=tuple(interruption_of(kind, text) for kind, texts in kinds for text in texts),
        rain=tuple(rain_of(text) for text in rain),
        only_these=only_these,
        temperature_wear=wear,
        grip_s=grip,
    )


def _read(path: Path) -> WhatIfQuestion:
    import msgspec

    from overcut.kernel.errors import DataMissingError, WrongUsageError
    from overcut.strategy.whatif.questions import WhatIfQuestion

    try:
        return msgspec.json.decode(path.read_bytes(), type=WhatIfQuestion)
    except OSError as error:
        raise DataMissingError(f"{path} cannot be read", why=error.strerror or str(error)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise WrongUsageError(f"{path} is no question", why=str(error)) from error
