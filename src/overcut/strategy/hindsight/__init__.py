"""What a finished race teaches: the best plan of each driver then and in hindsight, and how well teams planned."""

from overcut.strategy.hindsight.answers import (
    DriverHindsight,
    MedianTeam,
    Missed,
    PlanInHindsight,
    RaceHindsight,
    Score,
    SeasonHindsight,
    TeamScore,
)
from overcut.strategy.hindsight.looking_back import LookingBack, look_back, world_of
from overcut.strategy.hindsight.season import median_team, season_hindsight

__all__ = [
    "DriverHindsight",
    "LookingBack",
    "MedianTeam",
    "Missed",
    "PlanInHindsight",
    "RaceHindsight",
    "Score",
    "SeasonHindsight",
    "TeamScore",
    "look_back",
    "median_team",
    "season_hindsight",
    "world_of",
]
