"""Duels, team mates and eras: symmetric, counted as by hand, with intervals that mean what they say."""

from __future__ import annotations

import math
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import Duel
from overcut.lake.history.careers import driver_page
from overcut.lake.history.duels import head_to_head, team_mates
from overcut.lake.history.eras import METRICS, eras, wilson
from overcut.lake.history.teams import rounds_of

SIDES = ("qualifying", "race", "finished", "points", "wins", "podiums", "poles", "fastest_laps", "sprint")


def turned(duel: Duel) -> Duel:
    """The same duel, seen from the other side (without the gap, which is of a ratio)."""
    values = msgspec.structs.asdict(duel)
    for side in SIDES:
        values[f"{side}_a"], values[f"{side}_b"] = values[f"{side}_b"], values[f"{side}_a"]
    return Duel(**{**values, "qualifying_gap_pct": None})


def test_a_duel_is_the_same_from_either_side(small: Book) -> None:
    drivers = list(small.by_driver)
    for a, b in pairwise(drivers):
        one, other = head_to_head(small, a, b), head_to_head(small, b, a)
        assert turned(one.together) == msgspec.structs.replace(other.together, qualifying_gap_pct=None)
        assert one.totals_a == other.totals_b


def test_a_duel_is_counted_as_by_hand(small: Book) -> None:
    a, b = list(small.by_driver)[:2]
    races = qualifying = ahead = finished = 0
    points = 0.0
    for race in small.run:
        rows = {entry.driver_id: entry for entry in small.by_race[race.index]}
        if a not in rows or b not in rows or not rows[a].started or not rows[b].started:
            continue
        races += 1
        qualifying += (rows[a].qualification_position or 99) < (rows[b].qualification_position or 99)
        ahead += (rows[a].position or 99) < (rows[b].position or 99)
        finished += rows[a].position is not None and rows[b].position is not None
        sprint = {entry.driver_id: entry.points for entry in small.sprints_by_race.get(race.index, ())}
        points += rows[a].points + (sprint.get(a, 0.0) if a in sprint and b in sprint else 0.0)
    found = head_to_head(small, a, b)
    duel = found.together
    assert (duel.races, duel.qualifying_a, duel.race_a, duel.finished) == (races, qualifying, ahead, finished)
    assert duel.points_a == pytest.approx(points)
    assert sum(season.duel.races for season in found.seasons) == duel.races


def test_team_mates_of_a_season_are_those_on_the_drivers_pages(small: Book) -> None:
    for year in small.seasons:
        for pair in team_mates(small, year).pairs:
            mates = {mate.driver.id for mate in driver_page(small, pair.a.id).team_mates}
            assert pair.b.id in mates
            assert (pair.duel.points_a, pair.duel.race_a) >= (pair.duel.points_b, pair.duel.race_b) or (
                pair.duel.points_a >= pair.duel.points_b
            )


def test_one_against_oneself_never_met(small: Book) -> None:
    one = next(iter(small.by_driver))
    assert head_to_head(small, one, one).together.races == 0


def test_unknown_drivers_and_seasons_are_said(small: Book) -> None:
    with pytest.raises(DataMissingError):
        head_to_head(small, "nobody", next(iter(small.by_driver)))
    with pytest.raises(DataMissingError):
        team_mates(small, 1800)


@pytest.mark.parametrize(
    ("text", "rounds"), [("1-3,5", [1, 2, 3, 5]), ("7", [7]), ("", []), ("x", []), ("1, 3-4", [1, 3, 4])]
)
def test_rounds_are_read(text: str, rounds: list[int]) -> None:
    assert rounds_of(text) == rounds


@pytest.mark.shared
def test_the_great_duels(whole: Book) -> None:
    found = head_to_head(whole, "ayrton-senna", "alain-prost")
    assert found.team_mates.races == 32
    assert (found.team_mates.qualifying_a, found.team_mates.qualifying_b) == (28, 4)
    assert (found.team_mates.wins_a, found.team_mates.wins_b) == (14, 11)
    assert [season.year for season in found.seasons if season.team_mates] == [1988, 1989]
    ferrari = [pair for pair in team_mates(whole, 2007).pairs if pair.constructor.id == "mclaren"]
    assert {ferrari[0].a.id, ferrari[0].b.id} == {"lewis-hamilton", "fernando-alonso"}
    assert ferrari[0].duel.points_a == ferrari[0].duel.points_b == 109


@pytest.mark.shared
def test_those_who_bought_the_same_car_are_no_team_mates(whole: Book) -> None:
    """1959: Brabham's Cooper was the works', Trintignant's was Rob Walker's."""
    brabham = {
        mate.driver.id for mate in driver_page(whole, "jack-brabham").team_mates if mate.first <= 1959 <= mate.last
    }
    assert "bruce-mclaren" in brabham
    assert "maurice-trintignant" not in brabham


@given(st.integers(1, 500), st.data())
def test_an_interval_holds_its_share_and_narrows_with_more_races(of: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, of))
    low, high = wilson(successes, of)
    assert 0.0 <= low <= successes / of <= high <= 1.0
    low_of_more, high_of_more = wilson(successes * 4, of * 4)
    assert high_of_more - low_of_more < high - low


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_as_published(successes: int, of: int, low: float, high: float) -> None:
    found = wilson(successes, of)
    assert math.isclose(found[0], low, abs_tol=5e-5)
    assert math.isclose(found[1], high, abs_tol=5e-5)


def test_no_share_has_no_interval() -> None:
    for successes, of in ((1, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="no share"):
            wilson(successes, of)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("of_drivers", [True, False])
def test_eras_rank_by_the_lower_end_of_the_share(small: Book, metric: str, of_drivers: bool) -> None:
    found = eras(small, metric, of_drivers=of_drivers, least=1, limit=100)
    lows = [row.low for row in found.rows]
    assert lows == sorted(lows, reverse=True)
    for row in found.rows:
        assert row.share == row.successes / row.races
    for period in found.periods:
        assert 0 < period.concentration <= 1 or period.entrants == 0


def test_periods_hold_every_race_once(small: Book) -> None:
    found = eras(small, "wins", least=1)
    assert sum(period.races for period in found.periods) == len(small.run)


def test_what_eras_cannot_tell_is_said(small: Book) -> None:
    with pytest.raises(WrongUsageError, match="points"):
        eras(small, "points")
    with pytest.raises(WrongUsageError, match="no season"):
        eras(small, "wins", first=2020, last=2000)


@pytest.mark.shared
def test_fangio_leads_by_share_and_hamilton_by_count(whole: Book) -> None:
    rows = eras(whole, "wins", last=2024, limit=50).rows
    assert rows[0].driver is not None
    assert rows[0].driver.id == "juan-manuel-fangio"
    most = max(rows, key=lambda row: row.successes)
    assert most.driver is not None
    assert most.driver.id == "lewis-hamilton"
