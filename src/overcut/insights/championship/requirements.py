"""What must happen in the next round for somebody to be champion after it, or to stay in it? Exact, and minimal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from heapq import nlargest
from itertools import accumulate, groupby

import msgspec

from overcut.domain.championship import Championship, Exact, FastestLap, Race
from overcut.insights.championship.contention import (
    Chance,
    Key,
    best_key,
    can_race,
    cars_of,
    contenders,
    key_of,
    races_left,
)
from overcut.insights.championship.points import whole
from overcut.insights.championship.standings import Ledger, Tally, tallies
from overcut.insights.championship.weekend import Total, Weekend, place_points, weekend_of

_NOT_AT_ALL = 0
"""Instead of a place: the rival may not even be out of the points."""


class Limit(msgspec.Struct, frozen=True):
    """How well a rival may do: by points of the round, or by places in the race.

    Attributes:
        rival: driver by F1DB id, or ``constructor/engine``.
        most_points: so many points of the round at most; None where places say it.
        best_place: no better place than this; None: no place that pays. ``best_place_with_lap``: the same when the
            rival has the fastest lap too.
        may_have_lap: False: not with the fastest lap, whatever the place.
    """

    rival: str
    most_points: Exact | None = None
    best_place: int | None = None
    best_place_with_lap: int | None = None
    may_have_lap: bool = True


class Way(msgspec.Struct, frozen=True):
    """One way to the title in the next round: do at least this, and every limit holds.

    Attributes:
        place: in the race, at least; 0 where points count instead, None: whatever the place.
        fastest_lap: with the point for the fastest lap.
        points: of the round, at least.
        limits: of the rivals; empty: nothing that they do matters.
    """

    place: int | None
    fastest_lap: bool
    points: Exact
    limits: tuple[Limit, ...]


class Margin(msgspec.Struct, frozen=True):
    """By how much one must outscore a rival in the round (negative: may be outscored by so much)."""

    rival: str
    points: Exact


class Requirement(msgspec.Struct, frozen=True):
    """What the next round can mean for one contender.

    Attributes:
        entrant: driver by F1DB id, or ``constructor/engine``.
        can_clinch: can be champion after it.
        by_place: every way by places; only for drivers, in a round without a sprint to come.
        by_points: every way by points of the round.
        margins: the same as differences, where one difference for each rival says it all; else empty.
        can_fall_out: can be out after it.
        needs_points: the least points with which it can stay in; 0: it can stay in without scoring. In a round with a
            sprint, and for a constructor, as if nobody else scored.
        needs_place: the last place in the race with which a driver can; None: it can stay in without a place that pays,
            or the round has a sprint to come.
    """

    entrant: str
    can_clinch: bool
    by_place: tuple[Way, ...]
    by_points: tuple[Way, ...]
    margins: tuple[Margin, ...]
    can_fall_out: bool
    needs_points: Exact
    needs_place: int | None


class NextRound(msgspec.Struct, frozen=True):
    """What must happen in a round.

    Attributes:
        round_number: which. ``name``: its Grand Prix, by F1DB id. ``sprint``: with a sprint still to come.
        requirements: one for each who can still win, leaders first.
    """

    round_number: int
    name: str
    sprint: bool
    requirements: tuple[Requirement, ...]


class _Field(msgspec.Struct, frozen=True):
    """Who is asked about, what they have, and what the round and those after it can give."""

    ledger: Ledger
    after: int
    race: Race
    later: tuple[Race, ...]
    tallies: Mapping[str, Tally]
    alive: tuple[str, ...]
    fronts: dict[int, list[Key]] = msgspec.field(default_factory=dict[int, list[Key]])
    firsts: dict[str, list[tuple[Key, str]]] = msgspec.field(default_factory=dict[str, list[tuple[Key, str]]])

    def leading_but(self, entrant: str) -> Key:
        """What the best of all others have now."""
        if "now" not in self.firsts:
            self.firsts["now"] = nlargest(2, ((self.key(other, 0, ()), other) for other in self.tallies))
        return next(key for key, other in self.firsts["now"] if other != entrant)

    def best_round_but(self, entrant: str) -> Key:
        """What the best of all others can have after the round."""
        if "then" not in self.firsts:
            last = ((other, self.weekend(other).totals()[-1]) for other in self.alive)
            found = ((self.key(other, total.points, total.best), other) for other, total in last)
            self.firsts["then"] = nlargest(2, found)
        return next(key for key, other in self.firsts["then"] if other != entrant)

    def keys_at(self, weekend: Weekend, place: int) -> list[Key]:
        """What each driver has after finishing there, rising."""
        if place not in self.fronts:
            points = place_points(weekend, place)
            self.fronts[place] = sorted(self.key(driver, points, (place,)) for driver in self.tallies)
        return self.fronts[place]

    def weekend(self, entrant: str) -> Weekend:
        cars = cars_of(self.ledger, entrant, self.after)
        weekend = weekend_of(self.ledger.rules, self.race, cars)
        if can_race(self.ledger, entrant, self.race, self.after):
            return weekend
        return Weekend(self.race.round_number, (), (), FastestLap.NOBODY, cars)

    def _with(self, entrant: str, points: Exact, places: Sequence[int]) -> Tally:
        tally = self.tallies[entrant]
        number = self.race.round_number
        scored = tally.by_round.get(number, 0) + points
        counted = [p for p in places if self.ledger.rules.place_counts(p)]
        return Tally(
            entrant,
            {**tally.by_round, number: scored} if scored else tally.by_round,
            (*tally.places, *((number, place) for place in counted)),
            tally.deducted,
        )

    def key(self, entrant: str, points: Exact, places: Sequence[int]) -> Key:
        """What the entrant has after such a round."""
        return key_of(self.ledger, self._with(entrant, points, places))

    def reach(self, entrant: str, points: Exact, places: Sequence[int]) -> Key:
        """What the entrant can reach in the end after such a round."""
        return best_key(self.ledger, self._with(entrant, points, places), self.later, self.after)


def next_round(ledger: Ledger, after: int) -> NextRound | None:
    """What the round after ``after`` can decide; None when none is left or the championship is decided."""
    left = races_left(ledger, after)
    scoring = [race for race in left if race.name not in ledger.rules.without]
    alive = tuple(c.entrant for c in contenders(ledger, after) if c.chance is not Chance.OUT)
    if not scoring or len(alive) < 2:
        return None
    race = scoring[0]
    later = tuple(other for other in left if other.round_number > race.round_number)
    field = _Field(ledger, after, race, later, tallies(ledger, after), alive)
    requirements = tuple(_requirement(field, entrant) for entrant in alive)
    return NextRound(race.round_number, race.name, bool(weekend_of(ledger.rules, race, 1).sprint), requirements)


def _requirement(field: _Field, entrant: str) -> Requirement:
    ways = _ways_by_points(field, entrant) if _may_clinch(field, entrant) else []
    weekend = field.weekend(entrant)
    drivers = field.ledger.championship is Championship.DRIVERS
    places = drivers and not weekend.sprint and bool(weekend.scale)
    needs, needs_place = _to_stay(field, entrant, weekend) if places else (_least_to_stay(field, entrant), None)
    return Requirement(
        entrant,
        bool(ways),
        _ways_by_place(field, entrant, weekend) if places and ways else (),
        _merged(ways),
        _margins(field, entrant, ways),
        _can_fall_out(field, entrant),
        needs,
        needs_place,
    )


def _may_clinch(field: _Field, entrant: str) -> bool:
    """Whether the best round there is, with nobody else scoring, makes an entrant champion."""
    total = field.weekend(entrant).totals()[-1]
    have = field.key(entrant, total.points, total.best)
    return all(field.reach(rival, 0, ()) < have for rival in field.alive if rival != entrant)


def _reaches(field: _Field, rival: str) -> tuple[tuple[Total, ...], list[Key]]:
    """A rival's totals of the round, and what it can reach at best after each or a smaller one: so a limit is a cut.

    Where results are dropped, a sprint's points may go and a better place with fewer points still win the countback.
    """
    totals = field.weekend(rival).totals()
    return totals, list(accumulate((field.reach(rival, total.points, total.best) for total in totals), max))


def _ways_by_points(field: _Field, entrant: str) -> list[Way]:
    """For each total of the round the most that each rival may score, most points first, down to the last with a way.

    A limit that a total needs is kept for every smaller one, even where the rival could not break it then (who has the
    fastest lap leaves none), so that "at least so many points" is true of every total above.
    """
    rivals = [(rival, *_reaches(field, rival)) for rival in field.alive if rival != entrant]
    most: dict[str, Exact] = {}
    ways: list[Way] = []
    for total in reversed(field.weekend(entrant).totals()):
        have = field.key(entrant, total.points, total.worst)
        for rival, totals, reaches in rivals:
            cut = bisect_left(reaches, have)
            if cut == 0:
                return ways
            allowed = totals[cut - 1].points
            if rival in most or allowed < min(total.rival_most, totals[-1].points):
                most[rival] = min(allowed, most.get(rival, allowed))
        limits = tuple(Limit(rival, most_points=most[rival]) for rival, _, _ in rivals if rival in most)
        ways.append(Way(0, fastest_lap=False, points=total.points, limits=limits))
    return ways


def _merged(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Only the least points of those with the same limits."""
    return tuple(tuple(same)[-1] for _, same in groupby(ways, key=lambda way: way.limits))


