from __future__ import annotations

import pytest

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import DuelKind
from overcut.insights.stops.duels import REACH_S, Contest, QuickDuel, contests, quick_duel
from overcut.insights.stops.lap_costs import lap_costs
from overcut.insights.stops.rivals import outlook
from overcut.insights.stops.simulated import duel_outcomes
from overcut.insights.stops.stop_loss import losses_by_lap
from overcut.insights.stops.traffic import pass_table
from overcut.strategy.model import Race
from tests.insights.stops.races import spread_out, with_state

HARD = 2


def quick(race: Race, contest: Contest) -> QuickDuel:
    costs = lap_costs(race)
    losses = losses_by_lap(race, costs.neutral)
    return quick_duel(race, contest, costs, outlook(race, costs), losses, pass_table(race))


def pair(gap_s: float, *, age: int = 20, kind: DuelKind = DuelKind.UNDERCUT, laps: int = 1) -> tuple[Race, Contest]:
    """Two cars alone, so that nobody is in the way."""
    race = spread_out(cars=2, gap_s=gap_s, age=age)
    return race, Contest(1, 0, gap_s, kind, laps, HARD, HARD)


def test_terms_add_up_to_the_gain_and_old_tyres_make_the_undercut() -> None:
    race, contest = pair(1.0, age=25)
    told = quick(race, contest)
    assert sum(term.seconds for term in told.terms) == pytest.approx(told.gain_s, abs=0.01)
    fresh = {term.name: term.seconds for term in told.terms}["fresh tyre"]
    # A lap on a hard of no laps against one on a medium of 26: by the generic circuit 1.43 s of wear less 0.35 s.
    assert fresh == pytest.approx(0.055 * 26 - 0.35, abs=0.01)
    assert quick(*pair(1.0, age=5)).gain_s < told.gain_s


def test_warm_up_costs_the_one_who_stops_first_what_the_other_loses_later() -> None:
    race, contest = pair(1.0)
    terms = {term.name: term.seconds for term in quick(race, contest).terms}
    assert terms["warm-up"] == pytest.approx(-0.7)
    assert terms["rival's out-lap"] == pytest.approx(0.7 - 0.035, abs=0.01)


def test_chance_falls_with_the_gap() -> None:
    chances = [quick(*pair(gap)).chance for gap in (0.2, 1.0, 2.0, 4.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.5 > chances[-1]


def test_simulator_gains_what_the_quick_form_explains_in_free_air() -> None:
    race, contest = pair(2.5, age=24)
    told, played = quick(race, contest), duel_outcomes(race, [contest], 400, 5, 1)[0]
    assert played.gain_s == pytest.approx(told.gain_s, abs=0.35)
    assert abs(played.chance - told.chance) < 0.25


def test_overcut_loses_what_the_undercut_of_the_rival_gains() -> None:
    race, contest = pair(1.0, kind=DuelKind.OVERCUT, laps=2)
    terms = {term.name: term.seconds for term in quick(race, contest).terms}
    assert terms["rival's fresh tyre"] < 0 < terms["rival's warm-up"]
    assert duel_outcomes(race, [contest], 200, 5, 1)[0].gain_s < 0


def test_only_neighbours_within_reach_are_paired_and_the_retired_are_not_between() -> None:
    race = spread_out(cars=4, gap_s=REACH_S / 2 - 0.1)
    every = dict.fromkeys(range(4), HARD)
    assert {(one.attacker, one.rival) for one in contests(race, every)} == {(1, 0), (2, 1), (3, 2)}
    gone = with_state(race, 1, retired=True)
    assert (2, 0) in {(one.attacker, one.rival) for one in contests(gone, every)}
    assert contests(spread_out(cars=4, gap_s=REACH_S + 1), every) == []
    assert contests(race, {0: HARD, 2: HARD}) == []


def test_stops_cheaper_now_than_later_decide_under_the_virtual_safety_car() -> None:
    race = spread_out(cars=2, gap_s=1.0, age=20, status="VSC")
    terms = {
        term.name: term.seconds for term in quick(race, Contest(1, 0, 1.0, DuelKind.UNDERCUT, 1, HARD, HARD)).terms
    }
    assert terms["stops"] > 2.0
    assert race.states[0].compound is Compound.MEDIUM
