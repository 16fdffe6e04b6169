"""Which scenarios does a question mean: drivers found, recorded stops filled in, and what cannot be meant refused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import Interruption, Plan, PlannedStop, Race, Rain, Scenario
from overcut.strategy.whatif.answers import ActualCar, ActualPeriod
from overcut.strategy.whatif.questions import (
    MAX_RACES,
    MAX_SCENARIOS,
    MAX_SWEEP,
    PlanAsked,
    Rivals,
    ScenarioAsked,
    SweepQuestion,
    WhatIfQuestion,
    World,
)

TANK_KG = 105.0
"""Fuel burned in a race, which turns the circuit's cost of a lap of fuel into that of a kilogram; 110 kg is the limit
of the technical regulations to 2025, and little less is used."""
SPARE_KG = 30.0
KEPT_WET = 0.001
"""Rain that keeps a wet track as wet as it is; wetness gained a lap."""
BROUGHT_WATER = 0.1
"""Rain that makes slick tyres useless within a few laps."""
WATER = (Compound.INTERMEDIATE, Compound.WET)


class Happened(msgspec.Struct, frozen=True):
    """What is known of the race after the asked lap: by `actual.actual_cars` and `actual.actual_periods`.

    ``finished``: whether that is all that happened.
    """

    cars: tuple[ActualCar, ...] = ()
    periods: tuple[ActualPeriod, ...] = ()
    finished: bool = False


def scenarios_of(race: Race, happened: Happened, question: WhatIfQuestion) -> tuple[Scenario, ...]:
    """The scenarios of a question, the first to be compared with.

    Args:
        race: at the question's lap. ``happened``: for plans and rivals that do as they did.

    Raises:
        WrongUsageError: too many scenarios, two of one name, too many races, an unknown driver, recorded stops of a
            race that is not over. What the simulator cannot play it says itself.
    """
    check_counts(question.races, len(question.scenarios))
    number = driver_number(race, question.driver)
    named = [_named(asked, index) for index, asked in enumerate(question.scenarios)]
    names = [asked.name for asked in named]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise WrongUsageError(f"Two scenarios are called {twice!r}", hint="give each a name of its own")
    return tuple(_scenario(race, happened, number, asked) for asked in named)


def swept(race: Race, happened: Happened, question: SweepQuestion) -> tuple[tuple[int, ...], tuple[Scenario, ...]]:
    """The laps that a stop is tried on, and the scenario of each; the asked lap comes first.

    Raises:
        WrongUsageError: the driver's plan has no such stop, or as for `scenarios_of`.
    """
    check_counts(question.races, 1)
    if not 1 <= question.within <= MAX_SWEEP:
        raise WrongUsageError(f"A sweep of {question.within} laps", hint=f"1 to {MAX_SWEEP} to either side")
    number = driver_number(race, question.driver)
    first = _scenario(race, happened, number, _named(question.scenario, 0))
    plan = first.plans.get(number)
    stops = plan.stops if plan is not None else ()
    if plan is None or not 0 <= question.stop < len(stops):
        raise WrongUsageError(
            f"The plan has no stop {question.stop}",
            why=f"it has {len(stops)} after lap {race.lap}",
            hint="stops are counted from 0; give the plan with its stops",
        )
    asked = stops[question.stop].lap
    earliest = stops[question.stop - 1].lap + 1 if question.stop else race.lap + 1
    latest = stops[question.stop + 1].lap - 1 if question.stop + 1 < len(stops) else race.circuit.laps - 1
    laps = [lap for lap in range(asked - question.within, asked + question.within + 1) if earliest <= lap <= latest]
    ordered = (asked, *(lap for lap in laps if lap != asked))
    return ordered, tuple(_moved(first, number, plan, question.stop, lap) for lap in ordered)


def check_counts(races: int, scenarios: int) -> None:
    """How much is asked for.

    Raises:
        WrongUsageError: nothing, or more than is simulated while somebody waits.
    """
    if not 1 <= races <= MAX_RACES:
        raise WrongUsageError(f"{races} races cannot be simulated", hint=f"ask for 1 to {MAX_RACES:,}")
    if not 1 <= scenarios <= MAX_SCENARIOS:
        raise WrongUsageError(f"{scenarios} scenarios at once", hint=f"give 1 to {MAX_SCENARIOS}")


def driver_number(race: Race, text: str) -> str:
    """The racing number of a driver by number or three-letter code.

    Raises:
        WrongUsageError: nobody in the race is called so, or the car is out.
    """
    wanted = text.strip().upper()
    for car, state in zip(race.cars, race.states, strict=True):
        if wanted in (car.driver_number.upper(), car.driver.upper()):
            if state.retired:
                raise WrongUsageError(f"{car.driver} is out of the race by lap {race.lap}", hint="ask from before that")
            return car.driver_number
    raise WrongUsageError(
        f"Nobody in this race is called {text[:40]!r}", hint=f"drivers are {', '.join(car.driver for car in race.cars)}"
    )


def actual_plan(car: ActualCar, race: Race) -> Plan:
    """The stops that a car made from the race's lap on, kept to the letter; those of unknown tyres left out."""
    stops = tuple(
        PlannedStop(stop.lap, Compound(stop.compound), stop.age)
        for stop in car.stops
        if stop.compound is not None and race.lap < stop.lap < race.circuit.laps
    )
    start = Compound(car.start) if race.lap == 0 and car.start is not None else None
    return Plan(stops, start)


