"""Is what is asked over API and command line understood, and nonsense refused?"""

from __future__ import annotations

import msgspec
import pytest

from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model.generic import generic_race
from overcut.strategy.optimiser import Objective
from overcut.strategy.optimiser.asking import OptimiseQuestion, question_of
from overcut.strategy.whatif.answers import ActualPeriod
from overcut.strategy.whatif.asking import Happened
from overcut.strategy.whatif.questions import World

RACE = generic_race(4, 30)


def test_question_in_json_becomes_the_search_s() -> None:
    body = (
        b'{"driver":"d02","objective":"chance","place":2,"sets":[{"compound":"HARD","count":1}],"most_stops":2,'
        b'"replies":false}'
    )
    question = question_of(RACE, Happened(), msgspec.json.decode(body, type=OptimiseQuestion))
    assert question.driver == "2"
    assert (question.aim.objective, question.aim.place) == (Objective.CHANCE, 2)
    assert question.limits.sets[0].compound is Compound.HARD
    assert not question.effort.replies


def test_field_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError, match="stopps"):
        msgspec.json.decode(b'{"driver":"1","stopps":2}', type=OptimiseQuestion)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (OptimiseQuestion("ZZZ"), "Nobody in this race"),
        (OptimiseQuestion("1", seed=-1), "is no seed"),
        (OptimiseQuestion("1", place=0), "Place 0"),
        (OptimiseQuestion("1", world=World.AS_IT_WAS), "not known yet"),
    ],
)
def test_nonsense_is_refused(asked: OptimiseQuestion, said: str) -> None:
    with pytest.raises(WrongUsageError, match=said):
        question_of(RACE, Happened(), asked)


def test_race_as_it_was_has_its_cautions_and_no_others() -> None:
    happened = Happened((), (ActualPeriod("SC", 10, 12),), finished=True)
    scenario = question_of(RACE, happened, OptimiseQuestion("1", world=World.AS_IT_WAS)).scenario
    assert scenario.only_these
    assert [(one.kind, one.lap, one.laps) for one in scenario.interruptions] == [("SC", 10, 3)]
