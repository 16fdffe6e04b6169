"""Which runs did a car do in practice: out of the pits, push, long and cool laps, and back?"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from overcut.insights.pace.verdicts import Verdict


class LapUse(StrEnum):
    """What a practice lap was for."""

    OUT = "out"
    IN = "in"
    PUSH = "push"
    LONG = "long"
    COOL = "cool"
    OTHER = "other"


class RunKind(StrEnum):
    """What a run was for."""

    LONG = "long"
    PUSH = "push"
    INSTALLATION = "installation"
    OTHER = "other"


LONG_RUN_LAPS = 5
"""A long run has at least so many laps in a row, none of them cool."""

LONG_WITHIN = 0.025
"""Laps of a long run lie within this share of their median: those further off are mistakes or traffic, not its end."""

COOL_SHARE = 1.12
"""Slower than this share of the car's own best: charging, cooling, letting cars by. (A long run on much fuel is seven
or eight per cent off.)"""

PUSH_SHARE = 1.025
"""A push lap is within this share of the car's own best on that compound."""

_OUTRIGHT = (Verdict.NO_TIME.value, Verdict.IN_LAP.value, Verdict.OUT_LAP.value)


def with_runs(judged: pl.DataFrame) -> pl.DataFrame:
    """The judged laps of a practice session by car and lap, with ``run`` (1-based per car), ``run_lap`` (laps since
    the run's first timed lap, 0-based) and ``use`` (a `LapUse`'s value)."""
    car = "driver_number"
    table = judged.sort(car, "lap")
    begins = pl.col("pit_out").fill_null(False) | pl.col("pit_in").fill_null(False).shift(1).over(car).fill_null(True)
    table = table.with_columns(begins.cast(pl.Int32).cum_sum().over(car).alias("run"))
    timed = ~pl.col("verdict").is_in(_OUTRIGHT)
    own = pl.col("lap_time_s").filter(timed).min()
    table = table.with_columns(
        own.over(car).alias("_best"),
        own.over(car, "compound").alias("_best_on"),
        (pl.col("lap") - pl.col("lap").min().over(car, "run")).alias("run_lap"),
    )
    cool = pl.col("lap_time_s").is_null() | (pl.col("lap_time_s") > COOL_SHARE * pl.col("_best"))
    # A stretch is what lies between out-, in- and cool laps.
    table = table.with_columns((timed & ~cool).alias("_at_speed"))
    table = table.with_columns(
        (pl.col("_at_speed") != pl.col("_at_speed").shift(1))
        .fill_null(True)
        .cast(pl.Int32)
        .cum_sum()
        .over(car, "run")
        .alias("_stretch")
    )
    stretch = (car, "run", "_stretch")
    table = table.with_columns(
        pl.len().over(stretch).alias("_length"), pl.col("lap_time_s").median().over(stretch).alias("_middle")
    )
    even = (pl.col("lap_time_s") / pl.col("_middle") - 1.0).abs() <= LONG_WITHIN
    table = table.with_columns((even & pl.col("_at_speed")).sum().over(stretch).alias("_even"))
    use = (
        pl.when(pl.col("verdict") == Verdict.IN_LAP.value).then(pl.lit(LapUse.IN.value))
        .when(pl.col("verdict") == Verdict.OUT_LAP.value).then(pl.lit(LapUse.OUT.value))
        .when(pl.col("verdict") == Verdict.NO_TIME.value).then(pl.lit(LapUse.OTHER.value))
        .when(cool).then(pl.lit(LapUse.COOL.value))
        .when((pl.col("_even") >= LONG_RUN_LAPS) & even).then(pl.lit(LapUse.LONG.value))
        .when(pl.col("lap_time_s") <= PUSH_SHARE * pl.col("_best_on")).then(pl.lit(LapUse.PUSH.value))
        .otherwise(pl.lit(LapUse.OTHER.value))
    )  # fmt: skip
    return table.with_columns(use.alias("use")).drop(
        "_best", "_best_on", "_at_speed", "_stretch", "_length", "_middle", "_even"
    )


def kind_of_run(uses: list[str]) -> RunKind:
    """What a run was for, by its laps."""
    if uses.count(LapUse.LONG.value) >= LONG_RUN_LAPS:
        return RunKind.LONG
    if LapUse.PUSH.value in uses:
        return RunKind.PUSH
    flying = [use for use in uses if use not in (LapUse.OUT.value, LapUse.IN.value)]
    return RunKind.INSTALLATION if not flying else RunKind.OTHER
