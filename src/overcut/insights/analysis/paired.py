"""Over many sessions, is one side quicker than the other within the same session?"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from overcut.insights.analysis.checks import Check, check_normal
from overcut.insights.analysis.difference import PERMUTATIONS, RESAMPLES, Test
from overcut.insights.pace.report import Estimate
from overcut.kernel.errors import DataMissingError

Floats = NDArray[np.float64]
FEWEST_PAIRS = 4
EXACT_UP_TO = 12
"""With so few pairs all signs are tried, not drawn."""


class PairedDifference(msgspec.Struct, frozen=True):
    """The first less the second over pairs (sessions); negative: the first is quicker (lower).

    Attributes:
        pairs: how many; ``ahead``: in how many the first was lower.
        mean, median: of the pairs' differences, with 90 % intervals by resampling pairs.
        effect: mean over standard deviation of the differences (Cohen's d of pairs); None where they are all equal.
        tests, checks, adjusted_p: as for `Difference`; the sign-flip permutation first, which is the one to believe.
    """

    a: str
    b: str
    pairs: int
    ahead: int
    mean: Estimate
    median: Estimate
    effect: float | None
    tests: list[Test]
    checks: list[Check]
    adjusted_p: float


def compare_pairs(a: str, b: str, differences: Floats, seed: int) -> PairedDifference:
    """Compare over the pairs' differences (first less second).

    Raises:
        DataMissingError: there are fewer than four pairs.
    """
    n = len(differences)
    if n < FEWEST_PAIRS:
        raise DataMissingError(
            f"{a} and {b} meet in {n} sessions",
            why=f"a paired comparison needs {FEWEST_PAIRS}",
            hint="take more sessions",
        )
    chance = np.random.default_rng(seed)
    checks = [check_normal(differences, differences)]
    flipped = _flipped(differences, chance)
    constant = float(np.ptp(differences)) == 0.0
    t = None if constant else stats.ttest_1samp(differences, 0.0)
    ranks = stats.wilcoxon(differences) if np.any(differences != 0.0) else None
    tests = [
        Test(
            "sign-flip permutation",
            round(float(differences.mean()), 6),
            round(flipped, 6),
            "sessions are independent; within each either side could as well have been the other",
            True,
        ),
        Test(
            "paired t",
            0.0 if t is None else round(float(t.statistic), 6),
            1.0 if t is None else round(float(t.pvalue), 6),
            "independent sessions; normal differences, or thirty and more",
            checks[0].holds or n >= 30,
        ),
        Test(
            "Wilcoxon signed rank",
            0.0 if ranks is None else round(float(ranks.statistic), 6),
            1.0 if ranks is None else round(float(ranks.pvalue), 6),
            "independent sessions; differences symmetric about their median",
            abs(float(stats.skew(differences))) < 1.0 if not constant else True,
        ),
    ]
    drawn = differences[chance.integers(0, n, size=(RESAMPLES, n))]
    sd = float(differences.std(ddof=1))
    return PairedDifference(
        a=a,
        b=b,
        pairs=n,
        ahead=int((differences < 0).sum()),
        mean=_estimate(float(differences.mean()), drawn.mean(axis=1)),
        median=_estimate(float(np.median(differences)), np.median(drawn, axis=1)),
        effect=round(float(differences.mean()) / sd, 4) if sd > 0 else None,
        tests=tests,
        checks=checks,
        adjusted_p=round(flipped, 6),
    )


def _flipped(differences: Floats, chance: np.random.Generator) -> float:
    """The share of sign patterns with a mean at least as far from zero; all of them where they are few."""
    n, observed = len(differences), abs(float(differences.mean()))
    if n <= EXACT_UP_TO:
        signs = np.asarray(1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)[None, :]) & 1), dtype=np.float64)
        return float((np.abs((signs * differences).mean(axis=1)) >= observed - 1e-12).mean())
    signs = np.where(chance.random((PERMUTATIONS, n)) < 0.5, -1.0, 1.0)
    as_far = int((np.abs((signs * differences).mean(axis=1)) >= observed - 1e-12).sum())
    return (as_far + 1) / (PERMUTATIONS + 1)


def _estimate(value: float, draws: Floats) -> Estimate:
    low, high = np.quantile(draws, [0.05, 0.95])
    return Estimate(round(value, 6), round(float(low), 6), round(float(high), 6))
