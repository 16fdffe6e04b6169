"""Which page of history somebody means by a few words: "verstappen 2021 spa", "monaco 1996", "senna vs prost"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from overcut.domain.naming import Match, Named, Register, folded
from overcut.lake.history.answers import SearchHit
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import CareerLine
from overcut.lake.history.careers import constructors, drivers
from overcut.lake.history.moments import ordinal
from overcut.lake.history.names import circuit_names, constructor_names, driver_names, grand_prix_names
from overcut.lake.history.records.catalogue import CATALOGUE
from overcut.lake.history.refs import alpha2, circuit_ref, country_name
from overcut.lake.history.rows import RaceRow
from overcut.lake.history.seasons import champion

GOOD = 0.5
"""Score from which a part of what was asked is taken to be understood."""
SURE = 0.85
"""Score of a part from which nothing else need hint at what was asked."""
CODE_LETTERS = 3
_VERSUS = {"vs", "v", "versus", "against", "and"}
_OF_SEASONS = {"season", "champion", "champions", "championship", "standings", "title", "wdc", "wcc", "calendar"}
_OF_RACES = {"gp", "grand", "prix", "race", "result", "results"}
_EMPTY = {"the", "of", "at", "in", "a", "who", "was", "is", "most", "for", "by", "won", "on"}
_ROUND = re.compile(r"\b(?:round|rd|r)\s?(\d{1,2})\b")
_PAGES = (
    ("records", "Records", "Every list of records", "/history/records"),
    ("eras", "Eras compared", "By share of races, with intervals", "/history/eras"),
    ("seasons", "All seasons", "1950 to now", "/history"),
)


class _Question(msgspec.Struct, frozen=True):
    years: tuple[int, ...]
    round: int | None
    words: tuple[str, ...]
    season: bool
    versus: bool


def search(book: Book, text: str, limit: int = 10) -> list[SearchHit]:
    """The best hits, best first; none where nothing fits.

    Args:
        book: history.
        text: names, nicknames, codes, years, in any order; accents and small mistakes do not matter.
        limit: hits at most.
    """
    question = _question(book, text)
    hits: dict[str, SearchHit] = {}
    for hit in _hits(book, question):
        if hit.path not in hits or hits[hit.path].score < hit.score:
            hits[hit.path] = hit
    order = {path: place for place, path in enumerate(hits)}
    return sorted(hits.values(), key=lambda hit: (-hit.score, order[hit.path]))[:limit]


def _question(book: Book, text: str) -> _Question:
    asked = folded(text)
    found = _ROUND.search(asked)
    if found:
        asked = (asked[: found.start()] + asked[found.end() :]).strip()
    words = asked.split()
    years = tuple(int(word) for word in words if word.isdigit() and int(word) in book.races_by_season)
    rest = [word for word in words if not (word.isdigit() and int(word) in years)]
    return _Question(
        years,
        int(found[1]) if found else None,
        tuple(w for w in rest if w not in _VERSUS | _OF_SEASONS | _OF_RACES | _EMPTY),
        any(word in _OF_SEASONS for word in rest),
        any(word in _VERSUS for word in rest),
    )


def _hits(book: Book, question: _Question) -> Iterator[SearchHit]:
    words = " ".join(question.words)
    for year in question.years:
        yield from _of_year(book, question, year, words)
    if words:
        share = 0.8 if question.years else 1.0
        yield from _people(book, words, share)
        yield from _places(book, words, share)
        yield from _pairs(book, question)
        if not question.years:
            yield from _records(book, question.words)
            yield from _pages(words)


def _of_year(book: Book, question: _Question, year: int, words: str) -> Iterator[SearchHit]:
    season = 1.0 if not words and question.round is None else 0.55
    yield _season(book, year, min(1.0, season + (0.1 if question.season else 0.0)))
    if question.round is not None and (year, question.round) in book.index:
        yield _race(book, book.races[book.index[year, question.round]], 1.0)
    if not words:
        if question.round is None:
            yield from (_race(book, race, 0.5) for race in book.races_by_season[year])
        return
    for race, score in _races_called(book, year, words):
        yield _race(book, race, score)
    for who, where in _splits(question.words):
        for match in driver_names(book).matches(who, 2):
            if match.score >= GOOD:
                for race, score in _races_called(book, year, where):
                    yield _race(book, race, (match.score + score) / 2, match.named)


def _races_called(book: Book, year: int, words: str) -> list[tuple[RaceRow, float]]:
    """The races of a season at a circuit or of a Grand Prix that may be meant."""
    prix = {match.named.id: match.score for match in grand_prix_names(book).matches(words) if match.score >= GOOD}
    places = {match.named.id: match.score for match in circuit_names(book).matches(words) if match.score >= GOOD}
    found = [
        (race, max(prix.get(race.grand_prix_id, 0.0), places.get(race.circuit_id, 0.0)))
        for race in book.races_by_season[year]
    ]
    return [(race, score) for race, score in found if score > 0]


def _splits(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words in two parts, either part first."""
    for place in range(1, len(words)):
        left, right = " ".join(words[:place]), " ".join(words[place:])
        yield left, right
        yield right, left


