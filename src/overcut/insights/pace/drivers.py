"""How quick, how steady and how kind to tyres each driver was, and each team with them."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.insights.pace.design import FEW_CLEAR_LAPS
from overcut.insights.pace.estimates import estimate, estimated, probability_below, unit, weights
from overcut.insights.pace.race import RacePace
from overcut.insights.pace.report import DriverPace, Estimate, TeamPace
from overcut.insights.pace.verdicts import Verdict

Floats = NDArray[np.float64]
FEWEST_FOR_SPREAD = 8
DRAWS = 400
BLOCK = 4
"""Laps resampled together for the interval of the spread: neighbours are alike."""

SEED = 20
HELD_UP = (Verdict.TRAFFIC.value, Verdict.FIGHT.value)


def driver_paces(race: RacePace, laps: pl.DataFrame) -> list[DriverPace]:
    """Every driver with a counted lap, quickest first.

    Args:
        race: the fit. ``laps``: `fairness.fair_laps` of it.
    """
    design, fit = race.design, race.fit
    members = len(design.drivers)
    compound = unit(design.compounds.index(design.at.compound), len(design.compounds))
    order = [int(index) for index in np.argsort(fit.of("driver"), kind="stable")]
    quickest = unit(order[0], members)
    found: list[DriverPace] = []
    for place, index in enumerate(order):
        number, me = design.drivers[index], unit(index, members)
        mine = laps.filter(pl.col("driver_number") == number)
        slow = mine.filter(pl.col("verdict").is_in(HELD_UP) & pl.col("off_pace_s").is_not_null())["off_pace_s"]
        clear = mine.filter(pl.col("verdict") == Verdict.CLEAN.value)
        to_field = weights(fit, {"driver": me - 1.0 / members})
        gap = Estimate(0.0, 0.0, 0.0) if place == 0 else estimated(fit, {"driver": me - quickest})
        found.append(
            DriverPace(
                driver_number=number,
                driver=str(mine["driver"][0] or number),
                team=str(mine["team"][0] or ""),
                pace_s=estimated(fit, {"level": 1.0, "driver": me, "compound": compound}),
                gap_s=gap,
                to_field_s=estimate(*fit.contrast(to_field)),
                quicker_than_next=_quicker(race, index, order[place + 1]) if place + 1 < members else None,
                wear_s_per_lap=estimated(fit, {"driver_wear": me - 1.0 / members}),
                spread_s=spread(clear["off_pace_s"].drop_nulls().to_numpy()),
                clear_laps=clear.height,
                held_up_laps=len(slow),
                held_up_s=_held_up(slow, fit.contrast(to_field)[1]),
                from_traffic=clear.height < FEW_CLEAR_LAPS,
            )
        )
    return found


def team_paces(race: RacePace, drivers: list[DriverPace]) -> list[TeamPace]:
    """Each team's mean fair pace, quickest first."""
    members = len(race.design.drivers)
    found: list[TeamPace] = []
    for team in dict.fromkeys(driver.team for driver in drivers):
        mine = [race.design.drivers.index(driver.driver_number) for driver in drivers if driver.team == team]
        part = sum((unit(index, members) for index in mine), np.zeros(members)) / len(mine) - 1.0 / members
        found.append(TeamPace(team, len(mine), estimated(race.fit, {"driver": part})))
    return sorted(found, key=lambda team: team.to_field_s.value)


def spread(residuals: Floats) -> Estimate | None:
    """Robust standard deviation (1.4826 times the median absolute deviation) of a driver's laps about his pace.

    The interval is that of a moving-block bootstrap over his laps in order; the same laps give the same interval.
    """
    if len(residuals) < FEWEST_FOR_SPREAD:
        return None
    chance = np.random.default_rng(SEED)
    blocks = -(-len(residuals) // BLOCK)
    starts = chance.integers(0, len(residuals) - BLOCK + 1, size=(DRAWS, blocks))
    drawn = residuals[(starts[:, :, None] + np.arange(BLOCK)).reshape(DRAWS, -1)[:, : len(residuals)]]
    low, high = np.quantile(_robust(drawn), [0.05, 0.95])
    value = float(_robust(residuals[None, :])[0])
    return Estimate(round(value, 4), round(float(low), 4), round(float(high), 4))


def _robust(rows: Floats) -> Floats:
    middle = np.median(rows, axis=1, keepdims=True)
    return 1.4826 * np.median(np.abs(rows - middle), axis=1)


def _quicker(race: RacePace, first: int, second: int) -> float:
    members = len(race.design.drivers)
    value, sd = race.fit.contrast(weights(race.fit, {"driver": unit(first, members) - unit(second, members)}))
    return round(probability_below(value, sd), 3)


def _held_up(slow: pl.Series, pace_sd: float) -> Estimate | None:
    """Seconds lost over the laps in traffic: their sum over the own pace, as sure as that pace is."""
    if not len(slow):
        return None
    noise = float(np.std(slow.to_numpy()))
    return estimate(float(slow.sum()), float(np.hypot(len(slow) * pace_sd, noise * len(slow) ** 0.5)))
