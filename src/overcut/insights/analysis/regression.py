"""How does a lap time depend on stated factors, each with the others held still?"""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from overcut.insights.pace.report import Estimate
from overcut.kernel.errors import DataMissingError, WrongUsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
COLLINEAR = 30.0
LITTLE_FREEDOM = 4.0
"""Degrees of freedom below which the approximation by t is not to be trusted (J. E. Pustejovsky and E. Tipton, Journal
of Business & Economic Statistics 36 (2018))."""


class Coefficient(msgspec.Struct, frozen=True):
    """What one more of a number changes, or a level against the reference level, other factors held still.

    Attributes:
        term, level: the factor, and its level ("" for a number). ``effect``: with its 90 % interval, from standard
            errors that allow values of a block to hang together. ``freedom``: degrees of freedom of its t: about how
            many blocks it rests on, less one. ``p_value``: two-sided, of no effect.
    """

    term: str
    level: str
    effect: Estimate
    freedom: float
    p_value: float


class Regression(msgspec.Struct, frozen=True):
    """Least squares with standard errors by block.

    Attributes:
        measure, values, blocks: what was explained, over how many rows in how many blocks.
        intercept: at the reference levels and zero of every number. ``reference``: each factor's reference level.
        coefficients: of all else. ``r_squared``: share of the variance explained. ``residual_sd``: of a row.
        condition: of the scaled design; above thirty the factors can hardly be told apart.
        even: p-value of Breusch-Pagan: small where the scatter depends on the factors (the errors allow for that).
        notes: what of the assumptions is doubtful, in words.
    """

    measure: str
    values: int
    blocks: int
    intercept: float
    reference: dict[str, str]
    coefficients: list[Coefficient]
    r_squared: float
    residual_sd: float
    condition: float
    even: float
    notes: list[str]


class _Column(msgspec.Struct, frozen=True):
    term: str
    level: str
    values: Floats


def regress(table: pl.DataFrame, measure: str, terms: list[str], blocks: Ints) -> Regression:
    """Explain ``measure`` by ``terms``: text and yes-or-no columns are factors, numbers are taken as they are.

    Standard errors are by block, with the bias-reduced linearisation of R. M. Bell and D. F. McCaffrey (Survey
    Methodology 28 (2002), "CR2"), and t with the degrees of freedom that they give for it.

    Raises:
        WrongUsageError: a column does not exist, or is not usable.
        DataMissingError: fewer rows than coefficients, or fewer than three blocks.
    """
    absent = [name for name in (measure, *terms) if name not in table.columns]
    if absent or not terms:
        raise WrongUsageError(
            f"There is no column {absent[0]}" if absent else "No term is named",
            hint=f"columns are {', '.join(sorted(table.columns))}",
        )
    complete = table.select(pl.all_horizontal(pl.col(measure, *terms).is_not_null()).alias("ok"))["ok"].to_numpy()
    table, blocks = table.filter(pl.Series(complete)), blocks[complete]
    reference: dict[str, str] = {}
    columns: list[_Column] = []
    for term in terms:
        columns += _columns(table, term, reference)
    y = table[measure].to_numpy().astype(np.float64)
    x = np.column_stack([np.ones(len(y)), *(column.values for column in columns)])
    names, place = np.unique(blocks, return_inverse=True)
    n, k, groups = len(y), x.shape[1], len(names)
    if n <= k + 1 or groups < 3:
        raise DataMissingError(
            f"{n} rows in {groups} blocks cannot decide {k} coefficients", hint="take more sessions or fewer terms"
        )
    scaled = x / np.maximum(np.sqrt((x**2).sum(axis=0)), 1e-12)
    condition = float(np.linalg.cond(scaled))
    if condition > 1e8:
        raise WrongUsageError(
            "The terms cannot be told apart", why="one of them follows from the others", hint="leave one of them out"
        )
    bread = np.asarray(np.linalg.inv(x.T @ x), dtype=np.float64)
    beta = bread @ (x.T @ y)
    residuals = y - x @ beta
    freed = [_freed(x[place == g], bread) for g in range(groups)]
    scores = np.array([freed[g].T @ residuals[place == g] for g in range(groups)])
    errors = np.sqrt(np.maximum(np.diag(bread @ (scores.T @ scores) @ bread), 0.0))
    freedom = _degrees_of_freedom(x, freed, bread, place)
    total = float(((y - y.mean()) ** 2).sum())
    even = _breusch_pagan(residuals, x)
    return Regression(
        measure=measure,
        values=n,
        blocks=groups,
        intercept=round(float(beta[0]), 6),
        reference=reference,
        coefficients=[
            _coefficient(column, float(beta[i]), float(errors[i]), float(freedom[i]))
            for i, column in enumerate(columns, 1)
        ],
        r_squared=round(1.0 - float(residuals @ residuals) / total, 6) if total > 0 else 0.0,
        residual_sd=round(float((residuals @ residuals / (n - k)) ** 0.5), 6),
        condition=round(condition, 2),
        even=round(even, 6),
        notes=_notes(condition, float(freedom[1:].min()), even),
    )


