"""Which rules each season since 1950 had, as data, and where they come from.

Sources: the championship regulations of the CSI, FISA and FIA as they are summarised in the seasons' yearbooks and in
the FIA Formula One Sporting Regulations (article 6, "World Championship", of each year since 1981; articles 6.4 and
6.5 for points, 7 for dead heats). Where only published tables tell what was done, the entry says so.
"""

from __future__ import annotations

from fractions import Fraction

from overcut.domain.championship.rules import (
    LAST_ROUND,
    ChampionshipRules,
    FastestLap,
    SeasonRules,
    SharedCar,
    ShortRace,
    Ties,
    Window,
)

FIRST_SEASON = 1950
FIRST_CONSTRUCTORS_SEASON = 1958
LAST_WRITTEN_SEASON = 2026
"""The last season whose rules are known; a later one is read by the same rules until they are written down."""

_BEST_OF: dict[range, int] = {
    range(1950, 1954): 4,
    range(1954, 1958): 5,
    range(1958, 1959): 6,
    range(1959, 1960): 5,
    range(1960, 1961): 6,
    range(1961, 1963): 5,
    range(1963, 1966): 6,
    range(1966, 1967): 5,
    range(1981, 1991): 11,
}
"""Seasons in which the best so many results counted. Since 1991 every result counts."""

_HALVES: dict[int, tuple[int, int, int]] = {
    1967: (6, 5, 4),
    1968: (6, 5, 5),
    1969: (6, 5, 4),
    1970: (7, 6, 5),
    1971: (6, 5, 4),
    1972: (6, 5, 5),
    1973: (8, 7, 6),
    1974: (8, 7, 6),
    1975: (7, 6, 6),
    1976: (8, 7, 7),
    1977: (9, 8, 7),
    1978: (8, 7, 7),
    1979: (7, 4, 4),
    1980: (7, 5, 5),
}
"""Seasons in two halves: rounds of the first, how many results count of it, how many of the second."""

_LAST_DROPPED_BY_CONSTRUCTORS = 1978

_POINTS: dict[range, tuple[int, ...]] = {
    range(1950, 1960): (8, 6, 4, 3, 2),
    range(1960, 1961): (8, 6, 4, 3, 2, 1),
    range(1961, 1991): (9, 6, 4, 3, 2, 1),
    range(1991, 2003): (10, 6, 4, 3, 2, 1),
    range(2003, 2010): (10, 8, 6, 5, 4, 3, 2, 1),
    range(2010, 2100): (25, 18, 15, 12, 10, 8, 6, 4, 2, 1),
}
_CONSTRUCTORS_POINTS_1961 = (8, 6, 4, 3, 2, 1)
"""In 1961 a win was worth 9 to the driver and still 8 to the constructor."""

_SPRINT: dict[range, tuple[int, ...]] = {
    range(2021, 2022): (3, 2, 1),
    range(2022, 2100): (8, 7, 6, 5, 4, 3, 2, 1),
}

_FASTEST_LAP: dict[range, FastestLap] = {
    range(1950, 1960): FastestLap.ANYBODY,
    range(2019, 2025): FastestLap.TOP_TEN,
}

_DOUBLE_ROUND = {2014: 19}
"""The last race of 2014, in Abu Dhabi, paid double."""

_TIES: dict[range, Ties] = {
    range(1950, 1998): Ties.PAID_PLACES,
    range(1998, 2000): Ties.PAID_PLACES_THEN_FIRST,
    range(2000, 2100): Ties.ALL_PLACES,
}
"""The regulations count back "and so on" through all places; the published tables of the years before 2000 stop at the
last place that pays and leave a position shared, those of 1998 and 1999 put first who was first. No title ever hung on
the difference."""

_HALF = Fraction(1, 2)


def _halved(points: tuple[int, ...]) -> tuple[Fraction, ...]:
    return tuple(Fraction(paid, 2) for paid in points)


_GRADED = (
    ShortRace(Fraction(0), (), least_laps=2),
    ShortRace(Fraction(1, 4), (6, 4, 3, 2, 1)),
    ShortRace(Fraction(1, 2), (13, 10, 8, 6, 5, 4, 3, 2, 1)),
    ShortRace(Fraction(3, 4), (19, 14, 12, 9, 8, 6, 5, 3, 2, 1)),
)
"""Since 2022 (articles 6.5 and later 6.4): graded points for races that end early."""


def _short_races(year: int, points: tuple[int, ...]) -> tuple[ShortRace, ...]:
    if year >= 2022:
        return _GRADED
    if year >= 1977:
        return (ShortRace(Fraction(0), (), least_laps=2), ShortRace(Fraction(3, 4), _halved(points)))
    if year >= 1975:
        return (ShortRace(Fraction(3, 10), ()), ShortRace(Fraction(6, 10), _halved(points)))
    return ()


def _windows(year: int) -> tuple[Window, ...]:
    if year in _HALVES:
        rounds, first, second = _HALVES[year]
        return (Window(1, rounds, first), Window(rounds + 1, LAST_ROUND, second))
    best = next((best for years, best in _BEST_OF.items() if year in years), None)
    return () if best is None else (Window(1, LAST_ROUND, best),)


def _drivers(year: int) -> ChampionshipRules:
    points = next(points for years, points in _POINTS.items() if year in years)
    return ChampionshipRules(
        points=points,
        sprint=next((points for years, points in _SPRINT.items() if year in years), ()),
        fastest_lap=next((rule for years, rule in _FASTEST_LAP.items() if year in years), FastestLap.NOBODY),
        shared_car=SharedCar.SPLIT if year <= 1957 else SharedCar.NOTHING,
        windows=_windows(year),
        short_races=_short_races(year, points),
        double_round=_DOUBLE_ROUND.get(year, 0),
        ties=next(rule for years, rule in _TIES.items() if year in years),
    )


def _constructors(year: int) -> ChampionshipRules | None:
    if year < FIRST_CONSTRUCTORS_SEASON:
        return None
    drivers = _drivers(year)
    points = _CONSTRUCTORS_POINTS_1961 if year == 1961 else drivers.points
    return ChampionshipRules(
        points=points,
        sprint=drivers.sprint,
        fastest_lap=FastestLap.TOP_TEN if drivers.fastest_lap is FastestLap.TOP_TEN else FastestLap.NOBODY,
        windows=drivers.windows if year <= _LAST_DROPPED_BY_CONSTRUCTORS else (),
        best_car_only=year <= _LAST_DROPPED_BY_CONSTRUCTORS,
        without=frozenset({"indianapolis"}) if year <= 1960 else frozenset(),
        short_races=drivers.short_races,
        double_round=drivers.double_round,
        ties=drivers.ties,
    )


def rules_of(year: int) -> SeasonRules:
    """The rules of a season; those of `LAST_WRITTEN_SEASON` for a later one.

    Raises:
        ValueError: before `FIRST_SEASON`.
    """
    if year < FIRST_SEASON:
        raise ValueError(f"The world championship began in {FIRST_SEASON}, not {year}")
    known = min(year, LAST_WRITTEN_SEASON)
    return SeasonRules(year, _drivers(known), _constructors(known))
