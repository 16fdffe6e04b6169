"""What a championship is made of: results of races, rules of every season since 1950, and the rulings beside them."""

from __future__ import annotations

from overcut.domain.championship.results import Championship, Finish, Race, Season
from overcut.domain.championship.rules import (
    ChampionshipRules,
    Exact,
    FastestLap,
    SeasonRules,
    SharedCar,
    ShortRace,
    Ties,
    Window,
)
from overcut.domain.championship.seasons import FIRST_CONSTRUCTORS_SEASON, FIRST_SEASON, rules_of

__all__ = [
    "FIRST_CONSTRUCTORS_SEASON",
    "FIRST_SEASON",
    "Championship",
    "ChampionshipRules",
    "Exact",
    "FastestLap",
    "Finish",
    "Race",
    "Season",
    "SeasonRules",
    "SharedCar",
    "ShortRace",
    "Ties",
    "Window",
    "rules_of",
]
