"""What does the optimiser tell: the best plan, its window, the alternatives, and how sure all that is?"""

from __future__ import annotations

import msgspec
import numpy as np

from overcut.strategy.model import Plan
from overcut.strategy.optimiser.candidates import lap_and_tyre
from overcut.strategy.optimiser.limits import PlanLimits
from overcut.strategy.optimiser.objectives import (
    Aim,
    Sample,
    Value,
    paired,
    utilities,
    value_of,
    worst_places,
)

SCHEMA_VERSION = 1


class PlanValue(msgspec.Struct, frozen=True):
    """One plan and what it is worth.

    Attributes:
        plan: None: as teams do. ``told``: the plan in words.
        points, position, time_s: expected, with 90 % intervals of the simulation (time over races that it finished).
        worst_places: mean place in the worst fifth of races. ``chance``: of the aim's place or better.
        behind_best: how much less it is worth than the best plan by the aim, paired; 0 for the best itself.
        told_apart: whether that difference is more than 2.5 standard errors.
        free_air_s: seconds lost to the quickest plan if nobody else were on the track; None for "as teams do".
        pareto: no other plan here is better in one of points, place and risk without being worse in another.
        after_replies: worth by the aim once the rivals have replied; None where no replies were sought.
    """

    plan: Plan | None
    told: str
    points: Value
    position: Value
    time_s: Value
    worst_places: float
    chance: float
    behind_best: Value
    told_apart: bool
    free_air_s: float | None = None
    pareto: bool = False
    after_replies: Value | None = None


class WindowLap(msgspec.Struct, frozen=True):
    """The first stop at the end of this lap instead: ``loss`` by the aim against the best lap, paired.

    ``open``: the loss is not clear of nothing, or below a tenth of what the aim counts in.
    """

    lap: int
    loss: Value
    time_loss_s: float
    open: bool


class StopWindow(msgspec.Struct, frozen=True):
    """When the next stop may be made without clear loss: laps ``first`` to ``last`` around ``best``, all inclusive."""

    first: int
    best: int
    last: int
    laps: tuple[WindowLap, ...]


class RivalReply(msgspec.Struct, frozen=True):
    """What a rival does about the best plan; ``plan`` None: as teams do."""

    driver_number: str
    driver: str
    plan: Plan | None
    told: str


class GameTold(msgspec.Struct, frozen=True):
    """The game that was solved.

    Attributes:
        solved: which, in a sentence. ``leaves_out``: what it does not contain.
        rivals: replies to the best plan, the rival most in doubt first.
        settled: the rivals' replies were best replies to each other when the search ended.
        changed_mind: the best plan before the replies was another one.
    """

    solved: str
    leaves_out: str
    rivals: tuple[RivalReply, ...]
    settled: bool
    changed_mind: bool


SOLVED = (
    "One leader, followers in best response: the driver commits to a plan openly; the rivals whose order with the "
    "driver is most in doubt reply one after the other, each with the best of its own candidates, until none gains "
    "clearly."
)
LEAVES_OUT = (
    "Mixed strategies, replies lap by lap beyond what simulated teams do anyway, agreements of team mates, and every "
    "car not named, which goes on as teams do."
)


class Stage(msgspec.Struct, frozen=True):
    """How far the search has come: its ``name``, races ``simulated`` so far, and the share ``done`` of the work."""

    name: str
    simulated: int
    done: float


class Quickest(msgspec.Struct, frozen=True):
    """The plan that is quickest in free air, and in words."""

    plan: Plan
    told: str


class OptimiserAnswer(msgspec.Struct, frozen=True):
    """The best plan from here, sharper with every stage.

    Attributes:
        schema_version: of this answer. ``session_key``, ``driver_number``, ``driver``, ``lap``: what was asked.
        aim, limits, seed: how. ``stage``: how far. ``final``: nothing sharper follows.
        races: simulated of each plan shown, with luck that had no part in choosing it where ``final``.
        quickest: what would be quickest if nobody else were on the track, found exactly.
        plans: empty at the stage "free air"; the best first, then the finalists in order, then "as teams do".
        window: of the best plan's next stop; None while it is not known, or where it stays out.
        game: None where no replies were sought.
        gain: how much better the best plan is than "as teams do", by the aim.
        assumptions: what the answer rests on, sentences.
    """

    schema_version: int
    session_key: str
    driver_number: str
    driver: str
    lap: int
    aim: Aim
    limits: PlanLimits
    seed: int
    stage: Stage
    final: bool
    races: int
    quickest: Quickest
    plans: tuple[PlanValue, ...]
    window: StopWindow | None
    game: GameTold | None
    gain: Value | None
    assumptions: tuple[str, ...]

    @property
    def best(self) -> Plan:
        """The plan that is recommended at this stage."""
        first = self.plans[0].plan if self.plans else None
        return self.quickest.plan if first is None else first


def told(plan: Plan | None) -> str:
    """A plan in words."""
    if plan is None:
        return "as teams do"
    start = f"start on {plan.start.value}, " if plan.start is not None else ""
    stops = ", ".join(lap_and_tyre(stop) for stop in plan.stops) or "no stop"
    return f"{start}{stops}" + ("" if plan.react else ", whatever happens")


def valued(plan: Plan | None, sample: Sample, best: Sample, aim: Aim, free_air_s: float | None) -> PlanValue:
    """What a plan is worth, beside the best one, on the same races."""
    difference = utilities(best, aim) - utilities(sample, aim)
    mean, error = paired(utilities(best, aim), utilities(sample, aim))
    return PlanValue(
        plan=plan,
        told=told(plan),
        points=value_of(sample.points),
        position=value_of(sample.position),
        time_s=value_of(sample.time_s),
        worst_places=worst_places(sample),
        chance=float(np.mean(sample.position <= aim.place)),
        behind_best=value_of(difference),
        told_apart=abs(mean) > 2.5 * error,
        free_air_s=free_air_s,
    )
