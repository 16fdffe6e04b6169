"""What should each car do next: stop now, stop in some laps, or stay out, and how sure is that?

Each car's few best plans by the cost curve are raced against each other in the simulator, under the same luck, with
everybody else stopping as teams do. A plan's worth is its mean place, `PLACE_S` seconds of race time counting as one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import PitWindow, StopOption
from overcut.insights.stops.lap_costs import LapCosts
from overcut.insights.stops.plan_costs import NEVER, PlanCosts
from overcut.insights.stops.window import Curve, plan_after
from overcut.strategy.model import Outcome, Plan, Race, Scenario
from overcut.strategy.simulator import simulate

PLACE_S = 20.0
CLEAR_S = 6.0
"""An option that costs so much more than another is not worth simulating."""
APART_LAPS = 3
"""Laps between which two stops are one plan rather than two."""
CURVE_SD_S = 2.5
"""How far the cost curve of two plans is typically out, for advice that needs no simulation."""
HELD_PLACES = 0.15
"""The same in places, for plans that were simulated."""
MOST = 3
"""Candidates that are raced against each other."""
HELD_S = 1.0
"""Advice that has been given is kept while nothing is better by more, so that it does not change with every tenth."""
AT_ONCE = 64


class Held(NamedTuple):
    """Advice that has been given for a car: the lap of its next stop (None: stay out) and what it fits."""

    stop_lap: int | None
    compound: Compound | None


class Candidate(NamedTuple):
    """A plan: next stop (None: stay out), what it fits, its cost by the curve with traffic, whether it is held."""

    stop_lap: int | None
    compound: Compound | None
    cost_s: float
    plan: Plan
    held: bool = False


class Advice(NamedTuple):
    """The chosen candidate, how sure, what it was compared with, and how many races decided (0: the curve alone)."""

    chosen: Candidate
    confidence: float
    options: tuple[StopOption, ...]
    races: int


def candidates(
    race: Race, car: int, found: Curve, told: PitWindow, costs: LapCosts, plans: PlanCosts, held: Held | None = None
) -> list[Candidate]:
    """The plans that are worth a comparison, by cost: the best lap, now, the best elsewhere, staying out.

    Args:
        race, car, found, told, costs, plans: the car, its cost curve and window, and what they rest on.
        held: advice given before; while it is about as good as its neighbours it stands for them.
    """
    ranked: list[Candidate] = []
    kept = _kept(race, car, found, told, costs, plans, held)
    picked: list[int] = []
    if kept is not None and kept.stop_lap is not None:
        ranked.append(kept)
        picked.append(kept.stop_lap)
    for lap in sorted(told.laps, key=lambda lap: lap.cost_s + lap.traffic_s):
        now = lap.lap == race.lap + 1 and lap.lap not in picked
        if not (now or all(abs(lap.lap - other) >= APART_LAPS for other in picked)) or len(picked) > MOST:
            continue
        picked.append(lap.lap)
        stops = plan_after(race, car, lap.lap, lap.compound, costs, plans)
        ranked.append(Candidate(lap.lap, lap.compound, lap.cost_s + lap.traffic_s, Plan(stops, react=True)))
    if found.stay < NEVER:
        stay_s = told.stay_s if told.stay_s is not None else 0.0
        staying = held is not None and held.stop_lap is None
        ranked.append(Candidate(None, None, stay_s, Plan((), react=True), held=staying))
    if not ranked:  # no lap is left on which it could stop, whatever it owes
        return [Candidate(None, None, 0.0, Plan((), react=True))]
    ranked.sort(key=lambda one: one.cost_s)
    return [one for one in ranked if one.cost_s <= ranked[0].cost_s + CLEAR_S][:MOST]


def _kept(
    race: Race, car: int, found: Curve, told: PitWindow, costs: LapCosts, plans: PlanCosts, held: Held | None
) -> Candidate | None:
    """The advice given before, where its lap is still to come and nothing near it is clearly better."""
    if held is None or held.stop_lap is None or held.compound is None or held.compound not in costs.compounds:
        return None
    by_lap = {lap.lap: lap for lap in told.laps}
    here = by_lap.get(held.stop_lap)
    if here is None:
        return None
    row = held.stop_lap - int(found.laps[0])
    cost = here.cost_s + here.traffic_s
    cost += float(found.cost[row, costs.index(held.compound)] - found.cost[row].min())
    near = [lap.cost_s + lap.traffic_s for lap in told.laps if abs(lap.lap - held.stop_lap) < APART_LAPS]
    if cost > min(near) + HELD_S:
        return None
    stops = plan_after(race, car, held.stop_lap, held.compound, costs, plans)
    return Candidate(held.stop_lap, held.compound, cost, Plan(stops, react=True), held=True)


def advise(
    race: Race,
    options: dict[int, list[Candidate]],
    runner_up_s: dict[int, float],
    soon: set[int],
    races: int,
    seed: int,
    threads: int | None = None,
) -> dict[int, Advice]:
    """The advice for every car.

    Args:
        race: as it stands. ``options``: each car's candidates. ``runner_up_s``: by how much the first of them is ahead
            of all that is not among them, by the curve. ``soon``: cars for which it is worth simulating.
        races: simulated for each candidate; 0 leaves it to the curve. ``seed``, ``threads``: as for the simulator.
    """
    asked = [car for car, ones in options.items() if len(ones) > 1 and car in soon and races]
    wanted = [(car, one) for car in asked for one in options[car]]
    scenarios = [
        Scenario(f"{race.cars[car].driver_number} {one.stop_lap}", {race.cars[car].driver_number: one.plan})
        for car, one in wanted
    ]
    outcomes: list[Outcome] = []
    for start in range(0, len(scenarios), AT_ONCE):
        outcomes += simulate(race, scenarios[start : start + AT_ONCE], races=races, seed=seed, threads=threads)
    by_car: dict[int, list[Outcome]] = {}
    for (car, _), outcome in zip(wanted, outcomes, strict=True):
        by_car.setdefault(car, []).append(outcome)
    return {
        car: _raced(race, car, ones, by_car[car], races) if car in by_car else _by_curve(ones, runner_up_s.get(car))
        for car, ones in options.items()
    }


def _by_curve(ones: Sequence[Candidate], runner_up_s: float | None) -> Advice:
    ones = sorted(ones, key=lambda one: one.cost_s - HELD_S * one.held)
    first = ones[0]
    margin = ones[1].cost_s - first.cost_s if len(ones) > 1 else runner_up_s
    confidence = 1.0 if margin is None else float(ndtr(margin / (CURVE_SD_S * math.sqrt(2.0))))
    told = tuple(StopOption(one.stop_lap, one.compound, 0.0, 0.0, round(one.cost_s - first.cost_s, 2)) for one in ones)
    return Advice(first, round(confidence, 3), told, 0)


def _raced(race: Race, car: int, ones: Sequence[Candidate], outcomes: Sequence[Outcome], races: int) -> Advice:
    places = np.stack([outcome.position[:, car].astype(np.float64) for outcome in outcomes])
    times = np.stack([outcome.time_s[:, car].astype(np.float64) for outcome in outcomes])
    there = np.isfinite(times).all(axis=0)
    spread = times[:, there] - times[0, there] if there.any() else np.zeros((len(ones), 1))
    mean_time = np.clip(spread, -60.0, 60.0).mean(axis=1)
    worth = places.mean(axis=1) + mean_time / PLACE_S
    worth -= HELD_PLACES * np.array([one.held for one in ones])
    order = np.argsort(worth, kind="stable")
    best = int(order[0])
    points = [float(outcome.points(race.rules.points)[:, car].mean()) for outcome in outcomes]
    options = tuple(
        StopOption(
            ones[at].stop_lap, ones[at].compound, round(float(places[at].mean()), 2), round(points[at], 2),
            round(float(mean_time[at] - mean_time[best]), 2),
        )
        for at in (int(index) for index in order)
    )  # fmt: skip
    confidence = _better(places, times, best, int(order[1]))
    return Advice(ones[best], round(confidence, 3), options, races)


def _better(places: NDArray[np.float64], times: NDArray[np.float64], one: int, other: int) -> float:
    """Share of races in which ``one`` ends better than ``other``: by place, then by time; what is equal counts half."""
    by_place = places[other] - places[one]
    by_time: NDArray[np.float64] = np.nan_to_num(times[other] - times[one])
    gained = np.where(by_place != 0, by_place, by_time).astype(np.float64)
    wins, ties = int(np.count_nonzero(gained > 0)), int(np.count_nonzero(gained == 0))
    return (wins + 0.5 * ties) / gained.size
