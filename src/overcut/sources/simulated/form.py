"""How quick is everyone this weekend: car and driver pace, with a form drawn anew for each seed.

The standing offsets are our own round numbers, near the gaps of public qualifying results of those seasons (2026: of
its first races); the weekend's form moves teams and drivers about, so that different seeds have different winners.
"""

from __future__ import annotations

from dataclasses import dataclass

from overcut.domain.entries import ENTRIES, Entry
from overcut.sources.simulated.chance import stream

_TEAM_PERCENT: dict[int, dict[str, float]] = {
    2025: {
        "McLaren": 0.00,
        "Red Bull Racing": 0.28,
        "Mercedes": 0.20,
        "Ferrari": 0.22,
        "Williams": 0.62,
        "Racing Bulls": 0.60,
        "Aston Martin": 0.75,
        "Haas F1 Team": 0.85,
        "Kick Sauber": 0.85,
        "Alpine": 1.00,
    },
    2026: {
        "Mercedes": 0.00,
        "Ferrari": 0.15,
        "McLaren": 0.25,
        "Red Bull Racing": 0.40,
        "Haas F1 Team": 0.85,
        "Racing Bulls": 0.90,
        "Alpine": 0.90,
        "Audi": 1.00,
        "Williams": 1.20,
        "Aston Martin": 1.80,
        "Cadillac": 2.10,
    },
}
_DRIVER_PERCENT: dict[str, float] = {
    "VER": -0.28,
    "NOR": -0.05,
    "PIA": -0.03,
    "LEC": -0.12,
    "HAM": 0.02,
    "RUS": -0.10,
    "ANT": 0.06,
    "ALO": -0.10,
    "STR": 0.16,
    "GAS": -0.10,
    "COL": 0.12,
    "OCO": 0.02,
    "BEA": 0.00,
    "ALB": -0.06,
    "SAI": -0.04,
    "HUL": -0.05,
    "BOR": 0.00,
    "TSU": 0.10,
    "HAD": -0.02,
    "LAW": 0.05,
    "LIN": 0.04,
    "PER": 0.02,
    "BOT": 0.00,
}

_RACE_SPREAD = 1.3
"""Gaps over a race distance are wider than over one quick lap."""


@dataclass(frozen=True)
class Form:
    """One car's weekend.

    Attributes:
        team: index of the team. ``race``, ``qualifying``: share of a lap slower than the ideal car, 0.004 = 0.4 %.
        noise: standard deviation of a lap, as a share. ``start_s``: mean reaction of the launch.
        defence, attack: how hard the driver is to pass and how well he passes, about 0 (in logits).
        wear: how hard he is on tyres, about 1. ``stop_s``: the crew's usual stop. ``failure``: odds factor of failing.
    """

    entry: Entry
    team: int
    race: float
    qualifying: float
    noise: float
    start_s: float
    attack: float
    defence: float
    wear: float
    stop_s: float
    failure: float


def weekend_form(season: int, circuit_id: str, seed: int) -> list[Form]:
    """Every entry's form, in the order of the season's entry list."""
    entries = ENTRIES[season]
    teams = list(dict.fromkeys(entry.team.name for entry in entries))
    chance = stream("form", season, circuit_id, seed)
    team_form = {team: chance.gauss(0.0, 0.22) for team in teams}
    long_run = {team: chance.gauss(0.0, 0.12) for team in teams}
    crew = {team: 2.35 + abs(chance.gauss(0.0, 0.15)) for team in teams}
    failure = {team: min(2.5, max(0.4, chance.gauss(1.0, 0.4))) for team in teams}
    forms: list[Form] = []
    for entry in entries:
        team = entry.team.name
        pace = _TEAM_PERCENT[season][team] + team_form[team] + _DRIVER_PERCENT.get(entry.code, 0.0)
        forms.append(
            Form(
                entry=entry,
                team=teams.index(team),
                race=(_RACE_SPREAD * pace + long_run[team] + chance.gauss(0.0, 0.10)) / 100,
                qualifying=(pace + chance.gauss(0.0, 0.12)) / 100,
                noise=0.0016 + abs(chance.gauss(0.0, 0.0005)),
                start_s=0.27 + chance.gauss(0.0, 0.02),
                attack=chance.gauss(0.0, 0.25),
                defence=chance.gauss(0.0, 0.25),
                wear=min(1.2, max(0.8, chance.gauss(1.0, 0.06))),
                stop_s=crew[team],
                failure=failure[team],
            )
        )
    return forms
