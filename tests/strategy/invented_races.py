"""Races that never were, as lap tables: cars of known pace, stops at known laps, and a lake with seasons of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.strategy.situation import Entrant, SessionFacts

LAP_S = 90.0
WEAR_S = 0.05
FUEL_S = 0.06
STOP_S = 22.0
ZERO_S = 3600.0


@dataclass
class Car:
    """One invented car: what it is, and what it does."""

    number: str
    pace_s: float = 0.0
    stops: tuple[int, ...] = ()
    retires: int | None = None
    compounds: tuple[str, ...] = ("MEDIUM", "HARD", "SOFT")
    noise_s: float = 0.05
    team: str = ""
    driver: str = ""

    def __post_init__(self) -> None:
        self.team = self.team or f"team-{(int(self.number) + 1) // 2}"
        self.driver = self.driver or f"D{int(self.number):02d}"


@dataclass
class Invented:
    """An invented race."""

    cars: list[Car]
    laps: int = 20
    seed: int = 1
    key: str = "2030-01-R"
    status: dict[int, str] = field(default_factory=dict[int, str])
    """The feed's digits of a lap, for all cars; 1 elsewhere."""
    slow: dict[int, float] = field(default_factory=dict[int, float])
    """Seconds that a lap takes longer, for all cars."""

    def table(self) -> pl.DataFrame:
        """The lap table. Cars drive in free air: they pass through one another."""
        random = Random(self.seed)  # noqa: S311 -- an invented race
        rows = [row for place, car in enumerate(self.cars) for row in self._car(place, car, random)]
        frame = pl.DataFrame(rows, infer_schema_length=None)
        rank = pl.col("lap_end_s").rank("ordinal").over("lap").cast(pl.Int16)
        return frame.with_columns(rank.alias("position")).cast(
            dict.fromkeys(("season", "round", "lap", "tyre_life", "stint"), pl.Int16)
        )

    def _car(self, place: int, car: Car, random: Random) -> list[dict[str, object]]:
        season, round_number = int(self.key[:4]), int(self.key[5:7])
        now, age, stint = ZERO_S, 0, 0
        rows: list[dict[str, object]] = []
        for lap in range(1, (car.retires or self.laps) + 1):
            lap_s = LAP_S + car.pace_s + WEAR_S * age + FUEL_S * (self.laps - lap) + random.gauss(0, car.noise_s)
            lap_s += self.slow.get(lap, 0.0) + (4.0 + 0.3 * place if lap == 1 else 0.0)
            pit_in, pit_out = lap in car.stops, lap - 1 in car.stops
            lap_s += (0.25 * STOP_S if pit_in else 0.0) + (0.75 * STOP_S if pit_out else 0.0)
            start, now, age = now, now + lap_s, age + 1
            rows.append(
                {
                    "session_key": self.key,
                    "season": season,
                    "round": round_number,
                    "session": "R",
                    "driver": car.driver,
                    "driver_number": car.number,
                    "team": car.team,
                    "lap": lap,
                    "lap_time_s": lap_s,
                    "compound": car.compounds[min(stint, len(car.compounds) - 1)],
                    "tyre_life": age,
                    "stint": stint + 1,
                    "pit_in": pit_in,
                    "pit_out": pit_out,
                    "track_status": self.status.get(lap, "1"),
                    "lap_start_s": start,
                    "lap_end_s": now,
                    "generated": False,
                }
            )
            if pit_in:
                age, stint = 0, stint + 1
        return rows

    def facts(self, **changes: object) -> SessionFacts:
        """What is known beside the laps: the grid is the order of ``cars``."""
        entrants = tuple(
            Entrant(car.number, car.driver, car.team, place, qualifying=max(0.0, car.pace_s) / LAP_S)
            for place, car in enumerate(self.cars, start=1)
        )
        told: dict[str, object] = {
            "session_key": self.key,
            "season": int(self.key[:4]),
            "circuit_id": "monza",
            "laps": self.laps,
            "entrants": entrants,
        }
        return SessionFacts(**(told | changes))  # type: ignore[arg-type]


def field_of(cars: int, step_s: float = 0.15, **changes: object) -> list[Car]:
    """Cars of falling pace, numbered from 1; each stops once, at lap 7 to 10."""
    return [
        Car(str(number), step_s * (number - 1), stops=(7 + number % 4,), **changes)  # type: ignore[arg-type]
        for number in range(1, cars + 1)
    ]


def weather(*readings: tuple[float, bool]) -> pl.DataFrame:
    """Readings of (seconds since the feed began, whether rain falls)."""
    return pl.DataFrame(
        {"t_ms": [int(t * 1000) for t, _ in readings], "rainfall": [rain for _, rain in readings]},
        schema={"t_ms": pl.Int64, "rainfall": pl.Boolean},
    )


