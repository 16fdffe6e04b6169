"""Can this be simulated: what API, command line and page all ask before a race is played out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import msgspec

from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.strategy.model import CircuitModel, Estimate, Interruption, PaceMode, Plan, Race, Rain, Scenario

MOST_CARS = 30
MOST_LAPS = 127
MOST_STOPS = 12
MOST_RACES = 1_000_000
MOST_SCENARIOS = 64
LONGEST_S = 10 * 3600.0
"""A simulated race must end within it; the simulator counts milliseconds in 26 bits."""
NOT_TYRES = frozenset({Compound.UNKNOWN, Compound.TEST_UNKNOWN})
KINDS = frozenset({"SC", "VSC", "RED"})


def wrong(what: str, why: str = "", hint: str = "") -> OvercutError:
    """The error that says so."""
    return WrongUsageError(what, why=why, hint=hint)


def check_size(races: int, scenarios: int, traces: int) -> None:
    """How much is asked for.

    Raises:
        OvercutError: where it is nothing, or more than can be.
    """
    if not 1 <= races <= MOST_RACES:
        raise wrong(f"{races} races cannot be simulated", hint=f"ask for 1 to {MOST_RACES:,}")
    if not 1 <= scenarios <= MOST_SCENARIOS:
        raise wrong(f"{scenarios} scenarios at once", hint=f"give 1 to {MOST_SCENARIOS}")
    if not 0 <= traces <= races:
        raise wrong(f"{traces} traces of {races} races", hint="ask for at most as many traces as races")


def check_race(race: Race) -> None:
    """Whether the race itself makes sense: cars, laps, states, and every figure of its models.

    Raises:
        OvercutError: naming what is wrong and what would do.
    """
    circuit = race.circuit
    if not 1 <= len(race.cars) <= MOST_CARS:
        raise wrong(f"a race of {len(race.cars)} cars", hint=f"give 1 to {MOST_CARS}")
    if len(race.states) != len(race.cars):
        raise wrong(f"{len(race.cars)} cars but {len(race.states)} states", hint="give one state for each car")
    if not 1 <= circuit.laps <= MOST_LAPS:
        raise wrong(f"a race of {circuit.laps} laps", hint=f"give 1 to {MOST_LAPS}")
    if not 0 <= race.lap < circuit.laps:
        raise wrong(
            f"lap {race.lap} of a race of {circuit.laps}",
            why="there must be at least one lap to simulate",
            hint=f"give a lap from 0 (the grid) to {circuit.laps - 1}",
        )
    numbers = [car.driver_number for car in race.cars]
    if len(set(numbers)) != len(numbers):
        raise wrong("two cars have the same number", hint="driver numbers are unique in a race")
    check_states(race)
    check_circuit(circuit)
    for car in race.cars:
        check_numbers(f"car {car.driver_number}", car)
    check_numbers("the track", race.track)
    if not 0.0 <= race.track.wetness <= 1.0:
        raise wrong(f"wetness {race.track.wetness}", hint="0 is dry and 1 standing water")
    longest = circuit.lap_s.mean * (circuit.laps - race.lap) * 1.2
    if longest > LONGEST_S:
        raise wrong(f"laps of {circuit.lap_s.mean:g} s make a race of {longest / 3600:.0f} hours", hint="lap_s is in s")


def check_states(race: Race) -> None:
    """The states of the cars: places once each, tyres that exist here, ages and gaps that can be."""
    here = {tyre.compound for tyre in race.circuit.tyres}
    running = [state.position for state in race.states if not state.retired]
    if len(set(running)) != len(running):
        raise wrong("two cars have the same place", hint="positions of the cars that run are unique")
    for car, state in zip(race.cars, race.states, strict=True):
        who = f"car {car.driver_number}"
        check_numbers(who, state)
        if state.retired:
            continue
        if not math.isfinite(state.behind_s) or not 0 <= state.behind_s <= LONGEST_S:
            raise wrong(f"{who} is {state.behind_s} s behind the leader", hint="give seconds, 0 for the leader")
        if state.compound not in here:
            raise wrong(f"{who} is on {state.compound}", why="the circuit has no such tyre", hint=among(here))
        if not 0 <= state.tyre_age <= MOST_LAPS or state.stops < 0 or state.penalty_s < 0 or state.position < 1:
            raise wrong(f"{who} has a negative age, place, number of stops or penalty, or a tyre of over 127 laps")


def check_circuit(circuit: CircuitModel) -> None:
    """The circuit's model: every number finite, deviations not negative, tables of the length they must have."""
    check_numbers(f"circuit {circuit.circuit_id}", circuit)
    compounds = [tyre.compound for tyre in circuit.tyres]
    if len(set(compounds)) != len(compounds) or not compounds or len(compounds) > 8:
        raise wrong("the circuit's tyres are none, too many or twice there", hint="give 1 to 8 compounds, each once")
    if circuit.reference not in compounds:
        raise wrong(f"reference compound {circuit.reference}", why="the circuit has no such tyre")
    if circuit.lap_s.mean < 20:
        raise wrong(f"a lap of {circuit.lap_s.mean:g} s", hint="lap_s is a whole lap in seconds")
    if circuit.fuel_s.mean < 0:
        raise wrong(f"negative fuel: {circuit.fuel_s.mean:g} s per lap of it", hint="fuel makes a car slower")
    check_tables(circuit)


