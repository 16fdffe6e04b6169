"""How quick was everyone in practice, over long runs and over one lap?"""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.insights.pace.assumptions import Fuel
from overcut.insights.pace.design import Design, Setting
from overcut.insights.pace.estimates import estimated, unit
from overcut.insights.pace.mixed import Fit
from overcut.insights.pace.practice_report import PracticeDriver, PracticeReport, PracticeView, Run
from overcut.insights.pace.race import RacePace, fit_laps
from overcut.insights.pace.report import Estimate, PaceConditions
from overcut.insights.pace.runs import LapUse, kind_of_run, with_runs
from overcut.insights.pace.summary import compound_paces, verdict_counts
from overcut.insights.pace.verdicts import Verdict
from overcut.kernel.errors import DataMissingError

UNKNOWN_FUEL_KG = 10.0
"""How far one car's fuel may be from another's in a long run: one standard deviation."""

RUN_SD_S = 0.1
"""What else one run may differ by (engine modes, set-up), on a lap of 90 s: one standard deviation."""

EVOLUTION_SD_S = 2.0
"""How much a track may change in practice at a constant rate over 90 minutes, on a lap of 90 s: far more than in a
race."""


def practice_report(judged: pl.DataFrame, fuel: Fuel) -> PracticeReport:
    """The report of a practice session.

    Args:
        judged: its laps with verdicts (`judging.judged`, ``race=False``).
        fuel: what burns on each lap; what was on board is not known and not needed.
    """
    laps = with_runs(judged)
    missing: list[str] = []
    unknown = float(np.hypot(UNKNOWN_FUEL_KG * fuel.s_per_kg, RUN_SD_S))
    long = _fitted(laps, LapUse.LONG, Setting(fuel, 0.0, EVOLUTION_SD_S, unknown), missing)
    one_lap = _fitted(laps, LapUse.PUSH, Setting(fuel, 0.0, EVOLUTION_SD_S), missing)
    return PracticeReport(
        session=str(laps["session_key"][0]),
        event=str(laps["event"][0] or ""),
        long_runs=None if long is None else _view(long),
        one_lap=None if one_lap is None else _view(one_lap),
        runs=_runs(laps, long),
        laps=verdict_counts(laps),
        missing=missing,
        assumptions=[
            f"Fuel on board is not known: cars' long runs may differ by {UNKNOWN_FUEL_KG:.0f} kg (one sd), which is "
            f"{UNKNOWN_FUEL_KG * fuel.s_per_kg:.2f} s a lap here and most of each driver's interval.",
            f"{fuel.kg_per_lap:.2f} kg burn on each lap, at {fuel.s_per_kg:.4f} ± {fuel.s_per_kg_sd:.4f} s/kg.",
            "A long run is five laps or more in a row within 2.5 % of their median; slower than 112 % of the car's best"
            " is a cool lap; within 2.5 % of its best on the compound is a push lap.",
            "Laps within two seconds of the next car on the road do not count.",
        ],
    )


def _fitted(laps: pl.DataFrame, use: LapUse, setting: Setting, missing: list[str]) -> RacePace | None:
    """The fit over laps of one use; a run is a set. None, and a word in ``missing``, where they are too few."""
    burnt = -setting.fuel.kg_per_lap * pl.col("run_lap").cast(pl.Float64)
    chosen = laps.filter(pl.col("use") == use.value).with_columns(
        pl.col("run").alias("stint"), (burnt if use is LapUse.LONG else pl.lit(0.0)).alias("fuel_kg")
    )
    try:
        return fit_laps(chosen, setting)
    except DataMissingError as few:
        missing.append(f"{use.value} laps: {few.what[0].lower()}{few.what[1:]}")
        return None


def _view(pace: RacePace) -> PracticeView:
    design, fit = pace.design, pace.fit
    last = design.progress_columns(design.start_s + design.span_s) - design.progress_columns(design.start_s)
    return PracticeView(
        conditions=PaceConditions(design.at.compound, design.at.age_laps, 0.0, round(design.at.lap_s, 3)),
        drivers=_drivers(design, fit),
        compounds=compound_paces(design, fit),
        track_change_s=estimated(fit, {"evolution": last[:1], "waves": last[1:]}),
    )


