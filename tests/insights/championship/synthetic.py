"""Small seasons of invented drivers, every way in which one can end, and who wins then: by plain counting."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, permutations, product

import msgspec
from hypothesis import strategies as st

from overcut.domain.championship import ChampionshipRules, FastestLap, Finish, Race, Season, Ties, Window

DRIVERS = ("ada", "bo", "cy")
Outcome = tuple[tuple[str, ...], str | None]
"""The drivers who were classified, in order, and who drove the fastest lap (None: nobody was timed)."""


def race_of(number: int, outcome: Outcome | None) -> Race:
    """A race with that outcome; still to come when None. Who is not classified has a row without a position."""
    if outcome is None:
        return Race(number, f"gp-{number}", day=f"2030-01-{number:02d}")
    order, fastest = outcome
    rest = [driver for driver in DRIVERS if driver not in order]
    finishes = [Finish(driver, "c", "e", place, str(place)) for place, driver in enumerate(order, start=1)]
    finishes += [Finish(driver, "c", "e", None, "DNF") for driver in rest]
    return Race(
        number, f"gp-{number}", tuple(finishes), (fastest,) if fastest else (), laps=50, scheduled_laps=50,
        day=f"2030-01-{number:02d}",
    )  # fmt: skip


def season_of(run: list[Outcome], left: int) -> Season:
    """A season with races run and races left."""
    races = [race_of(number, outcome) for number, outcome in enumerate(run, start=1)]
    races += [race_of(len(run) + number, None) for number in range(1, left + 1)]
    return Season(2030, tuple(races))


def outcomes(rules: ChampionshipRules) -> list[Outcome]:
    """Every way in which one race can go."""
    orders = [order for size in range(len(DRIVERS) + 1) for order in permutations(DRIVERS, size)]
    found: list[Outcome] = []
    for order in orders:
        fastest: tuple[str | None, ...] = (None,)
        if rules.fastest_lap is FastestLap.ANYBODY:
            fastest = (None, *DRIVERS)
        elif rules.fastest_lap is FastestLap.TOP_TEN:
            fastest = (None, *order)
        found += [(order, driver) for driver in fastest]
    return found


def whole_seasons(run: list[Outcome], left: int, rules: ChampionshipRules) -> Iterator[list[Outcome]]:
    """Every way in which the season can end."""
    for rest in product(outcomes(rules), repeat=left):
        yield [*run, *rest]


def points_by_count(driver: str, season: list[Outcome], rules: ChampionshipRules) -> Fraction:
    """The points that count, by trying every choice of results that the rules allow."""
    paid: dict[int, Fraction] = {}
    for number, (order, fastest) in enumerate(season, start=1):
        place = order.index(driver) if driver in order else None
        points = Fraction(rules.points[place]) if place is not None and place < len(rules.points) else Fraction(0)
        if rules.fastest_lap is not FastestLap.NOBODY and fastest == driver:
            points += 1
        paid[number] = points
    if not rules.windows:
        return sum(paid.values(), Fraction(0))
    total = Fraction(0)
    for window in rules.windows:
        inside = [points for number, points in paid.items() if window.first <= number <= window.last]
        total += max(
            sum(chosen, Fraction(0))
            for size in range(min(window.best, len(inside)) + 1)
            for chosen in combinations(inside, size)
        )
    return total


def rank(driver: str, season: list[Outcome], rules: ChampionshipRules) -> tuple[Fraction, ...]:
    """What decides: points, then how many first, second, third places."""
    depth = len(DRIVERS) if rules.ties is Ties.ALL_PLACES else len(rules.points)
    finished = [order.index(driver) for order, _ in season if driver in order]
    counts = [Fraction(finished.count(place)) for place in range(depth)]
    return (points_by_count(driver, season, rules), *counts)


def leaders(season: list[Outcome], rules: ChampionshipRules) -> set[str]:
    """Whoever is first; several when the rules leave it open."""
    ranks = {driver: rank(driver, season, rules) for driver in DRIVERS}
    best = max(ranks.values())
    return {driver for driver, found in ranks.items() if found == best}


WINDOWS = (
    (),
    (Window(1, 99, 1),),
    (Window(1, 99, 2),),
    (Window(1, 2, 1), Window(3, 99, 1)),
    (Window(1, 1, 1), Window(2, 99, 2)),
)

rules_of_one = st.builds(
    ChampionshipRules,
    points=st.sampled_from([(3, 2, 1), (2, 1), (9, 6), (1,), (4, 3, 3)]),
    fastest_lap=st.sampled_from([FastestLap.NOBODY, FastestLap.NOBODY, FastestLap.ANYBODY, FastestLap.TOP_TEN]),
    windows=st.sampled_from(WINDOWS),
    ties=st.sampled_from([Ties.ALL_PLACES, Ties.PAID_PLACES]),
)


@st.composite
def situations(draw: st.DrawFn, most_left: int) -> tuple[list[Outcome], int, ChampionshipRules]:
    """Races run, how many are left, and the rules; everybody has taken part."""
    rules = draw(rules_of_one)
    if rules.fastest_lap is FastestLap.TOP_TEN and len(rules.points) < len(DRIVERS):
        # As in reality, every place that is paid for the fastest lap is one that pays.
        rules = msgspec.structs.replace(rules, points=(4, 3, 2))
    every = outcomes(rules)
    run = draw(st.lists(st.sampled_from(every), min_size=1, max_size=4))
    most = most_left if rules.fastest_lap is FastestLap.NOBODY else 1
    return run, draw(st.integers(1, most)), rules
