"""Which rows an analysis looks at: laps of races, best laps of qualifying, or drivers' fair pace race by race."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.insights.analysis.pipeline import Filters, Mode
from overcut.insights.pace.fairness import fair_laps
from overcut.insights.pace.race import RacePace
from overcut.insights.pace.report import PaceReport
from overcut.kernel.errors import DataMissingError

Ints = NDArray[np.int64]


def race_rows(races: Sequence[RacePace]) -> pl.DataFrame:
    """One row a lap: the lap table, `fair_laps`, and ``fair_pct``: the fair lap against the session's median, %."""
    tables: list[pl.DataFrame] = []
    for race in races:
        laps = fair_laps(race)
        middle = pl.col("fair_s").filter(pl.col("verdict") == "clean").median()
        tables.append(laps.with_columns((100.0 * (pl.col("fair_s") / middle - 1.0)).alias("fair_pct")))
    return pl.concat(tables, how="vertical_relaxed")


def qualifying_rows(sessions: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row a driver and part: ``best_s`` (deleted times left out), ``gap_s`` and ``gap_pct`` to the part's best.

    A session without parts (practice, or a feed that did not tell them) is one part, 0.
    """
    identity = ("session_key", "season", "round", "event", "driver_number", "driver", "team")
    counted = pl.col("lap_time_s").is_not_null() & ~pl.col("deleted").fill_null(False)
    counted &= ~pl.col("pit_in").fill_null(False) & ~pl.col("pit_out").fill_null(False)
    laps = pl.concat(sessions, how="vertical_relaxed").filter(counted).with_columns(pl.col("part").fill_null(0))
    best = laps.sort("lap_time_s").group_by(*identity, "part", maintain_order=True).first()
    quickest = pl.col("lap_time_s").min().over("session_key", "part")
    return best.select(
        *identity,
        "part",
        "compound",
        "lap",
        pl.col("lap_time_s").alias("best_s"),
        (pl.col("lap_time_s") - quickest).alias("gap_s"),
        (100.0 * (pl.col("lap_time_s") / quickest - 1.0)).alias("gap_pct"),
    ).sort("session_key", "part", "best_s", "driver_number")


def season_rows(reports: Sequence[tuple[int | None, PaceReport]]) -> pl.DataFrame:
    """One row a driver and race: fair pace (``gap_pct``, ``to_field_pct`` of a lap), wear, spread, time lost.

    Args:
        reports: each race's season and report.
    """
    rows = [
        {
            "session_key": report.session,
            "season": season,
            "event": report.event,
            "driver_number": one.driver_number,
            "driver": one.driver,
            "team": one.team,
            "pace_s": one.pace_s.value,
            "gap_s": one.gap_s.value,
            "gap_pct": 100.0 * one.gap_s.value / report.conditions.lap_s,
            "to_field_pct": 100.0 * one.to_field_s.value / report.conditions.lap_s,
            "wear_s_per_lap": one.wear_s_per_lap.value,
            "spread_s": None if one.spread_s is None else one.spread_s.value,
            "clear_laps": one.clear_laps,
            "held_up_laps": one.held_up_laps,
            "held_up_s": None if one.held_up_s is None else one.held_up_s.value,
        }
        for season, report in reports
        for one in report.drivers
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def stint_rows(reports: Sequence[PaceReport]) -> pl.DataFrame:
    """One row a set of tyres: ``to_field_s`` (its fair pace against the race's middle set), wear, laps, when fitted."""
    rows = [
        {
            "name": f"{report.session} {one.driver} {one.stint}",
            "driver": one.driver,
            "compound": one.compound,
            "to_field_s": one.pace_s.value - float(np.median([other.pace_s.value for other in report.stints])),
            "wear_s_per_lap": one.wear_s_per_lap.value,
            "laps": one.last_lap - one.first_lap + 1,
            "counted": one.counted,
            "first_lap": one.first_lap,
        }
        for report in reports
        for one in report.stints
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def filtered(rows: pl.DataFrame, filters: Filters) -> pl.DataFrame:
    """The rows that the filters keep; a filter on a column that the rows lack keeps nothing it does not know.

    Raises:
        DataMissingError: none is left.
    """
    kept = rows
    for column, values in (
        ("driver", filters.drivers),
        ("team", filters.teams),
        ("compound", filters.compounds),
        ("season", filters.seasons),
        ("verdict", filters.verdicts),
        ("part", filters.parts),
    ):
        if values and column in kept.columns:
            kept = kept.filter(pl.col(column).is_in(values))
    if "lap" in kept.columns:
        if filters.first_lap is not None:
            kept = kept.filter(pl.col("lap") >= filters.first_lap)
        if filters.last_lap is not None:
            kept = kept.filter(pl.col("lap") <= filters.last_lap)
    if kept.is_empty():
        raise DataMissingError("The filters leave nothing", hint="drop one of them")
    return kept


def blocks_of(rows: pl.DataFrame, mode: Mode) -> Ints:
    """The block of each row: in race mode a set of tyres of a car, else a session."""
    columns = ["session_key"]
    if mode is Mode.RACE:
        columns += ["driver_number", "stint"]
    names = rows.select(pl.struct(columns).rank("dense").cast(pl.Int64).alias("block"))["block"]
    return names.to_numpy().astype(np.int64)
