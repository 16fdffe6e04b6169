"""When must a plan be thought over during a race, and how does the last answer help the next one?

The caller keeps one `Advisor` for a car and gives it the race at every lap. What changed since the last time says
whether to ask again; the finalists of the last answer, without the stops already made, are candidates of the next, so
that a plan that is still good is found again and its window follows the race.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from overcut.strategy.model import CarState, Plan, Race, TrackStatus
from overcut.strategy.optimiser.answers import OptimiserAnswer
from overcut.strategy.optimiser.limits import PlanLimits
from overcut.strategy.optimiser.objectives import Aim
from overcut.strategy.optimiser.racing import Cancelled
from overcut.strategy.optimiser.search import LIVE, Effort, Question, optimise

WETTER = 0.05
"""Change of the water on the track that is worth a thought."""


class Change(StrEnum):
    """What happened since the last answer."""

    FIRST = "first answer"
    LAP = "a lap"
    OWN_STOP = "own stop"
    RIVAL_STOP = "a rival's stop"
    SC = "safety car"
    VSC = "virtual safety car"
    RED = "red flag"
    GREEN = "green again"
    WEATHER = "weather"


def changes(before: Race | None, now: Race, driver: str) -> tuple[Change, ...]:
    """What happened between two states of a race, the most pressing first; empty where nothing did."""
    if before is None:
        return (Change.FIRST,)
    found: list[Change] = []
    if now.track.status is not before.track.status:
        found.append(_STATUS[now.track.status])
    if now.track.raining is not before.track.raining or abs(now.track.wetness - before.track.wetness) >= WETTER:
        found.append(Change.WEATHER)
    stops = {car.driver_number: state for car, state in zip(before.cars, before.states, strict=True)}
    stopped = [
        car.driver_number
        for car, state in zip(now.cars, now.states, strict=True)
        if _stopped(stops.get(car.driver_number), state)
    ]
    if driver in stopped:
        found.append(Change.OWN_STOP)
    if any(number != driver for number in stopped):
        found.append(Change.RIVAL_STOP)
    if now.lap != before.lap:
        found.append(Change.LAP)
    return tuple(found)


class Advisor:
    """Keeps the advice for one car up to date.

    Args:
        driver: racing number. ``limits``, ``aim``, ``effort``: as for the search. ``seed``: the first answer's; each
            lap has its own, so that one lap's luck is not the next one's.
    """

    def __init__(
        self,
        driver: str,
        limits: PlanLimits | None = None,
        aim: Aim | None = None,
        effort: Effort = LIVE,
        seed: int = 0,
    ) -> None:
        self._driver, self._seed = driver, seed
        self._limits, self._aim, self._effort = limits or PlanLimits(), aim or Aim(), effort
        self._race: Race | None = None
        self._last: OptimiserAnswer | None = None

    @property
    def last(self) -> OptimiserAnswer | None:
        """The newest final answer; its lap may be past."""
        return self._last

    def advise(
        self, race: Race, cancelled: Cancelled | None = None
    ) -> Iterator[tuple[tuple[Change, ...], OptimiserAnswer]]:
        """Answers for the race as it is now, coarse to sharp, with what made them necessary; none if nothing changed.

        An answer that was cancelled is not remembered, so that the next call asks again.

        Raises:
            WrongUsageError: the car is not in the race any more. NoPlanError: nothing can be done any more.
            CancelledError: the caller no longer wants the answer (the next lap has come).
        """
        why = changes(self._race, race, self._driver)
        if not why:
            return
        question = Question(
            race=race,
            driver=self._driver,
            limits=self._limits,
            aim=self._aim,
            effort=self._effort,
            seed=self._seed + 1000 * race.lap,
            known=self._known(),
        )
        for answer in optimise(question, cancelled):
            if answer.final:
                self._race, self._last = race, answer
            yield why, answer

    def _known(self) -> tuple[Plan, ...]:
        if self._last is None:
            return ()
        return tuple(value.plan for value in self._last.plans if value.plan is not None)


_STATUS = {
    TrackStatus.GREEN: Change.GREEN,
    TrackStatus.SC: Change.SC,
    TrackStatus.VSC: Change.VSC,
    TrackStatus.RED: Change.RED,
}


def _stopped(before: CarState | None, now: CarState) -> bool:
    return before is not None and now.stops > before.stops
