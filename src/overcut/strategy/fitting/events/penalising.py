"""How often cars are given time penalties, and which."""

from __future__ import annotations

import polars as pl

from overcut.strategy.fitting.events.seen import Seen
from overcut.strategy.model import PenaltyModel

_WORDS = r"(\d+)[ -]SECOND TIME PENALTY|(DRIVE[ -]THROUGH PENALTY)|(STOP[ /-]?(?:AND)?[ /-]?GO PENALTY)"
_DRIVE_THROUGH_S = 20.0
"""A drive through the pit lane costs about what a stop does without standing still."""
_PRIOR_CAR_LAPS = 20_000.0
"""How many car-laps the generic rate is worth before anything was seen."""


def fit_penalties(seen: Seen, prior: PenaltyModel) -> PenaltyModel:
    """Rate per car and lap, and the shares of 5, 10 and 20 seconds, in races whose messages were recorded.

    A message that only says that a penalty was served, or that it is noted or under investigation, counts nothing.
    """
    told = seen.messages.filter(
        pl.col("message").str.contains(_WORDS)
        & ~pl.col("message").str.contains(r"SERVED|NOTED|RESCINDED|INVESTIGATION|CORRECTION")
    )
    seconds = told.select(
        pl.coalesce(pl.col("message").str.extract(_WORDS, 1).cast(pl.Float64), pl.lit(_DRIVE_THROUGH_S)).alias(
            "seconds"
        )
    )["seconds"]
    races = seen.messages["session_key"].unique().to_list()
    car_laps = seen.laps.filter(pl.col("session_key").is_in(races)).height
    given = float(seconds.len())
    if not given:
        return prior
    shares = [float((seconds <= 5).sum()), float(((seconds > 5) & (seconds <= 10)).sum()), float((seconds > 10).sum())]
    rate = (given + prior.per_lap * _PRIOR_CAR_LAPS) / (car_laps + _PRIOR_CAR_LAPS)
    return PenaltyModel(
        per_lap=round(rate, 6),
        seconds=(5.0, 10.0, _DRIVE_THROUGH_S),
        shares=tuple(round(share / given, 4) for share in shares),
    )
