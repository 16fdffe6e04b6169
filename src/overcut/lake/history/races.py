"""What happened in a race: result, grid, qualifying, sprint, fastest laps, pit stops, and the tables after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from overcut.lake.history.answers import (
    FastestLapRow,
    GridRow,
    PitStopRow,
    QualifyingRow,
    QualifyingTable,
    RaceAnswer,
    RaceRef,
    RoundLine,
)
from overcut.lake.history.book import Book
from overcut.lake.history.moments import facts_of
from overcut.lake.history.refs import (
    constructor_or_none,
    driver_ref,
    race_of,
    race_ref,
    result_row,
)
from overcut.lake.history.rows import Entry, RaceRow
from overcut.lake.history.standings import standing_rows

SESSIONS = ("Q", "Q1", "Q2", "PQ", "SQ")
INDIANAPOLIS = "indianapolis"
INDIANAPOLIS_NOTE = (
    "The Indianapolis 500 counted for the world championship from 1950 to 1960; nearly nobody drove both."
)


def round_line(book: Book, race: RaceRow) -> RoundLine:
    """One round in a list: winners (two where they shared the car), pole, fastest lap."""
    entries = book.by_race.get(race.index, ())
    winners = [entry for entry in entries if entry.won]
    sprint = [entry for entry in book.sprints_by_race.get(race.index, ()) if entry.won] if race.sprint else []
    return RoundLine(
        race=race_ref(book, race),
        official_name=race.official_name,
        laps=race.laps,
        distance_km=race.distance_km,
        sprint=race.sprint,
        winners=[driver_ref(book, entry.driver_id) for entry in winners],
        winning_constructor=constructor_or_none(book, winners[0].constructor_id) if winners else None,
        pole=[driver_ref(book, key) for key in _once(entry.driver_id for entry in entries if entry.pole)],
        fastest_lap=[driver_ref(book, key) for key in _once(e.driver_id for e in entries if e.fastest_lap)],
        sprint_winner=driver_ref(book, sprint[0].driver_id) if sprint else None,
        drivers_decider=race.drivers_decider,
        constructors_decider=race.constructors_decider,
    )


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def race_page(book: Book, season: int, number: int) -> RaceAnswer:
    """Everything that is known of a race.

    Raises:
        DataMissingError: there is no such race.
    """
    race = race_of(book, season, number)
    entries = book.by_race.get(race.index, ())
    at = (season, number)
    return RaceAnswer(
        race=race_ref(book, race),
        official_name=race.official_name,
        layout_id=race.layout_id,
        lap_km=race.lap_km,
        laps=race.laps,
        distance_km=race.distance_km,
        scheduled_laps=race.scheduled_laps,
        qualifying_format=race.qualifying_format,
        drivers_decider=race.drivers_decider,
        constructors_decider=race.constructors_decider,
        results=[result_row(book, entry) for entry in entries],
        grid=_grid(book, race, "R"),
        qualifying=_qualifying(book, race),
        sprint=[result_row(book, entry) for entry in book.sprints_by_race.get(race.index, ())],
        sprint_grid=_grid(book, race, "S"),
        fastest_laps=_fastest_laps(book, race),
        pit_stops=_pit_stops(book, race),
        drivers=standing_rows(book, book.driver_tables.get(at, ()), of_drivers=True),
        constructors=standing_rows(book, book.constructor_tables.get(at, ()), of_drivers=False),
        facts=facts_of(book, race),
        previous=_neighbour(book, race.index - 1),
        next=_neighbour(book, race.index + 1),
        same_grand_prix=[race_ref(book, other) for other in book.races_by_grand_prix[race.grand_prix_id]],
        note=_note(race, entries),
    )


def _note(race: RaceRow, entries: Sequence[Entry]) -> str:
    notes = [INDIANAPOLIS_NOTE] if race.grand_prix_id == INDIANAPOLIS else []
    if any(entry.shared_car for entry in entries):
        notes.append("Cars were shared: each driver of a shared car has a line, with the position of the car.")
    if not race.run:
        notes.append("There is no result of this race in the lake yet.")
    return " ".join(notes)


def _neighbour(book: Book, index: int) -> RaceRef | None:
    return race_ref(book, book.races[index]) if 0 <= index < len(book.races) else None


def _grid(book: Book, race: RaceRow, session: str) -> list[GridRow]:
    rows = book.of_race("grids", race.season, race.round).iter_rows(named=True)
    return [
        GridRow(
            position=row["position"],
            position_text=row["position_text"],
            driver=driver_ref(book, row["driver_id"]),
            constructor=constructor_or_none(book, row["constructor_id"]),
            qualification_position=row["qualification_position"],
            penalty=row["penalty"],
            time_ms=row["time_ms"],
        )
        for row in rows
        if row["session"] == session
    ]


def _qualifying(book: Book, race: RaceRow) -> list[QualifyingTable]:
    found: defaultdict[str, list[QualifyingRow]] = defaultdict(list)
    for row in book.of_race("qualifying", race.season, race.round).iter_rows(named=True):
        found[row["session"]].append(
            QualifyingRow(
                position=row["position"],
                position_text=row["position_text"],
                number=row["driver_number"],
                driver=driver_ref(book, row["driver_id"]),
                constructor=constructor_or_none(book, row["constructor_id"]),
                time_ms=row["time_ms"],
                q1_ms=row["q1_ms"],
                q2_ms=row["q2_ms"],
                q3_ms=row["q3_ms"],
                gap_ms=row["gap_ms"],
                laps=row["laps"],
            )
        )
    return [QualifyingTable(session, found[session]) for session in SESSIONS if session in found]


def _fastest_laps(book: Book, race: RaceRow) -> list[FastestLapRow]:
    return [
        FastestLapRow(
            position=row["position"],
            driver=driver_ref(book, row["driver_id"]),
            constructor=constructor_or_none(book, row["constructor_id"]),
            lap=row["lap"],
            time_ms=row["time_ms"],
            gap_ms=row["gap_ms"],
        )
        for row in book.of_race("fastest_laps", race.season, race.round).iter_rows(named=True)
    ]


def _pit_stops(book: Book, race: RaceRow) -> list[PitStopRow]:
    return [
        PitStopRow(
            driver=driver_ref(book, row["driver_id"]),
            constructor=constructor_or_none(book, row["constructor_id"]),
            stop=row["stop"],
            lap=row["lap"],
            time_ms=row["time_ms"],
        )
        for row in book.of_race("history_pit_stops", race.season, race.round).iter_rows(named=True)
    ]
