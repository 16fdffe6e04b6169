"""Who of two drivers was ahead: in qualifying, in races, where both finished, in points."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from overcut.lake.history.book import Book
from overcut.lake.history.career_answers import (
    Duel,
    DuelSeason,
    HeadToHeadAnswer,
    TeamMate,
    TeamMatePair,
    TeamMatesAnswer,
)
from overcut.lake.history.refs import constructor_ref, driver_ref, no_season, unknown
from overcut.lake.history.rows import Entry
from overcut.lake.history.teams import same_team
from overcut.lake.history.totals import driver_titles, driver_totals

DEFINITION = (
    "Races: both started. Qualifying: the higher place in the published qualifying result, where both have one; the "
    "gap is the median over sessions in which both set a time, of the best time each set in the last part that both "
    "reached. Race: the higher classified place; one who was classified is ahead of one who was not; neither where "
    "both were not, or where they shared a car. Both finished: only races in which both were classified. Points: from "
    "these races and their sprints. Team mates: in cars of the same constructor in that race, entered by the "
    "same entrant where that is known."
)

Pair = tuple[Entry, Entry]
"""One race of two drivers."""


def _best(entries: Iterable[Entry]) -> Entry:
    """A driver's entry of a race: of several (cars shared in turn) the best."""
    return min(entries, key=lambda entry: (not entry.started, entry.position is None, entry.position or 0, entry.row))


def _of_races(entries: Iterable[Entry]) -> dict[int, Entry]:
    groups: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.race].append(entry)
    return {race: _best(group) for race, group in groups.items()}


def meetings(book: Book, a: str, b: str) -> list[Pair]:
    """The races that both started, in order of time."""
    left, right = _of_races(book.by_driver.get(a, ())), _of_races(book.by_driver.get(b, ()))
    shared = sorted(left.keys() & right.keys())
    return [(left[race], right[race]) for race in shared if left[race].started and right[race].started]


def duel(book: Book, pairs: Sequence[Pair]) -> Duel:
    """How two drivers compare over these races."""
    race = [_ahead(x.position, y.position) for x, y in pairs]
    finished = [_ahead(x.position, y.position) for x, y in pairs if x.position and y.position]
    qualifying = [_ahead(x.qualification_position, y.qualification_position) for x, y in pairs if _placed(x, y)]
    sprints = _sprints(book, pairs)
    sprint = [_ahead(x.position, y.position) for x, y in sprints if x.started and y.started]
    gaps = [gap for x, y in pairs if (gap := qualifying_gap_pct(book, x, y)) is not None]
    return Duel(
        races=len(pairs),
        qualified=len(qualifying),
        qualifying_a=qualifying.count(-1),
        qualifying_b=qualifying.count(1),
        race_a=race.count(-1),
        race_b=race.count(1),
        finished=len(finished),
        finished_a=finished.count(-1),
        finished_b=finished.count(1),
        points_a=sum(x.points for x, _ in (*pairs, *sprints)),
        points_b=sum(y.points for _, y in (*pairs, *sprints)),
        wins_a=sum(x.won for x, _ in pairs),
        wins_b=sum(y.won for _, y in pairs),
        podiums_a=sum(x.on_podium for x, _ in pairs),
        podiums_b=sum(y.on_podium for _, y in pairs),
        poles_a=sum(x.pole for x, _ in pairs),
        poles_b=sum(y.pole for _, y in pairs),
        fastest_laps_a=sum(x.fastest_lap for x, _ in pairs),
        fastest_laps_b=sum(y.fastest_lap for _, y in pairs),
        sprints=len(sprint),
        sprint_a=sprint.count(-1),
        sprint_b=sprint.count(1),
        qualifying_gap_pct=statistics.median(gaps) if gaps else None,
        qualifying_gap_of=len(gaps),
    )


def _placed(x: Entry, y: Entry) -> bool:
    return x.qualification_position is not None and y.qualification_position is not None


def _ahead(a: int | None, b: int | None) -> int:
    """-1 where the first is ahead, 1 the second, 0 neither. A place is ahead of none."""
    if a == b:
        return 0
    if a is None or b is None:
        return 1 if a is None else -1
    return -1 if a < b else 1


def _sprints(book: Book, pairs: Sequence[Pair]) -> list[Pair]:
    found: list[Pair] = []
    for x, y in pairs:
        rows = {entry.driver_id: entry for entry in book.sprints_by_race.get(x.race, ())}
        if x.driver_id in rows and y.driver_id in rows:
            found.append((rows[x.driver_id], rows[y.driver_id]))
    return found


_Times = Mapping[tuple[int, str], tuple[int | None, int | None, int | None, int | None]]


def _times(book: Book) -> _Times:
    """Each driver's times of the qualifying that set the grid: (time, Q1, Q2, Q3), ms, by race and driver."""
    frame = book.table("qualifying")
    rows = frame.filter(frame["session"] == "Q").select(
        "season", "round", "driver_id", "time_ms", "q1_ms", "q2_ms", "q3_ms"
    )
    return {
        (book.index[season, number], driver): (time, q1, q2, q3)
        for season, number, driver, time, q1, q2, q3 in rows.iter_rows()
        if (season, number) in book.index
    }


