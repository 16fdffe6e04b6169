"""What may a plan do: which sets are there, how many stops, on which laps; and which plans break a rule?

`broken_rules` is written apart from the search that makes plans, so that the one checks the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import CarState, PaceMode, Plan, Race

WET_COMPOUNDS = (Compound.INTERMEDIATE, Compound.WET)
MOST_STOPS = 8
"""More than anybody made in a dry race of the last twenty seasons; a user may allow as many."""


class TyreSet(msgspec.Struct, frozen=True):
    """Sets of one compound and age that a car may still fit: ``count`` of them; None: as many as it likes."""

    compound: Compound
    age: int = 0
    count: int | None = None


class PlanLimits(msgspec.Struct, frozen=True):
    """What the user allows beyond what the rules do.

    Attributes:
        sets: what may be fitted; empty: new sets of each compound of the circuit, without limit, which every answer
            then says.
        most_stops: stops from now on at most.
        least_stint: laps on a set at least, the first stint and the one in progress apart.
        first_stop_lap: no stop before the end of this lap; ``last_stop_lap``: none after.
        last_stop_lap: see above.
        choose_start: on the grid, whether the start tyre is free too.
        paces: how hard a stint may be driven; each stint then has the one that suits it. NORMAL alone is how the
            rivals are driven: what pushing costs in tyres is a round figure (`simulator.modes`), and nothing limits it.
    """

    sets: tuple[TyreSet, ...] = ()
    most_stops: int = 3
    least_stint: int = 1
    first_stop_lap: int = 0
    last_stop_lap: int = 999
    choose_start: bool = True
    paces: tuple[PaceMode, ...] = (PaceMode.NORMAL,)


class NoPlanError(WrongUsageError):
    """Within rules and the limits that were asked for nothing can be done any more."""


def checked(limits: PlanLimits, race: Race) -> PlanLimits:
    """The limits, if they make sense for this race.

    Raises:
        WrongUsageError: they do not, and why.
    """
    known = {tyre.compound for tyre in race.circuit.tyres}
    for tyre_set in limits.sets:
        if tyre_set.compound not in known:
            names = ", ".join(sorted(compound.value for compound in known))
            raise WrongUsageError(
                f"There is no {tyre_set.compound.value} tyre in this race", hint=f"compounds here are {names}"
            )
        if tyre_set.age < 0 or (tyre_set.count is not None and tyre_set.count < 0):
            raise WrongUsageError(
                f"A set of {tyre_set.compound.value} with age {tyre_set.age}, {tyre_set.count} of them, cannot be",
                hint="ages and counts are 0 or more",
            )
    if not 0 <= limits.most_stops <= MOST_STOPS:
        raise WrongUsageError(
            f"{limits.most_stops} stops are no strategy", hint=f"most_stops goes from 0 to {MOST_STOPS}"
        )
    if limits.least_stint < 1:
        raise WrongUsageError("A stint has a lap at least", hint="least_stint is 1 or more")
    if limits.first_stop_lap > limits.last_stop_lap:
        raise WrongUsageError(
            f"No lap is after {limits.first_stop_lap} and before {limits.last_stop_lap}",
            hint="first_stop_lap is at most last_stop_lap",
        )
    if not limits.paces:
        raise WrongUsageError("A stint is driven at some pace", hint="paces has one at least")
    return limits


def sets_of(limits: PlanLimits, race: Race, *, wet: bool) -> tuple[TyreSet, ...]:
    """The sets that may be fitted: the user's, else new ones of each compound; ``wet``: intermediates and wets too.

    Two entries of one compound and age are one.
    """
    found = _merged(limits.sets) if limits.sets else [TyreSet(tyre.compound) for tyre in race.circuit.tyres]
    return tuple(
        each for each in found if (each.count is None or each.count > 0) and (wet or each.compound not in WET_COMPOUNDS)
    )


def start_set(limits: PlanLimits, race: Race, compound: Compound) -> TyreSet | None:
    """The set that is taken where the start tyre is changed to this compound: a new one; None where there is none."""
    found = [each for each in sets_of(limits, race, wet=True) if each.compound is compound and each.age == 0]
    return found[0] if found else None


def _merged(sets: Sequence[TyreSet]) -> list[TyreSet]:
    counts: dict[tuple[Compound, int], int | None] = {}
    for each in sets:
        key = (each.compound, each.age)
        before = counts.get(key, 0)
        counts[key] = None if before is None or each.count is None else before + each.count
    return [TyreSet(compound, age, count) for (compound, age), count in counts.items()]


def compounds_needed(race: Race) -> int:
    """Different dry compounds that the race demands: none in a sprint."""
    return 0 if race.rules.sprint else race.rules.compounds_required


def exempt(state: CarState) -> bool:
    """Whether the car has run on a wet tyre already, so that it need not use two dry ones."""
    return state.compound in WET_COMPOUNDS or any(used in WET_COMPOUNDS for used in state.used)


def state_of(race: Race, driver: str) -> CarState:
    """The car's state.

    Raises:
        WrongUsageError: nobody has that number, or the car is out of the race.
    """
    for car, state in zip(race.cars, race.states, strict=True):
        if car.driver_number == driver:
            if state.retired:
                raise WrongUsageError(f"Car {driver} ({car.driver}) is out of the race", hint="ask for another driver")
            return state
    names = ", ".join(f"{car.driver_number} ({car.driver})" for car in race.cars)
    raise WrongUsageError(f"No car {driver} in this race", hint=f"there are {names}")


def broken_rules(race: Race, driver: str, plan: Plan, limits: PlanLimits | None = None) -> tuple[str, ...]:
    """Why the plan may not be run, each reason a sentence; empty when it may.

    Checks the order and range of the stops, two dry compounds unless a wet one was used, the stops that the race
    demands, the sets there are, the number of stops and the user's other limits.
    """
    limits = limits or PlanLimits()
    state, laps = state_of(race, driver), race.circuit.laps
    return (
        *_stop_laps(plan, race.lap, laps, limits),
        *_compound_rule(race, state, plan),
        *_set_limits(race, state, plan, limits),
    )


def _stop_laps(plan: Plan, lap: int, laps: int, limits: PlanLimits) -> list[str]:
    found: list[str] = []
    before = lap
    for index, stop in enumerate(plan.stops):
        if not lap < stop.lap < laps:
            found.append(f"a stop at the end of lap {stop.lap} is outside laps {lap + 1} to {laps - 1}")
        if stop.lap <= before and index:
            found.append(f"the stop of lap {stop.lap} does not come after that of lap {before}")
        if index and stop.lap - before < limits.least_stint:
            found.append(f"the stint to lap {stop.lap} has fewer than {limits.least_stint} laps")
        if not limits.first_stop_lap <= stop.lap <= limits.last_stop_lap:
            found.append(f"lap {stop.lap} is not among the laps allowed for stops")
        before = stop.lap
    if plan.stops and laps - plan.stops[-1].lap < limits.least_stint:
        found.append(f"the last stint has fewer than {limits.least_stint} laps")
    if len(plan.stops) > limits.most_stops:
        found.append(f"{len(plan.stops)} stops are more than {limits.most_stops}")
    if any(mode not in limits.paces for _, mode in plan.pace if mode is not PaceMode.NORMAL):
        found.append("a pace is not among those allowed")
    return found


def _compound_rule(race: Race, state: CarState, plan: Plan) -> list[str]:
    found: list[str] = []
    start = plan.start if race.lap == 0 and plan.start is not None else state.compound
    run = {start, *(stop.compound for stop in plan.stops), *(state.used if race.lap else ())}
    dry = {compound for compound in run if compound not in WET_COMPOUNDS}
    if len(dry) == len(run) and len(dry) < compounds_needed(race):
        found.append(f"only {', '.join(sorted(dry))} would be used, and the rules want {compounds_needed(race)} kinds")
    stops = state.stops + len(plan.stops)
    if stops < race.rules.stops_required:
        found.append(f"{stops} stops are fewer than the {race.rules.stops_required} that this race demands")
    if plan.start is not None and race.lap > 0:
        found.append("the start tyre cannot be chosen once the race runs")
    return found


def _set_limits(race: Race, state: CarState, plan: Plan, limits: PlanLimits) -> list[str]:
    allowed = {(each.compound, each.age): each.count for each in sets_of(limits, race, wet=True)}
    fitted: Counter[tuple[Compound, int]] = Counter((stop.compound, stop.age) for stop in plan.stops)
    if race.lap == 0 and plan.start is not None and plan.start is not state.compound:
        chosen = start_set(limits, race, plan.start)
        if not limits.choose_start or chosen is None:
            return [f"the start on {plan.start.value} is not among what is allowed"]
        fitted[chosen.compound, chosen.age] += 1
    found: list[str] = []
    for (compound, age), wanted in fitted.items():
        have = allowed.get((compound, age), 0)
        if have is not None and wanted > have:
            found.append(f"{wanted} sets of {compound.value} aged {age} are planned and there are {have}")
    return found
