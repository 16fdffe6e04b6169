"""What hindsight tells: for each driver what was done, what could have been known, what would have been best."""

from __future__ import annotations

import msgspec

from overcut.strategy.model import Plan
from overcut.strategy.optimiser.objectives import Value

SCHEMA_VERSION = 1


class PlanInHindsight(msgspec.Struct, frozen=True):
    """A plan in the race as it came, the others doing what they did.

    ``points``, ``position``, ``time_s`` (race time where it finished): expected, with 90 % intervals of the simulation.
    ``plan`` None: as teams do.
    """

    plan: Plan | None
    told: str
    points: Value
    position: Value
    time_s: Value


class Missed(msgspec.Struct, frozen=True):
    """By how much one plan is better than another, on the same luck; positive: the first is better.

    ``seconds`` over the simulated races that the car finished under both.
    """

    points: Value
    places: Value
    seconds: Value


class DriverHindsight(msgspec.Struct, frozen=True):
    """One driver's race.

    Attributes:
        driver_number, driver, team: who. ``finish``: place at the flag; None where it retired.
        judged: whether the plans were compared; ``why_not`` says why they were not.
        actual: what it did. ``foresight``: the best plan from the grid with safety cars and rain unknown, reacting to
            them as teams do. ``advised``: that plan, thought over at each caution and rain with what was known then.
            ``hindsight``: the best plan for the race as it came. ``usual``: as teams do.
        missed: hindsight against actual. ``foreseeable``: foresight against actual; ``advisable``: advised likewise.
        gained: actual against usual: what the team's decisions were worth.
    """

    driver_number: str
    driver: str
    team: str
    finish: int | None
    judged: bool
    why_not: str = ""
    actual: PlanInHindsight | None = None
    foresight: PlanInHindsight | None = None
    advised: PlanInHindsight | None = None
    hindsight: PlanInHindsight | None = None
    usual: PlanInHindsight | None = None
    missed: Missed | None = None
    foreseeable: Missed | None = None
    advisable: Missed | None = None
    gained: Missed | None = None


class RaceHindsight(msgspec.Struct, frozen=True):
    """A finished race, looked back at.

    Attributes:
        schema_version: of this answer. ``session_key``, ``season``: which. ``races``: simulated of each plan compared.
        seed: of the simulation. ``drivers``: in the order of the flag, then those who retired.
        neutralised, rained: laps of the real race that were.
        assumptions: what it rests on, sentences.
    """

    schema_version: int
    session_key: str
    season: int
    races: int
    seed: int
    drivers: tuple[DriverHindsight, ...]
    neutralised: int
    rained: int
    assumptions: tuple[str, ...]


class Score(msgspec.Struct, frozen=True):
    """A mean over races and its 90 % bootstrap interval, races drawn with replacement."""

    mean: float
    low: float
    high: float


class TeamScore(msgspec.Struct, frozen=True):
    """One team's season.

    Attributes:
        team: which. ``races``: races with a car that was judged. ``cars``: how many cars that were.
        gained_points: a car and race, against what teams usually do in the same race: the strategy score.
        gained_seconds: the same in race time. ``missed_points``, ``missed_seconds``: against the best plan for the
            race as it came. ``advisable_points``, ``advisable_seconds``: against the optimiser's, thought over at each
            caution.
    """

    team: str
    races: int
    cars: int
    gained_points: Score
    gained_seconds: Score
    missed_points: Score
    missed_seconds: Score
    advisable_points: Score
    advisable_seconds: Score


class SeasonHindsight(msgspec.Struct, frozen=True):
    """Strategy scores of a season's teams, the best first.

    Attributes:
        season: the year. ``races``: keys of those looked at; ``left_out``: keys of those that could not be, and why.
        teams: by points gained. ``median_team``: what the optimiser's plan gains on the median team's, thought over at
            each caution; ``median_team_grid``: the plan from the grid, kept.
    """

    schema_version: int
    season: int
    races: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    teams: tuple[TeamScore, ...]
    median_team: MedianTeam | None
    median_team_grid: MedianTeam | None
    assumptions: tuple[str, ...]


class MedianTeam(msgspec.Struct, frozen=True):
    """How much better the optimiser's plan does than the plan of the median team of each race.

    In the race as it came, the others doing what they did: of each race the median over teams of the mean over their
    cars; then the mean over races. ``points`` and ``seconds`` are those medians; ``mean_points``, ``mean_seconds`` and
    ``mean_places`` take each race's mean over teams instead. ``better``: share of races in which the median team's plan
    is slower.
    """

    races: int
    points: Score
    seconds: Score
    places: Score
    mean_points: Score
    mean_seconds: Score
    mean_places: Score
    better: float
