"""Do the figures of a set of parameters make sense?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model.circuit import Estimate
from overcut.strategy.parameters.pace import CircuitPace
from overcut.strategy.parameters.parameter_set import ParameterSet


def checked(parameters: ParameterSet) -> ParameterSet:
    """The same set.

    Raises:
        WrongUsageError: a figure of pace is no number or outside what can be; the first such is named.
    """
    wrong = next(_faults(parameters), None)
    if wrong is not None:
        raise WrongUsageError(
            "The parameters make no sense", why=wrong, hint="compare with overcut strategy parameters"
        )
    return parameters


def _faults(parameters: ParameterSet) -> Iterator[str]:
    pace = parameters.pace
    for circuit in (pace.anywhere, *pace.circuits):
        yield from _of_circuit(circuit)
    for team in pace.teams:
        yield from _within(f"{team.season}/{team.team} pace_s", team.pace_s, -10.0, 10.0)
        yield from _within(f"{team.season}/{team.team} wear", team.wear, 0.0, 5.0)
    for driver in pace.drivers:
        yield from _within(f"{driver.season}/{driver.driver} car_s", driver.car_s, -10.0, 10.0)
        if not 0.0 <= driver.noise_s <= 5.0:
            yield f"{driver.season}/{driver.driver} noise_s is {driver.noise_s:g}, not within 0 and 5"
    noise = pace.noise
    if not 0.0 <= noise.drift_kept <= 1.0:
        yield f"noise.drift_kept is {noise.drift_kept:g}, not within 0 and 1"
    if min(noise.stint_s, noise.drift_s) < 0.0:
        yield "noise has a negative spread"
    if list(noise.quantiles) != sorted(noise.quantiles) or len(noise.quantiles) < 2:
        yield "noise.quantiles do not ascend"
    if list(pace.water.knots) != sorted(pace.water.knots):
        yield "water.knots do not ascend"


def _of_circuit(circuit: CircuitPace) -> Iterator[str]:
    name = f"circuit {circuit.circuit_id}/{circuit.laps}"
    if not 1 <= circuit.laps <= 200:
        yield f"{name}: {circuit.laps} laps"
    yield from _within(f"{name} lap_s", circuit.lap_s, 30.0, 300.0)
    yield from _within(f"{name} fuel_s", circuit.fuel_s, 0.0, 0.5)
    yield from _within(f"{name} evolution_s", circuit.evolution_s, -0.2, 0.2)
    yield from _within(f"{name} pit.loss_s", circuit.pit.loss_s, 1.0, 90.0)
    if not 0.0 <= circuit.pit.in_lap_share <= 1.0:
        yield f"{name} pit.in_lap_share is {circuit.pit.in_lap_share:g}, not within 0 and 1"
    for tyre in circuit.tyres:
        of = f"{name} {tyre.compound.value}"
        yield from _within(f"{of} offset_s", tyre.offset_s, -10.0, 10.0)
        yield from _within(f"{of} wear_s", tyre.wear_s, -0.5, 2.0)
        yield from _within(f"{of} life_laps", tyre.life_laps, 1.0, 200.0)


def _within(name: str, figure: Estimate, low: float, high: float) -> Iterator[str]:
    if not (math.isfinite(figure.mean) and low <= figure.mean <= high):
        yield f"{name} is {figure.mean:g}, not within {low:g} and {high:g}"
    if not (math.isfinite(figure.sd) and figure.sd >= 0.0):
        yield f"{name} has the standard deviation {figure.sd:g}"
