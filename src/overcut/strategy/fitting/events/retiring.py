"""How often cars retire: by circuit, season, team and driver, and how much likelier on lap 1."""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.strategy.fitting.events.mixed import Grouping, poisson
from overcut.strategy.fitting.events.pooling import pooled
from overcut.strategy.fitting.events.seen import Seen
from overcut.strategy.model import Estimate
from overcut.strategy.parameters.events import Retirements

_PRIOR_FACTOR, _PRIOR_EVENTS = 10.0, 5.0
"""What is believed of lap 1 before any race was seen, and how many retirements on it that belief is worth."""


def starters(seen: Seen) -> pl.DataFrame:
    """One row a car that started: session_key, season, circuit_id, team, driver, laps (completed), out, out_on_one.

    ``out``: it did not finish (classified as DNF, or classified with a reason for having stopped); disqualified cars
    and those that did not start are none of ours.
    """
    codes = seen.entries.select("session_key", "driver_id", "driver").unique(["session_key", "driver_id"])
    stopped = (pl.col("position_text") == "DNF") | (
        pl.col("position").is_not_null() & pl.col("reason_retired").is_not_null()
    )
    return (
        seen.results.filter(~pl.col("position_text").is_in(["DNS", "DNQ", "DNPQ", "DNP", "DSQ", "EX"]))
        .join(codes, on=["session_key", "driver_id"], how="left")
        .select(
            "session_key",
            "season",
            "circuit_id",
            pl.col("constructor_id").fill_null("").alias("team"),
            pl.coalesce("driver", "driver_id").alias("driver"),
            pl.col("laps").fill_null(0).cast(pl.Int32),
            stopped.alias("out"),
        )
        .with_columns((pl.col("out") & (pl.col("laps") == 0)).alias("out_on_one"))
    )


def fit_retirements(seen: Seen) -> Retirements:
    """Rates per lap after lap 1 with their deviations."""
    cars = starters(seen)
    on_one = float(cars["out_on_one"].sum())
    later = cars.filter(pl.col("laps") > 0)
    outs, laps = later["out"].cast(pl.Float64).to_numpy(), later["laps"].cast(pl.Float64).to_numpy()
    mixed = poisson(
        outs,
        laps,
        {
            "circuit": Grouping.of(later["circuit_id"].to_list(), 0.2),
            "season": Grouping.of(later["season"].cast(pl.String).to_list(), 0.2),
            "team": Grouping.of((later["season"].cast(pl.String) + "/" + later["team"]).to_list(), 0.35),
            "driver": Grouping.of(later["driver"].to_list(), 0.2),
        },
    )
    per_lap = (outs.sum() + 1.0) / laps.sum()
    factor = (on_one + _PRIOR_EVENTS) / (per_lap * cars.height + _PRIOR_EVENTS / _PRIOR_FACTOR)
    return Retirements(
        rate=pooled(mixed, "circuit", "season"),
        team_sd=mixed.sd["team"],
        teams=dict(mixed.effects["team"]),
        driver_sd=mixed.sd["driver"],
        drivers=dict(mixed.effects["driver"]),
        lap_one_factor=Estimate(float(factor), float(factor / np.sqrt(on_one + _PRIOR_EVENTS))),
    )
