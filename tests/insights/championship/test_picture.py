"""The whole answer about a championship, in an invented season and in real ones."""

from __future__ import annotations

import pytest

from overcut.domain.championship import Championship, rules_of
from overcut.insights.championship.answers import ChampionshipAnswer
from overcut.insights.championship.contention import Chance
from overcut.insights.championship.picture import championship_of
from overcut.insights.championship.requirements import Limit, Way
from overcut.insights.championship.words import rules_in_words, way_in_words
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.runtime.championship import championship_if

DRIVERS, CONSTRUCTORS = Championship.DRIVERS, Championship.CONSTRUCTORS


def told(answer: ChampionshipAnswer, entrant: str) -> tuple[str, list[str]]:
    assert answer.next is not None
    need = next(need for need in answer.next.needs if need.entrant.id == entrant)
    return need.text, [way.text for way in need.ways]


@pytest.mark.parametrize("championship", list(Championship))
def test_invented_season_is_told_after_every_round(small_history: Lake, championship: Championship) -> None:
    for year in (1995, 2005, 2019, 2023):
        for after in range(9):
            answer = championship_of(small_history, year, championship, after)
            assert (answer.after, answer.rounds) == (after, 8)
            assert bool(answer.table) == bool(after)
            if answer.champion is not None:
                assert answer.can_win == (answer.champion,)
                assert answer.next is None
                assert answer.decided is not None
                assert answer.decided.round <= after
            elif 0 < after < 8:
                assert answer.next is not None
                assert answer.next.round == after + 1
                assert {need.entrant for need in answer.next.needs} == set(answer.can_win)
        final = championship_of(small_history, year, championship)
        assert final.champion is not None
        assert final.champion == final.table[0].entrant


def test_season_that_still_runs_is_told_as_it_stands(small_history: Lake) -> None:
    answer = championship_of(small_history, 2024, DRIVERS)
    assert (answer.after, answer.run, answer.rounds) == (5, 5, 8)
    assert answer.table[0].chance in (Chance.OPEN, Chance.CHAMPION)


def test_what_is_not_there_is_said(small_history: Lake) -> None:
    with pytest.raises(DataMissingError, match="no races of 1951"):
        championship_of(small_history, 1951, DRIVERS)
    with pytest.raises(DataMissingError, match="no races of 1900"):
        championship_of(small_history, 1900, DRIVERS)
    with pytest.raises(WrongUsageError, match="Round 7 of 2024"):
        championship_of(small_history, 2024, DRIVERS, 7)


def test_race_that_ends_now_is_added_to_the_table(small_history: Lake) -> None:
    before = championship_of(small_history, 2024, DRIVERS)
    last = before.table[-1].entrant
    points = {line.entrant.id: line.points for line in before.table}
    answer = championship_if(small_history, 2024, DRIVERS, None, [last.name, before.table[0].entrant.id], last.id)
    assert answer.supposed
    after = {line.entrant.id: line.points for line in answer.table}
    assert after[last.id] == points[last.id] + 25 + 1
    assert after[before.table[0].entrant.id] == before.table[0].points + 18
    teams = championship_if(small_history, 2024, CONSTRUCTORS, None, [last.name])
    gained = sum(line.points for line in teams.table) - sum(
        line.points for line in championship_of(small_history, 2024, CONSTRUCTORS).table
    )
    assert gained == 25


def test_order_that_names_nobody_or_somebody_twice_is_refused(small_history: Lake) -> None:
    with pytest.raises(WrongUsageError, match="called 'xyzzy'"):
        championship_if(small_history, 2024, DRIVERS, None, ["xyzzy"])
    with pytest.raises(WrongUsageError, match="twice"):
        championship_if(small_history, 2024, DRIVERS, None, ["anna-brandt", "Anna Brandt"])
    with pytest.raises(WrongUsageError, match="no round 9"):
        championship_if(small_history, 2023, DRIVERS, None, ["anna-brandt"])


