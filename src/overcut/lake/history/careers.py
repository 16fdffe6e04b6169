"""What a driver or constructor has done: their pages, their results, and the lists of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from overcut.lake.history.answers import DriverRef, NamedRef
from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import (
    CareerLine,
    CareerPlace,
    CareerResult,
    CareerResultsAnswer,
    CareersAnswer,
    CareerSeason,
    CareerTotals,
    ChronologyLine,
    ConstructorAnswer,
    DriverAnswer,
    Relative,
)
from overcut.lake.history.definitions import DEFINITIONS
from overcut.lake.history.duels import team_mates_of
from overcut.lake.history.moments import milestones
from overcut.lake.history.refs import (
    alpha2,
    circuit_ref,
    constructor_ref,
    country_name,
    driver_ref,
    engine_ref,
    race_at,
    result_row,
    unknown,
)
from overcut.lake.history.rows import Entry, Standing
from overcut.lake.history.totals import (
    constructor_titles,
    constructor_totals,
    driver_titles,
    driver_totals,
    final_tables,
    podium_cars,
    totals,
)


def driver_page(book: Book, driver_id: str) -> DriverAnswer:
    """A driver's page.

    Raises:
        DataMissingError: no driver has this id.
    """
    person = book.drivers.get(driver_id)
    if person is None:
        raise unknown("driver", driver_id, book.drivers)
    entries = book.by_driver.get(driver_id, ())
    titles = driver_titles(book).get(driver_id, ())
    return DriverAnswer(
        driver=driver_ref(book, driver_id),
        full_name=person.full_name,
        first_name=person.first_name,
        last_name=person.last_name,
        permanent_number=person.permanent_number,
        born=person.born,
        died=person.died,
        birthplace=person.birthplace,
        country_name=country_name(book, person.country_id),
        totals=driver_totals(book, driver_id),
        title_years=list(titles),
        first_race=race_at(book, started[0].race) if (started := [e for e in entries if e.started]) else None,
        last_race=race_at(book, started[-1].race) if started else None,
        seasons=_seasons(book, entries, book.sprints_by_driver.get(driver_id, ()), driver_id, of_drivers=True),
        circuits=_circuits(book, entries),
        team_mates=team_mates_of(book, driver_id),
        relatives=_relatives(book, driver_id),
        milestones=milestones(book, entries, titles),
        definitions=dict(DEFINITIONS),
    )


def _relatives(book: Book, driver_id: str) -> list[Relative]:
    rows = book.table("driver_relations").iter_rows(named=True)
    return [
        Relative(driver_ref(book, row["other_driver_id"]), row["relation"])
        for row in rows
        if row["driver_id"] == driver_id
    ]


def constructor_page(book: Book, constructor_id: str) -> ConstructorAnswer:
    """A constructor's page, with the line of names before and after it.

    Raises:
        DataMissingError: no constructor has this id.
    """
    maker = book.constructors.get(constructor_id)
    if maker is None:
        raise unknown("constructor", constructor_id, book.constructors)
    entries = book.by_constructor.get(constructor_id, ())
    titles = constructor_titles(book).get(constructor_id, ())
    line = _chronology(book, constructor_id)
    started = [entry for entry in entries if entry.started]
    return ConstructorAnswer(
        constructor=constructor_ref(book, constructor_id),
        full_name=maker.full_name,
        country=alpha2(book, maker.country_id),
        country_name=country_name(book, maker.country_id),
        totals=constructor_totals(book, constructor_id),
        title_years=list(titles),
        drivers_titles=_drivers_titles(book, entries),
        first_race=race_at(book, started[0].race) if started else None,
        last_race=race_at(book, started[-1].race) if started else None,
        chronology=line,
        line_totals=_line_totals(book, line),
        seasons=_seasons(
            book, entries, book.sprints_by_constructor.get(constructor_id, ()), constructor_id, of_drivers=False
        ),
        circuits=_circuits(book, entries),
        drivers=_shares(book, entries, "driver_id"),
        engines=_shares(book, entries, "engine_id"),
        milestones=milestones(book, entries, titles),
        definitions=dict(DEFINITIONS),
    )


def _drivers_titles(book: Book, entries: Sequence[Entry]) -> list[int]:
    """Years in which the drivers' champion started for this constructor."""
    champions = {(year, key) for key, years in driver_titles(book).items() for year in years}
    return sorted({e.season for e in entries if e.started and (e.season, e.driver_id) in champions})


