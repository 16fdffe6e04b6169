"""Does the search find the best plan in the simulator's expectation, keep the rules, and say how sure it is?"""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from overcut.domain.tyres import Compound
from overcut.kernel.errors import WrongUsageError
from overcut.strategy.model import CarState, Estimate, PaceMode, Plan, PlannedStop, Race, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.optimiser import (
    Aim,
    CancelledError,
    Effort,
    NoPlanError,
    Objective,
    PlanLimits,
    Question,
    TyreSet,
    best_answer,
    broken_rules,
    optimise,
)
from overcut.strategy.optimiser.candidates import as_free_air, first_candidates, nearby
from overcut.strategy.optimiser.free_air import free_air, plan_cost
from overcut.strategy.optimiser.game import relevant_rivals, replies_to
from overcut.strategy.optimiser.objectives import EMPTY, Sample, paired, pareto, utilities, value_of, worst_places
from overcut.strategy.optimiser.racing import Contest, Setting
from overcut.strategy.simulator import simulate
from tests.strategy.optimiser.races import limits, races

SMALL = Effort(10, ((16, 5), (32, 3)), 2, 16, 64, 16)


@pytest.fixture(scope="module")
def race() -> Race:
    return generic_race(6, 40)


@given(race=races(most_laps=16, wet=True), chosen=limits())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_no_recommended_plan_breaks_a_rule(race: Race, chosen: PlanLimits) -> None:
    """At every stage, every plan shown, the rivals' replies too."""
    driver = race.cars[0].driver_number
    tiny = Effort(6, ((4, 3), (4, 2)), 1, 4, 8, 4)
    try:
        stages = list(optimise(Question(race, driver, limits=chosen, effort=tiny)))
    except NoPlanError:
        return
    for answer in stages:
        for plan in [answer.quickest.plan, *(value.plan for value in answer.plans)]:
            assert plan is None or broken_rules(race, driver, plan, chosen) == ()
    assert stages[-1].game is not None
    for reply in stages[-1].game.rivals:
        assert reply.plan is None or broken_rules(race, reply.driver_number, reply.plan) == ()


@given(race=races(most_laps=40), chosen=limits())
@settings(max_examples=40)
def test_no_candidate_breaks_a_rule(race: Race, chosen: PlanLimits) -> None:
    driver = race.cars[0].driver_number
    air = free_air(race, driver, chosen)
    try:
        found = first_candidates(air, 12)
    except NoPlanError:
        return
    assert len(found) <= 12
    for plan in [*found, *nearby(air, found[:3])]:
        assert broken_rules(race, driver, plan, chosen) == ()


def test_answers_come_at_once_and_get_sharper(race: Race) -> None:
    stages = list(optimise(Question(race, "3", effort=SMALL)))
    assert [answer.stage.name for answer in stages] == ["free air", "round 1", "round 2", "replies", "final"]
    simulated = [answer.stage.simulated for answer in stages]
    assert simulated == sorted(simulated)
    assert simulated[0] == 0
    assert [answer.final for answer in stages] == [False] * 4 + [True]
    assert stages[-1].races == 64
    assert "Sets: new ones of every compound without limit" in stages[-1].assumptions[0]


def test_same_question_has_the_same_answer(race: Race) -> None:
    first = best_answer(Question(race, "3", effort=SMALL, seed=5, threads=1))
    again = best_answer(Question(race, "3", effort=SMALL, seed=5, threads=2))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)


def test_best_plan_beats_what_is_clearly_bad(race: Race) -> None:
    """On luck of its own, the recommended plan does better than three stops, and than a stop on lap 3."""
    best = best_answer(Question(race, "3", effort=SMALL)).best
    bad = [
        Plan((PlannedStop(3, Compound.HARD),)),
        Plan((PlannedStop(8, Compound.HARD), PlannedStop(12, Compound.HARD), PlannedStop(16, Compound.HARD))),
    ]
    scenarios = [Scenario(plans={"3": plan}) for plan in (best, *bad)]
    good, *others = simulate(race, scenarios, races=256, seed=99)
    mine = good.drivers.index("3")
    for other in others:
        assert good.position[:, mine].mean() < other.position[:, mine].mean() - 0.2


