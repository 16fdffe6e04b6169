"""Is the plan in free air the quickest there is, and does it keep the rules?"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.tyres import Compound
from overcut.strategy.model import (
    CarState,
    Interruption,
    Race,
    RaceRules,
    Rain,
    Scenario,
    TrackState,
    TrackStatus,
)
from overcut.strategy.model.generic import generic_race
from overcut.strategy.optimiser.free_air import free_air, plan_cost
from overcut.strategy.optimiser.limits import NoPlanError, PlanLimits, TyreSet, broken_rules, checked
from overcut.strategy.optimiser.plans import best_by_order, best_in_free_air, moved
from tests.strategy.optimiser.by_hand import driven_alone, every_plan
from tests.strategy.optimiser.races import DRY, limits, races


@given(race=races(most_laps=12), chosen=limits(most_stops=2))
@settings(max_examples=60)
def test_no_plan_of_all_there_are_is_quicker(race: Race, chosen: PlanLimits) -> None:
    """Every plan up to two stops, told lap by lap by hand, those that break a rule left out."""
    chosen = msgspec.structs.replace(chosen, sets=())
    car = race.cars[0]
    air = free_air(race, car.driver_number, chosen)
    allowed = [
        plan
        for plan in every_plan(race, DRY, chosen.most_stops, starts=race.lap == 0)
        if not broken_rules(race, car.driver_number, plan, chosen)
    ]
    if not allowed:
        with pytest.raises(NoPlanError):
            best_in_free_air(air)
        return
    best = best_in_free_air(air)
    least = min(driven_alone(race, car, plan) for plan in allowed)
    assert driven_alone(race, car, best.plan) == pytest.approx(least, abs=1e-9)
    assert best.cost_s == pytest.approx(least, abs=1e-9)


@given(race=races(most_laps=40, wet=True), chosen=limits())
@settings(max_examples=150)
def test_no_order_of_tyres_breaks_a_rule(race: Race, chosen: PlanLimits) -> None:
    driver = race.cars[0].driver_number
    air = free_air(race, driver, chosen)
    try:
        found = best_by_order(air)
    except NoPlanError:
        return
    for each in found:
        assert broken_rules(race, driver, each.plan, chosen) == ()
        assert each.cost_s == pytest.approx(plan_cost(air, each.start, each.stops))


@given(race=races(most_laps=40), chosen=limits(), by=st.integers(-6, 6), data=st.data())
def test_moved_stop_keeps_the_rules(race: Race, chosen: PlanLimits, by: int, data: st.DataObject) -> None:
    driver = race.cars[0].driver_number
    air = free_air(race, driver, chosen)
    try:
        best = best_in_free_air(air)
    except NoPlanError:
        return
    if not best.stops:
        return
    other = moved(air, best, data.draw(st.integers(0, len(best.stops) - 1)), by)
    if other is not None:
        assert broken_rules(race, driver, other.plan, chosen) == ()
        assert other.cost_s >= best.cost_s - 1e-9


def test_sets_run_out() -> None:
    race = generic_race(1, 57)
    one_hard = PlanLimits(sets=(TyreSet(Compound.HARD, 0, 1), TyreSet(Compound.SOFT, 6, 1)), most_stops=4)
    for each in best_by_order(free_air(race, "1", one_hard)):
        fitted = [stop.compound for stop in each.plan.stops] + ([each.plan.start] if each.plan.start else [])
        assert fitted.count(Compound.HARD) <= 1
        assert all(stop.age == 6 for stop in each.plan.stops if stop.compound is Compound.SOFT)


def test_race_that_demands_two_stops_gets_two() -> None:
    race = msgspec.structs.replace(generic_race(1, 40), rules=RaceRules(stops_required=2))
    assert len(best_in_free_air(free_air(race, "1", PlanLimits())).stops) == 2


def test_sprint_needs_no_stop() -> None:
    race = msgspec.structs.replace(generic_race(1, 19), rules=RaceRules(sprint=True))
    assert best_in_free_air(free_air(race, "1", PlanLimits())).stops == ()


def test_last_lap_with_one_compound_used_has_no_plan() -> None:
    race = msgspec.structs.replace(generic_race(1, 20), lap=19)
    with pytest.raises(NoPlanError, match="No plan keeps the rules"):
        best_in_free_air(free_air(race, "1", PlanLimits()))


def test_car_that_ran_on_intermediates_needs_no_second_compound() -> None:
    state = CarState(1, 0.0, Compound.HARD, used=(Compound.INTERMEDIATE, Compound.HARD))
    race = msgspec.structs.replace(generic_race(1, 20), lap=15, states=(state,))
    assert best_in_free_air(free_air(race, "1", PlanLimits())).stops == ()


def test_stop_waits_for_a_safety_car_that_will_come() -> None:
    race = generic_race(1, 57)
    caution = Scenario(interruptions=(Interruption("SC", 26, 4),), only_these=True)
    first = best_in_free_air(free_air(race, "1", PlanLimits(most_stops=1), caution)).plan.stops[0]
    assert 26 <= first.lap <= 29


def test_stop_comes_at_once_under_a_virtual_safety_car_in_the_window() -> None:
    state = CarState(1, 0.0, Compound.MEDIUM, tyre_age=22, used=(Compound.MEDIUM,))
    race = msgspec.structs.replace(
        generic_race(1, 57), lap=22, states=(state,), track=TrackState(TrackStatus.VSC, since_laps=1)
    )
    assert best_in_free_air(free_air(race, "1", PlanLimits())).plan.stops[0].lap == 23


def test_rain_that_is_asked_for_brings_intermediates_and_back() -> None:
    race = generic_race(1, 57)
    shower = Scenario(rain=(Rain(20, 8, 0.08),), only_these=True)
    plan = best_in_free_air(free_air(race, "1", PlanLimits(), shower)).plan
    assert Compound.INTERMEDIATE in {stop.compound for stop in plan.stops}
    assert plan.stops[-1].compound in DRY


def test_warmer_track_asks_for_more_care_of_the_tyres() -> None:
    race = generic_race(1, 57)
    cold = best_in_free_air(free_air(race, "1", PlanLimits(most_stops=5), Scenario(temperature_wear=0.3)))
    hot = best_in_free_air(free_air(race, "1", PlanLimits(most_stops=5), Scenario(temperature_wear=3.0)))
    assert len(hot.stops) > len(cold.stops)


@pytest.mark.parametrize(
    "wrong",
    [
        PlanLimits(most_stops=41),
        PlanLimits(least_stint=0),
        PlanLimits(sets=(TyreSet(Compound.HYPERSOFT),)),
        PlanLimits(sets=(TyreSet(Compound.SOFT, -1),)),
        PlanLimits(first_stop_lap=30, last_stop_lap=20),
        PlanLimits(paces=()),
    ],
)
def test_limits_that_make_no_sense_say_so(wrong: PlanLimits) -> None:
    with pytest.raises(Exception, match=r".") as raised:
        checked(wrong, generic_race(1))
    assert type(raised.value).__name__ == "WrongUsageError"
