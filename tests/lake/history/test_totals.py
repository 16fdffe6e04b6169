"""Careers add up: against SQL that shares no code with them, and against published figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.lake.history.book import Book, Shelf
from overcut.lake.history.careers import constructor_page, constructors, driver_page, driver_results, drivers
from overcut.lake.history.totals import constructor_totals, driver_totals

STARTED = "position_text NOT IN ('DNS', 'DNQ', 'DNPQ', 'DNP', 'EX')"
FASTEST = "fastest_lap OR (first IS NOT NULL AND (season > 1959 OR coalesce(points, 0) % 1 <> 0))"
"""Marked, or driven in the same time; until 1959 that brought a part of a point."""
BY_HOLDER = """
    WITH shared AS (SELECT DISTINCT season, round, driver_id, TRUE AS first FROM fastest_laps WHERE position = 1)
    SELECT {holder} AS id,
        count(DISTINCT season::INTEGER * 100 + round) AS entries,
        count(DISTINCT CASE WHEN {started} THEN season::INTEGER * 100 + round END) AS starts,
        count(DISTINCT CASE WHEN position = 1 THEN season::INTEGER * 100 + round END) AS wins,
        count(DISTINCT CASE WHEN {fastest} THEN season::INTEGER * 100 + round END) AS fastest_laps,
        count(DISTINCT CASE WHEN points > 0 THEN season::INTEGER * 100 + round END) AS points_finishes,
        count(DISTINCT CASE WHEN position_text = 'DNF' THEN season::INTEGER * 100 + round END) AS retirements,
        count(DISTINCT CASE WHEN {started} AND grid <= 2 THEN season::INTEGER * 100 + round END) AS front_rows,
        coalesce(sum(laps), 0) AS laps,
        count(DISTINCT CASE WHEN position <= 3 THEN season::INTEGER * 100 + round END) AS podium_races,
        count(DISTINCT CASE WHEN position <= 3 THEN (season::INTEGER * 100 + round) * 10 + position END) AS podium_cars
    FROM results LEFT JOIN shared USING (season, round, driver_id) WHERE {holder} IS NOT NULL GROUP BY 1
