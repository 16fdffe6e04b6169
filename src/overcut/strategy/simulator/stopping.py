"""When does a team without a plan stop, and for which tyre: the stop behaviour as tables for the kernel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.strategy.model import Race

OLDEST = 256
"""Ages of a set that the tables know: a race and a used set."""
SPRINT_LOG_ODDS = -4.0
"""Added in sprints, where hardly anybody stops."""
NEVER = -40.0
WATER = (Compound.INTERMEDIATE, Compound.WET)


class StopCurves(NamedTuple):
    """Log-odds of a stop, to be added up: K compounds, T laps.

    Attributes:
        age: (K, 256) by compound and age, intercept included.
        remaining: (2, T+1) by whether a stop is still needed, and lap.
        caution: (K, 256) from 0 to 1: how much of the safety car's term applies at this age.
    """

    age: NDArray[np.float32]
    remaining: NDArray[np.float32]
    caution: NDArray[np.float32]


def stop_curves(race: Race) -> StopCurves:
    """The curves of a race's circuit, by lap and age."""
    stops, laps = race.circuit.stops, race.circuit.laps
    ages = np.arange(OLDEST)
    age = np.empty((len(race.circuit.tyres), OLDEST), np.float32)
    caution = np.empty_like(age)
    intercept = stops.intercept + (SPRINT_LOG_ODDS if race.rules.sprint else 0.0)
    for k, tyre in enumerate(race.circuit.tyres):
        ratio = ages / max(tyre.typical_stint_laps, 1.0)
        age[k] = intercept + np.interp(ratio, stops.age_knots, stops.age)
        caution[k] = np.minimum(1.0, ratio / 0.5)
    share = (laps - np.arange(laps + 1)) / laps
    remaining = np.empty((2, laps + 1), np.float32)
    remaining[0] = np.interp(share, stops.remaining_knots, stops.remaining)
    remaining[1] = remaining[0] + np.interp(share, stops.remaining_knots, stops.need)
    remaining[:, laps] = NEVER
    return StopCurves(age, remaining, caution)


def choice_table(race: Race) -> NDArray[np.float32]:
    """(2**K, T+1, K): cumulative probability of each compound, by dry compounds used so far (a bit each) and lap.

    A compound already used is left out where another one is still needed and this is the last likely stop: where fewer
    laps remain than its typical stint and half of the shortest one.
    """
    circuit, laps = race.circuit, race.circuit.laps
    choice, count = circuit.choice, len(circuit.tyres)
    typical = np.array([max(tyre.typical_stint_laps, 1.0) for tyre in circuit.tyres])
    dry = np.array([tyre.compound in choice.compounds and tyre.compound not in WATER for tyre in circuit.tyres])
    if not dry.any():
        dry = np.array([tyre.compound not in WATER for tyre in circuit.tyres])
    if not dry.any():
        dry[:] = True
    bias = np.zeros(count)
    for k, tyre in enumerate(circuit.tyres):
        if tyre.compound in choice.compounds:
            bias[k] = choice.bias[choice.compounds.index(tyre.compound)]
    remaining = (laps - np.arange(laps + 1))[:, None]
    score = bias + choice.short * np.maximum(0, remaining - typical) / typical
    score = score + choice.long * np.maximum(0, typical - remaining) / typical
    weight = np.where(dry, np.exp(score - score.max(axis=1, keepdims=True)), 0.0)
    required = 0 if race.rules.sprint else race.rules.compounds_required
    last = remaining < typical + typical[dry].min() / 2
    table = np.empty((1 << count, laps + 1, count), np.float32)
    for mask in range(1 << count):
        used = np.array([bool(mask >> k & 1) for k in range(count)])
        allowed = weight
        if bin(mask).count("1") < required and (dry & ~used).any():
            without = np.where(used & last, 0.0, weight)
            fresh = np.where(dry & ~used, np.maximum(weight, 1e-12), 0.0)
            allowed = np.where(without.sum(axis=1, keepdims=True) > 0, without, fresh)
        upto = np.cumsum(allowed, axis=1)
        table[mask] = upto / upto[:, -1:]
    return table
