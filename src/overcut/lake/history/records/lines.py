"""How lines of a list are ranked: equal values share a rank, and the next is as many lower."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from overcut.lake.history.answers import RaceRef
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import RecordRow
from overcut.lake.history.records.scope import (
    Holders,
    Scope,
    constructor_holder,
    driver_holder,
    other_holder,
)
from overcut.lake.history.refs import race_at


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line before it is ranked.

    Attributes:
        value: what is ranked. text: for people; the value itself where empty.
        holder: id by the scope's holders; None for lists of races and seasons.
        race, first, last: indexes of races.
        driver: a driver beside a line that is held by something else.
    """

    value: float
    holder: str | None = None
    text: str = ""
    detail: str = ""
    race: int | None = None
    first: int | None = None
    last: int | None = None
    season: int | None = None
    driver: str | None = None
    constructor: str | None = None
    current: bool = False


class Ranked(msgspec.Struct, frozen=True, gc=False):
    """A line with its true rank; ``tied``: others have the same value."""

    rank: int
    tied: bool
    line: Line


def ranked(lines: Iterable[Line], *, least_first: bool = False) -> tuple[Ranked, ...]:
    """The lines in order, with true ranks; among equals the earlier one first, then by id."""
    sign = 1 if least_first else -1
    ordered = sorted(
        lines,
        key=lambda line: (
            sign * line.value,
            _when(line),
            line.holder or "",
        ),
    )
    counts = Counter(line.value for line in ordered)
    found: list[Ranked] = []
    rank, before = 0, None
    for place, line in enumerate(ordered, start=1):
        if line.value != before:
            rank, before = place, line.value
        found.append(Ranked(rank, counts[line.value] > 1, line))
    return tuple(found)


def told(book: Book, scope: Scope, found: Iterable[Ranked]) -> list[RecordRow]:
    """Ranked lines as they are answered."""
    return [_row(book, scope.holders, one.line, one.rank, tied=one.tied) for one in found]


def _when(line: Line) -> int:
    known = [at for at in (line.race, line.last, line.first) if at is not None]
    return known[0] if known else line.season or 0


def _row(book: Book, holders: Holders, line: Line, rank: int, *, tied: bool) -> RecordRow:
    driver = driver_holder(book, holders, line.holder) if line.holder else None
    constructor = constructor_holder(book, holders, line.holder) if line.holder else None
    if driver is None and line.driver is not None:
        driver = driver_holder(book, Holders.DRIVERS, line.driver)
    if constructor is None and line.constructor is not None:
        constructor = constructor_holder(book, Holders.CONSTRUCTORS, line.constructor)
    return RecordRow(
        rank=rank,
        tied=tied,
        value=line.value,
        text=line.text or f"{line.value:.10g}",
        driver=driver,
        constructor=constructor,
        holder=other_holder(book, holders, line.holder) if line.holder else None,
        race=_race(book, line.race),
        season=line.season,
        detail=line.detail,
        first=_race(book, line.first),
        last=_race(book, line.last),
        current=line.current,
    )


def _race(book: Book, index: int | None) -> RaceRef | None:
    return None if index is None else race_at(book, index)