def _chronology(book: Book, constructor_id: str) -> list[ChronologyLine]:
    return [
        ChronologyLine(constructor_ref(book, row["other_constructor_id"]), row["year_from"], row["year_to"])
        for row in book.table("constructor_chronology").sort("place").iter_rows(named=True)
        if row["constructor_id"] == constructor_id
    ]


def _line_totals(book: Book, line: Sequence[ChronologyLine]) -> CareerTotals | None:
    """What all names of a line did in its years; without championships' points, which belong to a name."""
    if len(line) < 2:
        return None
    last = book.latest_season

    def within(of: Mapping[str, tuple[Entry, ...]]) -> list[Entry]:
        rows = [
            entry
            for part in line
            for entry in of.get(part.constructor.id, ())
            if part.year_from <= entry.season <= (part.year_to or last)
        ]
        return sorted(rows, key=lambda entry: (entry.race, entry.row))

    titles = sum(
        part.year_from <= year <= (part.year_to or last)
        for part in line
        for year in constructor_titles(book).get(part.constructor.id, ())
    )
    return totals(within(book.by_constructor), within(book.sprints_by_constructor), titles=titles, cars=True)


def _seasons(
    book: Book, entries: Sequence[Entry], sprints: Sequence[Entry], key: str, *, of_drivers: bool
) -> list[CareerSeason]:
    by_year = _by_season(entries)
    sprints_by_year = _by_season(sprints)
    tables: defaultdict[int, list[Standing]] = defaultdict(list)
    for row in final_tables(book, of_drivers=of_drivers).get(key, ()):
        tables[row.season].append(row)
    return [
        _season(book, year, by_year[year], sprints_by_year.get(year, []), tables[year], of_drivers=of_drivers)
        for year in sorted(by_year)
    ]


def _season(
    book: Book,
    year: int,
    entries: list[Entry],
    sprints: list[Entry],
    rows: list[Standing],
    *,
    of_drivers: bool,
) -> CareerSeason:
    best = min(rows, key=lambda row: row.row, default=None)
    return CareerSeason(
        year=year,
        constructors=[constructor_ref(book, key) for key in dict.fromkeys(e.constructor_id for e in entries) if key],
        drivers=[] if of_drivers else [driver_ref(book, key) for key in dict.fromkeys(e.driver_id for e in entries)],
        engines=[ref for key in dict.fromkeys(e.engine_id for e in entries) if (ref := engine_ref(book, key))],
        totals=totals(
            entries,
            sprints,
            titles=int(any(row.champion and row.round == 0 for row in rows)),
            championship_points=sum(row.points for row in rows),
            best_championship=None if best is None else best.position,
            cars=not of_drivers,
        ),
        position=None if best is None else best.position,
        position_text="" if best is None else best.position_text,
        points=sum(row.points for row in rows),
        champion=any(row.champion and row.round == 0 for row in rows),
        finished=year in book.finished,
    )


def _by_season(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    groups: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.season].append(entry)
    return groups


def _circuits(book: Book, entries: Sequence[Entry]) -> list[CareerPlace]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[book.races[entry.race].circuit_id].append(entry)
    found = [_at_circuit(book, circuit_id, group) for circuit_id, group in groups.items()]
    return sorted(found, key=lambda place: (-place.wins, -place.podiums, -place.starts, place.circuit.id))


def _at_circuit(book: Book, circuit_id: str, entries: Sequence[Entry]) -> CareerPlace:
    places = [entry.position for entry in entries if entry.position is not None and entry.started]
    return CareerPlace(
        circuit_ref(book, circuit_id),
        len({entry.race for entry in entries if entry.started}),
        len({entry.race for entry in entries if entry.won}),
        len({entry.race for entry in entries if entry.on_podium}),
        len({entry.race for entry in entries if entry.pole}),
        min(places, default=None),
    )


