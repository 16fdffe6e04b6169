"""When would a car like to stop, and on what: plans weighed by the time they take on an empty track."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

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


def _best_split(compounds: tuple[Compound, ...], laps: int, lap_s: float, wear: float, pit_s: float) -> _Weighed | None:
    """The quickest stop laps for one order of compounds, on a grid of two laps; None where the race is too short."""
    best: _Weighed | None = None
    count = len(compounds)
    shortest = _shortest_stint(laps)
    grid = range(shortest, laps - shortest + 1, 2 if laps > 20 else 1)
    for stops in product(grid, repeat=count - 1):
        edges = (0, *stops, laps)
        stints = [b - a for a, b in pairwise(edges)]
        if min(stints) < shortest:
            continue
        cost = pit_s * (count - 1)
        cost += sum(_stint_s(c, length, lap_s, wear) for c, length in zip(compounds, stints, strict=True))
        if best is None or cost < best.cost_s:
            best = _Weighed(Plan(compounds, stops), cost)
    return best


def _shortest_stint(laps: int) -> int:
    """Six laps, less in a race cut short for a test."""
    return min(6, max(1, laps // 4))


@cache
def _ranked(laps: int, lap_s: float, wear: float, pit_s: float, stops_at_least: int) -> tuple[_Weighed, ...]:
    orders = [order for n in (2, 3) for order in product(SLICKS, repeat=n) if len(set(order)) >= 2]
    found = [_best_split(order, laps, lap_s, wear, pit_s) for order in orders if len(order) - 1 >= stops_at_least]
    return tuple(sorted((w for w in found if w is not None), key=lambda w: w.cost_s))


def choose_plan(
    chance: random.Random, *, laps: int, lap_s: float, wear: float, pit_s: float, stops_at_least: int, grid: int
) -> Plan:
    """A plan near the best, drawn with weights that fall with its cost; the back of the grid dares more.

    Raises ValueError for a race of fewer than three laps.
    """
    ranked = _ranked(laps, round(lap_s, 1), round(wear, 2), round(pit_s, 1), stops_at_least)
    if not ranked:
        raise ValueError(f"no plan has {stops_at_least} stops in {laps} laps")
    spread_s = 3.0 if grid <= 10 else 6.0
    best = ranked[0].cost_s
    weights = [math.exp(-(w.cost_s - best) / spread_s) for w in ranked]
    plan = chance.choices([w.plan for w in ranked], weights)[0]
    early, late = _shortest_stint(laps) - 1, laps - 2
    moved = tuple(max(early, min(late, stop + round(chance.gauss(0.0, 1.8)))) for stop in plan.stops)
    return Plan(plan.compounds, tuple(sorted(moved)))


def compound_for(laps_left: int, used: set[Compound], *, lap_s: float, wear: float, must_differ: bool) -> Compound:
    """The quickest slick for the rest of a race, of a compound not yet used where the rule still asks for one."""
    choices = [c for c in SLICKS if not must_differ or used - {c}]
    return min(choices or list(SLICKS), key=lambda c: _stint_s(c, max(1, laps_left), round(lap_s, 1), round(wear, 2)))
