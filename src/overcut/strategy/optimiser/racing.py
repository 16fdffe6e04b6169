"""Which of many plans is best in the simulator's expectation, for how many races: a race of candidates.

All candidates meet the same luck (race r has the same random numbers under every plan), so that their differences are
far sharper than their values. After each round of races those that are clearly worse than the leader leave, and at
most half stay (successive halving: Karnin, Koren and Somekh, ICML 2013; leaving by a paired test: Maron and Moore's
Hoeffding races, 1994), so that most races are spent on the plans that are hard to tell apart. Each round has a seed
of its own, so that no race is simulated twice and a candidate that joins late is given the earlier rounds too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np

from overcut.kernel.errors import OvercutError
from overcut.strategy.model import Plan, Race, Scenario
from overcut.strategy.optimiser.objectives import EMPTY, Aim, Objective, Sample, paired, pooled, sample_of, utilities
from overcut.strategy.simulator import simulate

SCENARIOS_AT_ONCE = 8
"""Scenarios of one call, so that a wish to stop is heard soon."""
CLEARLY = 2.5
"""Standard errors of the paired difference beyond which a candidate is taken for worse."""

Cancelled = Callable[[], bool]


class CancelledError(OvercutError):
    """The caller no longer wants the answer."""


class Setting(msgspec.Struct, frozen=True):
    """What all candidates of one question have in common.

    Attributes:
        race: as it stands. ``driver``: whose plan is sought. ``scenario``: what shall happen, and the others' plans.
        seed: of the first round; round k has ``seed + k``. ``threads``: as for the simulator.
    """

    race: Race
    driver: str
    scenario: Scenario
    seed: int
    threads: int | None = None


class Contest:
    """Candidates and what is known of them so far.

    Args:
        setting: the question. ``aim``: what is to be best. ``cancelled``: asked before each batch.
        seeds_at: the first round's number, so that a second contest can have races of its own.
    """

    def __init__(self, setting: Setting, aim: Aim, cancelled: Cancelled | None = None, *, seeds_at: int = 0) -> None:
        self._setting, self._aim = setting, aim
        self._cancelled = cancelled or (lambda: False)
        self._seeds_at = seeds_at
        self._rounds: list[int] = []
        self._samples: dict[Plan | None, Sample] = {}
        self._done: dict[Plan | None, int] = {}
        self._racing: list[Plan | None] = []
        self.simulated = 0

    @property
    def racing(self) -> tuple[Plan | None, ...]:
        """Candidates that are still in it, the best first; None is "as teams do"."""
        return tuple(self._racing)

    @property
    def races(self) -> int:
        """Races that each candidate still in it has run."""
        return sum(self._rounds)

    def sample(self, plan: Plan | None) -> Sample:
        """What is known of a candidate."""
        return self._samples[plan]

    def join(self, plans: Iterable[Plan | None]) -> None:
        """Let candidates in, with all the races that the others have had."""
        for plan in plans:
            if plan not in self._samples:
                self._samples[plan], self._done[plan] = EMPTY, 0
            if plan not in self._racing:
                self._racing.append(plan)
        self._catch_up()

    def run(self, races: int) -> None:
        """A round of so many races for each candidate still in it."""
        self._rounds.append(races)
        self._catch_up()

    def keep(self, most: int, always: Sequence[Plan | None] = ()) -> None:
        """Send home whoever is clearly worse than the leader, and all but the best ``most``."""
        lead = utilities(self._samples[self._racing[0]], self._aim)
        staying: list[Plan | None] = []
        for place, plan in enumerate(self._racing):
            mean, error = paired(lead, utilities(self._samples[plan], self._aim))
            if plan in always or place == 0 or (place < most and not mean > CLEARLY * error):
                staying.append(plan)
        self._racing = staying

    def front(self) -> tuple[Plan | None, ...]:
        """The best by each of points, place and risk among those still in it, so that a front of them stays."""
        found: dict[Plan | None, None] = {}
        for objective in (Objective.POINTS, Objective.POSITION, Objective.RISK):
            aim = Aim(objective)
            found[max(self._racing, key=lambda plan: float(np.mean(utilities(self._samples[plan], aim))))] = None
        return tuple(found)

    def _catch_up(self) -> None:
        for number, races in enumerate(self._rounds):
            behind = [plan for plan in self._racing if self._done[plan] == number]
            for start in range(0, len(behind), SCENARIOS_AT_ONCE):
                self._simulate(behind[start : start + SCENARIOS_AT_ONCE], number, races)
        self._racing.sort(key=self._rank)

    def _simulate(self, plans: Sequence[Plan | None], number: int, races: int) -> None:
        if self._cancelled():
            raise CancelledError("Cancelled", why="the caller no longer wants the answer")
        setting = self._setting
        scenarios = [with_plan(setting.scenario, setting.driver, plan) for plan in plans]
        outcomes = simulate(
            setting.race, scenarios, races=races, seed=setting.seed + self._seeds_at + number, threads=setting.threads
        )
        for plan, outcome in zip(plans, outcomes, strict=True):
            self._samples[plan] = pooled(self._samples[plan], sample_of(outcome, setting.race, setting.driver))
            self._done[plan] = number + 1
        self.simulated += races * len(plans)

    def _rank(self, plan: Plan | None) -> tuple[float, int]:
        values = utilities(self._samples[plan], self._aim)
        # Of equals the plan with fewer stops, so that the order never hangs on that of joining.
        return (-float(np.mean(values)) if len(values) else 0.0, len(plan.stops) if plan is not None else 99)


def with_plan(scenario: Scenario, driver: str, plan: Plan | None) -> Scenario:
    """The scenario with this plan for the driver; None: as teams do."""
    plans = {number: each for number, each in scenario.plans.items() if number != driver}
    return msgspec.structs.replace(scenario, plans=plans if plan is None else {**plans, driver: plan})