def _shares(book: Book, entries: Sequence[Entry], field: str) -> list[CareerLine]:
    """What each driver, or each engine, contributed to a constructor; the most starts first."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        key = entry.driver_id if field == "driver_id" else entry.engine_id
        if key is not None:
            groups[key].append(entry)
    lines: list[CareerLine] = []
    for key, group in groups.items():
        ref = driver_ref(book, key) if field == "driver_id" else engine_ref(book, key)
        if ref is not None:
            years = {
                year for year in driver_titles(book).get(key, ()) if any(e.season == year and e.started for e in group)
            }
            lines.append(career_line(ref, group, len(years) if field == "driver_id" else 0))
    return sorted(lines, key=lambda line: (-line.starts, -line.wins, line.id))


def career_line(
    ref: DriverRef | NamedRef,
    entries: Sequence[Entry],
    titles: int,
    *,
    points: float | None = None,
    cars: bool = False,
    country: tuple[str | None, str | None] = (None, None),
) -> CareerLine:
    """A career in one line."""
    return CareerLine(
        id=ref.id,
        name=ref.name,
        code=ref.code if isinstance(ref, DriverRef) else None,
        country=country[0] or (ref.country if isinstance(ref, DriverRef) else None),
        country_name=country[1],
        first=entries[0].season,
        last=entries[-1].season,
        starts=len({entry.race for entry in entries if entry.started}),
        wins=len({entry.race for entry in entries if entry.won}),
        podiums=podium_cars(entries) if cars else len({entry.race for entry in entries if entry.on_podium}),
        poles=len({entry.race for entry in entries if entry.pole}),
        titles=titles,
        points=sum(entry.points for entry in entries) if points is None else points,
    )


def drivers(book: Book, offset: int = 0, limit: int = 100) -> CareersAnswer:
    """All drivers who were ever entered, the most successful first."""
    found = book.remember(("drivers",), lambda: _drivers(book))
    return CareersAnswer(len(found), offset, limit, list(found[offset : offset + limit]))


def _drivers(book: Book) -> tuple[CareerLine, ...]:
    titles = driver_titles(book)
    lines = [
        career_line(
            driver_ref(book, key),
            entries,
            len(titles.get(key, ())),
            points=sum(e.points for e in (*entries, *book.sprints_by_driver.get(key, ()))),
            country=(None, country_name(book, person.country_id) if (person := book.drivers.get(key)) else None),
        )
        for key, entries in book.by_driver.items()
    ]
    return tuple(sorted(lines, key=_success))


def constructors(book: Book, offset: int = 0, limit: int = 100) -> CareersAnswer:
    """All constructors, the most successful first."""
    found = book.remember(("constructors",), lambda: _constructors(book))
    return CareersAnswer(len(found), offset, limit, list(found[offset : offset + limit]))


def _constructors(book: Book) -> tuple[CareerLine, ...]:
    titles = constructor_titles(book)
    lines = [
        career_line(
            constructor_ref(book, key),
            entries,
            len(titles.get(key, ())),
            points=sum(e.points for e in (*entries, *book.sprints_by_constructor.get(key, ()))),
            cars=True,
            country=(alpha2(book, maker.country_id), country_name(book, maker.country_id))
            if (maker := book.constructors.get(key))
            else (None, None),
        )
        for key, entries in book.by_constructor.items()
    ]
    return tuple(sorted(lines, key=_success))


def _success(line: CareerLine) -> tuple[float, ...] | tuple[object, ...]:
    return (-line.titles, -line.wins, -line.podiums, -line.points, -line.starts, line.id)


def driver_results(
    book: Book, driver_id: str, sprints: bool = False, season: int | None = None, offset: int = 0, limit: int = 100
) -> CareerResultsAnswer:
    """A driver's results, newest first.

    Raises:
        DataMissingError: no driver has this id.
    """
    if driver_id not in book.drivers:
        raise unknown("driver", driver_id, book.drivers)
    rows = (book.sprints_by_driver if sprints else book.by_driver).get(driver_id, ())
    chosen = [entry for entry in reversed(rows) if season is None or entry.season == season]
    return CareerResultsAnswer(
        driver_ref(book, driver_id),
        "S" if sprints else "R",
        len(chosen),
        offset,
        limit,
        [CareerResult(race_at(book, entry.race), result_row(book, entry)) for entry in chosen[offset : offset + limit]],
    )
