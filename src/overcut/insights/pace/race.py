"""How fast was everyone in a race, once fuel, tyres, track and traffic are taken out: the fit itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.insights.pace.assumptions import Fuel
from overcut.insights.pace.design import Cliff, Design, Setting, build
from overcut.insights.pace.mixed import Fit, fit
from overcut.insights.pace.verdicts import Verdict
from overcut.kernel.errors import DataMissingError

OUTLIER_SDS = 3.5
OUTLIER_ROUNDS = 3
FEWEST_LAPS = 30
FEWEST_CLEAN = 10
"""Below these there is nothing to compare."""

CLIFF_SIGNIFICANCE = 4.0
"""Standard deviations by which a cliff must show: about one false cliff in a thousand sessions, all ages tried."""

CLIFF_FROM_LAPS = 8
CLIFF_LAPS_BEYOND, CLIFF_STINTS_BEYOND = 12, 3
"""A cliff is looked for only where so many laps of so many sets lie beyond it."""


class TooFewLapsError(DataMissingError):
    """So few laps count that nothing can be compared: rain, neutralisations, or tyres that nobody told."""


@dataclass(frozen=True)
class RacePace:
    """A fitted race: the judged laps (outliers among them), the counted ones as numbers, and the fit."""

    judged: pl.DataFrame
    design: Design
    fit: Fit


def fit_race(judged: pl.DataFrame, fuel: Fuel, distance: int) -> RacePace:
    """Fit a race of ``distance`` laps, compared at the fuel of half distance; otherwise as `fit_laps`."""
    return fit_laps(judged, Setting(fuel, max(fuel.start_kg - fuel.kg_per_lap * distance / 2, 0.0)))


def fit_laps(judged: pl.DataFrame, setting: Setting) -> RacePace:
    """Fit the model to laps that were judged; laps that do not fit are judged outliers and left out.

    Args:
        judged: laps with verdicts (`judging.judged`).
        setting: what is taken for granted.

    Raises:
        TooFewLapsError: too few laps count for any comparison.
    """
    counted = judged["verdict"].is_in([Verdict.CLEAN.value, Verdict.TRAFFIC.value]).sum()
    clean = (judged["verdict"] == Verdict.CLEAN.value).sum()
    if counted < FEWEST_LAPS or clean < FEWEST_CLEAN:
        raise TooFewLapsError(
            f"Too few laps tell a pace: {counted} count, {clean} of them in clear air",
            why=f"a comparison needs {FEWEST_LAPS}, {FEWEST_CLEAN} of them in clear air; here are {_counts(judged)}",
            hint="overcut pace SESSION --laps lists every lap of a race with what kept it out",
        )
    design = build(judged, setting)
    fitted = _fit(design)
    for _ in range(OUTLIER_ROUNDS):
        odd = _outliers(fitted, design)
        if not odd.any():
            break
        judged = _without(judged, design.table.filter(pl.Series(odd)))
        design = build(judged, setting)
        fitted = _fit(design)
    cliffs = _cliffs(design, fitted)
    if cliffs:
        design = design.with_cliffs(cliffs)
        fitted = _fit(design)
    return RacePace(judged, design, fitted)


def _counts(judged: pl.DataFrame) -> str:
    """How many laps have which verdict, the most first: "812 wet, 40 in lap"."""
    counts = judged["verdict"].value_counts().sort("count", "verdict", descending=[True, False])
    return ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in counts.iter_rows()) or "no laps"


def _fit(design: Design) -> Fit:
    return fit(design.rows(), design.terms(), 0.3 * design.scale)


def _outliers(fitted: Fit, design: Design) -> NDArray[np.bool_]:
    """Laps too far from the fit: by the robust spread of their own kind (clear air or traffic)."""
    odd = np.zeros(len(design.y), dtype=np.bool_)
    for kind in (False, True):
        chosen = design.traffic == kind
        if chosen.sum() < 10:
            continue
        residuals = fitted.residuals[chosen]
        middle = float(np.median(residuals))
        spread = max(1.4826 * float(np.median(np.abs(residuals - middle))), 0.02)
        odd[chosen] = np.abs(residuals - middle) > OUTLIER_SDS * spread
    return odd


def _without(judged: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    """The judged laps with the verdict outlier on some of them."""
    marked = odd.select("driver_number", "lap", pl.lit(True).alias("_odd"))
    joined = judged.join(marked, on=["driver_number", "lap"], how="left", maintain_order="left")
    verdict = pl.when(pl.col("_odd").fill_null(False)).then(pl.lit(Verdict.OUTLIER.value)).otherwise(pl.col("verdict"))
    return joined.with_columns(verdict.alias("verdict")).drop("_odd")


def _cliffs(design: Design, fitted: Fit) -> list[Cliff]:
    """For each compound the age from which it wears faster, where the laps show one beyond doubt."""
    found: list[Cliff] = []
    for index, compound in enumerate(design.compounds):
        on = design.compound_of == index
        best: tuple[float, Cliff] | None = None
        for age in range(CLIFF_FROM_LAPS, int(design.age[on].max(initial=0.0))):
            beyond = on & (design.age > age)
            if beyond.sum() < CLIFF_LAPS_BEYOND or len(np.unique(design.stint_of[beyond])) < CLIFF_STINTS_BEYOND:
                break
            cliff = Cliff(compound, float(age))
            _, significance = fitted.gain(design.cliff_column(cliff))
            if best is None or significance > best[0]:
                best = (significance, cliff)
        if best is not None and best[0] >= CLIFF_SIGNIFICANCE:
            found.append(best[1])
    return found
