"""How a linear model with known, assumed and learned spreads is fitted: the Gaussian mixed model behind fair pace.

    y = X b + e,   b_k ~ N(m_k, s_k^2),   e = noise of its class, first-order autoregressive along a chain of laps

Terms with a given ``sd`` carry an assumption; those that are ``learned`` have their spread estimated from the data by
MacKay's evidence iteration ("Bayesian Interpolation", Neural Computation 4 (1992)), which for this model is the
fixed-point form of restricted maximum likelihood. The covariance of ``b`` is exact given the spreads; what is not
certain of the spreads themselves is only met by the weak prior on them (`SPREAD_PRIOR`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPREAD_PRIOR = 2.0
"""How many members of a group the starting spread of a learned term counts for."""

ROUNDS = 40
SETTLED = 1e-3
MOST_MEMORY = 0.8


class Term(NamedTuple):
    """Columns of the model that share a prior.

    Attributes:
        name: unique within the model. ``columns``: shape (laps, members).
        mean, sd: of the prior of every member; ``learned``: the spread is estimated, ``sd`` is where it starts.
    """

    name: str
    columns: Floats
    mean: float = 0.0
    sd: float = 1.0
    learned: bool = False


class Rows(NamedTuple):
    """What is known of each observation beside its columns, which are in order of chain, then time.

    Attributes:
        y: shape (laps,). ``kind``: class of noise, 0 and up.
        before: index of the row before it in its chain, -1 for none. ``lag``: laps from that row to this one.
    """

    y: Floats
    kind: Ints
    before: Ints
    lag: Ints


@dataclass(frozen=True)
class Fit:
    """The fitted model.

    Attributes:
        at: slice of each term's members within ``mean`` and ``cov``.
        mean, cov: posterior of all coefficients. ``spread``: standard deviation of each term's prior, learned or given.
        memory: autocorrelation of the noise from lap to lap. ``noise_s``: standard deviation of each class of noise.
        residuals: y less what the model says, shape (laps,).
        whitened, noise: what a test of a further column needs (`gain`).
    """

    at: dict[str, slice]
    mean: Floats
    cov: Floats
    spread: dict[str, float]
    memory: float
    noise_s: Floats
    residuals: Floats
    design: Floats
    rows: Rows

    def of(self, name: str) -> Floats:
        """The means of a term's members."""
        return self.mean[self.at[name]]

    def contrast(self, weights: Floats) -> tuple[float, float]:
        """Mean and standard deviation of a weighted sum of coefficients."""
        return float(weights @ self.mean), float(np.sqrt(max(weights @ self.cov @ weights, 0.0)))

    def gain(self, column: Floats) -> tuple[float, float]:
        """What a further column with a flat prior would take: its coefficient, and that over its standard deviation."""
        white = _whitened(np.column_stack([self.design, column]), self.rows, self.memory, self.noise_s)
        z, x = white[:, -1], white[:, :-1]
        r = _whitened(self.residuals[:, None], self.rows, self.memory, self.noise_s)[:, 0]
        left = z - x @ (self.cov @ (x.T @ z))
        power = float(z @ left)
        if power <= 1e-9:
            return 0.0, 0.0
        value = float(z @ r) / power
        return value, value * power**0.5


def fit(rows: Rows, terms: Sequence[Term], noise_s: float) -> Fit:
    """Fit the model.

    Args:
        rows: the observations.
        terms: everything that explains them; a term without members is allowed.
        noise_s: where the standard deviation of the noise starts, seconds.
    """
    design = np.column_stack([term.columns for term in terms])
    at, start = dict[str, slice](), 0
    for term in terms:
        at[term.name] = slice(start, start + term.columns.shape[1])
        start = at[term.name].stop
    prior = np.concatenate([np.full(term.columns.shape[1], term.mean) for term in terms])
    spread = {term.name: term.sd for term in terms}
    kinds = int(rows.kind.max()) + 1 if len(rows.kind) else 1
    noise, memory = np.full(kinds, noise_s), 0.2
    offset = rows.y - design @ prior
    mean, cov = prior, np.eye(len(prior), dtype=np.float64)
    for _ in range(ROUNDS):
        white = _whitened(np.column_stack([design, offset]), rows, memory, noise)
        x, y = white[:, :-1], white[:, -1]
        precision = np.concatenate([np.full(_size(at[term.name]), spread[term.name] ** -2.0) for term in terms])
        cov = np.asarray(np.linalg.inv(x.T @ x + np.diag(precision)), dtype=np.float64)
        shift = cov @ (x.T @ y)
        mean = prior + shift
        learned = {term.name: _spread(term, shift[at[term.name]], cov, at[term.name], spread) for term in terms}
        residuals = rows.y - design @ mean
        noise_before, memory_before = noise, memory
        freed = np.einsum("ij,ij->i", x @ cov, x)
        noise = _noise(residuals, freed, rows, memory, noise)
        memory = _memory(residuals / noise[rows.kind], rows)
        change = max([abs(learned[name] - spread[name]) / spread[name] for name in learned], default=0.0)
        change = max(change, abs(memory - memory_before), float(np.max(np.abs(noise / noise_before - 1.0))))
        spread = learned
        if change < SETTLED:
            break
    return Fit(at, mean, cov, spread, memory, noise, rows.y - design @ mean, design, rows)


def _size(part: slice) -> int:
    return int(part.stop) - int(part.start)


def _whitened(columns: Floats, rows: Rows, memory: float, noise: Floats) -> Floats:
    """Columns scaled by the noise, and each row less what the row before it in the chain foretells."""
    scaled = columns / noise[rows.kind][:, None]
    chained = rows.before >= 0
    carry = np.where(chained, memory ** np.maximum(rows.lag, 1), 0.0)
    return (scaled - carry[:, None] * scaled[np.maximum(rows.before, 0)]) / np.sqrt(1.0 - carry**2)[:, None]


def _spread(term: Term, shift: Floats, cov: Floats, part: slice, spread: dict[str, float]) -> float:
    """The next estimate of a learned term's spread; a given one stays."""
    now = spread[term.name]
    members = len(shift)
    if not term.learned or members == 0:
        return now
    told = members - float(np.trace(cov[part, part])) / now**2  # how many members the data determine
    square = (float(shift @ shift) + SPREAD_PRIOR * term.sd**2) / (max(told, 0.0) + SPREAD_PRIOR)
    return max(square**0.5, 1e-4)


def _noise(residuals: Floats, freed: Floats, rows: Rows, memory: float, noise: Floats) -> Floats:
    """The next estimate of each class's noise: innovations over what of each row the coefficients left free."""
    white = _whitened(residuals[:, None], rows, memory, noise)[:, 0] ** 2
    found = noise.copy()
    for kind in range(len(noise)):
        chosen = rows.kind == kind
        free = float(chosen.sum() - freed[chosen].sum())
        if chosen.any():
            found[kind] = noise[kind] * ((white[chosen].sum() + 1.0) / (max(free, 1.0) + 1.0)) ** 0.5
    return np.maximum(found, 1e-3)


def _memory(scaled: Floats, rows: Rows) -> float:
    """Correlation of neighbouring laps' noise (laps next to each other only)."""
    pairs = np.flatnonzero((rows.before >= 0) & (rows.lag == 1))
    if len(pairs) < 20:
        return 0.0
    here, there = scaled[pairs], scaled[rows.before[pairs]]
    power = float(((here**2).sum() + (there**2).sum()) / 2)
    return float(np.clip((here * there).sum() / power, 0.0, MOST_MEMORY)) if power > 0 else 0.0
