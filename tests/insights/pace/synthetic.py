"""Races made up for tests: every effect drawn from what the model assumes, so that the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from overcut.insights.pace.assumptions import EVOLUTION_SD_S, FUEL_SD, race_fuel
from overcut.insights.pace.design import RACE_S
from overcut.insights.pace.judging import judged
from overcut.insights.pace.race import fit_race
from overcut.insights.pace.report import PaceReport
from overcut.insights.pace.summary import race_report
from overcut.insights.pace.verdicts import Verdict
from overcut.lake.features.fuel import FUEL_S_PER_KG
from overcut.timing.lap_table import SCHEMA

LAP_S, DISTANCE, CARS = 90.0, 50, 12
WEAR = {"SOFT": 0.11, "MEDIUM": 0.06, "HARD": 0.035}
OFFSET = {"SOFT": 0.0, "MEDIUM": 0.4, "HARD": 0.8}
GAP_S = 6.0
"""Cars start so far apart and so ordered that nobody meets anybody."""


@dataclass(frozen=True)
class Truth:
    """What was put in: s a lap by driver (sum zero), wear by compound, s a kilogram, track over the race."""

    drivers: dict[str, float]
    wear: dict[str, float]
    fuel_s_per_kg: float
    track_s: float
    cliff: float


def synthetic_race(seed: int, *, cliff_from: float | None = None, cliff_s: float = 0.0) -> tuple[pl.DataFrame, Truth]:
    """A lap table of `LAP_S` second laps, and the truth behind it."""
    chance = np.random.default_rng(seed)
    pace = np.sort(chance.normal(0.0, 0.4, CARS))
    pace -= pace.mean()
    wear = {name: value + chance.normal(0.0, 0.01) for name, value in WEAR.items()}
    per_kg = FUEL_S_PER_KG + chance.normal(0.0, FUEL_SD)
    track = chance.normal(0.0, EVOLUTION_SD_S * DISTANCE * LAP_S / RACE_S)
    fuel = race_fuel(2024, DISTANCE, LAP_S, sprint=False)
    rows: list[dict[str, object]] = []
    for car in range(CARS):
        number = str(car + 1)
        stops = sorted(int(lap) for lap in chance.choice(np.arange(10, 41), size=2, replace=False))
        compounds = [str(name) for name in chance.permutation(list(WEAR))]
        noise, stint, stint_s, began = 0.0, 0, chance.normal(0.0, 0.1), 0
        t = 3_600.0 + GAP_S * car
        for lap in range(1, DISTANCE + 1):
            if stint < 2 and lap == stops[stint] + 1:
                stint, stint_s, began = stint + 1, chance.normal(0.0, 0.1), lap - 1
            compound, age = compounds[stint], lap - 1 - began
            noise = 0.3 * noise + chance.normal(0.0, 0.15)
            beyond = max(0.0, age - cliff_from) if cliff_from is not None and compound == "SOFT" else 0.0
            lap_s = LAP_S + pace[car] + stint_s + noise + OFFSET[compound] + wear[compound] * age + cliff_s * beyond
            lap_s += per_kg * (fuel.start_kg - fuel.kg_per_lap * (lap - 1)) + track * (lap / DISTANCE - 0.5)
            pit_in, pit_out = lap in stops, stint > 0 and age == 0
            lap_s += (8.0 if pit_in else 0.0) + (14.0 if pit_out else 0.0)
            rows.append(
                {
                    "session_key": "2024-01-R",
                    "season": 2024,
                    "round": None,
                    "event": "Made-up Grand Prix",
                    "session": "R",
                    "driver": f"D{car + 1:02d}",
                    "driver_number": number,
                    "team": f"Team {car // 2 + 1}",
                    "lap": lap,
                    "lap_time_s": round(lap_s, 3),
                    "compound": compound,
                    "tyre_life": age + 1,
                    "stint": stint + 1,
                    "fresh_tyre": True,
                    "pit_in": pit_in,
                    "pit_out": pit_out,
                    "track_status": "1",
                    "lap_start_s": t,
                    "lap_end_s": t + lap_s,
                    "generated": False,
                }
            )
            t += lap_s
    truth = Truth({str(i + 1): float(pace[i]) for i in range(CARS)}, wear, per_kg, track, cliff_s)
    return pl.DataFrame(rows, schema=dict(SCHEMA)), truth


def counted(laps: pl.DataFrame) -> pl.DataFrame:
    """The laps judged, those near another car as clean as the rest: in a made-up race nobody costs anybody time."""
    found = judged(laps, None, race=True)
    near = pl.col("verdict").is_in([Verdict.TRAFFIC.value, Verdict.FIGHT.value])
    verdict = pl.when(near).then(pl.lit(Verdict.CLEAN.value)).otherwise(pl.col("verdict"))
    return found.with_columns(verdict.alias("verdict"))


def synthetic_report(laps: pl.DataFrame) -> PaceReport:
    """The report of a made-up race."""
    return race_report(fit_race(counted(laps), race_fuel(2024, DISTANCE, LAP_S, sprint=False), DISTANCE))
