"""What can be read and added up before anybody asks, so that the first who asks need not wait."""

from __future__ import annotations

from overcut.lake.history.book import Book
from overcut.lake.history.careers import constructor_page, driver_page
from overcut.lake.history.eras import METRICS, eras
from overcut.lake.history.races import race_page
from overcut.lake.history.records import record
from overcut.lake.history.search import search


def read_ahead(book: Book) -> None:
    """Ask one question of each kind whose first answer is slow: it leaves tables, totals and names in the book."""
    last = book.run[-1]
    entry = book.by_race[last.index][0]
    race_page(book, last.season, last.round)
    search(book, f"{last.season} {entry.driver_id}")
    search(book, entry.driver_id)
    driver_page(book, entry.driver_id)
    if entry.constructor_id is not None:
        constructor_page(book, entry.constructor_id)
    record(book, "wins")
    record(book, "sprint-wins")
    for metric in METRICS:
        eras(book, metric)
