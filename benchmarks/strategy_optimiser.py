"""Is the optimiser right, how fast, and does it plan better than teams did?

In free air: every plan there is of up to three stops, told lap by lap apart from the search, against its answer; and
the simulator with one car and no luck. Rules: every plan shown for random races and limits. Time: the first picture and
a live answer. Hindsight: all races of 2023 to 2025 in the data (``OVERCUT_SHARED`` or ``../shared``, or ``--data``)
with parameters fitted on earlier races only, refitted every few races, or with the shipped ones (``--shipped``).

Run: python benchmarks/strategy_optimiser.py --json [--short] [--data DIR] [--shipped] [--seasons 2023 2024 2025]
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import msgspec
import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.backtest import data_of
from overcut.runtime.hindsight import race_hindsight, races_of
from overcut.runtime.strategy import record_in_lake
from overcut.strategy.fitting import fit
from overcut.strategy.hindsight import LookingBack, MedianTeam, RaceHindsight, median_team, season_hindsight
from overcut.strategy.model import CircuitModel, Estimate, Plan, PlannedStop, Race, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.optimiser import LIVE, PlanLimits, Question, broken_rules, optimise
from overcut.strategy.optimiser.free_air import free_air
from overcut.strategy.optimiser.plans import best_by_order, best_in_free_air
from overcut.strategy.parameters import ParameterSet, shipped
from overcut.strategy.simulator import simulate
from overcut.strategy.whatif.asking import Happened

ROOT = Path(__file__).resolve().parents[1]
DRY = (Compound.SOFT, Compound.MEDIUM, Compound.HARD)
CIRCUITS = ("bahrain", "monaco", "silverstone", "spa-francorchamps", "hungaroring", "suzuka")
FREE_AIR_BAR_S = 0.1
REFIT_EVERY = 5

Values = NDArray[np.float64]


class Figure(TypedDict, total=False):
    """A figure as ``bars.py`` reads it."""

    value: float
    unit: str
    bar: float
    at_most: bool
    note: str


def lap_losses(race: Race) -> dict[Compound, Values]:
    """By compound: expected loss of a lap on a set of each age, told without the search's own code."""
    found: dict[Compound, Values] = {}
    rng = np.random.default_rng(0)
    # A normal by its quantiles: the mean over them is the expectation to a ten-thousandth of a second.
    normal = np.sort(rng.standard_normal(200_001))
    normal -= normal.mean()
    for tyre in race.circuit.tyres:
        ages = np.arange(race.circuit.laps, dtype=np.float64)
        lives = tyre.life_laps.mean + tyre.life_laps.sd * normal
        beyond = np.array([np.maximum(0.0, age - lives).mean() for age in ages])
        worn = tyre.wear_s.mean * ages + tyre.curvature_s.mean * ages**2 + tyre.cliff_s.mean * beyond
        found[tyre.compound] = tyre.offset_s.mean + worn
    return found


def exhaustive(race: Race, most_stops: int) -> tuple[float, int]:
    """Least loss of all plans with two compounds and at most so many stops, any start tyre; and how many there are."""
    loss, laps = lap_losses(race), race.circuit.laps
    pit = race.circuit.pit
    stop_s = pit.loss_s.mean + float(np.mean(pit.excess_s)) + race.cars[0].stop_excess_s
    warm = {tyre.compound: tyre.warm_up_s.mean for tyre in race.circuit.tyres}
    best, count = float("inf"), 0
    for stops in range(1, most_stops + 1):
        chosen = np.array(list(itertools.combinations(range(1, laps), stops)))
        for order in itertools.product(DRY, repeat=stops + 1):
            if len(set(order)) < 2:
                continue
            total = np.full(len(chosen), stops * stop_s + sum(warm[each] for each in order[1:]))
            since = np.zeros(len(chosen), np.int64)
            stint = np.zeros(len(chosen), np.int64)
            tables = np.stack([loss[each] for each in order])
            for lap in range(1, laps + 1):
                total += tables[stint, lap - 1 - since]
                ends = (chosen == lap).any(axis=1)
                stint[ends] += 1
                since[ends] = lap
            best, count = min(best, float(total.min())), count + len(chosen)
    return best, count


def race_at(circuit: CircuitModel) -> Race:
    """One car on its grid at a circuit, on mediums."""
    return msgspec.structs.replace(generic_race(1, circuit.laps), circuit=circuit)


def circuits() -> Iterator[Race]:
    """The generic circuit and some with the shipped parameters."""
    yield generic_race(1)
    for circuit_id in CIRCUITS:
        yield race_at(shipped().circuit(circuit_id, 2024))


