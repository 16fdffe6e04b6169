"""How honest are the fitted figures of pace, and do they agree with what others published?

Fitted on races before 2023, then held against 2023 as it came: each race's own wear, offsets and slope, and each
stint's mean lap, against the forecast with its standard deviation (80 % of them should lie within the central 80 %).
Cars are told race by race, as a new season learns. With ``--published`` the figures of TUM and others in
``OVERCUT_SHARED`` are printed beside ours; they enter nothing.

Needs timed races: the folder of real timing and history (``OVERCUT_SHARED``), or ``--data`` with it or a lake.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.backtest import data_of
from overcut.strategy.fitting.cars import Form, Shown
from overcut.strategy.fitting.pace import LEAST_CAR_LAPS, PaceFit, RaceFit, fit_pace
from overcut.strategy.fitting.race_model import FIGURES
from overcut.strategy.fitting.reading import Recorded, recorded
from overcut.strategy.parameters import ParameterSet, shipped

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("OVERCUT_SHARED", ROOT.parent / "shared")) / "data"
Floats = NDArray[np.float64]
Figure = dict[str, float | str]
WITHIN_80 = 1.2816
_TUM = {"Austin": "austin", "Baku": "baku", "Budapest": "hungaroring", "Catalunya": "catalunya", "Monza": "monza"}


def coverage(standardised: list[float], note: str) -> Figure:
    """How many of the standardised surprises lie within the central 80 %, and how wide they are."""
    values = np.array(standardised)
    inside = float((np.abs(values) < WITHIN_80).mean()) if len(values) else float("nan")
    return {"value": round(inside, 4), "unit": "share", "note": f"{note}; n {len(values)}, sd {values.std():.2f}"}


def figures_held_out(before: PaceFit, later: tuple[RaceFit, ...], season: int) -> dict[str, Figure]:
    """Each race's own figures against those forecast for its circuit."""
    assert before.pool is not None
    surprises: dict[str, list[float]] = {name: [] for name in FIGURES}
    for one in later:
        if one.race.facts.season != season:
            continue
        mean, covariance = before.pool.of((one.race.facts.circuit_id, None))
        weak = np.linalg.inv(covariance * 1e4)
        own_covariance = np.linalg.inv(one.told.information + weak)
        own = own_covariance @ (one.told.score + weak @ mean)
        spread = np.sqrt(np.diag(own_covariance) + np.diag(covariance))
        for place, name in enumerate(FIGURES):
            if own_covariance[place, place] < covariance[place, place]:  # the race itself tells it
                surprises[name].append(float((own[place] - mean[place]) / spread[place]))
    return {f"coverage {name} {season}": coverage(of, "race against forecast") for name, of in surprises.items()}


def stints_held_out(before: PaceFit, later: tuple[RaceFit, ...], season: int) -> Figure:
    """Each stint's mean lap against car, tyres and fuel as forecast; what all cars of a race share is left out."""
    assert before.pool is not None
    noise = before.parameters.noise
    surprises: list[float] = []
    for one in later:
        race = one.race
        if race.facts.season != season:
            continue
        mean, covariance = before.pool.of((race.facts.circuit_id, None))
        left = race.y - race.figures @ one.figures - one.paces.pace[race.car]
        level = float(np.median(left))
        told = race.y - race.figures @ mean - one.paces.pace[race.car]
        means = np.array([told[rows].mean() - level for rows in race.by_set if len(rows) >= 8])
        if len(means) < 5:
            continue
        columns = np.array([race.figures[rows].mean(axis=0) for rows in race.by_set if len(rows) >= 8])
        counts = np.array([len(rows) for rows in race.by_set if len(rows) >= 8], dtype=np.float64)
        own = np.array([_set_variance(count, noise.drift_s, noise.drift_kept, noise.stint_s) for count in counts])
        own += before.parameters.prior.noise_s**2 / counts
        own += np.array([one.paces.sd[race.car[rows[0]]] for rows in race.by_set if len(rows) >= 8]) ** 2
        centred = columns - columns.mean(axis=0)
        total = np.einsum("ij,jk,ik->i", centred, covariance, centred) + own
        surprises += list((means - means.mean()) / np.sqrt(total))
    return coverage(surprises, "stint means within a race, tyres and fuel forecast from before 2023")


