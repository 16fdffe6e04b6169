"""What each lap would have been at the conditions of comparison, and how far it was from its driver's own pace."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl

from overcut.insights.pace.race import RacePace
from overcut.insights.pace.verdicts import Verdict

EXPLAINED = (Verdict.CLEAN, Verdict.TRAFFIC, Verdict.FIGHT, Verdict.OUTLIER)
"""Laps at racing speed on a known tyre: the model has an opinion on each, though only clean ones formed it."""

COMMON = ("compound", "wear", "fuel", "evolution", "waves")
"""Terms that are conditions, not merit; a driver's own way with tyres is his merit."""


def fair_laps(race: RacePace) -> pl.DataFrame:
    """All laps of the race with what the model makes of them.

    Returns:
        The judged laps (`judging.judged`) by car and lap, and: ``fair_s``, the lap time at the conditions; ``fuel_s``,
        ``tyre_s``, ``track_s``, what was taken off for each; ``off_pace_s``, the lap time less what the model
        expected of this driver on this set in clear air. Null for laps that say nothing (see ``verdict``).
    """
    known = race.judged["driver_number"].is_in(list(race.design.drivers))
    known &= race.judged["compound"].is_in(list(race.design.compounds))
    known &= race.judged["verdict"].is_in([verdict.value for verdict in EXPLAINED])
    table = race.judged.filter(known).with_columns(pl.col("stint").fill_null(0))
    there = race.design.over(table)
    columns = there.matrix()
    effect = {
        name: columns[:, part] @ race.fit.mean[part]
        for name, part in race.fit.at.items()
        if name in COMMON or name.startswith("cliff ")
    }
    of_reference = float(race.fit.of("compound")[race.design.compounds.index(race.design.at.compound)])
    cliffs = np.sum([value for name, value in effect.items() if name.startswith("cliff ")], axis=0)
    tyre = effect["compound"] - of_reference + effect["wear"] + cliffs
    at_middle = float(
        np.append(race.fit.of("evolution"), race.fit.of("waves")) @ (race.design.progress_columns(race.design.at.t_s))
    )
    track = effect["evolution"] + effect["waves"] - at_middle
    told = table.select("driver_number", "lap").with_columns(
        pl.Series("fair_s", there.y - tyre - track - effect["fuel"]),
        pl.Series("fuel_s", effect["fuel"]),
        pl.Series("tyre_s", tyre),
        pl.Series("track_s", track),
        pl.Series("off_pace_s", there.y - columns @ race.fit.mean),
    )
    return race.judged.join(told, on=["driver_number", "lap"], how="left").sort("driver_number", "lap")


def laps_without_fit(judged: pl.DataFrame) -> pl.DataFrame:
    """The same table of a race that too few laps tell a pace of: every verdict, and no fair time."""
    return judged.with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("fair_s", "fuel_s", "tyre_s", "track_s", "off_pace_s")
    ).sort("driver_number", "lap")


class FairLap(msgspec.Struct, frozen=True):
    """One lap as a witness of pace; seconds. Null where nothing can be said, gaps where nobody was ahead.

    Attributes:
        driver_number, driver, lap, stint, lap_time_s, compound, age_laps: the lap; its tyre's age when it began.
        gap_start_s, gap_end_s: to the next car ahead on the road. ``verdict``: what it is worth.
        fair_s: the lap time at the report's conditions. ``fuel_s``, ``tyre_s``, ``track_s``: what was taken off.
        off_pace_s: over what was expected of this driver on this set in clear air.
    """

    driver_number: str
    driver: str | None
    lap: int
    stint: int | None
    lap_time_s: float | None
    compound: str | None
    age_laps: float | None
    gap_start_s: float | None
    gap_end_s: float | None
    verdict: str
    fair_s: float | None
    fuel_s: float | None
    tyre_s: float | None
    track_s: float | None
    off_pace_s: float | None


def told_laps(laps: pl.DataFrame) -> pl.DataFrame:
    """The columns of `FairLap` out of `fair_laps`, rounded to milliseconds; a gap to nobody is null."""
    told = laps.select(FairLap.__struct_fields__).with_columns(pl.selectors.float().round(3))
    return told.with_columns(
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in ("gap_start_s", "gap_end_s")
    )


def fair_lap_structs(laps: pl.DataFrame) -> list[FairLap]:
    """`told_laps` as structs."""
    return msgspec.convert(told_laps(laps).to_dicts(), list[FairLap])
