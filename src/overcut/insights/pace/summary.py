"""What a fitted race says, put into a report: drivers, teams, compounds, stints, track and fuel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.insights.pace.assumptions import EVOLUTION_SD_S, FUEL_S_PER_KG, FUEL_SD
from overcut.insights.pace.design import RACE_S, Design, cliff_name
from overcut.insights.pace.drivers import driver_paces, team_paces
from overcut.insights.pace.estimates import estimate, estimated, unit, weights
from overcut.insights.pace.fairness import fair_laps
from overcut.insights.pace.mixed import Fit
from overcut.insights.pace.race import RacePace
from overcut.insights.pace.report import (
    CliffPace,
    CompoundPace,
    EvolutionPoint,
    FuelPace,
    PaceConditions,
    PaceReport,
    StintPace,
    VerdictCount,
)
from overcut.insights.pace.verdicts import MEANINGS, Verdict

Floats = NDArray[np.float64]
EVOLUTION_POINTS = 13


def race_report(race: RacePace) -> PaceReport:
    """The report of a fitted race."""
    design, fit = race.design, race.fit
    laps = fair_laps(race)
    drivers = driver_paces(race, laps)
    return PaceReport(
        session=str(laps["session_key"][0]),
        event=str(laps["event"][0] or ""),
        conditions=PaceConditions(
            design.at.compound, design.at.age_laps, round(design.at.fuel_kg, 1), round(design.at.lap_s, 3)
        ),
        drivers=drivers,
        teams=team_paces(race, drivers),
        compounds=compound_paces(design, fit),
        stints=_stints(race),
        evolution=_evolution(race),
        fuel=_fuel(design, fit),
        laps=verdict_counts(race.judged),
        noise_s=round(float(fit.noise_s[0]), 4),
        memory=round(fit.memory, 3),
        assumptions=assumptions(design),
    )


def verdict_counts(judged: pl.DataFrame) -> list[VerdictCount]:
    """How many laps each verdict was given to; those given to none are left out."""
    counts = dict(judged["verdict"].value_counts().iter_rows())
    return [VerdictCount(v.value, counts[v.value], MEANINGS[v]) for v in reversed(Verdict) if counts.get(v.value)]


def assumptions(design: Design) -> list[str]:
    """What the figures rest on, for people."""
    fuel = design.setting.fuel
    race_share = design.span_s / RACE_S
    return [
        f"Fuel: {fuel.start_kg:.0f} kg at the start ({fuel.basis}), burnt evenly over the race, "
        f"{FUEL_S_PER_KG * design.scale:.4f} ± {FUEL_SD * design.scale:.4f} s/kg at this lap time (one sd).",
        "Fuel, a steady change of the track and wear all move lap by lap: only changes of tyres tell them apart. The "
        f"track's steady part is taken to be 0 ± {EVOLUTION_SD_S * design.scale * race_share:.2f} s over the laps "
        "here (one sd); what is left open stays in the intervals.",
        "A driver's pace, a set's pace and their wear differ by random amounts whose spread is learned from the race; "
        "sets are taken to be fitted at laps that have nothing to do with how good they are.",
        "Drivers push alike: lap times saved for tyres, fuel or engine are part of the pace.",
        "Clear air means two seconds to the next car on the road; laps in traffic only count for drivers who had "
        "next to no other.",
    ]


def compound_paces(design: Design, fit: Fit) -> list[CompoundPace]:
    """What each compound was worth and how it wore, the most used first."""
    members = len(design.compounds)
    reference = unit(design.compounds.index(design.at.compound), members)
    fuel_per_lap = -design.setting.fuel.kg_per_lap
    lap_of_time = design.at.lap_s / max(design.span_s, 1.0)
    found: list[CompoundPace] = []
    for index in sorted(range(members), key=lambda i: (-int(np.sum(design.compound_of == i)), i)):
        compound, on = design.compounds[index], design.compound_of == index
        me = unit(index, members)
        sets = len(np.unique(design.stint_of[on]))
        cliff = next((cliff for cliff in design.cliffs if cliff.compound == compound), None)
        along = {"wear": me, "fuel": fuel_per_lap, "evolution": lap_of_time}
        found.append(
            CompoundPace(
                compound=compound,
                laps=int(on.sum()),
                sets=sets,
                oldest_laps=float(design.age[on].max()),
                offset_s=None if compound == design.at.compound else estimated(fit, {"compound": me - reference}, sets),
                wear_s_per_lap=estimated(fit, {"wear": me}, sets),
                stopwatch_s_per_lap=estimated(fit, along, sets),
                cliff=CliffPace(cliff.age, estimated(fit, {cliff_name(cliff): 1.0}, sets)) if cliff else None,
            )
        )
    return found


def _stints(race: RacePace) -> list[StintPace]:
    design, fit = race.design, race.fit
    whole = race.judged.with_columns(pl.col("stint").fill_null(0))
    ends = {
        (number, stint): (first, last)
        for number, stint, first, last in whole.group_by("driver_number", "stint")
        .agg(pl.col("lap").min().alias("first"), pl.col("lap").max().alias("last"))
        .iter_rows()
    }
    reference = unit(design.compounds.index(design.at.compound), len(design.compounds))
    found: list[StintPace] = []
    for index, (number, stint) in enumerate(design.stints):
        rows = np.flatnonzero(design.stint_of == index)
        compound = int(design.compound_of[rows[0]])
        driver = unit(int(design.driver_of[rows[0]]), len(design.drivers))
        me = unit(index, len(design.stints))
        on = unit(compound, len(design.compounds))
        # Set against the age of comparison: what its own wear did up to there belongs to its pace.
        to_reference = design.at.age_laps - design.stint_age[index]
        found.append(
            StintPace(
                driver_number=number,
                driver=str(design.table["driver"][int(rows[0])] or number),
                stint=stint,
                compound=design.compounds[compound],
                first_lap=ends[number, stint][0],
                last_lap=ends[number, stint][1],
                counted=len(rows),
                mean_lap_s=round(float(design.y[rows].mean()), 4),
                pace_s=estimated(
                    fit,
                    {
                        "level": 1.0,
                        "driver": driver,
                        "stint": me,
                        "stint_wear": me * to_reference,
                        "compound": reference,
                    },
                ),
                wear_s_per_lap=estimated(fit, {"wear": on, "driver_wear": driver, "stint_wear": me}),
            )
        )
    return found


def _evolution(race: RacePace) -> list[EvolutionPoint]:
    design, fit = race.design, race.fit
    middle = design.progress_columns(design.at.t_s)
    lead: Sequence[float] = (
        design.table.group_by("lap").agg(pl.col("lap_end_s").min()).sort("lap")["lap_end_s"].to_list()
    )
    laps = design.table["lap"].unique().sort().to_list()
    found: list[EvolutionPoint] = []
    for step in range(EVOLUTION_POINTS):
        t_s = design.start_s + design.span_s * step / (EVOLUTION_POINTS - 1)
        change = design.progress_columns(t_s) - middle
        lap = int(laps[max(int(np.searchsorted(lead, t_s, side="right")) - 1, 0)])
        found.append(EvolutionPoint(round(t_s, 1), lap, estimated(fit, {"evolution": change[:1], "waves": change[1:]})))
    return found


def _fuel(design: Design, fit: Fit) -> FuelPace:
    assumed = design.setting.fuel
    value, sd = float(fit.of("fuel")[0]), fit.contrast(weights(fit, {"fuel": 1.0}))[1]
    return FuelPace(
        start_kg=round(assumed.start_kg, 2),
        kg_per_lap=round(assumed.kg_per_lap, 4),
        basis=assumed.basis,
        assumed_s_per_kg=estimate(assumed.s_per_kg, assumed.s_per_kg_sd),
        found_s_per_kg=estimate(value, sd),
        learned=round(1.0 - sd / assumed.s_per_kg_sd, 3),
    )
