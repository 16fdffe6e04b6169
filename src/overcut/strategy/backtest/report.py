"""What a backtest found, as a person and a program read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from overcut.strategy.backtest.scores import BINS, RaceScore, flatness, interval

SCHEMA = 1
IN_RACE = (25, 50, 75)
"""Stages that are pooled where a metric's name has no stage: the bar is about these."""

OURS = "overcut"

Measure = tuple[float, float, float]
"""Value, and its 95 % interval from the bootstrap over races."""


class CalibrationBin(msgspec.Struct, frozen=True):
    """One bin of our PIT histogram.

    Attributes:
        stage: percent of the distance; -1 for 25, 50 and 75 pooled. ``low``, ``high``: of the PIT in this bin.
        share: of the cars in it, with its interval; calibrated is ``high - low``.
    """

    stage: int
    low: float
    high: float
    share: Measure


class BacktestReport(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """The figures of one run.

    Attributes:
        schema, task: what this is. ``first``, ``last``: the period, as days.
        n: forecasts of one car (races x stages x cars still running). ``races``: races forecast.
        simulated: races simulated for each forecast. ``refits``: how often parameters were fitted anew.
        models: metrics by model: ``log_loss`` of the winner, ``crps`` of the final place, ``mae`` of its median,
            ``cover80``, ``cover80_closed`` (whole places; ``closed_mass`` is what the forecast expects of it),
            ``below10``, ``above90``, each with a stage (``crps_25``) and pooled over 25, 50 and 75 % without.
        differences: ours less each baseline's, for ``log_loss`` and ``crps``: negative is better.
        calibration: our PIT histogram. ``flatness``: p-value of the race-level test by stage, ``all`` pooled.
        leak_tests: by name: passed, or what failed. ``skipped``: races and stages left out, and why.
        parameters: where they came from, one line for each fit.
    """

    task: str
    first: str
    last: str
    n: int
    races: int
    simulated: int
    refits: int
    models: dict[str, dict[str, Measure]]
    differences: dict[str, dict[str, Measure]]
    calibration: list[CalibrationBin]
    flatness: dict[str, float]
    leak_tests: dict[str, str]
    skipped: list[str]
    parameters: list[str]
    schema: int = SCHEMA


def measures(scores: Sequence[RaceScore], stages: Sequence[int]) -> dict[str, Measure]:
    """All metrics of one model."""
    found: dict[str, Measure] = {}
    for suffix, chosen in (*((f"_{stage}", (stage,)) for stage in stages), ("", IN_RACE)):
        mine = [one for one in scores if one.stage in chosen]
        if not mine:
            continue
        races = [one.key for one in mine]
        columns = {
            "log_loss": [one.log_loss for one in mine],
            "crps": [one.crps for one in mine],
            "mae": [one.mae for one in mine],
            "cover80": [one.covered for one in mine],
            "cover80_closed": [one.covered_closed for one in mine],
            "closed_mass": [one.closed_mass for one in mine],
            "below10": [one.low for one in mine],
            "above90": [one.high for one in mine],
        }
        found |= {f"{name}{suffix}": rounded(interval(values, races)) for name, values in columns.items()}
    return found


def differences(ours: Sequence[RaceScore], theirs: Sequence[RaceScore], stages: Sequence[int]) -> dict[str, Measure]:
    """Ours less theirs, forecast by forecast."""
    other = {(one.key, one.stage): one for one in theirs}
    found: dict[str, Measure] = {}
    for suffix, chosen in (*((f"_{stage}", (stage,)) for stage in stages), ("", IN_RACE)):
        pairs = [(one, other[one.key, one.stage]) for one in ours if one.stage in chosen]
        if not pairs:
            continue
        races = [one.key for one, _ in pairs]
        found[f"log_loss{suffix}"] = rounded(interval([a.log_loss - b.log_loss for a, b in pairs], races))
        found[f"crps{suffix}"] = rounded(interval([a.crps - b.crps for a, b in pairs], races))
    return found


def calibration(scores: Sequence[RaceScore], stages: Sequence[int]) -> list[CalibrationBin]:
    """The PIT histogram by stage, and pooled (stage -1)."""
    found: list[CalibrationBin] = []
    for stage, chosen in (*((stage, (stage,)) for stage in stages), (-1, IN_RACE)):
        mine = [one for one in scores if one.stage in chosen]
        if not mine:
            continue
        for k in range(BINS):
            share = rounded(interval([float(one.pit[k]) for one in mine], [one.key for one in mine]))
            found.append(CalibrationBin(stage, k / BINS, (k + 1) / BINS, share))
    return found


def flat(scores: Sequence[RaceScore], stages: Sequence[int]) -> dict[str, float]:
    """The p-value of flatness by stage, and of 25, 50 and 75 % pooled."""
    found = {str(stage): flatness([one for one in scores if one.stage == stage]) for stage in stages}
    found["all"] = flatness([one for one in scores if one.stage in IN_RACE])
    return {name: round(value, 4) for name, value in found.items() if np.isfinite(value)}


def rounded(measure: Measure) -> Measure:
    """To four digits after the point."""
    value, low, high = (round(float(one), 4) for one in measure)
    return value, low, high


def scored(models: Mapping[str, Sequence[RaceScore]], stages: Sequence[int]) -> dict[str, dict[str, Measure]]:
    """All metrics of all models."""
    return {name: measures(scores, stages) for name, scores in models.items()}
