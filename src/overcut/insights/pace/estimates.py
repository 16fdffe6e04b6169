"""How a weighted sum of coefficients becomes a value with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from overcut.insights.pace.mixed import Fit
from overcut.insights.pace.report import LEVEL, Estimate

Floats = NDArray[np.float64]
DIGITS = 4
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def estimate(value: float, sd: float, groups: int | None = None) -> Estimate:
    """The interval of a value with a standard deviation.

    Args:
        value, sd: of the estimate.
        groups: how many groups (sets of tyres) it was learned from, where those are few: Student's t with one degree of
            freedom less (at least two), since the spread between so few is itself uncertain.
    """
    width = (_Z if groups is None else _student(max(groups - 1, 2))) * sd
    return Estimate(round(value, DIGITS), round(value - width, DIGITS), round(value + width, DIGITS))


@cache
def _student(freedom: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 -- a fifth of a second that a server need not wait for

    return float(stdtrit(freedom, 0.5 + LEVEL / 2))


def weights(fit: Fit, parts: Mapping[str, Floats | float]) -> Floats:
    """Weights over all coefficients: for each named term its members' weights (one number for all); others 0."""
    found = np.zeros(len(fit.mean))
    for name, part in parts.items():
        found[fit.at[name]] = part
    return found


def estimated(fit: Fit, parts: Mapping[str, Floats | float], groups: int | None = None) -> Estimate:
    """The estimate of a weighted sum."""
    return estimate(*fit.contrast(weights(fit, parts)), groups)


def unit(index: int, members: int) -> Floats:
    """Weight 1 on one member, 0 on the others."""
    found = np.zeros(members)
    found[index] = 1.0
    return found


def probability_below(value: float, sd: float) -> float:
    """The probability that a normal quantity of this mean and deviation is negative."""
    return NormalDist().cdf(-value / sd) if sd > 0 else float(value < 0)
