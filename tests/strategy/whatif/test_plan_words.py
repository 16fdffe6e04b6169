"""Plans as they are typed at a terminal."""

from __future__ import annotations

import pytest

from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import PaceMode
from overcut.strategy.whatif.plan_words import interruption_of, named_plan, pace_of, plan_of, rain_of
from overcut.strategy.whatif.questions import InterruptionAsked, InterruptionKind, PlanAsked, RainAsked, StopAsked


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("25 hard", [(25, "HARD", 0)]),
        ("25:H, 41 soft 3", [(25, "HARD", 0), (41, "SOFT", 3)]),
        ("12 inter; 30 m", [(12, "INTERMEDIATE", 0), (30, "MEDIUM", 0)]),
        ("7W", [(7, "WET", 0)]),
    ],
)
def test_stops_are_lap_compound_and_age(text: str, stops: list[tuple[int, str, int]]) -> None:
    expected = tuple(StopAsked(lap, Compound(compound), age) for lap, compound, age in stops)
    assert plan_of(text) == PlanAsked(stops=expected)


def test_plans_with_a_name() -> None:
    assert plan_of("actual") == PlanAsked()
    assert plan_of("none") == PlanAsked(stops=())
    assert plan_of("Teams") is None
    assert plan_of("start soft, 20 hard") == PlanAsked(stops=(StopAsked(20, Compound.HARD),), start=Compound.SOFT)
    assert named_plan("undercut = 22 hard") == ("undercut", "22 hard")
    assert named_plan("22 hard") == ("22 hard", "22 hard")


@pytest.mark.parametrize(
    "text", ["", "hard", "25", "25 purple", "x hard", "25 hard 41 soft", "2500 hard", "start", "25-hard"]
)
def test_what_is_no_plan_says_so(text: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        plan_of(text)
    assert caught.value.hint


def test_neutralisations_rain_and_pace() -> None:
    assert interruption_of(InterruptionKind.SC, "30") == InterruptionAsked(InterruptionKind.SC, 30, 4)
    assert interruption_of(InterruptionKind.VSC, "30:2") == InterruptionAsked(InterruptionKind.VSC, 30, 2)
    assert rain_of("20") == RainAsked(20, 10, 0.1)
    assert rain_of("20:5:0.2") == RainAsked(20, 5, 0.2)
    assert pace_of("30 push").mode is PaceMode.PUSH
    assert pace_of("30:save").lap == 30


@pytest.mark.parametrize("text", ["", "soon", "1:2:3:4", "nan", "inf"])
def test_what_is_no_lap_says_so(text: str) -> None:
    with pytest.raises(WrongUsageError):
        rain_of(text)


@pytest.mark.parametrize("text", ["push", "30 sprint", "", "-3 push"])
def test_what_is_no_pace_says_so(text: str) -> None:
    with pytest.raises(WrongUsageError):
        pace_of(text)
