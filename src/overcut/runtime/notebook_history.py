"""What ``oc.history()`` gives: Formula 1 since 1950, asked in words, answered as values and frames."""

from __future__ import annotations

import polars as pl

from overcut.domain.tables.history_tables import HISTORY_TABLES
from overcut.domain.tables.reference_tables import REFERENCE_TABLES
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings, load_settings
from overcut.lake import Lake
from overcut.lake.history.answers import RaceAnswer, SearchHit, SeasonAnswer, SeasonsAnswer, StandingsAnswer
from overcut.lake.history.book import Shelf
from overcut.lake.history.career_answers import ConstructorAnswer, DriverAnswer, RecordAnswer, RecordsAnswer
from overcut.lake.history.careers import constructor_page, driver_page
from overcut.lake.history.duels import HeadToHeadAnswer, head_to_head
from overcut.lake.history.place_answers import PlaceAnswer
from overcut.lake.history.places import circuit_page, grand_prix_page
from overcut.lake.history.races import race_page
from overcut.lake.history.records import record, records
from overcut.lake.history.search import search
from overcut.lake.history.seasons import season_page, seasons
from overcut.lake.history.standings import standings
from overcut.runtime.lake import lake_of

TABLES = tuple(table.name for table in (*HISTORY_TABLES, *REFERENCE_TABLES))


class History:
    """History as the lake has it. People, teams and places are named in words or by F1DB id.

    Every method raises `DataMissingError` where the lake has no history, or what is asked for is not in it.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._shelf = Shelf(lake)

    def table(self, name: str) -> pl.DataFrame:
        """A whole table of history: ``results``, ``driver_standings``, ``drivers``, ``circuits`` …

        Raises:
            WrongUsageError: there is no such table.
        """
        if name not in TABLES:
            raise WrongUsageError(f"History has no table {name!r}", hint=f"choose from {', '.join(TABLES)}")
        return self._lake.read(name)

    def search(self, text: str, limit: int = 10) -> list[SearchHit]:
        """Whom or what a text may mean, the best first."""
        return search(self._shelf.book(), text, limit)

    def seasons(self) -> SeasonsAnswer:
        """Every season: champions, rounds, winners."""
        return seasons(self._shelf.book())

    def season(self, year: int) -> SeasonAnswer:
        """One season: its races, its teams, who won what."""
        return season_page(self._shelf.book(), year)

    def race(self, year: int, number: int) -> RaceAnswer:
        """One race by its round: result, grid, qualifying, sprint, stops, standings after it."""
        return race_page(self._shelf.book(), year, number)

    def standings(self, year: int, *, of: str = "drivers", after: int | None = None) -> StandingsAnswer:
        """The championship's table as published, at the end or after a round; ``of``: drivers or constructors."""
        if of not in ("drivers", "constructors"):
            raise WrongUsageError(f"There are no standings of {of}", hint="drivers or constructors")
        return standings(self._shelf.book(), year, of_drivers=of == "drivers", after=after)

    def driver(self, name: str) -> DriverAnswer:
        """A driver's career."""
        return driver_page(self._shelf.book(), self._id(name, "driver"))

    def constructor(self, name: str) -> ConstructorAnswer:
        """A constructor's."""
        return constructor_page(self._shelf.book(), self._id(name, "constructor"))

    def circuit(self, name: str) -> PlaceAnswer:
        """A circuit: its races and who won them."""
        return circuit_page(self._shelf.book(), self._id(name, "circuit"))

    def grand_prix(self, name: str) -> PlaceAnswer:
        """A Grand Prix through the years."""
        return grand_prix_page(self._shelf.book(), self._id(name, "grand_prix"))

    def head_to_head(self, one: str, other: str) -> HeadToHeadAnswer:
        """Two drivers compared where they met."""
        return head_to_head(self._shelf.book(), self._id(one, "driver"), self._id(other, "driver"))

    def records(self) -> RecordsAnswer:
        """Which records there are."""
        return records()

    def record(self, name: str, *, first: int | None = None, last: int | None = None) -> RecordAnswer:
        """One record's list: ``wins``, ``poles`` …; between two years where they are given."""
        return record(self._shelf.book(), name, first=first, last=last)

    def _id(self, name: str, kind: str) -> str:
        """The F1DB id that a name means."""
        table, column = _IDS[kind]
        if not self._lake.read(table, columns=[column], where=pl.col(column) == name).is_empty():
            return name
        hit = next((hit for hit in search(self._shelf.book(), name, 20) if hit.kind == kind), None)
        if hit is None:
            raise DataMissingError(f"No {kind.replace('_', ' ')} is called {name[:80]}")
        return hit.id


_IDS = {
    "driver": ("drivers", "driver_id"),
    "constructor": ("constructors", "constructor_id"),
    "circuit": ("circuits", "circuit_id"),
    "grand_prix": ("grands_prix", "grand_prix_id"),
}


def history(settings: Settings | None = None) -> History:
    """History of the lake in the home folder."""
    return History(lake_of(settings or load_settings()))
