"""Races whose tyres, fuel, cars and pit lane are known, as tables of a lake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from overcut.domain.tables import LakeSource
from overcut.lake import Lake

CIRCUITS = {1: ("monza", 80.0, 1.2), 2: ("bahrain", 90.0, 1.0), 3: ("monaco", 75.0, 0.6)}
"""By round: circuit, a lap in seconds, and how it wears tyres against the others."""
SEASONS = (2030, 2031, 2032)
LAPS, CARS = 42, 10
WEAR = {"SOFT": 0.10, "MEDIUM": 0.06, "HARD": 0.04}
OFFSET = {"SOFT": -0.4, "MEDIUM": 0.0, "HARD": 0.3}
SLOPE, STEP, PIT_S, SLOT_S, FIRST_LAP_S = 3.4, 0.15, 21.0, 0.6, 4.0
"""Fuel and evolution over the distance; each car slower than the last by; a clean stop; a grid slot; the start."""
TEAMS = ("mclaren", "ferrari", "williams", "haas", "sauber")
PLANS = (
    (("MEDIUM", 14), ("HARD", LAPS)),
    (("SOFT", 10), ("MEDIUM", 26), ("HARD", LAPS)),
    (("HARD", 22), ("MEDIUM", LAPS)),
    (("SOFT", 12), ("HARD", LAPS)),
    (("MEDIUM", 20), ("SOFT", 32), ("MEDIUM", LAPS)),
)


@dataclass(frozen=True)
class Rows:
    """Rows of one race, by table."""

    laps: list[dict[str, object]]
    stops: list[dict[str, object]]
    entries: list[dict[str, object]]
    results: list[dict[str, object]]


def race(season: int, number: int, *, noise_s: float = 0.12, slower_s: float = 0.0) -> Rows:
    """One race; ``slower_s`` is added to every lap."""
    rng = np.random.default_rng(season * 100 + number)
    _circuit, base, wears = CIRCUITS[number]
    key = f"{season}-{number:02d}-R"
    scale = base / 90.0
    rows = Rows([], [], [], [])
    for car in range(CARS):
        name, team = str(car + 1), TEAMS[car // 2]
        rows.entries.append(_entry(key, name, team))
        rows.results.append(_result(season, number, car))
        clock = 3600.0
        set_number, plan = 1, list(PLANS[(car + number) % len(PLANS)])
        age, drift, last_excess = 0, 0.0, 0.0
        out = False
        for lap in range(1, LAPS + 1):
            tyre, until = plan[set_number - 1]
            drift = 0.8 * drift + 0.05 * rng.normal()
            model = base + scale * (
                STEP * car + OFFSET[tyre] + wears * WEAR[tyre] * age + SLOPE * (LAPS - lap) / LAPS + drift
            )
            excess = 0.0
            time = model + slower_s + scale * noise_s * rng.normal()
            pit_in = lap == until and lap < LAPS
            if lap == 1:
                time += FIRST_LAP_S + SLOT_S * car * 6.0 + 0.3 * rng.normal()  # far apart: everybody in clear air
            if pit_in:
                excess = max(0.0, rng.exponential(0.4))
                time += 0.25 * PIT_S
                rows.stops.append(_stop(key, name, team, lap, clock + time, 18.0 + excess))
            if out:
                time += 0.75 * PIT_S + last_excess
            rows.laps.append(
                {
                    "session_key": key, "season": season, "round": number, "session": "R",
                    "driver": f"D{car:02d}", "driver_number": name, "team": team.title(), "lap": lap,
                    "lap_time_s": time, "compound": tyre, "tyre_life": age + 1, "stint": set_number,
                    "pit_in": pit_in, "pit_out": out, "track_status": "1", "is_accurate": True,
                    "lap_start_s": clock, "lap_end_s": clock + time, "generated": False,
                }
            )  # fmt: skip
            clock += time
            last_excess, out = excess, pit_in
            age += 1
            if pit_in:
                set_number, age, drift = set_number + 1, 0, 0.0
    return rows


def _entry(key: str, number: str, team: str) -> dict[str, object]:
    return {
        "session_key": key, "driver_number": number, "driver": f"D{int(number) - 1:02d}", "team": team.title(),
        "driver_id": f"driver-{number}", "constructor_id": team,
    }  # fmt: skip


def _stop(key: str, number: str, team: str, lap: int, at: float, lane: float) -> dict[str, object]:
    return {
        "session_key": key, "driver_number": number, "team": team.title(), "stop": lap, "lap": lap,
        "pit_in_time_s": at, "pit_lane_s": lane, "track_status": "1",
    }  # fmt: skip


def _result(season: int, number: int, car: int) -> dict[str, object]:
    return {
        "season": season, "round": number, "row": car + 1, "position": car + 1, "position_text": str(car + 1),
        "driver_number": str(car + 1), "driver_id": f"driver-{car + 1}", "constructor_id": TEAMS[car // 2],
        "grid": car + 1, "shared_car": False, "pole": car == 0, "fastest_lap": False, "driver_of_the_day": False,
        "grand_slam": False, "laps": LAPS,
    }  # fmt: skip


def _session(season: int, number: int) -> dict[str, object]:
    return {
        "session_key": f"{season}-{number:02d}-R", "season": season, "round": number, "session": "R",
        "event": "Invented", "circuit_id": CIRCUITS[number][0], "laps": LAPS, "simulated": True,
        "reconstructed": False,
    }  # fmt: skip


def lake_of(folder: Path, seasons: tuple[int, ...] = SEASONS, last: int = 99, *, slower_from: str = "") -> Lake:
    """A lake of these races; of the last season only rounds to ``last``; from ``slower_from`` on all laps are slow."""
    lake = Lake(folder)
    tables: dict[str, list[dict[str, object]]] = {"laps": [], "pit_stops": [], "entries": [], "sessions": []}
    results: dict[int, list[dict[str, object]]] = {}
    for season in seasons:
        for number in CIRCUITS:
            if season == seasons[-1] and number > last:
                continue
            late = bool(slower_from) and f"{season}-{number:02d}-R" >= slower_from
            rows = race(season, number, slower_s=9.0 if late else 0.0)
            tables["laps"] += rows.laps
            tables["pit_stops"] += rows.stops
            tables["entries"] += rows.entries
            tables["sessions"].append(_session(season, number))
            results.setdefault(season, []).extend(rows.results)
    with lake.writing() as writer:
        for name, rows_of in tables.items():
            writer.replace(name, pl.DataFrame(rows_of), source=LakeSource.TABLES)
        for rows_of in results.values():
            writer.replace("results", pl.DataFrame(rows_of), source=LakeSource.F1DB)
    return lake
