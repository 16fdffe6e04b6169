"""Who can still win a championship, and since when is it decided? Exact: whole numbers and proofs, no sampling.

The question is decided by one outcome. An entrant's points never fall when it finishes higher in any race, with
dropped scores and countback too, and nobody else's rise; so if any outcome of the remaining races makes it champion,
the one in which it wins them all (with every sprint and fastest lap) and nobody else scores does. A race may have as
few classified cars as it likes, so that outcome can happen. Whoever has nobody ahead then is in contention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

import msgspec

from overcut.domain.championship import Championship, Exact, FastestLap, Race
from overcut.domain.championship.rulings import Absence, CalledOff
from overcut.insights.championship.points import whole
from overcut.insights.championship.standings import READINGS_KEPT, Ledger, Tally, counted, place_counts, tallies

MOST_CARS = 2
"""Cars with which a constructor can score in a race since 1979, unless it has raced more."""

Key = tuple[Exact, tuple[int, ...]]
"""What the championship is decided by: points that count, then how many first, second … places. The greater leads."""


class Chance(StrEnum):
    """How an entrant stands to a championship."""

    CHAMPION = "champion"
    """Nobody else can win it any more."""
    OPEN = "open"
    """Can still win it."""
    LEVEL_AT_BEST = "level at best"
    """Can draw level in points and all places at best: the rules do not say who wins then."""
    OUT = "out"
    """Cannot win it whatever happens."""


class Contender(msgspec.Struct, frozen=True):
    """What an entrant can still reach.

    Attributes:
        entrant: driver by F1DB id, or ``constructor/engine``.
        chance: how it stands.
        points: that count now. ``most``: if it wins everything that is left.
    """

    entrant: str
    chance: Chance
    points: Exact
    most: Exact


def race_pays_at_most(ledger: Ledger, race: Race, cars: int) -> Exact:
    """The most that one entrant can score in a round that is still to come."""
    rules = ledger.rules
    if race.name in rules.without:
        return 0
    factor = 2 if race.round_number == rules.double_round else 1
    most = factor * sum(rules.points[:cars])
    if race.has_sprint and not race.sprint:
        most += sum(rules.sprint[:cars])
    return most + int(rules.fastest_lap is not FastestLap.NOBODY)


def cars_of(ledger: Ledger, entrant: str, after: int) -> int:
    """With how many cars an entrant can score in one race: a driver with one, a constructor with all it races."""
    if ledger.championship is Championship.DRIVERS or ledger.rules.best_car_only:
        return 1
    raced = (
        sum(f"{finish.constructor}/{finish.engine}" == entrant for finish in race.finishes)
        for race in ledger.season.races
        if race.round_number <= after
    )
    return max(MOST_CARS, *raced, 0)


def key_of(ledger: Ledger, tally: Tally) -> Key:
    """What an entrant's place in the table is decided by, as it stands."""
    return whole(counted(tally.by_round, ledger.rules) - tally.deducted), place_counts(tally.places)


def best_key(ledger: Ledger, tally: Tally, left: Sequence[Race], after: int) -> Key:
    """The same after the best that can still happen to it: it wins every race, sprint and fastest lap that is left."""
    cars = cars_of(ledger, tally.entrant, after)
    by_round: dict[int, Exact] = dict(tally.by_round)
    places = list(tally.places)
    for race in left:
        if race.name in ledger.rules.without or not can_race(ledger, tally.entrant, race, after):
            continue
        already = by_round.get(race.round_number, 0)
        by_round[race.round_number] = already + race_pays_at_most(ledger, race, cars)
        places += [(race.round_number, place) for place in range(1, cars + 1)]
    return whole(counted(by_round, ledger.rules) - tally.deducted), place_counts(places)


def can_race(ledger: Ledger, entrant: str, race: Race, after: int) -> bool:
    """Whether an entrant can take part in a later race, by what is known before it."""
    if ledger.championship is not Championship.DRIVERS:
        return True
    died = next((day for driver, day in ledger.season.died if driver == entrant), None)
    if died is not None and died < min((r.day for r in ledger.season.races if r.round_number > after), default=""):
        return False
    return not any(
        isinstance(r, Absence) and r.since <= after and r.round_number == race.round_number and entrant in r.drivers
        for r in ledger.rulings
    )


