"""What do the rivals do about it? A leader's plan, and the best replies of those it matters to.

The game. The asking driver commits to one of a few finalists, openly; the relevant rivals (those whose order with the
driver at the flag is most in doubt, the team mate among them) know it and reply. Each reply is a plan out of the
rival's own candidates: its quickest orders in free air, a stop just before, with or just after the driver's own next
stop, and "as teams do". Replies are found one rival after the other, each the best answer (its own expected points, a
place breaking ties) to all the others' present plans, until nobody gains clearly by another: an approximate Nash
equilibrium in pure plans among the rivals, given the leader's. The driver takes the finalist of the greatest value
after the replies. So it is a Stackelberg game with one leader whose followers play iterated best response.

Left out: mixed strategies; replies lap by lap to what is seen (apart from what the simulated teams do anyway, to a
neighbour's stop, a caution or rain); agreements of team mates; what rivals do not know of us; cars outside the list,
which go on as teams do; that a rival also might lead. Where replies go round in a circle, the search stops after
`ROUNDS` and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from overcut.strategy.model import Outcome, Plan, Race, Scenario
from overcut.strategy.optimiser.candidates import covers, first_candidates
from overcut.strategy.optimiser.free_air import free_air
from overcut.strategy.optimiser.limits import NoPlanError, PlanLimits
from overcut.strategy.optimiser.objectives import Aim, Objective, paired, utilities
from overcut.strategy.optimiser.racing import Cancelled, Contest, Setting, with_plan

MOST_RIVALS = 4
OWN_PLANS = 4
ROUNDS = 2
IN_DOUBT = 0.08
"""A rival matters where either order with it at the flag is at least so likely."""
GAINS = 1.0
"""Standard errors by which a reply must be better before a rival changes its plan."""


@dataclass(frozen=True)
class Reply:
    """What one rival does about the leader's plan; ``plan`` None: as teams do."""

    driver: str
    plan: Plan | None


@dataclass(frozen=True)
class Replies:
    """The rivals' plans after the last round.

    Attributes:
        replies: by rival, the most relevant first. ``settled``: nobody gained clearly by another plan in the last one.
        rounds: how many were played. ``simulated``: races that it took.
    """

    replies: tuple[Reply, ...]
    settled: bool
    rounds: int
    simulated: int

    def within(self, scenario: Scenario) -> Scenario:
        """The scenario with the rivals' plans in it."""
        for reply in self.replies:
            scenario = with_plan(scenario, reply.driver, reply.plan)
        return scenario


NO_REPLIES = Replies((), settled=True, rounds=0, simulated=0)


def relevant_rivals(outcome: Outcome, race: Race, driver: str, most: int = MOST_RIVALS) -> tuple[str, ...]:
    """The drivers whose order with this one at the flag is most in doubt, the most doubtful first."""
    place = {number: index for index, number in enumerate(outcome.drivers)}
    mine = outcome.position[:, place[driver]]
    doubt: list[tuple[float, str]] = []
    for car, state in zip(race.cars, race.states, strict=True):
        if car.driver_number == driver or state.retired:
            continue
        ahead = float(np.mean(mine < outcome.position[:, place[car.driver_number]]))
        doubt.append((min(ahead, 1.0 - ahead), car.driver_number))
    doubt.sort(key=lambda each: (-each[0], each[1]))
    return tuple(number for chance, number in doubt[:most] if chance >= IN_DOUBT)


def replies_to(
    setting: Setting,
    plan: Plan | None,
    rivals: Sequence[str],
    races: int,
    cancelled: Cancelled | None = None,
) -> Replies:
    """The rivals' best replies to the driver's plan.

    Args:
        setting: the question. ``plan``: what the driver commits to. ``rivals``: who replies, in this order.
        races: simulated for each candidate of each rival and round.
        cancelled: asked now and then.

    Raises:
        CancelledError: the caller no longer wants the answer.
    """
    scenario = with_plan(setting.scenario, setting.driver, plan)
    options = {rival: _options(setting, plan, rival) for rival in rivals}
    chosen: dict[str, Plan | None] = {rival: scenario.plans.get(rival) for rival in rivals}
    settled, simulated, rounds = not rivals, 0, 0
    while not settled and rounds < ROUNDS:
        settled, rounds = True, rounds + 1
        for rival in rivals:
            reply, spent = _best_reply(setting, scenario, rival, (chosen[rival], *options[rival]), races, cancelled)
            simulated += spent
            if reply != chosen[rival]:
                chosen[rival], settled = reply, False
                scenario = with_plan(scenario, rival, reply)
    return Replies(tuple(Reply(rival, chosen[rival]) for rival in rivals), settled, rounds, simulated)


def _options(setting: Setting, plan: Plan | None, rival: str) -> list[Plan]:
    limits = PlanLimits()
    air = free_air(setting.race, rival, limits, setting.scenario)
    try:
        own = first_candidates(air, OWN_PLANS)
    except NoPlanError:
        return []
    if plan is not None and plan.stops:
        own += covers(air, own[0], plan.stops[0].lap)
    return list(dict.fromkeys(own))


def _best_reply(
    setting: Setting,
    scenario: Scenario,
    rival: str,
    options: Sequence[Plan | None],
    races: int,
    cancelled: Callable[[], bool] | None,
) -> tuple[Plan | None, int]:
    """The option that is clearly better than the first, else the first; and the races that it took."""
    aim = Aim(Objective.POINTS)
    asked = Setting(setting.race, rival, scenario, setting.seed + 500, setting.threads)
    contest = Contest(asked, aim, cancelled)
    contest.join(dict.fromkeys(options))
    contest.run(races)
    best, present = contest.racing[0], options[0]
    gain, error = paired(utilities(contest.sample(best), aim), utilities(contest.sample(present), aim))
    return (best if gain > GAINS * error else present), contest.simulated