def as_it_was(race: Race, periods: Sequence[ActualPeriod]) -> tuple[tuple[Interruption, ...], tuple[Rain, ...]]:
    """What neutralised the race and what rain fell after the race's lap.

    How hard it rained nobody recorded: where the field ran slicks when the rain began it is taken to have brought
    water enough for intermediates, else to have kept the track as wet as it was.
    """
    interruptions: list[Interruption] = []
    rain: list[Rain] = []
    slicks = sum(state.compound not in WATER for state in race.states if not state.retired)
    dry = slicks > sum(not state.retired for state in race.states) / 2
    for period in periods:
        first = max(period.first_lap, race.lap + 1)
        laps = period.last_lap - first + 1
        if laps < 1 or first > race.circuit.laps:
            continue
        if period.kind == "RAIN":
            rain.append(Rain(first, laps, BROUGHT_WATER if dry else KEPT_WET))
        else:
            interruptions.append(Interruption(period.kind, first, laps))
    return tuple(interruptions), tuple(rain)


def _named(asked: ScenarioAsked, index: int) -> ScenarioAsked:
    name = asked.name.strip()[:80] or f"Plan {index + 1}"
    return msgspec.structs.replace(asked, name=name)


def _scenario(race: Race, happened: Happened, number: str, asked: ScenarioAsked) -> Scenario:
    if not happened.finished and (asked.rivals is Rivals.AS_THEY_DID or asked.world is World.AS_IT_WAS):
        raise WrongUsageError(
            f"{asked.name}: what happened is not known yet",
            why="the race is not over",
            hint="leave rivals and world to the simulation",
        )
    actual = {car.driver_number: car for car in happened.cars}
    plans: dict[str, Plan] = {}
    deltas: dict[str, float] = {}
    if asked.rivals is Rivals.AS_THEY_DID:
        # A car that retired made fewer stops than it would have: from there on it does as teams do.
        plans = {key: actual_plan(car, race) for key, car in actual.items() if key != number and car.finish is not None}
    by_number = {driver_number(race, driver): plan for driver, plan in asked.plans.items()}
    if len(by_number) != len(asked.plans):
        raise WrongUsageError(f"{asked.name}: a driver has two plans", hint="name each driver once, by code or number")
    for key, plan in by_number.items():
        known = actual.get(key)
        if plan.stops is None and not happened.finished:
            raise WrongUsageError(
                f"{asked.name}: {driver_of(race, key)}'s stops are not known yet",
                why="the race is not over",
                hint="give the plan its stops",
            )
        plans[key] = _plan(race, plan, known)
        delta = plan.lap_delta_s + _fuel_s(race, plan)
        if delta:
            deltas[key] = delta
    interruptions, rain = as_it_was(race, happened.periods) if asked.world is World.AS_IT_WAS else ((), ())
    given = tuple(Interruption(one.kind.value, one.lap, one.laps) for one in asked.interruptions)
    falls = tuple(Rain(one.lap, one.laps, one.intensity) for one in asked.rain)
    return Scenario(
        name=asked.name,
        plans=plans,
        interruptions=given or interruptions,
        rain=falls or rain,
        only_these=asked.only_these or asked.world is World.AS_IT_WAS,
        lap_delta_s=deltas,
        temperature_wear=asked.temperature_wear,
        grip_s=asked.grip_s,
    )


def driver_of(race: Race, number: str) -> str:
    """The code of the car with a number."""
    return next((car.driver for car in race.cars if car.driver_number == number), number)


def _plan(race: Race, asked: PlanAsked, known: ActualCar | None) -> Plan:
    if asked.stops is None and known is not None:
        stops = actual_plan(known, race).stops
    else:
        stops = tuple(PlannedStop(stop.lap, stop.compound, stop.age) for stop in asked.stops or ())
    return Plan(stops, asked.start, tuple((one.lap, one.mode) for one in asked.pace), asked.react)


def _fuel_s(race: Race, asked: PlanAsked) -> float:
    """What the fuel beyond the race's costs a lap."""
    if not math.isfinite(asked.fuel_kg) or not 0.0 <= asked.fuel_kg <= SPARE_KG:
        raise WrongUsageError(
            f"{asked.fuel_kg:g} kg more fuel",
            why="a car must reach the flag, and its tank is full at 110 kg",
            hint=f"0 to {SPARE_KG:g}",
        )
    return asked.fuel_kg * race.circuit.fuel_s.mean * race.circuit.laps / TANK_KG


def _moved(scenario: Scenario, number: str, plan: Plan, index: int, lap: int) -> Scenario:
    """The scenario with one stop of the driver on another lap."""
    stops = list(plan.stops)
    stops[index] = PlannedStop(lap, stops[index].compound, stops[index].age)
    plans: Mapping[str, Plan] = {**scenario.plans, number: msgspec.structs.replace(plan, stops=tuple(stops))}
    return msgspec.structs.replace(scenario, name=f"lap {lap}", plans=dict(plans))
