"""How do a scenario's decisions and what it forces become tables by lap?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model import CircuitModel, PaceMode, Race, Scenario, TrackStatus
from overcut.strategy.simulator import chance
from overcut.strategy.simulator.modes import EFFECTS

STATUS = {TrackStatus.GREEN: 0, TrackStatus.SC: 1, TrackStatus.VSC: 2, TrackStatus.RED: 3}


def modes_by_lap(race: Race, scenario: Scenario) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(C, L) each: ms added to a car's lap by its pace mode and the scenario, and the laps of wear that it costs."""
    laps = race.circuit.laps - race.lap
    added = np.zeros((len(race.cars), laps), np.float32)
    wear = np.ones((len(race.cars), laps), np.float32)
    for i, car in enumerate(race.cars):
        added[i] = scenario.lap_delta_s.get(car.driver_number, 0.0) * 1000
        plan = scenario.plans.get(car.driver_number)
        mode, changes = PaceMode.NORMAL, dict(plan.pace) if plan is not None else {}
        for lap in range(1, race.circuit.laps + 1):
            mode = changes.get(lap, mode)
            if lap > race.lap:
                added[i, lap - race.lap - 1] += EFFECTS[mode].lap_share * race.circuit.lap_s.mean * 1000
                wear[i, lap - race.lap - 1] = EFFECTS[mode].wear
    return added, wear


def plans(race: Race, scenario: Scenario) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(C, most stops) each: laps of the planned stops, 0 for none; compound | age << 8."""
    compounds = [tyre.compound for tyre in race.circuit.tyres]
    most = max([len(plan.stops) for plan in scenario.plans.values()], default=0) + 1
    laps = np.zeros((len(race.cars), most), np.int32)
    tyres = np.zeros((len(race.cars), most), np.int32)
    for i, car in enumerate(race.cars):
        plan = scenario.plans.get(car.driver_number)
        for j, stop in enumerate(plan.stops if plan is not None else ()):
            laps[i, j] = stop.lap
            tyres[i, j] = compounds.index(stop.compound) | stop.age << 8
    return laps, tyres


def lasts(circuit: CircuitModel) -> NDArray[np.float32]:
    """(2, 1024): how many laps a safety car and a virtual one last, by quantile."""
    table = np.empty((2, chance.DEVIATES), np.float32)
    for row, shares in enumerate((circuit.neutralisations.sc_laps, circuit.neutralisations.vsc_laps)):
        upto = np.cumsum(shares) / sum(shares)
        table[row] = np.minimum(np.searchsorted(upto, chance.midpoints()) + 1, len(shares))
    return table


def penalty_table(circuit: CircuitModel) -> NDArray[np.float32]:
    """(1024,): ms of a penalty by quantile."""
    if not circuit.penalties.seconds or sum(circuit.penalties.shares) <= 0:
        return np.zeros(chance.DEVIATES, np.float32)
    upto = np.cumsum(circuit.penalties.shares) / sum(circuit.penalties.shares)
    which = np.minimum(np.searchsorted(upto, chance.midpoints()), len(upto) - 1)
    return (np.asarray(circuit.penalties.seconds)[which] * 1000).astype(np.float32)


def forced(race: Race, scenario: Scenario) -> NDArray[np.int32]:
    """(L,): status that a lap shall have, by `STATUS`; -1 where it is left to chance. Later ones override."""
    table = np.full(race.circuit.laps - race.lap, -1, np.int32)
    for one in scenario.interruptions:
        first = one.lap - race.lap - 1
        table[first : first + one.laps] = STATUS[TrackStatus(one.kind)]
    return table


def rain(race: Race, scenario: Scenario) -> NDArray[np.float32]:
    """(L,): wetness gained on a lap by rain that shall fall, 0 for none."""
    table = np.zeros(race.circuit.laps - race.lap, np.float32)
    for one in scenario.rain:
        first = one.lap - race.lap - 1
        table[first : first + one.laps] = one.intensity
    return table