def messages(*told: tuple[float, str]) -> pl.DataFrame:
    """Messages of race control by (seconds since the feed began, words)."""
    return pl.DataFrame(
        {"t_ms": [int(t * 1000) for t, _ in told], "message": [words for _, words in told], "driver_number": None},
        schema={"t_ms": pl.Int64, "message": pl.String, "driver_number": pl.String},
    )


def statuses(*told: tuple[float, str]) -> pl.DataFrame:
    """Track status by (seconds since the feed began, the feed's digit)."""
    return pl.DataFrame(
        {"t_ms": [int(t * 1000) for t, _ in told], "status": [digit for _, digit in told]},
        schema={"t_ms": pl.Int64, "status": pl.String},
    )


def lake_of_races(folder: Path, races: int, cars: int = 6, laps: int = 12, first: date = date(2031, 3, 1)) -> Lake:
    """A lake with as many invented races, two weeks apart, ten a season, with their results."""
    lake = Lake(folder)
    tables: dict[str, list[pl.DataFrame]] = {}
    random = Random(5)  # noqa: S311 -- invented races
    for index in range(races):
        day = first + timedelta(days=365 * (index // 10) + 14 * (index % 10))
        race = _drawn(f"{day.year}-{index % 10 + 1:02d}-R", cars, laps, random, index)
        for name, frame in _tables(race, day).items():
            tables.setdefault(name, []).append(frame)
    with lake.writing(note="invented") as writer:
        for name, frames in tables.items():
            history = name in {"results", "grids", "qualifying", "races"}
            source = LakeSource.F1DB if history else LakeSource.TABLES
            writer.replace(name, pl.concat(frames, how="diagonal_relaxed"), source=source, origin="invented")
    return lake


def _drawn(key: str, cars: int, laps: int, random: Random, index: int) -> Invented:
    field_now = field_of(cars)
    for car in field_now:
        car.pace_s += random.gauss(0, 0.2)
        car.retires = random.randint(2, laps - 1) if random.random() < 0.08 else None
    field_now.sort(key=lambda car: car.pace_s + random.gauss(0, 0.2))
    return Invented(field_now, laps, seed=index, key=key)


def _tables(race: Invented, day: date) -> dict[str, pl.DataFrame]:
    laps = race.table()
    season, round_number = day.year, int(race.key[5:7])
    ends = laps.group_by("driver_number").agg(pl.col("lap").max(), pl.col("lap_end_s").max())
    order = ends.sort(pl.col("lap"), -pl.col("lap_end_s"), descending=True)
    done = dict(order.select("driver_number", "lap").iter_rows())
    by_number = {car.number: car for car in race.cars}
    here = {"season": season, "round": round_number}
    results = [
        here
        | {
            "row": row,
            "position": row if done[number] == race.laps else None,
            "position_text": str(row) if done[number] == race.laps else "DNF",
            "driver_number": number,
            "driver_id": f"driver-{number}",
            "constructor_id": by_number[number].team,
            "laps": done[number],
        }
        | dict.fromkeys(("shared_car", "pole", "fastest_lap", "driver_of_the_day", "grand_slam"), False)
        for row, number in enumerate(done, start=1)
    ]
    grid = [
        here
        | {"session": "R", "row": place, "position": place, "position_text": str(place), "driver_number": car.number}
        | {"driver_id": f"driver-{car.number}", "constructor_id": car.team}
        for place, car in enumerate(race.cars, start=1)
    ]
    qualifying = [
        one | {"session": "Q", "q1_ms": int(1000 * (LAP_S - 2 + car.pace_s))}
        for one, car in zip(grid, race.cars, strict=True)
    ]
    key = {"session_key": race.key}
    return {
        "laps": laps,
        "sessions": pl.DataFrame(
            [
                key
                | here
                | {"session": "R", "circuit_id": "monza", "date": day, "simulated": False, "reconstructed": True}
            ]
        ),
        "entries": pl.DataFrame(
            [
                key | {"driver_number": car.number, "driver": car.driver, "team": car.team, "constructor_id": car.team}
                for car in race.cars
            ]
        ),
        "results": pl.DataFrame(results, infer_schema_length=None),
        "grids": pl.DataFrame(grid),
        "qualifying": pl.DataFrame(qualifying),
        "races": pl.DataFrame(
            [
                here
                | {
                    "date": day,
                    "circuit_id": "monza",
                    "laps": race.laps,
                    "scheduled_laps": race.laps,
                    "sprint": False,
                    "drivers_decider": False,
                    "constructors_decider": False,
                    "grand_prix_id": "italy",
                    "official_name": "Invented Grand Prix",
                }
            ]
        ),
        "weather": weather((0.0, False), (ZERO_S + 200.0, False)).with_columns(pl.lit(race.key).alias("session_key")),
        "session_status": pl.DataFrame([key | {"t_ms": int(ZERO_S * 1000), "status": "Started"}]),
    }
