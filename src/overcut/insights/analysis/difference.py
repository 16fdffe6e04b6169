"""Is one group of laps quicker than another, by how much, and how sure is that?

Laps of one set of tyres resemble each other, so treating each as a witness of its own overstates certainty: the usual
tests' first assumption fails. What is believed here therefore rests on whole blocks (a set of tyres, a session): the
permutation test deals out blocks, the intervals resample them. Welch and Mann-Whitney are told beside, each with
the checks of what it assumes.
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from overcut.insights.analysis.checks import Check, check_alike, check_independence, check_normal
from overcut.insights.pace.report import Estimate
from overcut.kernel.errors import DataMissingError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PERMUTATIONS, RESAMPLES = 2_000, 500
FEWEST = 3
FEWEST_BLOCKS = 2
FEW_BLOCKS = 6
MOST_PAIRS = 400_000
"""Pairs looked at for the Hodges-Lehmann shift; of larger groups an even selection."""


class Group(NamedTuple):
    """Values of one side, seconds or per cent, and the block that each belongs to."""

    name: str
    values: Floats
    blocks: Ints


class Test(msgspec.Struct, frozen=True):
    """One test of no difference.

    Attributes:
        name: which. ``statistic``, ``p_value``: two-sided. ``assumes``: in words. ``holds``: whether the checks leave
            that standing; a p-value whose assumptions fail is told, but is not to be believed.
    """

    name: str
    statistic: float
    p_value: float
    assumes: str
    holds: bool


class Difference(msgspec.Struct, frozen=True):
    """The first group less the second; negative: the first is quicker (lower).

    Attributes:
        a, b: names. ``n_a``, ``n_b``: values; ``blocks_a``, ``blocks_b``: blocks that they come in.
        mean: difference of the means; ``shift``: Hodges-Lehmann, the median of all pairs' differences.
        dominance: Cliff's delta, -1 to 1: how much oftener a value of the first is above one of the second than below.
            Intervals are 90 %, by resampling blocks.
        tests: the block permutation first, which is the one to believe. ``checks``: what the others assume.
        adjusted_p: of the permutation test, after Holm, where several comparisons were made; else its own p-value.
        notes: what limits the comparison, in words.
    """

    a: str
    b: str
    n_a: int
    n_b: int
    blocks_a: int
    blocks_b: int
    mean: Estimate
    shift: Estimate
    dominance: Estimate
    tests: list[Test]
    checks: list[Check]
    adjusted_p: float
    notes: list[str] = []


def compare(a: Group, b: Group, seed: int) -> Difference:
    """Compare two groups. Equal arguments give equal results.

    Raises:
        DataMissingError: a side has fewer than three values, or the two have fewer than two blocks each.
    """
    for side in (a, b):
        if len(side.values) < FEWEST or len(np.unique(side.blocks)) < FEWEST_BLOCKS:
            raise DataMissingError(
                f"{side.name} has {len(side.values)} values in {len(np.unique(side.blocks))} blocks",
                why=f"a comparison needs {FEWEST} values from {FEWEST_BLOCKS} blocks on either side",
                hint="take more sessions or weaker filters; overcut pace compares the drivers of one race",
            )
    chance = np.random.default_rng(seed)
    checks = [check_normal(a.values, b.values), check_alike(a.values, b.values), check_independence([a, b])]
    normal, alike, independent = (check.holds for check in checks)
    welch = stats.ttest_ind(a.values, b.values, equal_var=False)
    ranks = stats.mannwhitneyu(a.values, b.values, alternative="two-sided")
    large = min(len(a.values), len(b.values)) >= 30
    permuted = _permuted(a, b, chance)
    tests = [
        Test(
            "block permutation",
            _rounded(float(a.values.mean() - b.values.mean())),
            _rounded(permuted),
            "blocks (sets of tyres, sessions) could as well have belonged to the other side",
            True,
        ),
        Test(
            "Welch t",
            _rounded(float(welch.statistic)),
            _rounded(float(welch.pvalue)),
            "independent values; normal, or thirty and more on either side",
            bool(independent and (normal or large)),
        ),
        Test(
            "Mann-Whitney U",
            _rounded(float(ranks.statistic)),
            _rounded(float(ranks.pvalue)),
            "independent values; for a statement on the shift, distributions of the same shape",
            bool(independent and alike),
        ),
    ]
    means, shifts, dominances = _resampled(a, b, chance)
    return Difference(
        a=a.name,
        b=b.name,
        n_a=len(a.values),
        n_b=len(b.values),
        blocks_a=len(np.unique(a.blocks)),
        blocks_b=len(np.unique(b.blocks)),
        mean=_estimate(float(a.values.mean() - b.values.mean()), means),
        shift=_estimate(shift(a.values, b.values), shifts),
        dominance=_estimate(dominance(a.values, b.values), dominances),
        tests=tests,
        checks=checks,
        adjusted_p=_rounded(permuted),
        notes=_notes(len(np.unique(a.blocks)), len(np.unique(b.blocks))),
    )


def _notes(blocks_a: int, blocks_b: int) -> list[str]:
    """What so few blocks cannot tell."""
    if min(blocks_a, blocks_b) >= FEW_BLOCKS:
        return []
    dealings = comb(blocks_a + blocks_b, blocks_a)
    least = (2 if blocks_a == blocks_b else 1) / dealings
    return [
        f"Only {min(blocks_a, blocks_b)} blocks on a side: intervals by resampling them are too narrow, and the "
        f"permutation's p-value cannot fall below about {least:.2g}."
    ]


def shift(a: Floats, b: Floats) -> float:
    """Hodges-Lehmann: the median of all differences between a value of the first and one of the second."""
    step = max(1, int(np.ceil((len(a) * len(b) / MOST_PAIRS) ** 0.5)))
    a, b = np.sort(a)[::step], np.sort(b)[::step]
    return float(np.median(a[:, None] - b[None, :]))


def dominance(a: Floats, b: Floats) -> float:
    """Cliff's delta: P(a > b) - P(a < b)."""
    ordered = np.sort(b)
    below, above = np.searchsorted(ordered, a, "left"), len(b) - np.searchsorted(ordered, a, "right")
    return float((below.sum() - above.sum()) / (len(a) * len(b)))