def test_with_no_traffic_and_no_luck_the_simulator_agrees_with_free_air() -> None:
    """One car, nothing uncertain: seconds between plans in the simulator are those of the search."""
    race = _certain(generic_race(1, 30))
    air = free_air(race, "1", PlanLimits(most_stops=2))
    plans = first_candidates(air, 8)
    free = [msgspec.structs.replace(plan, react=False) for plan in plans]
    outcomes = simulate(race, [Scenario(plans={"1": plan}, only_these=True) for plan in free], races=2, seed=1)
    stages = next(iter(optimise(Question(race, "1", limits=PlanLimits(most_stops=2), effort=SMALL))))
    assert stages.quickest.plan == plans[0]
    times = np.array([float(outcome.time_s[0, 0]) for outcome in outcomes])
    told = [as_free_air(air, plan) for plan in free]
    costs = np.array([plan_cost(air, plan.start, plan.stops) for plan in told])
    assert np.abs((times - times[0]) - (costs - costs[0])).max() < 0.1


def test_cancelled_search_ends_at_once(race: Race) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(CancelledError):
        best_answer(Question(race, "3", effort=SMALL), cancelled)
    assert asked == 3


def test_sets_given_are_the_only_ones_used(race: Race) -> None:
    mine = (TyreSet(Compound.HARD, 0, 1), TyreSet(Compound.SOFT, 3, 1))
    answer = best_answer(Question(race, "2", limits=PlanLimits(sets=mine, choose_start=False), effort=SMALL))
    assert all(
        stop.compound is not Compound.MEDIUM for value in answer.plans if value.plan for stop in value.plan.stops
    )
    assert answer.assumptions[0] == "Sets: those that were given, and no others."


def test_pace_is_chosen_by_stint_where_allowed(race: Race) -> None:
    every = PlanLimits(paces=(PaceMode.NORMAL, PaceMode.PUSH, PaceMode.SAVE))
    plan = best_answer(Question(race, "2", limits=every, effort=SMALL)).best
    assert plan.pace
    assert all(1 <= lap <= 40 for lap, _ in plan.pace)


def test_nonsense_is_refused(race: Race) -> None:
    with pytest.raises(WrongUsageError, match="No car 99"):
        best_answer(Question(race, "99", effort=SMALL))
    out = msgspec.structs.replace(race.states[0], retired=True)
    with pytest.raises(WrongUsageError, match="out of the race"):
        best_answer(Question(msgspec.structs.replace(race, states=(out, *race.states[1:])), "1", effort=SMALL))
    with pytest.raises(WrongUsageError, match="41 stops"):
        best_answer(Question(race, "1", limits=PlanLimits(most_stops=41), effort=SMALL))
    with pytest.raises(WrongUsageError, match="Place 0"):
        Aim(Objective.CHANCE, 0)


def test_window_is_around_the_best_lap_and_a_stop_far_off_is_outside(race: Race) -> None:
    effort = msgspec.structs.replace(SMALL, window_races=256)
    answer = best_answer(Question(race, "3", effort=effort, limits=PlanLimits(most_stops=1)))
    window = answer.window
    assert window is not None
    assert window.first <= window.best <= window.last
    best = next(each for each in window.laps if each.lap == window.best)
    assert best.loss.mean == 0
    assert best.open
    assert {each.lap for each in window.laps if each.open} >= set(range(window.first, window.last + 1))


def test_plan_without_a_stop_has_no_window(race: Race) -> None:
    used = (Compound.MEDIUM, Compound.HARD)
    states = tuple(CarState(i, 2.0 * i, Compound.HARD, 2, used, 1) for i in range(1, 7))
    late = msgspec.structs.replace(race, lap=36, states=states)
    answer = best_answer(Question(late, "2", effort=SMALL))
    assert answer.best.stops == ()
    assert answer.window is None


# --- objectives -----------------------------------------------------------------------------------------------------


def _sample(position: list[float], points: list[float]) -> Sample:
    return Sample(np.array(position), np.array(points), np.array([1.0] * len(position)))


def test_risk_is_the_mean_of_the_worst_fifth() -> None:
    sample = _sample([1, 2, 3, 4, 5, 6, 7, 8, 9, 19], [0.0] * 10)
    assert worst_places(sample) == pytest.approx((9 + 19) / 2, abs=0.6)
    certain = _sample([4.0] * 10, [12.0] * 10)
    assert worst_places(certain) == 4.0
    assert utilities(sample, Aim(Objective.RISK)).mean() == pytest.approx(-worst_places(sample))


def test_front_keeps_what_nothing_beats_and_drops_the_rest() -> None:
    steady = _sample([5, 5, 5, 5, 5], [10, 10, 10, 10, 10])
    bold = _sample([1, 1, 9, 9, 9], [25, 25, 2, 2, 2])
    worse = _sample([6, 6, 6, 6, 6], [8, 8, 8, 8, 8])
    assert pareto([steady, bold, worse]) == (0, 1)
    assert pareto([steady, steady]) == (0,)


