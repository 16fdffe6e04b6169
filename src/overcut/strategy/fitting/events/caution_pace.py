"""How fast cars go while a race is neutralised, and how close they queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from overcut.strategy.fitting.events.seen import Seen
from overcut.strategy.model import Neutralisations

_PSEUDO_LAPS = 10.0


@dataclass(frozen=True)
class CautionPace:
    """Lap times as multiples of an ordinary lap: of the leader behind the safety car, of those closing up, of all
    under a virtual one; and the gap between cars in the queue, in seconds.
    """

    safety_car: float
    catch_up: float
    virtual: float
    queue_s: float

    @classmethod
    def of(cls, prior: Neutralisations) -> CautionPace:
        """What is believed before anything was seen."""
        return cls(prior.sc_pace, prior.catch_up_pace, prior.vsc_pace, prior.queue_s)


def caution_pace(seen: Seen, episodes: pl.DataFrame, prior: CautionPace) -> CautionPace:
    """Medians over the laps that lay wholly within an episode (nearly so for the short virtual ones).

    Args:
        seen: the races. ``episodes``: of `caution_episodes`.
        episodes: see above.
        prior: counts as ten laps, so that a lake of few races does not go mad.
    """
    ordinary = (
        seen.laps.filter(pl.col("is_accurate") & (pl.col("track_status") == "1") & pl.col("compound").is_not_null())
        .group_by("session_key")
        .agg(pl.col("lap_time_s").median().alias("ordinary"))
    )
    during = (
        seen.laps.filter(pl.col("lap_start_s").is_not_null() & pl.col("lap_time_s").is_not_null())
        .join(ordinary, on="session_key")
        .join(episodes.filter(~pl.col("red")), on="session_key")
        .with_columns(
            (pl.min_horizontal("lap_end_s", "end_s") - pl.max_horizontal("lap_start_s", "start_s")).alias("within"),
            (pl.col("lap_time_s") / pl.col("ordinary")).alias("factor"),
        )
        .filter((pl.col("within") > 0) & (pl.col("lap") > 1) & ~pl.col("pit_in") & ~pl.col("pit_out"))
        .with_columns((pl.col("within") / pl.col("lap_time_s")).alias("share"))
    )
    whole = during.filter((pl.col("kind") == "SC") & (pl.col("share") > 0.97))
    first = pl.col("lap") == pl.col("lap").min().over("session_key", "start_s", "driver_number")
    last = pl.col("lap") == pl.col("lap").max().over("session_key", "start_s", "driver_number")
    queued = whole.filter(last & ~first)
    late = queued.sort("session_key", "start_s", "lap_end_s")
    gaps = late.select(pl.col("lap_end_s").diff().over("session_key", "start_s").alias("gap"))["gap"].drop_nulls()
    closing = whole.filter(first & (pl.col("position") >= 6))
    virtual = during.filter((pl.col("kind") == "VSC") & (pl.col("share") > 0.9))
    return CautionPace(
        safety_car=_median(queued["factor"], prior.safety_car),
        catch_up=_median(closing["factor"], prior.catch_up),
        virtual=_median(virtual["factor"], prior.virtual),
        queue_s=_median(gaps.filter((gaps > 0.1) & (gaps < 5.0)), prior.queue_s),
    )


def _median(values: pl.Series, prior: float) -> float:
    """The median, with the prior as `_PSEUDO_LAPS` values."""
    found = values.drop_nulls().to_numpy()
    if not found.size:
        return prior
    weight = found.size / (found.size + _PSEUDO_LAPS)
    return round(float(weight * np.median(found) + (1 - weight) * prior), 4)
