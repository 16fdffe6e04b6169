"""What must happen in the next round, against every way in which it can go."""

from __future__ import annotations

from hypothesis import given, settings

from overcut.domain.championship import Championship, ChampionshipRules, FastestLap, Ties
from overcut.insights.championship.contention import Chance, champion_after, contenders
from overcut.insights.championship.requirements import Limit, Requirement, Way, next_round
from overcut.insights.championship.standings import Ledger, ledger_of
from tests.insights.championship.synthetic import DRIVERS, Outcome, outcomes, season_of, situations

Situation = tuple[list[Outcome], int, ChampionshipRules]


def ledger(run: list[Outcome], left: int, rules: ChampionshipRules) -> Ledger:
    found = ledger_of(season_of(run, left), Championship.DRIVERS, rules)
    assert found is not None
    return found


def place_in(outcome: Outcome, driver: str, rules: ChampionshipRules) -> int | None:
    """The driver's place; None where it does not pay."""
    place = outcome[0].index(driver) + 1 if driver in outcome[0] else None
    return place if place is not None and place <= len(rules.points) else None


def paid(outcome: Outcome, driver: str, rules: ChampionshipRules) -> int:
    place = place_in(outcome, driver, rules)
    lap = rules.fastest_lap is not FastestLap.NOBODY and outcome[1] == driver
    return (rules.points[place - 1] if place else 0) + int(lap)


def kept(limit: Limit, outcome: Outcome, rules: ChampionshipRules) -> bool:
    place = place_in(outcome, limit.rival, rules)
    lap = rules.fastest_lap is not FastestLap.NOBODY and outcome[1] == limit.rival
    if limit.most_points is not None:
        return paid(outcome, limit.rival, rules) <= limit.most_points
    best = limit.best_place_with_lap if lap else limit.best_place
    return (limit.may_have_lap or not lap) and (place is None or (best is not None and place >= best))


def taken(way: Way, requirement: Requirement, outcome: Outcome, rules: ChampionshipRules) -> bool:
    place = place_in(outcome, requirement.entrant, rules)
    lap = outcome[1] == requirement.entrant
    if way.place == 0:
        good = paid(outcome, requirement.entrant, rules) >= way.points
    else:
        good = (way.place is None or (place is not None and place <= way.place)) and (lap or not way.fastest_lap)
    return good and all(kept(limit, outcome, rules) for limit in way.limits)


def champion_when(run: list[Outcome], left: int, rules: ChampionshipRules, outcome: Outcome) -> str | None:
    return champion_after(ledger([*run, outcome], left - 1, rules), len(run) + 1)


@settings(max_examples=150)
@given(situations(most_left=3))
def test_ways_by_points_suffice_and_no_title_comes_without_one_of_the_ways_by_place(situation: Situation) -> None:
    run, left, rules = situation
    found = next_round(ledger(run, left, rules), len(run))
    # A countback through places that do not pay can save a title that no way promises: they all speak of paid places.
    every_place_told = rules.ties is Ties.PAID_PLACES or len(rules.points) >= len(DRIVERS)
    for outcome in outcomes(rules):
        champion = champion_when(run, left, rules, outcome)
        for requirement in found.requirements if found else ():
            by_place = any(taken(way, requirement, outcome, rules) for way in requirement.by_place)
            by_points = any(taken(way, requirement, outcome, rules) for way in requirement.by_points)
            wins = champion == requirement.entrant
            assert wins or not (by_place or by_points), (outcome, requirement)
            assert by_place or not wins or not every_place_told, (outcome, requirement)


@settings(max_examples=100)
@given(situations(most_left=3))
def test_margin_makes_champion_whoever_scores_what(situation: Situation) -> None:
    run, left, rules = situation
    found = next_round(ledger(run, left, rules), len(run))
    for requirement in found.requirements if found else ():
        for outcome in outcomes(rules) if requirement.margins else ():
            own = paid(outcome, requirement.entrant, rules)
            if all(own - paid(outcome, margin.rival, rules) >= margin.points for margin in requirement.margins):
                assert champion_when(run, left, rules, outcome) == requirement.entrant


@settings(max_examples=150)
@given(situations(most_left=3))
def test_last_place_to_stay_in_is_the_last_one_with_which_some_outcome_leaves_a_chance(situation: Situation) -> None:
    run, left, rules = situation
    found = next_round(ledger(run, left, rules), len(run))
    for requirement in found.requirements if found else ():
        stays: list[tuple[int, int | None]] = []
        for outcome in outcomes(rules):
            after = ledger([*run, outcome], left - 1, rules)
            chance = {c.entrant: c.chance for c in contenders(after, len(run) + 1)}[requirement.entrant]
            if chance is not Chance.OUT:
                own = paid(outcome, requirement.entrant, rules)
                stays.append((own, place_in(outcome, requirement.entrant, rules)))
        assert requirement.needs_points == min(points for points, _ in stays)
        if requirement.needs_points:
            places = [place for _, place in stays]
            if None not in places:
                assert requirement.needs_place == max(place for place in places if place is not None)


def test_nothing_is_required_when_the_championship_is_decided() -> None:
    rules = ChampionshipRules(points=(3, 2, 1))
    run: list[Outcome] = [(("ada", "bo", "cy"), None)] * 3
    assert next_round(ledger(run, 1, rules), 3) is None
    assert champion_after(ledger(run, 1, rules), 3) == "ada"
