"""Does the what-if say of famous decisions what people who were there said? First-run chances, and every miss.

The questions are in ``famous_what_ifs_list.py``, with how they are judged. Parameters are those of before the race: the
newest fit of a folder, as the walk-forward backtest makes them, else one on the seasons before.

Run: python benchmarks/famous_what_ifs.py --json [--data FOLDER] [--fits FOLDER] [--races N] [--only NAMES] [--details]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import polars as pl

from famous_what_ifs_list import FAMOUS, RACES, SEED, Famous, Neutralised, Side, Stop
from overcut.domain.tyres import Compound
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.backtest import data_of
from overcut.runtime.strategy import StrategyRecord, record_in_lake
from overcut.strategy.fitting import fit
from overcut.strategy.model import Interruption, Outcome, Plan, PlannedStop, Race, Rain, Scenario
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.simulator import simulate
from overcut.strategy.situation.tyres import modern_names
from overcut.strategy.whatif.actual import actual_cars, actual_periods
from overcut.strategy.whatif.answers import Reason
from overcut.strategy.whatif.asking import actual_plan
from overcut.strategy.whatif.traced import traced_car
from overcut.strategy.whatif.why import why

TRACED = 500
FIRST_SEASON = 2018

DATA = Path(os.environ.get("OVERCUT_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


class Verdict(msgspec.Struct, frozen=True):
    """How a question was answered.

    Attributes:
        name, question, driver, side, rival: of the question.
        chance: of the expected side; ``right`` where at least one half.
        place_did, place_instead: mean finishing places; ``place_real``: what it was.
        time_s: mean race time of the alternative against what was done; null where it never finished both.
        ahead_did, ahead_instead: chance to be ahead of the rival, where there is one.
        why: the largest reasons for the difference in time.
        seconds: how long it took. ``failed``: why there is no answer.
    """

    name: str
    question: str
    driver: str
    side: str
    rival: str
    chance: float = 0.0
    right: bool = False
    place_did: float = 0.0
    place_instead: float = 0.0
    place_real: int | None = None
    time_s: float | None = None
    ahead_did: float | None = None
    ahead_instead: float | None = None
    why: tuple[str, ...] = ()
    seconds: float = 0.0
    failed: str = ""


class Asked(NamedTuple):
    """A question ready to be simulated: the race, car and rival by index, and the two scenarios."""

    race: Race
    car: int
    rival: int | None
    scenarios: tuple[Scenario, Scenario]


def parameters_for(lake: Lake, session: str, kept: Path | None) -> ParameterSet:
    """What had been learned before a race; round figures for 2018, when tyres were first told.

    Args:
        lake: whose races are learned from. ``session``: the race's key.
        kept: folder of fits, ``before-KEY.json``: the newest one of before the race is taken. Where it has none, one is
            made on the seasons before, and kept there.
    """
    season = int(session[:4])
    if season <= FIRST_SEASON:
        return ParameterSet()
    known = [] if kept is None else sorted(file for file in kept.glob("before-*.json") if _key(file) <= session)
    if known:
        return ParameterSet.load(known[-1])
    before = f"{season}-01-R"
    found = _before(lake, before)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        found.save(kept / f"before-{before}.json")
    return found


def _key(file: Path) -> str:
    return file.stem.removeprefix("before-")


@lru_cache(maxsize=2)
def _before(lake: Lake, session: str) -> ParameterSet:
    return fit(lake, before=session)


def asked(famous: Famous, record: StrategyRecord, parameters: ParameterSet) -> Asked:
    """The race at the question's lap and its two versions.

    Raises:
        DataMissingError: the driver or the rival is not in the race.
    """
    race = record.race(famous.lap, parameters)
    codes = {car.driver: index for index, car in enumerate(race.cars)}
    for code in (famous.driver, famous.rival or famous.driver):
        if code not in codes:
            raise DataMissingError(f"{code} is not in {famous.session}")
    names = compound_names(famous, record.laps)
    numbers = {car.driver: car.driver_number for car in race.cars}
    happened = {car.driver_number: car for car in record.happened().cars}
    others = {
        number: actual_plan(car, race)
        for number, car in happened.items()
        if number != numbers[famous.driver] and car.finish is not None
    }
    others |= {numbers[code]: plan(stops, names) for code, stops in famous.held}
    rain = tuple(Rain(one.lap, one.laps, one.intensity) for one in famous.rain)
    neutralised = tuple(Interruption(one.kind, one.lap, one.laps) for one in famous.neutralised)
    did, instead = (
        Scenario(
            name=name,
            plans={**others, numbers[famous.driver]: plan(stops, names)},
            interruptions=interruptions,
            rain=rain,
            only_these=True,
        )
        for name, stops, interruptions in (
            ("did", famous.did, neutralised),
            ("instead", famous.instead, () if famous.without else neutralised),
        )
    )
    rival = codes[famous.rival] if famous.rival else None
    return Asked(race, codes[famous.driver], rival, (did, instead))


def compound_names(famous: Famous, laps: pl.DataFrame) -> dict[str, str]:
    """SOFT, MEDIUM or HARD for the names of 2018, as the race's own tyres are read."""
    told = {str(name) for name in laps["compound"].drop_nulls().unique()}
    told |= {stop.compound for stop in (*famous.did, *famous.instead)}
    return modern_names(sorted(told))


