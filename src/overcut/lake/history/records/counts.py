"""Who did something most often: wins, poles, podiums, laps, points, titles; in a career and in one season."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter

import msgspec

from overcut.lake.history.book import Book
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Holders, Scope, entries_of, holder_of, races_of, sprints_of
from overcut.lake.history.rows import Entry
from overcut.lake.history.totals import constructor_titles, driver_titles, final_tables, one_two

Test = Callable[[Entry], bool]

TESTS: Mapping[str, Test] = {
    "entries": lambda _: True,
    "starts": attrgetter("started"),
    "wins": attrgetter("won"),
    "podiums": attrgetter("on_podium"),
    "second-places": lambda e: e.position == 2,
    "third-places": lambda e: e.position == 3,
    "poles": attrgetter("pole"),
    "fastest-laps": attrgetter("fastest_lap"),
    "front-rows": lambda e: e.started and e.grid is not None and e.grid <= 2,
    "points-finishes": lambda e: e.points > 0,
    "finishes": lambda e: e.started and e.position is not None,
    "retirements": lambda e: e.position_text == "DNF",
    "disqualifications": lambda e: e.position_text == "DSQ",
    "not-qualified": lambda e: e.position_text in {"DNQ", "DNPQ"},
    "hat-tricks": lambda e: e.pole and e.won and e.fastest_lap,
    "wins-from-pole": lambda e: e.pole and e.won,
    "grand-slams": lambda e: bool(e.grand_slam),
    "driver-of-the-day": attrgetter("driver_of_the_day"),
}
"""What is counted in races, by the name of its list."""


def tally(book: Book, scope: Scope, entries: Iterable[Entry], test: Test) -> dict[str, list[int]]:
    """The races of each holder in which an entry passes, in order of time."""
    holder = holder_of(book, scope.holders)
    found: dict[str, list[int]] = {}
    for entry in entries:
        if test(entry) and (key := holder(entry)) is not None:
            races = found.get(key)
            if races is None:
                found[key] = [entry.race]
            elif races[-1] != entry.race:
                races.append(entry.race)
    return found


def cars(book: Book, scope: Scope, entries: Iterable[Entry], test: Test) -> dict[str, int]:
    """How many cars of each holder pass in places; a car that was shared has one place, and counts once."""
    holder = holder_of(book, scope.holders)
    found: defaultdict[str, set[tuple[int, int | None]]] = defaultdict(set)
    for entry in entries:
        if test(entry) and (key := holder(entry)) is not None:
            found[key].add((entry.race, entry.position))
    return {key: len(of) for key, of in found.items()}


def counted(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The list of a test; podiums (and second and third places) of constructors and makers count cars."""
    by_car = name in {"podiums", "second-places", "third-places"}

    def make(book: Book, scope: Scope) -> list[Line]:
        lines = _lines(tally(book, scope, entries_of(book, scope), TESTS[name]))
        if not by_car or scope.holders is Holders.DRIVERS:
            return lines
        counts = cars(book, scope, entries_of(book, scope), TESTS[name])
        return [msgspec.structs.replace(line, value=counts[line.holder or ""]) for line in lines]

    return make


def wins_from_grid(book: Book, scope: Scope) -> list[Line]:
    """Wins from one place on the grid."""
    return _lines(tally(book, scope, entries_of(book, scope), lambda e: e.won and e.grid == scope.grid))


def _lines(found: Mapping[str, Sequence[int]]) -> list[Line]:
    return [Line(len(races), key, first=races[0], last=races[-1]) for key, races in found.items()]


def sprint_wins(book: Book, scope: Scope) -> list[Line]:
    """Sprints won."""
    return _lines(tally(book, scope, sprints_of(book, scope), lambda e: e.won))


def sprint_podiums(book: Book, scope: Scope) -> list[Line]:
    """Sprints finished in the first three."""
    return _lines(tally(book, scope, sprints_of(book, scope), lambda e: e.on_podium))


