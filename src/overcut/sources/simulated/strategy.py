"""When would a car like to stop, and on what: plans weighed by the time they take on an empty track."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import product

from overcut.domain.tyres import Compound
from overcut.sources.simulated.tyres import SLICKS, tyre_cost_s


@dataclass(frozen=True)
class Plan:
    """Compounds in order and the laps at whose ends the car stops."""

    compounds: tuple[Compound, ...]
    stops: tuple[int, ...]


@dataclass(frozen=True)
class _Weighed:
    plan: Plan
    cost_s: float


@cache
def _stint_s(compound: Compound, laps: int, lap_s: float, wear: float) -> float:
    return sum(tyre_cost_s(compound, age, lap_s=lap_s, wear=wear) for age in range(laps))


def _best_split(compounds: tuple[Compound, ...], laps: int, lap_s: float, wear: float, pit_s: float) -> _Weighed:
    """The quickest stop laps for one order of compounds, on a grid of two laps."""
    best: _Weighed | None = None
    count = len(compounds)
    grid = range(6, laps - 4, 2)
    for stops in (c for c in product(grid, repeat=count - 1) if all(b - a >= 6 for a, b in zip(c, c[1:], strict=False))):
        edges = (0, *stops, laps)
        cost = pit_s * (count - 1)
        cost += sum(
            _stint_s(compound, edges[i + 1] - edges[i], lap_s, wear) for i, compound in enumerate(compounds)
        )
        if best is None or cost < best.cost_s:
            best = _Weighed(Plan(compounds, stops), cost)
    if best is None:
        raise ValueError(f"no room for {count - 1} stops in {laps} laps")
    return best


@cache
def _ranked(laps: int, lap_s: float, wear: float, pit_s: float, stops_at_least: int) -> tuple[_Weighed, ...]:
    orders = [order for n in (2, 3) for order in product(SLICKS, repeat=n) if len(set(order)) >= 2]
    found = [
        _best_split(order, laps, lap_s, wear, pit_s) for order in orders if len(order) - 1 >= stops_at_least
    ]
    return tuple(sorted(found, key=lambda w: w.cost_s))


def choose_plan(
    chance: random.Random, *, laps: int, lap_s: float, wear: float, pit_s: float, stops_at_least: int, grid: int
) -> Plan:
    """A plan of few seconds from the best, drawn with weights that fall with its cost; the back of the grid dares more."""
    ranked = _ranked(laps, round(lap_s, 1), round(wear, 2), round(pit_s, 1), stops_at_least)
    spread_s = 3.0 if grid <= 10 else 6.0
    best = ranked[0].cost_s
    weights = [2.718 ** (-(w.cost_s - best) / spread_s) for w in ranked]
    plan = chance.choices([w.plan for w in ranked], weights)[0]
    moved = tuple(max(5, min(laps - 4, stop + round(chance.gauss(0.0, 1.8)))) for stop in plan.stops)
    return Plan(plan.compounds, tuple(sorted(moved)))


def compound_for(laps_left: int, used: set[Compound], *, lap_s: float, wear: float, must_differ: bool) -> Compound:
    """The quickest slick for the rest of a race, of a compound not yet used where the rule still asks for one."""
    choices = [c for c in SLICKS if not must_differ or used - {c}]
    return min(choices or list(SLICKS), key=lambda c: _stint_s(c, max(1, laps_left), round(lap_s, 1), round(wear, 2)))