def qualifying_gap_pct(book: Book, x: Entry, y: Entry) -> float | None:
    """How much slower ``y`` was than ``x`` in qualifying, in per cent; None where one has no time.

    By the last part (Q3, Q2, Q1) in which both have a time, else by their times of the whole session.
    """
    times = book.remember(("qualifying times",), lambda: _times(book))
    mine, theirs = times.get((x.race, x.driver_id)), times.get((y.race, y.driver_id))
    if mine is None or theirs is None:
        return None
    for part in (3, 2, 1, 0):
        a, b = mine[part], theirs[part]
        if a and b:
            return (b - a) / a * 100
    return None


def head_to_head(book: Book, a: str, b: str) -> HeadToHeadAnswer:
    """Two drivers against each other, wherever they met.

    Raises:
        DataMissingError: one of them is not known.
    """
    for key in (a, b):
        if key not in book.drivers:
            raise unknown("driver", key, book.drivers)
    pairs = [] if a == b else meetings(book, a, b)
    titles = driver_titles(book)
    return HeadToHeadAnswer(
        a=driver_ref(book, a),
        b=driver_ref(book, b),
        totals_a=driver_totals(book, a),
        totals_b=driver_totals(book, b),
        titles_a=list(titles.get(a, ())),
        titles_b=list(titles.get(b, ())),
        together=duel(book, pairs),
        team_mates=duel(book, [(x, y) for x, y in pairs if same_team(book, x, y)]),
        seasons=[_season(book, season, group) for season, group in _by_season(pairs).items()],
        definition=DEFINITION,
    )


def _by_season(pairs: Sequence[Pair]) -> dict[int, list[Pair]]:
    groups: defaultdict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair[0].season].append(pair)
    return groups


def _season(book: Book, season: int, pairs: Sequence[Pair]) -> DuelSeason:
    teams = [list(dict.fromkeys(pair[side].constructor_id for pair in pairs)) for side in (0, 1)]
    left, right = ([constructor_ref(book, key) for key in side if key] for side in teams)
    return DuelSeason(season, any(same_team(book, x, y) for x, y in pairs), left, right, duel(book, pairs))


def team_mates_of(book: Book, driver_id: str) -> list[TeamMate]:
    """Every team mate of a driver, in order of time, over the races that both started for the same constructor."""
    met: defaultdict[str, list[Pair]] = defaultdict(list)
    for race, entry in _of_races(book.by_driver.get(driver_id, ())).items():
        if not entry.started or entry.constructor_id is None:
            continue
        for other in _best_of_each(book.by_race[race]):
            if other.driver_id != driver_id and other.started and same_team(book, entry, other):
                met[other.driver_id].append((entry, other))
    return [
        TeamMate(
            driver_ref(book, other),
            [constructor_ref(book, key) for key in dict.fromkeys(x.constructor_id for x, _ in pairs) if key],
            pairs[0][0].season,
            pairs[-1][0].season,
            duel(book, pairs),
        )
        for other, pairs in sorted(met.items(), key=lambda item: (item[1][0][0].race, item[0]))
    ]


def _best_of_each(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for each driver of a race: of one who drove for two, the best."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.driver_id].append(entry)
    return [_best(group) for group in groups.values()]


def season_pairs(book: Book, season: int) -> dict[tuple[str, str, str], list[Pair]]:
    """The races that each two team mates of a season both started, by constructor and the two drivers' ids."""
    met: defaultdict[tuple[str, str, str], list[Pair]] = defaultdict(list)
    for race in book.races_by_season[season]:
        teams: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(_best_of_each(book.by_race.get(race.index, ())), key=lambda entry: entry.driver_id):
            if entry.started and entry.constructor_id is not None:
                teams[entry.constructor_id].append(entry)
        for constructor_id, entries in teams.items():
            for x, y in combinations(entries, 2):
                if same_team(book, x, y):
                    met[constructor_id, x.driver_id, y.driver_id].append((x, y))
    return met


def balance(book: Book, pairs: Sequence[Pair]) -> tuple[tuple[float, int], tuple[float, int]]:
    """Points, and races ahead, of the first and of the second driver."""
    both = (*pairs, *_sprints(book, pairs))
    race = [_ahead(x.position, y.position) for x, y in pairs]
    return (sum(x.points for x, _ in both), race.count(-1)), (sum(y.points for _, y in both), race.count(1))


def team_mates(book: Book, season: int) -> TeamMatesAnswer:
    """Every pair of team mates of a season, over the races that both started.

    Raises:
        DataMissingError: there is no such season.
    """
    if season not in book.races_by_season:
        raise no_season(book, season)
    order = list(dict.fromkeys(row.id for row in book.standings(False, season)))
    found = [_pair(book, key[0], pairs) for key, pairs in season_pairs(book, season).items()]
    found.sort(key=lambda pair: (_place(order, pair.constructor.id), -pair.duel.races, pair.a.id, pair.b.id))
    return TeamMatesAnswer(season, found, DEFINITION)


def _place(order: Sequence[str], key: str) -> tuple[int, str]:
    return (order.index(key) if key in order else len(order), key)


def _pair(book: Book, constructor_id: str, pairs: Sequence[Pair]) -> TeamMatePair:
    found = duel(book, pairs)
    if (found.points_b, found.race_b, found.qualifying_b) > (found.points_a, found.race_a, found.qualifying_a):
        pairs = [(y, x) for x, y in pairs]
        found = duel(book, pairs)
    a, b = pairs[0]
    return TeamMatePair(
        constructor_ref(book, constructor_id), driver_ref(book, a.driver_id), driver_ref(book, b.driver_id), found
    )
