"""What does the simulator say of the next few laps: where stops rejoin, and who wins a duel, under paired luck?

Only the laps up to the later stop's out-lap are played out, so that every car and every pair of a lap is answered in a
fraction of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.insights.stops.duels import OVERCUT_LAPS, Contest
from overcut.insights.stops.lap_costs import Floats
from overcut.strategy.model import CircuitModel, Outcome, Plan, PlannedStop, Race, Scenario
from overcut.strategy.simulator import simulate

AT_ONCE = 64
"""Scenarios of one call."""

HORIZON_LAPS = 2 + OVERCUT_LAPS


class SimulatedRejoin(NamedTuple):
    """(C,) chances of each place at the end of the out-lap, and (C,) by how many seconds the car is behind each other
    one there (median; infinite for one that is out, itself 0)."""

    chances: Floats
    behind_s: Floats


class SimulatedDuel(NamedTuple):
    """What the attacker gains against both stopping on the later lap, its spread, and its chance to be ahead then."""

    gain_s: float
    sd_s: float
    chance: float


SPARE_LAPS = 2
"""Laps played out beyond the last that is read: on a race's last lap but one whoever owes a stop is made to stop."""


def near_race(race: Race, laps: int = HORIZON_LAPS) -> Race:
    """The race as it stands with so many laps to go, and a few to spare; teams stop in them as in the whole race."""
    circuit = race.circuit
    last = min(circuit.laps, race.lap + laps + SPARE_LAPS)
    left = (circuit.laps - race.lap - 1) / circuit.laps
    return msgspec.structs.replace(race, circuit=_behaving_as_at(circuit, left, last))


def _behaving_as_at(circuit: CircuitModel, left: float, last: int) -> CircuitModel:
    """The circuit with a race of ``last`` laps in which teams stop as where the share ``left`` of it remains."""
    stops = circuit.stops
    remaining = float(np.interp(left, stops.remaining_knots, stops.remaining))
    need = float(np.interp(left, stops.remaining_knots, stops.need))
    flat = msgspec.structs.replace(
        stops, remaining_knots=(0.0, 1.0), remaining=(remaining, remaining), need=(need, need)
    )
    return msgspec.structs.replace(circuit, laps=last, stops=flat)


def rejoin_places(
    race: Race, stops: Sequence[tuple[int, Compound]], races: int, seed: int, threads: int | None = None
) -> dict[int, SimulatedRejoin]:
    """Where cars would be at the end of the out-lap that come in at the end of the lap they are on, each on its own.

    Args:
        race: as it stands. ``stops``: cars (indices) and what they fit.
        races: simulated for each. ``seed``: of the luck. ``threads``: as for the simulator.
    """
    near, lap = near_race(race, 2), race.lap + 1
    if lap + 1 > near.circuit.laps or not stops:
        return {}
    scenarios = [
        Scenario(f"stop {race.cars[car].driver_number}", {race.cars[car].driver_number: _one_stop(lap, compound)})
        for car, compound in stops
    ]
    found: dict[int, SimulatedRejoin] = {}
    for (car, _), outcome in zip(stops, _simulated(near, scenarios, races, seed, threads), strict=True):
        line = _line_ms(outcome, lap + 1)
        line = line[np.isfinite(line[:, car])]
        if not line.size:
            continue
        ahead = (line < line[:, car : car + 1]).sum(axis=1)
        counts = np.bincount(ahead, minlength=len(race.cars))[: len(race.cars)]
        behind = np.median(line[:, car : car + 1] - line, axis=0) / 1000.0
        found[car] = SimulatedRejoin(counts / counts.sum(), behind)
    return found


def duel_outcomes(
    race: Race, contests: Sequence[Contest], races: int, seed: int, threads: int | None = None
) -> list[SimulatedDuel]:
    """What the simulator says of each contest, in their order; nothing else neutralises these laps."""
    near = near_race(race, max((2 + contest.laps for contest in contests), default=2))
    scenarios: list[Scenario] = []
    for contest in contests:
        scenarios += _both_ways(near, contest)
    outcomes = _simulated(near, scenarios, races, seed, threads)
    return [
        _compared(contest, outcomes[2 * index], outcomes[2 * index + 1], race.lap + 2 + contest.laps)
        for index, contest in enumerate(contests)
    ]


def _both_ways(race: Race, contest: Contest) -> tuple[Scenario, Scenario]:
    """The duel, and both stopping on the later lap."""
    now, later = race.lap + 1, race.lap + 1 + contest.laps
    compounds = [tyre.compound for tyre in race.circuit.tyres]
    cars = ((contest.attacker, contest.attacker_fits), (contest.rival, contest.rival_fits))
    numbers = {car: race.cars[car].driver_number for car, _ in cars}
    early = {numbers[car]: _one_stop(now if car == contest.first else later, compounds[fits]) for car, fits in cars}
    together = {numbers[car]: _one_stop(later, compounds[fits]) for car, fits in cars}
    return Scenario(contest.kind.value, early, only_these=True), Scenario("together", together, only_these=True)


def _one_stop(lap: int, compound: Compound) -> Plan:
    return Plan((PlannedStop(lap, compound),))


def _simulated(race: Race, scenarios: Sequence[Scenario], races: int, seed: int, threads: int | None) -> list[Outcome]:
    found: list[Outcome] = []
    for start in range(0, len(scenarios), AT_ONCE):
        chunk = scenarios[start : start + AT_ONCE]
        found += simulate(race, chunk, races=races, seed=seed, threads=threads, traces=races)
    return found


def _line_ms(outcome: Outcome, lap: int) -> NDArray[np.float64]:
    """(K, C): when each car ended the lap in each traced race, ms; infinite where it had retired."""
    line = outcome.traces[:, lap - outcome.first_lap, :].astype(np.float64)
    line[line <= 0] = np.inf
    return line


def _compared(contest: Contest, apart: Outcome, together: Outcome, lap: int) -> SimulatedDuel:
    line, level = _line_ms(apart, lap), _line_ms(together, lap)
    pair = [contest.rival, contest.attacker]
    kept = np.isfinite(line[:, pair]).all(axis=1) & np.isfinite(level[:, pair]).all(axis=1)
    if not kept.any():
        return SimulatedDuel(0.0, 0.0, 0.0)
    won = line[kept, contest.rival] - line[kept, contest.attacker]
    usual = level[kept, contest.rival] - level[kept, contest.attacker]
    gain = (won - usual) / 1000.0
    return SimulatedDuel(float(gain.mean()), float(gain.std()), float((won > 0).mean()))
