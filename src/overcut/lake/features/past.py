"""What earlier races tell of drivers, teams and circuits: one race after another, none before it is run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, takewhile

import msgspec

KEPT = 10
"""How many of a driver's or team's latest races are kept."""

NOT_STARTED = frozenset({"DNS", "DNQ", "DNPQ", "DNP", "EX"})


class Finish(msgspec.Struct, frozen=True, gc=False):
    """One driver's race. ``position`` None: not classified. ``starters``: how many took part."""

    driver: str
    constructor: str
    starters: int
    position: int | None = None
    grid: int | None = None
    points: float = 0.0


class Qualified(msgspec.Struct, frozen=True, gc=False):
    """One driver's qualifying: best times of its parts, ms (``whole``: where it was one session)."""

    driver: str
    constructor: str
    position: int | None = None
    q1_ms: int | None = None
    q2_ms: int | None = None
    q3_ms: int | None = None
    whole_ms: int | None = None

    @property
    def parts(self) -> tuple[int | None, ...]:
        """Times by part, the last first."""
        return self.q3_ms, self.q2_ms, self.q1_ms, self.whole_ms


class GridPlace(msgspec.Struct, frozen=True, gc=False):
    """One driver's place on a starting grid; ``position`` None: from the pit lane. ``penalty``: places lost."""

    driver: str
    constructor: str
    position: int | None = None
    penalty: int = 0


class Course(msgspec.Struct, frozen=True, gc=False):
    """How a race went, from its laps: passes on track between cars next to each other, stops, neutralisations.

    ``car_laps``: laps of all cars. ``neutral_laps``: of these, under a safety car, virtual or real, or a red flag.
    """

    cars: int
    car_laps: int
    passes: int
    stops: int
    safety_cars: int
    neutral_laps: int


class RaceFacts(msgspec.Struct, frozen=True):
    """One race: before it the grid and qualifying, after it the finishes and its course (None where not recorded)."""

    season: int
    round: int
    circuit: str
    finishes: Sequence[Finish] = ()
    qualified: Sequence[Qualified] = ()
    grid: Sequence[GridPlace] = ()
    course: Course | None = None

    def entrants(self) -> dict[str, str]:
        """Who takes part, and for whom; known before the race."""
        told = (*self.finishes, *self.grid, *self.qualified)
        return {entry.driver: entry.constructor for entry in reversed(told)}


class Start(msgspec.Struct, frozen=True, gc=False):
    """One race of one driver as it is remembered."""

    season: int
    round: int
    circuit: str
    finish: Finish
    mate_position: int | None = None
    had_mate: bool = False


class Duel(msgspec.Struct, frozen=True, gc=False):
    """One qualifying of one driver: behind the team mate and the fastest, percent; None where not comparable."""

    season: int
    round: int
    to_mate_pct: float | None
    to_pole_pct: float | None


class Held(msgspec.Struct, frozen=True, gc=False):
    """One race held at a circuit: of those that started, how many retired; who won from where; how far cars moved."""

    season: int
    starters: int
    unclassified: int
    winner_grid: int | None
    moved: float | None
    course: Course | None


