"""Whose streaks were the longest: wins, podiums, points, poles, starts and finishes in a row; titles in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from overcut.lake.history.book import Book
from overcut.lake.history.records.counts import TESTS, Test, tally
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Holders, Scope, entries_of, holder_of, races_of
from overcut.lake.history.totals import constructor_titles, driver_titles


def streak(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The longest streaks of consecutive races of the championship; a race that one missed ends it."""
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        order = {race.index: place for place, race in enumerate(races_of(book, scope))}
        found = tally(book, scope, entries_of(book, scope), test)
        return _lines(found, order, len(order) - 1)

    return make


def _lines(found: dict[str, list[int]], order: dict[int, int], last: int) -> list[Line]:
    """Every streak of two and more, of everybody."""
    lines: list[Line] = []
    for key, races in found.items():
        begin = 0
        for place in range(1, len(races) + 1):
            if place < len(races) and order[races[place]] == order[races[place - 1]] + 1:
                continue
            if place - begin > 1:
                end = races[place - 1]
                lines.append(Line(place - begin, key, first=races[begin], last=end, current=order[end] == last))
            begin = place
    return lines


def droughts(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The longest runs of one's own starts without something, between two times that it happened.

    Counts the starts strictly between: with a win at one start and the next win at the one after, 0.
    """
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        lines: list[Line] = []
        for key, races in _starts(book, scope, test).items():
            since: int | None = None
            for place, (race, done) in enumerate(races):
                if not done:
                    continue
                if since is not None and place - since > 1:
                    days = (book.races[race].date - book.races[races[since][0]].date).days
                    lines.append(
                        Line(place - since - 1, key, detail=f"{days:,} days", first=races[since][0], last=race)
                    )
                since = place
        return lines

    return make


def without(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The longest runs of one's own starts without something, wherever in the career."""
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        lines: list[Line] = []
        final = book.run[-1].index
        for key, races in _starts(book, scope, test).items():
            begin = 0
            for place in range(len(races) + 1):
                if place < len(races) and not races[place][1]:
                    continue
                if place > begin:
                    current = place == len(races) and races[-1][0] == final
                    first, last = races[begin][0], races[place - 1][0]
                    lines.append(Line(place - begin, key, first=first, last=last, current=current))
                begin = place + 1
        return lines

    return make


def _starts(book: Book, scope: Scope, test: Test) -> dict[str, list[tuple[int, bool]]]:
    """Each holder's starts in order: (race, whether it happened there)."""
    holder = holder_of(book, scope.holders)
    found: defaultdict[str, dict[int, bool]] = defaultdict(dict)
    for entry in entries_of(book, scope):
        if entry.started and (key := holder(entry)) is not None:
            of = found[key]
            of[entry.race] = of.get(entry.race, False) or test(entry)
    return {key: list(races.items()) for key, races in found.items()}


def at_one_grand_prix(book: Book, scope: Scope) -> list[Line]:
    """Wins in a row at one Grand Prix: at the next time that it was held, and the next."""
    holder = holder_of(book, scope.holders)
    lines: list[Line] = []
    for grand_prix_id in {race.grand_prix_id for race in races_of(book, scope)}:
        races = [race.index for race in races_of(book, scope) if race.grand_prix_id == grand_prix_id]
        winners = [{holder(entry) for entry in book.by_race[race] if entry.won} for race in races]
        for key in {key for of in winners for key in of if key is not None}:
            lines += _runs(book, races, winners, key, grand_prix_id)
    return lines


def _runs(
    book: Book, races: Sequence[int], winners: Sequence[set[str | None]], key: str, grand_prix_id: str
) -> list[Line]:
    lines: list[Line] = []
    begin = None
    name = book.grands_prix[grand_prix_id].name if grand_prix_id in book.grands_prix else grand_prix_id
    for place in range(len(races) + 1):
        won = place < len(races) and key in winners[place]
        if won and begin is None:
            begin = place
        elif not won and begin is not None:
            if place - begin > 1:
                lines.append(Line(place - begin, key, detail=name, first=races[begin], last=races[place - 1]))
            begin = None
    return lines


def from_the_start(book: Book, scope: Scope) -> list[Line]:
    """Wins in a row from the first race of a season."""
    holder = holder_of(book, scope.holders)
    lines: list[Line] = []
    for season in {race.season for race in races_of(book, scope)}:
        races = [race.index for race in races_of(book, scope) if race.season == season]
        winners = [{holder(entry) for entry in book.by_race[race] if entry.won} for race in races]
        for key in winners[0] - {None}:
            count = next((place for place, of in enumerate(winners) if key not in of), len(winners))
            lines.append(
                Line(count, key, detail=f"of {len(races)}", season=season, first=races[0], last=races[count - 1])
            )
    return lines


def titles_in_a_row(book: Book, scope: Scope) -> list[Line]:
    """Championships in consecutive seasons."""
    titles = driver_titles(book) if scope.holders is Holders.DRIVERS else constructor_titles(book)
    lines: list[Line] = []
    for key, years in titles.items():
        within = [year for year in years if scope.first <= year <= scope.last]
        begin = 0
        for place in range(1, len(within) + 1):
            if place < len(within) and within[place] == within[place - 1] + 1:
                continue
            first, last = within[begin], within[place - 1]
            lines.append(
                Line(
                    place - begin,
                    key,
                    detail=f"{first} to {last}" if last > first else str(first),
                    season=last,
                    current=last == max(book.finished),
                )
            )
            begin = place
    return lines


def seasons_in_a_row(name: str) -> Callable[[Book, Scope], list[Line]]:
    """Consecutive seasons in each of which something was done at least once."""
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        holder = holder_of(book, scope.holders)
        found: defaultdict[str, set[int]] = defaultdict(set)
        for entry in entries_of(book, scope):
            if test(entry) and (key := holder(entry)) is not None:
                found[key].add(entry.season)
        lines: list[Line] = []
        for key, years in found.items():
            for first in (year for year in years if year - 1 not in years):
                last = first
                while last + 1 in years:
                    last += 1
                lines.append(
                    Line(
                        last - first + 1,
                        key,
                        detail=f"{first} to {last}",
                        season=last,
                        current=last == book.latest_season,
                    )
                )
        return lines

    return make
