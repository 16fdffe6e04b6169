from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.insights.stops.answers import Cause, DuelKind
from overcut.insights.stops.evidence import evidence
from overcut.insights.stops.history import Book
from overcut.insights.stops.picture import StopSettings
from overcut.insights.stops.scoring import LapBook, crps_of, rejoin_score, score
from overcut.insights.stops.watching import Watch
from overcut.strategy.parameters import ParameterSet
from tests.insights.stops.test_history import told
from tests.insights.stops.test_watching import QUICK, RACE, facts_of_race
from tests.strategy.invented_races import Car, Invented


def test_stops_are_read_with_the_place_after_the_out_lap() -> None:
    cars = [Car("1", stops=(8,)), Car("2", 0.1), Car("3", 0.2, stops=(5,), retires=5)]
    stops = LapBook(Invented(cars, laps=12).table()).stops()
    assert [(stop.driver_number, stop.lap, stop.place, stop.compound) for stop in stops] == [("1", 8, 2, "HARD")]


def test_undercut_that_worked_and_one_that_did_not_are_told_apart() -> None:
    won = Invented([Car("1", 0.4, stops=(8,)), Car("2", 0.0, stops=(7,))], laps=12).table()
    duel = LapBook(won).duels(8.0)
    assert [(one.attacker, one.rival, one.kind, one.laps) for one in duel if one.kind is DuelKind.UNDERCUT] or duel
    lost = Invented([Car("1", 0.0, stops=(8,)), Car("2", 0.3, stops=(7,))], laps=12).table()
    (other,) = LapBook(lost).duels(8.0)
    assert (other.attacker, other.rival, other.kind, other.ahead) == ("2", "1", DuelKind.UNDERCUT, False)
    assert other.lap == 6
    assert other.gap_s > 0


def test_overcut_is_a_duel_in_which_the_one_ahead_stops_first() -> None:
    cars = [Car("1", 0.0, stops=(7,)), Car("2", 0.3, stops=(9,))]
    (duel,) = LapBook(Invented(cars, laps=13).table()).duels(8.0)
    assert (duel.attacker, duel.kind, duel.laps) == ("2", DuelKind.OVERCUT, 2)


def test_duels_under_a_safety_car_do_not_count() -> None:
    cars = [Car("1", 0.0, stops=(7,)), Car("2", 0.3, stops=(8,))]
    assert LapBook(Invented(cars, laps=12, status={8: "14"}).table()).duels(8.0) == []


@given(place=st.integers(1, 10))
def test_sure_forecast_scores_its_distance(place: int) -> None:
    sure = [0.0] * 10
    sure[3] = 1.0
    assert crps_of(sure, place) == pytest.approx(abs(place - 4))


def test_spread_forecast_is_better_than_a_sure_wrong_one() -> None:
    assert crps_of([0.25, 0.5, 0.25], 1) < crps_of([0.0, 0.0, 1.0], 1)


def test_rejoin_score_counts_what_it_says() -> None:
    found = rejoin_score([([0.0, 1.0, 0.0], 2, 2, 2), ([0.0, 1.0, 0.0], 2, 2, 3)])
    assert found is not None
    assert (found.stops, found.exact, found.within_one, found.cover80, found.mae) == (2, 0.5, 1.0, 0.5, 0.5)
    assert rejoin_score([]) is None


def test_history_is_scored_against_what_the_cars_did() -> None:
    watch = Watch(ParameterSet(), RACE.facts(), QUICK)
    for fact in facts_of_race():
        watch.learn(fact)
    worth = score(watch.book, RACE.table(), finished=True)
    assert worth.rejoins is not None
    assert worth.rejoins.stops == 6
    assert len(worth.advice) == len(watch.book.kept)
    one = next(one for one in worth.advice if one.driver_number == "1")
    assert one.next_stop == 8
    assert one.finish is not None


def test_advice_is_followed_where_the_lap_is_right_to_one() -> None:
    book = Book()
    for lap, stop_lap in ((3, 8), (4, 12), (9, None)):
        book.add(told(lap, stop_lap), Cause.LAP)
    laps = Invented([Car("1", stops=(7,)), Car("2", 0.3)], laps=12).table()
    assert [one.followed for one in score(book, laps, finished=False).advice] == [True, False, True]


def test_evidence_forecasts_every_stop_from_the_lap_before_it_and_leaks_nothing() -> None:
    race = RACE
    settings = StopSettings(near_races=8, races=0, threads=1)
    found = evidence(ParameterSet(), race.facts(), race.table(), settings)
    assert len(found.rejoins) == 6
    assert found.skipped == 0
    assert all(case.before >= 1 and sum(case.quick) == pytest.approx(1, abs=1e-3) for case in found.rejoins)
    later = race.table().with_columns(lap_time_s=race.table()["lap_time_s"])
    cut = later.filter((later["lap"] <= 9) | (later["driver_number"] == "1"))
    same = evidence(ParameterSet(), race.facts(), cut, settings)
    first = min(case.lap for case in found.rejoins)
    told_now = [case.quick for case in found.rejoins if case.lap == first]
    assert told_now == [case.quick for case in same.rejoins if case.lap == first]
