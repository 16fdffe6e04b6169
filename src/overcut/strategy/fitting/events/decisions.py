"""When did teams stop, and what could they see: one row for each lap at whose end a car on dry tyres might have."""

from __future__ import annotations

import polars as pl

from overcut.domain.tyres import Compound
from overcut.strategy.fitting.events.seen import DRY, WET, Seen
from overcut.strategy.parameters.events import TypicalStints

RIVAL_S = 3.0
_DECIDED_S = 15.0
"""So long before the line a car turns into the pit lane: what the track is under then decides."""


def decisions(seen: Seen, stints: TypicalStints) -> pl.DataFrame:
    """What a team saw and did at the end of each lap.

    Columns: session_key, season, circuit_id, laps (distance), lap, driver_number, age (laps on the set before this one,
    over the typical stint), remaining (share of the race), need (another compound), safety_car, virtual, rival, stop,
    compound (on the car), fitted (null without a stop).

    Left out: laps under a red flag, laps near which a quarter of the field ran on wet tyres, in-laps of cars that never
    came out again, and stops for wet tyres.
    """
    car = ["session_key", "driver_number"]
    rows = (
        seen.laps.join(seen.races.select("session_key", "circuit_id", "laps"), on="session_key")
        .sort("session_key", "driver_number", "lap")
        .with_columns(
            pl.col("compound").is_in(WET).fill_null(value=False).alias("wet"),
            pl.col("compound").shift(-1).over(car).alias("next"),
            pl.col("stint").shift(-1).over(car).alias("next_stint"),
            pl.col("lap").shift(-1).over(car).alias("next_lap"),
            pl.col("compound").drop_nulls().first().over(car).alias("first"),
        )
        .with_columns(
            pl.col("wet").cum_max().over(car).alias("was_wet"),
            (pl.col("compound") != pl.col("first")).fill_null(value=False).cum_max().over(car).alias("second"),
            pl.col("wet").mean().over("session_key", "lap").alias("wet_share"),
        )
    )
    rows = _typical(_with_rivals(_with_flags(rows, seen)), stints)
    dry_race = ~pl.col("session_key").is_in(rows.filter(pl.col("wet_share") > 0.25)["session_key"].unique().to_list())
    return (
        rows.filter(
            pl.col("compound").is_in(DRY)
            & pl.col("next_lap").is_not_null()
            & (pl.col("lap") < pl.col("laps"))
            & ~pl.col("track_status").fill_null("1").str.contains("5")
            & dry_race
            & (~pl.col("pit_in") | pl.col("next").is_in(DRY))
        )
        .filter(pl.col("typical").is_not_null())
        .with_columns(
            (pl.col("pit_in") & (pl.col("next_stint") != pl.col("stint"))).fill_null(value=False).alias("stop"),
            ((pl.col("tyre_life").fill_null(10) - 1).clip(0) / pl.col("typical")).alias("age"),
            ((pl.col("laps") - pl.col("lap")) / pl.col("laps")).alias("remaining"),
            (~pl.col("second") & ~pl.col("was_wet")).alias("need"),
        )
        .with_columns(pl.when(pl.col("stop")).then(pl.col("next")).alias("fitted"))
        .select(
            "session_key", "season", "circuit_id", "laps", "lap", "driver_number", "age", "remaining", "need",
            "safety_car", "virtual", "rival", "stop", "compound", "fitted",
        )
    )  # fmt: skip


def _typical(rows: pl.DataFrame, stints: TypicalStints) -> pl.DataFrame:
    """The rows with the typical stint on their compound there and then; null where none is known."""
    which = ["compound", "circuit_id", "season", "laps"]
    cases = rows.select(which).unique().filter(pl.col("compound").is_in(DRY))
    laps = [
        stints.laps(Compound(compound), circuit, season, laps) for compound, circuit, season, laps in cases.iter_rows()
    ]
    return rows.join(cases.with_columns(pl.Series("typical", laps, dtype=pl.Float64)), on=which, how="left")


def _with_flags(rows: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    """Whether safety car or virtual one was out when the car could turn in."""
    periods = seen.neutralisations.select(
        "session_key",
        "kind",
        (pl.col("start_ms") / 1000).alias("from_s"),
        (pl.col("end_ms").fill_null(pl.col("start_ms") + 240_000) / 1000).alias("until_s"),
    ).sort("from_s")
    timed = rows.with_columns((pl.col("lap_end_s") - _DECIDED_S).alias("at_s"))
    known = timed.filter(pl.col("at_s").is_not_null()).sort("at_s")
    joined = known.join_asof(
        periods, left_on="at_s", right_on="from_s", by="session_key", strategy="backward", check_sortedness=False
    )
    out = (pl.col("at_s") < pl.col("until_s")).fill_null(value=False)
    return joined.with_columns(
        (out & (pl.col("kind") == "SC")).fill_null(value=False).alias("safety_car"),
        (out & (pl.col("kind") == "VSC")).fill_null(value=False).alias("virtual"),
    ).sort("session_key", "driver_number", "lap")


def _with_rivals(rows: pl.DataFrame) -> pl.DataFrame:
    """Whether the car just ahead or behind two laps ago, within `RIVAL_S`, stopped at the end of the last lap."""
    car = ["session_key", "driver_number"]
    lap = ["session_key", "lap"]
    order = rows.with_columns(
        pl.col("pit_in").shift(-1).over(car).fill_null(value=False).alias("stops_next"),
    ).sort("session_key", "lap", "lap_end_s")
    near = order.with_columns(
        ((pl.col("lap_end_s") - pl.col("lap_end_s").shift(1).over(lap)) < RIVAL_S).alias("close_ahead"),
        ((pl.col("lap_end_s").shift(-1).over(lap) - pl.col("lap_end_s")) < RIVAL_S).alias("close_behind"),
        pl.col("stops_next").shift(1).over(lap).alias("ahead_stops"),
        pl.col("stops_next").shift(-1).over(lap).alias("behind_stops"),
    ).with_columns(
        (
            (pl.col("close_ahead") & pl.col("ahead_stops")).fill_null(value=False)
            | (pl.col("close_behind") & pl.col("behind_stops")).fill_null(value=False)
        ).alias("rival_next")
    )
    return near.sort("session_key", "driver_number", "lap").with_columns(
        pl.col("rival_next").shift(2).over(car).fill_null(value=False).alias("rival")
    )