def _drivers(design: Design, fit: Fit) -> list[PracticeDriver]:
    members = len(design.drivers)
    compound = unit(design.compounds.index(design.at.compound), len(design.compounds))
    order = [int(index) for index in np.argsort(fit.of("driver"), kind="stable")]
    quickest = unit(order[0], members)
    found: list[PracticeDriver] = []
    for index in order:
        rows, me = np.flatnonzero(design.driver_of == index), unit(index, members)
        found.append(
            PracticeDriver(
                driver_number=design.drivers[index],
                driver=str(design.table["driver"][int(rows[0])] or design.drivers[index]),
                team=str(design.table["team"][int(rows[0])] or ""),
                pace_s=estimated(fit, {"level": 1.0, "driver": me, "compound": compound}),
                gap_s=estimated(fit, {"driver": me - quickest}) if index != order[0] else Estimate(0.0, 0.0, 0.0),
                to_field_s=estimated(fit, {"driver": me - 1.0 / members}),
                laps=int((~design.traffic[rows]).sum()),
            )
        )
    return found


def _runs(laps: pl.DataFrame, long: RacePace | None) -> list[Run]:
    timed = pl.col("lap_time_s").filter(~pl.col("verdict").is_in([Verdict.OUT_LAP.value, Verdict.IN_LAP.value]))
    grouped = laps.group_by("driver_number", "run", maintain_order=True).agg(
        pl.col("driver", "team", "compound", "fresh_tyre", "tyre_life", "lap").first(),
        pl.col("lap").last().alias("last_lap"),
        pl.col("use"),
        timed.min().alias("best_s"),
        pl.col("lap_time_s").filter(pl.col("use") == LapUse.LONG.value).mean().alias("mean_s"),
    )
    found: list[Run] = []
    for row in grouped.iter_rows(named=True):
        uses: list[str] = row["use"]
        kind = kind_of_run(uses)
        pace, wear = _of_run(long, row["driver_number"], row["run"])
        found.append(
            Run(
                driver_number=row["driver_number"],
                driver=row["driver"] or row["driver_number"],
                team=row["team"] or "",
                run=row["run"],
                kind=kind.value,
                compound=row["compound"],
                fresh=row["fresh_tyre"],
                age_laps=None if row["tyre_life"] is None else max(row["tyre_life"] - 1, 0),
                first_lap=row["lap"],
                last_lap=row["last_lap"],
                laps=len(uses),
                push=uses.count(LapUse.PUSH.value),
                long=uses.count(LapUse.LONG.value),
                cool=uses.count(LapUse.COOL.value),
                best_s=row["best_s"],
                mean_s=None if row["mean_s"] is None else round(row["mean_s"], 4),
                pace_s=pace,
                wear_s_per_lap=wear,
            )
        )
    return found


def _of_run(long: RacePace | None, number: str, run: int) -> tuple[Estimate | None, Estimate | None]:
    """A long run's pace as it was run, and its wear."""
    if long is None or (number, run) not in long.design.stints:
        return None, None
    design, fit = long.design, long.fit
    index = design.stints.index((number, run))
    rows = np.flatnonzero(design.stint_of == index)
    driver = unit(int(design.driver_of[rows[0]]), len(design.drivers))
    me, on = unit(index, len(design.stints)), unit(int(design.compound_of[rows[0]]), len(design.compounds))
    compound = unit(design.compounds.index(design.at.compound), len(design.compounds))
    shift = me * (design.at.age_laps - design.stint_age[index])
    pace = estimated(fit, {"level": 1.0, "driver": driver, "stint": me, "stint_wear": shift, "compound": compound})
    return pace, estimated(fit, {"wear": on, "driver_wear": driver, "stint_wear": me})
