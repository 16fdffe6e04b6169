"""How much was seen at each circuit: the counts behind the figures."""

from __future__ import annotations

import polars as pl

from overcut.strategy.fitting.events.cautions import caution_episodes
from overcut.strategy.fitting.events.retiring import starters
from overcut.strategy.fitting.events.seen import WET, Seen
from overcut.strategy.fitting.events.traffic import passes_by_circuit
from overcut.strategy.parameters.events import CircuitEvidence


def evidence(seen: Seen, near: pl.DataFrame) -> dict[str, CircuitEvidence]:
    """Counts by circuit.

    Args:
        seen: the races.
        near: laps begun near another car, of `encounters`.
    """
    passes = passes_by_circuit(near)
    circuits = dict(seen.races.select("session_key", "circuit_id").iter_rows())
    episodes = caution_episodes(seen).with_columns(
        pl.col("session_key").replace_strict(circuits, default="").alias("circuit_id")
    )
    car_laps = seen.laps.group_by("session_key").agg(
        pl.len().alias("car_laps"), (pl.col("compound").is_in(WET).mean() > 0.1).alias("wet")
    )
    races = seen.races.join(car_laps, on="session_key", how="left")
    cars = starters(seen)
    told: dict[str, CircuitEvidence] = {}
    for circuit in sorted(set(circuits.values())):
        here, out = races.filter(pl.col("circuit_id") == circuit), cars.filter(pl.col("circuit_id") == circuit)
        flags = episodes.filter(pl.col("circuit_id") == circuit)
        safety = flags.filter(pl.col("kind") == "SC")
        attempts, passed = passes.get(circuit, (0, 0))
        told[circuit] = CircuitEvidence(
            races=here.height,
            laps=int(here["laps"].sum()),
            car_laps=int(here["car_laps"].fill_null(0).sum()),
            attempts=attempts,
            passes=passed,
            safety_cars=safety.height,
            virtual=flags.filter(pl.col("kind") == "VSC").height,
            red=int(safety["red"].sum()),
            races_with_sc=safety["session_key"].n_unique(),
            retirements=int(out["out"].sum()),
            starters=out.height,
            wet_races=int(here["wet"].fill_null(value=False).sum()),
        )
    return told
