"""What a career adds up to: starts, wins, podiums and the rest, counted by the definitions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import CareerTotals
from overcut.lake.history.rows import Entry, Standing


def totals(
    entries: Sequence[Entry],
    sprints: Sequence[Entry] = (),
    *,
    titles: int = 0,
    championship_points: float = 0.0,
    best_championship: int | None = None,
    cars: bool = False,
) -> CareerTotals:
    """Add up a career.

    Args:
        entries: results of a driver, or of a constructor's cars.
        sprints: results in sprints.
        titles: championships won. championship_points: that counted. best_championship: best final position.
        cars: count podiums by car (a constructor's) and one-twos, not by race.
    """
    places = [entry.position for entry in entries if entry.position is not None and entry.started]
    grids = [entry.grid for entry in entries if entry.grid is not None and entry.started]
    best = min(places, default=None)
    return CareerTotals(
        entries=len({entry.race for entry in entries}),
        starts=_races(entries, lambda e: e.started),
        wins=_races(entries, lambda e: e.won),
        podiums=podium_cars(entries) if cars else _races(entries, lambda e: e.on_podium),
        poles=_races(entries, lambda e: e.pole),
        fastest_laps=_races(entries, lambda e: e.fastest_lap),
        front_rows=_races(entries, lambda e: e.started and e.grid is not None and e.grid <= 2),
        points_finishes=_races(entries, lambda e: e.points > 0),
        finishes=_races(entries, lambda e: e.position is not None and e.started),
        retirements=_races(entries, lambda e: e.position_text == "DNF"),
        laps=sum(entry.laps or 0 for entry in entries),
        points=_points(entries) + _points(sprints),
        championship_points=championship_points,
        titles=titles,
        hat_tricks=_races(entries, lambda e: e.pole and e.won and e.fastest_lap),
        grand_slams=_grand_slams(entries),
        sprint_starts=_races(sprints, lambda e: e.started),
        sprint_wins=_races(sprints, lambda e: e.won),
        sprint_podiums=podium_cars(sprints) if cars else _races(sprints, lambda e: e.on_podium),
        driver_of_the_day=_races(entries, lambda e: e.driver_of_the_day),
        one_twos=_one_twos(entries) if cars else 0,
        best_result=best,
        best_result_count=0 if best is None else _races(entries, lambda e: e.position == best and e.started),
        best_grid=min(grids, default=None),
        best_championship=best_championship,
    )


def _races(entries: Iterable[Entry], test: Callable[[Entry], bool]) -> int:
    """Races with an entry that passes: one who drove two cars did it once."""
    return len({entry.race for entry in entries if test(entry)})


def _grand_slams(entries: Sequence[Entry]) -> int | None:
    """How many; None where it is not known of every hat-trick whether it was one."""
    if any(entry.grand_slam is None for entry in entries):
        return None
    return _races(entries, lambda e: bool(e.grand_slam))


def _points(entries: Iterable[Entry]) -> float:
    return math.fsum(entry.points for entry in entries)


def podium_cars(entries: Iterable[Entry]) -> int:
    """Cars in the first three: a car that was shared counts once."""
    return len({(entry.race, entry.position) for entry in entries if entry.on_podium})


def one_two(group: Iterable[Entry]) -> bool:
    """Cars of one constructor were first and second; ``group``: its entries of one race."""
    return {1, 2} <= {entry.position for entry in group}


def _one_twos(entries: Iterable[Entry]) -> int:
    placed: defaultdict[int, set[int | None]] = defaultdict(set)
    for entry in entries:
        if entry.on_podium:
            placed[entry.race].add(entry.position)
    return sum({1, 2} <= places for places in placed.values())


def driver_totals(book: Book, driver_id: str) -> CareerTotals:
    """A driver's career."""
    return book.remember(("driver totals", driver_id), lambda: _driver_totals(book, driver_id))


def _driver_totals(book: Book, driver_id: str) -> CareerTotals:
    return totals(
        book.by_driver.get(driver_id, ()),
        book.sprints_by_driver.get(driver_id, ()),
        titles=len(driver_titles(book).get(driver_id, ())),
        championship_points=_counted(book, driver_id, of_drivers=True),
        best_championship=_best_final(book, driver_id, of_drivers=True),
    )


def constructor_totals(book: Book, constructor_id: str) -> CareerTotals:
    """What a constructor's cars have done; under one name, whatever the line before and after."""
    return book.remember(("constructor totals", constructor_id), lambda: _constructor_totals(book, constructor_id))


def _constructor_totals(book: Book, constructor_id: str) -> CareerTotals:
    return totals(
        book.by_constructor.get(constructor_id, ()),
        book.sprints_by_constructor.get(constructor_id, ()),
        titles=len(constructor_titles(book).get(constructor_id, ())),
        championship_points=_counted(book, constructor_id, of_drivers=False),
        best_championship=_best_final(book, constructor_id, of_drivers=False),
        cars=True,
    )


def driver_titles(book: Book) -> Mapping[str, tuple[int, ...]]:
    """The years in which each driver became champion."""
    return book.remember(("driver titles",), lambda: _titles(book, of_drivers=True))


def constructor_titles(book: Book) -> Mapping[str, tuple[int, ...]]:
    """The years in which each constructor became champion."""
    return book.remember(("constructor titles",), lambda: _titles(book, of_drivers=False))


def _titles(book: Book, *, of_drivers: bool) -> Mapping[str, tuple[int, ...]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for (season, number), rows in (book.driver_tables if of_drivers else book.constructor_tables).items():
        if number == 0:
            for row in rows:
                if row.champion:
                    found[row.id].append(season)
    return {key: tuple(sorted(years)) for key, years in found.items()}


def final_tables(book: Book, *, of_drivers: bool) -> Mapping[str, tuple[Standing, ...]]:
    """Each entrant's lines of final tables (of a running season: of the latest), in order of time."""
    return book.remember(("final tables", of_drivers), lambda: _final_tables(book, of_drivers=of_drivers))


def _final_tables(book: Book, *, of_drivers: bool) -> Mapping[str, tuple[Standing, ...]]:
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    for season in book.seasons:
        for row in book.standings(of_drivers, season):
            found[row.id].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _counted(book: Book, key: str, *, of_drivers: bool) -> float:
    return math.fsum(row.points for row in final_tables(book, of_drivers=of_drivers).get(key, ()))


def _best_final(book: Book, key: str, *, of_drivers: bool) -> int | None:
    rows = final_tables(book, of_drivers=of_drivers).get(key, ())
    return min((row.position for row in rows if row.position is not None and row.season in book.finished), default=None)
