"""Which lists of records can be asked for, and how one is answered."""

from __future__ import annotations

import difflib

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import RecordAnswer, RecordsAnswer
from overcut.lake.history.records.catalogue import CATALOGUE, RecordList
from overcut.lake.history.records.lines import Ranked, ranked, told
from overcut.lake.history.records.scope import Holders, Scope
from overcut.lake.history.refs import unknown


def records() -> RecordsAnswer:
    """Every list."""
    return RecordsAnswer([found.info for found in CATALOGUE.values()])


def record(
    book: Book,
    name: str,
    *,
    of: str | None = None,
    first: int | None = None,
    last: int | None = None,
    circuit_id: str | None = None,
    grand_prix_id: str | None = None,
    grid: int = 1,
    indianapolis: bool = True,
    least: int | None = None,
    offset: int = 0,
    limit: int = 20,
) -> RecordAnswer:
    """One list of records.

    Args:
        book: history.
        name: of the list; see `records`.
        of: of whom (`RecordInfo.of`); the first that it has where None.
        first: first season. last: last season. Both included.
        circuit_id: only races at this circuit. grand_prix_id: only of this Grand Prix.
        grid: for wins-from-grid: the place.
        indianapolis: whether the Indianapolis 500 of 1950 to 1960 counts.
        least: starts needed to be listed in a list of shares; its own rule where None.
        offset: lines to skip. limit: lines to answer with.

    Raises:
        DataMissingError: no such list, circuit or Grand Prix.
        WrongUsageError: the list is not of those who are asked for, or the years are the wrong way round.
    """
    found = _found(name)
    holders = _holders(found, of)
    low, high = first or book.seasons[0], last or book.latest_season
    if low > high:
        raise WrongUsageError(f"{low} to {high} holds no season", hint="give the earlier year first")
    if circuit_id is not None and circuit_id not in book.circuits:
        raise unknown("circuit", circuit_id, book.circuits)
    if grand_prix_id is not None and grand_prix_id not in book.grands_prix:
        raise unknown("Grand Prix", grand_prix_id, book.grands_prix)
    scope = Scope(holders, low, high, circuit_id, grand_prix_id, grid, indianapolis, least)
    rows = book.recall((name, scope), lambda: _ranked(book, found, scope))
    return RecordAnswer(
        record=found.info,
        of=of or found.info.of[0],
        from_year=low,
        to_year=high,
        total=len(rows),
        offset=offset,
        limit=limit,
        rows=told(book, scope, rows[offset : offset + limit]),
        coverage=found.coverage(book) if found.coverage else "",
    )


def _ranked(book: Book, found: RecordList, scope: Scope) -> tuple[Ranked, ...]:
    return ranked(found.make(book, scope), least_first=found.least_first)


def _found(name: str) -> RecordList:
    found = CATALOGUE.get(name)
    if found is None:
        near = difflib.get_close_matches(name, list(CATALOGUE), n=4, cutoff=0.4)
        raise DataMissingError(
            f"No list of records is called {name}",
            hint=f"did you mean {', '.join(near)}?" if near else "overcut history records lists them",
        )
    return found


def _holders(found: RecordList, of: str | None) -> Holders:
    able = found.info.of
    if of is not None and of not in able:
        raise WrongUsageError(f"The list {found.info.name} is not of {of}", hint=f"it is of {', '.join(able)}")
    chosen = of or able[0]
    return Holders(chosen) if chosen in set(Holders) else Holders.DRIVERS
