"""What did one car do in the races that were traced: tyres, stops, who was in its way, and when it was neutralised?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.strategy.model import Outcome, Race

HELD_S = 1.2
"""A car this close behind another at the end of a lap, and `NEAR_S` at its beginning, was held up."""
NEAR_S = 2.5
NEUTRAL = 1.18
"""A lap of the leader this many times its usual one was neutralised: virtual safety cars make 1.3, showers 1.1."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class TracedCar:
    """One car in K traced races of L laps.

    Attributes:
        index: of the car among the race's. ``first_lap``: number of the first lap.
        time_s: (K, L) at the line, since the start of the simulation. ``lap_s``: (K, L).
        running: (K,) whether it finished.
        stop: (K, L) whether it stopped at the end of the lap. ``stop_number``: (K, L) stops before the lap's end.
        compound: (K, L) index into the circuit's tyres, driven on the lap. ``age``: (K, L) laps on it before the lap.
        next: (K, L) index of the car that ended the lap next before it, -1 for none; ``gap_s``: (K, L) to it.
        ahead: (K, L) index of the car that held it up on the lap, -1 for none.
        neutral: (K, L) whether the lap was neutralised.
    """

    index: int
    first_lap: int
    time_s: Floats
    lap_s: Floats
    running: Flags
    stop: Flags
    stop_number: Ints
    compound: Ints
    age: Ints
    next: Ints
    gap_s: Floats
    ahead: Ints
    neutral: Flags

    @property
    def races(self) -> int:
        """K."""
        return self.time_s.shape[0]

    @property
    def laps(self) -> int:
        """L."""
        return self.time_s.shape[1]


def traced_car(race: Race, outcome: Outcome, index: int) -> TracedCar:
    """What a car did in an outcome's traced races."""
    races = len(outcome.traces)
    times = outcome.traces.astype(np.float64) / 1000.0  # (K, L, C)
    alive = outcome.traces > 0
    began = race.states[index].behind_s if race.lap else 0.0
    mine = times[:, :, index]
    lap_s = np.diff(mine, axis=1, prepend=began)
    fitted = outcome.trace_stops[:, :, index].astype(np.int64)
    stop = fitted > 0
    compound, age = _tyres(race, outcome, index, fitted)
    nearest, gap = car_ahead(times, alive, index)
    return TracedCar(
        index=index,
        first_lap=outcome.first_lap,
        time_s=mine,
        lap_s=lap_s,
        running=~outcome.retired[:races, index],
        stop=stop,
        stop_number=np.cumsum(stop, axis=1) - stop,
        compound=compound,
        age=age,
        next=nearest,
        gap_s=gap,
        ahead=_held_by(nearest, gap),
        neutral=neutral_laps(times, alive),
    )


def neutral_laps(times: Floats, alive: Flags) -> Flags:
    """(K, L): laps on which the leader was far slower than usual.

    Args:
        times: (K, L, C) seconds at the line. ``alive``: (K, L, C) whether the car ended the lap.
    """
    lead: Floats = np.where(alive, times, np.inf).min(axis=2)
    slow: Flags = np.zeros(lead.shape, dtype=np.bool_)
    if lead.shape[1] > 1:
        laps = np.diff(lead, axis=1)
        slow[:, 1:] = laps > NEUTRAL * np.median(laps, axis=1)[:, None]
        slow[:, 0] = slow[:, 1]  # there is no lap before the first to measure it by
    return slow


def car_ahead(times: Floats, alive: Flags, index: int) -> tuple[Ints, Floats]:
    """(K, L): the car that ended the same lap next before this one (-1: none), and the gap (inf: none)."""
    gap = times[:, :, index, None] - times
    gap = np.where(alive & (gap > 0), gap, np.inf)
    gap[:, :, index] = np.inf
    nearest = np.argmin(gap, axis=2).astype(np.int64)
    least = np.take_along_axis(gap, nearest[:, :, None], axis=2)[:, :, 0]
    return np.where(np.isfinite(least), nearest, -1), least


def _held_by(nearest: Ints, gap: Floats) -> Ints:
    before = np.concatenate([np.full((len(gap), 1), np.inf), gap[:, :-1]], axis=1)
    before[:, 0] = NEAR_S  # where it began is not in the trace: the lap's end decides
    return np.where((gap <= HELD_S) & (before <= NEAR_S), nearest, -1)


def _tyres(race: Race, outcome: Outcome, index: int, fitted: Ints) -> tuple[Ints, Ints]:
    """(K, L) compound index and age on each lap, from the state at the start, the plan, and the stops made."""
    names = [tyre.compound for tyre in race.circuit.tyres]
    state = race.states[index]
    plan = outcome.scenario.plans.get(race.cars[index].driver_number)
    start = plan.start if plan is not None and plan.start is not None and race.lap == 0 else state.compound
    ages = {} if plan is None else {stop.lap: stop.age for stop in plan.stops}
    races, laps = fitted.shape
    compound, age = np.zeros((races, laps), np.int64), np.zeros((races, laps), np.int64)
    now = np.full(races, names.index(start) if start in names else 0)
    old = np.full(races, state.tyre_age if start == state.compound else 0)
    for row in range(laps):
        compound[:, row], age[:, row] = now, old
        changed = fitted[:, row] > 0
        now = np.where(changed, fitted[:, row] - 1, now)
        old = np.where(changed, ages.get(outcome.first_lap + row, 0), old + 1)
    return compound, age


def tyre_cost(race: Race, car: TracedCar, wear: float) -> Floats:
    """(K, L): what the set on the car costs a lap by the circuit's mean figures; NaN on tyres for water.

    Args:
        race: for the circuit's tyres and the car's own wear. ``wear``: the scenario's factor on it.
    """
    cost = np.full(car.age.shape, np.nan)
    age = car.age.astype(np.float64)
    factor = wear * race.cars[car.index].wear.mean
    for number, tyre in enumerate(race.circuit.tyres):
        if tyre.compound in (Compound.INTERMEDIATE, Compound.WET):
            continue
        worn = tyre.wear_s.mean * age + tyre.curvature_s.mean * age**2
        worn += tyre.cliff_s.mean * np.maximum(0.0, age - tyre.life_laps.mean)
        cost = np.where(car.compound == number, tyre.offset_s.mean + factor * worn, cost)
    return cost