def _freed(x: Floats, bread: Floats) -> Floats:
    """A block's rows, weighted so that its residuals are freed of what the fit itself took from them."""
    power, axes = np.linalg.eigh(np.eye(len(x)) - x @ bread @ x.T)
    inverse_root = np.where(power > 1e-8, 1.0 / np.sqrt(np.maximum(power, 1e-8)), 0.0)
    return np.asarray(axes @ (inverse_root[:, None] * (axes.T @ x)), dtype=np.float64)


def _degrees_of_freedom(x: Floats, freed: list[Floats], bread: Floats, place: Ints) -> Floats:
    """Each coefficient's degrees of freedom (Bell and McCaffrey, after Satterthwaite).

    A coefficient's variance is a sum of squares, one a block. Were rows independent, the sums would have covariance
    ``gram``; (trace)² / trace of the square is then the chi-squared with their mean and variance. A level that occurs
    in three blocks of thirty has hardly two degrees of freedom, and not twenty-nine.
    """
    found = np.zeros(x.shape[1])
    for i in range(len(found)):
        weights = [rows @ bread[:, i] for rows in freed]
        sides = np.array([x[place == g].T @ weight for g, weight in enumerate(weights)])
        gram = np.diag([float(weight @ weight) for weight in weights]) - sides @ bread @ sides.T
        square = float((gram**2).sum())
        found[i] = max(float(np.trace(gram)) ** 2 / square, 1.0) if square > 0 else 1.0
    return found


def _columns(table: pl.DataFrame, term: str, reference: dict[str, str]) -> list[_Column]:
    """A number as it is; a factor as one column a level beside the commonest, which is the reference."""
    column = table[term]
    if column.dtype.is_numeric():
        return [_Column(term, "", column.to_numpy().astype(np.float64))]
    texts = [str(value) for value in column]
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    levels = sorted(counts, key=lambda level: (-counts[level], level))
    if not levels:
        return []
    reference[term] = levels[0]
    held = np.array(texts)
    return [_Column(term, level, (held == level).astype(np.float64)) for level in sorted(levels[1:])]


def _coefficient(column: _Column, value: float, error: float, freedom: float) -> Coefficient:
    p_value = float(2.0 * stats.t.sf(abs(value) / error, freedom)) if error > 0 else 1.0
    half = float(stats.t.ppf(0.95, freedom)) * error
    effect = Estimate(round(value, 6), round(value - half, 6), round(value + half, 6))
    return Coefficient(column.term, column.level, effect, round(freedom, 2), round(p_value, 6))


def _breusch_pagan(residuals: Floats, x: Floats) -> float:
    """p-value of no dependence of the squared residuals on the factors (Koenker's form)."""
    squares = residuals**2
    solved = np.linalg.lstsq(x, squares, rcond=None)[0]
    left = squares - x @ solved
    total = float(((squares - squares.mean()) ** 2).sum())
    if total <= 0 or x.shape[1] < 2:
        return 1.0
    return float(stats.chi2.sf(len(squares) * (1.0 - float(left @ left) / total), x.shape[1] - 1))


def _notes(condition: float, least_freedom: float, even: float) -> list[str]:
    notes = [
        "Effects add up and, for numbers, are in proportion; what is not among the terms is taken to be even over them."
    ]
    if condition > COLLINEAR:
        notes.append(f"The terms overlap (condition {condition:.0f}): single effects are poorly told apart.")
    if least_freedom < LITTLE_FREEDOM:
        notes.append("Some effects rest on hardly any blocks (see freedom): their intervals and p-values are rough.")
    if even < 0.05:
        notes.append("The scatter depends on the terms; the intervals allow for it, the residual deviation does not.")
    return notes
