"""How long it took, or never came: starts to the first win, podium, pole; careers without; how long careers were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from overcut.lake.history.book import Book
from overcut.lake.history.duels import balance, season_pairs
from overcut.lake.history.records.ages import age, in_words
from overcut.lake.history.records.counts import TESTS
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Scope, entries_of, holder_of
from overcut.lake.history.rows import Entry
from overcut.lake.history.teams import same_team

LEAST_TOGETHER = 3
"""Races that two team mates must both have started in a season for one to have beaten the other."""


def starts_to_first(name: str) -> Callable[[Book, Scope], list[Line]]:
    """Which of one's own starts was the first with something: 1 for a debut."""
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        holder = holder_of(book, scope.holders)
        starts: defaultdict[str, set[int]] = defaultdict(set)
        done: dict[str, Line] = {}
        for entry in entries_of(book, scope):
            if (key := holder(entry)) is None or key in done:
                continue
            if entry.started:
                starts[key].add(entry.race)
            if test(entry):
                done[key] = Line(len(starts[key]), key, race=entry.race)
        return [line for line in done.values() if line.value]

    return make


def starts_without(name: str) -> Callable[[Book, Scope], list[Line]]:
    """Starts of those who never did it."""
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        holder = holder_of(book, scope.holders)
        starts: defaultdict[str, list[int]] = defaultdict(list)
        did: set[str] = set()
        for entry in entries_of(book, scope):
            if (key := holder(entry)) is None:
                continue
            if entry.started and (not starts[key] or starts[key][-1] != entry.race):
                starts[key].append(entry.race)
            if test(entry):
                did.add(key)
        return [
            Line(len(races), key, first=races[0], last=races[-1], current=races[-1] == book.run[-1].index)
            for key, races in starts.items()
            if races and key not in did
        ]

    return make


def span(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The time from the first to the last race with something, in years."""
    test = TESTS[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        holder = holder_of(book, scope.holders)
        ends: dict[str, tuple[int, int]] = {}
        for entry in entries_of(book, scope):
            if test(entry) and (key := holder(entry)) is not None:
                ends[key] = (ends.get(key, (entry.race, 0))[0], entry.race)
        lines: list[Line] = []
        for key, (first, last) in ends.items():
            years, days = age(book.races[first].date, book.races[last].date)
            lines.append(Line(round(years + days / 366, 4), key, in_words(years, days), first=first, last=last))
        return lines

    return make


def team_mates_beaten(book: Book, scope: Scope) -> list[Line]:
    """How often a driver beat a team mate over a season: more points, else more races ahead."""
    won: defaultdict[str, int] = defaultdict(int)
    met: defaultdict[str, int] = defaultdict(int)
    for season in book.seasons:
        if not scope.first <= season <= scope.last:
            continue
        for (_, a, b), pairs in season_pairs(book, season).items():
            if len(pairs) < LEAST_TOGETHER:
                continue
            mine, theirs = balance(book, pairs)
            won[a] += mine > theirs
            won[b] += theirs > mine
            met[a] += 1
            met[b] += 1
    return [Line(count, key, detail=f"{count} of {met[key]}") for key, count in won.items() if count]


def team_mates_had(book: Book, scope: Scope) -> list[Line]:
    """How many different team mates started beside a driver, in the same race for the same team."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    teams: defaultdict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in entries_of(book, scope):
        if entry.started and entry.constructor_id is not None:
            teams[entry.race, entry.constructor_id].append(entry)
    for entries in teams.values():
        for place, x in enumerate(entries):
            for y in entries[place + 1 :]:
                if x.driver_id != y.driver_id and same_team(book, x, y):
                    beside[x.driver_id].add(y.driver_id)
                    beside[y.driver_id].add(x.driver_id)
    return [Line(len(others), driver) for driver, others in beside.items()]
