"""How does a championship stand after a round: totals of the results that count, countback, positions?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

import msgspec

from overcut.domain.championship import (
    Championship,
    ChampionshipRules,
    Exact,
    Season,
    Ties,
    rules_of,
)
from overcut.domain.championship.rulings import Deduction, Exclusion, Ruling, TieBroken, rulings_of
from overcut.insights.championship.points import Scored, entrant_of, score, whole

MOST_PLACES = 60
"""More places than a race has had cars: the width of a countback."""

READINGS_KEPT = 128
"""Readings of a season after a round that are kept, so that an answer of several parts makes each once."""


class Tally(msgspec.Struct, frozen=True):
    """What one entrant has gathered.

    Attributes:
        entrant: driver by F1DB id, or ``constructor/engine``.
        by_round: points of each round that gave any.
        places: round and place of every result that a countback may ask for, in the order of the rounds.
        deducted: points taken away.
    """

    entrant: str
    by_round: Mapping[int, Exact]
    places: tuple[tuple[int, int], ...]
    deducted: Exact = 0


class Standing(msgspec.Struct, frozen=True):
    """One line of a championship's table.

    Attributes:
        position: None for one that was struck; ``position_text`` says how.
        points: those that count. ``gross``: of all rounds, dropped ones too.
        dropped: rounds whose points do not count, with those points.
        counts: how many first, second … places, as far as the countback goes.
    """

    position: int | None
    position_text: str
    entrant: str
    points: Exact
    gross: Exact
    dropped: tuple[tuple[int, Exact], ...]
    counts: tuple[int, ...]


class Ledger(msgspec.Struct, frozen=True, eq=False):
    """One championship of one season, scored: every race that was run, and all the rules to read it by.

    Two are the same only when they are one object, so that what is read off one can be kept beside it.
    """

    season: Season
    championship: Championship
    rules: ChampionshipRules
    rulings: tuple[Ruling, ...]
    scored: tuple[Scored, ...]

    @property
    def rounds(self) -> tuple[int, ...]:
        """The rounds that count, run or not."""
        return tuple(r.round_number for r in self.season.races if r.name not in self.rules.without)


def ledger_of(season: Season, championship: Championship, rules: ChampionshipRules | None = None) -> Ledger | None:
    """A season's races scored for a championship; None for a constructors' championship before there was one.

    ``rules``: other rules than the season's own, with no ruling applied (what if 1988 had been scored like 2010?).
    """
    own = rules_of(season.year)
    rulings = rulings_of(season.year) if rules is None else ()
    chosen = rules or (own.drivers if championship is Championship.DRIVERS else own.constructors)
    if chosen is None:
        return None
    scored = tuple(score(race, championship, chosen, rulings) for race in season.races if race.run or race.sprint)
    return Ledger(season, championship, chosen, rulings, scored)


def counted(by_round: Mapping[int, Exact], rules: ChampionshipRules) -> Exact:
    """The points that count of a season's results so far."""
    if not rules.windows:
        return whole(sum(by_round.values()))
    total: Exact = 0
    for window in rules.windows:
        inside = [paid for number, paid in by_round.items() if window.first <= number <= window.last]
        total += sum(inside if len(inside) <= window.best else sorted(inside, reverse=True)[: window.best])
    return whole(total)


def dropped(by_round: Mapping[int, Exact], rules: ChampionshipRules) -> tuple[tuple[int, Exact], ...]:
    """The rounds whose points do not count; of equal ones the latest is dropped."""
    out: list[tuple[int, Exact]] = []
    for window in rules.windows:
        inside = [(number, paid) for number, paid in by_round.items() if window.first <= number <= window.last]
        out += sorted(inside, key=lambda item: (-item[1], item[0]))[window.best :]
    return tuple(sorted(out))


def place_counts(places: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """How many first places, second places … up to the worst there is."""
    found = [place for _, place in places]
    counts = [0] * max(found, default=0)
    for place in found:
        counts[place - 1] += 1
    return tuple(counts)


@lru_cache(maxsize=READINGS_KEPT)
def tallies(ledger: Ledger, after: int) -> Mapping[str, Tally]:
    """What everybody who took part has gathered after a round; who was struck by then is left out."""
    by_round: dict[str, dict[int, Exact]] = {}
    places: dict[str, list[tuple[int, int]]] = {entrant: [] for entrant in _entrants(ledger, after)}
    struck = {r.entrant: r.until for r in _exclusions(ledger, after)}
    for entrant, until in struck.items():
        if after <= until:
            places.pop(entrant, None)
    for scored in ledger.scored:
        number = scored.round_number
        if number > after:
            continue
        for entrant, paid in scored.points.items():
            if number > struck.get(entrant, 0):
                by_round.setdefault(entrant, {})[number] = paid
        for entrant, found in scored.places.items():
            if number > struck.get(entrant, 0):
                places.setdefault(entrant, []).extend((number, place) for place in found)
    lost = {
        r.entrant: r.points for r in ledger.rulings if isinstance(r, Deduction) and r.round_number <= after
    } if ledger.championship is Championship.CONSTRUCTORS else {}  # fmt: skip
    return {
        entrant: Tally(
            entrant, by_round.get(entrant, {}), tuple(places.get(entrant, ())), lost.get(entrant, 0)
        )
        for entrant in sorted({*by_round, *places})
    }  # fmt: skip


def _entrants(ledger: Ledger, after: int) -> set[str]:
    """Whoever had a car in a race that counts."""
    return {
        entrant_of(finish, ledger.championship)
        for race in ledger.season.races
        if race.round_number <= after and race.name not in ledger.rules.without
        for finish in race.finishes
    }


def _exclusions(ledger: Ledger, after: int) -> list[Exclusion]:
    return [
        r
        for r in ledger.rulings
        if isinstance(r, Exclusion) and r.championship is ledger.championship and after >= r.since
    ]


def _firsts(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Places in the order in which a tie asks for them: best first, and of equal ones the earlier."""
    return tuple(sorted((place, number) for number, place in places))


def standings(ledger: Ledger, after: int) -> tuple[Standing, ...]:
    """The table after a round, in order; entrants with a shared position in the order of their names."""
    rules = ledger.rules
    behind = (
        {r.second for r in ledger.rulings if isinstance(r, TieBroken) and r.since <= after}
        if any(isinstance(r, TieBroken) and r.championship is ledger.championship for r in ledger.rulings)
        else frozenset[str]()
    )
    lines: list[tuple[tuple[object, ...], Standing]] = []
    for tally in tallies(ledger, after).values():
        points = whole(counted(tally.by_round, rules) - tally.deducted)
        if not points and not (rules.lists_everybody and tally.places):
            continue
        counts = place_counts(tally.places)
        key: tuple[object, ...] = (-points, tuple(-count for count in counts) + (0,) * (MOST_PLACES - len(counts)))
        key += (tally.entrant in behind,)
        if rules.ties is Ties.PAID_PLACES_THEN_FIRST:
            key += (_firsts(tally.places),)
        gross = whole(sum(tally.by_round.values()))
        lines.append((key, Standing(None, "", tally.entrant, points, gross, dropped(tally.by_round, rules), counts)))
    lines.sort(key=lambda line: (line[0], line[1].entrant))
    table: list[Standing] = []
    for _, same in groupby(lines, key=lambda line: line[0]):
        position = len(table) + 1
        table += [msgspec.structs.replace(line, position=position, position_text=str(position)) for _, line in same]
    struck = (Standing(None, r.text, r.entrant, r.points, r.points, (), ()) for r in _exclusions(ledger, after))
    return (*table, *struck)