def test_values_of_nothing_are_not_numbers_and_of_one_race_have_no_width() -> None:
    assert np.isnan(value_of(EMPTY.points).mean)
    assert value_of(np.array([3.0])).mean == 3.0
    assert paired(np.array([1.0]), np.array([2.0])) == (-1.0, float("inf"))


# --- racing ---------------------------------------------------------------------------------------------------------


def test_candidate_that_joins_late_has_run_the_same_races(race: Race) -> None:
    first, late = Plan((PlannedStop(18, Compound.HARD),)), Plan((PlannedStop(20, Compound.HARD),))
    contest = Contest(Setting(race, "2", Scenario(), 3), Aim())
    contest.join([first])
    contest.run(16)
    contest.run(32)
    contest.join([late])
    assert contest.sample(late).races == contest.races == 48
    together = Contest(Setting(race, "2", Scenario(), 3), Aim())
    together.join([first, late])
    together.run(16)
    together.run(32)
    assert np.array_equal(contest.sample(late).position, together.sample(late).position)


def test_clearly_worse_candidate_leaves_and_the_one_to_keep_stays(race: Race) -> None:
    good, bad = Plan((PlannedStop(20, Compound.HARD),)), Plan((PlannedStop(2, Compound.HARD),))
    contest = Contest(Setting(race, "2", Scenario(), 3), Aim(Objective.POSITION))
    contest.join([None, good, bad])
    contest.run(96)
    contest.keep(5, always=(None,))
    assert good in contest.racing
    assert bad not in contest.racing
    assert None in contest.racing


# --- the game -------------------------------------------------------------------------------------------------------


def test_relevant_rivals_are_those_whose_order_is_in_doubt() -> None:
    race = generic_race(8, 30, step_s=0.5)
    outcome = simulate(race, (Scenario(),), races=128, seed=1)[0]
    rivals = relevant_rivals(outcome, race, "4")
    assert set(rivals) <= {"2", "3", "5", "6", "7", "1", "8"}
    assert "4" not in rivals
    assert rivals[0] in {"3", "5"}


def test_reply_of_a_rival_is_worth_more_to_it_than_before(race: Race) -> None:
    """Whoever changes its plan gains by it on luck that had no part in the choice."""
    mine = Plan((PlannedStop(18, Compound.HARD),))
    found = replies_to(Setting(race, "3", Scenario(), 0), mine, ("2", "4"), races=256)
    assert [reply.driver for reply in found.replies] == ["2", "4"]
    before = Scenario(plans={"3": mine})
    for reply in found.replies:
        if reply.plan is None:
            continue
        within = found.within(before)
        without = Scenario(plans={number: plan for number, plan in within.plans.items() if number != reply.driver})
        new, old = simulate(race, (within, without), races=512, seed=77)
        at = new.drivers.index(reply.driver)
        points = race.rules.points
        assert new.points(points)[:, at].mean() > old.points(points)[:, at].mean() - 0.3


def test_nobody_in_doubt_means_no_replies(race: Race) -> None:
    found = replies_to(Setting(race, "3", Scenario(), 0), None, (), races=16)
    assert found.replies == ()
    assert found.settled


def _certain(race: Race) -> Race:
    """The race with every chance and doubt taken out."""
    circuit = race.circuit
    tyres = tuple(
        msgspec.structs.replace(
            tyre,
            offset_s=Estimate(tyre.offset_s.mean),
            wear_s=Estimate(tyre.wear_s.mean),
            curvature_s=Estimate(tyre.curvature_s.mean),
            life_laps=Estimate(tyre.life_laps.mean),
            warm_up_s=Estimate(tyre.warm_up_s.mean),
        )
        for tyre in circuit.tyres
    )
    pit = msgspec.structs.replace(circuit.pit, loss_s=Estimate(22.0), excess_s=(0.0, 0.0))
    calm = msgspec.structs.replace(
        circuit,
        lap_s=Estimate(90.0),
        fuel_s=Estimate(0.05),
        evolution_s=Estimate(0.01),
        tyres=tyres,
        pit=pit,
        start=msgspec.structs.replace(circuit.start, spread_s=0.0),
        noise=msgspec.structs.replace(circuit.noise, quantiles=(0.0, 0.0), stint_s=0.0, drift_s=0.0),
        penalties=msgspec.structs.replace(circuit.penalties, per_lap=0.0),
        weather=msgspec.structs.replace(circuit.weather, rain_begins=0.0),
    )
    car = msgspec.structs.replace(race.cars[0], pace_s=Estimate(0.0), noise_s=0.0, retirement_per_lap=0.0)
    return msgspec.structs.replace(race, circuit=calm, cars=(car,))
