"""How things of history are named in answers, and what is said when one is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from overcut.kernel.errors import DataMissingError
from overcut.lake.history.answers import CountLine, DriverRef, NamedRef, RaceRef, ResultRow
from overcut.lake.history.book import Book
from overcut.lake.history.rows import Entry, Maker, RaceRow


def driver_ref(book: Book, driver_id: str) -> DriverRef:
    """A driver for a list; by id alone where the lake has no page of them."""
    person = book.drivers.get(driver_id)
    if person is None:
        return DriverRef(driver_id, driver_id)
    return DriverRef(person.id, person.name, person.code, alpha2(book, person.country_id))


def constructor_ref(book: Book, constructor_id: str) -> NamedRef:
    """A constructor for a list."""
    return _named(book.constructors, constructor_id)


def constructor_or_none(book: Book, constructor_id: str | None) -> NamedRef | None:
    """The same where there may be none."""
    return None if constructor_id is None else constructor_ref(book, constructor_id)


def engine_ref(book: Book, engine_id: str | None) -> NamedRef | None:
    """An engine maker for a list."""
    return None if engine_id is None else _named(book.engines, engine_id)


def tyre_ref(book: Book, tyre_id: str | None) -> NamedRef | None:
    """A tyre maker for a list."""
    return None if tyre_id is None else _named(book.tyres, tyre_id)


def _named(makers: Mapping[str, Maker], key: str) -> NamedRef:
    found = makers.get(key)
    return NamedRef(key, key if found is None else found.name)


def circuit_ref(book: Book, circuit_id: str) -> NamedRef:
    """A circuit for a list."""
    found = book.circuits.get(circuit_id)
    return NamedRef(circuit_id, circuit_id if found is None else found.name)


def grand_prix_ref(book: Book, grand_prix_id: str) -> NamedRef:
    """A Grand Prix for a list."""
    found = book.grands_prix.get(grand_prix_id)
    return NamedRef(grand_prix_id, grand_prix_id if found is None else found.name)


def race_ref(book: Book, race: RaceRow) -> RaceRef:
    """A race for a list."""
    return RaceRef(
        race.season,
        race.round,
        race.date,
        grand_prix_ref(book, race.grand_prix_id),
        circuit_ref(book, race.circuit_id),
        race.run,
    )


def race_at(book: Book, index: int) -> RaceRef:
    """A race for a list, by its index."""
    return race_ref(book, book.races[index])


def race_name(race: RaceRef) -> str:
    """1996 Monaco."""
    return f"{race.season} {race.grand_prix.name}"


def alpha2(book: Book, country_id: str | None) -> str | None:
    """The two letters of a country."""
    country = book.countries.get(country_id or "")
    return None if country is None else country.alpha2


def country_name(book: Book, country_id: str | None) -> str | None:
    """A country's name."""
    country = book.countries.get(country_id or "")
    return None if country is None else country.name


def driver_counts(book: Book, counts: Mapping[str, int]) -> list[CountLine]:
    """Counts by driver, most first."""
    return [CountLine(driver_ref(book, key), None, count) for key, count in _most(counts)]


def constructor_counts(book: Book, counts: Mapping[str, int]) -> list[CountLine]:
    """Counts by constructor, most first."""
    return [CountLine(None, constructor_ref(book, key), count) for key, count in _most(counts)]


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((key, count) for key, count in counts.items() if count), key=lambda item: (-item[1], item[0]))


def result_row(book: Book, entry: Entry) -> ResultRow:
    """An entry as it is answered."""
    return ResultRow(
        row=entry.row,
        position=entry.position,
        position_text=entry.position_text,
        number=entry.number,
        driver=driver_ref(book, entry.driver_id),
        constructor=constructor_or_none(book, entry.constructor_id),
        engine=engine_ref(book, entry.engine_id),
        tyre=tyre_ref(book, entry.tyre_id),
        laps=entry.laps,
        time_ms=entry.time_ms,
        penalty_ms=entry.penalty_ms,
        gap_ms=entry.gap_ms,
        gap_laps=entry.gap_laps,
        reason_retired=entry.reason_retired,
        points=entry.points,
        grid=entry.grid,
        grid_text=entry.grid_text,
        positions_gained=entry.positions_gained,
        started=entry.started,
        shared_car=entry.shared_car,
        pole=entry.pole,
        qualification_position=entry.qualification_position,
        pit_stops=entry.pit_stops,
        fastest_lap=entry.fastest_lap,
        driver_of_the_day=entry.driver_of_the_day,
        grand_slam=entry.grand_slam,
        laps_led=entry.laps_led,
    )


def unknown(what: str, key: str, known: Iterable[str]) -> DataMissingError:
    """The error for an id that is not known, with those that look like it."""
    near = difflib.get_close_matches(key, list(known), n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"overcut history search {key}"
    return DataMissingError(f"No {what} is called {key}", hint=hint)


def race_of(book: Book, season: int, number: int) -> RaceRow:
    """A race by season and round.

    Raises:
        DataMissingError: there is none.
    """
    index = book.index.get((season, number))
    if index is not None:
        return book.races[index]
    rounds = book.races_by_season.get(season)
    if rounds is None:
        raise no_season(book, season)
    raise DataMissingError(f"The season {season} has no round {number}", hint=f"rounds 1 to {len(rounds)}")


def no_season(book: Book, season: int) -> DataMissingError:
    """The error for a season that is not known."""
    return DataMissingError(f"There is no season {season}", hint=f"seasons {book.seasons[0]} to {book.seasons[-1]}")
