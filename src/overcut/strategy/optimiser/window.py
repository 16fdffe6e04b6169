"""When may the next stop be made without clear loss?"""

from __future__ import annotations

import numpy as np

from overcut.strategy.model import Plan
from overcut.strategy.optimiser.answers import StopWindow, WindowLap
from overcut.strategy.optimiser.candidates import by_first_stop
from overcut.strategy.optimiser.free_air import FreeAir
from overcut.strategy.optimiser.objectives import Aim, Objective, Sample, paired, utilities, value_of
from overcut.strategy.optimiser.racing import CLEARLY, Cancelled, Contest, Setting

REACH = 8
"""Laps looked at on either side of the best."""
SMALL: dict[Objective, float] = {
    Objective.POINTS: 0.1,
    Objective.POSITION: 0.1,
    Objective.RISK: 0.1,
    Objective.CHANCE: 0.01,
}
"""A loss that nobody would mind: a tenth of a point or place, a hundredth of a chance."""


def pit_window(
    setting: Setting, air: FreeAir, plan: Plan, aim: Aim, races: int, cancelled: Cancelled | None = None
) -> tuple[StopWindow | None, int]:
    """The window of the plan's next stop, and the races that it took; None where it makes no stop.

    Args:
        setting, aim: the question. ``air``: the car in free air. ``plan``: the best.
        races: for each lap. ``cancelled``: asked now and then.

    Raises:
        CancelledError: the caller no longer wants the answer.
    """
    if not plan.stops:
        return None, 0
    best = plan.stops[0].lap
    plans = by_first_stop(air, plan, range(max(air.outlook.first_lap, best - REACH), best + REACH + 1))
    contest = Contest(setting, aim, cancelled, seeds_at=200)
    contest.join(plans.values())
    contest.run(races)
    at_best = contest.sample(plans[best])
    laps = {lap: _window_lap(lap, contest.sample(each), at_best, aim) for lap, each in plans.items()}
    first = last = best
    while first - 1 in laps and laps[first - 1].open:
        first -= 1
    while last + 1 in laps and laps[last + 1].open:
        last += 1
    return StopWindow(first, best, last, tuple(laps[lap] for lap in sorted(laps))), contest.simulated


def _window_lap(lap: int, sample: Sample, best: Sample, aim: Aim) -> WindowLap:
    loss = utilities(best, aim) - utilities(sample, aim)
    mean, error = paired(utilities(best, aim), utilities(sample, aim))
    time = paired(sample.time_s, best.time_s)[0]
    unclear = mean <= CLEARLY * error
    return WindowLap(lap, value_of(loss), time, bool(unclear or mean < SMALL[aim.objective]) or not np.isfinite(error))