def check_tables(circuit: CircuitModel) -> None:
    """The circuit's curves and tables have the lengths they must have."""
    if len(circuit.noise.quantiles) < 2:
        raise wrong("noise quantiles are missing", hint="give at least two, equally spaced from 0 to 1")
    if not circuit.pit.excess_s or not 0 <= circuit.pit.in_lap_share <= 1:
        raise wrong("the pit model lacks its excess quantiles, or its in-lap share is not from 0 to 1")
    wet = circuit.weather.pace
    if len({len(wet.knots), len(wet.dry_s), len(wet.intermediate_s), len(wet.wet_s)}) != 1 or len(wet.knots) < 2:
        raise wrong("wet pace needs as many costs as knots, two at least")
    stops = circuit.stops
    if len(stops.age_knots) != len(stops.age) or len({len(stops.remaining_knots), len(stops.remaining)}) != 1:
        raise wrong("the stop behaviour's curves have not as many values as knots")
    if len(stops.need) != len(stops.remaining_knots):
        raise wrong("the stop behaviour's need has not as many values as its knots")
    if len(circuit.choice.compounds) != len(circuit.choice.bias):
        raise wrong("the compound choice has not as many biases as compounds")
    for lengths in (circuit.neutralisations.sc_laps, circuit.neutralisations.vsc_laps):
        if not lengths or min(lengths) < 0 or not sum(lengths) > 0:
            raise wrong("lengths of safety cars are no probabilities", hint="give at least one positive number")
    if len(circuit.penalties.seconds) != len(circuit.penalties.shares):
        raise wrong("penalties need as many shares as seconds")


def check_scenario(race: Race, scenario: Scenario) -> None:
    """Whether a scenario can be played in this race: its plans, its interruptions, its rain.

    Raises:
        OvercutError: naming the driver, what is wrong and what would do.
    """
    numbers = {car.driver_number for car in race.cars}
    for number in (*scenario.plans, *scenario.lap_delta_s):
        if number not in numbers:
            raise wrong(
                f"there is no car {number!r} in this race",
                hint=f"give one of {', '.join(car.driver_number for car in race.cars)}",
            )
    for number, plan in scenario.plans.items():
        check_plan(race, number, plan)
    for interruption in scenario.interruptions:
        check_interruption(race, interruption)
    for rain in scenario.rain:
        check_rain(race, rain)
    for number, delta in scenario.lap_delta_s.items():
        if not -20.0 <= delta <= 60.0:
            raise wrong(f"{delta} s a lap for car {number}", hint="give seconds from -20 to 60")
    if not 0.0 <= scenario.temperature_wear <= 5.0:
        raise wrong(f"a factor of {scenario.temperature_wear} on tyre wear", hint="give one from 0 to 5")
    if not -10.0 <= scenario.grip_s <= 60.0:
        raise wrong(f"{scenario.grip_s} s a lap for grip", hint="give seconds from -10 to 60")


