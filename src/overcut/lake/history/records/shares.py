"""Whose share of races was the largest: won, on the podium, on pole; and how often pole became a win."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from overcut.lake.history.book import Book
from overcut.lake.history.records.counts import TESTS, Test, tally
from overcut.lake.history.records.lines import Line
from overcut.lake.history.records.scope import Scope, entries_of

LEAST_STARTS = 20
"""Starts needed to be listed, where not asked otherwise."""
LEAST_POLES = 5
"""Poles (front rows) needed for the lists of conversion."""

SHARES: Mapping[str, tuple[Test, Test, int]] = {
    "win-share": (TESTS["wins"], TESTS["starts"], LEAST_STARTS),
    "podium-share": (TESTS["podiums"], TESTS["starts"], LEAST_STARTS),
    "pole-share": (TESTS["poles"], TESTS["starts"], LEAST_STARTS),
    "front-row-share": (TESTS["front-rows"], TESTS["starts"], LEAST_STARTS),
    "fastest-lap-share": (TESTS["fastest-laps"], TESTS["starts"], LEAST_STARTS),
    "points-finish-share": (TESTS["points-finishes"], TESTS["starts"], LEAST_STARTS),
    "finish-share": (TESTS["finishes"], TESTS["starts"], LEAST_STARTS),
    "pole-conversion": (TESTS["wins-from-pole"], TESTS["poles"], LEAST_POLES),
    "front-row-conversion": (
        lambda e: e.won and e.grid is not None and e.grid <= 2,
        TESTS["front-rows"],
        LEAST_POLES,
    ),
    "podium-conversion": (TESTS["wins"], TESTS["podiums"], LEAST_POLES),
}
"""What is divided by what, and how many of the latter one needs."""


def share(name: str) -> Callable[[Book, Scope], list[Line]]:
    """The list of a share, in per cent."""
    success, chance, least = SHARES[name]

    def make(book: Book, scope: Scope) -> list[Line]:
        entries = entries_of(book, scope)
        chances = tally(book, scope, entries, chance)
        successes = tally(book, scope, entries, success)
        needed = scope.least or least
        lines: list[Line] = []
        for key, races in chances.items():
            won = len(successes.get(key, ()))
            if len(races) >= needed and won:
                pct = 100 * won / len(races)
                lines.append(Line(pct, key, f"{pct:.2f} %", f"{won} of {len(races)}"))
        return lines

    return make
