"""What a season was: its rounds, tables, winners, debutants and seats; and the list of all seasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from overcut.lake.history.answers import SeasonAnswer, SeasonLine, SeasonsAnswer, SeatLine
from overcut.lake.history.book import Book
from overcut.lake.history.races import INDIANAPOLIS_NOTE, round_line
from overcut.lake.history.refs import constructor_ref, driver_counts, driver_ref, engine_ref, no_season
from overcut.lake.history.rows import Entry, Standing
from overcut.lake.history.standings import NO_CONSTRUCTORS, standing_rows

_INDIANAPOLIS_YEARS = range(1950, 1961)


def champion(book: Book, season: int, *, of_drivers: bool) -> Standing | None:
    """The champion of a season by the final table; None where it is not decided or there was no title."""
    tables = book.driver_tables if of_drivers else book.constructor_tables
    return next((row for row in tables.get((season, 0), ()) if row.champion), None)


def seasons(book: Book, offset: int = 0, limit: int = 100) -> SeasonsAnswer:
    """All seasons, newest first."""
    found = [_line(book, season) for season in reversed(book.seasons)]
    return SeasonsAnswer(len(found), offset, limit, found[offset : offset + limit])


def _line(book: Book, season: int) -> SeasonLine:
    races = book.races_by_season[season]
    wins = wins_by_driver(book, season, lambda entry: entry.won)
    best = champion(book, season, of_drivers=True)
    team = champion(book, season, of_drivers=False)
    return SeasonLine(
        year=season,
        rounds=len(races),
        rounds_run=sum(race.run for race in races),
        champion=None if best is None else driver_ref(book, best.id),
        champion_points=None if best is None else best.points,
        constructors_champion=None if team is None else constructor_ref(book, team.id),
        constructors_champion_points=None if team is None else team.points,
        winners=len(wins),
        most_wins=max(wins.values(), default=0),
    )


def wins_by_driver(book: Book, season: int, test: Callable[[Entry], bool]) -> Counter[str]:
    """In how many races of a season each driver did something, by a test of the entry."""
    counts: Counter[str] = Counter()
    for race in book.races_by_season[season]:
        counts.update({entry.driver_id for entry in book.by_race.get(race.index, ()) if test(entry)})
    return counts


def season_page(book: Book, season: int) -> SeasonAnswer:
    """Everything about a season.

    Raises:
        DataMissingError: there is no such season.
    """
    if season not in book.races_by_season:
        raise no_season(book, season)
    best, team = champion(book, season, of_drivers=True), champion(book, season, of_drivers=False)
    place = book.seasons.index(season)
    debuts = [key for key in _drivers_of(book, season) if _first(book, key, lambda e: e.started) == season]
    winners = wins_by_driver(book, season, lambda entry: entry.won)
    return SeasonAnswer(
        year=season,
        finished=season in book.finished,
        champion=None if best is None else driver_ref(book, best.id),
        constructors_champion=None if team is None else constructor_ref(book, team.id),
        rounds=[round_line(book, race) for race in book.races_by_season[season]],
        drivers=standing_rows(book, book.standings(True, season), of_drivers=True),
        constructors=standing_rows(book, book.standings(False, season), of_drivers=False),
        wins=driver_counts(book, winners),
        poles=driver_counts(book, wins_by_driver(book, season, lambda entry: entry.pole)),
        podiums=driver_counts(book, wins_by_driver(book, season, lambda entry: entry.on_podium)),
        first_time_winners=[
            driver_ref(book, key) for key in winners if _first(book, key, lambda entry: entry.won) == season
        ],
        debuts=[driver_ref(book, key) for key in debuts],
        seats=_seats(book, season),
        previous=book.seasons[place - 1] if place else None,
        next=book.seasons[place + 1] if place + 1 < len(book.seasons) else None,
        note=_note(season),
    )


def _note(season: int) -> str:
    notes = [INDIANAPOLIS_NOTE] if season in _INDIANAPOLIS_YEARS else []
    return " ".join(notes + ([NO_CONSTRUCTORS] if season < 1958 else []))


def _drivers_of(book: Book, season: int) -> list[str]:
    rows = (entry.driver_id for race in book.races_by_season[season] for entry in book.by_race.get(race.index, ()))
    return list(dict.fromkeys(rows))


def _first(book: Book, driver_id: str, test: Callable[[Entry], bool]) -> int | None:
    return next((entry.season for entry in book.by_driver[driver_id] if test(entry)), None)


def _seats(book: Book, season: int) -> list[SeatLine]:
    return [
        SeatLine(
            entrant=row["entrant"],
            constructor=constructor_ref(book, row["constructor_id"]),
            engine=engine_ref(book, row["engine_id"]),
            driver=driver_ref(book, row["driver_id"]),
            rounds=row["rounds"],
            test_driver=row["test_driver"],
        )
        for row in book.seats(season).iter_rows(named=True)
    ]