def free_air_figures(*, short: bool) -> dict[str, Figure]:
    """How far the search is from the best of all plans, and from the simulator's own best."""
    worst, plans, took = 0.0, 0, list[float]()
    for number, race in enumerate(circuits()):
        stops = 3 if number == 0 and not short else 2
        began = time.perf_counter()
        cost = best_in_free_air(free_air(race, "1", PlanLimits(most_stops=stops))).cost_s
        took.append((time.perf_counter() - began) * 1000)
        least, count = exhaustive(race, stops)
        worst, plans = max(worst, abs(cost - least)), plans + count
    return {
        "free_air_against_exhaustive": {
            "value": round(worst, 6), "unit": "s", "bar": FREE_AIR_BAR_S,
            "note": f"worst of {len(took)} circuits, {plans:,} plans told lap by lap; the search took "
            f"{float(np.median(took)):.1f} ms in the median",
        },
        "free_air_against_simulator": {
            "value": round(in_the_simulator(), 4), "unit": "s", "bar": FREE_AIR_BAR_S,
            "note": "one car without luck: the simulated time of the search's plan over that of the best of 1,500",
        },
    }  # fmt: skip


def in_the_simulator() -> float:
    """By how much the search's plan is slower in the simulator than the best of many."""
    race = without_luck(generic_race(1))
    best = best_in_free_air(free_air(race, "1", PlanLimits(most_stops=2))).plan
    rng = np.random.default_rng(1)
    plans = [best]
    for _ in range(1500):
        count = int(rng.integers(1, 3))
        laps = sorted(int(lap) for lap in rng.choice(np.arange(5, 53), count, replace=False))
        fitted = [DRY[int(k)] for k in rng.integers(0, 3, count)]
        plan = Plan(
            tuple(PlannedStop(lap, each) for lap, each in zip(laps, fitted, strict=True)), DRY[int(rng.integers(0, 3))]
        )
        if not broken_rules(race, "1", plan):
            plans.append(plan)
    # Every one-lap move around the best, where the least difference is.
    for stop, by in itertools.product(range(len(best.stops)), range(-4, 5)):
        stops = list(best.stops)
        stops[stop] = PlannedStop(stops[stop].lap + by, stops[stop].compound)
        plans.append(Plan(tuple(stops), best.start))
    times: list[float] = []
    for start in range(0, len(plans), 64):
        scenarios = [Scenario(plans={"1": plan}, only_these=True) for plan in plans[start : start + 64]]
        times += [float(outcome.time_s[0, 0]) for outcome in simulate(race, scenarios, races=1, seed=1)]
    return times[0] - min(times)


def without_luck(race: Race) -> Race:
    """The race with every chance and doubt taken out."""
    circuit = race.circuit
    tyres = tuple(
        msgspec.structs.replace(
            tyre,
            offset_s=Estimate(tyre.offset_s.mean), wear_s=Estimate(tyre.wear_s.mean),
            life_laps=Estimate(tyre.life_laps.mean), cliff_s=Estimate(tyre.cliff_s.mean),
        )
        for tyre in circuit.tyres
    )  # fmt: skip
    calm = msgspec.structs.replace(
        circuit,
        tyres=tyres,
        lap_s=Estimate(circuit.lap_s.mean),
        fuel_s=Estimate(circuit.fuel_s.mean),
        evolution_s=Estimate(circuit.evolution_s.mean),
        pit=msgspec.structs.replace(circuit.pit, loss_s=Estimate(circuit.pit.loss_s.mean), excess_s=(0.0, 0.0)),
        start=msgspec.structs.replace(circuit.start, spread_s=0.0),
        noise=msgspec.structs.replace(circuit.noise, quantiles=(0.0, 0.0), stint_s=0.0, drift_s=0.0),
        penalties=msgspec.structs.replace(circuit.penalties, per_lap=0.0),
        weather=msgspec.structs.replace(circuit.weather, rain_begins=0.0),
    )
    car = msgspec.structs.replace(race.cars[0], pace_s=Estimate(0.0), noise_s=0.0, retirement_per_lap=0.0)
    return msgspec.structs.replace(race, circuit=calm, cars=(car,))


def speed_figures() -> dict[str, Figure]:
    """How soon there is a first answer, and a live one, for a car in a field of twenty."""
    race = generic_race()
    list(optimise(Question(race, "5", effort=LIVE)))
    first = last = 0.0
    began, cpu, simulated = time.perf_counter(), time.process_time(), 0
    for answer in optimise(Question(race, "5", effort=LIVE, threads=1)):
        first = first or time.perf_counter() - began
        last, simulated = time.perf_counter() - began, answer.stage.simulated
    cpu = time.process_time() - cpu
    return {
        "first_answer": {"value": round(first * 1000, 1), "unit": "ms", "bar": 100.0, "note": "free air, exact"},
        "live_answer": {
            "value": round(last, 2), "unit": "s", "bar": 30.0,
            "note": f"final, with rivals' replies and window: {simulated:,} races, {cpu:.1f} s of CPU; a lap is 90 s",
        },
    }  # fmt: skip


