"""Rounds with a sprint and constructors with two cars, by counting every way in which the next round can go."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from overcut.domain.championship import (
    Championship,
    ChampionshipRules,
    FastestLap,
    Finish,
    Race,
    Season,
    Ties,
    Window,
)
from overcut.insights.championship.contention import Chance, contenders, key_of
from overcut.insights.championship.requirements import Requirement, next_round
from overcut.insights.championship.standings import Ledger, ledger_of, tallies

Cars = tuple[tuple[str, str], ...]
"""Drivers with their constructors; of those that are classified in order."""

Outcome = tuple[Cars, str | None, Cars]
"""The race, who drove the fastest lap, the sprint."""

DRIVERS: Cars = (("ada", "a"), ("bo", "b"), ("cy", "c"))
TEAMS: Cars = (("ada", "a"), ("al", "a"), ("bo", "b"), ("bix", "b"))
WINDOWS = (
    (),
    (),
    (Window(1, 99, 2),),
    (Window(1, 2, 1), Window(3, 99, 1)),
    (Window(1, 2, 1), Window(3, 99, 2)),
)


class Situation:
    """A season drawn from a seed with one round left, and every outcome of that round."""

    def __init__(self, seed: int, championship: Championship) -> None:
        chance = random.Random(seed)  # noqa: S311 -- seasons to try, no secret
        self.championship = championship
        teams = championship is Championship.CONSTRUCTORS
        self.cars = TEAMS if teams else DRIVERS
        laps = [FastestLap.NOBODY, FastestLap.TOP_TEN, *(() if teams else (FastestLap.ANYBODY,))]
        self.rules = ChampionshipRules(
            points=chance.choice([(4, 3, 2, 1), (5, 3, 2, 1), (10, 6, 4, 3)]),
            sprint=chance.choice([(), (3,), (2, 1)]),
            fastest_lap=chance.choice(laps),
            windows=chance.choice(WINDOWS),
            ties=chance.choice(list(Ties)),
            best_car_only=teams and chance.random() < 0.3,
        )
        self.run = chance.randint(1, 4)
        self.sprints = [bool(self.rules.sprint) and chance.random() < 0.5 for _ in range(self.run + 1)]
        self.orders = [order for size in range(len(self.cars) + 1) for order in permutations(self.cars, size)]
        self.past = [self._drawn(chance) for _ in range(self.run)]

    def _drawn(self, chance: random.Random) -> Outcome:
        order = chance.choice([order for order in self.orders if len(order) >= 2])
        nobody = self.rules.fastest_lap is FastestLap.NOBODY
        fastest = None if nobody else chance.choice([None, *(driver for driver, _ in order)])
        return order, fastest, chance.choice([order for order in self.orders if len(order) <= 2])

    def outcomes(self) -> list[Outcome]:
        rule = self.rules.fastest_lap
        sprints = [order for order in self.orders if len(order) <= len(self.rules.sprint)]
        found: list[Outcome] = []
        for order in self.orders:
            timed = {FastestLap.NOBODY: (), FastestLap.TOP_TEN: order, FastestLap.ANYBODY: self.cars}[rule]
            for fastest in (None, *(driver for driver, _ in timed)):
                found += [(order, fastest, sprint) for sprint in (sprints if self.sprints[-1] else [()])]
        return found

    def ledger(self, *last: Outcome) -> Ledger:
        known = [*self.past, *last]
        races = (self._race(n, known[n - 1] if n <= len(known) else None) for n in range(1, self.run + 2))
        found = ledger_of(Season(2030, tuple(races)), self.championship, self.rules)
        assert found is not None
        return found

    def _race(self, number: int, outcome: Outcome | None) -> Race:
        has_sprint = self.sprints[number - 1]
        race = Race(number, f"gp-{number}", has_sprint=has_sprint, day=f"2030-01-{number:02d}")
        if outcome is None:
            return race
        order, fastest, sprint = outcome
        return Race(
            number, race.name, self._finishes(order), (fastest,) if fastest else (),
            self._finishes(sprint) if has_sprint else (), has_sprint, 50, 50, race.day,
        )  # fmt: skip

    def _finishes(self, order: Cars) -> tuple[Finish, ...]:
        placed = [Finish(driver, team, "e", place, str(place)) for place, (driver, team) in enumerate(order, start=1)]
        rest = [Finish(driver, team, "e", None, "DNF") for driver, team in self.cars if (driver, team) not in order]
        return (*placed, *rest)


Ending = tuple[dict[str, float], set[str]]
"""Points of the last round by entrant, and who is first of the championship then."""


def endings(situation: Situation) -> list[Ending]:
    found: list[Ending] = []
    last = situation.run + 1
    for outcome in situation.outcomes():
        ledger = situation.ledger(outcome)
        keys = {entrant: key_of(ledger, tally) for entrant, tally in tallies(ledger, last).items()}
        first = {entrant for entrant, key in keys.items() if key == max(keys.values())}
        scored = next((dict(s.points) for s in ledger.scored if s.round_number == last), {})
        found.append(({entrant: float(paid) for entrant, paid in scored.items()}, first))
    return found


def check(requirement: Requirement, ended: list[Ending]) -> None:
    me = requirement.entrant
    for points, first in ended:
        own, alone = points.get(me, 0), first == {me}
        for way in requirement.by_points:
            kept = all(points.get(limit.rival, 0) <= (limit.most_points or 0) for limit in way.limits)
            assert alone or own < way.points or not kept, (way, points, first)
        if requirement.margins and all(own - points.get(m.rival, 0) >= m.points for m in requirement.margins):
            assert alone, (requirement.margins, points, first)
    assert requirement.can_clinch == any(first == {me} for _, first in ended)
    assert requirement.can_fall_out == any(me not in first for _, first in ended)
    assert requirement.needs_points <= min(points.get(me, 0) for points, first in ended if me in first)


@pytest.mark.parametrize("seed", [*range(6), 5031, 5246])
@pytest.mark.parametrize("championship", list(Championship))
def test_last_round_is_told_as_every_way_in_which_it_can_go_says(seed: int, championship: Championship) -> None:
    situation = Situation(seed, championship)
    ended = endings(situation)
    alone = {entrant for _, first in ended if len(first) == 1 for entrant in first}
    level = {entrant for _, first in ended for entrant in first}
    ledger = situation.ledger()
    for found in contenders(ledger, situation.run):
        expected = Chance.OPEN if found.entrant in alone else Chance.OUT
        if found.entrant in level - alone:
            expected = Chance.LEVEL_AT_BEST
        assert found.chance is (Chance.CHAMPION if level == alone == {found.entrant} else expected)
    told = next_round(ledger, situation.run)
    for requirement in told.requirements if told else ():
        check(requirement, ended)
