"""Who was the youngest, and who the oldest, to start, score, stand on the podium, be on pole, win, become champion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from overcut.lake.history.book import Book
from overcut.lake.history.records.counts import TESTS, Test
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Scope, entries_of
from overcut.lake.history.totals import driver_titles

ACTS: Mapping[str, Test] = {
    "starter": TESTS["starts"],
    "points": TESTS["points-finishes"],
    "podium": TESTS["podiums"],
    "pole": TESTS["poles"],
    "fastest-lap": TESTS["fastest-laps"],
    "winner": TESTS["wins"],
}
"""What one can be young or old for."""


def age(born: dt.date, on: dt.date) -> tuple[int, int]:
    """Whole years, and the days since the last birthday; a birthday of 29 February is 1 March in other years."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years, (on - _birthday(born, born.year + years)).days


def _birthday(born: dt.date, year: int) -> dt.date:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return dt.date(year, 3, 1) if (born.month, born.day) == (2, 29) and not leap else born.replace(year=year)


def in_words(years: int, days: int) -> str:
    """17 y 166 d."""
    return f"{years} y {days} d"


def aged(act: str, *, oldest: bool = False) -> Callable[[Book, Scope], list[Line]]:
    """The age of each driver when they first (``oldest``: last) did something."""
    test = ACTS[act]

    def make(book: Book, scope: Scope) -> list[Line]:
        when: dict[str, int] = {}
        for entry in entries_of(book, scope):
            if test(entry) and (oldest or entry.driver_id not in when):
                when[entry.driver_id] = entry.race
        return [line for driver, race in when.items() if (line := _line(book, driver, race)) is not None]

    return make


def champions(*, oldest: bool = False) -> Callable[[Book, Scope], list[Line]]:
    """The age of champions on the day that decided the title: by the source's mark, else the last race."""

    def make(book: Book, scope: Scope) -> list[Line]:
        lines: list[Line] = []
        for driver, years in driver_titles(book).items():
            within = [year for year in years if scope.first <= year <= scope.last]
            if within:
                line = _line(book, driver, decider(book, within[-1] if oldest else within[0]))
                lines += [line] if line else []
        return lines

    return make


def decider(book: Book, season: int) -> int:
    """The race that decided the drivers' title of a season."""
    races = book.races_by_season[season]
    return next((race for race in races if race.drivers_decider), races[-1]).index


def _line(book: Book, driver: str, race: int) -> Line | None:
    person = book.drivers.get(driver)
    if person is None or person.born is None:
        return None
    years, days = age(person.born, book.races[race].date)
    # Ranked as people compare ages: by years, then days since the birthday. (366 parts leave room for leap years.)
    return Line(round(years + days / 366, 4), driver, in_words(years, days), f"born {person.born}", race=race)