def rule_figures() -> dict[str, Figure]:
    """How many plans break a rule, of all orders of tyres that the search finishes, over random states of races."""
    rng = np.random.default_rng(4)
    broken = plans = 0
    for _ in range(60):
        race = generic_race(1, int(rng.integers(5, 70)))
        race = msgspec.structs.replace(race, lap=int(rng.integers(0, race.circuit.laps - 2)))
        limits = PlanLimits(most_stops=int(rng.integers(1, 5)), least_stint=int(rng.integers(1, 4)))
        for each in best_by_order(free_air(race, "1", limits)):
            plans += 1
            broken += bool(broken_rules(race, "1", each.plan, limits))
    return {"broken_rules": {"value": broken, "unit": "plans", "bar": 0, "note": f"of {plans:,}"}}


def hindsight_figures(
    lake: Lake, seasons: list[int], *, walk_forward: bool, races: int, cars: int
) -> dict[str, Figure]:
    """How much the optimiser's plans gain on the median team's over all races of the seasons."""
    how, found, left = LookingBack(races=races), list[RaceHindsight](), list[str]()
    parameters: ParameterSet | None = None
    for number, key in enumerate(key for season in seasons for key in races_of(lake, season)):
        if walk_forward and number % REFIT_EVERY == 0:
            parameters = fit(lake, before=key)
        record = record_in_lake(lake, key)
        if record is None:
            continue
        try:
            found.append(race_hindsight(record, how, parameters=parameters, drivers=some_cars(record.happened(), cars)))
        except OvercutError as error:
            left.append(f"{key} ({error.what})")
            continue
        sys.stderr.write(f"{key}: {msgspec.json.encode(median_team(found)).decode()}\n")
    fitted = f"fitted on earlier races only, every {REFIT_EVERY} races" if walk_forward else "shipped"
    told = (
        f"parameters {fitted}; at most {cars} cars of each race, evenly over the finishers; "
        f"left out: {', '.join(left) or 'none'}"
    )
    return {
        **median_figures("advised", median_team(found), told),
        **median_figures("grid", season_hindsight(0, found).median_team_grid, told),
    }


def some_cars(happened: Happened, most: int) -> list[str]:
    """At most so many of those who finished, evenly from the first to the last."""
    finished = sorted((car for car in happened.cars if car.finish is not None), key=lambda car: car.finish or 0)
    chosen = np.unique(np.linspace(0, len(finished) - 1, min(most, len(finished))).round().astype(int))
    return [finished[int(index)].driver_number for index in chosen]


def median_figures(which: str, median: MedianTeam | None, told: str) -> dict[str, Figure]:
    """The gains on the median team."""
    if median is None:
        return {}
    plan = "thought over at each caution" if which == "advised" else "from the grid and kept"
    found: dict[str, Figure] = {}
    for unit, score, mean in (
        ("s", median.seconds, median.mean_seconds),
        ("points", median.points, median.mean_points),
        ("places", median.places, median.mean_places),
    ):
        figure: Figure = {"value": round(score.mean, 3), "unit": unit}
        if which == "advised" and unit != "places":
            figure |= {"bar": 0.0, "at_most": False}
        figure["note"] = (
            f"the optimiser's plan {plan} over the median team's, a car and race, in the race as it came; 90 %: "
            f"{score.low:.3f} to {score.high:.3f}; over the mean team {mean.mean:.3f} ({mean.low:.3f} to "
            f"{mean.high:.3f}); {median.races} races, better in {median.better:.0%}; {told}"
        )
        found[f"{which}_over_median_team_{unit}"] = figure
    return found


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--short", action="store_true", help="without hindsight")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("OVERCUT_SHARED", ROOT.parent / "shared")) / "data",
        help="timing/ and history/, or a lake",
    )  # fmt: skip
    parser.add_argument("--shipped", action="store_true", help="hindsight with the shipped parameters")
    parser.add_argument("--seasons", type=int, nargs="+", default=[2023, 2024, 2025])
    parser.add_argument("--races", type=int, default=512, help="of each plan compared in hindsight")
    parser.add_argument("--cars", type=int, default=20, help="at most so many of each race in hindsight")
    parser.add_argument("--hindsight", action="store_true", help="nothing but hindsight")
    chosen = parser.parse_args()
    results: dict[str, Figure] = {}
    if not chosen.hindsight:
        results |= free_air_figures(short=chosen.short) | rule_figures() | speed_figures()
    if not chosen.short and chosen.data.is_dir():
        with data_of(chosen.data, Settings()) as lake:
            results |= hindsight_figures(
                lake, chosen.seasons, walk_forward=not chosen.shipped, races=chosen.races, cars=chosen.cars
            )
    sys.stdout.write(json.dumps({"bench": "strategy_optimiser", "results": results}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
