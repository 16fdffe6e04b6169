"""On which laps may a car sensibly make its next stop, and what does each of them cost?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import PitWindow, StopLap
from overcut.insights.stops.lap_costs import WET, Floats, LapCosts
from overcut.insights.stops.plan_costs import MOST_OWED, NEVER, PlanCosts
from overcut.strategy.model import CarState, PlannedStop, Race

SENSIBLE_S = 1.5
"""A lap belongs to the window where stopping on it costs at most this against the best: about what a stop varies by."""

FOLLOWING_STOPS = 4


@dataclass(frozen=True)
class Curve:
    """Next-stop costs of one car, seconds to the flag; row 0 is the lap that the car is on.

    Attributes:
        laps: (N,) lap at whose end it stops. ``cost``: (N, K) with each compound; `NEVER` where not allowed.
        stay: cost of never stopping again; `NEVER` where the rules ask for a stop.
        needs: whether another dry compound must still be used. ``owed``: stops demanded beyond those made.
    """

    laps: NDArray[np.int64]
    cost: Floats
    stay: float
    needs: bool
    owed: int

    @property
    def best(self) -> float:
        """The least of all, staying out included."""
        return min(self.stay, float(self.cost.min(initial=NEVER)))


def owes(race: Race, state: CarState) -> tuple[bool, int]:
    """Whether a car must still use another dry compound, and how many stops it still owes beyond that."""
    rules = race.rules
    dry = {compound for compound in (*state.used, state.compound) if compound not in WET}
    wet = state.compound in WET or any(compound in WET for compound in state.used)
    needs = not rules.sprint and not wet and len(dry) < min(2, rules.compounds_required)
    return needs, max(0, min(MOST_OWED, rules.stops_required - state.stops))


def curve(race: Race, car: int, costs: LapCosts, losses: Floats, plans: PlanCosts) -> Curve:
    """The cost of every next stop of one car."""
    state, last = race.states[car], race.circuit.laps
    needs, owed = owes(race, state)
    on = costs.index(state.compound)
    age, now = min(state.tyre_age, costs.age_s.shape[2] - last - 2), race.lap
    laps = np.arange(now + 1, last)
    run = costs.age_sum[car, on, age + laps - now] - costs.age_sum[car, on, age]
    run = run + costs.water_sum[on, laps + 1] - costs.water_sum[on, now + 1] + losses[car, laps]
    settled = np.array([not needs or wet or k != on for k, wet in enumerate(costs.is_wet)], dtype=np.int64)
    rest = plans.value[car][
        laps[:, None] + 1, np.arange(len(costs.compounds))[None, :], settled[None, :], max(0, owed - 1)
    ]
    stay = NEVER
    if not needs and owed == 0:
        whole = costs.age_sum[car, on, age + last - now] - costs.age_sum[car, on, age]
        stay = float(whole + costs.water_sum[on, last + 1] - costs.water_sum[on, now + 1])
    return Curve(laps, np.minimum(run[:, None] + rest, NEVER), stay, needs, owed)


def window(found: Curve, costs: LapCosts, traffic_s: Floats, stops_left: int) -> PitWindow:
    """The window that a cost curve shows.

    Args:
        found: the curve. ``costs``: of laps.
        traffic_s: (N,) expected loss behind others after rejoining, by lap of the curve.
        stops_left: of the fastest plan.
    """
    if not found.laps.size:
        return PitWindow(None, None, None, None, 0, 0.0 if found.stay < NEVER else None)
    which = found.cost.argmin(axis=1)
    free = found.cost[np.arange(found.laps.size), which]
    best = float(free.min())
    stay = None if found.stay >= NEVER else round(found.stay - best, 3)
    told = tuple(
        StopLap(int(lap), costs.compounds[int(k)], round(float(cost) - best, 3), round(float(held), 3))
        for lap, k, cost, held in zip(found.laps, which, free, traffic_s, strict=True)
        if cost < NEVER
    )
    if not told or (stay is not None and stay < 0):
        return PitWindow(None, None, None, None, 0, stay, told)
    whole = np.array([lap.cost_s + lap.traffic_s for lap in told])
    at = int(whole.argmin())
    sensible = whole <= whole[at] + SENSIBLE_S
    low = at - int(np.argmin(sensible[at::-1])) + 1 if not sensible[: at + 1].all() else 0
    high = at + int(np.argmin(sensible[at:])) - 1 if not sensible[at:].all() else len(told) - 1
    return PitWindow(told[low].lap, told[high].lap, told[at].lap, told[at].compound, stops_left, stay, told)


def plan_after(
    race: Race, car: int, stop_lap: int, compound: Compound, costs: LapCosts, plans: PlanCosts
) -> tuple[PlannedStop, ...]:
    """The stops of the fastest plan in free air whose next one is at the end of ``stop_lap`` for ``compound``."""
    needs, owed = owes(race, race.states[car])
    on, fitted = costs.index(race.states[car].compound), costs.index(compound)
    settled = int(not needs or bool(costs.is_wet[fitted]) or fitted != on)
    owed, begin = max(0, owed - 1), stop_lap + 1
    stops = [PlannedStop(stop_lap, compound)]
    while begin <= race.circuit.laps and len(stops) < FOLLOWING_STOPS:
        end = int(plans.ends[car, begin, fitted, settled, owed])
        after = int(plans.fits[car, begin, fitted, settled, owed])
        if after < 0 or end <= 0:
            break
        stops.append(PlannedStop(end, costs.compounds[after]))
        settled = int(settled == 1 or bool(costs.is_wet[after]) or after != fitted)
        fitted, begin, owed = after, end + 1, max(0, owed - 1)
    return tuple(stops)