def check_plan(race: Race, number: str, plan: Plan) -> None:
    """Whether a car can drive this plan: its stops ascend, lie ahead, and are for tyres that exist here."""
    here = {tyre.compound for tyre in race.circuit.tyres}
    laps = race.circuit.laps
    if len(plan.stops) > MOST_STOPS:
        raise wrong(f"{len(plan.stops)} stops for car {number}", hint=f"a plan has at most {MOST_STOPS}")
    before = race.lap
    for stop in plan.stops:
        if not race.lap < stop.lap < laps:
            last = laps - 1
            room = f"a stop can be from lap {race.lap + 1} to {last}" if last > race.lap else "no stop is possible now"
            raise wrong(f"car {number} shall stop on lap {stop.lap}", why=f"the race has {laps} laps", hint=room)
        if stop.lap <= before and before != race.lap:
            raise wrong(
                f"car {number} shall stop on lap {stop.lap} after lap {before}",
                hint="give the stops in the order of their laps, at most one a lap",
            )
        if stop.compound not in here or stop.compound in NOT_TYRES:
            raise wrong(f"car {number} shall take {stop.compound}", why="there is no such tyre here", hint=among(here))
        if not 0 <= stop.age <= MOST_LAPS:
            raise wrong(f"a set of {stop.age} laps for car {number}", hint=f"give an age from 0 to {MOST_LAPS}")
        before = stop.lap
    if plan.start is not None:
        if race.lap > 0:
            raise wrong(f"a start tyre for car {number} on lap {race.lap}", hint="only before the race")
        if plan.start not in here or plan.start in NOT_TYRES:
            raise wrong(f"car {number} shall start on {plan.start}", why="no such tyre here", hint=among(here))
    check_pace(race, number, plan)


def check_pace(race: Race, number: str, plan: Plan) -> None:
    """Whether the pace modes of a plan are modes, and their laps ascend within the race."""
    before = 0
    for lap, mode in plan.pace:
        if not 1 <= lap <= race.circuit.laps or lap <= before:
            raise wrong(f"pace mode of car {number} from lap {lap}", hint="give ascending laps within the race")
        if mode not in set(PaceMode):
            raise wrong(f"pace mode {mode!r} of car {number}", hint=f"give one of {', '.join(PaceMode)}")
        before = lap


def check_interruption(race: Race, interruption: Interruption) -> None:
    """Whether a neutralisation can be."""
    if interruption.kind not in KINDS:
        raise wrong(f"a neutralisation of kind {interruption.kind!r}", hint="give SC, VSC or RED")
    if not race.lap < interruption.lap <= race.circuit.laps:
        raise wrong(
            f"a {interruption.kind} on lap {interruption.lap}",
            hint=f"give a lap from {race.lap + 1} to {race.circuit.laps}",
        )
    if not 1 <= interruption.laps <= MOST_LAPS:
        raise wrong(f"a {interruption.kind} of {interruption.laps} laps", hint="give 1 lap or more")


def check_rain(race: Race, rain: Rain) -> None:
    """Whether rain can fall so."""
    if not race.lap < rain.lap <= race.circuit.laps or not 1 <= rain.laps <= MOST_LAPS:
        raise wrong(
            f"rain from lap {rain.lap} for {rain.laps} laps",
            hint=f"give a lap from {race.lap + 1} to {race.circuit.laps}, and 1 lap or more",
        )
    if not 0.0 < rain.intensity <= 1.0:
        raise wrong(f"rain of {rain.intensity}", hint="give the wetness gained per lap, above 0, at most 1")


def check_numbers(what: str, value: msgspec.Struct) -> None:
    """Every number in a struct, at any depth, is finite, and no estimate has a negative deviation."""
    for path, item in leaves(value, ""):
        if isinstance(item, Estimate):
            if not (math.isfinite(item.mean) and math.isfinite(item.sd) and item.sd >= 0):
                raise wrong(f"{what}: {path} is {item.mean} with a deviation of {item.sd}")
        elif not math.isfinite(item):
            raise wrong(f"{what}: {path} is {item}", hint="every figure must be a finite number")


def leaves(value: object, path: str) -> Iterator[tuple[str, Estimate | float]]:
    """Estimates and numbers of a struct, with where they stand."""
    if isinstance(value, Estimate | float):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for index, item in enumerate(cast(tuple[object, ...], value)):
            yield from leaves(item, f"{path}[{index}]")


def among(compounds: set[Compound]) -> str:
    """The hint that lists the tyres."""
    return f"give one of {', '.join(sorted(compounds))}"
