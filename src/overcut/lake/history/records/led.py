"""Of which races the lake knows who led."""

from __future__ import annotations

from overcut.lake.history.book import Book


def coverage(book: Book) -> str:
    """Of which races the laps are known, in words."""
    seasons = [race.season for race in book.run if _known(book, race.index)]
    if not seasons:
        return "The lake holds no race laps; overcut history import timing, or overcut lake add, brings some."
    return f"{len(seasons)} of {len(book.run)} races, {seasons[0]} to {seasons[-1]}: those whose laps are in the lake."


def _known(book: Book, race: int) -> bool:
    return any(entry.laps_led is not None for entry in book.by_race[race])


def slam_coverage(book: Book) -> str:
    """The same for grand slams: a source may mark all of them."""
    unknown = any(entry.grand_slam and entry.laps_led is None for entry in book.entries)
    return "As marked by the source." if unknown else coverage(book)
