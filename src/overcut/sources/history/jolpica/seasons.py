"""Which listings a season needs, and the tables that they make together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import polars as pl

from overcut.domain.tables import LakeSource, Table
from overcut.kernel.errors import DataMissingError
from overcut.sources.history.jolpica import rows
from overcut.sources.history.jolpica.listing import Reader
from overcut.sources.history.jolpica.names import Names
from overcut.sources.history.jolpica.pages import Page, Race, Standings

FRESH_S = 3600.0
"""Pages of a running season are asked for again after an hour."""

FOREVER_S = 10 * 365 * 86_400.0
"""Those of a season that is over are not: corrections come through ``refresh``."""


class Want(msgspec.Struct, frozen=True):
    """What to ask for.

    Attributes:
        seasons: years. ``running``: the first one that may still change.
        stops, laps: pit stops (one listing a race), and every lap (about a dozen pages a race).
        refresh: ask for everything again.
    """

    seasons: Sequence[int]
    running: int
    stops: bool = True
    laps: bool = False
    refresh: bool = False


class JolpicaSeasons(msgspec.Struct, frozen=True):
    """Everything that was asked for, page by page merged into rounds. ``absent``: seasons that the service lacks."""

    seasons: tuple[int, ...]
    races: tuple[Race, ...]
    standings: tuple[Standings, ...]
    absent: tuple[int, ...] = ()
    source = LakeSource.JOLPICA

    @property
    def origin(self) -> str:
        """What it is, in words."""
        years = f"{self.seasons[0]}" if len(self.seasons) == 1 else f"{self.seasons[0]} to {self.seasons[-1]}"
        return f"Jolpica, {years}"

    def tables(self, names: Names) -> Iterator[tuple[Table, pl.DataFrame]]:
        """The tables, with F1DB's ids by ``names``."""
        yield from rows.tables(self.races, self.standings, names)


async def ask_seasons(reader: Reader, want: Want) -> JolpicaSeasons:
    """Everything that ``want`` names.

    Raises:
        UnreachableError: something could not be had, and is not kept from before; what came is kept for the next try.
        OvercutError: what came cannot be understood.
    """
    races: list[Race] = []
    standings: list[Standings] = []
    absent: list[int] = []
    for season in want.seasons:
        fresh_s = 0.0 if want.refresh else FRESH_S if season >= want.running else FOREVER_S
        calendar = _rounds(await _optional(reader, f"{season}", fresh_s))
        if not calendar:
            absent.append(season)
            continue
        for listing in ("results", "qualifying", "sprint"):
            merge(calendar, await reader.read(f"{season}/{listing}", fresh_s))
        run = [race for race in calendar.values() if race.results]
        for race in run:
            for listing in ("pitstops",) * want.stops + ("laps",) * want.laps:
                merge(calendar, await _optional(reader, f"{season}/{race.round}/{listing}", fresh_s))
        if run:
            for listing in ("driverstandings", "constructorstandings"):
                pages = await _optional(reader, f"{season}/{listing}", fresh_s)
                standings += [one for page in pages for one in page.standings.lists]
        races += calendar.values()
    if not races:
        years = ", ".join(str(season) for season in want.seasons)
        raise DataMissingError(f"the service knows no races of {years}", hint="the season, and jolpica_url, are right?")
    return JolpicaSeasons(tuple(want.seasons), tuple(races), _joined(standings), tuple(absent))


async def _optional(reader: Reader, path: str, fresh_s: float) -> list[Page]:
    """Listings that do not exist for every race and every year."""
    try:
        return await reader.read(path, fresh_s)
    except DataMissingError:
        return []


def _rounds(pages: Sequence[Page]) -> dict[tuple[str, str], Race]:
    return {(race.season, race.round): race for page in pages for race in page.races.races}


def merge(calendar: dict[tuple[str, str], Race], pages: Sequence[Page]) -> None:
    """Add the rows of a listing to the rounds of a calendar. A round may be split between two pages."""
    for race in (race for page in pages for race in page.races.races):
        key = (race.season, race.round)
        known = calendar.setdefault(key, race)
        if known is race:
            continue
        calendar[key] = msgspec.structs.replace(
            known,
            results=known.results + race.results,
            qualifying=known.qualifying + race.qualifying,
            sprint=known.sprint + race.sprint,
            stops=known.stops + race.stops,
            laps=known.laps + race.laps,
        )


def _joined(standings: Sequence[Standings]) -> tuple[Standings, ...]:
    """Drivers' and constructors' standings of a round as one, whole also where a page's end divided them."""
    found: dict[tuple[str, str], Standings] = {}
    for one in standings:
        key = (one.season, one.round)
        known = found.get(key)
        found[key] = (
            one
            if known is None
            else msgspec.structs.replace(
                known, drivers=known.drivers + one.drivers, constructors=known.constructors + one.constructors
            )
        )
    return tuple(found.values())
