"""How rules, points and conditions are said in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from overcut.domain.championship import (
    ChampionshipRules,
    Exact,
    FastestLap,
    SharedCar,
    ShortRace,
    Ties,
    Window,
)
from overcut.domain.championship.rules import LAST_ROUND
from overcut.insights.championship.requirements import Limit, Margin, Requirement, Way

Names = Callable[[str], str]
MOST_MARGINS = 4
"""More rivals than that are told by their limits alone."""


def exact(points: Exact) -> str:
    """Points without rounding: "25", "4 1/2", "10 1/3"."""
    whole, rest = divmod(Fraction(points), 1)
    if not rest:
        return str(whole)
    return f"{whole} {rest}" if whole else str(rest)


def ordinal(place: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    if place % 100 in (11, 12, 13):
        return f"{place}th"
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th') }"


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plural(count: Exact, noun: str) -> str:
    """1 point, 2 points."""
    return f"{exact(count)} {noun}" if count == 1 else f"{exact(count)} {noun}s"


def rules_in_words(rules: ChampionshipRules) -> tuple[str, ...]:
    """A championship's rules, a sentence each."""
    return tuple(_rules(rules))


def _rules(rules: ChampionshipRules) -> Iterator[str]:
    yield f"Points for the first {len(rules.points)}: {'-'.join(str(p) for p in rules.points)}."
    if rules.sprint:
        yield f"Sprint: {'-'.join(str(p) for p in rules.sprint)}."
    if rules.fastest_lap is FastestLap.ANYBODY:
        yield "A point for the fastest lap, shared by drivers with the same time."
    if rules.fastest_lap is FastestLap.TOP_TEN:
        yield "A point for the fastest lap, when its car is classified in the first ten."
    if rules.shared_car is SharedCar.SPLIT:
        yield "Drivers who share a car share its points."
    if rules.best_car_only:
        yield "Only a constructor's best-placed car scores; each chassis and engine is a constructor of its own."
    yield from (_window(window) for window in rules.windows)
    if not rules.windows:
        yield "Every result counts."
    for name in sorted(rules.without):
        yield f"The {name.replace('-', ' ').title()} race does not count."
    if rules.double_round:
        yield f"Round {rules.double_round} pays double."
    yield _short_races(rules)
    yield _TIES[rules.ties]


def _short_races(rules: ChampionshipRules) -> str:
    """ "A race that ends early: fewer than 2 laps, no points; under 75 % of its laps, half points." """
    if not rules.short_races:
        return "A race that ends early pays in full."
    halved = tuple(Fraction(paid, 2) for paid in rules.points)

    def told(band: ShortRace) -> str:
        covers = f"fewer than {band.least_laps} laps" if band.least_laps else f"under {exact(100 * band.below)} %"
        if not band.points:
            return f"{covers}, no points"
        return f"{covers}, {'half points' if band.points == halved else '-'.join(map(exact, band.points))}"

    return f"A race that ends early: {'; '.join(told(band) for band in rules.short_races)}."


_TIES = {
    Ties.PAID_PLACES: "Ties: most wins, then most second places, and so on through the places that pay; else shared.",
    Ties.PAID_PLACES_THEN_FIRST: "Ties: most wins, then most second places, and so on through the places that pay; then"
    " who had them first.",
    Ties.ALL_PLACES: "Ties: most wins, then most second places, and so on through every place.",
}


def _window(window: Window) -> str:
    if window.last == LAST_ROUND and window.first == 1:
        return f"The best {plural(window.best, 'result')} count."
    if window.last == LAST_ROUND:
        return f"From round {window.first} on, the best {plural(window.best, 'result')} count."
    return f"Of rounds {window.first} to {window.last}, the best {plural(window.best, 'result')} count."


def way_in_words(way: Way, name: Names) -> str:
    """One way to the title: "2nd place or better, if Norris is 4th or lower"."""
    told = _result(way)
    if not way.limits:
        return f"{told}, whatever the others do"
    return f"{told}, if {listed([f'{name(limit.rival)} {_limit(limit)}' for limit in way.limits])}"


def _result(way: Way) -> str:
    if way.place == 0:
        return f"{plural(way.points, 'point')} or more" if way.points else "any result"
    place = {None: "any result", 1: "a win"}.get(way.place, f"{ordinal(way.place or 0)} place or better")
    return f"{place} with the fastest lap" if way.fastest_lap else place


def _limit(limit: Limit) -> str:
    """How well a rival may do; a limit that the fastest lap changes says both."""
    if limit.most_points is not None:
        return f"scores no more than {exact(limit.most_points)}" if limit.most_points else "does not score"
    told = _PLACES.get(limit.best_place, f"is {_or_lower(limit.best_place)}")
    if not limit.may_have_lap:
        return f"{told} without the fastest lap" if told else "does not have the fastest lap"
    if limit.best_place_with_lap == limit.best_place:
        return told or "finishes anywhere"
    if told:
        return f"{told} ({_or_lower(limit.best_place_with_lap)} with the fastest lap)"
    if limit.best_place_with_lap == 2:
        return "does not win with the fastest lap"
    return f"does not have the fastest lap, or is {_or_lower(limit.best_place_with_lap)}"


_PLACES = {None: "is out of the points", 1: "", 2: "does not win"}


def _or_lower(place: int | None) -> str:
    return "out of the points" if place is None else f"{ordinal(place)} or lower"


def margin_in_words(margin: Margin, name: Names) -> str:
    """The same as what the rival does: "Norris scores at most 2 points more"."""
    rival, points = name(margin.rival), margin.points
    if points > 0:
        return f"{rival} scores at least {plural(points, 'point')} fewer"
    if points == 0:
        return f"{rival} does not score more"
    return f"{rival} scores at most {plural(-points, 'point')} more"


def requirement_in_words(requirement: Requirement, name: Names, where: str) -> str:
    """What the round means for one contender, in a few sentences."""
    who = name(requirement.entrant)
    parts: list[str] = []
    ways = requirement.by_place or requirement.by_points
    if requirement.can_clinch and requirement.margins and len(requirement.margins) <= MOST_MARGINS:
        margins = listed([margin_in_words(margin, name) for margin in _telling(requirement)])
        parts.append(f"{who} is champion after {where} if {margins}.")
    elif requirement.can_clinch:
        parts.append(f"{who} is champion after {where} with {way_in_words(ways[0], name)}.")
    else:
        parts.append(f"{who} cannot be champion after {where} yet.")
    if requirement.needs_place is not None:
        place = "a win" if requirement.needs_place == 1 else f"{ordinal(requirement.needs_place)} place or better"
        parts.append(f"Only with {place} does {who} stay in it.")
    elif requirement.needs_points:
        parts.append(f"Only with {plural(requirement.needs_points, 'point')} or more does {who} stay in it.")
    elif requirement.can_fall_out:
        parts.append(f"{who} can be out after it.")
    return " ".join(parts)


def _telling(requirement: Requirement) -> Sequence[Margin]:
    """The margins that can be missed; all of them when none can."""
    most = requirement.by_points[0].points if requirement.by_points else 0
    telling = [margin for margin in requirement.margins if margin.points > -most - 1]
    return telling or requirement.margins
