"""How do a race and a scenario become the arrays that the kernel reads?"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.strategy.model import Estimate, Race, Scenario
from overcut.strategy.simulator import chance
from overcut.strategy.simulator.by_lap import STATUS, forced, lasts, modes_by_lap, penalty_table, plans, rain
from overcut.strategy.simulator.stopping import StopCurves, choice_table, stop_curves

WETNESS_STEPS = 256
DRIFT_BITS = 4096 / 12**0.5
"""Deviation of a uniform number of twelve bits."""
WATER_TYRES = (Compound.INTERMEDIATE, Compound.WET)


class Draw(IntEnum):
    """Place of each estimate of the circuit among those drawn per race; six a compound and two a car follow."""

    LAP = 0
    TREND = 1
    DIRTY_AIR = 2
    PASS = 3
    SC = 4
    VSC = 5
    LOSS = 6
    LOSS_SC = 7
    LOSS_VSC = 8
    FIRST_TYRE = 9


TYRE_FIGURES = 6
"""Offset, wear, curvature, life, cliff and warm-up of a compound."""


class Figure(IntEnum):
    """Place of each plain figure of the circuit; seconds are milliseconds here."""

    FOLLOW = 0
    DIRTY_RANGE = 1
    PASS_PER_MS = 2
    HELP = 3
    TRAIN = 4
    PASS_COST = 5
    PASSED_COST = 6
    BLUE_FLAG = 7
    LAPPING = 8
    HELP_GAP = 9
    SLOT = 10
    FIRST_LAP = 11
    START_SPREAD = 12
    RESTART_SPREAD = 13
    SC_AFTER_RETIREMENT = 14
    VSC_AFTER_RETIREMENT = 15
    SC_LAP_ONE = 16
    RED_SHARE = 17
    SC_PACE = 18
    CATCH_UP_PACE = 19
    VSC_PACE = 20
    QUEUE = 21
    IN_LAP_SHARE = 22
    DOUBLE_STACK = 23
    STINT = 24
    DRIFT = 25
    RAIN_BEGINS = 26
    RAIN_ENDS = 27
    INTENSITY = 28
    DRYING = 29
    WET_NOISE = 30
    WET_RETIREMENT = 31
    SWITCH_AT = 32
    SWITCH_SPREAD = 33
    PENALTY = 34
    LAP_ONE_FACTOR = 35
    RIVAL_GAP = 36
    STOP_SC = 37
    STOP_VSC = 38
    STOP_RIVAL = 39
    GRIP = 40
    WEAR_FACTOR = 41
    WETNESS = 42
    DRIFT_KEPT = 43
    PENALISED = 44
    PENALTY_RATE = 45
    COUNT = 46


class Size(IntEnum):
    """Place of each whole number."""

    CARS = 0
    LAPS = 1
    FIRST = 2
    TOTAL = 3
    COMPOUNDS = 4
    FREE_LAPS = 5
    HELP_AFTER = 6
    UNLAP = 7
    REQUIRED = 8
    STOPS_REQUIRED = 9
    STATUS = 10
    SINCE = 11
    RAINING = 12
    GREEN_LAPS = 13
    ONLY_THESE = 14
    COUNT = 15


class Lowered(NamedTuple):
    """A race and a scenario as arrays; C cars, K compounds, L laps to simulate. Times in ms, log-odds natural."""

    size: NDArray[np.int64]
    figure: NDArray[np.float32]
    draw_mean: NDArray[np.float32]
    draw_sd: NDArray[np.float32]
    draw_least: NDArray[np.float32]
    order: NDArray[np.int32]
    car: NDArray[np.int32]
    car_figure: NDArray[np.float32]
    lap_ms: NDArray[np.float32]
    lap_wear: NDArray[np.float32]
    plan_lap: NDArray[np.int32]
    plan_tyre: NDArray[np.int32]
    kind: NDArray[np.int32]
    stop_age: NDArray[np.float32]
    stop_remaining: NDArray[np.float32]
    stop_caution: NDArray[np.float32]
    choice: NDArray[np.float32]
    water: NDArray[np.float32]
    normal: NDArray[np.float32]
    logistic: NDArray[np.float32]
    exponential: NDArray[np.float32]
    noise: NDArray[np.float32]
    excess: NDArray[np.float32]
    lasts: NDArray[np.float32]
    penalties: NDArray[np.float32]
    forced: NDArray[np.int32]
    rain: NDArray[np.float32]


class CarColumn(IntEnum):
    """Columns of `Lowered.car`."""

    START_MS = 0
    COMPOUND = 1
    AGE = 2
    USED = 3
    WAIVED = 4
    STOPS = 5
    RETIRED = 6
    IN_PIT = 7
    TEAM = 8
    PLANNED = 9
    REACTS = 10
    STOPS_PLANNED = 11
    COUNT = 12


class CarFigure(IntEnum):
    """Columns of `Lowered.car_figure`."""

    NOISE = 0
    RETIREMENT = 1
    STOP_EXCESS = 2
    PENALTY = 3
    RETIRES = 4
    RETIREMENT_RATE = 5
    COUNT = 6


def lowered(race: Race, scenario: Scenario) -> Lowered:
    """The arrays of a race and a scenario that were checked (`overcut.strategy.simulator.checking`)."""
    circuit = race.circuit
    means, deviations, least = draws(race)
    curves: StopCurves = stop_curves(race)
    kinds = np.array([kind_of(tyre.compound) for tyre in circuit.tyres], np.int32)
    car, car_figure = car_columns(race, scenario)
    lap_ms, lap_wear = modes_by_lap(race, scenario)
    plan_lap, plan_tyre = plans(race, scenario)
    wet = circuit.weather.pace
    steps = np.linspace(0, 1, WETNESS_STEPS + 1)
    water = np.array([np.interp(steps, wet.knots, cost) for cost in (wet.dry_s, wet.intermediate_s, wet.wet_s)])
    states = race.states
    order = sorted(range(len(states)), key=lambda i: (states[i].retired, states[i].position, i))
    return Lowered(
        size=sizes(race, scenario),
        figure=figures(race, scenario),
        draw_mean=means,
        draw_sd=deviations,
        draw_least=least,
        order=np.array(order, np.int32),
        car=car,
        car_figure=car_figure,
        lap_ms=lap_ms,
        lap_wear=lap_wear,
        plan_lap=plan_lap,
        plan_tyre=plan_tyre,
        kind=kinds,
        stop_age=curves.age,
        stop_remaining=curves.remaining,
        stop_caution=curves.caution,
        choice=choice_table(race),
        water=(water * 1000).astype(np.float32),
        normal=chance.normal_table(),
        logistic=chance.logistic_table(),
        exponential=chance.exponential_table(),
        noise=chance.resampled(circuit.noise.quantiles),
        excess=chance.resampled(circuit.pit.excess_s) * np.float32(1000),
        lasts=lasts(circuit),
        penalties=penalty_table(circuit),
        forced=forced(race, scenario),
        rain=rain(race, scenario),
    )


def kind_of(compound: Compound) -> int:
    """0 for slicks, 1 for intermediates, 2 for wets."""
    return WATER_TYRES.index(compound) + 1 if compound in WATER_TYRES else 0


def draws(race: Race) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Mean, deviation and least value of everything that is drawn once per race."""
    circuit, no = race.circuit, -np.inf
    traffic, neutral, pit = circuit.traffic, circuit.neutralisations, circuit.pit
    trend = Estimate(
        circuit.fuel_s.mean + circuit.evolution_s.mean, float(np.hypot(circuit.fuel_s.sd, circuit.evolution_s.sd))
    )
    rows: list[tuple[Estimate, float, float]] = [
        (circuit.lap_s, 1000, 10_000),
        (trend, 1000, no),
        (traffic.dirty_air_s, 1000, 0),
        (traffic.pass_intercept, 1, no),
        (neutral.sc_per_lap, 1, 0),
        (neutral.vsc_per_lap, 1, 0),
        (pit.loss_s, 1000, 0),
        (pit.loss_sc_s, 1000, 0),
        (pit.loss_vsc_s, 1000, 0),
    ]
    for tyre in circuit.tyres:
        rows += [
            (tyre.offset_s, 1000, no),
            (tyre.wear_s, 1000, no),
            (tyre.curvature_s, 1000, no),
            (tyre.life_laps, 1, 1),
            (tyre.cliff_s, 1000, 0),
            (tyre.warm_up_s, 1000, no),
        ]
    for car in race.cars:
        rows += [(car.pace_s, 1000, no), (car.wear, 1, 0)]
    table = np.array([(e.mean * scale, e.sd * scale, low) for e, scale, low in rows])
    return table[:, 0].astype(np.float32), table[:, 1].astype(np.float32), table[:, 2].astype(np.float32)


