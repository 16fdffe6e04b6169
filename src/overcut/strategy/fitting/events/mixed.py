"""How counts and proportions are pooled: a level, and deviations per group that shrink by how little was seen.

A Poisson or logistic model with crossed normal random effects. Effects are the mode of their posterior (Newton's
method), their uncertainty the curvature there (Laplace), and the spread of each grouping is raised or lowered until it
agrees with the effects and what is not known of them (expectation and maximisation), as in McCulloch, Searle and
Neuhaus, *Generalized, Linear, and Mixed Models*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model import Estimate

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Curve = Callable[[Floats], tuple[Floats, Floats]]

PSEUDO_GROUPS = 4.0
"""A spread is estimated as if so many groups more had shown what was expected of it, so that few do not make it 0."""


@dataclass(frozen=True)
class Grouping:
    """One way in which rows belong together.

    Attributes:
        codes: group of each row. ``names``: of the groups, in the order of their codes.
        names: see above.
        expected_sd: spread of the groups' effects that is expected before the data are seen.
    """

    codes: Codes
    names: tuple[str, ...]
    expected_sd: float

    @classmethod
    def of(cls, values: Sequence[str], expected_sd: float) -> Grouping:
        """Groups rows by a name."""
        names, codes = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
        return cls(codes.astype(np.intp), tuple(str(name) for name in names), expected_sd)


@dataclass(frozen=True)
class Mixed:
    """What came of it.

    Attributes:
        level: mean over the groups seen. ``effects``: deviations by grouping and group; ``sd``: their spread.
        effects: see above.
        sd: see above.
    """

    level: Estimate
    effects: Mapping[str, Mapping[str, Estimate]]
    sd: Mapping[str, float]


def poisson(counts: Floats, exposure: Floats, groupings: Mapping[str, Grouping]) -> Mixed:
    """Log rates of counts per exposure; rows of no exposure say nothing."""

    def curve(eta: Floats) -> tuple[Floats, Floats]:
        rate = exposure * np.exp(np.clip(eta, -30, 10))
        return counts - rate, rate

    start = np.log((counts.sum() + 0.5) / max(exposure.sum(), 1e-9))
    return fitted(curve, float(start), groupings)


def logistic(successes: Floats, trials: Floats, groupings: Mapping[str, Grouping]) -> Mixed:
    """Log-odds of successes among trials."""

    def curve(eta: Floats) -> tuple[Floats, Floats]:
        chance = 1.0 / (1.0 + np.exp(-np.clip(eta, -30, 30)))
        return successes - trials * chance, trials * chance * (1 - chance)

    share = (successes.sum() + 0.5) / (trials.sum() + 1.0)
    return fitted(curve, float(np.log(share / (1 - share))), groupings)


def normal(values: Floats, variance: Floats, groupings: Mapping[str, Grouping]) -> Mixed:
    """Values that are known up to a variance each."""

    def curve(eta: Floats) -> tuple[Floats, Floats]:
        return (values - eta) / variance, 1.0 / variance

    return fitted(curve, float(np.average(values, weights=1.0 / variance)), groupings)


def fitted(curve: Curve, start: float, groupings: Mapping[str, Grouping], rounds: int = 25) -> Mixed:
    """Any likelihood of rows that each hang on one linear predictor: the mode, its curvature and the spreads.

    Args:
        curve: slope and (negative) curvature of the log-likelihood of each row at its linear predictor.
        start: where the level is looked for first.
        groupings: by name.
        rounds: of raising and lowering the spreads.
    """
    order = list(groupings)
    sizes = [len(groupings[name].names) for name in order]
    offsets = np.concatenate([[1], 1 + np.cumsum(sizes)]).astype(np.intp)
    rows = np.stack([groupings[name].codes + offsets[k] for k, name in enumerate(order)], axis=1)
    effects = np.zeros(int(offsets[-1]))
    effects[0] = start
    spreads = np.array([groupings[name].expected_sd for name in order])
    covariance = np.eye(effects.size)
    for _ in range(rounds):
        prior = np.concatenate([[1e-6], np.repeat(1.0 / spreads**2, sizes)])
        effects, covariance = _mode(curve, effects, rows, prior)
        for k, name in enumerate(order):
            part = slice(int(offsets[k]), int(offsets[k + 1]))
            seen = float(np.sum(effects[part] ** 2 + np.diag(covariance)[part]))
            expected = groupings[name].expected_sd
            spreads[k] = np.sqrt((seen + PSEUDO_GROUPS * expected**2) / (sizes[k] + PSEUDO_GROUPS))
    return _told(effects, covariance, spreads, order, groupings, offsets)


def _mode(curve: Curve, effects: Floats, rows: Codes, prior: Floats) -> tuple[Floats, Floats]:
    """Newton's method from ``effects``; steps are bounded, so that a group without events does not run away."""
    columns = np.concatenate([np.zeros((rows.shape[0], 1), dtype=np.intp), rows], axis=1)
    hessian = np.eye(effects.size)
    for _ in range(30):
        slope, weight = curve(effects[columns].sum(axis=1))
        gradient = -prior * effects
        gradient[0] = 0.0
        hessian = np.diag(prior)
        for left in range(columns.shape[1]):
            gradient += np.bincount(columns[:, left], weights=slope, minlength=effects.size)
            for right in range(columns.shape[1]):
                np.add.at(hessian, (columns[:, left], columns[:, right]), weight)
        step = np.clip(np.linalg.solve(hessian, gradient), -1.0, 1.0)
        effects = effects + step
        if np.max(np.abs(step)) < 1e-7:
            break
    return effects, np.asarray(np.linalg.inv(hessian), dtype=np.float64)


def _told(
    effects: Floats,
    covariance: Floats,
    spreads: Floats,
    order: Sequence[str],
    groupings: Mapping[str, Grouping],
    offsets: Codes,
) -> Mixed:
    """Effects as deviations from the mean of the groups seen, so that level and deviations hardly hang together."""
    to_level = np.zeros(effects.size)
    to_level[0] = 1.0
    told: dict[str, dict[str, Estimate]] = {}
    for k, name in enumerate(order):
        first, last = int(offsets[k]), int(offsets[k + 1])
        size = last - first
        to_level[first:last] = 1.0 / size
        centre = np.zeros((size, effects.size))
        centre[:, first:last] = np.eye(size) - 1.0 / size
        means = centre @ effects
        sds = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", centre, covariance, centre), 0.0))
        told[name] = {
            group: Estimate(float(mean), float(sd))
            for group, mean, sd in zip(groupings[name].names, means, sds, strict=True)
        }
    level = Estimate(float(to_level @ effects), float(np.sqrt(to_level @ covariance @ to_level)))
    return Mixed(level, told, {name: float(spreads[k]) for k, name in enumerate(order)})
