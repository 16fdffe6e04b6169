from __future__ import annotations

import msgspec
import pytest

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import (
    Action,
    CarStops,
    Cause,
    PitWindow,
    Recommendation,
    StopReason,
    StopsAnswer,
)
from overcut.insights.stops.history import Book, Outdated, of_driver


def told(lap: int, stop_lap: int | None, *, cause: Cause = Cause.LAP, stops: int = 0, cars: int = 1) -> StopsAnswer:
    """An answer with this advice for each car."""
    action = Action.STAY_OUT if stop_lap is None else Action.STOP_NOW if stop_lap == lap + 1 else Action.STOP_LATER
    advice = Recommendation(
        "1", "ABC", lap, lap * 90_000, cause, action, stop_lap, None if stop_lap is None else stop_lap - lap - 1,
        Compound.HARD, 0.7, StopReason("Because."), (), 0, f"{lap}",
    )  # fmt: skip
    every = tuple(
        CarStops(
            f"{at + 1}", f"AB{at}", at + 1, Compound.MEDIUM, lap, stops, PitWindow(None, None, None, None, 0, None),
            None, (), None, msgspec.structs.replace(advice, driver_number=f"{at + 1}", driver=f"AB{at}"),
        )
        for at in range(cars)
    )  # fmt: skip
    return StopsAnswer("2030-01-R", lap, 40, lap * 90_000, "green", 0.0, every, "")


def kept_after(*answers: StopsAnswer) -> Book:
    book = Book()
    for answer in answers:
        cause = answer.cars[0].recommendation.cause if answer.cars and answer.cars[0].recommendation else Cause.LAP
        book.add(answer, cause)
    return book


def test_same_advice_is_confirmed_and_not_repeated() -> None:
    book = kept_after(told(5, 20), told(6, 20), told(7, 20))
    assert len(book.kept) == 1
    assert book.kept[0].confirmed_ms == (540_000, 630_000)
    assert book.kept[0].outdated is None


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        (told(5, 20), told(6, 24), Outdated.LAPS),
        (told(5, 20), told(5, 6, cause=Cause.SAFETY_CAR), Outdated.SAFETY_CAR),
        (told(5, 20), told(5, 6, cause=Cause.VSC), Outdated.VSC),
        (told(5, 20), told(5, 6, cause=Cause.WEATHER), Outdated.WEATHER),
        (told(5, 6, cause=Cause.SAFETY_CAR), told(5, 20, cause=Cause.GREEN), Outdated.GREEN),
        (told(5, 20), told(5, 22, cause=Cause.STOP), Outdated.RIVAL),
        (told(5, 6), told(6, 7), Outdated.PASSED),
        (told(5, 6), told(6, None, stops=1), Outdated.STOPPED),
        (told(5, 6), told(6, 6, stops=1), Outdated.STOPPED),
        (told(5, 20), told(5, 6, cause=Cause.RED), Outdated.RED),
    ],
)
def test_what_no_longer_holds_is_marked_with_the_reason(first: StopsAnswer, then: StopsAnswer, why: Outdated) -> None:
    book = kept_after(first, then)
    assert [one.outdated for one in book.kept] == [why, None]
    assert book.kept[0].outdated_lap == then.lap
    current = book.current("1")
    assert current is not None
    assert current.advice.lap == then.lap


def test_car_that_is_out_has_no_advice_any_more() -> None:
    book = kept_after(told(5, 20, cars=2), told(6, 20, cars=1))
    assert book.current("2") is None
    assert [one.outdated for one in book.kept] == [None, Outdated.OUT]


def test_history_as_of_a_moment_knows_nothing_later() -> None:
    book = kept_after(told(5, 20), told(6, 20), told(7, 24))
    then = book.as_of(600_000)
    assert len(then) == 1
    assert then[0].outdated is None
    assert then[0].confirmed_ms == (540_000,)
    assert book.as_of(10_000_000) == book.kept
    assert of_driver(book.kept, "ab0") == book.kept
    assert of_driver(book.kept, "1") == book.kept
    assert of_driver(book.kept, "2") == []
