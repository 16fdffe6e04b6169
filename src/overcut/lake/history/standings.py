"""How the championship stood after a round, and how it went through a season."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from overcut.kernel.errors import DataMissingError
from overcut.lake.history.answers import ProgressAnswer, ProgressLine, StandingRow, StandingsAnswer
from overcut.lake.history.book import Book
from overcut.lake.history.refs import constructor_ref, driver_ref, engine_ref, no_season, race_ref
from overcut.lake.history.rows import Standing

FIRST_CONSTRUCTORS = 1958
NO_CONSTRUCTORS = "There was no championship of constructors before 1958."


def standings(book: Book, season: int, *, of_drivers: bool, after: int | None = None) -> StandingsAnswer:
    """The table after a round, as published.

    Args:
        book: history.
        season: which championship.
        of_drivers: of drivers; else of constructors.
        after: the round; None for the final table, or the latest there is while the season runs.

    Raises:
        DataMissingError: no such season or round, or nothing published of it.
    """
    if season not in book.races_by_season:
        raise no_season(book, season)
    rounds = book.races_by_season[season]
    if after is not None and not 1 <= after <= len(rounds):
        raise DataMissingError(f"The season {season} has no round {after}", hint=f"rounds 1 to {len(rounds)}")
    rows = book.standings(of_drivers, season, after or 0)
    if not rows and (of_drivers or season >= FIRST_CONSTRUCTORS):
        raise DataMissingError(
            f"There is no table of {season}" + (f" after round {after}" if after else ""),
            why="the race has not been run, or its table is not in the lake",
            hint=f"overcut history season {season}",
        )
    return StandingsAnswer(
        season=season,
        of="drivers" if of_drivers else "constructors",
        after=rows[0].round if rows else 0,
        final=season in book.finished and after is None,
        rows=standing_rows(book, rows, of_drivers=of_drivers),
        note="" if of_drivers or season >= FIRST_CONSTRUCTORS else NO_CONSTRUCTORS,
    )


def standing_rows(book: Book, rows: Sequence[Standing], *, of_drivers: bool) -> list[StandingRow]:
    """A table as it is answered: with each one's wins up to that round, and the gap in points to the leader."""
    if not rows:
        return []
    leader = rows[0].points
    wins = _wins(book, rows[0].season, rows[0].round or len(book.races_by_season[rows[0].season]), of_drivers)
    return [
        StandingRow(
            position=row.position,
            position_text=row.position_text,
            driver=driver_ref(book, row.id) if of_drivers else None,
            constructor=None if of_drivers else constructor_ref(book, row.id),
            engine=engine_ref(book, row.engine_id),
            points=row.points,
            positions_gained=row.positions_gained,
            champion=row.champion,
            wins=wins[row.id, row.engine_id],
            gap=leader - row.points,
        )
        for row in rows
    ]


def _wins(book: Book, season: int, after: int, of_drivers: bool) -> defaultdict[tuple[str, str | None], int]:
    wins: defaultdict[tuple[str, str | None], int] = defaultdict(int)
    for race in book.races_by_season[season][:after]:
        won = [entry for entry in book.by_race.get(race.index, ()) if entry.won]
        pairs = {
            (entry.driver_id, None) if of_drivers else (entry.constructor_id or "", entry.engine_id) for entry in won
        }
        for pair in pairs:
            wins[pair] += 1
    return wins


def progress(book: Book, season: int, *, of_drivers: bool) -> ProgressAnswer:
    """Points and position of everyone after each round of a season, those who finished highest first.

    Raises:
        DataMissingError: no such season.
    """
    if season not in book.races_by_season:
        raise no_season(book, season)
    tables = book.driver_tables if of_drivers else book.constructor_tables
    rounds = [race for race in book.races_by_season[season] if (season, race.round) in tables]
    points: defaultdict[tuple[str, str | None], list[float | None]] = defaultdict(lambda: [None] * len(rounds))
    positions: defaultdict[tuple[str, str | None], list[int | None]] = defaultdict(lambda: [None] * len(rounds))
    for place, race in enumerate(rounds):
        for row in tables[season, race.round]:
            points[row.id, row.engine_id][place] = row.points
            positions[row.id, row.engine_id][place] = row.position
    final = [(row.id, row.engine_id) for row in book.standings(of_drivers, season)]
    order = [key for key in final if key in points] + [key for key in points if key not in final]
    return ProgressAnswer(
        season,
        "drivers" if of_drivers else "constructors",
        [race_ref(book, race) for race in rounds],
        [
            ProgressLine(
                driver_ref(book, key[0]) if of_drivers else None,
                None if of_drivers else constructor_ref(book, key[0]),
                engine_ref(book, key[1]),
                points[key],
                positions[key],
            )
            for key in order
        ],
    )
