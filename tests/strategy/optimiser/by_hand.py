"""A race against the clock told lap by lap, and every plan there is: what the search is checked against."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import erf, exp, pi, sqrt

from overcut.domain.tyres import Compound
from overcut.strategy.model import CarModel, Plan, PlannedStop, Race, TyreModel


def lap_loss(tyre: TyreModel, age: int, wear: float) -> float:
    """A lap on a set of this age against a fresh reference set."""
    life = tyre.life_laps
    over = age - life.mean
    if life.sd > 0:
        z = over / life.sd
        beyond = over * 0.5 * (1 + erf(z / sqrt(2))) + life.sd * exp(-0.5 * z * z) / sqrt(2 * pi)
    else:
        beyond = max(0.0, over)
    worn = tyre.wear_s.mean * age + tyre.curvature_s.mean * age * age + tyre.cliff_s.mean * beyond
    return tyre.offset_s.mean + wear * worn


def driven_alone(race: Race, car: CarModel, plan: Plan) -> float:
    """Seconds that the plan costs on a dry green track, beyond fresh reference tyres and no stop."""
    state = next(s for c, s in zip(race.cars, race.states, strict=True) if c.driver_number == car.driver_number)
    tyres = {tyre.compound: tyre for tyre in race.circuit.tyres}
    pit = race.circuit.pit
    stop_s = pit.loss_s.mean + sum(pit.excess_s) / len(pit.excess_s) + car.stop_excess_s
    stops = {stop.lap: stop for stop in plan.stops}
    other = plan.start is not None and plan.start is not state.compound
    compound, age = (plan.start or state.compound, 0 if other else state.tyre_age)
    total = 0.0
    for lap in range(race.lap + 1, race.circuit.laps + 1):
        total += lap_loss(tyres[compound], age, car.wear.mean)
        age += 1
        if lap in stops:
            compound, age = stops[lap].compound, stops[lap].age
            total += stop_s + tyres[compound].warm_up_s.mean
    return total


def every_plan(race: Race, compounds: tuple[Compound, ...], most_stops: int, *, starts: bool) -> Iterator[Plan]:
    """Every choice of stop laps and compounds, whether it keeps the rules or not."""
    laps = range(race.lap + 1, race.circuit.laps)
    for start in (None, *compounds) if starts else (None,):
        for count in range(most_stops + 1):
            for chosen in combinations(laps, count):
                for fitted in product(compounds, repeat=count):
                    yield Plan(tuple(PlannedStop(lap, each) for lap, each in zip(chosen, fitted, strict=True)), start)
