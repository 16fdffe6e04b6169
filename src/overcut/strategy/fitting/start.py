"""What do the start and the first lap do to the order?

At the end of lap 1 of races that were green until then, a car's time behind the median car is a straight line in its
place on the grid (a slot costs so much) plus scatter. The line is by layout, pulled to that of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.fitting.race_model import CarPaces, RaceLaps
from overcut.strategy.fitting.reading import RaceFacts
from overcut.strategy.model.circuit import StartModel
from overcut.strategy.model.generic import generic_circuit

Floats = NDArray[np.float64]

_PRIOR = generic_circuit().start
_PSEUDO_RACES = 3.0
_LEAST_CARS = 8
_RESTART_SHARE = 0.55
"""Spread of a standing restart against that of a start; too few of them to fit: taken from the fewer places that
change hands in restarts, and checked nowhere."""


def fit_starts(
    judged: pl.DataFrame,
    grids: pl.DataFrame,
    facts: Sequence[RaceFacts],
    models: Mapping[str, tuple[RaceLaps, CarPaces, Floats]],
) -> tuple[dict[str, StartModel], StartModel]:
    """The start by layout, and anywhere.

    Args:
        judged: all laps (`clean_laps.judged`). ``grids``: places on the grid. ``facts``: of every race.
        models: by session, what was fitted of it, for what an ordinary lap takes.
    """
    layout = {race.key: race.layout for race in facts}
    told = [
        (layout[str(key)], *one)
        for (key,), part in _first_laps(judged, grids).group_by("session_key", maintain_order=True)
        if (one := _one_start(part, models.get(str(key)))) is not None
    ]
    if not told:
        return {}, _PRIOR
    slots, spreads = np.array([one[1] for one in told]), np.array([one[2] for one in told])
    losses = np.array([one[3] for one in told])
    everywhere = _model(float(np.median(slots)), float(np.nanmedian(losses)), float(np.median(spreads)))
    found: dict[str, StartModel] = {}
    for name in sorted({one[0] for one in told}):
        here = np.array([one[0] == name for one in told])
        known = here & ~np.isnan(losses)
        found[name] = _model(
            _pulled(slots[here], everywhere.slot_s),
            _pulled(losses[known], everywhere.first_lap_s),
            _pulled(spreads[here], everywhere.spread_s),
        )
    return found, everywhere


def _model(slot: float, loss: float, spread: float) -> StartModel:
    loss = loss if np.isfinite(loss) else _PRIOR.first_lap_s
    return StartModel(round(slot, 4), round(loss, 3), round(spread, 4), round(_RESTART_SHARE * spread, 4))


def _pulled(values: Floats, towards: float) -> float:
    return float((values.sum() + _PSEUDO_RACES * towards) / (len(values) + _PSEUDO_RACES))


def _first_laps(judged: pl.DataFrame, grids: pl.DataFrame) -> pl.DataFrame:
    """Lap 1 of the races that were green and dry on it, with the place on the grid."""
    first = judged.filter((pl.col("lap") == 1) & pl.col("lap_end_s").is_not_null())
    quiet = first.group_by("session_key").agg(
        pl.col("track_status").str.contains("[4567]").fill_null(value=False).any().alias("caution"),
        pl.col("dry").mean().alias("share"),
    ).filter(~pl.col("caution") & (pl.col("share") > 0.8))  # fmt: skip
    return first.join(quiet, on="session_key", how="semi").join(
        grids.drop_nulls(), on=["session_key", "driver_number"]
    ).sort("session_key", "grid")  # fmt: skip


def _one_start(
    part: pl.DataFrame, model: tuple[RaceLaps, CarPaces, Floats] | None
) -> tuple[float, float, float] | None:
    """Seconds a slot costs, the spread about the line, and what lap 1 costs the pole (NaN where unknown)."""
    part = part.filter(~pl.col("pit_in").fill_null(value=False))
    if part.height < _LEAST_CARS:
        return None
    grid = part["grid"].to_numpy().astype(np.float64) - 1.0
    end = part["lap_end_s"].to_numpy()
    slope, level = _line(grid, end)
    scatter = end - level - slope * grid
    low, high = np.quantile(scatter, [0.16, 0.84])
    start = part["lap_start_s"].drop_nulls()
    loss = float("nan")
    if model is not None and start.len() and (ordinary := _ordinary(part, model)) is not None:
        loss = level - float(np.median(start.to_numpy())) - ordinary
    return (slope, float(high - low) / 2.0, loss if 0.0 < loss < 30.0 else float("nan"))


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and level by least squares, cars far off the line weighted down."""
    weight = np.ones(len(x))
    slope, level = 0.0, 0.0
    for _ in range(8):
        slope, level = (float(v) for v in np.polyfit(x, y, 1, w=np.sqrt(weight)))
        weight = 1.0 / (1.0 + ((y - level - slope * x) / 2.0) ** 2)
    return slope, level


def _ordinary(part: pl.DataFrame, model: tuple[RaceLaps, CarPaces, Floats]) -> float | None:
    """Lap 1 as an ordinary lap of the first cars on the grid would be."""
    race, paces, figures = model
    laps = [
        race.ordinary_s(paces, figures, str(number), 1, str(tyre), 0.0)
        for number, tyre in part.select("driver_number", "tyre").head(8).iter_rows()
        if number in race.cars and tyre is not None
    ]
    known = [one for one in laps if one is not None]
    return float(np.median(known)) if known else None
