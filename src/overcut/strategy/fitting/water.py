"""What does water cost on slicks, intermediates and wets, and when do teams change over?

Wetness is not measured, so it is told by what the tyres lose: laps on which two kinds ran side by side give the
crossings. On each such lap the median lap of a kind, less what a dry lap of the race takes, scaled to a lap of 90 s.
The scale of wetness is fixed by the knots: slicks and intermediates cross at `CROSSING`, intermediates and wets at
`FLOODED`; beyond the crossings the generic curves are kept in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.fitting.race_model import REFERENCE_LAP_S
from overcut.strategy.model.circuit import WetPace
from overcut.strategy.model.generic import generic_circuit

Floats = NDArray[np.float64]

CROSSING, FLOODED = 0.3, 0.6
_KNOTS = (0.0, 0.15, 0.3, 0.6, 1.0)
_PRIOR = generic_circuit().weather
_NEAR_S = 2.5
_LEAST = 12
_PSEUDO = 8.0


@dataclass(frozen=True)
class WaterFit:
    """Costs of water, and by how much the other kind is quicker when teams change to it."""

    pace: WetPace
    switch_at_s: float
    switch_spread_s: float


def fit_water(judged: pl.DataFrame, dry_laps: Mapping[str, float]) -> WaterFit:
    """Curves and change-over from races in which it rained.

    Args:
        judged: all laps (`clean_laps.judged`). ``dry_laps``: an ordinary dry lap by session, seconds.
    """
    sides = _side_by_side(judged, dry_laps)
    slick, inter, wet = (sides[name].to_numpy() for name in ("slick", "inter", "wet"))
    first, n_first = _crossing(slick, inter)
    second, n_second = _crossing(inter, wet)
    dry_track = inter[(slick < 1.5) & ~np.isnan(inter)]
    costs = _PRIOR.pace
    even = _weighed(first, n_first, costs.intermediate_s[2])
    flooded = max(_weighed(second, n_second, costs.intermediate_s[3]), even + 1.0)
    on_dry = _weighed(float(np.median(dry_track)) if len(dry_track) else 0.0, len(dry_track), costs.intermediate_s[0])
    steep = (costs.dry_s[3] - costs.dry_s[2]) / (costs.intermediate_s[3] - costs.intermediate_s[2])
    beyond = flooded / costs.intermediate_s[3]
    pace = msgspec.structs.replace(
        costs,
        knots=_KNOTS,
        dry_s=_rounded(0.0, 0.35 * even, even, even + steep * (flooded - even), beyond * costs.dry_s[4]),
        intermediate_s=_rounded(on_dry, 0.5 * (on_dry + even), even, flooded, beyond * costs.intermediate_s[4]),
        wet_s=_rounded(
            on_dry + costs.wet_s[0] - costs.intermediate_s[0],
            0.5 * (on_dry + even) + costs.wet_s[1] - costs.intermediate_s[1],
            even + costs.wet_s[2] - costs.intermediate_s[2],
            flooded,
            beyond * costs.wet_s[4],
        ),
        noise_factor=_noise_factor(judged, dry_laps),
    )
    at, spread = _change_over(judged, sides)
    return WaterFit(pace, at, spread)


def _rounded(*values: float) -> tuple[float, ...]:
    return tuple(round(value, 3) for value in values)


def _weighed(value: float, count: int, prior: float) -> float:
    return (value * count + prior * _PSEUDO) / (count + _PSEUDO) if count else prior


def _racing(judged: pl.DataFrame) -> pl.DataFrame:
    """Green laps at speed near water."""
    return judged.filter(pl.col("green") & (pl.col("lap") > 1) & (pl.col("water") > 0.0) & pl.col("tyre").is_not_null())


def _with_loss(laps: pl.DataFrame, dry_laps: Mapping[str, float]) -> pl.DataFrame:
    dry = pl.col("session_key").replace_strict(dict(dry_laps), default=None, return_dtype=pl.Float64)
    return laps.with_columns(((pl.col("lap_time_s") / dry - 1.0) * REFERENCE_LAP_S).alias("loss")).drop_nulls("loss")


def _side_by_side(judged: pl.DataFrame, dry_laps: Mapping[str, float]) -> pl.DataFrame:
    """By session and lap: median loss of each kind of tyre that at least two cars ran, on two laps of age and more."""
    kind = (
        pl.when(pl.col("tyre") == "INTERMEDIATE")
        .then(pl.lit("inter"))
        .when(pl.col("tyre") == "WET")
        .then(pl.lit("wet"))
        .otherwise(pl.lit("slick"))
    )
    laps = _with_loss(_racing(judged), dry_laps).with_columns(kind.alias("kind"))
    medians = laps.group_by("session_key", "lap", "kind").agg(pl.col("loss").median(), pl.len().alias("cars"))
    wide = medians.filter(pl.col("cars") >= 2).pivot("kind", index=["session_key", "lap"], values="loss")
    missing = [pl.lit(None, pl.Float64).alias(name) for name in ("slick", "inter", "wet") if name not in wide.columns]
    return wide.with_columns(missing).sort("session_key", "lap").with_columns(
        pl.col("slick", "inter", "wet").fill_null(float("nan"))
    )  # fmt: skip


def _crossing(one: Floats, other: Floats) -> tuple[float, int]:
    """What both lose where they lose the same, and on how many laps that was seen."""
    with np.errstate(invalid="ignore"):
        near = np.abs(one - other) < _NEAR_S
    both = ((one + other) / 2.0)[near]
    return (float(np.median(both)) if len(both) else 0.0), len(both)


def _noise_factor(judged: pl.DataFrame, dry_laps: Mapping[str, float]) -> float:
    """How much wider laps scatter about the field's change from lap to lap, wet against dry."""
    laps = _with_loss(judged.filter(pl.col("green") & (pl.col("lap") > 2)), dry_laps)
    wet = pl.col("tyre").is_in(["INTERMEDIATE", "WET"])
    change = pl.col("loss").diff().over("session_key", "driver_number")
    told = laps.sort("session_key", "driver_number", "lap").with_columns(change.alias("change"), wet.alias("wet"))
    told = told.with_columns(
        (pl.col("change") - pl.col("change").median().over("session_key", "lap")).abs().alias("off")
    ).drop_nulls("off")  # fmt: skip
    sizes = {bool(key): float(value) for key, value in told.group_by("wet").agg(pl.col("off").median()).iter_rows()}
    if True not in sizes or not sizes.get(False) or told.filter("wet").height < 200:
        return _PRIOR.pace.noise_factor
    return round(float(np.clip(sizes[True] / sizes[False], 1.0, 4.0)), 3)


def _change_over(judged: pl.DataFrame, sides: pl.DataFrame) -> tuple[float, float]:
    """By how much the kind that a car left was slower, on the lap on which it came in; median and spread."""
    water = ["INTERMEDIATE", "WET"]
    own = ["session_key", "driver_number"]
    after = judged.select(*own, (pl.col("lap") - 1).alias("lap"), pl.col("tyre").alias("next"))
    changes = judged.filter(pl.col("pit_in")).join(after, on=[*own, "lap"]).filter(
        pl.col("tyre").is_in(water) != pl.col("next").is_in(water)
    ).join(sides, on=["session_key", "lap"])  # fmt: skip
    slower = (
        pl.when(pl.col("tyre").is_in(water))
        .then(pl.col("inter") - pl.col("slick"))
        .otherwise(pl.col("slick") - pl.col("inter"))
    )
    gains = changes.select(slower.alias("gain"))["gain"].drop_nulls().drop_nans().to_numpy()
    if len(gains) < _LEAST:
        return _PRIOR.switch_at_s, _PRIOR.switch_spread_s
    low, middle, high = np.quantile(gains, [0.25, 0.5, 0.75])
    return round(float(middle), 3), round(float(high - low) / 1.349, 3)
