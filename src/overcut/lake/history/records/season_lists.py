"""Which seasons were the most open, the closest, the earliest decided; and who won first and when."""

from __future__ import annotations

from collections.abc import Callable

from overcut.lake.history.book import Book
from overcut.lake.history.records.ages import decider
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Holders, Scope, races_of
from overcut.lake.history.rows import Entry
from overcut.lake.history.totals import driver_titles


def different_in_season(
    what: Callable[[Entry], str | None], test: Callable[[Entry], bool]
) -> Callable[[Book, Scope], list[Line]]:
    """How many different drivers (constructors …) did something in a season."""

    def make(book: Book, scope: Scope) -> list[Line]:
        lines: list[Line] = []
        for season in _seasons(book, scope):
            races = [race for race in races_of(book, scope) if race.season == season]
            found = {what(e) for race in races for e in book.by_race[race.index] if test(e)} - {None}
            lines.append(Line(len(found), detail=f"in {len(races)} races", season=season))
        return lines

    return make


def _seasons(book: Book, scope: Scope) -> list[int]:
    return sorted({race.season for race in races_of(book, scope)})


def first_time_winners(book: Book, scope: Scope) -> list[Line]:
    """How many drivers won their first race in a season."""
    first: dict[str, int] = {}
    for entry in book.entries:
        if entry.won:
            first.setdefault(entry.driver_id, entry.season)
    lines: list[Line] = []
    for season in _seasons(book, scope):
        names = [book.drivers[key].name for key, year in first.items() if year == season and key in book.drivers]
        if names:
            lines.append(Line(len(names), detail=", ".join(names), season=season))
    return lines


def title_margins(book: Book, scope: Scope) -> list[Line]:
    """Points between champion and runner-up in the final table."""
    of_drivers = scope.holders is not Holders.CONSTRUCTORS
    lines: list[Line] = []
    for season in sorted(book.finished):
        rows = book.standings(of_drivers, season)
        if scope.first <= season <= scope.last and len(rows) > 1 and rows[0].champion:
            lines.append(_title(rows[0].points - rows[1].points, rows[0].id, season, of_drivers=of_drivers))
    return lines


def _title(value: float, key: str, season: int, *, of_drivers: bool, detail: str = "") -> Line:
    return Line(
        round(value, 6),
        season=season,
        detail=detail,
        driver=key if of_drivers else None,
        constructor=None if of_drivers else key,
    )


def title_races_left(book: Book, scope: Scope) -> list[Line]:
    """Races that were left when the drivers' title was decided."""
    lines: list[Line] = []
    for driver, years in driver_titles(book).items():
        for season in years:
            if scope.first <= season <= scope.last:
                race = book.races[decider(book, season)]
                left = len(book.races_by_season[season]) - race.round
                lines.append(Line(left, race=race.index, season=season, driver=driver))
    return lines


def champions_wins(book: Book, scope: Scope) -> list[Line]:
    """Races that the champion won in the season of the title."""
    lines: list[Line] = []
    for driver, years in driver_titles(book).items():
        for season in years:
            if scope.first <= season <= scope.last:
                wins = len({e.race for e in book.by_driver[driver] if e.season == season and e.won})
                lines.append(
                    _title(
                        wins, driver, season, of_drivers=True, detail=f"of {len(book.races_by_season[season])} races"
                    )
                )
    return lines


def rounds(book: Book, scope: Scope) -> list[Line]:
    """Races run in a season."""
    return [
        Line(sum(race.season == season for race in races_of(book, scope)), season=season)
        for season in _seasons(book, scope)
    ]