def plan(stops: tuple[Stop, ...], names: dict[str, str]) -> Plan:
    return Plan(tuple(PlannedStop(stop.lap, Compound(names.get(stop.compound, stop.compound))) for stop in stops))


def chance_of(famous: Famous, question: Asked, did: Outcome, instead: Outcome) -> float:
    """Of the expected side, over the paired races."""
    if question.rival is not None and famous.side in (Side.AHEAD, Side.BEHIND):
        ahead = float(np.mean(instead.position[:, question.car] < instead.position[:, question.rival]))
        return ahead if famous.side is Side.AHEAD else 1.0 - ahead
    place = instead.position[:, question.car].astype(int) - did.position[:, question.car].astype(int)
    time_s = np.nan_to_num(instead.time_s[:, question.car] - did.time_s[:, question.car], nan=0.0)
    better = (place < 0) | ((place == 0) & (time_s < 0))
    worse = (place > 0) | ((place == 0) & (time_s > 0))
    wanted, other = (better, worse) if famous.side is Side.BETTER else (worse, better)
    # Where both versions come to the very same (the car retires on the same lap), neither side has it.
    return float(np.mean(np.where(wanted, 1.0, np.where(other, 0.0, 0.5))))


def judged(famous: Famous, lake: Lake, races: int, kept: Path | None = None) -> Verdict:
    """Simulate a question and judge it; what cannot be asked is told, and is a miss."""
    began = time.perf_counter()
    verdict = Verdict(famous.name, famous.question, famous.driver, famous.side.value, famous.rival)
    try:
        record = record_in_lake(lake, famous.session)
        if record is None:
            raise DataMissingError(f"{famous.session} is not in the lake")
        question = asked(famous, record, parameters_for(lake, famous.session, kept))
        did, instead = simulate(question.race, question.scenarios, races=races, seed=SEED, traces=min(TRACED, races))
    except OvercutError as error:
        return msgspec.structs.replace(verdict, failed=f"{error.what} {error.why}".strip())
    chance = chance_of(famous, question, did, instead)
    number = question.race.cars[question.car].driver_number
    real = next(car.finish for car in record.happened().cars if car.driver_number == number)
    cars = traced_car(question.race, did, question.car), traced_car(question.race, instead, question.car)
    told = why(question.race, (did, instead), cars)
    reasons: tuple[Reason, ...] = () if told is None else told.reasons
    rival = famous.rival and question.race.cars[question.rival or 0].driver_number
    return msgspec.structs.replace(
        verdict,
        chance=round(chance, 4),
        right=chance >= 0.5,
        place_did=round(float(did.position[:, question.car].mean()), 2),
        place_instead=round(float(instead.position[:, question.car].mean()), 2),
        place_real=real,
        time_s=None if told is None else told.total_s,
        ahead_did=round(did.ahead(number, rival), 4) if rival else None,
        ahead_instead=round(instead.ahead(number, rival), 4) if rival else None,
        why=tuple(f"{reason.seconds:+.1f} s: {reason.words}" for reason in reasons[:4]),
        seconds=round(time.perf_counter() - began, 2),
    )


