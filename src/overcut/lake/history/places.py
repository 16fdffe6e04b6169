"""What happened at a circuit, or at a Grand Prix through the years: races, who did best, layouts, lap records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from overcut.lake.history.answers import RaceRef
from overcut.lake.history.book import Book
from overcut.lake.history.place_answers import (
    CircuitLine,
    CircuitsAnswer,
    GrandPrixLine,
    GrandsPrixAnswer,
    LapRecord,
    LayoutLine,
    PlaceAbout,
    PlaceAnswer,
)
from overcut.lake.history.races import round_line
from overcut.lake.history.refs import (
    alpha2,
    circuit_ref,
    constructor_counts,
    constructor_or_none,
    country_name,
    driver_counts,
    driver_ref,
    grand_prix_ref,
    race_at,
    race_ref,
    unknown,
)
from overcut.lake.history.rows import Entry, RaceRow

_BestLap = tuple[int, str, str | None, int | None]
"""Milliseconds, driver, constructor, number of the lap."""


def circuits(book: Book, offset: int = 0, limit: int = 100) -> CircuitsAnswer:
    """All circuits, those with the most races first."""
    found = sorted((_circuit_line(book, key) for key in book.circuits), key=lambda line: (-line.races, line.id))
    return CircuitsAnswer(len(found), offset, limit, found[offset : offset + limit])


def _circuit_line(book: Book, circuit_id: str) -> CircuitLine:
    place = book.circuits[circuit_id]
    first, last, count = _span(book.races_by_circuit.get(circuit_id, ()))
    return CircuitLine(
        id=place.id,
        name=place.name,
        full_name=place.full_name,
        place=place.place,
        country=alpha2(book, place.country_id),
        country_name=country_name(book, place.country_id),
        type=place.type,
        length_km=place.length_km,
        turns=place.turns,
        races=count,
        first=first,
        last=last,
    )


def _span(races: Sequence[RaceRow]) -> tuple[int | None, int | None, int]:
    """First and last season, and how many: of races that were run."""
    run = [race for race in races if race.run]
    return (run[0].season, run[-1].season, len(run)) if run else (None, None, 0)


def grands_prix(book: Book, offset: int = 0, limit: int = 100) -> GrandsPrixAnswer:
    """All Grands Prix, those with the most races first."""
    found: list[GrandPrixLine] = []
    for grand_prix in book.grands_prix.values():
        races = book.races_by_grand_prix.get(grand_prix.id, ())
        first, last, count = _span(races)
        where = {race.circuit_id for race in races if race.run}
        country = alpha2(book, grand_prix.country_id)
        found.append(
            GrandPrixLine(grand_prix.id, grand_prix.name, grand_prix.full_name, country, count, first, last, len(where))
        )
    found.sort(key=lambda line: (-line.races, line.id))
    return GrandsPrixAnswer(len(found), offset, limit, found[offset : offset + limit])


def circuit_page(book: Book, circuit_id: str) -> PlaceAnswer:
    """A circuit's page.

    Raises:
        DataMissingError: no circuit has this id.
    """
    place = book.circuits.get(circuit_id)
    if place is None:
        raise unknown("circuit", circuit_id, book.circuits)
    races = book.races_by_circuit.get(circuit_id, ())
    about = PlaceAbout(
        kind="circuit",
        id=place.id,
        name=place.name,
        full_name=place.full_name,
        previous_names=place.previous_names,
        country=alpha2(book, place.country_id),
        country_name=country_name(book, place.country_id),
        place=place.place,
        type=place.type,
        direction=place.direction,
        latitude=place.latitude,
        longitude=place.longitude,
        length_km=place.length_km,
        turns=place.turns,
    )
    return _page(book, about, races, _layouts(book, circuit_id, races))


def grand_prix_page(book: Book, grand_prix_id: str) -> PlaceAnswer:
    """A Grand Prix' page.

    Raises:
        DataMissingError: no Grand Prix has this id.
    """
    grand_prix = book.grands_prix.get(grand_prix_id)
    if grand_prix is None:
        raise unknown("Grand Prix", grand_prix_id, book.grands_prix)
    about = PlaceAbout(
        kind="grand_prix",
        id=grand_prix.id,
        name=grand_prix.name,
        full_name=grand_prix.full_name,
        country=alpha2(book, grand_prix.country_id),
        country_name=country_name(book, grand_prix.country_id),
    )
    return _page(book, about, book.races_by_grand_prix.get(grand_prix_id, ()), [])


def _page(book: Book, about: PlaceAbout, races: Sequence[RaceRow], layouts: list[LayoutLine]) -> PlaceAnswer:
    run = [race for race in races if race.run]
    winners = [entry for race in run for entry in book.by_race[race.index] if entry.won]
    from_pole = {entry.race for entry in winners if entry.pole}
    with_pole = [race for race in run if any(entry.pole for entry in book.by_race[race.index])]
    deepest = max((entry.grid for entry in winners if entry.grid is not None), default=None)
    return PlaceAnswer(
        about=about,
        races=[round_line(book, race) for race in reversed(races)],
        wins=driver_counts(book, _count(book, run, lambda e: e.driver_id if e.won else None)),
        constructor_wins=constructor_counts(book, _count(book, run, lambda e: e.constructor_id if e.won else None)),
        poles=driver_counts(book, _count(book, run, lambda e: e.driver_id if e.pole else None)),
        podiums=driver_counts(book, _count(book, run, lambda e: e.driver_id if e.on_podium else None)),
        pole_wins=len(from_pole),
        pole_races=len(with_pole),
        lowest_winning_grid=_deepest(book, winners, deepest),
        lowest_winning_grid_place=deepest,
        layouts=layouts,
        lap_records=_lap_records(book, run),
        circuits=[circuit_ref(book, key) for key in dict.fromkeys(race.circuit_id for race in reversed(races))],
        grands_prix=[
            grand_prix_ref(book, key) for key in dict.fromkeys(race.grand_prix_id for race in reversed(races))
        ],
    )


def _deepest(book: Book, winners: Sequence[Entry], place: int | None) -> list[RaceRef]:
    return [race_at(book, entry.race) for entry in winners if entry.grid == place] if place is not None else []


def _count(book: Book, races: Sequence[RaceRow], who: Callable[[Entry], str | None]) -> Counter[str]:
    """In how many of these races each one is named by ``who``."""
    counts: Counter[str] = Counter()
    for race in races:
        counts.update({key for entry in book.by_race[race.index] if (key := who(entry)) is not None})
    return counts


def _layouts(book: Book, circuit_id: str, races: Sequence[RaceRow]) -> list[LayoutLine]:
    found: list[LayoutLine] = []
    for row in book.table("layouts").filter(pl.col("circuit_id") == circuit_id).iter_rows(named=True):
        first, last, count = _span([race for race in races if race.layout_id == row["layout_id"]])
        found.append(
            LayoutLine(row["layout_id"], row["length_km"], row["turns"], bool(row["current"]), count, first, last)
        )
    return sorted(found, key=lambda line: (line.first or 9999, line.id))


def _lap_records(book: Book, races: Sequence[RaceRow]) -> list[LapRecord]:
    """The fastest race lap of each layout, the newest record first; the earlier one of equals."""
    laps = book.remember(("best laps",), lambda: _best_laps(book))
    best: dict[tuple[str, str | None], tuple[RaceRow, _BestLap]] = {}
    for race in races:
        lap = laps.get((race.season, race.round))
        key = (race.circuit_id, race.layout_id)
        if lap is not None and (key not in best or lap[0] < best[key][1][0]):
            best[key] = (race, lap)
    newest = sorted(best.values(), key=lambda found: -found[0].index)
    return [
        LapRecord(
            race.layout_id,
            driver_ref(book, driver),
            constructor_or_none(book, constructor),
            race_ref(book, race),
            lap,
            time_ms,
        )
        for race, (time_ms, driver, constructor, lap) in newest
    ]


def _best_laps(book: Book) -> Mapping[tuple[int, int], _BestLap]:
    """The best lap of each race of which lap times are known."""
    timed = book.table("fastest_laps").filter(pl.col("time_ms").is_not_null())
    best = timed.sort("time_ms", "row").unique(["season", "round"], keep="first", maintain_order=True)
    rows = best.select("season", "round", "time_ms", "driver_id", "constructor_id", "lap")
    return {(season, number): (ms, who, team, lap) for season, number, ms, who, team, lap in rows.iter_rows()}