@pytest.mark.shared
class TestRealSeasons:
    """Conditions that the newspapers of the day printed, too."""

    def test_hamilton_2008_needs_fifth_place_in_brazil(self, shared_history: Lake) -> None:
        text, ways = told(championship_of(shared_history, 2008, DRIVERS, 17), "lewis-hamilton")
        assert ways[0] == "5th place or better, whatever the others do"
        assert "Felipe Massa scores at most 6 points more" in text
        text, ways = told(championship_of(shared_history, 2008, DRIVERS, 17), "felipe-massa")
        assert ways == [
            "a win, if Lewis Hamilton is 6th or lower",
            "2nd place or better, if Lewis Hamilton is 8th or lower",
        ]
        assert text.endswith("Only with 2nd place or better does Felipe Massa stay in it.")

    def test_four_can_win_in_abu_dhabi_2010(self, shared_history: Lake) -> None:
        answer = championship_of(shared_history, 2010, DRIVERS, 18)
        assert [e.id for e in answer.can_win] == [
            "fernando-alonso", "mark-webber", "sebastian-vettel", "lewis-hamilton",
        ]  # fmt: skip
        _, ways = told(answer, "sebastian-vettel")
        assert ways[0] == "a win, if Fernando Alonso is 5th or lower"
        _, ways = told(answer, "fernando-alonso")
        assert ways[:2] == [
            "2nd place or better, whatever the others do",
            "4th place or better, if Mark Webber does not win",
        ]

    def test_senna_1988_is_champion_in_japan_with_a_win_only(self, shared_history: Lake) -> None:
        answer = championship_of(shared_history, 1988, DRIVERS, 14)
        assert told(answer, "ayrton-senna")[1] == ["a win, whatever the others do"]
        final = championship_of(shared_history, 1988, DRIVERS)
        senna, prost = final.table[:2]
        assert (senna.points, senna.gross, prost.points, prost.gross) == (90, 94, 87, 105)

    def test_level_on_points_before_abu_dhabi_2021_verstappen_leads_by_wins(self, shared_history: Lake) -> None:
        answer = championship_of(shared_history, 2021, DRIVERS, 21)
        assert [line.exact for line in answer.table[:2]] == ["369 1/2", "369 1/2"]
        assert answer.table[0].entrant.id == "max-verstappen"
        assert "Lewis Hamilton does not score more" in told(answer, "max-verstappen")[0]

    def test_1964_is_open_for_three_and_dropped_scores_bend_it(self, shared_history: Lake) -> None:
        answer = championship_of(shared_history, 1964, DRIVERS, 9)
        assert {e.id for e in answer.can_win} == {"graham-hill", "john-surtees", "jim-clark"}
        _, ways = told(answer, "jim-clark")
        assert ways == ["a win, if Graham Hill is 4th or lower and John Surtees is 3rd or lower"]

    def test_massa_would_have_been_champion_had_vettel_and_glock_stayed_ahead(self, shared_history: Lake) -> None:
        order = ["massa", "alonso", "raikkonen", "vettel", "glock", "hamilton"]
        answer = championship_if(shared_history, 2008, DRIVERS, 17, order)
        assert answer.champion is not None
        assert answer.champion.id == "felipe-massa"

    def test_struck_and_restarted_team_of_2018_are_two_lines(self, shared_history: Lake) -> None:
        table = championship_of(shared_history, 2018, CONSTRUCTORS).table
        lines = [(line.position_text, line.points) for line in table if line.entrant.page == "force-india"]
        assert lines == [("7", 52), ("EX", 0)]


def test_limits_are_said_as_a_fan_would_say_them() -> None:
    def said(limit: Limit) -> str:
        return way_in_words(Way(1, fastest_lap=False, points=0, limits=(limit,)), lambda rival: rival.title())

    assert said(Limit("moss", best_place=4, best_place_with_lap=5)) == (
        "a win, if Moss is 4th or lower (5th or lower with the fastest lap)"
    )
    assert (
        said(Limit("moss", best_place=1, best_place_with_lap=2)) == "a win, if Moss does not win with the fastest lap"
    )
    assert said(Limit("moss", best_place=1, best_place_with_lap=3)) == (
        "a win, if Moss does not have the fastest lap, or is 3rd or lower"
    )
    assert said(Limit("moss", most_points=0)) == "a win, if Moss does not score"


def test_short_races_are_said_with_their_shares() -> None:
    said = [rules_in_words(rules_of(year).drivers) for year in (1970, 1975, 2020, 2023)]
    assert "A race that ends early pays in full." in said[0]
    assert "A race that ends early: under 30 %, no points; under 60 %, half points." in said[1]
    assert "A race that ends early: fewer than 2 laps, no points; under 75 %, half points." in said[2]
    assert any("under 25 %, 6-4-3-2-1" in line for line in said[3])