def _people(book: Book, words: str, share: float) -> Iterator[SearchHit]:
    for match in driver_names(book).matches(words):
        yield _driver(book, match, share)
    for match in constructor_names(book).matches(words):
        yield _constructor(book, match, share)


def _places(book: Book, words: str, share: float) -> Iterator[SearchHit]:
    for match in circuit_names(book).matches(words):
        place = book.circuits[match.named.id]
        count = sum(race.run for race in book.races_by_circuit.get(place.id, ()))
        detail = _joined(place.place, country_name(book, place.country_id), _plural(count, "race"))
        yield SearchHit(
            "circuit", place.id, place.name, detail, f"/history/circuits/{place.id}", _weighed(match, share)
        )
    for match in grand_prix_names(book).matches(words):
        key = match.named.id
        count = sum(race.run for race in book.races_by_grand_prix.get(key, ()))
        name = book.grands_prix[key].full_name or match.named.name
        yield SearchHit(
            "grand_prix", key, name, _plural(count, "race"), f"/history/grands-prix/{key}", _weighed(match, share)
        )


def _pairs(book: Book, question: _Question) -> Iterator[SearchHit]:
    """Two drivers: their head-to-head; a driver and a place: where they won."""
    register = driver_names(book)
    for place in range(1, len(question.words)):
        left, right = " ".join(question.words[:place]), " ".join(question.words[place:])
        first, second = register.matches(left, 1), register.matches(right, 1)
        named = question.versus or min(len(left), len(right)) > CODE_LETTERS
        needed = GOOD if question.versus else SURE
        if first and second and named and min(first[0].score, second[0].score) >= needed:
            yield _versus(first[0], second[0], 1.0 if question.versus else 0.75)
        if not question.years:
            if first and first[0].score >= GOOD:
                yield from _wins_at(book, first[0], right)
            if second and second[0].score >= GOOD:
                yield from _wins_at(book, second[0], left)


def _versus(a: Match, b: Match, share: float) -> SearchHit:
    return SearchHit(
        "page",
        f"{a.named.id}/{b.named.id}",
        f"{a.named.name} and {b.named.name}",
        "Head to head",
        f"/history/head-to-head/{a.named.id}/{b.named.id}",
        share * (a.score + b.score) / 2,
    )


def _wins_at(book: Book, who: Match, where: str) -> Iterator[SearchHit]:
    places = {match.named.id for match in circuit_names(book).matches(where, 2) if match.score >= 0.7}
    prix = {match.named.id for match in grand_prix_names(book).matches(where, 2) if match.score >= 0.7}
    for entry in book.by_driver.get(who.named.id, ()):
        race = book.races[entry.race]
        if entry.won and (race.circuit_id in places or race.grand_prix_id in prix):
            yield _race(book, race, 0.6 * who.score + 0.001 * (race.season - 1950) / 100, who.named)


def _records(book: Book, words: Sequence[str]) -> Iterator[SearchHit]:
    for match in _record_names(book).matches(" ".join(words), 6):
        info = CATALOGUE[match.named.id].info
        yield SearchHit("record", info.name, info.title, info.group, f"/history/records/{info.name}", 0.9 * match.score)