def _margins(field: _Field, entrant: str, ways: Sequence[Way]) -> tuple[Margin, ...]:
    """The limits as differences, when there are no dropped scores to bend them."""
    if field.ledger.rules.windows or not ways:
        return ()
    margins: list[Margin] = []
    points, places = field.key(entrant, 0, ())
    for rival in field.alive:
        if rival != entrant:
            level = field.reach(rival, 0, field.weekend(rival).totals()[-1].best)
            margins.append(Margin(rival, whole(level[0] - points + int(level[1] >= places))))
    return tuple(margins)


def _ways_by_place(field: _Field, entrant: str, weekend: Weekend) -> tuple[Way, ...]:
    """For each place the best that each rival may do: complete, with the countback; best places first."""
    last = len(weekend.scale)
    laps = (False, True) if weekend.fastest_lap is not FastestLap.NOBODY else (False,)
    ways: list[Way] = []
    for place in (*range(1, last + 1), None):
        before: Way | None = None
        for with_lap in laps:
            if with_lap and place is None and weekend.fastest_lap is FastestLap.TOP_TEN:
                continue
            points = place_points(weekend, place or 0) + int(with_lap)
            have = field.key(entrant, points, () if place is None else (place,))
            limits = _place_limits(field, entrant, weekend, have, place, with_lap=with_lap)
            if limits is None or (before is not None and before.limits == limits):
                continue
            before = Way(place, with_lap, points, limits)
            ways.append(before)
    return _only_weakest(ways)


