"""How were the simulated races made: from the grid, with parameters that had not seen the race."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import msgspec
import polars as pl

from overcut.lake import Lake
from overcut.strategy.marginals.recorded import recorded_laps, simulated_laps
from overcut.strategy.marginals.statistics import Marginals, measured
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.simulator import simulate
from overcut.strategy.situation import facts_of, situation

Fitting = Callable[[str], ParameterSet]
"""Gives parameters of what was known before the session of a key."""


class RaceMarginals(msgspec.Struct, frozen=True):
    """One race: what was recorded, and what each simulated one of it came to."""

    session_key: str
    circuit_id: str
    wet: bool
    stopped_by_red: bool
    recorded: Marginals
    simulated: tuple[Marginals, ...]


def races_between(lake: Lake, first: date, last: date) -> list[str]:
    """Keys of the races in the lake with laps, from one day to another, in their order; none that were simulated."""
    sessions = lake.read("sessions").filter(
        (pl.col("session") == "R") & pl.col("date").is_between(first, last) & ~pl.col("simulated")
    )
    with_laps = set(lake.units("laps"))
    return [key for key in sorted(sessions["session_key"].to_list()) if key in with_laps]


def marginals(
    lake: Lake,
    keys: Sequence[str],
    fitting: Fitting,
    *,
    races: int = 200,
    seed: int = 1,
    refit_every: int = 6,
    threads: int | None = None,
    told: Callable[[str], None] | None = None,
) -> list[RaceMarginals]:
    """Every race, recorded and simulated.

    Args:
        lake: where the races are.
        keys: which, in their order.
        fitting: called before the first and then every ``refit_every`` races with the key of the next.
        races: how many to simulate of each, all of whose laps are measured.
        seed: whose luck. ``threads``: of the simulator.
        refit_every: see above.
        threads: see above.
        told: called with each key as it is done.
    """
    found: list[RaceMarginals] = []
    parameters: ParameterSet | None = None
    for place, key in enumerate(keys):
        if parameters is None or place % refit_every == 0:
            parameters = fitting(key)
        one = _race(lake, key, parameters, races, seed + place, threads)
        if one is not None:
            found.append(one)
        if told is not None:
            told(key)
    return found


def _race(
    lake: Lake, key: str, parameters: ParameterSet, races: int, seed: int, threads: int | None
) -> RaceMarginals | None:
    laps = lake.read("laps", [key])
    flags = lake.read("neutralisations", [key])
    real = recorded_laps(laps, flags)
    if real is None:
        return None
    race = situation(parameters, facts_of(lake, key), laps, lap=0)
    (outcome,) = simulate(race, races=races, traces=races, seed=seed, threads=threads)
    wet = laps["compound"].is_in(["INTERMEDIATE", "WET"]).mean()
    return RaceMarginals(
        session_key=key,
        circuit_id=race.circuit.circuit_id,
        wet=float(str(wet or 0.0)) > 0.1,
        stopped_by_red=bool((flags["kind"] == "RED").any()),
        recorded=_with_those_out_on_lap_one(measured(real), len(race.cars) - real.at_s.shape[1]),
        simulated=tuple(measured(simulated_laps(outcome, number)) for number in range(races)),
    )


def _with_those_out_on_lap_one(recorded: Marginals, missing: int) -> Marginals:
    """The figures with the cars that never crossed the line, which the lap table does not have."""
    return msgspec.structs.replace(recorded, retirements=recorded.retirements + max(0, missing))
