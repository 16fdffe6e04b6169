"""How many points did each race pay to whom, by the finishing positions and the season's rules alone?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec

from overcut.domain.championship import (
    Championship,
    ChampionshipRules,
    Exact,
    FastestLap,
    Finish,
    Race,
    SharedCar,
)
from overcut.domain.championship.rulings import FastestLapTo, RacePays, Ruling, WithoutPoints

TOP_TEN = 10


class Scored(msgspec.Struct, frozen=True):
    """What one round gave to those who take part in a championship.

    Attributes:
        round_number: of the race.
        points: by entrant, those without any left out.
        places: by entrant, the classified positions that a countback may ask for, best first.
    """

    round_number: int
    points: Mapping[str, Exact]
    places: Mapping[str, tuple[int, ...]]


def entrant_of(finish: Finish, championship: Championship) -> str:
    """Who scores in a championship with a car: the driver, or chassis and engine as ``constructor/engine``."""
    return finish.driver if championship is Championship.DRIVERS else f"{finish.constructor}/{finish.engine}"


def whole(points: Exact) -> Exact:
    """The same number; an int where it is whole, which is quicker to add."""
    return points.numerator if isinstance(points, Fraction) and points.denominator == 1 else points


def paid_scale(rules: ChampionshipRules, race: Race, rulings: Sequence[Ruling] = ()) -> tuple[Exact, ...]:
    """The points for the first place, the second … of a race: halved, graded or doubled where the rules say so."""
    ruled = next((r for r in rulings if isinstance(r, RacePays) and r.round_number == race.round_number), None)
    if ruled is not None:
        return tuple(whole(ruled.share * paid) for paid in rules.points)
    factor = 2 if race.round_number == rules.double_round else 1
    for band in rules.short_races if race.laps is not None and race.scheduled_laps else ():
        laps, planned = race.laps or 0, race.scheduled_laps or 1
        if (laps < band.least_laps) if band.least_laps else (Fraction(laps, planned) < band.below):
            return tuple(whole(paid * factor) for paid in band.points)
    return tuple(paid * factor for paid in rules.points)


def score(race: Race, championship: Championship, rules: ChampionshipRules, rulings: Sequence[Ruling] = ()) -> Scored:
    """What a race that was run, and its sprint, gave. One that does not count for this championship gives nothing."""
    if race.name in rules.without:
        return Scored(race.round_number, {}, {})
    here = [r for r in rulings if getattr(r, "round_number", 0) == race.round_number]
    barred = [r for r in here if isinstance(r, WithoutPoints)]
    points: defaultdict[str, Exact] = defaultdict(int)
    places: defaultdict[str, list[int]] = defaultdict(list)
    scale = paid_scale(rules, race, rulings)
    taken: set[str] = set()
    for place, drivers in _cars(race.finishes, barred):
        for entrant, share in _shares(drivers, championship, rules, barred):
            if rules.best_car_only and championship is Championship.CONSTRUCTORS and entrant in taken:
                continue
            taken.add(entrant)
            if rules.place_counts(place):
                places[entrant].append(place)
            if share and place <= len(scale):
                points[entrant] += share * scale[place - 1]
    for entrant, paid in _fastest(race, championship, rules, here):
        points[entrant] += paid
    for finish in race.sprint if rules.sprint else ():
        if finish.position is not None and finish.position <= len(rules.sprint):
            points[entrant_of(finish, championship)] += rules.sprint[finish.position - 1]
    return Scored(
        race.round_number,
        {entrant: whole(paid) for entrant, paid in points.items() if paid},
        {entrant: tuple(found) for entrant, found in places.items()},
    )


def _cars(finishes: Sequence[Finish], barred: Sequence[WithoutPoints]) -> Iterator[tuple[int, list[Finish]]]:
    """Classified cars in order, each with its drivers, and the place that it is paid for."""
    cars: dict[int, list[Finish]] = {}
    for finish in finishes:
        if finish.position is not None:
            cars.setdefault(finish.position, []).append(finish)
    skipped = 0
    for position, drivers in sorted(cars.items()):
        if any(r.moved_up and any(d.driver in r.drivers for d in drivers) for r in barred):
            skipped += 1
            continue
        yield position - skipped, drivers


def _shares(
    drivers: Sequence[Finish],
    championship: Championship,
    rules: ChampionshipRules,
    barred: Sequence[WithoutPoints],
) -> Iterator[tuple[str, Exact]]:
    """Who takes part in a car's place, and which share of its points they get."""

    def ruled(finish: Finish) -> WithoutPoints | None:
        found = (r for r in barred if championship in r.championships and finish.driver in r.drivers)
        return next((r for r in found if r.position in (0, finish.position)), None)

    if championship is Championship.CONSTRUCTORS:
        pays = len(drivers) == 1 and ruled(drivers[0]) is None
        yield entrant_of(drivers[0], championship), int(pays)
        return
    unpaid = [r for r in map(ruled, drivers) if r is not None]
    sharers = len(drivers) - len(unpaid) if any(r.partner_gets_all for r in unpaid) else len(drivers)
    for finish in drivers:
        alone = sharers == 1 or rules.shared_car is SharedCar.SPLIT
        yield finish.driver, whole(Fraction(1, sharers)) if alone and ruled(finish) is None else 0


def _fastest(
    race: Race, championship: Championship, rules: ChampionshipRules, rulings: Sequence[Ruling]
) -> Iterator[tuple[str, Exact]]:
    """Who gets how much of the point for the fastest lap."""
    if rules.fastest_lap is FastestLap.NOBODY:
        return
    ruled = next((r.drivers for r in rulings if isinstance(r, FastestLapTo)), None)
    fastest = ruled or race.fastest
    for driver in fastest:
        if rules.fastest_lap is FastestLap.ANYBODY:
            yield driver, whole(Fraction(1, len(fastest)))
            continue
        for finish in race.finishes:
            if finish.driver == driver and finish.position is not None and finish.position <= TOP_TEN:
                yield entrant_of(finish, championship), 1
