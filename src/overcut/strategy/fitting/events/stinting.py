"""How long teams run a compound at a circuit, as a share of the race."""

from __future__ import annotations

import polars as pl

from overcut.strategy.fitting.events.mixed import Grouping, normal
from overcut.strategy.fitting.events.pooling import pooled
from overcut.strategy.fitting.events.seen import DRY, WET, Seen
from overcut.strategy.parameters.events import Pooled, TypicalStints

_SPREAD, _RACE_SPREAD = 0.35, 0.2
"""Standard deviations of the logarithm of a stint's share of the race: within a race and compound, and of the middle
of one race around the circuit's (the weather, a safety car, what teams had learned on Friday)."""
_SHORTEST = 6
"""Shorter stints tell of damage, a puncture or a lucky safety car, not of the tyre."""


def fit_stints(seen: Seen) -> TypicalStints:
    """The middle of the stints of cars that finished, by compound, pooled by circuit and season."""
    finished = seen.laps.join(seen.races.select("session_key", "circuit_id", "laps"), on="session_key").filter(
        (pl.col("lap").max().over("session_key", "driver_number") >= pl.col("laps") - 2) & pl.col("stint").is_not_null()
    )
    stints = (
        finished.group_by("session_key", "season", "circuit_id", "laps", "driver_number", "stint")
        .agg(pl.col("compound").last(), pl.len().alias("ran"), pl.col("tyre_life").max().alias("age"))
        .with_columns(pl.max_horizontal("ran", pl.col("age").fill_null(0)).alias("ran"))
        .filter((pl.col("ran") >= _SHORTEST) & pl.col("compound").is_in([*DRY, *WET]))
    )
    by_race = stints.group_by("compound", "session_key", "season", "circuit_id").agg(
        (pl.col("ran") / pl.col("laps")).median().log().alias("share"), pl.len().alias("count")
    )
    compounds: dict[str, Pooled] = {}
    for (compound,), rows in sorted(by_race.group_by("compound"), key=lambda one: str(one[0][0])):
        ordered = rows.sort("session_key")
        variance = _RACE_SPREAD**2 + _SPREAD**2 / ordered["count"].to_numpy().astype(float)
        mixed = normal(
            ordered["share"].to_numpy().astype(float),
            variance,
            {
                "circuit": Grouping.of(ordered["circuit_id"].to_list(), 0.15),
                "season": Grouping.of(ordered["season"].cast(pl.String).to_list(), 0.1),
            },
        )
        compounds[str(compound)] = pooled(mixed, "circuit", "season")
    return TypicalStints(compounds)
