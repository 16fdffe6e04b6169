"""A recorded race and a simulated one as crossings of the line."""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.strategy.marginals.statistics import RaceLaps
from overcut.strategy.model import Outcome

_GONE_MS = 36_000_000
"""No race lasts ten hours: a later crossing is how the simulator keeps retired cars last."""


def recorded_laps(laps: pl.DataFrame, neutralisations: pl.DataFrame) -> RaceLaps | None:
    """A recorded race; None where its crossings were not recorded.

    Args:
        laps: the lap table of the race. ``neutralisations``: of the race; what a red flag took is taken out of the
            clock, for the simulator's clock stands still under it.
        neutralisations: see above.
    """
    driven = laps.filter(~pl.col("generated").fill_null(value=False) & pl.col("lap_end_s").is_not_null())
    began = driven.filter(pl.col("lap") == 1)["lap_start_s"].min()
    if driven.is_empty() or began is None:
        return None
    numbers = driven["driver_number"].unique().sort().to_list()
    total = int(driven["lap"].max())  # pyright: ignore[reportArgumentType]
    at = np.full((total, len(numbers)), np.nan)
    stop = np.zeros((total, len(numbers)), dtype=bool)
    place = {number: column for column, number in enumerate(numbers)}
    for number, lap, end, pitted in driven.select("driver_number", "lap", "lap_end_s", "pit_in").iter_rows():
        at[lap - 1, place[number]] = end - float(str(began))
        stop[lap - 1, place[number]] = bool(pitted)
    stop[-1] = False
    return RaceLaps(_without_red(at, neutralisations, float(str(began))), stop)


def _without_red(at: np.ndarray, neutralisations: pl.DataFrame, began: float) -> np.ndarray:
    """The clock without the time that red flags took beyond a usual lap."""
    usual = float(np.nanmedian(np.diff(at, axis=0)))
    for one in neutralisations.filter(pl.col("kind") == "RED").sort("start_ms", descending=True).iter_rows(named=True):
        start = one["start_ms"] / 1000 - began
        lengths = np.diff(at, axis=0, prepend=0.0)
        during = (at >= start) & (at - lengths <= start) & (lengths > 3 * usual)
        for lap, car in zip(*np.nonzero(during), strict=True):
            at[lap:, car] -= lengths[lap, car] - 1.5 * usual
    return at


def simulated_laps(outcome: Outcome, race: int) -> RaceLaps:
    """One simulated race of those whose laps were kept."""
    at = outcome.traces[race].astype(np.float64)
    at = np.where((at > 0) & (at < _GONE_MS), at / 1000.0, np.nan)
    stop = outcome.trace_stops[race] > 0
    return RaceLaps(at, stop)
