"""Does advice follow the race: asked again when something happened, quick enough, and consistent from lap to lap?"""

from __future__ import annotations

import msgspec
import pytest

from overcut.domain.tyres import Compound
from overcut.strategy.model import CarState, Race, TrackState, TrackStatus
from overcut.strategy.model.generic import generic_race
from overcut.strategy.optimiser import CancelledError, Effort, broken_rules
from overcut.strategy.optimiser.live import Advisor, Change, changes

TINY = Effort(8, ((16, 4), (32, 3)), 1, 8, 32, 8)


def running(lap: int, *, track: TrackState | None = None, stopped: tuple[str, ...] = ()) -> Race:
    """Six cars two seconds apart at the end of a lap."""
    race = generic_race(6, 40)
    states = tuple(
        CarState(
            place,
            2.0 * (place - 1),
            Compound.HARD if str(place) in stopped else Compound.MEDIUM,
            0 if str(place) in stopped else lap,
            (Compound.MEDIUM, Compound.HARD) if str(place) in stopped else (Compound.MEDIUM,),
            int(str(place) in stopped),
        )
        for place in range(1, 7)
    )
    return msgspec.structs.replace(race, lap=lap, states=states, track=track or TrackState())


def test_each_thing_that_happens_is_a_reason_and_nothing_is_none() -> None:
    before = running(10)
    assert changes(None, before, "3") == (Change.FIRST,)
    assert changes(before, before, "3") == ()
    assert changes(before, running(11), "3") == (Change.LAP,)
    assert changes(before, running(11, stopped=("2",)), "3") == (Change.RIVAL_STOP, Change.LAP)
    assert changes(before, running(11, stopped=("3",)), "3") == (Change.OWN_STOP, Change.LAP)
    assert changes(before, running(10, track=TrackState(TrackStatus.SC)), "3") == (Change.SC,)
    assert changes(before, running(10, track=TrackState(TrackStatus.VSC)), "3") == (Change.VSC,)
    assert changes(running(10, track=TrackState(TrackStatus.RED)), before, "3") == (Change.GREEN,)
    assert changes(before, running(10, track=TrackState(wetness=0.2)), "3") == (Change.WEATHER,)
    assert changes(before, running(10, track=TrackState(raining=True)), "3") == (Change.WEATHER,)


def test_advice_is_given_once_and_again_when_the_lap_is_over() -> None:
    advisor = Advisor("3", effort=TINY)
    first = list(advisor.advise(running(10)))
    assert first[-1][1].final
    assert first[0][0] == (Change.FIRST,)
    assert list(advisor.advise(running(10))) == []
    again = list(advisor.advise(running(11)))
    assert again[-1][0] == (Change.LAP,)
    assert again[-1][1].lap == 11
    assert advisor.last is again[-1][1]


def test_stops_already_past_are_no_candidates() -> None:
    advisor = Advisor("3", effort=TINY)
    list(advisor.advise(running(10)))
    late = running(30, stopped=("3",))
    answers = [answer for _, answer in advisor.advise(late)]
    for value in answers[-1].plans:
        assert value.plan is None or broken_rules(late, "3", value.plan) == ()


def test_safety_car_in_the_window_calls_the_car_in() -> None:
    advisor = Advisor("3", effort=msgspec.structs.replace(TINY, final_races=128))
    list(advisor.advise(running(18)))
    [*_, (why, answer)] = advisor.advise(running(18, track=TrackState(TrackStatus.SC)))
    assert why == (Change.SC,)
    assert answer.best.stops[0].lap <= 20


def test_cancelled_advice_is_asked_for_again() -> None:
    advisor = Advisor("3", effort=TINY)
    with pytest.raises(CancelledError):
        list(advisor.advise(running(10), lambda: True))
    assert advisor.last is None
    assert list(advisor.advise(running(10)))[-1][1].final