class Past:
    """Everything before a race; `learn` adds the race once it is run."""

    def __init__(self) -> None:
        self.starts: dict[str, list[Start]] = {}
        self.wins: dict[str, int] = {}
        self.here: dict[tuple[str, str], list[Start]] = {}
        self.duels: dict[str, list[Duel]] = {}
        self.team_races: dict[str, list[tuple[int, int, list[Finish]]]] = {}
        self.team_duels: dict[str, list[Duel]] = {}
        self.held: dict[str, list[Held]] = {}
        self.race_points: list[tuple[int, int, float]] = []
        self.latest: tuple[int, int] = (0, 0)

    def learn(self, race: RaceFacts) -> None:
        """Add a race that has been run.

        Raises:
            ValueError: it is not later than all races known.
        """
        if (race.season, race.round) <= self.latest:
            raise ValueError(f"{race.season} round {race.round} is not after {self.latest[0]} round {self.latest[1]}")
        self.latest = (race.season, race.round)
        teams: dict[str, list[Finish]] = {}
        for finish in race.finishes:
            teams.setdefault(finish.constructor, []).append(finish)
        for finish in race.finishes:
            mates = [mate for mate in teams[finish.constructor] if mate.driver != finish.driver]
            best = min([mate.position for mate in mates if mate.position is not None], default=None)
            start = Start(race.season, race.round, race.circuit, finish, best, bool(mates))
            self.starts.setdefault(finish.driver, []).append(start)
            self.here.setdefault((finish.driver, race.circuit), []).append(start)
            self.wins[finish.driver] = self.wins.get(finish.driver, 0) + (finish.position == 1)
        for team, finishes in teams.items():
            self.team_races.setdefault(team, []).append((race.season, race.round, finishes))
        self.race_points.append((race.season, race.round, sum([finish.points for finish in race.finishes])))
        self._qualifying(race)
        if race.finishes:
            self.held.setdefault(race.circuit, []).append(_held(race))

    def _qualifying(self, race: RaceFacts) -> None:
        teams: dict[str, list[Qualified]] = {}
        for entry in race.qualified:
            teams.setdefault(entry.constructor, []).append(entry)
        for team, entries in teams.items():
            duels: list[Duel] = []
            for entry in entries:
                mates = [mate for mate in entries if mate.driver != entry.driver]
                to_mate = min([gap for mate in mates if (gap := behind_pct(entry, [mate])) is not None], default=None)
                duel = Duel(race.season, race.round, to_mate, behind_pct(entry, race.qualified))
                self.duels.setdefault(entry.driver, []).append(duel)
                duels.append(duel)
            best = min([duel.to_pole_pct for duel in duels if duel.to_pole_pct is not None], default=None)
            self.team_duels.setdefault(team, []).append(Duel(race.season, race.round, None, best))


class DriverMoment(msgspec.Struct, frozen=True):
    """A driver before a race: all that is past, and for whom the driver drives. ``grid``, ``qualified``: once held."""

    past: Past
    season: int
    round: int
    circuit: str
    driver: str
    constructor: str
    race: RaceFacts

    @property
    def starts(self) -> list[Start]:
        """The driver's races so far, in order."""
        return self.past.starts.get(self.driver, [])

    @property
    def here(self) -> list[Start]:
        """Those at this circuit."""
        return self.past.here.get((self.driver, self.circuit), [])

    @property
    def this_season(self) -> list[Start]:
        """Those of this season, the latest first."""
        return list(takewhile(lambda start: start.season == self.season, reversed(self.starts)))

    @property
    def duels(self) -> list[Duel]:
        """The driver's qualifyings so far, in order."""
        return self.past.duels.get(self.driver, [])


class ConstructorMoment(msgspec.Struct, frozen=True):
    """A constructor before a race."""

    past: Past
    season: int
    constructor: str

    @property
    def races(self) -> list[tuple[int, int, list[Finish]]]:
        """Season, round and finishes of its races so far, in order."""
        return self.past.team_races.get(self.constructor, [])


class CircuitMoment(msgspec.Struct, frozen=True):
    """A circuit before a season."""

    past: Past
    season: int
    circuit: str

    @property
    def held(self) -> list[Held]:
        """Races here in earlier years, in order."""
        return [held for held in self.past.held.get(self.circuit, []) if held.season < self.season]

    @property
    def courses(self) -> list[Course]:
        """The courses of the last five of them that were recorded."""
        return [held.course for held in self.held if held.course is not None][-5:]


def behind_pct(entry: Qualified, others: Sequence[Qualified]) -> float | None:
    """How far ``entry`` was behind the quickest of others, percent, in the last part for which both have times.

    Negative where it was quicker; None where there is no such part.
    """
    for part, own in enumerate(entry.parts):
        if own is None:
            continue
        times = [ms for other in others if (ms := other.parts[part]) is not None]
        if times:
            return (own / min(times) - 1.0) * 100.0
    return None


def _held(race: RaceFacts) -> Held:
    winner = next((finish for finish in race.finishes if finish.position == 1), None)
    moved = [
        abs(finish.grid - finish.position)
        for finish in race.finishes
        if finish.grid is not None and finish.position is not None
    ]
    return Held(
        season=race.season,
        starters=len(race.finishes),
        unclassified=sum([finish.position is None for finish in race.finishes]),
        winner_grid=None if winner is None else winner.grid,
        moved=sum(moved) / len(moved) if moved else None,
        course=race.course,
    )


def newest(values: Iterable[float | None], count: int) -> list[float]:
    """The first ``count`` values that are known, of values that come latest first."""
    return list(islice((value for value in values if value is not None), count))


def mean_of(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values) / len(values) if values else None


def by_driver(race: RaceFacts) -> Mapping[str, GridPlace]:
    """Places of the grid by driver."""
    return {place.driver: place for place in race.grid}
