"""Who did most within one season: wins, poles, podiums, points; in numbers and as a share."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

from overcut.lake.history.book import Book
from overcut.lake.history.records.counts import TESTS
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Holders, Scope, entries_of, holder_of, races_of, sprints_of

LEAST_STARTS = 5
"""Starts in a season needed for a list of shares, where not asked otherwise."""


def in_season(name: str) -> Callable[[Book, Scope], list[Line]]:
    """How many races of one season; podiums of constructors count cars."""
    test = TESTS[name]
    cars = name == "podiums"

    def make(book: Book, scope: Scope) -> list[Line]:
        holder = holder_of(book, scope.holders)
        by_car = cars and scope.holders is not Holders.DRIVERS
        found: defaultdict[tuple[str, int], set[tuple[int, int | None]]] = defaultdict(set)
        for entry in entries_of(book, scope):
            if test(entry) and (key := holder(entry)) is not None:
                found[key, entry.season].add((entry.race, entry.position if by_car else None))
        rounds = _rounds(book, scope)
        return [
            Line(len(races), key, detail=f"{season}, of {rounds[season]} races", season=season)
            for (key, season), races in found.items()
        ]

    return make


def _rounds(book: Book, scope: Scope) -> dict[int, int]:
    rounds: defaultdict[int, int] = defaultdict(int)
    for race in races_of(book, scope):
        rounds[race.season] += 1
    return rounds


def share_in_season(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The share of a season's races, in per cent; of the races that the season had, not those one started."""
    count = in_season(name)

    def make(book: Book, scope: Scope) -> list[Line]:
        rounds = _rounds(book, scope)
        lines: list[Line] = []
        for line in count(book, scope):
            season = line.season or 0
            if rounds[season] >= (scope.least or LEAST_STARTS):
                pct = 100 * line.value / rounds[season]
                detail = f"{season}: {line.value:.0f} of {rounds[season]}"
                lines.append(Line(pct, line.holder, f"{pct:.2f} %", detail, season=season))
        return lines

    return make


def points_in_season(book: Book, scope: Scope) -> list[Line]:
    """Points won in one season's races and sprints."""
    return [
        Line(points, key, detail=str(season), season=season)
        for (key, season), points in _points(book, scope).items()
        if points
    ]


def _points(book: Book, scope: Scope) -> dict[tuple[str, int], float]:
    holder = holder_of(book, scope.holders)
    won: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    for entry in (*entries_of(book, scope), *sprints_of(book, scope)):
        if (key := holder(entry)) is not None:
            won[key, entry.season].append(entry.points)
    return {key: round(math.fsum(points), 6) for key, points in won.items()}


def points_share_in_season(book: Book, scope: Scope) -> list[Line]:
    """The share of all points that were given to drivers in a season."""
    won = _points(book, scope)
    given: defaultdict[int, float] = defaultdict(float)
    for (_, season), points in won.items():
        given[season] += points
    return [
        Line(
            100 * points / given[season],
            key,
            f"{100 * points / given[season]:.2f} %",
            f"{season}: {points:.10g} of {given[season]:.10g}",
            season=season,
        )
        for (key, season), points in won.items()
        if points
    ]