def listed_as_recorded(famous: Famous, laps: pl.DataFrame) -> list[str]:
    """Where the list and the recorded laps differ: stops of the driver after the lap, and neutralisations."""
    number = str(laps.filter(pl.col("driver") == famous.driver)["driver_number"][0])
    (car,) = actual_cars(laps, (number,), finished=True)
    names = compound_names(famous, laps)
    real = [(stop.lap, stop.compound) for stop in car.stops if stop.lap > famous.lap]
    told = [(stop.lap, names.get(stop.compound, stop.compound)) for stop in famous.did]
    found = [] if real == told else [f"stops {real}, listed {told}"]
    periods = [
        (one.kind, max(one.first_lap, famous.lap + 1), one.last_lap)
        for one in actual_periods(laps, None)
        if one.last_lap > famous.lap
    ]
    listed = [_period(one) for one in famous.neutralised]
    if periods != listed:
        found.append(f"neutralised {periods}, listed {listed}")
    return found


def _period(one: Neutralised) -> tuple[str, int, int]:
    return one.kind, one.lap, one.lap + one.laps - 1


def report(verdicts: list[Verdict]) -> dict[str, object]:
    """As `bars.Report`: how many are right, the mean chance, and the chance of each."""
    answered = [one for one in verdicts if not one.failed]
    right = sum(one.right for one in answered)
    mean = sum(one.chance for one in answered) / max(1, len(answered))
    misses = ", ".join(one.name for one in verdicts if not one.right)
    results: dict[str, object] = {
        "right": {"value": right, "unit": f"of {len(verdicts)}", "note": f"misses: {misses}" if misses else ""},
        "mean_chance": {"value": round(mean, 4), "unit": "probability"},
    }
    for one in verdicts:
        rival = f" {one.rival}" if one.rival else ""
        note = one.failed or f"{one.driver} {one.side}{rival}"
        results[one.name] = {"value": one.chance, "unit": "probability", "note": note}
    return {"bench": "famous_what_ifs", "results": results}


def show(one: Verdict) -> None:
    mark = "FAILED" if one.failed else "right " if one.right else "MISS  "
    rival = f" {one.rival}" if one.rival else ""
    print(f"{mark} {one.chance:6.1%}  {one.name}: {one.driver} {one.side}{rival}. {one.question}")
    if one.failed:
        print(f"        {one.failed}")
        return
    time_s = "" if one.time_s is None else f", {one.time_s:+.1f} s"
    print(f"        mean place {one.place_did} -> {one.place_instead} (really P{one.place_real}){time_s}")
    for reason in one.why:
        print(f"        {reason}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--details", action="store_true", help="with --json: every verdict whole")
    parser.add_argument("--data", type=Path, default=DATA, help="timing/ and history/, or a lake")
    parser.add_argument("--races", type=int, default=RACES, help="of each version")
    parser.add_argument("--only", default="", help="some questions, by name")
    parser.add_argument("--fits", type=Path, help="folder in which the fits are kept from run to run")
    chosen = parser.parse_args()
    wanted = {name for name in chosen.only.split(",") if name}
    verdicts: list[Verdict] = []
    with data_of(chosen.data, Settings()) as lake:
        for famous in FAMOUS:
            if wanted and famous.name not in wanted:
                continue
            verdicts.append(judged(famous, lake, chosen.races, chosen.fits))
            if not chosen.json:
                show(verdicts[-1])
    told = report(verdicts)
    if chosen.details:
        told["verdicts"] = msgspec.to_builtins(verdicts)
    if chosen.json:
        print(json.dumps(told))
    else:
        print(f"{sum(one.right for one in verdicts)} of {len(verdicts)} right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
