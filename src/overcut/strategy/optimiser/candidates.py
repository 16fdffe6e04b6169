"""Which plans are worth simulating: the quickest of each order of tyres in free air, and what is near the best?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from overcut.strategy.model import Plan, PlannedStop
from overcut.strategy.optimiser.free_air import FreeAir
from overcut.strategy.optimiser.limits import PlanLimits, TyreSet, broken_rules
from overcut.strategy.optimiser.plans import FreeAirPlan, best_by_order, moved

MOST = 40
"""Candidates of the first round."""
FIRST_MOVES = (-8, -4, 4, 8)
"""Laps by which the quickest orders' stops are moved at first: far enough for traffic to look different."""
MOVES = (-4, -2, -1, 1, 2, 4)
"""Laps by which the leaders' stops are moved later on."""


def first_candidates(air: FreeAir, most: int = MOST) -> list[Plan]:
    """Plans for the first round, quickest in free air first.

    An order of tyres is left out where even in free air it loses a whole stop to the best, which no place on the track
    makes up for; the quickest order of each number of stops is always there. All react to cautions as teams do.

    Raises:
        NoPlanError: no plan keeps the rules.
    """
    orders = best_by_order(air)
    margin = air.race.circuit.pit.loss_s.mean
    near = [plan for plan in orders if plan.cost_s <= orders[0].cost_s + margin]
    of_each = {len(plan.stops): plan for plan in reversed(orders)}
    chosen = [*near[: most // 2], *of_each.values()]
    for plan in near[:3]:
        chosen += _shifted(air, plan, FIRST_MOVES)
    chosen += near[most // 2 :]
    return [reacting(plan.plan) for plan in _distinct(chosen)[:most]]


def nearby(air: FreeAir, plans: Iterable[Plan], moves: Sequence[int] = MOVES) -> list[Plan]:
    """The plans with one stop moved, both stops of a pair moved together, and with the other way to react."""
    found: list[Plan] = []
    for plan in plans:
        known = as_free_air(air, plan)
        shifted = [each.plan for each in _shifted(air, known, moves)]
        found += [msgspec.structs.replace(each, react=plan.react) for each in shifted]
        found.append(msgspec.structs.replace(plan, react=not plan.react))
    return list(dict.fromkeys(found))


def by_first_stop(air: FreeAir, plan: Plan, laps: Iterable[int]) -> dict[int, Plan]:
    """The plan with its first stop at each of these laps where that can be, the rest as it is."""
    known = as_free_air(air, plan)
    found: dict[int, Plan] = {}
    for lap in laps:
        other = moved(air, known, 0, lap - plan.stops[0].lap) if plan.stops else None
        if other is not None:
            found[lap] = msgspec.structs.replace(other.plan, react=plan.react)
    return found


def covers(air: FreeAir, plan: Plan, rival_stop: int, after: Sequence[int] = (-1, 0, 1, 2)) -> list[Plan]:
    """Answers to a rival who stops at the end of ``rival_stop``: first stop just before, then or after."""
    return list(by_first_stop(air, plan, [rival_stop + by for by in after]).values())


def reacting(plan: Plan) -> Plan:
    """The plan with a free hand under a caution or rain."""
    return msgspec.structs.replace(plan, react=True)


def from_now(plan: Plan, lap: int) -> Plan:
    """What is left of a plan once the race has come to the end of ``lap``."""
    stops = tuple(stop for stop in plan.stops if stop.lap > lap)
    return msgspec.structs.replace(plan, stops=stops, start=None if lap > 0 else plan.start)


def keeping_rules(air: FreeAir, plans: Iterable[Plan], limits: PlanLimits) -> list[Plan]:
    """Those of the plans that break no rule here."""
    return [plan for plan in plans if not broken_rules(air.race, air.driver, plan, limits)]


def as_free_air(air: FreeAir, plan: Plan) -> FreeAirPlan:
    """The plan in the terms of the search."""
    stops = tuple((stop.lap - air.outlook.first_lap, TyreSet(stop.compound, stop.age)) for stop in plan.stops)
    known = {(each.compound, each.age): each for each in air.stints}
    told = tuple((lap, known[each.compound, each.age]) for lap, each in stops)
    return FreeAirPlan(plan, float("nan"), plan.start, told)


def lap_and_tyre(stop: PlannedStop) -> str:
    """ "HARD on lap 21", for people."""
    return f"{stop.compound.value} on lap {stop.lap}" + (f" ({stop.age} laps old)" if stop.age else "")


def _shifted(air: FreeAir, plan: FreeAirPlan, moves: Sequence[int]) -> list[FreeAirPlan]:
    found: list[FreeAirPlan] = []
    for by in moves:
        for stop in range(len(plan.stops)):
            other = moved(air, plan, stop, by)
            if other is not None:
                found.append(other)
        if len(plan.stops) > 1:
            found += _all_moved(air, plan, by)
    return found


def _all_moved(air: FreeAir, plan: FreeAirPlan, by: int) -> list[FreeAirPlan]:
    """Every stop moved by as much; from the far end, so that none meets its neighbour."""
    other: FreeAirPlan | None = plan
    order = range(len(plan.stops))
    for stop in reversed(order) if by > 0 else order:
        other = moved(air, other, stop, by) if other is not None else None
    return [other] if other is not None else []


def _distinct(plans: Iterable[FreeAirPlan]) -> list[FreeAirPlan]:
    return list({plan.plan: plan for plan in plans}.values())
