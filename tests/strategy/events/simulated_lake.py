"""A lake of races that our own simulator drove, with parameters that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.strategy.model import Estimate, Interruption, Outcome, Race, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import simulate

ZERO_S = 3600.0
LAPS, CARS = 40, 16
EASY, HARD = -1.0, -5.0
CIRCUITS = {"baku": EASY, "monaco": HARD}
SC_LAP, SC_LAPS = 12, 4


@dataclass(frozen=True)
class Driven:
    """A race of ours: key, circuit, and what was simulated."""

    key: str
    circuit_id: str
    race: Race
    outcome: Outcome
    number: int
    safety_car: bool


def race_at(intercept: float) -> Race:
    """A race of cars near each other, at a circuit where passing is as hard as that."""
    race = generic_race(CARS, LAPS, 0.06)
    circuit = race.circuit
    known = msgspec.structs.replace(
        circuit,
        lap_s=Estimate(90.0),
        traffic=msgspec.structs.replace(
            circuit.traffic, pass_intercept=Estimate(intercept), dirty_air_s=Estimate(0.2), train=0.0
        ),
    )
    cars = tuple(
        msgspec.structs.replace(
            car,
            pace_s=Estimate(((7 * place) % CARS) * 0.06),
            retirement_per_lap=0.004,
            noise_s=0.25,
            wear=Estimate(1.0),
        )
        for place, car in enumerate(race.cars)
    )
    return msgspec.structs.replace(race, circuit=known, cars=cars)


def driven(rounds: int, seed: int = 5) -> list[Driven]:
    """Races in turn at the circuits; every third has a safety car that a race director called for."""
    found: list[Driven] = []
    for circuit_id, intercept in CIRCUITS.items():
        race = race_at(intercept)
        called = Scenario("called", interruptions=(Interruption("SC", SC_LAP, SC_LAPS),), only_these=True)
        outcomes = simulate(
            race, (Scenario("green", only_these=True), called), races=rounds, traces=rounds, seed=seed, threads=1
        )
        for number in range(rounds):
            place = 2 * number + list(CIRCUITS).index(circuit_id) + 1
            with_car = number % 3 == 2
            found.append(Driven(f"2030-{place:02d}-R", circuit_id, race, outcomes[int(with_car)], number, with_car))
    return sorted(found, key=lambda one: one.key)


def lap_table(one: Driven) -> pl.DataFrame:
    """Its laps as the lake has them."""
    at = one.outcome.traces[one.number].astype(float) / 1000.0
    stops = one.outcome.trace_stops[one.number]
    compounds = [tyre.compound.value for tyre in one.race.circuit.tyres]
    rows: list[dict[str, object]] = []
    for column, (car, state) in enumerate(zip(one.race.cars, one.race.states, strict=True)):
        before, age, stint, compound, pitted = 0.0, 0, 1, state.compound.value, False
        for lap in range(LAPS):
            end = at[lap, column]
            if not before < end < 20_000:
                break
            age += 1
            pit = int(stops[lap, column])
            slow = one.safety_car and SC_LAP <= lap + 1 < SC_LAP + SC_LAPS
            rows.append(
                {
                    "session_key": one.key, "season": 2030, "round": int(one.key[5:7]), "session": "R",
                    "driver": car.driver, "driver_number": car.driver_number, "team": car.team, "lap": lap + 1,
                    "lap_time_s": end - before, "compound": compound, "tyre_life": age, "stint": stint,
                    "fresh_tyre": True, "pit_in": pit > 0, "pit_out": pitted, "track_status": "4" if slow else "1",
                    "is_accurate": lap > 0 and not pit and not pitted and not slow,
                    "lap_start_s": ZERO_S + before, "lap_end_s": ZERO_S + end, "generated": False,
                }
            )  # fmt: skip
            before, pitted = end, pit > 0
            if pit:
                compound, age, stint = compounds[pit - 1], 0, stint + 1
    return pl.DataFrame(rows, infer_schema_length=None)


def results_table(one: Driven, laps: pl.DataFrame) -> pl.DataFrame:
    """Who finished and who did not."""
    done = dict(laps.group_by("driver_number").agg(pl.col("lap").max()).iter_rows())
    rows = [
        {
            "season": 2030, "round": int(one.key[5:7]), "row": place + 1, "driver_number": car.driver_number,
            "position": None if one.outcome.retired[one.number, place] else place + 1,
            "position_text": "DNF" if one.outcome.retired[one.number, place] else str(place + 1),
            "driver_id": f"driver-{car.driver_number}", "constructor_id": f"team-{(place // 2) + 1}",
            "laps": done.get(car.driver_number, 0), "shared_car": False, "pole": place == 0, "fastest_lap": False,
            "driver_of_the_day": False, "reason_retired": None,
        }
        for place, car in enumerate(one.race.cars)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def write_lake(folder: Path, races: list[Driven]) -> Lake:
    """The races in a lake: sessions, laps, entries, neutralisations, messages, weather and results."""
    laps = {one.key: lap_table(one) for one in races}
    entries = [
        {
            "session_key": one.key, "driver_number": car.driver_number, "driver": car.driver, "team": car.team,
            "driver_id": f"driver-{car.driver_number}", "constructor_id": f"team-{(place // 2) + 1}",
        }
        for one in races
        for place, car in enumerate(one.race.cars)
    ]  # fmt: skip
    sessions = [
        {
            "session_key": one.key, "season": 2030, "round": int(one.key[5:7]), "session": "R", "laps": LAPS,
            "circuit_id": one.circuit_id, "date": date(2030, 3, 1) + timedelta(weeks=int(one.key[5:7])),
            "simulated": False, "reconstructed": True,
        }
        for one in races
    ]  # fmt: skip
    lake = Lake(folder)
    with lake.writing() as writer:
        writer.replace("sessions", pl.DataFrame(sessions), source=LakeSource.TABLES)
        writer.replace("entries", pl.DataFrame(entries), source=LakeSource.TABLES)
        writer.replace("laps", pl.concat(laps.values()), source=LakeSource.TABLES)
        writer.replace("neutralisations", _flags(races, laps), source=LakeSource.TABLES)
        writer.replace("race_control", _messages(races), source=LakeSource.TABLES)
        writer.replace("weather", _weather(races), source=LakeSource.TABLES)
        writer.replace(
            "results", pl.concat([results_table(one, laps[one.key]) for one in races]), source=LakeSource.F1DB
        )
    return lake


def _flags(races: list[Driven], laps: dict[str, pl.DataFrame]) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for one in races:
        if not one.safety_car:
            continue
        leader = laps[one.key].group_by("lap").agg(pl.col("lap_end_s").min()).sort("lap")["lap_end_s"].to_list()
        rows.append(
            {
                "session_key": one.key, "kind": "SC", "start_ms": int(leader[SC_LAP - 2] * 1000) + 500,
                "end_ms": int(leader[SC_LAP + SC_LAPS - 2] * 1000), "start_lap": SC_LAP,
                "end_lap": SC_LAP + SC_LAPS - 1,
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _messages(races: list[Driven]) -> pl.DataFrame:
    words = (
        "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 3 (D03) - TRACK LIMITS",
        "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 4 (D04) - CAUSING A COLLISION",
        "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 3 (D03) SERVED",
    )
    rows = [
        {"session_key": one.key, "message_number": n + 1, "t_ms": 4_000_000, "category": "Other", "message": text}
        for one in races
        for n, text in enumerate(words)
    ]
    return pl.DataFrame(rows)


def _weather(races: list[Driven]) -> pl.DataFrame:
    rows = [
        {"session_key": one.key, "t_ms": minute * 60_000, "rainfall": False} for one in races for minute in range(150)
    ]
    return pl.DataFrame(rows)
