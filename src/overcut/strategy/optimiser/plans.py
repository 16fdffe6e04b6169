"""Which plan is quickest in free air, for each order of tyres: dynamic programming over the laps of the stops.

The tyres' order is a path in a tree (start, first set, second set, ...), and along each edge the best laps follow from
``V'[e] = min over s of V[s-1] + stop[s-1] + stint[s, e]``: every stint's cost depends on nothing but its own laps, so
that the result is exact. Orders that break a rule are never finished, and those that run out of sets never entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.strategy.model import Plan, PlannedStop, Race
from overcut.strategy.optimiser.free_air import FreeAir, paces_of, plan_cost
from overcut.strategy.optimiser.limits import (
    WET_COMPOUNDS,
    NoPlanError,
    TyreSet,
    compounds_needed,
    exempt,
    start_set,
)

Values = NDArray[np.float64]
Steps = NDArray[np.intp]


@dataclass(frozen=True)
class FreeAirPlan:
    """A plan and its cost in free air.

    Attributes:
        plan: with `react` False; its first stop comes after the race's present lap.
        cost_s: beyond fresh reference tyres and no stop, expected.
        start, stops: the same as `plan`, the laps as indices from the next lap on, as `plan_cost` takes them.
    """

    plan: Plan
    cost_s: float
    start: Compound | None
    stops: tuple[tuple[int, TyreSet], ...]


@dataclass(frozen=True)
class _Path:
    """The best way to have come to the end of each lap on one order of tyres."""

    start: Compound | None
    sets: tuple[TyreSet, ...]
    value: Values
    steps: tuple[Steps, ...]
    dry: frozenset[Compound]
    wet: bool


def best_by_order(air: FreeAir) -> list[FreeAirPlan]:
    """The quickest plan of each order of tyres that the rules allow, the quickest order first.

    Raises:
        NoPlanError: there is none, for instance on the last lap with one compound used.
    """
    found = [_finished(air, path) for path in _paths(air) if _may_end(air.race, air, path)]
    found = [plan for plan in found if np.isfinite(plan.cost_s)]
    if not found:
        raise NoPlanError(
            "No plan keeps the rules from here",
            why=_why(air),
            hint="allow more stops or sets, or ask from an earlier lap",
        )
    return sorted(found, key=lambda plan: (plan.cost_s, len(plan.stops)))


def best_in_free_air(air: FreeAir) -> FreeAirPlan:
    """The quickest of all plans in free air; errors as for `best_by_order`."""
    return best_by_order(air)[0]


def as_plan(air: FreeAir, start: Compound | None, stops: tuple[tuple[int, TyreSet], ...]) -> FreeAirPlan:
    """The plan of these stops, with its cost."""
    told = tuple(PlannedStop(air.outlook.first_lap + lap, each.compound, each.age) for lap, each in stops)
    return FreeAirPlan(Plan(told, start, paces_of(air, start, stops)), plan_cost(air, start, stops), start, stops)


def moved(air: FreeAir, plan: FreeAirPlan, stop: int, by: int) -> FreeAirPlan | None:
    """The plan with one stop moved by some laps; None where that leaves its neighbours or the limits."""
    stops = list(plan.stops)
    lap = stops[stop][0] + by
    least, allowed = air.limits.least_stint, _allowed(air)
    earliest = stops[stop - 1][0] + least if stop else 0
    latest = stops[stop + 1][0] - least if stop + 1 < len(stops) else air.laps - 1 - least
    if not earliest <= lap <= latest or not allowed[lap]:
        return None
    stops[stop] = (lap, stops[stop][1])
    return as_plan(air, plan.start, tuple(stops))


def _allowed(air: FreeAir) -> NDArray[np.bool_]:
    """(N,) whether a stop may be made at the end of the lap: not on the last one, and where the user allows it."""
    laps = air.outlook.first_lap + np.arange(air.laps)
    allowed = (laps >= air.limits.first_stop_lap) & (laps <= air.limits.last_stop_lap)
    allowed[-1] = False
    return allowed


def _paths(air: FreeAir) -> Iterator[_Path]:
    stop_s = np.where(_allowed(air), air.outlook.stop_s, np.inf)
    least = air.limits.least_stint
    index = np.arange(air.laps)
    short = (index[None, :] - index[:, None]) < least - 1
    # The race's end may not cut the last stint below the least length either.
    stints = [(each, np.where(short, np.inf, stretch.cost_s)) for each, stretch in air.stints.items()]
    used = frozenset(air.state.used if air.race.lap else ()) | {air.state.compound}
    queue = [_opening(None, air.present.cost_s, used, wet=exempt(air.state))]
    queue += [
        _opening(compound, each.cost_s, frozenset((compound,)), wet=False) for compound, each in air.starts.items()
    ]
    while queue:
        path = queue.pop()
        yield path
        if len(path.sets) < air.limits.most_stops and air.laps > 1:
            queue += [_longer(path, each, cost_s, stop_s) for each, cost_s in stints if _left(air, path, each)]


def _opening(start: Compound | None, value: Values, used: frozenset[Compound], *, wet: bool) -> _Path:
    return _Path(start, (), value, (), used - set(WET_COMPOUNDS), wet or bool(used & set(WET_COMPOUNDS)))


def _longer(path: _Path, tyre_set: TyreSet, cost_s: Values, stop_s: Values) -> _Path:
    """The path with one set more: over all laps s-1 of the stop, the cheapest way to the end of each lap."""
    came = path.value + stop_s
    total = came[:-1, None] + cost_s[1:, :]
    step = np.argmin(total, axis=0)
    value = total[step, np.arange(total.shape[1])]
    compound = tyre_set.compound
    wet = path.wet or compound in WET_COMPOUNDS
    dry = path.dry if compound in WET_COMPOUNDS else path.dry | {compound}
    return _Path(path.start, (*path.sets, tyre_set), value, (*path.steps, step), dry, wet)


def _left(air: FreeAir, path: _Path, each: TyreSet) -> bool:
    """Whether one more of these sets is there; the start tyre that was chosen came out of them too."""
    if each.count is None:
        return True
    chosen = 1 if path.start is not None and start_set(air.limits, air.race, path.start) == each else 0
    return path.sets.count(each) + chosen < each.count


def _may_end(race: Race, air: FreeAir, path: _Path) -> bool:
    enough = path.wet or len(path.dry) >= compounds_needed(race)
    return enough and air.state.stops + len(path.sets) >= race.rules.stops_required


def _finished(air: FreeAir, path: _Path) -> FreeAirPlan:
    laps: list[int] = []
    end = air.laps - 1
    for step in reversed(path.steps):
        end = int(step[end])
        laps.append(end)
    stops = tuple(zip(reversed(laps), path.sets, strict=True))
    if not np.isfinite(path.value[-1]):
        return FreeAirPlan(Plan(), float("inf"), path.start, stops)
    return as_plan(air, path.start, stops)


def _why(air: FreeAir) -> str:
    return (
        f"{_counted(air.laps, 'lap')} to go, at most {_counted(air.limits.most_stops, 'stop')} from now on; the rules "
        f"ask for {_counted(air.race.rules.stops_required, 'stop')} and "
        f"{_counted(compounds_needed(air.race), 'dry compound')}, and the car has used {len(air.state.used)} so far"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
