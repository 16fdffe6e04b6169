"""What can one entrant take from a round: which totals, resting on which places, and what is left for a rival?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import msgspec

from overcut.domain.championship import ChampionshipRules, Exact, FastestLap, Race


class Outcome(msgspec.Struct, frozen=True):
    """One way in which a round can go for an entrant.

    Attributes:
        points: of the round, sprint and fastest lap included.
        places: its classified places in the race, best first; one beyond the paying places stands for all those.
        fastest_lap: with the point for it.
        rival_most: the most that one other entrant can score in the same round.
    """

    points: Exact
    places: tuple[int, ...]
    fastest_lap: bool
    rival_most: Exact


class Total(msgspec.Struct, frozen=True):
    """One total of points that a round can give.

    Attributes:
        points: the total.
        worst: the places that help least in a countback among those that give it. ``best``: that help most.
        rival_most: the most that one other entrant can score meanwhile.
    """

    points: Exact
    worst: tuple[int, ...]
    best: tuple[int, ...]
    rival_most: Exact


class Weekend(msgspec.Struct, frozen=True):
    """What a round can still pay.

    Attributes:
        round_number: which.
        scale: points for the places of the race. ``sprint``: of the sprint; empty without one to come.
        fastest_lap: who can get the point for it.
        cars: with which one entrant scores.
    """

    round_number: int
    scale: tuple[int, ...]
    sprint: tuple[int, ...]
    fastest_lap: FastestLap
    cars: int

    def outcomes(self) -> tuple[Outcome, ...]:
        """Every way in which the round can go for one entrant, as far as points and countback tell them apart."""
        return _outcomes(self.scale, self.sprint, self.fastest_lap, self.cars)

    def totals(self) -> tuple[Total, ...]:
        """Every total that the round can give to one entrant, the smallest first."""
        return _totals(self.scale, self.sprint, self.fastest_lap, self.cars)


def weekend_of(rules: ChampionshipRules, race: Race, cars: int) -> Weekend:
    """What a round that is not over can still pay, at full distance."""
    if race.name in rules.without:
        return Weekend(race.round_number, (), (), FastestLap.NOBODY, cars)
    factor = 2 if race.round_number == rules.double_round else 1
    sprint = rules.sprint if race.has_sprint and not race.sprint else ()
    return Weekend(race.round_number, tuple(factor * p for p in rules.points), sprint, rules.fastest_lap, cars)


def place_points(weekend: Weekend, place: int) -> int:
    """The points of a place in the race; 0 beyond those that pay."""
    return weekend.scale[place - 1] if 1 <= place <= len(weekend.scale) else 0


def _hands(count: int, cars: int) -> Iterator[tuple[int, ...]]:
    """The places that up to ``cars`` cars can have among ``count``, and no place at all."""
    for size in range(cars + 1):
        yield from combinations(range(1, count + 1), size)


def _left(scale: tuple[int, ...], taken: tuple[int, ...], cars: int) -> int:
    free = [paid for place, paid in enumerate(scale, start=1) if place not in taken]
    return sum(free[:cars])


@lru_cache(maxsize=64)
def _outcomes(
    scale: tuple[int, ...], sprint: tuple[int, ...], fastest_lap: FastestLap, cars: int
) -> tuple[Outcome, ...]:
    found: list[Outcome] = []
    sprints = {
        (sum(sprint[place - 1] for place in hand), _left(sprint, hand, cars)) for hand in _hands(len(sprint), cars)
    }
    for hand in _hands(len(scale) + bool(scale), cars):
        race = sum(scale[place - 1] for place in hand if place <= len(scale))
        race_left = _left(scale, hand, cars)
        for with_lap in (False, True) if _may_be_fastest(fastest_lap, hand, len(scale)) else (False,):
            lap_left = 0 if with_lap or fastest_lap is FastestLap.NOBODY else 1
            found += [
                Outcome(race + paid + int(with_lap), hand, with_lap, race_left + left + lap_left)
                for paid, left in sprints
            ]
    return tuple(found)


def _may_be_fastest(rule: FastestLap, hand: tuple[int, ...], paying: int) -> bool:
    """Anybody may drive the fastest lap; since 2019 it pays only a car in the first ten, the places that pay."""
    if rule is FastestLap.TOP_TEN:
        return any(place <= paying for place in hand)
    return rule is FastestLap.ANYBODY


@lru_cache(maxsize=64)
def _totals(scale: tuple[int, ...], sprint: tuple[int, ...], fastest_lap: FastestLap, cars: int) -> tuple[Total, ...]:
    by_points: dict[Exact, list[Outcome]] = {}
    for outcome in _outcomes(scale, sprint, fastest_lap, cars):
        by_points.setdefault(outcome.points, []).append(outcome)

    def rank(places: tuple[int, ...]) -> tuple[int, ...]:
        counts = [0] * (len(scale) + 1)
        for place in places:
            counts[place - 1] += 1
        return tuple(counts)

    return tuple(
        Total(
            points,
            min((o.places for o in same), key=rank),
            max((o.places for o in same), key=rank),
            max(o.rival_most for o in same),
        )
        for points, same in sorted(by_points.items())
    )
