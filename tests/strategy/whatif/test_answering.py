"""Whole answers: the same question, the same bytes; every plan in one table; the stop on other laps."""

from __future__ import annotations

import msgspec
import pytest
from tests.strategy.whatif.asked import LAP, happened, planned, race_at

from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError
from overcut.strategy.whatif.answering import stages, sweep, what_if
from overcut.strategy.whatif.answers import WhatIfAnswer
from overcut.strategy.whatif.questions import PlanAsked, ScenarioAsked, SweepQuestion, WhatIfQuestion

QUESTION = WhatIfQuestion(
    LAP,
    "D02",
    (
        ScenarioAsked("as it was", plans={"D02": PlanAsked()}),
        ScenarioAsked("never", plans={"D02": planned()}),
        ScenarioAsked("both", plans={"D02": planned((15, Compound.HARD), (24, Compound.SOFT))}),
    ),
    races=100,
    seed=4,
)


@pytest.fixture(scope="module")
def told() -> WhatIfAnswer:
    return what_if(race_at(), happened(), QUESTION, threads=1)


def test_same_question_gives_the_same_bytes_on_any_number_of_threads(told: WhatIfAnswer) -> None:
    again = what_if(race_at(), happened(), QUESTION, threads=2)
    assert msgspec.json.encode(again) == msgspec.json.encode(told)


def test_answer_survives_its_own_json(told: WhatIfAnswer) -> None:
    assert msgspec.json.decode(msgspec.json.encode(told), type=WhatIfAnswer) == told


def test_answer_says_what_was_asked_and_what_happened(told: WhatIfAnswer) -> None:
    assert (told.session_key, told.lap, told.laps, told.driver, told.races, told.of) == (
        "2030-01-R", LAP, 30, "D02", 100, 100,
    )  # fmt: skip
    assert [scenario.name for scenario in told.scenarios] == ["as it was", "never", "both"]
    assert (told.actual.place, told.actual.points) == (2, 18.0)
    assert [stop.lap for stop in told.actual.stops] == [15]


def test_first_scenario_is_compared_with_nothing_and_the_others_with_it(told: WhatIfAnswer) -> None:
    first, *rest = told.scenarios
    assert first.why is None
    assert all(driver.versus is None for driver in first.drivers)
    assert all(rival.change is None for rival in first.ahead)
    for scenario in rest:
        assert scenario.why is not None
        assert all(driver.versus is not None for driver in scenario.drivers)
        assert len(scenario.fan) == 20


def test_ranking_is_by_points(told: WhatIfAnswer) -> None:
    points = [told.scenarios[index].drivers[1].points.mean for index in told.ranking]
    assert points == sorted(points, reverse=True)
    assert sorted(told.ranking) == [0, 1, 2]


def test_few_races_are_the_first_of_many(told: WhatIfAnswer) -> None:
    few = what_if(race_at(), happened(), QUESTION, races=40, threads=1)
    assert (few.races, few.of) == (40, 100)
    assert abs(few.scenarios[0].drivers[1].place.mean - told.scenarios[0].drivers[1].place.mean) < 1.0


def test_what_happened_is_open_while_the_race_runs() -> None:
    question = msgspec.structs.replace(QUESTION, scenarios=(ScenarioAsked(),), races=10)
    told = what_if(race_at(), happened(finished=False), question)
    assert (told.actual.place, told.actual.points) == (None, None)


def test_stages_end_with_all_races() -> None:
    assert stages(QUESTION) == (100,)
    assert stages(msgspec.structs.replace(QUESTION, races=10_000)) == (250, 2_000, 10_000)
    assert stages(msgspec.structs.replace(QUESTION, races=2_000)) == (250, 2_000)


def test_sweep_tells_every_lap_against_the_asked_one() -> None:
    scenario = ScenarioAsked(plans={"D02": planned((18, Compound.HARD))})
    found = sweep(race_at(), happened(), SweepQuestion(LAP, "D02", scenario, within=3, races=60), threads=1)
    assert [one.lap for one in found.laps] == [15, 16, 17, 18, 19, 20, 21]
    asked = next(one for one in found.laps if one.lap == 18)
    assert asked.versus.time_s is not None
    assert (asked.versus.time_s.mean, asked.versus.better, asked.versus.worse) == (0.0, 0.0, 0.0)
    best = max(one.points.mean for one in found.laps)
    assert next(one for one in found.laps if one.lap == found.best).points.mean == best


def test_cancelled_question_is_not_answered() -> None:
    heard: list[int] = []
    with pytest.raises(OvercutError, match="cancelled"):
        what_if(
            race_at(),
            happened(),
            QUESTION,
            threads=1,
            progress=lambda done, _: heard.append(done),
            cancelled=lambda: True,
        )
