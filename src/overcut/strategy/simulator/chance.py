"""Which luck does a race meet: random numbers as a function of seed, race, lap, car and purpose, and their tables.

No stream is drawn from, so that the same race has the same luck in every scenario, however many threads there are and
whatever else is simulated. Deviates come from tables of quantiles, read at the top bits of the hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

DEVIATES = 1024
"""Entries of a quantile table: the top ten bits of a hash choose one."""


class Purpose(IntEnum):
    """What a number is drawn for."""

    LAP = 1
    PASS = 2
    STOP = 3
    ACCIDENT = 4
    PENALTY = 5
    CHOICE = 6
    EXCESS = 7
    STINT = 8
    NEUTRAL = 9
    RAIN = 10
    LENGTH = 11
    ESTIMATE = 12
    RETIRE = 13
    SWITCH = 14
    START = 15
    RED = 16
    INTENSITY = 17
    SECONDS = 18
    CAUSE = 19


def midpoints(count: int = DEVIATES) -> NDArray[np.float64]:
    """Probabilities in the middle of ``count`` equal parts."""
    return (np.arange(count) + 0.5) / count


@cache
def normal_table() -> NDArray[np.float32]:
    """Standard normal, of mean 0 and deviation 1 exactly."""
    table = ndtri(midpoints())
    return (table / table.std()).astype(np.float32)


@cache
def logistic_table() -> NDArray[np.float32]:
    """Standard logistic: a car passes where a draw lies below the log-odds."""
    share = midpoints()
    return np.log(share / (1 - share)).astype(np.float32)


@cache
def exponential_table() -> NDArray[np.float32]:
    """Exponential of mean 1."""
    table = -np.log1p(-midpoints())
    return (table / table.mean()).astype(np.float32)


def resampled(quantiles: Sequence[float]) -> NDArray[np.float32]:
    """Quantiles that are equally spaced from 0 to 1, as a table of `DEVIATES`, linear in between."""
    given = np.asarray(quantiles, dtype=np.float64)
    if given.size == 1:
        return np.full(DEVIATES, given[0], np.float32)
    return np.interp(midpoints(), np.linspace(0, 1, given.size), given).astype(np.float32)


def luck(seed: int, races: int, first: int = 0) -> NDArray[np.uint32]:
    """(races, 2): what tells one race's luck from another's; two words by SplitMix64 of seed and race number."""
    with np.errstate(over="ignore"):
        state = np.uint64(seed & 0xFFFFFFFFFFFFFFFF) * np.uint64(0xD1342543DE82EF95) + np.uint64(0x632BE59BD9B4E019)
        numbers = np.arange(first, first + races, dtype=np.uint64) + np.uint64(1)
        state = state + numbers * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    words = np.empty((races, 2), np.uint32)
    words[:, 0] = (state >> np.uint64(32)).astype(np.uint32)
    words[:, 1] = state.astype(np.uint32)
    return words