def _permuted(a: Group, b: Group, chance: np.random.Generator) -> float:
    """The share of dealings of the blocks to the two sides with at least this difference of means; at least 1/(n+1).

    Blocks count by their mean and size; each dealing keeps the number of blocks of either side.
    """
    sums, sizes, first = _blocks(a, b)
    observed = abs(_difference(sums, sizes, first[None, :])[0])
    order = np.argsort(chance.random((PERMUTATIONS, len(sums))), axis=1)
    dealt = _difference(sums, sizes, first[order])
    as_far = int((np.abs(dealt) >= observed - 1e-12).sum())
    return (as_far + 1) / (PERMUTATIONS + 1)


def _blocks(a: Group, b: Group) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Sum and size of each block, and whether it is the first side's."""
    sums: list[float] = []
    sizes: list[float] = []
    first: list[bool] = []
    for side, mine in ((a, True), (b, False)):
        for block in np.unique(side.blocks):
            values = side.values[side.blocks == block]
            sums.append(float(values.sum()))
            sizes.append(float(len(values)))
            first.append(mine)
    return np.array(sums), np.array(sizes), np.array(first)


def _difference(sums: Floats, sizes: Floats, first: NDArray[np.bool_]) -> Floats:
    def mean(chosen: NDArray[np.bool_]) -> Floats:
        return np.asarray((chosen * sums).sum(axis=1) / (chosen * sizes).sum(axis=1), dtype=np.float64)

    return mean(first) - mean(~first)


def _resampled(a: Group, b: Group, chance: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Mean difference, shift and dominance over resamples of each side's blocks."""
    parts_a, parts_b = _parts(a), _parts(b)
    found = np.empty((RESAMPLES, 3))
    for row in range(RESAMPLES):
        one, other = _drawn(parts_a, chance), _drawn(parts_b, chance)
        thin_one, thin_other = np.sort(one)[:: max(1, len(one) // 40)], np.sort(other)[:: max(1, len(other) // 40)]
        found[row] = (one.mean() - other.mean(), shift(thin_one, thin_other), dominance(one, other))
    return found[:, 0], found[:, 1], found[:, 2]


def _parts(group: Group) -> list[Floats]:
    return [group.values[group.blocks == block] for block in sorted(set(group.blocks.tolist()))]


def _drawn(parts: list[Floats], chance: np.random.Generator) -> Floats:
    return np.concatenate([parts[int(chance.integers(len(parts)))] for _ in parts])


def _estimate(value: float, draws: Floats) -> Estimate:
    low, high = np.quantile(draws, [0.05, 0.95])
    return Estimate(_rounded(value), _rounded(float(low)), _rounded(float(high)))


def _rounded(value: float) -> float:
    return round(value, 6)
