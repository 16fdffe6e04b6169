"""What is a plan worth: points, place, risk, the chance of a place, and which plans nobody can improve on in all?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import Outcome, Race

Z90 = 1.6449
"""Half width of a normal 90 % interval in standard errors."""
PLACE_IN_POINTS = 0.05
"""What a place is worth in points where points alone do not tell two plans apart (behind the tenth nothing else would).
A twentieth: under a tenth of the smallest step of the table even over ten places, so that it only breaks ties."""
WORST_SHARE = 0.2
"""Share of races that risk looks at: the conditional value at risk is the mean place in the worst fifth of them."""


class Objective(StrEnum):
    """What the best plan is best at."""

    POINTS = "points"
    POSITION = "position"
    RISK = "risk"
    CHANCE = "chance"


class Aim(msgspec.Struct, frozen=True):
    """An objective; ``place``: for CHANCE, finishing there or better."""

    objective: Objective = Objective.POINTS
    place: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.place <= 30:
            raise WrongUsageError(f"Place {self.place} is none", hint="places go from 1 to 30")


class Value(msgspec.Struct, frozen=True):
    """A mean over simulated races and the half width of its 90 % interval (what more races would narrow)."""

    mean: float
    half_width: float


@dataclass(frozen=True)
class Sample:
    """How one car fared in R simulated races under one plan.

    Attributes:
        position: (R,) place. ``points``: (R,). ``time_s``: (R,) to the flag, NaN where it retired.
        points: see above.
        time_s: see above.
    """

    position: NDArray[np.float64]
    points: NDArray[np.float64]
    time_s: NDArray[np.float64]

    @property
    def races(self) -> int:
        """R."""
        return len(self.position)


EMPTY = Sample(np.zeros(0), np.zeros(0), np.zeros(0))


def sample_of(outcome: Outcome, race: Race, driver: str) -> Sample:
    """The car's part of an outcome."""
    index = outcome.drivers.index(driver)
    points = outcome.points(race.rules.points)[:, index]
    return Sample(outcome.position[:, index].astype(np.float64), points, outcome.time_s[:, index].astype(np.float64))


def pooled(first: Sample, second: Sample) -> Sample:
    """Both samples' races, the first's before the second's."""
    return Sample(
        np.concatenate((first.position, second.position)),
        np.concatenate((first.points, second.points)),
        np.concatenate((first.time_s, second.time_s)),
    )


def utilities(sample: Sample, aim: Aim) -> NDArray[np.float64]:
    """(R,) what each race is worth, more is better; the mean is the objective.

    POINTS adds `PLACE_IN_POINTS` a place. RISK is minus the conditional value at risk of the place, race by race in
    the form of Rockafellar and Uryasev (2000, Journal of Risk 2(3)): ``t + max(0, x - t)/share`` has it as its mean
    where t is the quantile that begins the worst share.
    """
    if aim.objective is Objective.POINTS:
        return sample.points - PLACE_IN_POINTS * sample.position
    if aim.objective is Objective.POSITION:
        return -sample.position
    if aim.objective is Objective.CHANCE:
        # The same tie-break: a plan that cannot reach the place may still be better or worse.
        return (sample.position <= aim.place).astype(np.float64) - 0.001 * sample.position
    begins = float(np.quantile(sample.position, 1.0 - WORST_SHARE))
    return -(begins + np.maximum(0.0, sample.position - begins) / WORST_SHARE)


def value_of(values: NDArray[np.float64]) -> Value:
    """The mean of the finite values and the half width of its 90 % interval."""
    kept = values[np.isfinite(values)]
    if len(kept) == 0:
        return Value(float("nan"), float("nan"))
    spread = float(np.std(kept, ddof=1)) if len(kept) > 1 else float("nan")
    return Value(float(np.mean(kept)), Z90 * spread / float(np.sqrt(len(kept))))


def paired(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard error of the difference of two plans that met the same luck race by race."""
    difference = first - second
    difference = difference[np.isfinite(difference)]
    if len(difference) < 2:
        return (float(difference.mean()) if len(difference) else 0.0, float("inf"))
    return float(difference.mean()), float(np.std(difference, ddof=1) / np.sqrt(len(difference)))


def worst_places(sample: Sample) -> float:
    """Mean place in the worst fifth of races."""
    return -float(np.mean(utilities(sample, Aim(Objective.RISK))))


def pareto(samples: Sequence[Sample]) -> tuple[int, ...]:
    """Indices of the plans that no other one beats in one of expected points, expected place and risk without being
    worse in another; of plans that are equal in all, the first."""
    scores = [(float(np.mean(each.points)), -float(np.mean(each.position)), -worst_places(each)) for each in samples]
    return tuple(
        index
        for index, mine in enumerate(scores)
        if not any(_dominates(other, mine, earlier=k < index) for k, other in enumerate(scores) if k != index)
    )


def _dominates(other: tuple[float, ...], mine: tuple[float, ...], *, earlier: bool) -> bool:
    if other == mine:
        return earlier
    return all(theirs >= ours for theirs, ours in zip(other, mine, strict=True))
