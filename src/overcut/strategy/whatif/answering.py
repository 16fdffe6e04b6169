"""How is a question answered: simulated under one luck, told, compared, explained?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from overcut.strategy.model import Outcome, Race, Scenario
from overcut.strategy.simulator import simulate
from overcut.strategy.whatif.answers import (
    ActualResult,
    ScenarioAnswer,
    SweepAnswer,
    SweepLap,
    WhatIfAnswer,
)
from overcut.strategy.whatif.asking import Happened, driver_number, driver_of, scenarios_of, swept
from overcut.strategy.whatif.moments import moments_of
from overcut.strategy.whatif.questions import STAGES, SweepQuestion, WhatIfQuestion
from overcut.strategy.whatif.telling import ahead_of, driver_answers, fan_of, spread, versus_of
from overcut.strategy.whatif.traced import traced_car
from overcut.strategy.whatif.why import why

TRACED = 250
"""Races that are traced lap by lap for reasons and moments; more would tell the same to a tenth of a second."""
TRACED_SHARE = 0.2
"""Of few races only so many are traced: the first picture shall be quick."""

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def what_if(
    race: Race,
    happened: Happened,
    question: WhatIfQuestion,
    *,
    races: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> WhatIfAnswer:
    """The answer to a question.

    Args:
        race: at the question's lap. ``happened``: what really became of it.
        races: of each scenario for now; the question's when None.
        threads, progress, cancelled: as `simulate`.

    Raises:
        OvercutError: the question cannot be meant, or cannot be simulated; or it was cancelled.
    """
    scenarios = scenarios_of(race, happened, question)
    number = driver_number(race, question.driver)
    count = question.races if races is None else min(races, question.races)
    outcomes = simulate(
        race,
        scenarios,
        races=count,
        seed=question.seed,
        threads=threads,
        traces=min(TRACED, max(1, round(TRACED_SHARE * count))),
        progress=progress,
        cancelled=cancelled,
    )
    told = told_scenarios(race, number, scenarios, outcomes)
    index = _index(race, number)
    ranking = sorted(
        range(len(told)),
        key=lambda one: (-told[one].drivers[index].points.mean, told[one].drivers[index].place.mean, one),
    )
    return WhatIfAnswer(
        session_key=race.session_key,
        lap=race.lap,
        laps=race.circuit.laps,
        driver_number=number,
        driver=driver_of(race, number),
        races=count,
        of=question.races,
        seed=question.seed,
        scenarios=told,
        ranking=tuple(ranking),
        actual=actual_result(race, happened, number),
        parameters=race.provenance,
    )


def stages(question: WhatIfQuestion) -> tuple[int, ...]:
    """After how many races a streamed answer is told, the last one being all of them."""
    return (*(stage for stage in STAGES if stage < question.races), question.races)


def sweep(
    race: Race,
    happened: Happened,
    question: SweepQuestion,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> SweepAnswer:
    """A stop tried on the laps around the asked one; arguments and errors as for `what_if`."""
    laps, scenarios = swept(race, happened, question)
    number = driver_number(race, question.driver)
    index = _index(race, number)
    outcomes = simulate(
        race,
        scenarios,
        races=question.races,
        seed=question.seed,
        threads=threads,
        progress=progress,
        cancelled=cancelled,
    )
    table = race.rules.points
    points = [outcome.points(table) for outcome in outcomes]
    told = [
        SweepLap(
            lap=lap,
            place=spread(outcome.position[:, index].astype(float)),
            points=spread(mine[:, index]),
            versus=versus_of(outcomes[0], outcome, mine - points[0])[index],
        )
        for lap, outcome, mine in zip(laps, outcomes, points, strict=True)
    ]
    best = min(told, key=lambda one: (-one.points.mean, one.place.mean, abs(one.lap - laps[0]), one.lap))
    return SweepAnswer(
        session_key=race.session_key,
        driver_number=number,
        driver=driver_of(race, number),
        stop=question.stop,
        asked_lap=laps[0],
        best=best.lap,
        races=question.races,
        laps=tuple(sorted(told, key=lambda one: one.lap)),
        parameters=race.provenance,
    )


def told_scenarios(
    race: Race, number: str, scenarios: Sequence[Scenario], outcomes: Sequence[Outcome]
) -> tuple[ScenarioAnswer, ...]:
    """Each scenario's answer, the others against the first.

    Args:
        race: where they begin. ``number``: of the asked driver.
        scenarios, outcomes: in the same order, of one seed, with traces.
    """
    index = _index(race, number)
    cars = [traced_car(race, outcome, index) for outcome in outcomes]
    found: list[ScenarioAnswer] = []
    for scenario, outcome, car in zip(scenarios, outcomes, cars, strict=True):
        first = outcomes[0] if found else None
        fan = fan_of(outcome, index)
        found.append(
            ScenarioAnswer(
                name=scenario.name,
                drivers=driver_answers(race, outcome, first),
                ahead=ahead_of(race, outcome, first, index),
                fan=fan,
                neutral_laps=spread(outcome.neutral_laps.astype(float)),
                moments=moments_of(race, outcome, fan, car),
                why=None if first is None else why(race, (first, outcome), (cars[0], car)),
            )
        )
    return tuple(found)


def actual_result(race: Race, happened: Happened, number: str) -> ActualResult:
    """What really became of a driver: the place on the road, before penalties and disqualifications."""
    car = next((one for one in happened.cars if one.driver_number == number), None)
    if car is None or not happened.finished:
        return ActualResult(None, None, () if car is None else car.stops)
    points: float | None = None
    if car.finish is not None:
        table = race.rules.points
        points = float(table[car.finish - 1]) if car.finish <= len(table) else 0.0
    return ActualResult(car.finish, points if car.finish is not None else 0.0, car.stops)


def _index(race: Race, number: str) -> int:
    return next(index for index, car in enumerate(race.cars) if car.driver_number == number)