def sizes(race: Race, scenario: Scenario) -> NDArray[np.int64]:
    """The whole numbers, by `Size`."""
    values = {
        Size.CARS: len(race.cars),
        Size.LAPS: race.circuit.laps - race.lap,
        Size.FIRST: race.lap + 1,
        Size.TOTAL: race.circuit.laps,
        Size.COMPOUNDS: len(race.circuit.tyres),
        Size.FREE_LAPS: race.circuit.traffic.lap_one_free,
        Size.HELP_AFTER: race.rules.help_after_laps,
        Size.UNLAP: int(race.circuit.neutralisations.lapped_unlap),
        Size.REQUIRED: 0 if race.rules.sprint else race.rules.compounds_required,
        Size.STOPS_REQUIRED: 0 if race.rules.sprint else race.rules.stops_required,
        Size.STATUS: STATUS[race.track.status],
        Size.SINCE: race.track.since_laps,
        Size.RAINING: int(race.track.raining),
        Size.GREEN_LAPS: 0 if race.lap == 0 else min(race.track.green_laps, 10_000),
        Size.ONLY_THESE: int(scenario.only_these),
    }
    return np.array([values[Size(i)] for i in range(Size.COUNT)], np.int64)


def figures(race: Race, scenario: Scenario) -> NDArray[np.float32]:
    """The plain figures, by `Figure`."""
    c = race.circuit
    t, n, s, w = c.traffic, c.neutralisations, c.start, c.weather
    values = {
        Figure.FOLLOW: t.follow_s * 1000,
        Figure.DIRTY_RANGE: max(t.dirty_air_range_s * 1000, 1.0),
        Figure.PASS_PER_MS: t.pass_per_s / 1000,
        Figure.HELP: t.drs,
        Figure.TRAIN: t.train,
        Figure.PASS_COST: t.pass_cost_s * 1000,
        Figure.PASSED_COST: t.passed_cost_s * 1000,
        Figure.BLUE_FLAG: t.blue_flag_s * 1000,
        Figure.LAPPING: t.lapping_s * 1000,
        Figure.HELP_GAP: race.rules.help_gap_s * 1000,
        Figure.SLOT: s.slot_s * 1000,
        Figure.FIRST_LAP: s.first_lap_s * 1000,
        Figure.START_SPREAD: s.spread_s * 1000,
        Figure.RESTART_SPREAD: s.restart_spread_s * 1000,
        Figure.SC_AFTER_RETIREMENT: n.sc_after_retirement,
        Figure.VSC_AFTER_RETIREMENT: n.vsc_after_retirement,
        Figure.SC_LAP_ONE: n.sc_lap_one,
        Figure.RED_SHARE: n.red_share,
        Figure.SC_PACE: n.sc_pace,
        Figure.CATCH_UP_PACE: n.catch_up_pace,
        Figure.VSC_PACE: n.vsc_pace,
        Figure.QUEUE: n.queue_s * 1000,
        Figure.IN_LAP_SHARE: c.pit.in_lap_share,
        Figure.DOUBLE_STACK: c.pit.double_stack_s * 1000,
        Figure.STINT: c.noise.stint_s * 1000,
        Figure.DRIFT: c.noise.drift_s * 1000 / DRIFT_BITS,
        Figure.RAIN_BEGINS: w.rain_begins,
        Figure.RAIN_ENDS: w.rain_ends,
        Figure.INTENSITY: w.intensity,
        Figure.DRYING: w.drying,
        Figure.WET_NOISE: w.pace.noise_factor,
        Figure.WET_RETIREMENT: w.pace.retirement_factor,
        Figure.SWITCH_AT: w.switch_at_s * 1000,
        Figure.SWITCH_SPREAD: w.switch_spread_s * 1000,
        Figure.PENALTY: c.penalties.per_lap,
        Figure.LAP_ONE_FACTOR: c.retirements.lap_one_factor,
        Figure.RIVAL_GAP: c.stops.rival_s * 1000,
        Figure.STOP_SC: c.stops.safety_car,
        Figure.STOP_VSC: c.stops.virtual,
        Figure.STOP_RIVAL: c.stops.rival,
        Figure.GRIP: scenario.grip_s * 1000,
        Figure.WEAR_FACTOR: scenario.temperature_wear,
        Figure.WETNESS: race.track.wetness,
        Figure.DRIFT_KEPT: c.noise.drift_kept,
        Figure.PENALTY_RATE: per_log(c.penalties.per_lap),
        Figure.PENALISED: ever(c.penalties.per_lap, c.laps - race.lap),
    }
    return np.array([values[Figure(i)] for i in range(Figure.COUNT)], np.float32)


