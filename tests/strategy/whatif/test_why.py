"""Why one plan is quicker: every lap's difference is put to one account, and to the right one."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from tests.strategy.whatif.asked import LAP, LAPS, race_at

from overcut.domain.tyres import Compound
from overcut.strategy.model import Estimate, Interruption, Outcome, Plan, PlannedStop, Race, Scenario
from overcut.strategy.simulator import simulate
from overcut.strategy.whatif.answers import MomentKind, ReasonKind, Why
from overcut.strategy.whatif.moments import moments_of
from overcut.strategy.whatif.telling import fan_of, middle_change
from overcut.strategy.whatif.traced import TracedCar, car_ahead, neutral_laps, traced_car, tyre_cost
from overcut.strategy.whatif.why import accounts_of, core, stretches, why

CALM = Scenario(only_these=True)


def plan(*stops: tuple[int, Compound]) -> Plan:
    return Plan(tuple(PlannedStop(lap, compound) for lap, compound in stops))


def played(race: Race, *plans: Plan, number: str = "2", **changes: object) -> tuple[Outcome, ...]:
    """Each plan of one car; the others never stop."""
    idle = {car.driver_number: Plan() for car in race.cars}
    scenarios = [
        msgspec.structs.replace(CALM, name=f"plan {index}", plans={**idle, number: one}, **changes)
        for index, one in enumerate(plans)
    ]
    return simulate(race, scenarios, races=60, seed=5, traces=60, threads=1)


def told(race: Race, outcomes: tuple[Outcome, ...], index: int = 1) -> tuple[Why, tuple[TracedCar, TracedCar]]:
    first, other = outcomes
    cars = traced_car(race, first, index), traced_car(race, other, index)
    found = why(race, (first, other), cars)
    assert found is not None
    return found, cars


def times(outcome: Outcome) -> np.ndarray:
    return np.where(outcome.traces > 0, outcome.traces / 1000.0, np.nan)


@pytest.mark.parametrize(
    "plans",
    [
        (plan((14, Compound.HARD)), plan((20, Compound.HARD))),
        (plan((14, Compound.HARD)), plan((14, Compound.HARD), (22, Compound.SOFT))),
        (plan((14, Compound.HARD), (22, Compound.SOFT)), plan()),
    ],
)
def test_accounts_add_up_to_the_difference_in_race_time(plans: tuple[Plan, Plan]) -> None:
    race = race_at()
    first, other = played(race, *plans)
    found, (before, after) = told(race, (first, other))
    both = before.running & after.running
    change = after.time_s - before.time_s - middle_change(times(first), times(other))
    accounts = accounts_of(race, (before, after), change, both)
    expected = change[both, -1].mean()
    assert accounts.total() == pytest.approx(expected, abs=1e-6)
    assert found.total_s == pytest.approx(expected, abs=0.01)
    assert found.rest_s == pytest.approx(found.total_s - sum(one.seconds for one in found.reasons), abs=0.02)


def test_one_stop_more_costs_the_pit_loss_on_its_lap() -> None:
    race = race_at(gap_s=30.0)  # nobody near: a stop costs what it costs
    found, _ = told(race, played(race, plan((14, Compound.HARD)), plan((14, Compound.HARD), (22, Compound.HARD))))
    (stop,) = [one for one in found.reasons if one.kind is ReasonKind.STOP]
    assert "one stop more, on lap 22" in stop.words
    assert stop.seconds == pytest.approx(race.circuit.pit.loss_s.mean, abs=3.0)
    (tyres,) = [one for one in found.reasons if one.kind is ReasonKind.TYRES and one.seconds < -0.5]
    assert "younger" in tyres.words
    assert tyres.first_lap >= 23


def test_what_a_stop_costs_is_told_by_its_sign_and_by_how_often_it_is_made() -> None:
    race = race_at(gap_s=30.0)
    one, two = plan((14, Compound.HARD)), plan((14, Compound.HARD), (22, Compound.HARD))
    found, _ = told(race, played(race, two, one))
    (stop,) = [reason for reason in found.reasons if reason.kind is ReasonKind.STOP]
    assert stop.words == f"without the stop on lap 22: {-stop.seconds:.1f} s less"
    idle = {car.driver_number: Plan() for car in race.cars if car.driver_number != "2"}
    calm = msgspec.structs.replace(CALM, plans=idle)  # car 2 stops as teams do, and in some races twice
    neutral = msgspec.structs.replace(calm, name="neutral", interruptions=(Interruption("SC", 25, 3),))
    found, _ = told(race, simulate(race, (calm, neutral), races=60, seed=5, traces=60, threads=1))
    stops = [reason.words for reason in found.reasons if reason.kind is ReasonKind.STOP]
    assert any("made in some of the races" in words for words in stops), stops
    assert not any("None" in words for words in stops)


def test_equal_tyres_are_no_reason_of_their_own() -> None:
    race = race_at(gap_s=30.0)
    others = [car.driver_number for car in race.cars if car.driver_number != "2"]
    scenarios = [
        msgspec.structs.replace(CALM, name=name, plans={"2": plan((14, Compound.HARD)), **dict.fromkeys(others, one)})
        for name, one in (("others go on", plan()), ("others stop", plan((18, Compound.HARD))))
    ]
    found, _ = told(race, simulate(race, scenarios, races=60, seed=5, traces=60, threads=1))
    tyres = [reason.words for reason in found.reasons if reason.kind is ReasonKind.TYRES]
    assert any("gains" in words for words in tyres)  # while the others stop
    assert all("against the field on lap" in words for words in tyres), tyres


def test_a_stop_under_the_safety_car_is_cheap_and_said_to_be() -> None:
    race = race_at(gap_s=12.0)
    outcomes = played(
        race, plan((14, Compound.HARD)), plan((20, Compound.HARD)), interruptions=(Interruption("SC", 19, 4),)
    )
    found, (_, after) = told(race, outcomes)
    (stop,) = [one for one in found.reasons if one.kind is ReasonKind.STOP]
    assert stop.seconds < -2.0
    assert "neutralised" in stop.words
    assert (stop.first_lap, stop.last_lap) == (14, 20)
    rows = np.flatnonzero(after.neutral.mean(axis=0) > 0.9)
    assert set(range(20, 22)) <= {LAP + 1 + int(row) for row in rows}


def test_time_lost_behind_a_slower_car_is_put_down_to_it() -> None:
    race = race_at(cars=6, gap_s=3.0)
    slow = msgspec.structs.replace(race.cars[5], pace_s=Estimate(2.5))
    traffic = msgspec.structs.replace(race.circuit.traffic, pass_intercept=Estimate(-9.0))
    circuit = msgspec.structs.replace(race.circuit, traffic=traffic)
    # Car 6 is 22 s behind car 2: a stop on lap 12 brings it out behind, and there is no way past.
    states = (*race.states[:5], msgspec.structs.replace(race.states[5], behind_s=20.0))
    race = msgspec.structs.replace(race, cars=(*race.cars[:5], slow), circuit=circuit, states=states)
    found, _ = told(race, played(race, plan(), plan((12, Compound.HARD))))
    worst = max((one for one in found.reasons if one.kind is ReasonKind.TRAFFIC), key=lambda one: one.seconds)
    assert worst.rival == "6"
    assert worst.seconds > 3.0
    assert "behind D06" in worst.words


def test_nothing_differs_between_a_plan_and_itself() -> None:
    race = race_at()
    found, _ = told(race, played(race, plan((14, Compound.HARD)), plan((14, Compound.HARD))))
    assert found == Why(0.0, found.races, (), 0.0)


def test_a_car_that_never_finishes_has_no_why() -> None:
    race = race_at()
    doomed = msgspec.structs.replace(race.cars[1], retirement_per_lap=0.9)
    race = msgspec.structs.replace(race, cars=(race.cars[0], doomed, *race.cars[2:]))
    first, other = played(race, plan((14, Compound.HARD)), plan((20, Compound.HARD)))
    cars = traced_car(race, first, 1), traced_car(race, other, 1)
    assert why(race, (first, other), cars) is None


def test_tyres_are_followed_from_stop_to_stop() -> None:
    race = race_at(gap_s=30.0)
    (outcome,) = played(race, plan((14, Compound.HARD), (22, Compound.SOFT)))
    car = traced_car(race, outcome, 1)
    names = [tyre.compound for tyre in race.circuit.tyres]
    rows = [names[number] for number in car.compound[0]]
    assert rows == [Compound.MEDIUM] * 4 + [Compound.HARD] * 8 + [Compound.SOFT] * 8
    assert car.age[0].tolist() == [*range(LAP, LAP + 4), *range(8), *range(8)]
    cost = tyre_cost(race, car, 1.0)[0]
    assert np.all(np.diff(cost[:4]) > 0)  # older is slower
    assert tyre_cost(race, car, 2.0)[0][3] > cost[3]


def test_car_ahead_is_the_next_to_end_the_same_lap() -> None:
    line = np.array([[[10.0, 12.0, 11.0, 0.0]]])
    nearest, gap = car_ahead(line, line > 0, 1)
    assert (nearest[0, 0], gap[0, 0]) == (2, 1.0)
    nearest, gap = car_ahead(line, line > 0, 0)
    assert nearest[0, 0] == -1
    assert np.isinf(gap[0, 0])


def test_slow_laps_of_the_leader_are_neutralised() -> None:
    laps = np.array([[90.0, 180.0, 310.0, 440.0, 530.0, 620.0, 710.0]])[:, :, None]
    assert neutral_laps(laps, laps > 0)[0].tolist() == [False, False, True, True, False, False, False]
    assert not neutral_laps(laps[:, :1], laps[:, :1] > 0).any()


def test_stretches_leave_nothing_out_and_core_holds_the_weight() -> None:
    series = np.array([-1.0, -0.5, 0.05, -0.2, 1.0, 1.0, 0.1, -0.1])
    found = stretches(series)
    assert found == [(0, 3), (4, 7)]
    assert stretches(np.zeros(0)) == []
    assert core(np.array([0.0, 0.0, 5.0, 4.0, 0.0])) == (2, 3)
    assert core(np.zeros(4)) == (0, 3)


def test_moments_tell_the_stop_and_the_safety_car() -> None:
    race = race_at(gap_s=5.0)
    (outcome,) = played(race, plan((16, Compound.HARD)), interruptions=(Interruption("SC", 24, 3),))
    found = moments_of(race, outcome, fan_of(outcome, 1), traced_car(race, outcome, 1))
    (stop,) = [one for one in found if one.kind is MomentKind.STOP]
    assert (stop.lap, stop.chance) == (16, pytest.approx(1.0, abs=0.1))
    assert "for HARD: P2 to P" in stop.words
    assert any(one.kind is MomentKind.NEUTRALISED and 24 <= one.lap <= 25 for one in found)
    assert [one.lap for one in found] == sorted(one.lap for one in found)
    assert all(LAP < one.lap <= LAPS for one in found)


def test_moments_tell_who_gets_past_and_when() -> None:
    race = race_at(gap_s=5.0)
    (outcome,) = played(race, plan((27, Compound.HARD)))  # too late to win the places back
    found = moments_of(race, outcome, fan_of(outcome, 1), traced_car(race, outcome, 1))
    lost = [one for one in found if one.kind is MomentKind.LOST]
    assert {"3", "4"} <= {one.rival for one in lost}
    assert all(27 <= one.lap <= 29 and one.chance < -0.25 for one in lost if one.rival in {"3", "4"})
    (slow,) = played(race, plan(), number="1", lap_delta_s={"1": 3.0})
    gained = moments_of(race, slow, fan_of(slow, 1), traced_car(race, slow, 1))
    assert any(one.kind is MomentKind.GAINED and one.rival == "1" for one in gained)
