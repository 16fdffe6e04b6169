"""Of whom, of which years and of which races a list of records is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from operator import attrgetter

import msgspec

from overcut.lake.history.answers import DriverRef, NamedRef
from overcut.lake.history.book import Book
from overcut.lake.history.refs import constructor_ref, country_name, driver_ref, engine_ref, tyre_ref
from overcut.lake.history.rows import Entry, RaceRow

INDIANAPOLIS = "indianapolis"


class Holders(StrEnum):
    """Who can hold a record."""

    DRIVERS = "drivers"
    CONSTRUCTORS = "constructors"
    ENGINES = "engines"
    TYRES = "tyres"
    COUNTRIES = "countries"
    """Drivers' nationalities."""


class Scope(msgspec.Struct, frozen=True):
    """What is counted.

    Attributes:
        holders: of whom. first, last: seasons, both included.
        circuit_id, grand_prix_id: only races there; None for all.
        grid: for the list of wins from one place on the grid: which place.
        indianapolis: whether the Indianapolis 500 of 1950 to 1960 counts.
        least: starts needed to be listed in a list of shares; None for the list's own rule.
    """

    holders: Holders
    first: int
    last: int
    circuit_id: str | None = None
    grand_prix_id: str | None = None
    grid: int = 1
    indianapolis: bool = True
    least: int | None = None

    def holds(self, race: RaceRow) -> bool:
        """The race counts."""
        return (
            self.first <= race.season <= self.last
            and (self.circuit_id is None or race.circuit_id == self.circuit_id)
            and (self.grand_prix_id is None or race.grand_prix_id == self.grand_prix_id)
            and (self.indianapolis or race.grand_prix_id != INDIANAPOLIS)
        )


def races_of(book: Book, scope: Scope) -> tuple[RaceRow, ...]:
    """The races that count and have been run, in order of time."""
    return book.recall(("races", *_races_key(scope)), lambda: tuple(race for race in book.run if scope.holds(race)))


def entries_of(book: Book, scope: Scope) -> Sequence[Entry]:
    """Results of the races that count, in order of time."""
    if len(races_of(book, scope)) == len(book.run):
        return book.entries
    return [entry for race in races_of(book, scope) for entry in book.by_race[race.index]]


def sprints_of(book: Book, scope: Scope) -> Sequence[Entry]:
    """Sprint results of the rounds that count."""
    return [entry for race in races_of(book, scope) for entry in book.sprints_by_race.get(race.index, ())]


def _races_key(scope: Scope) -> tuple[object, ...]:
    return (scope.first, scope.last, scope.circuit_id, scope.grand_prix_id, scope.indianapolis)


def holder_of(book: Book, holders: Holders) -> Callable[[Entry], str | None]:
    """How the holder of an entry is read: its driver's id, its constructor's, …"""
    match holders:
        case Holders.DRIVERS:
            return attrgetter("driver_id")
        case Holders.CONSTRUCTORS:
            return attrgetter("constructor_id")
        case Holders.ENGINES:
            return attrgetter("engine_id")
        case Holders.TYRES:
            return attrgetter("tyre_id")
        case Holders.COUNTRIES:
            drivers = book.drivers
            return lambda entry: person.country_id if (person := drivers.get(entry.driver_id)) else None


def driver_holder(book: Book, holders: Holders, key: str) -> DriverRef | None:
    """The holder as a driver; None where it is none."""
    return driver_ref(book, key) if holders is Holders.DRIVERS else None


def constructor_holder(book: Book, holders: Holders, key: str) -> NamedRef | None:
    """The holder as a constructor; None where it is none."""
    return constructor_ref(book, key) if holders is Holders.CONSTRUCTORS else None


def other_holder(book: Book, holders: Holders, key: str) -> NamedRef | None:
    """The holder as an engine or tyre maker or a country; None for drivers and constructors."""
    match holders:
        case Holders.ENGINES:
            return engine_ref(book, key)
        case Holders.TYRES:
            return tyre_ref(book, key)
        case Holders.COUNTRIES:
            return NamedRef(key, country_name(book, key) or key)
        case _:
            return None
