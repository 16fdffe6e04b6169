"""What would the optimiser have advised during the race: its plan from the grid, thought over at each caution and rain?

At the end of the lap before one begins, the stops to come are chosen again with what was known then: the cautions and
the rain so far, the present one of expected length, and no later one. Stops already made stay. The rivals go on as
teams do. Simulated races start from the grid, so that where the car stands by then is a chance, not the recorded place.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from overcut.strategy.model import (
    CarState,
    Interruption,
    Plan,
    Race,
    Rain,
    Scenario,
    TrackState,
    TrackStatus,
)
from overcut.strategy.optimiser.candidates import first_candidates
from overcut.strategy.optimiser.free_air import free_air
from overcut.strategy.optimiser.limits import NoPlanError, PlanLimits, state_of
from overcut.strategy.optimiser.objectives import Aim
from overcut.strategy.optimiser.outlook import outlook
from overcut.strategy.optimiser.racing import Cancelled, Contest, Setting

CANDIDATES = 8
ROUNDS = ((64, 3), (192, 1))
"""Races for each candidate, and how many stay."""
FIRST_ROUND = 600


class Known(msgspec.Struct, frozen=True):
    """What was known of the race as it came at the end of ``lap``: cautions and rain begun by the next lap."""

    lap: int
    scenario: Scenario
    status: TrackStatus


def moments(race: Race, world: Scenario) -> list[Known]:
    """When a plan from the grid is thought over, in order: before each caution or rain that begins during the race."""
    starts = {one.lap - 1 for one in world.interruptions} | {one.lap - 1 for one in world.rain}
    return [_known(race, world, lap) for lap in sorted(starts) if 0 < lap < race.circuit.laps - 2]


def advised(
    race: Race,
    driver: str,
    world: Scenario,
    plan: Plan,
    limits: PlanLimits,
    seed: int,
    *,
    threads: int | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """The plan that the optimiser would have come to by the end of the race.

    Args:
        race: on its grid. ``driver``: racing number. ``world``: the race as it came. ``plan``: from the grid.
        limits, seed, threads, cancelled: as for the search.
    """
    for moment in moments(race, world):
        options = [plan, msgspec.structs.replace(plan, react=not plan.react)]
        options += _continued(race, driver, plan, moment, limits)
        contest = Contest(Setting(race, driver, moment.scenario, seed, threads), Aim(), cancelled, seeds_at=FIRST_ROUND)
        contest.join(dict.fromkeys(options))
        for races, stay in ROUNDS:
            contest.run(races)
            contest.keep(stay)
        plan = contest.racing[0] or plan
    return plan


def _known(race: Race, world: Scenario, lap: int) -> Known:
    neutral = race.circuit.neutralisations
    interruptions = [
        one if one.lap + one.laps - 1 <= lap else Interruption(one.kind, one.lap, _expected(one, lap, neutral_laps))
        for one in world.interruptions
        if one.lap <= lap + 1
        for neutral_laps in [neutral.vsc_laps if one.kind == TrackStatus.VSC else neutral.sc_laps]
    ]
    usual = max(1, round(1.0 / max(race.circuit.weather.rain_ends, 0.01)))
    rain = [
        one if one.lap + one.laps - 1 <= lap else Rain(one.lap, max(usual, lap + 2 - one.lap), one.intensity)
        for one in world.rain
        if one.lap <= lap + 1
    ]
    now = next((one.kind for one in interruptions if one.lap <= lap + 1 < one.lap + one.laps), TrackStatus.GREEN.value)
    scenario = Scenario("as known", {}, tuple(interruptions), tuple(rain), only_these=True)
    return Known(lap, scenario, TrackStatus(now))


def _expected(one: Interruption, lap: int, lengths: Sequence[float]) -> int:
    """Laps that a caution in progress is to be reckoned with, from its first on."""
    mean = sum(laps * chance for laps, chance in enumerate(lengths, start=1)) / sum(lengths)
    return max(round(mean), lap + 2 - one.lap)


def _continued(race: Race, driver: str, plan: Plan, moment: Known, limits: PlanLimits) -> list[Plan]:
    """Plans that keep the stops made so far and go on in the quickest ways from there."""
    made = tuple(stop for stop in plan.stops if stop.lap <= moment.lap)
    state = _state(race, driver, plan, moment)
    water = outlook(race, moment.scenario, 0.0).wetness[moment.lap - 1]
    track = TrackState(moment.status, 0, float(water), any(one.lap <= moment.lap + 1 for one in moment.scenario.rain))
    cars = tuple(state if car.driver_number == driver else old for car, old in zip(race.cars, race.states, strict=True))
    later = msgspec.structs.replace(race, lap=moment.lap, states=cars, track=track)
    left = msgspec.structs.replace(limits, most_stops=max(1, limits.most_stops - len(made)), choose_start=False)
    try:
        found = first_candidates(free_air(later, driver, left), CANDIDATES)
    except NoPlanError:
        return []
    return [
        Plan((*made, *each.stops), plan.start, react=react)
        for each in found
        for react in ((False,) if each.stops and each.stops[0].lap == moment.lap + 1 else (plan.react,))
    ]


def _state(race: Race, driver: str, plan: Plan, moment: Known) -> CarState:
    """The car at the end of the lap if it kept to the plan."""
    grid = state_of(race, driver)
    compound, age, since = plan.start or grid.compound, grid.tyre_age if plan.start is None else 0, 0
    used = [compound]
    for stop in plan.stops:
        if stop.lap <= moment.lap:
            compound, age, since = stop.compound, stop.age, stop.lap
            used.append(compound)
    return msgspec.structs.replace(
        grid,
        compound=compound,
        tyre_age=age + moment.lap - since,
        used=tuple(dict.fromkeys(used)),
        stops=len(used) - 1,
    )
