"""What can be asked of the optimiser, as API, command line and page put it; and which question of the search it is."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import PaceMode, Plan, Race, Scenario
from overcut.strategy.optimiser.limits import MOST_STOPS, PlanLimits, TyreSet
from overcut.strategy.optimiser.objectives import Aim, Objective
from overcut.strategy.optimiser.search import LIVE, QUICK, Effort, Question
from overcut.strategy.whatif.asking import Happened, as_it_was, driver_number
from overcut.strategy.whatif.questions import World

MOST_SETS = 30
"""More kinds of sets than a car has sets in a weekend (13 in 2025: Sporting Regulations article 30.2)."""


class EffortAsked(StrEnum):
    """How hard to search: within a lap beside a live session, a little, or thoroughly."""

    QUICK = "quick"
    LIVE = "live"
    FULL = "full"


EFFORTS = {EffortAsked.QUICK: QUICK, EffortAsked.LIVE: LIVE, EffortAsked.FULL: Effort()}


class OptimiseQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked.

    Attributes:
        driver: three-letter code or racing number. ``lap``: laps the leader has completed; None: the last one known.
        objective: what the plan is to be best at. ``place``: for ``chance``, finishing there or better.
        sets: what may be fitted; empty: new sets of every compound without limit.
        most_stops: from now on. ``least_stint``: laps. ``first_stop_lap``, ``last_stop_lap``: within which to stop.
        choose_start: on the grid, whether the start tyre is free. ``paces``: allowed, a stint each.
        world: ``open`` or, for a race that is over, ``as_it_was``.
        replies: whether the rivals reply. ``effort``, ``seed``: how.
        known: plans to look at as well.
    """

    driver: str
    lap: int | None = None
    objective: Objective = Objective.POINTS
    place: int = 3
    sets: tuple[TyreSet, ...] = ()
    most_stops: int = 3
    least_stint: int = 1
    first_stop_lap: int = 0
    last_stop_lap: int = 999
    choose_start: bool = True
    paces: tuple[PaceMode, ...] = (PaceMode.NORMAL,)
    world: World = World.OPEN
    replies: bool = True
    effort: EffortAsked = EffortAsked.FULL
    seed: int = 0
    known: tuple[Plan, ...] = ()


def question_of(race: Race, happened: Happened, asked: OptimiseQuestion, threads: int | None = None) -> Question:
    """The search's question.

    Args:
        race: at the asked lap. ``happened``: what became of it, as far as it is known.

    Raises:
        WrongUsageError: nobody is called so, the race is not over yet, more is asked than can be.
    """
    if len(asked.sets) > MOST_SETS or len(asked.known) > MOST_SETS:
        raise WrongUsageError(f"At most {MOST_SETS} kinds of sets, and plans, can be given")
    if not 0 <= asked.seed < 2**31:
        raise WrongUsageError(f"{asked.seed} is no seed", hint="give a whole number from 0 on")
    scenario = Scenario()
    if asked.world is World.AS_IT_WAS:
        if not happened.finished:
            raise WrongUsageError("What happened is not known yet", why="the race is not over", hint="leave world open")
        interruptions, rain = as_it_was(race, happened.periods)
        scenario = Scenario("as it was", {}, interruptions, rain, only_these=True)
    effort = EFFORTS[asked.effort]
    if not asked.replies:
        effort = msgspec.structs.replace(effort, replies=False)
    return Question(
        race=race,
        driver=driver_number(race, asked.driver),
        scenario=scenario,
        limits=PlanLimits(
            asked.sets,
            asked.most_stops,
            asked.least_stint,
            asked.first_stop_lap,
            asked.last_stop_lap,
            asked.choose_start,
            asked.paces,
        ),
        aim=Aim(asked.objective, asked.place),
        effort=effort,
        seed=asked.seed,
        threads=threads,
        known=asked.known,
    )


__all__ = ["MOST_STOPS", "EffortAsked", "OptimiseQuestion", "question_of"]
