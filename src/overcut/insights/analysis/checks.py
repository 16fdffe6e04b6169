"""Does what a test assumes hold for these laps?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALPHA = 0.05
MOST_FOR_SHAPIRO = 2_000
ALIKE_WITHIN_BLOCKS = 0.10
"""Intraclass correlation from which values of a block are no longer taken for independent."""


class Check(msgspec.Struct, frozen=True):
    """One check: its name, the statistic and its p-value (None where there is none), whether the assumption stands."""

    name: str
    statistic: float
    p_value: float | None
    holds: bool
    meaning: str


class Blocked(Protocol):
    """Values that come in blocks."""

    @property
    def values(self) -> Floats:
        """The values."""
        ...

    @property
    def blocks(self) -> Ints:
        """The block of each."""
        ...


def check_normal(a: Floats, b: Floats) -> Check:
    """Shapiro-Wilk of both sides, each about its own mean; the worse of the two."""
    worst = min((_shapiro(side) for side in (a, b)), key=lambda found: found[1])
    return Check(
        "Shapiro-Wilk", round(worst[0], 4), round(worst[1], 6), worst[1] >= ALPHA, "either side is normally distributed"
    )


def check_alike(a: Floats, b: Floats) -> Check:
    """Brown-Forsythe: equal spread of both sides about their medians."""
    if float(np.ptp(a)) == 0.0 and float(np.ptp(b)) == 0.0:
        return Check("Brown-Forsythe", 0.0, 1.0, True, "both sides spread alike")
    found = stats.levene(a, b, center="median")
    p_value = float(found.pvalue)
    return Check(
        "Brown-Forsythe",
        round(float(found.statistic), 4),
        round(p_value, 6),
        p_value >= ALPHA,
        "both sides spread alike",
    )


def check_independence(groups: Sequence[Blocked]) -> Check:
    """Intraclass correlation of values within their blocks, about each group's mean (one-way analysis of variance)."""
    values = np.concatenate([group.values - group.values.mean() for group in groups])
    offset = 0
    blocks: list[Ints] = []
    for group in groups:
        blocks.append(np.unique(group.blocks, return_inverse=True)[1].astype(np.int64) + offset)
        offset += len(np.unique(group.blocks))
    correlation = intraclass(values, np.concatenate(blocks))
    return Check(
        "intraclass correlation",
        round(correlation, 4),
        None,
        correlation < ALIKE_WITHIN_BLOCKS,
        "values of one block (set of tyres, session) resemble each other no more than others do",
    )


def intraclass(values: Floats, blocks: Ints) -> float:
    """How much of the variance lies between blocks, 0 to 1; 0 where no block has two values."""
    sizes = np.bincount(blocks).astype(np.float64)
    count, total = len(sizes), len(values)
    if total <= count or count < 2:
        return 0.0
    means = np.bincount(blocks, weights=values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (count - 1)
    within = float(((values - means[blocks]) ** 2).sum()) / (total - count)
    usual = (total - float((sizes**2).sum()) / total) / (count - 1)
    spread = between + (usual - 1.0) * within
    return max(0.0, (between - within) / spread) if spread > 0 else 0.0


def _shapiro(values: Floats) -> tuple[float, float]:
    """Statistic and p-value; constant values are no sign against normality, and of very many a part is tested."""
    if len(values) < 3 or float(np.ptp(values)) == 0.0:
        return 1.0, 1.0
    step = -(-len(values) // MOST_FOR_SHAPIRO)
    found = stats.shapiro(values[::step])
    return float(found.statistic), float(found.pvalue)
