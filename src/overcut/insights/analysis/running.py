"""What does a pipeline find in its rows: each step's answer, in the order of the steps."""

from __future__ import annotations

from itertools import combinations

import msgspec
import numpy as np
import polars as pl

from overcut.insights.analysis.clustering import Clustering, cluster
from overcut.insights.analysis.difference import Difference, Group, compare
from overcut.insights.analysis.multiple import holm
from overcut.insights.analysis.paired import PairedDifference, compare_pairs
from overcut.insights.analysis.pipeline import ClusterOf, ClusterStep, Compare, Mode, Regress, Step, Summarise
from overcut.insights.analysis.regression import Regression, regress
from overcut.insights.analysis.rows import blocks_of
from overcut.kernel.errors import DataMissingError, WrongUsageError

RESULT_VERSION = 1
MOST_PAIRS = 100


class Summary(msgspec.Struct, frozen=True):
    """One group of a summary: its values of the columns, and count, mean, median, quartiles, robust spread."""

    group: dict[str, str]
    values: int
    mean: float
    median: float
    lower_quartile: float
    upper_quartile: float
    spread: float


class StepResult(msgspec.Struct, frozen=True):
    """One step's answer; of the five only what belongs to the step is there. ``notes``: what to bear in mind."""

    do: str
    name: str
    measure: str = ""
    differences: list[Difference] = []
    pairs: list[PairedDifference] = []
    regression: Regression | None = None
    clustering: Clustering | None = None
    summaries: list[Summary] = []
    notes: list[str] = []


def run_step(step: Step, rows: pl.DataFrame, stints: pl.DataFrame | None, mode: Mode, seed: int) -> StepResult:
    """The answer of one step.

    Args:
        step: what is asked. ``rows``: the analysed rows (`rows`). ``stints``: one row a set, where races are analysed.
        mode: what a row is. ``seed``: of what is drawn.

    Raises:
        WrongUsageError: a column is unknown. DataMissingError: too little is left to answer.
    """
    if isinstance(step, Compare):
        return _compare(step, rows, mode, seed)
    if isinstance(step, Regress):
        found = regress(rows, step.measure, step.terms, blocks_of(rows, mode))
        return StepResult("regress", step.name, step.measure, regression=found)
    if isinstance(step, Summarise):
        return _summarise(step, rows)
    return _cluster(step, rows, stints)


def _compare(step: Compare, rows: pl.DataFrame, mode: Mode, seed: int) -> StepResult:
    _known(rows, [step.by, step.measure, *([step.paired] if step.paired else [])])
    rows = rows.filter(pl.col(step.measure).is_not_null() & pl.col(step.by).is_not_null())
    sides = _sides(step, rows)
    differences: list[Difference] = []
    pairs: list[PairedDifference] = []
    notes: list[str] = []
    for one, other in sides:
        try:
            if step.paired:
                pairs.append(_paired(step, rows, one, other, seed))
            else:
                differences.append(compare(_group(step, rows, one, mode), _group(step, rows, other, mode), seed))
        except DataMissingError as few:
            if step.a:
                raise
            notes.append(f"{'+'.join(one)} against {'+'.join(other)}: {few.what}")
    if len(sides) > 1:
        notes.insert(0, f"{len(sides)} comparisons: adjusted p-values are Holm's over all of them.")
        differences = [
            msgspec.structs.replace(found, adjusted_p=adjusted)
            for found, adjusted in zip(differences, holm([d.tests[0].p_value for d in differences]), strict=True)
        ]
        pairs = [
            msgspec.structs.replace(found, adjusted_p=adjusted)
            for found, adjusted in zip(pairs, holm([p.tests[0].p_value for p in pairs]), strict=True)
        ]
    return StepResult("compare", step.name, step.measure, differences=differences, pairs=pairs, notes=notes)


def _sides(step: Compare, rows: pl.DataFrame) -> list[tuple[list[str], list[str]]]:
    """Who is compared with whom: the two sides named, or all pairs."""
    if bool(step.a) != bool(step.b):
        raise WrongUsageError("A comparison names both sides or neither", hint="give a and b, or leave both out")
    if step.a:
        both = sorted(set(step.a) & set(step.b))
        if both:
            raise WrongUsageError(f"{', '.join(both)} is on both sides")
        return [(step.a, step.b)]
    members = sorted(str(value) for value in rows[step.by].unique())
    sides = [([one], [other]) for one, other in combinations(members, 2)]
    if len(sides) > MOST_PAIRS:
        raise WrongUsageError(
            f"{len(sides)} pairs are too many", why=f"at most {MOST_PAIRS} are compared", hint="filter"
        )
    return sides


def _group(step: Compare, rows: pl.DataFrame, members: list[str], mode: Mode) -> Group:
    mine = rows.filter(pl.col(step.by).cast(pl.String).is_in(members))
    if mine.is_empty():
        known = ", ".join(sorted(str(value) for value in rows[step.by].unique())[:30])
        raise DataMissingError(f"No row has {step.by} {' or '.join(members)}", hint=f"there are {known}")
    return Group("+".join(members), mine[step.measure].to_numpy().astype(np.float64), blocks_of(mine, mode))


def _paired(step: Compare, rows: pl.DataFrame, one: list[str], other: list[str], seed: int) -> PairedDifference:
    side = pl.col(step.by).cast(pl.String)
    means = rows.group_by(step.paired).agg(
        pl.col(step.measure).filter(side.is_in(one)).mean().alias("a"),
        pl.col(step.measure).filter(side.is_in(other)).mean().alias("b"),
    )
    met = means.drop_nulls(["a", "b"]).sort(step.paired)
    differences = (met["a"] - met["b"]).to_numpy().astype(np.float64)
    return compare_pairs("+".join(one), "+".join(other), differences, seed)


def _summarise(step: Summarise, rows: pl.DataFrame) -> StepResult:
    _known(rows, [step.measure, *step.by])
    rows = rows.filter(pl.col(step.measure).is_not_null())
    groups = rows.group_by(step.by, maintain_order=True) if step.by else [((), rows)]
    found: list[Summary] = []
    for key, part in groups:
        values = part[step.measure].to_numpy().astype(np.float64)
        low, middle, high = (float(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
        found.append(
            Summary(
                {column: str(value) for column, value in zip(step.by, key, strict=True)},
                len(values),
                round(float(values.mean()), 6),
                round(middle, 6),
                round(low, 6),
                round(high, 6),
                round(1.4826 * float(np.median(np.abs(values - middle))), 6),
            )
        )
    found.sort(key=lambda summary: (summary.median, sorted(summary.group.items())))
    return StepResult("summarise", step.name, step.measure, summaries=found)


def _cluster(step: ClusterStep, rows: pl.DataFrame, stints: pl.DataFrame | None) -> StepResult:
    if step.of is ClusterOf.STINT:
        if stints is None:
            raise WrongUsageError("Stints are clustered of races", hint="mode = race or season")
        return StepResult("cluster", step.name, clustering=cluster(stints, "name", step.features, step.clusters))
    _known(rows, step.features)
    cars = (
        rows.group_by("driver").agg(pl.col(feature).cast(pl.Float64).mean() for feature in step.features).sort("driver")
    )
    return StepResult("cluster", step.name, clustering=cluster(cars, "driver", step.features, step.clusters))


def _known(rows: pl.DataFrame, columns: list[str]) -> None:
    absent = [column for column in columns if column not in rows.columns]
    if absent:
        raise WrongUsageError(f"There is no column {absent[0]}", hint=f"columns are {', '.join(sorted(rows.columns))}")
