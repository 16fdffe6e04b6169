"""Do simulated teams stop as often as real ones did: the level of the stop behaviour, matched by simulation.

The hazard of a stop is fitted on what teams saw, but real teams follow a plan where simulated ones throw dice: one that
stops early by chance needs another stop later, which a team with a plan would not. So the level is lowered until the
simulator makes as many stops per finisher as were made.
"""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl

from overcut.strategy.fitting.events.mixed import Floats
from overcut.strategy.fitting.events.stopping import weights
from overcut.strategy.model import Estimate, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.parameters.events import EventParameters
from overcut.strategy.simulator import simulate

SHIFTS = (0.0, -0.6, -1.2, -1.8, -2.4)
"""Levels that are tried; the one between them is interpolated."""
RACES = 64
_SEED = 11
_FEWEST = 5


def with_stops_as_made(events: EventParameters, rows: pl.DataFrame) -> EventParameters:
    """The parameters with their ``stop_level`` moved.

    Args:
        events: fitted ones. ``rows``: of `decisions`, of dry races.
        rows: see above.
    """
    made = _made(rows)
    if made.height < _FEWEST:
        return events
    weight = weights(made["season"].cast(pl.Float64).to_numpy())
    target = float(np.average(made["stops"].to_numpy(), weights=weight))
    cases = (
        made.with_columns(pl.Series("weight", weight))
        .group_by("circuit_id", maintain_order=True)
        .agg(pl.col("season").max(), pl.col("laps").last(), pl.col("weight").sum())
    )
    found = np.array([_simulated(events, cases, shift) for shift in SHIFTS])
    shift = float(np.interp(target, found[::-1], np.asarray(SHIFTS)[::-1]))
    level = events.stop_level.level
    moved = msgspec.structs.replace(events.stop_level, level=Estimate(round(level.mean + shift, 4), level.sd))
    return msgspec.structs.replace(events, stop_level=moved)


def _made(rows: pl.DataFrame) -> pl.DataFrame:
    """session_key, circuit_id, season, laps, stops: made per car that reached the last laps, of each race."""
    cars = rows.group_by("session_key", "circuit_id", "season", "laps", "driver_number").agg(
        pl.col("stop").sum().alias("stops"), pl.col("lap").max().alias("last")
    )
    return (
        cars.filter(pl.col("last") >= pl.col("laps") - 4)
        .group_by("session_key", "circuit_id", "season", "laps")
        .agg(pl.col("stops").mean())
        .sort("session_key")
    )


def _simulated(events: EventParameters, cases: pl.DataFrame, shift: float) -> float:
    """Mean stops per finisher of dry races at the circuits, weighted as the recorded ones."""
    counts: list[float] = []
    for circuit, season, laps in cases.select("circuit_id", "season", "laps").iter_rows():
        race = generic_race(20, int(laps))
        model = events.apply(msgspec.structs.replace(race.circuit, circuit_id=circuit, season=season))
        dry = msgspec.structs.replace(
            model,
            stops=msgspec.structs.replace(model.stops, intercept=model.stops.intercept + shift),
            weather=msgspec.structs.replace(model.weather, rain_begins=0.0),
        )
        (outcome,) = simulate(
            msgspec.structs.replace(race, circuit=dry), (Scenario(),), races=RACES, seed=_SEED, threads=1
        )
        counts.append(float(outcome.stops[~outcome.retired].mean()))
    weight: Floats = cases["weight"].to_numpy()
    return float(np.average(np.array(counts), weights=weight))
