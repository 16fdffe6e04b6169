"""What a feature of a car, a pair or a lap of the session is worked out from: one instant, and who is where in it."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from overcut.lake.features.facts import LapFact
from overcut.lake.features.knowledge import CarKnowledge, SessionKnowledge

CLOSE_MS = 1_500
"""A car this far behind another feels its wake."""
NEAR_MS = 3_000
RECENT_STOP_LAPS = 2


class Field(NamedTuple):
    """The cars still running, counted.

    Attributes:
        running: how many. ``stopped``: of them, with at least one stop. ``stops``: all their stops.
        recent: how many ended one of their last `RECENT_STOP_LAPS` laps in the pits.
        ages: sum of tyre ages over ``aged`` cars whose tyre age is known.
        last_laps: the last lap times that were green, ms, sorted.
    """

    running: int
    stopped: int
    stops: int
    recent: int
    ages: int
    aged: int
    last_laps: list[int]

    @property
    def median_last_s(self) -> float | None:
        """Median of the cars' last green laps (the lower of the middle two)."""
        return self.last_laps[(len(self.last_laps) - 1) // 2] / 1000 if self.last_laps else None


class CarMoment:
    """One car as it has just completed a lap.

    Attributes:
        session, car, lap: what is known, whose features, its latest lap.
        ahead, behind: the cars next to it: ahead at this line, behind at the line before (who is behind now has not
            crossed it yet). None in timed sessions and where there is nobody.
        ahead_ms, behind_ms: the gaps to them; None likewise.
    """

    __slots__ = (
        "ahead", "ahead_ms", "behind", "behind_ms", "car", "close", "field", "is_race", "lap", "leader_ms", "near",
        "session",
    )  # fmt: skip

    def __init__(self, session: SessionKnowledge, car: CarKnowledge, field: Field | None = None) -> None:
        self.session = session
        self.car = car
        self.lap = lap = car.last
        self.ahead: CarKnowledge | None = None
        self.behind: CarKnowledge | None = None
        self.ahead_ms: int | None = None
        self.behind_ms: int | None = None
        self.leader_ms: int | None = None
        self.close = self.near = 0
        self.field = field_of(session) if field is None else field
        self.is_race = session.context.is_race
        if self.is_race:
            self._place(lap)
            self.close, self.near = _traffic(session, lap)

    def _place(self, lap: LapFact) -> None:
        line = self.session.lines[lap.lap]
        place = bisect_left(line, (lap.end_ms, lap.number))
        self.leader_ms = lap.end_ms - line[0][0]
        if place:
            end_ms, number = line[place - 1]
            self.ahead, self.ahead_ms = self.session.cars[number], lap.end_ms - end_ms
        before = self.car.laps.get(lap.lap - 1)
        if before is None:
            return
        line = self.session.lines[before.lap]
        place = bisect_left(line, (before.end_ms, before.number)) + 1
        if place < len(line):
            end_ms, number = line[place]
            self.behind, self.behind_ms = self.session.cars[number], end_ms - before.end_ms

    def gap_ms(self, other: CarKnowledge, laps_ago: int) -> int | None:
        """The gap to another car at the line some laps ago: positive where it was ahead; None where not known."""
        return gap_ms(self.car, other, self.lap.lap - laps_ago)

    @property
    def remaining(self) -> int | None:
        """Laps still to go by the announced distance; None where that is not known."""
        laps = self.session.context.laps
        return None if laps is None else max(0, laps - self.lap.lap)


class PairMoment:
    """Two cars in adjacent places as the one behind has just completed a lap that the one ahead has completed too."""

    __slots__ = ("ahead", "behind", "gap_ms")

    def __init__(self, behind: CarMoment, ahead: CarKnowledge, ms: int) -> None:
        self.behind = behind
        self.ahead = ahead
        self.gap_ms = ms

    @property
    def ahead_lap(self) -> LapFact:
        """The lap that the car ahead completed before the one behind did; its later ones are not compared."""
        return self.ahead.laps[self.behind.lap.lap]


class SessionMoment:
    """The session as its first car has just completed a lap."""

    __slots__ = ("field", "lap", "session")

    def __init__(self, session: SessionKnowledge, lap: LapFact, field: Field | None = None) -> None:
        self.session = session
        self.lap = lap
        self.field = field_of(session) if field is None else field


def gap_ms(car: CarKnowledge, other: CarKnowledge, lap: int) -> int | None:
    """By how much ``other`` was ahead of ``car`` at the end of ``lap``; None where either did not complete it."""
    mine, theirs = car.laps.get(lap), other.laps.get(lap)
    return None if mine is None or theirs is None else mine.end_ms - theirs.end_ms


def laps_within(car: CarKnowledge, other: CarKnowledge, lap: int, limit_ms: int) -> int:
    """For how many laps in a row up to ``lap`` the car has been at most ``limit_ms`` behind the other."""
    count = 0
    while (ms := gap_ms(car, other, lap - count)) is not None and 0 <= ms <= limit_ms:
        count += 1
    return count


def field_of(session: SessionKnowledge) -> Field:
    """The cars still running, counted."""
    running = stopped = stops = recent = ages = aged = 0
    last_laps: list[int] = []
    for car in session.running():
        last, made = car.last, len(car.pit_laps)
        running += 1
        if made:
            stops += made
            stopped += 1
            recent += last.lap - car.pit_laps[-1] < RECENT_STOP_LAPS
        age, lap_ms, clean = last.age, last.lap_ms, car.form.clean
        if age is not None:
            ages, aged = ages + age, aged + 1
        if clean and clean[-1] is last and lap_ms is not None:
            last_laps.append(lap_ms)
    last_laps.sort()
    return Field(running, stopped, stops, recent, ages, aged, last_laps)


def _traffic(session: SessionKnowledge, lap: LapFact) -> tuple[int, int]:
    """How many other cars passed the line at racing speed within `CLOSE_MS` and `NEAR_MS` before this car did."""
    close = near = 0
    road = session.road
    at = bisect_left(road, (lap.end_ms, lap.number, lap.lap)) - 1
    while at >= 0 and lap.end_ms - road[at][0] <= NEAR_MS:
        end_ms, number, other = road[at]
        if not session.cars[number].laps[other].pit_in:
            near += 1
            close += lap.end_ms - end_ms <= CLOSE_MS
        at -= 1
    return close, near