def points(book: Book, scope: Scope) -> list[Line]:
    """Points won in races and sprints."""
    holder = holder_of(book, scope.holders)
    won: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in (*entries_of(book, scope), *sprints_of(book, scope)):
        if entry.points and (key := holder(entry)) is not None:
            won[key].append(entry)
    return [
        Line(
            _sum(entry.points for entry in entries),
            key,
            first=min(entry.race for entry in entries),
            last=max(entry.race for entry in entries),
        )
        for key, entries in won.items()
    ]


def _sum(values: Iterable[float]) -> float:
    return round(math.fsum(values), 6)


def laps(book: Book, scope: Scope) -> list[Line]:
    """Laps driven in races."""
    return _summed(book, scope, lambda entry: float(entry.laps or 0))


def distance(book: Book, scope: Scope) -> list[Line]:
    """Kilometres driven in races."""
    lap_km = [race.lap_km or 0.0 for race in book.races]
    return _summed(book, scope, lambda entry: (entry.laps or 0) * lap_km[entry.race])


def _summed(book: Book, scope: Scope, value: Callable[[Entry], float]) -> list[Line]:
    holder = holder_of(book, scope.holders)
    sums: defaultdict[str, float] = defaultdict(float)
    for entry in entries_of(book, scope):
        if (key := holder(entry)) is not None:
            sums[key] += value(entry)
    return [Line(round(total, 3), key) for key, total in sums.items() if total]


def titles(book: Book, scope: Scope) -> list[Line]:
    """World championships, of drivers or of constructors; of countries, their drivers'."""
    if scope.holders is Holders.CONSTRUCTORS:
        won: Iterable[tuple[str, int]] = ((k, year) for k, years in constructor_titles(book).items() for year in years)
    else:
        people = book.drivers
        won = (
            ((people[k].country_id or "" if k in people else "") if scope.holders is Holders.COUNTRIES else k, year)
            for k, years in driver_titles(book).items()
            for year in years
        )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, year in won:
        if key and scope.first <= year <= scope.last:
            found[key].append(year)
    return [
        Line(len(years), key, detail=", ".join(map(str, sorted(years))), season=max(years))
        for key, years in found.items()
    ]


def runner_up(book: Book, scope: Scope) -> list[Line]:
    """Seasons finished second in the championship."""
    found: dict[str, list[int]] = {}
    for key, rows in final_tables(book, of_drivers=scope.holders is Holders.DRIVERS).items():
        years = [
            row.season
            for row in rows
            if row.position == 2 and row.season in book.finished and scope.first <= row.season <= scope.last
        ]
        if years:
            found[key] = years
    return [Line(len(years), key, detail=", ".join(map(str, years)), season=years[-1]) for key, years in found.items()]


def championship_points(book: Book, scope: Scope) -> list[Line]:
    """Points that counted for championships."""
    return [
        Line(total, key)
        for key, rows in final_tables(book, of_drivers=scope.holders is Holders.DRIVERS).items()
        if (total := _sum(row.points for row in rows if scope.first <= row.season <= scope.last))
    ]


def one_twos(book: Book, scope: Scope) -> list[Line]:
    """Races in which a constructor's (or maker's) cars were first and second."""
    holder = holder_of(book, scope.holders)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for race in races_of(book, scope):
        entries = [entry for entry in book.by_race[race.index] if entry.position in {1, 2}]
        for key in {key for entry in entries if (key := holder(entry)) is not None}:
            if one_two(entry for entry in entries if holder(entry) == key):
                found[key].append(race.index)
    return [Line(len(races), key, first=races[0], last=races[-1]) for key, races in found.items()]


def different(what: Callable[[Entry, Book], str | int | None], test: Test) -> Callable[[Book, Scope], list[Line]]:
    """At how many different circuits (in how many seasons, with how many makes …) something was done."""

    def make(book: Book, scope: Scope) -> list[Line]:
        holder = holder_of(book, scope.holders)
        found: defaultdict[str, set[str | int]] = defaultdict(set)
        for entry in entries_of(book, scope):
            if test(entry) and (key := holder(entry)) is not None and (of := what(entry, book)) is not None:
                found[key].add(of)
        return [Line(len(of), key) for key, of in found.items()]

    return make


def led(book: Book, scope: Scope) -> list[Line]:
    """Laps led, of the races whose laps are in the lake."""
    return _summed(book, scope, lambda entry: entry.laps_led or 0)