def races_left(ledger: Ledger, after: int) -> tuple[Race, ...]:
    """The races after a round as they were known before they were run, those included that were then called off."""
    planned = (
        Race(r.round_number, r.name)
        for r in ledger.rulings
        if isinstance(r, CalledOff) and after <= r.until
    )  # fmt: skip
    return (*(unrun(race) for race in ledger.season.races if race.round_number > after), *planned)


def unrun(race: Race) -> Race:
    """The race as it was known before it was run: no result, the sprint still to come."""
    return msgspec.structs.replace(race, finishes=(), fastest=(), sprint=(), laps=None)


@lru_cache(maxsize=READINGS_KEPT)
def contenders(ledger: Ledger, after: int) -> tuple[Contender, ...]:
    """Every entrant that has taken part, with what it can still reach; the best first.

    Those who have not taken part yet are as good as one with nothing: `newcomer_can_win` tells about them.
    """
    now = tallies(ledger, after)
    left = races_left(ledger, after)
    keys = {entrant: key_of(ledger, tally) for entrant, tally in now.items()}
    best = {entrant: best_key(ledger, tally, left, after) for entrant, tally in now.items()}
    chances = chances_of(keys, best)
    found = [Contender(entrant, chances[entrant], keys[entrant][0], best[entrant][0]) for entrant in now]
    found.sort(key=lambda c: (keys[c.entrant], c.most), reverse=True)
    return tuple(found)


def chances_of(keys: Mapping[str, Key], best: Mapping[str, Key]) -> dict[str, Chance]:
    """How each entrant stands, from what everybody has and what each can reach."""
    first, second = _two_best(keys)
    chances: dict[str, Chance] = {}
    for entrant, reach in best.items():
        rival = second if first is not None and first[0] == entrant else first
        ahead = rival is None or reach > rival[1]
        level = rival is not None and reach == rival[1]
        chances[entrant] = Chance.OPEN if ahead else Chance.LEVEL_AT_BEST if level else Chance.OUT
    alive = [entrant for entrant, chance in chances.items() if chance is not Chance.OUT]
    if len(alive) == 1:
        chances[alive[0]] = Chance.CHAMPION
    return chances


def _two_best(keys: Mapping[str, Key]) -> tuple[tuple[str, Key] | None, tuple[str, Key] | None]:
    ranked = sorted(keys.items(), key=lambda item: item[1], reverse=True)
    return (ranked[0] if ranked else None), (ranked[1] if len(ranked) > 1 else None)


def newcomer_can_win(ledger: Ledger, after: int) -> bool:
    """Whether somebody who has not taken part yet could still win by winning everything that is left."""
    now = tallies(ledger, after)
    left = races_left(ledger, after)
    reach = best_key(ledger, Tally("", {}, ()), left, after)
    return all(reach >= key_of(ledger, tally) for tally in now.values())


class Decision(msgspec.Struct, frozen=True):
    """When a championship was decided.

    Attributes:
        round_number: after this round nobody else could win.
        champion: who had won.
        on_points: after this round nobody else could even draw level on points; later where only the countback had
            decided. None where the countback decided the championship itself.
    """

    round_number: int
    champion: str
    on_points: int | None


def decided(ledger: Ledger) -> Decision | None:
    """The first round after which a championship had its winner; None as long as it is open."""
    rounds = sorted(scored.round_number for scored in ledger.scored)
    for index, number in enumerate(rounds):
        champion = champion_after(ledger, number)
        if champion is not None:
            clear = (later for later in rounds[index:] if _clear_on_points(ledger, champion, later))
            return Decision(number, champion, next(clear, None))
    return None


def _clear_on_points(ledger: Ledger, champion: str, after: int) -> bool:
    found = contenders(ledger, after)
    points = next(contender.points for contender in found if contender.entrant == champion)
    return all(contender.most < points for contender in found if contender.entrant != champion)


def champion_after(ledger: Ledger, after: int) -> str | None:
    """Who has won the championship after a round, whatever still happens; None while it is open."""
    if after < 1 or newcomer_can_win(ledger, after):
        return None
    found = contenders(ledger, after)
    return next((contender.entrant for contender in found if contender.chance is Chance.CHAMPION), None)