"""
SAME = ("entries", "starts", "wins", "fastest_laps", "points_finishes", "retirements", "front_rows", "laps")


def agree(lake: Lake, book: Book) -> int:
    """Every driver's and constructor's totals against SQL; how many were compared."""
    compared = 0
    for holder, podiums, total in (
        ("driver_id", "podium_races", driver_totals),
        ("constructor_id", "podium_cars", constructor_totals),
    ):
        for row in lake.query(BY_HOLDER.format(holder=holder, started=STARTED, fastest=FASTEST)).iter_rows(named=True):
            found = total(book, row["id"])
            assert {name: getattr(found, name) for name in SAME} == {name: row[name] for name in SAME}, row["id"]
            assert found.podiums == row[podiums], row["id"]
            compared += 1
    return compared


def test_totals_are_what_sql_counts(small_history: Lake, small: Book) -> None:
    assert agree(small_history, small) == 12 + 6


@pytest.mark.shared
def test_every_career_since_1950_is_what_sql_counts(shared_history: Lake, whole: Book) -> None:
    assert agree(shared_history, whole) > 1_000


# Published figures: careers that have ended, and at the end of 2024 those that have not (from the sites of Formula 1
# and of the encyclopaedias; starts of some careers are counted differently elsewhere, and are left out here).
PUBLISHED = {
    "michael-schumacher": {"starts": 306, "wins": 91, "podiums": 155, "poles": 68, "fastest_laps": 77, "titles": 7},
    "ayrton-senna": {"starts": 161, "wins": 41, "podiums": 80, "poles": 65, "fastest_laps": 19, "titles": 3},
    "juan-manuel-fangio": {"starts": 51, "wins": 24, "podiums": 35, "poles": 29, "fastest_laps": 23, "titles": 5},
    "alain-prost": {"starts": 199, "wins": 51, "podiums": 106, "poles": 33, "fastest_laps": 41, "titles": 4},
    "jim-clark": {"starts": 72, "wins": 25, "podiums": 32, "poles": 33, "fastest_laps": 28, "titles": 2},
    "sebastian-vettel": {"starts": 299, "wins": 53, "podiums": 122, "poles": 57, "fastest_laps": 38, "titles": 4},
    "nigel-mansell": {"starts": 187, "wins": 31, "podiums": 59, "poles": 32, "fastest_laps": 30, "titles": 1},
    "jackie-stewart": {"starts": 99, "wins": 27, "podiums": 43, "poles": 17, "titles": 3},
    "niki-lauda": {"starts": 171, "wins": 25, "podiums": 54, "poles": 24, "titles": 3},
    "nelson-piquet": {"wins": 23, "podiums": 60, "poles": 24, "titles": 3},
    "damon-hill": {"starts": 115, "wins": 22, "podiums": 42, "poles": 20, "titles": 1},
    "mika-hakkinen": {"starts": 161, "wins": 20, "podiums": 51, "poles": 26, "titles": 2},
    "nico-rosberg": {"starts": 206, "wins": 23, "podiums": 57, "poles": 30, "titles": 1},
    "jenson-button": {"starts": 306, "wins": 15, "podiums": 50, "poles": 8, "titles": 1},
    "stirling-moss": {"starts": 66, "wins": 16, "podiums": 24, "poles": 16, "fastest_laps": 19, "titles": 0},
    "alberto-ascari": {"starts": 32, "wins": 13, "podiums": 17, "poles": 14, "fastest_laps": 12, "titles": 2},
    "gilles-villeneuve": {"starts": 67, "wins": 6, "podiums": 13, "poles": 2},
    "rubens-barrichello": {"starts": 322, "wins": 11, "podiums": 68, "poles": 14, "titles": 0},
    "kimi-raikkonen": {"wins": 21, "podiums": 103, "poles": 18, "fastest_laps": 46, "titles": 1},
    "mark-webber": {"starts": 215, "wins": 9, "podiums": 42, "poles": 13},
    "luigi-fagioli": {"starts": 7, "wins": 1, "podiums": 6},
    "tony-brooks": {"starts": 38, "wins": 6},
}


@pytest.mark.shared
@pytest.mark.parametrize("driver", PUBLISHED)
def test_careers_are_as_published(whole: Book, driver: str) -> None:
    found = driver_totals(whole, driver)
    assert {name: getattr(found, name) for name in PUBLISHED[driver]} == PUBLISHED[driver]


@pytest.mark.shared
def test_a_shared_win_is_a_win_of_both_and_a_second_car_no_second_start(whole: Book) -> None:
    reims = [entry for entry in whole.by_race[whole.index[1951, 4]] if entry.won]
    assert {entry.driver_id for entry in reims} == {"luigi-fagioli", "juan-manuel-fangio"}
    fangio = [entry for entry in whole.by_driver["juan-manuel-fangio"] if (entry.season, entry.round) == (1951, 4)]
    assert len(fangio) == 2
    assert driver_totals(whole, "juan-manuel-fangio").starts == 51


@pytest.mark.shared
def test_pole_of_a_driver_who_could_not_start_is_still_a_pole(whole: Book) -> None:
    for season, number, driver in ((1996, 9, "michael-schumacher"), (2021, 5, "charles-leclerc")):
        on_pole = [entry for entry in whole.by_race[whole.index[season, number]] if entry.pole]
        assert [entry.driver_id for entry in on_pole] == [driver]
        assert not on_pole[0].started


def test_every_race_that_was_run_has_one_pole(small: Book) -> None:
    for race in small.run:
        assert sum(entry.pole for entry in small.by_race[race.index]) == 1


def test_champions_are_those_on_top_of_a_final_table(small: Book) -> None:
    titles = [year for line in drivers(small, 0, 100).items for year in driver_page(small, line.id).title_years]
    assert sorted(titles) == sorted(small.finished)
    teams = [y for line in constructors(small, 0, 100).items for y in constructor_page(small, line.id).title_years]
    assert sorted(teams) == sorted(small.finished)


def test_a_season_that_runs_has_no_champion_but_a_position(small: Book) -> None:
    running = small.latest_season
    assert running not in small.finished
    page = driver_page(small, small.standings(True, running)[0].id)
    last = page.seasons[-1]
    assert (last.year, last.position, last.champion, last.finished) == (running, 1, False, False)


def test_the_seasons_of_a_career_add_up_to_it(small: Book) -> None:
    for line in drivers(small, 0, 100).items:
        page = driver_page(small, line.id)
        for name in ("entries", "starts", "wins", "podiums", "poles", "laps", "titles", "sprint_wins"):
            assert sum(getattr(season.totals, name) for season in page.seasons) == getattr(page.totals, name)
        assert sum(season.totals.points for season in page.seasons) == pytest.approx(page.totals.points)
        assert sum(place.starts for place in page.circuits) == page.totals.starts == line.starts


def test_milestones_are_in_order_and_the_first_start_is_the_first_race(small: Book) -> None:
    page = driver_page(small, drivers(small).items[0].id)
    when = [(milestone.race.season, milestone.race.round) for milestone in page.milestones]
    assert when == sorted(when)
    assert page.milestones[0].kind == "first_start"
    assert page.milestones[0].race == page.first_race


def test_results_come_newest_first_and_by_page(small: Book) -> None:
    driver = drivers(small).items[0].id
    everything = driver_results(small, driver, limit=1_000)
    assert everything.total == len(everything.items) == driver_totals(small, driver).entries
    paged = [
        item
        for start in range(0, everything.total, 7)
        for item in driver_results(small, driver, offset=start, limit=7).items
    ]
    assert paged == everything.items
    one = driver_results(small, driver, season=2019, limit=1_000)
    assert {item.race.season for item in one.items} == {2019}
    sprints = driver_results(small, driver, sprints=True)
    assert sprints.session == "S"
    assert sprints.total == driver_totals(small, driver).sprint_starts


def test_who_is_not_known_is_said_with_those_who_are_alike(small: Book) -> None:
    with pytest.raises(DataMissingError, match="bjorn-alto") as told:
        driver_page(small, "bjorn-alto")
    assert "bjorn-aalto" in told.value.hint
    with pytest.raises(DataMissingError):
        constructor_page(small, "nobody")
    with pytest.raises(DataMissingError):
        driver_results(small, "nobody")


def test_an_empty_lake_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError) as told:
        Shelf(Lake(tmp_path / "lake")).book()
    assert "overcut history import" in told.value.hint


def test_the_shelf_reads_again_only_when_the_lake_has_changed(small_history: Lake) -> None:
    shelf = Shelf(small_history)
    assert shelf.book() is shelf.book()


@pytest.mark.shared
def test_a_team_has_its_line_of_names(whole: Book) -> None:
    page = constructor_page(whole, "mercedes")
    assert [line.constructor.id for line in page.chronology] == ["tyrrell", "bar", "honda", "brawn", "mercedes"]
    assert page.line_totals is not None
    assert page.line_totals.titles == 1 + 1 + 8
    assert page.totals.titles == 8
