"""Who drove for the same team: the same constructor, and the same entrant where cars were sold to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from overcut.lake.history.book import Book
from overcut.lake.history.rows import Entry

_Seat = tuple[int, int, str, str]
"""Season, round, driver, constructor."""


def same_team(book: Book, x: Entry, y: Entry) -> bool:
    """Two entries of one race for one team.

    Into the 1970s many privateers entered cars of the same constructor: those drivers were rivals. So the entrant must
    be the same too: known of both and one of them shared, or known of neither (1976: both Shadows).
    """
    if x.constructor_id is None or x.constructor_id != y.constructor_id:
        return False
    seats = book.remember(("seats",), lambda: _seats(book))
    mine = seats.get((x.season, x.round, x.driver_id, x.constructor_id), frozenset())
    theirs = seats.get((y.season, y.round, y.driver_id, x.constructor_id), frozenset())
    return mine == theirs or not mine.isdisjoint(theirs)


def _seats(book: Book) -> Mapping[_Seat, Set[str]]:
    found: defaultdict[_Seat, set[str]] = defaultdict(set)
    frame = book.table("season_drivers").select("season", "entrant", "constructor_id", "driver_id", "rounds")
    for season, entrant, constructor_id, driver_id, rounds in frame.iter_rows():
        for number in rounds_of(rounds or ""):
            found[season, number, driver_id, constructor_id].add(entrant)
    return found


def rounds_of(text: str) -> list[int]:
    """The rounds of ``1-3,5``: 1, 2, 3, 5; what is no number is left out."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdigit() and (last.isdigit() or not last):
            found += range(int(first), int(last or first) + 1)
    return found