def _set_variance(laps: float, drift: float, kept: float, shift: float) -> float:
    """Variance of the mean over a set of shift and drift (first-order autoregression from 0)."""
    n = int(laps)
    weights = np.array([(1.0 - kept ** (n - at)) / (1.0 - kept) if kept < 1.0 else n - at for at in range(n)]) / n
    return shift**2 + drift**2 * float((weights**2).sum())


def cars_held_out(read: Recorded, races: tuple[RaceFit, ...]) -> dict[str, Figure]:
    """Each race's cars against what was thought of them the day before."""
    entries = {(str(row["session_key"]), str(row["driver_number"])): row for row in read.entries.iter_rows(named=True)}
    form, by_season = Form(), dict[int, list[float]]()
    for one in races:
        counts = np.bincount(one.race.car, minlength=len(one.race.cars))
        cars = [
            Shown(
                str(entry["driver"]),
                str(entry["constructor_id"]),
                str(entry["team"]),
                float(one.paces.pace[place]),
                float(one.paces.sd[place]),
                float("nan"),
                int(counts[place]),
            )
            for place, number in enumerate(one.race.cars)
            if counts[place] >= LEAST_CAR_LAPS and (entry := entries.get((one.race.facts.key, number))) is not None
        ]
        if len(cars) >= 3:
            told = form.learn(one.race.facts.key, one.race.facts.season, cars)
            by_season.setdefault(one.race.facts.season, []).extend(told.standardised.tolist())
    return {
        f"coverage car pace {season}": coverage(values, "a race ahead, race by race")
        for season, values in by_season.items()
        if season >= 2021
    }


def published(found: ParameterSet, folder: Path) -> None:
    """Print ours beside others' figures; standard error, for people."""
    say = sys.stderr.write
    for file, key, column, ours in (
        ("tum_track_summary.csv", "track", "fuel_s_per_kg", "fuel, s per kg (90 s lap: 0.030 assumed)"),
        ("tum_track_summary.csv", "track", "pit_total", "TUM pit lane loss (their own definition)"),
        ("pit_loss_by_circuit.csv", "circuitRef", "pit_loss_median_s", "median stop 2012-20"),
    ):
        path = folder / file
        if not path.is_file():
            say(f"{path.name} is absent\n")
            continue
        say(f"\n{ours}\n")
        with path.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                name = _TUM.get(row[key], row[key].lower().replace("_", "-"))
                here = [one for one in found.pace.circuits if one.circuit_id == name]
                if here and row.get(column):
                    say(f"  {name:14s} theirs {float(row[column]):7.3f}   our stop {here[-1].pit.loss_s.mean:6.2f}\n")
    wear = [statistics.mean(one.tyres[place].wear_s.mean for one in found.pace.circuits) for place in range(3)]
    say(f"\nmean wear soft, medium, hard: {wear[0]:.3f} {wear[1]:.3f} {wear[2]:.3f} s per lap\n")
    tyres = folder / "tum_tyre_median_by_season_compound.csv"
    if tyres.is_file():
        with tyres.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                say(f"  TUM {row['season']} {row['compound']}: linear {row['k_1_lin_median']} s per lap\n")


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--data", type=Path, default=DATA, help="timing/ and history/, or a lake")
    parser.add_argument("--published", action="store_true", help="print others' figures beside ours")
    chosen = parser.parse_args()
    if chosen.published:
        shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared")
        published(shipped(), shared / "data/parameters")
    with data_of(chosen.data, Settings()) as lake:
        measured(lake)


def measured(lake: Lake) -> None:
    """Print the report."""
    began, worked = time.perf_counter(), time.process_time()
    read = recorded(lake)
    whole = fit_pace(read)
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    before = fit_pace(recorded(lake, before="2023-01-R"))
    results: dict[str, Figure] = {
        "fit of pace": {"value": round(took, 2), "unit": "s", "bar": 60.0, "note": f"{cpu:.1f} s of processor"},
        **figures_held_out(before, whole.races, 2023),
        "coverage stint means 2023": stints_held_out(before, whole.races, 2023),
        **cars_held_out(read, whole.races),
    }
    sys.stdout.write(json.dumps({"bench": "strategy_fit", "results": results}) + "\n")


if __name__ == "__main__":
    main()
