"""How long do all cars' stops of a lap take, and how well are real rejoins and undercuts forecast?

Run: python benchmarks/stop_windows.py --json                                   speed, on invented races
     python benchmarks/stop_windows.py --json --data DIR --from 2023 --to 2025  also the record, on the races in DIR

The record is walk-forward: parameters are fitted on what came before the first race of each half season (at least two
fits a year), and the baseline of duels, a logistic curve over the gap, on the duels of all earlier races.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import DuelKind
from overcut.insights.stops.evidence import REACH_S, DuelCase, RejoinCase, evidence
from overcut.insights.stops.picture import StopSettings, stops_of
from overcut.insights.stops.rejoin import span
from overcut.insights.stops.scoring import LapBook, crps_of
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.backtest import data_of
from overcut.strategy.fitting import fit
from overcut.strategy.model import CarState, Race
from overcut.strategy.model.generic import generic_race
from overcut.strategy.situation import facts_of

DRAWS = 1000
PART = 12
"""Races forecast with one fit."""


def half_way() -> Race:
    """Twenty cars two seconds apart, a third into a race of 57 laps: about when most stop."""
    race = generic_race()
    states = tuple(
        CarState(place, 2.0 * (place - 1), Compound.MEDIUM, tyre_age=19, used=(Compound.MEDIUM,))
        for place in range(1, 21)
    )
    return msgspec.structs.replace(race, lap=19, states=states)


def speed() -> dict[str, dict[str, object]]:
    """CPU and wall seconds of one lap of all 20 cars, after warm-up."""
    found: dict[str, dict[str, object]] = {}
    race = half_way()
    for name, settings in (
        ("20 cars, curves and quick forms", StopSettings(0, 0, threads=1)),
        ("20 cars, simulated, one thread", StopSettings(threads=1)),
    ):
        stops_of(race, settings)
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(3):
            stops_of(race, settings)
        found[f"{name}, CPU"] = {"value": round((time.process_time() - cpu) / 3, 4), "unit": "s"}
        found[f"{name}, wall"] = {"value": round((time.perf_counter() - wall) / 3, 4), "unit": "s"}
    return found


def earlier_duels(lake: Lake, keys: Sequence[str]) -> dict[str, list[tuple[str, float, bool]]]:
    """Kind, gap and outcome of every duel by race."""
    return {
        key: [
            (duel.kind.value, duel.gap_s, duel.ahead) for duel in LapBook(lake.read("laps", units=[key])).duels(REACH_S)
        ]
        for key in keys
    }


def gap_only(told: Sequence[tuple[str, float, bool]], kind: str, gap_s: float) -> float:
    """Chance by a logistic curve over the gap, fitted (with a whiff of ridge) to duels of this kind."""
    mine = [(gap, ahead) for of, gap, ahead in told if of == kind]
    gaps, ahead = np.array([gap for gap, _ in mine]), np.array([float(won) for _, won in mine])

    def loss(at: NDArray[np.float64]) -> float:
        odds = at[0] + at[1] * gaps
        return float(np.sum(np.logaddexp(0.0, odds) - ahead * odds) + 0.05 * at[1] ** 2)

    best = minimize(loss, np.zeros(2), method="BFGS").x
    return float(1.0 / (1.0 + np.exp(-(best[0] + best[1] * gap_s))))


def parts(keys: Sequence[str]) -> Iterator[list[str]]:
    """Races that share a fit: halves of seasons."""
    for season in sorted({key[:4] for key in keys}):
        mine = [key for key in keys if key.startswith(season)]
        for start in range(0, len(mine), PART):
            yield mine[start : start + PART]


def interval(values: Sequence[float], races: Sequence[str]) -> list[float]:
    """Mean with a 95 % interval from drawing races anew."""
    names = sorted(set(races))
    sums: dict[str, tuple[float, int]] = {name: (0.0, 0) for name in names}  # noqa: C420 -- typed
    for value, race in zip(values, races, strict=True):
        total, count = sums[race]
        sums[race] = (total + value, count + 1)
    pairs = np.array([sums[name] for name in names])
    drawn = pairs[np.random.default_rng(1).integers(0, len(names), (DRAWS, len(names)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / np.maximum(1, drawn[:, 1]), [0.025, 0.975])
    return [round(float(np.mean(values)), 4), round(float(low), 4), round(float(high), 4)]


def rejoin_record(cases: Sequence[RejoinCase]) -> dict[str, object]:
    """Scores of the rejoin forecasts, overall and under green, with the arithmetic beside them."""
    found: dict[str, object] = {}
    kinds = {
        "green throughout": [case for case in cases if case.green],
        "neutralised when forecast": [case for case in cases if case.status != "green"],
        "neutralised after the forecast": [case for case in cases if not case.green and case.status == "green"],
    }
    for name, chosen in kinds.items():
        if not chosen:
            continue
        races = [case.session_key for case in chosen]
        scores: dict[str, object] = {"stops": len(chosen), "races": len(set(races))}
        for model in ("simulated", "quick"):
            chances = [np.array(case.simulated if model == "simulated" else case.quick) for case in chosen]
            spans = [span(one) for one in chances]
            right = [float(one.argmax() + 1 == case.place) for one, case in zip(chances, chosen, strict=True)]
            near = [float(abs(one.argmax() + 1 - case.place) <= 1) for one, case in zip(chances, chosen, strict=True)]
            held = [float(low <= case.place <= high) for (low, high), case in zip(spans, chosen, strict=True)]
            crps = [crps_of(one.tolist(), case.place) for one, case in zip(chances, chosen, strict=True)]
            scores[model] = {
                "exact": interval(right, races), "within_one": interval(near, races),
                "cover80": interval(held, races), "crps": interval(crps, races),
            }  # fmt: skip
        errors = [float(abs(case.arithmetic - case.place)) for case in chosen]
        scores["gap and usual loss"] = {
            "exact": interval([float(error == 0) for error in errors], races),
            "within_one": interval([float(error <= 1) for error in errors], races),
            "crps": interval(errors, races),
        }
        found[name] = scores
    return found


def duel_record(cases: Sequence[tuple[DuelCase, float]]) -> dict[str, object]:
    """Brier scores of duels against the gap-only curve, and calibration in three groups."""
    found: dict[str, object] = {}
    for kind in DuelKind:
        chosen = [(case, baseline) for case, baseline in cases if case.kind is kind]
        if not chosen:
            continue
        races = [case.session_key for case, _ in chosen]
        won = [float(case.ahead) for case, _ in chosen]
        brier = {
            "simulated": [(case.simulated - case.ahead) ** 2 for case, _ in chosen],
            "quick": [(case.quick - case.ahead) ** 2 for case, _ in chosen],
            "gap only": [(baseline - case.ahead) ** 2 for case, baseline in chosen],
        }
        told: dict[str, object] = {"duels": len(chosen), "won": interval(won, races)}
        told["brier"] = {name: interval(values, races) for name, values in brier.items()}
        gain = [b - s for b, s in zip(brier["gap only"], brier["simulated"], strict=True)]
        told["brier gained on gap only"] = interval(gain, races)
        chances = np.array([case.simulated for case, _ in chosen])
        order: list[int] = np.argsort(chances, kind="stable").tolist()
        told["calibration"] = [
            {
                "chance": round(float(chances[group].mean()), 3),
                "won": round(float(np.mean([won[at] for at in group])), 3),
                "duels": len(group),
            }
            for group in (order[at * len(order) // 3 : (at + 1) * len(order) // 3] for at in range(3))
            if group
        ]
        found[kind.value] = told
    return found


def record(lake: Lake, first: int, last: int) -> dict[str, object]:
    """Every real stop and duel of these seasons, forecast walk-forward."""
    every = sorted(key for key in lake.units("laps") if key.endswith("-R") and key[:4].isdecimal() and len(key) == 9)
    keys = [key for key in every if first <= int(key[:4]) <= last]
    duels = earlier_duels(lake, [key for key in every if 2019 <= int(key[:4]) <= last])
    rejoins: list[RejoinCase] = []
    fought: list[tuple[DuelCase, float]] = []
    for part in parts(keys):
        parameters = fit(lake, before=part[0])
        for key in part:
            seen = evidence(parameters, facts_of(lake, key), lake.read("laps", units=[key]), StopSettings(200, 0))
            before = [duel for other, told in duels.items() if other < key for duel in told]
            rejoins += seen.rejoins
            fought += [(case, gap_only(before, case.kind.value, case.gap_s)) for case in seen.duels]
            print(key, len(seen.rejoins), len(seen.duels), file=sys.stderr, flush=True)
    return {"rejoins": rejoin_record(rejoins), "duels": duel_record(fought)}


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--data", type=Path, help="timing/ and history/, or a lake: the record as well")
    asked.add_argument("--from", dest="first", type=int, default=2023)
    asked.add_argument("--to", dest="last", type=int, default=2025)
    given = asked.parse_args()
    found: dict[str, object] = {"bench": "stop_windows", "results": speed()}
    if given.data is not None:
        with data_of(given.data, Settings()) as lake:
            found["record"] = record(lake, given.first, given.last)
    print(json.dumps(found, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
