"""What a question means, and what cannot be meant."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.strategy.whatif.asked import LAP, happened, planned, race_at

from overcut.domain.tyres import Compound
from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.strategy.model import Interruption, PaceMode, Plan, PlannedStop, Rain
from overcut.strategy.whatif.answering import what_if
from overcut.strategy.whatif.asking import KEPT_WET, TANK_KG, scenarios_of, swept
from overcut.strategy.whatif.questions import (
    InterruptionAsked,
    InterruptionKind,
    PaceAsked,
    PlanAsked,
    RainAsked,
    Rivals,
    ScenarioAsked,
    SweepQuestion,
    WhatIfQuestion,
    World,
)


def ask(*scenarios: ScenarioAsked, driver: str = "D02", **changes: Any) -> WhatIfQuestion:
    return WhatIfQuestion(LAP, driver, scenarios or (ScenarioAsked(),), races=20, **changes)


def test_driver_is_known_by_code_and_by_number_whatever_the_case() -> None:
    for name in ("D02", "d02", "2", " 2 "):
        scenario = ScenarioAsked(plans={name: planned((20, Compound.HARD))})
        assert set(scenarios_of(race_at(), happened(), ask(scenario, driver=name))[0].plans) == {"2"}


def test_plan_without_stops_is_what_the_driver_did() -> None:
    (found,) = scenarios_of(race_at(), happened(), ask(ScenarioAsked(plans={"D02": PlanAsked()})))
    assert found.plans == {"2": Plan((PlannedStop(15, Compound.HARD),))}


def test_rivals_stop_as_they_did_but_for_those_that_retired() -> None:
    (found,) = scenarios_of(race_at(), happened(), ask(ScenarioAsked(rivals=Rivals.AS_THEY_DID)))
    assert set(found.plans) == {"1", "3", "4", "5", "6", "7"}  # not the asked one, nor the one that retired
    assert found.plans["3"].stops == (PlannedStop(16, Compound.HARD),)


def test_stops_before_the_asked_lap_are_no_part_of_the_plan() -> None:
    (found,) = scenarios_of(race_at(15), happened(), ask(ScenarioAsked(plans={"D02": PlanAsked()})))
    assert found.plans["2"].stops == ()


def test_world_as_it_was_brings_its_safety_car_and_rain_and_no_other() -> None:
    (found,) = scenarios_of(race_at(21), happened(), ask(ScenarioAsked(world=World.AS_IT_WAS)))
    assert found.interruptions == (Interruption("SC", 22, 2),)  # what is left of it
    assert found.rain[0].lap == 25
    assert found.only_these


def test_rain_keeps_a_wet_track_wet_and_soaks_a_dry_one() -> None:
    dry = race_at()
    states = tuple(msgspec.structs.replace(state, compound=Compound.INTERMEDIATE) for state in dry.states)
    wet = msgspec.structs.replace(dry, states=states)
    question = ask(ScenarioAsked(world=World.AS_IT_WAS))
    assert scenarios_of(wet, happened(), question)[0].rain[0].intensity == KEPT_WET
    assert scenarios_of(dry, happened(), question)[0].rain[0].intensity > 0.05


def test_what_is_given_stands_in_place_of_what_was() -> None:
    asked = ScenarioAsked(
        world=World.AS_IT_WAS,
        interruptions=(InterruptionAsked(InterruptionKind.VSC, 12, 2),),
        rain=(RainAsked(13, 4, 0.2),),
        temperature_wear=1.2,
        grip_s=0.3,
    )
    (found,) = scenarios_of(race_at(), happened(), ask(asked))
    assert found.interruptions == (Interruption("VSC", 12, 2),)
    assert found.rain == (Rain(13, 4, 0.2),)
    assert (found.temperature_wear, found.grip_s) == (1.2, 0.3)


def test_fuel_and_pace_reach_the_simulator() -> None:
    plan = PlanAsked(stops=(), pace=(PaceAsked(12, PaceMode.PUSH),), fuel_kg=10.0, lap_delta_s=0.2)
    race = race_at()
    (found,) = scenarios_of(race, happened(), ask(ScenarioAsked(plans={"D02": plan})))
    assert found.plans["2"].pace == ((12, PaceMode.PUSH),)
    expected = 0.2 + 10.0 * race.circuit.fuel_s.mean * race.circuit.laps / TANK_KG
    assert found.lap_delta_s["2"] == pytest.approx(expected)


def test_scenarios_without_a_name_get_one() -> None:
    names = [scenario.name for scenario in scenarios_of(race_at(), happened(), ask(ScenarioAsked(), ScenarioAsked()))]
    assert names == ["Plan 1", "Plan 2"]


NONSENSE: dict[str, tuple[WhatIfQuestion, str]] = {
    "nobody of that name": (ask(driver="XXX"), "Nobody in this race"),
    "no races": (WhatIfQuestion(LAP, "D02", races=0), "0 races"),
    "a million races": (WhatIfQuestion(LAP, "D02", races=1_000_000), "1000000 races"),
    "no scenario": (WhatIfQuestion(LAP, "D02", ()), "0 scenarios"),
    "six scenarios": (ask(*[ScenarioAsked() for _ in range(6)]), "6 scenarios"),
    "two of one name": (ask(ScenarioAsked("a"), ScenarioAsked("a")), "called 'a'"),
    "negative fuel": (ask(ScenarioAsked(plans={"D02": PlanAsked(stops=(), fuel_kg=-1.0)})), "-1 kg"),
    "fuel that is no number": (ask(ScenarioAsked(plans={"D02": PlanAsked(stops=(), fuel_kg=float("nan"))})), "nan kg"),
    "one driver twice": (ask(ScenarioAsked(plans={"D02": PlanAsked(), "2": PlanAsked()})), "two plans"),
    "a stop on lap 99": (ask(ScenarioAsked(plans={"D02": planned((99, Compound.HARD))})), "lap 99"),
    "a stop in the past": (ask(ScenarioAsked(plans={"D02": planned((3, Compound.HARD))})), "lap 3"),
    "an unknown compound here": (ask(ScenarioAsked(plans={"D02": planned((20, Compound.HYPERSOFT))})), "HYPERSOFT"),
    "a safety car after the flag": (
        ask(ScenarioAsked(interruptions=(InterruptionAsked(InterruptionKind.SC, 99),))),
        "SC",
    ),
    "rain upwards": (ask(ScenarioAsked(rain=(RainAsked(12, 3, -0.2),))), "rain"),
    "a start tyre in mid-race": (ask(ScenarioAsked(plans={"D02": PlanAsked(stops=(), start=Compound.SOFT)})), "start"),
    "stops out of order": (
        ask(ScenarioAsked(plans={"D02": planned((20, Compound.HARD), (15, Compound.SOFT))})),
        "lap 15",
    ),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_told_as_such(name: str) -> None:
    question, words = NONSENSE[name]
    with pytest.raises(OvercutError, match=words) as caught:
        what_if(race_at(), happened(), question)
    assert caught.value.hint


def test_forty_one_stops_are_too_many() -> None:
    plan = planned(*((11 + number % 18, Compound.HARD) for number in range(41)))
    with pytest.raises(OvercutError, match="41 stops"):
        what_if(race_at(), happened(), ask(ScenarioAsked(plans={"D02": plan})))


@pytest.mark.parametrize(
    "scenario",
    [
        ScenarioAsked(rivals=Rivals.AS_THEY_DID),
        ScenarioAsked(world=World.AS_IT_WAS),
        ScenarioAsked(plans={"D02": PlanAsked()}),
    ],
)
def test_what_has_not_happened_yet_cannot_be_repeated(scenario: ScenarioAsked) -> None:
    with pytest.raises(WrongUsageError, match="not known yet"):
        scenarios_of(race_at(), happened(finished=False), ask(scenario))


def test_car_that_is_out_is_not_asked_about() -> None:
    race = race_at()
    states = (race.states[0], msgspec.structs.replace(race.states[1], retired=True), *race.states[2:])
    with pytest.raises(WrongUsageError, match="out of the race"):
        scenarios_of(msgspec.structs.replace(race, states=states), happened(), ask())


def test_sweep_moves_one_stop_and_stays_between_the_others() -> None:
    plan = planned((14, Compound.HARD), (18, Compound.SOFT), (25, Compound.SOFT))
    question = SweepQuestion(LAP, "D02", ScenarioAsked(plans={"D02": plan}), stop=1, within=5)
    laps, scenarios = swept(race_at(), happened(), question)
    assert laps == (18, 15, 16, 17, 19, 20, 21, 22, 23)
    moved = [[stop.lap for stop in scenario.plans["2"].stops] for scenario in scenarios]
    assert moved == [[14, lap, 25] for lap in laps]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"stop": 3}, "no stop 3"), ({"stop": -1}, "no stop -1"), ({"within": 0}, "0 laps"), ({"within": 11}, "11 laps")],
)
def test_sweep_of_nothing_is_told_as_such(changes: dict[str, int], words: str) -> None:
    scenario = ScenarioAsked(plans={"D02": planned((14, Compound.HARD))})
    question: dict[str, Any] = {"lap": LAP, "driver": "D02", "scenario": scenario, **changes}
    with pytest.raises(WrongUsageError, match=words):
        swept(race_at(), happened(), SweepQuestion(**question))
