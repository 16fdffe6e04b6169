"""What races have in common: circuits and seasons, each pulled towards all the others by how little it tells.

    figures of a race = everywhere + circuit + season + race,   each normal with a covariance that is learned

A race comes as the information matrix and score of its own laps (`race_model.Told`), so one with few laps, or with one
compound, counts for what it tells and no more. The covariances are learned by expectation and maximisation; they are
full, as a circuit that wears one compound wears them all. Races are Student's t with `TAILS` degrees of freedom: one
that fell out of all bounds (a track that dried, a slow puncture for half of the field) moves the rest but little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TAILS = 5.0
"""Degrees of freedom of races about their circuit and season."""
_AS_NORMAL = (1.4759 / 1.2816) ** 2
"""Variance of the normal whose central 80 % are those of Student's t with `TAILS` degrees of freedom of scale 1."""
_PSEUDO = 3.0
"""Every covariance is learned as if so many more members had been seen at a quarter of the rough spread."""


@dataclass(frozen=True)
class Pooled:
    """K figures by group.

    Attributes:
        groups: names of the groups' members, by kind of group (circuits, seasons).
        mean: (1 + members, K): everywhere first, then the members' deviations in the order of ``groups``.
        covariance: of all of them, ((1 + members) K, the same).
        race: (K, K) covariance of the normal with the races' central 80 %.
        spreads: (K, K) covariance of members, by kind.
    """

    groups: tuple[tuple[str, ...], ...]
    mean: Floats
    covariance: Floats
    race: Floats
    spreads: tuple[Floats, ...]

    def of(self, members: Sequence[str | None]) -> tuple[Floats, Floats]:
        """Mean (K,) and covariance (K, K) of a coming race's figures, given one member of each kind; None or a name
        that was never seen: any. The race's own spread is included.
        """
        k = self.mean.shape[1]
        places, unseen = [0], np.zeros((k, k))
        start = 1
        for kind, names in enumerate(self.groups):
            member = members[kind]
            if member is not None and member in names:
                places.append(start + names.index(member))
            else:
                unseen = unseen + self.spreads[kind]
            start += len(names)
        return self.mean[places].sum(axis=0), self._between(places) + unseen + self.race

    def deviation(self, kind: int, member: str) -> tuple[Floats, Floats]:
        """Mean and standard deviation (K,) of what sets a member apart."""
        place = 1 + sum(len(names) for names in self.groups[:kind]) + self.groups[kind].index(member)
        return self.mean[place], np.sqrt(np.diag(self._between([place])))

    def race_figures(self, members: Sequence[str], information: Floats, score: Floats) -> Floats:
        """The figures (K,) of a race that was read, by its own laps and all others."""
        before, _ = self.of(members)
        precision = np.linalg.inv(self.race)
        return before + np.linalg.solve(information + precision, score - information @ before)

    def _between(self, places: Sequence[int]) -> Floats:
        k = self.mean.shape[1]
        blocks = [self.covariance[a * k : a * k + k, b * k : b * k + k] for a in places for b in places]
        return np.sum(blocks, axis=0)


def pooled(
    information: Sequence[Floats],
    scores: Sequence[Floats],
    members: Sequence[Sequence[str]],
    start_sd: Floats,
    rounds: int = 30,
) -> Pooled:
    """Pool races.

    Args:
        information, scores: of each race. ``members``: its member of each kind of group.
        start_sd: (K,) rough spread of the figures, where the learning begins.
        rounds: of expectation and maximisation.
    """
    kinds, k = len(members[0]), len(start_sd)
    groups = tuple(tuple(sorted({of[kind] for of in members})) for kind in range(kinds))
    first = np.cumsum([1, *(len(names) for names in groups)])
    places = [[0, *(int(first[kind]) + groups[kind].index(of[kind]) for kind in range(kinds))] for of in members]
    race, spreads = np.diag(start_sd**2 / 3.0), [np.diag(start_sd**2 / 3.0) for _ in range(kinds)]
    weak = _PSEUDO * np.diag((0.25 * start_sd) ** 2)
    trust = np.ones(len(members))
    mean, covariance = np.zeros((int(first[-1]), k)), np.eye(int(first[-1]) * k)
    for _ in range(rounds):
        inverse = np.zeros((int(first[-1]), k, k))
        inverse[0] = 1e-6 * np.eye(k)
        for kind, spread in enumerate(spreads):
            inverse[first[kind] : first[kind + 1]] = np.linalg.inv(spread)
        mean, covariance = _solve(information, scores, places, race, trust, inverse)
        race, trust = _race_spread(information, scores, places, race, trust, (mean, covariance), weak)
        for kind, names in enumerate(groups):
            at = range(int(first[kind]), int(first[kind + 1]))
            own = [covariance[a * k : a * k + k, a * k : a * k + k] + np.outer(mean[a], mean[a]) for a in at]
            spreads[kind] = (np.sum(own, axis=0) + weak) / (len(names) + _PSEUDO)
    return Pooled(groups, mean, covariance, race * _AS_NORMAL, tuple(spreads))


def _solve(
    information: Sequence[Floats],
    scores: Sequence[Floats],
    places: Sequence[Sequence[int]],
    race: Floats,
    trust: Floats,
    inverse: Floats,
) -> tuple[Floats, Floats]:
    """Everywhere and all members at given spreads; ``inverse``: (members, K, K) of their covariances."""
    members, k = int(inverse.shape[0]), int(inverse.shape[1])
    precision = np.zeros((members * k, members * k))
    right = np.zeros(members * k)
    for member in range(members):
        precision[member * k : member * k + k, member * k : member * k + k] = inverse[member]
    for told, score, at, sure in zip(information, scores, places, trust, strict=True):
        both = np.column_stack([told, score])
        seen = np.asarray(np.linalg.solve(np.eye(k) + told @ race / float(sure), both), dtype=np.float64)
        rows = _rows(at, k)
        precision[np.ix_(rows, rows)] += np.tile(seen[:, :-1], (len(at), len(at)))
        right[rows] += np.tile(seen[:, -1], len(at))
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    return (covariance @ right).reshape(members, k), covariance


def _race_spread(
    information: Sequence[Floats],
    scores: Sequence[Floats],
    places: Sequence[Sequence[int]],
    race: Floats,
    trust: Floats,
    at_present: tuple[Floats, Floats],
    weak: Floats,
) -> tuple[Floats, Floats]:
    """The scale of races about their circuit and season, and how far each is to be trusted, expected at present."""
    mean, covariance = at_present
    k, total, sure_of = len(race), weak.copy(), trust.copy()
    inverse = np.linalg.inv(race)
    for index, (told, score, at) in enumerate(zip(information, scores, places, strict=True)):
        sure = float(trust[index])
        within = np.linalg.inv(told + sure * inverse)
        own = within @ (score - told @ mean[list(at)].sum(axis=0))
        rows = _rows(at, k)
        joint = covariance[np.ix_(rows, rows)].reshape(len(at), k, len(at), k).sum(axis=(0, 2))
        through = within @ told
        square = np.outer(own, own) + within + through @ joint @ through.T
        total = total + sure * square
        sure_of[index] = (TAILS + k) / (TAILS + float(np.trace(inverse @ square)))
    return total / (len(information) + _PSEUDO), sure_of


def _rows(at: Sequence[int], k: int) -> NDArray[np.int64]:
    """Rows of some members in the stacked state."""
    return np.concatenate([np.arange(a * k, a * k + k, dtype=np.int64) for a in at])