def _only_weakest(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Leaves out what asks more than another with the same limits does: a better place, or the fastest lap besides."""

    def implied(way: Way, other: Way) -> bool:
        worse = way.place is not None and (other.place is None or other.place > way.place)
        return way.limits == other.limits and worse and (way.fastest_lap or not other.fastest_lap)

    return tuple(way for way in ways if not any(implied(way, other) for other in ways))


def _place_limits(
    field: _Field, entrant: str, weekend: Weekend, have: Key, place: int | None, *, with_lap: bool
) -> tuple[Limit, ...] | None:
    """How well each rival may do beside such a result; None when no result of one's is low enough."""
    lap_left = weekend.fastest_lap is not FastestLap.NOBODY and not with_lap
    limits: list[Limit] = []
    for rival in field.alive:
        if rival == entrant:
            continue
        if not field.weekend(rival).scale:
            if field.reach(rival, 0, ()) >= have:
                return None
            continue
        plain = _best_allowed(field, rival, weekend, have, place, lap=False)
        if plain == _NOT_AT_ALL:
            return None
        lapped = _best_allowed(field, rival, weekend, have, place, lap=True) if lap_left else plain
        if {plain, lapped} != {2 if place == 1 else 1}:
            may_have = lapped != _NOT_AT_ALL
            limits.append(Limit(rival, None, plain, lapped if may_have else None, may_have_lap=may_have))
    return tuple(limits)


def _best_allowed(
    field: _Field, rival: str, weekend: Weekend, have: Key, taken: int | None, *, lap: bool
) -> int | None:
    """The best place that a rival may have; None: none that pays; `_NOT_AT_ALL`: not even none."""
    last = len(weekend.scale)
    top_ten = weekend.fastest_lap is FastestLap.TOP_TEN
    outside = field.reach(rival, int(lap and not top_ten), (last + 1,))
    if outside >= have:
        return _NOT_AT_ALL
    best: int | None = None
    for place in range(last, 0, -1):
        if place != taken:
            if field.reach(rival, place_points(weekend, place) + int(lap), (place,)) >= have:
                break
            best = place
    return best


def _can_fall_out(field: _Field, entrant: str) -> bool:
    """Whether an entrant that scores nothing can be passed beyond reach by what a single other one can score."""
    return field.best_round_but(entrant) > field.reach(entrant, 0, ())


def _least_to_stay(field: _Field, entrant: str) -> Exact:
    """The least points of the round with which an entrant can still be champion when nobody else scores."""
    rivals = field.leading_but(entrant)
    for total in field.weekend(entrant).totals():
        if field.reach(entrant, total.points, total.best) >= rivals:
            return total.points
    raise AssertionError("an entrant in contention wins the round at best")


def _to_stay(field: _Field, entrant: str, weekend: Weekend) -> tuple[Exact, int | None]:
    """The least points, and the last place, with which a driver can still be champion; 0 and None: without either.

    Each place in front is taken by a driver of its own, and none of them may get out of reach. Whoever can afford a
    place can afford every worse one, so by Hall's theorem the places can be filled if and only if, for each of them,
    as many drivers can afford it or a better one as there are places down to it.
    """
    standing = field.leading_but(entrant)
    if field.reach(entrant, 0, ()) >= standing:
        return 0, None
    last = len(weekend.scale)
    stays: list[tuple[Exact, int]] = []
    if weekend.fastest_lap is FastestLap.ANYBODY and field.reach(entrant, 1, ()) >= standing:
        stays.append((1, last + 1))  # not classified, but for the fastest lap
    for place in range(1, last + 2):
        for with_lap in (False, True) if _lap_pays(weekend, place) else (False,):
            points = place_points(weekend, place) + int(with_lap)
            reach = field.reach(entrant, points, (place,))
            if reach >= standing and _front_can_be_filled(field, entrant, weekend, place, reach):
                stays.append((points, place))
    worst = max(place for _, place in stays)
    return min(points for points, _ in stays), worst if worst <= last else None


def _lap_pays(weekend: Weekend, place: int) -> bool:
    """Whether the fastest lap pays a driver who finishes there."""
    top_ten = weekend.fastest_lap is FastestLap.TOP_TEN and place <= len(weekend.scale)
    return top_ten or weekend.fastest_lap is FastestLap.ANYBODY


def _front_can_be_filled(field: _Field, entrant: str, weekend: Weekend, place: int, reach: Key) -> bool:
    for front in range(1, place):
        afford = bisect_right(field.keys_at(weekend, front), reach)
        own = field.key(entrant, place_points(weekend, front), (front,)) <= reach
        if afford - int(own) < front:
            return False
    return True
