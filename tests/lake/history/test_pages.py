"""Pages of seasons, races, circuits and Grands Prix hold together, and say what is not there."""

from __future__ import annotations

import msgspec
import pytest

from overcut.kernel.errors import DataMissingError
from overcut.lake.history.book import Book
from overcut.lake.history.finding import round_called
from overcut.lake.history.moments import ordinal
from overcut.lake.history.places import circuit_page, circuits, grand_prix_page, grands_prix
from overcut.lake.history.races import race_page
from overcut.lake.history.seasons import season_page, seasons
from overcut.lake.history.standings import progress, standings


def test_seasons_are_newest_first_and_by_page(small: Book) -> None:
    found = seasons(small)
    assert [line.year for line in found.items] == sorted(small.seasons, reverse=True)
    assert [line.year for line in seasons(small, 1, 2).items] == [line.year for line in found.items][1:3]
    running = found.items[0]
    assert running.rounds_run < running.rounds
    assert running.champion is None
    assert all(line.champion for line in found.items[1:])


def test_a_season_tells_of_each_round(small: Book) -> None:
    for year in small.seasons:
        page = season_page(small, year)
        assert sum(count.count for count in page.wins) == sum(line.race.run for line in page.rounds)
        assert [line.race.round for line in page.rounds] == list(range(1, len(page.rounds) + 1))
        for line in page.rounds:
            assert bool(line.winners) == line.race.run
            assert (line.sprint_winner is not None) == (line.sprint and line.race.run)
        assert page.drivers
        assert page.drivers[0].points == max(row.points for row in page.drivers)
    first = season_page(small, small.seasons[0])
    assert first.previous is None
    assert first.next == small.seasons[1]
    assert {driver.id for driver in first.debuts} == {
        e.driver_id for e in small.entries if e.season == first.year and e.started
    }


def test_a_race_has_its_result_its_grid_and_the_tables_after_it(small: Book) -> None:
    for race in small.run:
        page = race_page(small, race.season, race.round)
        assert [row.row for row in page.results] == list(range(1, len(page.results) + 1))
        assert page.results[0].position == 1
        assert {row.driver.id for row in page.grid} <= {row.driver.id for row in page.results}
        assert page.drivers
        assert sum(row.wins for row in page.drivers) == race.round
        assert bool(page.sprint) == race.sprint
        assert race.grand_prix_id in {ref.grand_prix.id for ref in page.same_grand_prix}
        assert msgspec.json.decode(msgspec.json.encode(page), type=type(page)) == page


def test_a_race_that_lies_ahead_says_so(small: Book) -> None:
    ahead = next(race for race in small.races if not race.run)
    page = race_page(small, ahead.season, ahead.round)
    assert page.results == []
    assert "no result" in page.note
    assert not page.race.run


def test_the_first_race_is_the_first_of_everybody(small: Book) -> None:
    first = small.run[0]
    facts = race_page(small, first.season, first.round).facts
    started = [entry for entry in small.by_race[first.index] if entry.started]
    assert sum(fact.startswith("First race of") for fact in facts) == len(started)
    assert any(fact.startswith("First win of") for fact in facts)


def test_standings_after_each_round_end_in_the_final_table(small: Book) -> None:
    year = sorted(small.finished)[0]
    final = standings(small, year, of_drivers=True)
    assert final.final
    last = standings(small, year, of_drivers=True, after=len(small.races_by_season[year]))
    assert not last.final
    assert [(row.driver, row.points) for row in last.rows] == [(row.driver, row.points) for row in final.rows]
    assert final.rows[0].champion
    assert final.rows[0].gap == 0


def test_progress_has_a_value_for_each_round_and_each_entrant(small: Book) -> None:
    for year in small.seasons:
        for of_drivers in (True, False):
            found = progress(small, year, of_drivers=of_drivers)
            for line in found.lines:
                assert len(line.points) == len(line.positions) == len(found.rounds)
                told = [points for points in line.points if points is not None]
                assert told == sorted(told)


def test_circuits_and_grands_prix_count_races_that_were_run(small: Book) -> None:
    assert sum(line.races for line in circuits(small).items) == len(small.run)
    assert sum(line.races for line in grands_prix(small).items) == len(small.run)
    for line in circuits(small).items:
        page = circuit_page(small, line.id)
        assert sum(count.count for count in page.wins) == line.races == page.pole_races
        assert page.pole_wins <= page.pole_races
        assert len(page.lap_records) <= 1 + len(page.layouts)
    for prix in grands_prix(small).items:
        assert len(grand_prix_page(small, prix.id).circuits) == prix.circuits


def test_what_is_not_there_is_said_with_a_hint(small: Book) -> None:
    for ask in (
        lambda: season_page(small, 1800),
        lambda: standings(small, 1800, of_drivers=True),
        lambda: progress(small, 1800, of_drivers=True),
        lambda: standings(small, small.seasons[0], of_drivers=True, after=99),
        lambda: race_page(small, small.seasons[0], 99),
        lambda: race_page(small, 1800, 1),
        lambda: circuit_page(small, "harbor-ring"),
        lambda: grand_prix_page(small, "nowhere"),
        lambda: round_called(small, 1800, "1"),
        lambda: round_called(small, small.seasons[0], "qqqqqq"),
    ):
        with pytest.raises(DataMissingError) as told:
            ask()
        assert told.value.hint


def test_a_table_that_was_not_published_is_said(small: Book) -> None:
    ahead = next(race for race in small.races if not race.run)
    with pytest.raises(DataMissingError, match="no table"):
        standings(small, ahead.season, of_drivers=True, after=ahead.round)


def test_a_race_is_found_by_number_and_by_name(small: Book) -> None:
    year = small.seasons[0]
    assert round_called(small, year, "3") == 3
    race = small.races_by_season[year][1]
    assert round_called(small, year, small.circuits[race.circuit_id].name) == 2


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_ordinals(number: int, text: str) -> None:
    assert ordinal(number) == text


@pytest.mark.shared
def test_the_years_before_1958_had_no_constructors_title(whole: Book) -> None:
    found = standings(whole, 1955, of_drivers=False)
    assert found.rows == []
    assert "1958" in found.note
    assert "Indianapolis" in season_page(whole, 1955).note


@pytest.mark.shared
def test_monaco_1996(whole: Book) -> None:
    page = race_page(whole, 1996, round_called(whole, 1996, "monaco"))
    assert page.results[0].driver.name == "Olivier Panis"
    assert page.results[0].grid == 14
    assert "First win of Olivier Panis" in page.facts
    assert "Olivier Panis won from 14th on the grid" in page.facts


@pytest.mark.shared
def test_every_page_since_1950_can_be_shown(whole: Book) -> None:
    for year in whole.seasons[::5]:
        season_page(whole, year)
    for race in whole.races[::25]:
        race_page(whole, race.season, race.round)
    for circuit in list(whole.circuits)[::4]:
        circuit_page(whole, circuit)
    for prix in list(whole.grands_prix)[::4]:
        grand_prix_page(whole, prix)


@pytest.mark.shared
def test_lap_record_of_monza_is_barrichellos(whole: Book) -> None:
    record = circuit_page(whole, "monza").lap_records[0]
    assert (record.driver.id, record.time_ms, record.race.season) == ("rubens-barrichello", 81_046, 2004)