def _record_names(book: Book) -> Register:
    def made() -> Register:
        infos = [found.info for found in CATALOGUE.values()]
        most = len(infos)
        return Register(
            Named(info.name, info.title, (), (" ".join(w for w in folded(info.title).split() if w not in _EMPTY),),
                  1 - place / most)
            for place, info in enumerate(infos)
        )  # fmt: skip

    return book.remember(("record names",), made)


def _pages(words: str) -> Iterable[SearchHit]:
    return [
        SearchHit("page", key, name, detail, path, 0.9)
        for key, name, detail, path in _PAGES
        if words in {key, folded(name)}
    ]


def _weighed(match: Match, share: float) -> float:
    """The score, with a little for how likely it is meant, so that Michael comes before Ralf."""
    return share * (0.97 * match.score + 0.03 * match.named.weight)


def _driver(book: Book, match: Match, share: float) -> SearchHit:
    person = book.drivers[match.named.id]
    line = _lines(book).get(person.id)
    detail = "" if line is None else _career(line.first, line.last, line.titles, line.wins, line.starts)
    return SearchHit(
        "driver",
        person.id,
        person.name,
        _joined(country_name(book, person.country_id), detail),
        f"/history/drivers/{person.id}",
        _weighed(match, share),
    )


def _lines(book: Book) -> dict[str, CareerLine]:
    return book.remember(("driver lines",), lambda: {line.id: line for line in drivers(book, 0, 10_000).items})


def _constructor_lines(book: Book) -> dict[str, CareerLine]:
    return book.remember(
        ("constructor lines",), lambda: {line.id: line for line in constructors(book, 0, 10_000).items}
    )


def _constructor(book: Book, match: Match, share: float) -> SearchHit:
    maker = book.constructors[match.named.id]
    line = _constructor_lines(book).get(maker.id)
    detail = "" if line is None else _career(line.first, line.last, line.titles, line.wins, line.starts)
    return SearchHit(
        "constructor",
        maker.id,
        maker.name,
        _joined("constructor", alpha2(book, maker.country_id), detail),
        f"/history/constructors/{maker.id}",
        _weighed(match, share * 0.99),
    )


def _career(first: int, last: int, titles: int, wins: int, starts: int) -> str:
    years = str(first) if first == last else f"{first}-{last}"
    told = [_plural(titles, "title")] if titles else []
    told.append(_plural(wins, "win") if wins else _plural(starts, "start"))
    return _joined(years, *told)


def _season(book: Book, year: int, score: float) -> SearchHit:
    best = champion(book, year, of_drivers=True)
    name = "" if best is None else f"champion {book.drivers[best.id].name if best.id in book.drivers else best.id}"
    races = _plural(len(book.races_by_season[year]), "race")
    return SearchHit("season", str(year), f"{year} season", _joined(races, name), f"/history/{year}", score)


def _race(book: Book, race: RaceRow, score: float, who: Named | None = None) -> SearchHit:
    entries = book.by_race.get(race.index, ())
    winner = next((entry for entry in entries if entry.won), None)
    told = "" if winner is None else f"won by {_driver_name(book, winner.driver_id)}"
    if who is not None:
        mine = next((entry for entry in entries if entry.driver_id == who.id), None)
        score = score if mine else score * 0.8
        result = "" if mine is None else ordinal(mine.position) if mine.position else mine.position_text
        told = f"{who.name}: {result or 'not entered'}"
    return SearchHit(
        "race",
        f"{race.season}/{race.round}",
        f"{race.season} {_grand_prix_name(book, race.grand_prix_id)}",
        _joined(circuit_ref(book, race.circuit_id).name, str(race.date), told),
        f"/history/{race.season}/{race.round}",
        score,
    )


def _grand_prix_name(book: Book, key: str) -> str:
    found = book.grands_prix.get(key)
    return key if found is None else found.full_name or found.name


def _driver_name(book: Book, key: str) -> str:
    person = book.drivers.get(key)
    return key if person is None else person.name


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
