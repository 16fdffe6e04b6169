"""What is known of a session so far: its cars, their laps, the order over the line, the flags, the weather."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from typing import TypeVar

from overcut.lake.features.facts import Fact, LapFact, SessionContext, StartFact, TrackFact, WeatherFact
from overcut.lake.features.form import CarForm, form_of, is_green

ItemT = TypeVar("ItemT", int, tuple[int, str], tuple[int, str, int])

NEUTRALISED = frozenset("4567")
"""Safety car, red flag, virtual safety car, virtual safety car ending."""

WEATHER_KEPT_MS = 1_800_000


class CarKnowledge:
    """One car: its laps as known now, and its form, worked out whenever one of its laps came or changed."""

    __slots__ = ("compounds", "form", "green_ms", "laps", "laps_down", "last", "number", "pit_laps")

    def __init__(self, number: str, first: LapFact) -> None:
        self.number = number
        self.laps: dict[int, LapFact] = {}
        self.last = first
        self.laps_down = 0
        self.pit_laps: list[int] = []
        self.green_ms: list[int] = []
        self.compounds: dict[str, int] = {}
        """By compound: on how many laps it was on the car."""
        self.form = CarForm()

    def stops_before(self, lap: int) -> int:
        """Laps that ended in the pits, up to and with ``lap``."""
        return bisect_left(self.pit_laps, lap + 1)


class TrackKnowledge:
    """The flags so far."""

    __slots__ = ("digit", "green_lap", "reds", "safety_cars", "virtual_safety_cars", "yellows")

    def __init__(self) -> None:
        self.digit = ""
        self.safety_cars = 0
        self.virtual_safety_cars = 0
        self.reds = 0
        self.yellows = 0
        self.green_lap: int | None = None
        """Laps that the leader had completed when the last neutralisation ended; None before the first."""

    @property
    def neutralised(self) -> bool:
        """A safety car, a virtual one or a red flag is out."""
        return self.digit in NEUTRALISED

    def begin(self) -> None:
        """The session starts: what flags flew before it are not counted."""
        self.safety_cars = self.virtual_safety_cars = self.reds = self.yellows = 0
        self.green_lap = None

    def change(self, digit: str, leader_lap: int) -> None:
        """The flag changed; the same digit again changes nothing."""
        if digit == self.digit:
            return
        was, self.digit = self.digit, digit
        match digit:
            case "4":
                self.safety_cars += 1
            case "5":
                self.reds += 1
            case "6":
                self.virtual_safety_cars += 1
            case "2":
                self.yellows += 1
            case _:
                pass
        if was in NEUTRALISED and digit not in NEUTRALISED:
            self.green_lap = leader_lap


class SessionKnowledge:
    """Everything that features of a session may look at; changed by one fact at a time, in the order of ``known_ms``.

    Nothing here looks ahead: what a fact has not told is not there.
    """

    def __init__(self, context: SessionContext) -> None:
        self.context = context
        self.cars: dict[str, CarKnowledge] = {}
        self.track = TrackKnowledge()
        self.weather: deque[WeatherFact] = deque()
        self.lines: dict[int, list[tuple[int, str]]] = {}
        """By lap: who crossed the line at its end, and when, in order."""
        self.road: list[tuple[int, str, int]] = []
        """Every crossing of the line by any car on any lap, in order of time."""
        self.clean_ms: list[int] = []
        """Lap times of all green flying laps, sorted."""
        self.leader_lap = 0
        self.known_ms = 0
        self.started = False

    def learn(self, fact: Fact) -> CarKnowledge | None:
        """Take in a fact; the car that it concerns, None where it concerns all."""
        self.known_ms = max(self.known_ms, fact.known_ms)
        if isinstance(fact, LapFact):
            return self._lap(fact)
        if isinstance(fact, TrackFact):
            self.track.change(fact.digit, self.leader_lap)
            return None
        if isinstance(fact, StartFact):
            if not self.started:
                self.started = True
                self.track.begin()
            return None
        self.weather.append(fact)
        while self.weather[0].known_ms < fact.known_ms - WEATHER_KEPT_MS:
            self.weather.popleft()
        return None

    @property
    def median_clean_ms(self) -> int | None:
        """Median of the green flying laps so far (the lower of the middle two)."""
        return self.clean_ms[(len(self.clean_ms) - 1) // 2] if self.clean_ms else None

    def running(self) -> list[CarKnowledge]:
        """Cars that have not fallen silent: the leader has completed at most one lap more than they, beyond those
        that they were down when last seen."""
        leader_lap = self.leader_lap
        return [car for car in self.cars.values() if leader_lap - car.last.lap <= car.laps_down + 1]

    def _lap(self, fact: LapFact) -> CarKnowledge:
        car = self.cars.get(fact.number)
        if car is None:
            car = self.cars[fact.number] = CarKnowledge(fact.number, fact)
        known = car.laps.get(fact.lap)
        if known is not None:
            self._forget(car, known)
        car.laps[fact.lap] = fact
        insort(self.lines.setdefault(fact.lap, []), (fact.end_ms, fact.number))
        insort(self.road, (fact.end_ms, fact.number, fact.lap))
        if fact.lap_ms is not None and is_green(fact):
            insort(self.clean_ms, fact.lap_ms)
            insort(car.green_ms, fact.lap_ms)
        if fact.pit_in:
            insort(car.pit_laps, fact.lap)
        if fact.compound:
            car.compounds[fact.compound] = car.compounds.get(fact.compound, 0) + 1
        self.leader_lap = max(self.leader_lap, fact.lap)
        if fact.lap >= car.last.lap:
            car.last = fact
            if known is None:
                car.laps_down = self.leader_lap - fact.lap
        car.form = form_of(self.context, car.laps, car.last, self.median_clean_ms)
        return car

    def _forget(self, car: CarKnowledge, known: LapFact) -> None:
        _drop(self.lines[known.lap], (known.end_ms, known.number))
        _drop(self.road, (known.end_ms, known.number, known.lap))
        if known.lap_ms is not None and is_green(known):
            _drop(self.clean_ms, known.lap_ms)
            _drop(car.green_ms, known.lap_ms)
        if known.pit_in:
            _drop(car.pit_laps, known.lap)
        if known.compound:
            car.compounds[known.compound] -= 1
            if not car.compounds[known.compound]:
                del car.compounds[known.compound]


def _drop(items: list[ItemT], item: ItemT) -> None:
    del items[bisect_left(items, item)]
