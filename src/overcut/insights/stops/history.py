"""Which advice was given when, on what, until when did it hold, and why no longer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from overcut.insights.stops.answers import Action, Cause, Recommendation, Rejoin, StopDuel, StopsAnswer


class Outdated(StrEnum):
    """Why advice no longer holds."""

    STOPPED = "the car came in"
    PASSED = "its lap went by without a stop"
    SAFETY_CAR = "the safety car came out"
    VSC = "the virtual safety car came out"
    RED = "the race was stopped"
    GREEN = "the race went green"
    WEATHER = "the weather changed"
    RIVAL = "a rival stopped"
    LAPS = "newer laps changed the figures"
    OUT = "the car is out of the race"


_BY_CAUSE: Mapping[Cause, Outdated] = {
    Cause.LAP: Outdated.LAPS,
    Cause.STOP: Outdated.RIVAL,
    Cause.SAFETY_CAR: Outdated.SAFETY_CAR,
    Cause.VSC: Outdated.VSC,
    Cause.RED: Outdated.RED,
    Cause.GREEN: Outdated.GREEN,
    Cause.WEATHER: Outdated.WEATHER,
    Cause.ASKED: Outdated.LAPS,
}


class KeptRecommendation(msgspec.Struct, frozen=True):
    """Advice in the history.

    Attributes:
        advice: as first given, with the digest of its inputs.
        position, stops: of the car then.
        confirmed_ms: when later workings-out said the same, in the session's own time.
        outdated: why it no longer holds; None while it does. ``outdated_ms``, ``outdated_lap``: since when.
    """

    advice: Recommendation
    position: int
    stops: int
    confirmed_ms: tuple[int, ...] = ()
    outdated: Outdated | None = None
    outdated_ms: int | None = None
    outdated_lap: int | None = None


class Book:
    """The history of one session's advice, filled in the order of event time.

    Attributes:
        kept: every piece of advice, in order. ``rejoins``: the last forecast of where a car would rejoin, by driver
            number and in-lap; ``duels``: the same by attacker, rival, kind and in-lap of the first to stop.
    """

    def __init__(self) -> None:
        self.kept: list[KeptRecommendation] = []
        self.rejoins: dict[tuple[str, int], Rejoin] = {}
        self.duels: dict[tuple[str, str, str, int], StopDuel] = {}
        self._current: dict[str, int] = {}

    def current(self, driver_number: str) -> KeptRecommendation | None:
        """The advice that holds for a car now."""
        at = self._current.get(driver_number)
        return None if at is None else self.kept[at]

    def as_of(self, t_ms: int) -> list[KeptRecommendation]:
        """The history as it was at a moment: nothing that was said or became outdated later."""
        return [_then(one, t_ms) for one in self.kept if one.advice.t_ms is None or one.advice.t_ms <= t_ms]

    def add(self, answer: StopsAnswer, cause: Cause) -> list[KeptRecommendation]:
        """Take in what was worked out at a moment; what is new for somebody."""
        fresh: list[KeptRecommendation] = []
        for car in answer.cars:
            if car.rejoin is not None:
                self.rejoins[car.driver_number, car.rejoin.lap] = car.rejoin
            for duel in car.duels:
                self.duels[duel.attacker, duel.rival, duel.kind.value, answer.lap + 1] = duel
            if car.recommendation is None:
                continue
            given = KeptRecommendation(car.recommendation, car.position, car.stops)
            if self._take(given, answer, cause):
                fresh.append(given)
        running = {car.driver_number for car in answer.cars}
        for number in sorted(self._current.keys() - running):
            self._mark(number, Outdated.OUT, answer)
        return fresh

    def _take(self, given: KeptRecommendation, answer: StopsAnswer, cause: Cause) -> bool:
        number = given.advice.driver_number
        before = self.current(number)
        if before is not None:
            if before.stops == given.stops and _same(before.advice, given.advice):
                self.kept[self._current[number]] = msgspec.structs.replace(
                    before, confirmed_ms=(*before.confirmed_ms, answer.t_ms or 0)
                )
                return False
            self._mark(number, _why(before, given, answer, cause), answer)
        self._current[number] = len(self.kept)
        self.kept.append(given)
        return True

    def _mark(self, number: str, why: Outdated, answer: StopsAnswer) -> None:
        at = self._current.pop(number)
        self.kept[at] = msgspec.structs.replace(
            self.kept[at], outdated=why, outdated_ms=answer.t_ms, outdated_lap=answer.lap
        )


def _then(kept: KeptRecommendation, t_ms: int) -> KeptRecommendation:
    confirmed = tuple(at for at in kept.confirmed_ms if at <= t_ms)
    if kept.outdated_ms is not None and kept.outdated_ms > t_ms:
        return msgspec.structs.replace(kept, confirmed_ms=confirmed, outdated=None, outdated_ms=None, outdated_lap=None)
    return msgspec.structs.replace(kept, confirmed_ms=confirmed)


def _same(one: Recommendation, other: Recommendation) -> bool:
    return (one.action, one.stop_lap, one.compound) == (other.action, other.stop_lap, other.compound)


def _why(before: KeptRecommendation, given: KeptRecommendation, answer: StopsAnswer, cause: Cause) -> Outdated:
    if given.stops > before.stops:
        return Outdated.STOPPED
    if before.advice.action is not Action.STAY_OUT and (before.advice.stop_lap or 0) <= answer.lap:
        return Outdated.PASSED
    return _BY_CAUSE[cause]


def of_driver(kept: Sequence[KeptRecommendation], driver: str | None) -> list[KeptRecommendation]:
    """Those of one driver, by number or code; all of them when None."""
    if driver is None:
        return list(kept)
    wanted = driver.strip().upper()
    return [one for one in kept if wanted in (one.advice.driver_number, one.advice.driver)]
