"""Who and what of history can be meant by a name: the registers of drivers, constructors, circuits, Grands Prix."""

from __future__ import annotations

from collections.abc import Mapping

from overcut.domain.naming import (
    CIRCUIT_NICKNAMES,
    CONSTRUCTOR_NICKNAMES,
    DRIVER_NICKNAMES,
    GRAND_PRIX_NICKNAMES,
    Named,
    Register,
)
from overcut.kernel.errors import DataMissingError
from overcut.lake.history.book import Book
from overcut.lake.history.careers import constructors, drivers
from overcut.lake.history.rows import Country

_ALL = 10_000


def driver_names(book: Book) -> Register:
    """Every driver: by name, family name, code, own number, nickname."""
    return book.remember(("driver names",), lambda: _drivers(book))


def _drivers(book: Book) -> Register:
    lines = {line.id: line for line in drivers(book, 0, _ALL).items}
    weights = {key: line.titles * 40 + line.wins * 4 + line.podiums + line.starts / 5 for key, line in lines.items()}
    most = max(weights.values(), default=1.0) or 1.0
    numbered = {person.permanent_number for person in book.drivers.values() if person.permanent_number}
    return Register(
        Named(
            person.id,
            person.name,
            tuple(
                code
                for code in (person.code, person.permanent_number if person.permanent_number in numbered else None)
                if code
            ),
            tuple(text for text in (person.full_name, person.last_name, *DRIVER_NICKNAMES.get(person.id, ())) if text),
            weights.get(person.id, 0.0) / most,
        )
        for person in book.drivers.values()
    )


def constructor_names(book: Book) -> Register:
    """Every constructor."""
    return book.remember(("constructor names",), lambda: _constructors(book))


def _constructors(book: Book) -> Register:
    lines = {line.id: line for line in constructors(book, 0, _ALL).items}
    most = max((line.starts for line in lines.values()), default=1) or 1
    return Register(
        Named(
            maker.id,
            maker.name,
            (),
            tuple(text for text in (maker.full_name, *CONSTRUCTOR_NICKNAMES.get(maker.id, ())) if text),
            lines[maker.id].starts / most if maker.id in lines else 0.0,
        )
        for maker in book.constructors.values()
    )


def circuit_names(book: Book) -> Register:
    """Every circuit: by its names, earlier ones and its town."""
    return book.remember(("circuit names",), lambda: _circuits(book))


def _circuits(book: Book) -> Register:
    most = max((len(races) for races in book.races_by_circuit.values()), default=1)
    return Register(
        Named(
            place.id,
            place.name,
            (),
            tuple(
                text
                for text in (
                    place.full_name,
                    place.place,
                    *(place.previous_names or "").split(";"),
                    *CIRCUIT_NICKNAMES.get(place.id, ()),
                )
                if text
            ),
            len(book.races_by_circuit.get(place.id, ())) / most,
        )
        for place in book.circuits.values()
    )


def grand_prix_names(book: Book) -> Register:
    """Every Grand Prix: by its name, code, country and the word for its people (British, Dutch)."""
    return book.remember(("grand prix names",), lambda: _grands_prix(book))


def _grands_prix(book: Book) -> Register:
    most = max((len(races) for races in book.races_by_grand_prix.values()), default=1)
    return Register(
        Named(
            grand_prix.id,
            grand_prix.name,
            (grand_prix.code,) if grand_prix.code else (),
            tuple(
                text
                for text in (
                    grand_prix.full_name,
                    *_country(book.countries, grand_prix.country_id),
                    *GRAND_PRIX_NICKNAMES.get(grand_prix.id, ()),
                )
                if text
            ),
            len(book.races_by_grand_prix.get(grand_prix.id, ())) / most,
        )
        for grand_prix in book.grands_prix.values()
    )


def _country(countries: Mapping[str, Country], key: str | None) -> tuple[str, ...]:
    found = countries.get(key or "")
    return () if found is None else tuple(text for text in (found.name, found.demonym) if text)


_KINDS = {
    "driver": driver_names,
    "constructor": constructor_names,
    "circuit": circuit_names,
    "Grand Prix": grand_prix_names,
}


def resolved(book: Book, kind: str, text: str) -> str:
    """The id of what is meant.

    Args:
        book: history.
        kind: driver, constructor, circuit or Grand Prix.
        text: an id, a name, a code, a nickname, or nearly one.

    Raises:
        DataMissingError: nothing fits, or several fit equally; the hint names them.
    """
    register = _KINDS[kind](book)
    exact = register.get(text)
    found = exact or register.one(text)
    if found is not None:
        return found.id
    near = register.matches(text, 4)
    if near:
        raise DataMissingError(
            f"{text!r} may mean several: {', '.join(match.named.name for match in near)}",
            hint=f"use an id: {', '.join(match.named.id for match in near)}",
        )
    raise DataMissingError(f"No {kind} is called {text!r}", hint=f"overcut history search {text}")
