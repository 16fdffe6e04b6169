"""Who can still win, against every way in which a small season can end."""

from __future__ import annotations

from hypothesis import given, settings

from overcut.domain.championship import Championship, ChampionshipRules
from overcut.insights.championship.contention import Chance, contenders
from overcut.insights.championship.standings import ledger_of, standings
from tests.insights.championship.synthetic import (
    DRIVERS,
    Outcome,
    leaders,
    points_by_count,
    season_of,
    situations,
    whole_seasons,
)


def chances(run: list[Outcome], left: int, rules: ChampionshipRules) -> dict[str, Chance]:
    ledger = ledger_of(season_of(run, left), Championship.DRIVERS, rules)
    assert ledger is not None
    return {found.entrant: found.chance for found in contenders(ledger, len(run))}


@settings(max_examples=150)
@given(situations(most_left=2))
def test_who_can_still_win_is_who_wins_some_ending(situation: tuple[list[Outcome], int, ChampionshipRules]) -> None:
    run, left, rules = situation
    alone: set[str] = set()
    level: set[str] = set()
    for season in whole_seasons(run, left, rules):
        first = leaders(season, rules)
        (alone if len(first) == 1 else level).update(first)
    expected = {
        driver: Chance.OPEN if driver in alone else Chance.LEVEL_AT_BEST if driver in level else Chance.OUT
        for driver in DRIVERS
    }
    if len(alone | level) == 1:
        expected[next(iter(alone))] = Chance.CHAMPION
    assert chances(run, left, rules) == expected


@settings(max_examples=100)
@given(situations(most_left=1))
def test_points_that_count_are_the_best_choice_of_results(
    situation: tuple[list[Outcome], int, ChampionshipRules],
) -> None:
    run, left, rules = situation
    ledger = ledger_of(season_of(run, left), Championship.DRIVERS, rules)
    assert ledger is not None
    table = {line.entrant: line for line in standings(ledger, len(run))}
    for driver in DRIVERS:
        counted = points_by_count(driver, run, rules)
        line = table.get(driver)
        assert (line.points if line else 0) == counted
        if line:
            assert line.gross - sum(paid for _, paid in line.dropped) == line.points
