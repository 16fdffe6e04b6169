"""Which dry compound teams fit when they stop: by the laps that remain against what each compound lasts here."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.optimize import minimize

from overcut.domain.tyres import Compound
from overcut.strategy.fitting.events.mixed import Floats
from overcut.strategy.fitting.events.seen import DRY
from overcut.strategy.fitting.events.stopping import weights
from overcut.strategy.model import CompoundChoice
from overcut.strategy.parameters.events import TypicalStints

_RIDGE = 2.0
"""Weight of the prior, in stops."""


def fit_choice(rows: pl.DataFrame, stints: TypicalStints, prior: CompoundChoice) -> CompoundChoice:
    """Conditional logit over the dry compounds that the race had, from the stops among `decisions`.

    A car that still had to use another compound is taken to choose among the others, for nearly all did.
    """
    stops = rows.filter(pl.col("stop") & pl.col("fitted").is_in(DRY))
    if stops.is_empty():
        return prior
    left, stint, allowed, taken = _alternatives(stops, stints)
    weight = weights(stops["season"].cast(pl.Float64).to_numpy())
    start = np.array([*prior.bias, prior.short, prior.long])

    def loss(theta: Floats) -> float:
        chance = softmax(utility(theta, left, stint), allowed)
        told = np.log(np.maximum(chance[np.arange(taken.size), taken], 1e-12))
        return float(-np.sum(weight * told) + 0.5 * _RIDGE * np.sum((theta - start) ** 2))

    found = minimize(loss, start, method="L-BFGS-B").x
    bias = found[: len(DRY)] - np.mean(found[: len(DRY)])
    return CompoundChoice(
        compounds=tuple(Compound(name) for name in DRY),
        bias=tuple(round(float(value), 4) for value in bias),
        short=round(float(found[-2]), 4),
        long=round(float(found[-1]), 4),
    )


def utility(theta: Floats, left: Floats, stint: Floats) -> Floats:
    """(stops, compounds): what each compound is worth; ``theta``: biases, short, long."""
    short = np.maximum(0.0, left[:, None] - stint) / stint
    long = np.maximum(0.0, stint - left[:, None]) / stint
    return theta[None, : stint.shape[1]] + theta[-2] * short + theta[-1] * long


def softmax(worth: Floats, allowed: Floats) -> Floats:
    """Probabilities over the allowed compounds of each row."""
    masked = np.where(allowed > 0, worth, -1e9)
    exponent = np.exp(masked - masked.max(axis=1, keepdims=True))
    return exponent / exponent.sum(axis=1, keepdims=True)


def _alternatives(stops: pl.DataFrame, stints: TypicalStints) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Laps left, typical stints, what was allowed, which was taken (index into DRY); one row a stop."""
    left = (stops["laps"] - stops["lap"]).cast(pl.Float64).to_numpy()
    stint = np.empty((stops.height, len(DRY)))
    allowed = np.ones((stops.height, len(DRY)))
    taken = np.array([DRY.index(name) for name in stops["fitted"].to_list()])
    columns = stops.select("circuit_id", "season", "laps", "need", "compound").iter_rows()
    for row, (circuit, season, laps, need, compound) in enumerate(columns):
        for k, name in enumerate(DRY):
            stint[row, k] = stints.laps(Compound(name), circuit, season, laps) or 0.4 * laps
            if need and name == compound and taken[row] != k:
                allowed[row, k] = 0.0
    return left, stint, allowed, taken