def ever(chance: float, laps: int) -> float:
    """The chance of something that has a chance on each of so many laps."""
    return 1.0 - (1.0 - min(chance, 1.0)) ** (laps + 1)


def per_log(chance: float) -> float:
    """1 / log(1 - chance): laps until an event, per logarithm of a uniform number; 0 for never."""
    return 0.0 if chance <= 0 else float(1 / np.log1p(-min(chance, 1 - 1e-12)))


def car_columns(race: Race, scenario: Scenario) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """What is known of each car, by `CarColumn` and `CarFigure`."""
    compounds = [tyre.compound for tyre in race.circuit.tyres]
    teams = list(dict.fromkeys(car.team for car in race.cars))
    whole = np.zeros((len(race.cars), CarColumn.COUNT), np.int32)
    figure = np.zeros((len(race.cars), CarFigure.COUNT), np.float32)
    for i, (car, state) in enumerate(zip(race.cars, race.states, strict=True)):
        plan = scenario.plans.get(car.driver_number)
        start = plan.start if plan is not None and plan.start is not None else None
        compound = start or state.compound
        on = compounds.index(compound) if compound in compounds else 0
        used = {compound} if start is not None else {*state.used, compound}
        row = {
            CarColumn.START_MS: 0 if state.retired or race.lap == 0 else round(state.behind_s * 1000),
            CarColumn.COMPOUND: on,
            CarColumn.AGE: 0 if start is not None and start != state.compound else state.tyre_age,
            CarColumn.USED: sum(1 << k for k, name in enumerate(compounds) if name in used and not kind_of(name)),
            CarColumn.WAIVED: int(any(kind_of(name) for name in used)),
            CarColumn.STOPS: state.stops,
            CarColumn.RETIRED: int(state.retired),
            CarColumn.IN_PIT: int(state.in_pit),
            CarColumn.TEAM: teams.index(car.team),
            CarColumn.PLANNED: int(plan is not None),
            CarColumn.REACTS: int(plan is not None and plan.react),
            CarColumn.STOPS_PLANNED: 0 if plan is None else len(plan.stops),
        }
        whole[i] = [row[CarColumn(column)] for column in range(CarColumn.COUNT)]
        figure[i, CarFigure.NOISE] = car.noise_s * 1000
        figure[i, CarFigure.RETIREMENT] = car.retirement_per_lap
        figure[i, CarFigure.STOP_EXCESS] = car.stop_excess_s * 1000
        figure[i, CarFigure.PENALTY] = state.penalty_s * 1000
        figure[i, CarFigure.RETIREMENT_RATE] = per_log(car.retirement_per_lap)
        figure[i, CarFigure.RETIRES] = ever(car.retirement_per_lap, race.circuit.laps - race.lap)
    return whole, figure
