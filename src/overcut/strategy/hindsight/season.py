"""How well did each team plan its season, and how sure is that?

A team's figure of a race is the mean over its judged cars; its season is the mean over races. Intervals are bootstrap
intervals over races: whole races are drawn with replacement, as what happens in one happens to every car of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.hindsight.answers import (
    SCHEMA_VERSION,
    DriverHindsight,
    MedianTeam,
    Missed,
    RaceHindsight,
    Score,
    SeasonHindsight,
    TeamScore,
)

DRAWS = 4000
LEAST_TEAMS = 3
"""A race with fewer teams judged has no median worth the name."""

Values = NDArray[np.float64]
Figure = Callable[[Missed], float]
Part = Callable[[DriverHindsight], Missed | None]


def season_hindsight(
    season: int, races: Sequence[RaceHindsight], left_out: Sequence[tuple[str, str]] = (), seed: int = 0
) -> SeasonHindsight:
    """The scores of a season's teams.

    Args:
        season: the year. ``races``: its races, looked back at. ``left_out``: keys of others, and why.
        seed: of the bootstrap.
    """
    teams = sorted({car.team for race in races for car in race.drivers if car.judged})
    scores = [_team(team, races, seed) for team in teams]
    scores.sort(key=lambda score: (-score.gained_points.mean, score.team))
    return SeasonHindsight(
        SCHEMA_VERSION,
        season,
        tuple(race.session_key for race in races),
        tuple(left_out),
        tuple(scores),
        median_team(races, _advised, seed),
        median_team(races, _from_grid, seed),
        races[0].assumptions if races else (),
    )


def median_team(races: Sequence[RaceHindsight], part: Part | None = None, seed: int = 0) -> MedianTeam | None:
    """How much a plan of the optimiser's gains on the median team's; None where no race has enough teams.

    Args:
        races: looked back at. ``part``: which gain: by default that of the plan thought over at each caution.
        seed: of the bootstrap.
    """
    chosen = part or _advised
    told = [race for race in races if len(_by_team(race, chosen, _seconds)) >= LEAST_TEAMS]
    if not told:
        return None

    def over(of: Figure, middle: Callable[[Values], float]) -> Values:
        return np.array([middle(np.array(list(_by_team(race, chosen, of).values()))) for race in told])

    seconds = over(_seconds, _median)
    return MedianTeam(
        races=len(told),
        points=bootstrapped(over(_points, _median), seed),
        seconds=bootstrapped(seconds, seed),
        places=bootstrapped(over(_places, _median), seed),
        mean_points=bootstrapped(over(_points, _mean), seed),
        mean_seconds=bootstrapped(over(_seconds, _mean), seed),
        mean_places=bootstrapped(over(_places, _mean), seed),
        better=float(np.mean(seconds > 0)),
    )


def bootstrapped(values: Values, seed: int) -> Score:
    """The mean and its 90 % interval over draws of as many values with replacement."""
    if len(values) == 0:
        return Score(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    means = values[rng.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.05, 0.95))
    return Score(float(values.mean()), float(low), float(high))


def _team(team: str, races: Sequence[RaceHindsight], seed: int) -> TeamScore:
    def score(part: Part, of: Figure) -> Score:
        means: list[float] = []
        for race in races:
            found = [part(car) for car in race.drivers if car.team == team and car.judged]
            values = [of(each) for each in found if each is not None and np.isfinite(of(each))]
            if values:
                means.append(float(np.mean(values)))
        return bootstrapped(np.array(means), seed)

    cars = [sum(car.judged and car.team == team for car in race.drivers) for race in races]
    return TeamScore(
        team=team,
        races=sum(count > 0 for count in cars),
        cars=sum(cars),
        gained_points=score(lambda car: car.gained, lambda missed: missed.points.mean),
        gained_seconds=score(lambda car: car.gained, lambda missed: missed.seconds.mean),
        missed_points=score(lambda car: car.missed, lambda missed: missed.points.mean),
        missed_seconds=score(lambda car: car.missed, lambda missed: missed.seconds.mean),
        advisable_points=score(lambda car: car.advisable, lambda missed: missed.points.mean),
        advisable_seconds=score(lambda car: car.advisable, lambda missed: missed.seconds.mean),
    )


def _by_team(race: RaceHindsight, part: Part, figure: Figure) -> dict[str, float]:
    """Mean of a figure over each team's judged cars."""
    found: dict[str, list[float]] = {}
    for car in race.drivers:
        missed = part(car)
        if missed is not None and np.isfinite(figure(missed)):
            found.setdefault(car.team, []).append(figure(missed))
    return {team: float(np.mean(values)) for team, values in found.items()}


def _advised(car: DriverHindsight) -> Missed | None:
    return car.advisable


def _from_grid(car: DriverHindsight) -> Missed | None:
    return car.foreseeable


def _seconds(missed: Missed) -> float:
    return missed.seconds.mean


def _points(missed: Missed) -> float:
    return missed.points.mean


def _places(missed: Missed) -> float:
    return missed.places.mean


def _median(values: Values) -> float:
    return float(np.median(values))


def _mean(values: Values) -> float:
    return float(np.mean(values))
