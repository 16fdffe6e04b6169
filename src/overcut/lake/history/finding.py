"""Which race of a season is meant by a round's number or a name."""

from __future__ import annotations

from overcut.kernel.errors import DataMissingError
from overcut.lake.history.book import Book
from overcut.lake.history.names import circuit_names, grand_prix_names
from overcut.lake.history.refs import no_season

GOOD = 0.5
"""Score from which a name is taken for a race's."""


def round_called(book: Book, season: int, text: str) -> int:
    """The round of a season: by number, or by a name of its Grand Prix or circuit.

    Raises:
        DataMissingError: no such season, or no race of it is called so.
    """
    races = book.races_by_season.get(season)
    if races is None:
        raise no_season(book, season)
    if text.isdigit():
        return int(text)
    prix = {match.named.id: match.score for match in grand_prix_names(book).matches(text)}
    places = {match.named.id: match.score for match in circuit_names(book).matches(text)}
    scored = [(max(prix.get(race.grand_prix_id, 0.0), places.get(race.circuit_id, 0.0)), race.round) for race in races]
    best, found = max(scored, key=lambda item: (item[0], -item[1]))
    if best < GOOD:
        held = ", ".join(f"{race.round} {race.grand_prix_id}" for race in races)
        raise DataMissingError(f"No race of {season} is called {text!r}", hint=held)
    return found
