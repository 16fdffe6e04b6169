"""What races pay by each kind of rule, on races of our own."""

from __future__ import annotations

from fractions import Fraction

import pytest

from overcut.domain.championship import Championship, Finish, Race, Season, rules_of
from overcut.domain.championship.rulings import RULINGS, Deduction, Exclusion, WithoutPoints
from overcut.insights.championship.points import paid_scale, score
from overcut.insights.championship.standings import ledger_of, standings


def car(driver: str, position: int | None, team: str = "a", engine: str = "x") -> Finish:
    return Finish(driver, team, engine, position, str(position or "DNF"))


def drivers(year: int, race: Race) -> dict[str, int | Fraction]:
    return dict(score(race, Championship.DRIVERS, rules_of(year).drivers).points)


def constructors(year: int, race: Race) -> dict[str, int | Fraction]:
    rules = rules_of(year).constructors
    assert rules is not None
    return dict(score(race, Championship.CONSTRUCTORS, rules).points)


def test_shared_car_splits_its_points_until_1957_and_has_none_since() -> None:
    race = Race(1, "italy", (car("ada", 1), car("bo", 1), car("cy", 2), car("dee", 2), car("eva", 2), car("fin", 3)))
    assert drivers(1955, race) == {"ada": 4, "bo": 4, "cy": 2, "dee": 2, "eva": 2, "fin": 4}
    assert drivers(1958, race) == {"fin": 4}
    assert constructors(1958, race) == {}


def test_driver_in_two_shared_cars_is_paid_for_both() -> None:
    race = Race(1, "argentina", (car("ada", 2), car("bo", 2), car("cy", 3), car("ada", 3), car("bo", 3)))
    assert drivers(1955, race) == {"ada": 3 + Fraction(4, 3), "bo": 3 + Fraction(4, 3), "cy": Fraction(4, 3)}


def test_fastest_lap_of_several_is_shared_and_needs_no_finish_in_the_fifties() -> None:
    race = Race(1, "x", (car("ada", 1), car("bo", None)), fastest=("ada", "bo", "cy"))
    assert drivers(1954, race) == {"ada": 8 + Fraction(1, 3), "bo": Fraction(1, 3), "cy": Fraction(1, 3)}
    assert drivers(1960, race) == {"ada": 8}


@pytest.mark.parametrize(("position", "paid"), [(10, 1 + 1), (11, 0), (None, 0)])
def test_fastest_lap_since_2019_pays_the_first_ten_only(position: int | None, paid: int) -> None:
    race = Race(1, "x", (car("ada", position),), fastest=("ada",))
    assert drivers(2019, race).get("ada", 0) == paid
    assert constructors(2019, race).get("a/x", 0) == paid
    assert drivers(2025, race).get("ada", 0) == (1 if position == 10 else 0)


def test_only_best_car_of_chassis_and_engine_scores_until_1978_and_nobody_moves_up() -> None:
    race = Race(1, "x", (car("ada", 1), car("bo", 2), car("cy", 3, engine="y"), car("dee", 4, "b")))
    assert constructors(1978, race) == {"a/x": 9, "a/y": 4, "b/x": 3}
    assert constructors(1979, race) == {"a/x": 15, "a/y": 4, "b/x": 3}


def test_win_of_1961_is_worth_nine_to_the_driver_and_eight_to_the_constructor() -> None:
    race = Race(1, "x", (car("ada", 1),))
    assert (drivers(1961, race), constructors(1961, race)) == ({"ada": 9}, {"a/x": 8})


def test_indianapolis_counts_for_drivers_only() -> None:
    race = Race(1, "indianapolis", (car("ada", 1),))
    assert (drivers(1959, race), constructors(1959, race)) == ({"ada": 8}, {})


@pytest.mark.parametrize(
    ("year", "laps", "planned", "first", "sixth"),
    [
        (1970, 30, 100, 9, 1),
        (1975, 29, 100, 0, 0),
        (1975, 30, 100, Fraction(9, 2), Fraction(1, 2)),
        (1975, 60, 100, 9, 1),
        (1984, 1, 100, 0, 0),
        (1984, 2, 100, Fraction(9, 2), Fraction(1, 2)),
        (1984, 74, 100, Fraction(9, 2), Fraction(1, 2)),
        (1984, 75, 100, 9, 1),
        (2009, 31, 56, 5, Fraction(3, 2)),
        (2022, 1, 100, 0, 0),
        (2022, 24, 100, 6, 0),
        (2022, 25, 100, 13, 4),
        (2022, 50, 100, 19, 6),
        (2022, 75, 100, 25, 8),
    ],
)
def test_race_that_ends_early_pays_by_the_rule_of_its_year(
    year: int, laps: int, planned: int, first: int | Fraction, sixth: int | Fraction
) -> None:
    race = Race(1, "x", (car("ada", 1), car("bo", 6)), laps=laps, scheduled_laps=planned)
    paid = drivers(year, race)
    assert (paid.get("ada", 0), paid.get("bo", 0)) == (first, sixth)


def test_last_race_of_2014_pays_double() -> None:
    assert paid_scale(rules_of(2014).drivers, Race(19, "x"))[:3] == (50, 36, 30)
    assert paid_scale(rules_of(2014).drivers, Race(18, "x"))[:3] == (25, 18, 15)


def test_sprint_pays_three_in_2021_and_eight_since_and_counts_no_places() -> None:
    race = Race(1, "x", (car("bo", 1),), sprint=tuple(car(f"d{n}", n) for n in range(1, 11)), has_sprint=True)
    for year, paying in ((2021, 3), (2022, 8)):
        scored = score(race, Championship.DRIVERS, rules_of(year).drivers)
        assert sum(driver.startswith("d") for driver in scored.points) == paying
        assert set(scored.places) == {"bo"}


def test_formula_2_cars_of_1967_leave_their_places_to_those_behind() -> None:
    names = ("hulme", "brabham", "amon", "surtees", "jackie-oliver", "bonnier", "alan-rees", "ligier")
    race = Race(7, "germany", tuple(car(name, place, name) for place, name in enumerate(names, start=1)))
    ledger = ledger_of(Season(1967, (race,)), Championship.DRIVERS)
    assert ledger is not None
    assert [(s.entrant, s.points) for s in standings(ledger, 7)][-2:] == [("bonnier", 2), ("ligier", 1)]


def test_dropped_rounds_are_told_with_their_points() -> None:
    rounds = [1, 2, 1, 3, 1, 6, 5]
    races = tuple(Race(n, "x", (car("ada", place),)) for n, place in enumerate(rounds, start=1))
    ledger = ledger_of(Season(1961, races), Championship.DRIVERS)
    assert ledger is not None
    (line,) = standings(ledger, 7)
    assert (line.points, line.gross) == (9 + 6 + 9 + 4 + 9, 9 + 6 + 9 + 4 + 9 + 1 + 2)
    assert line.dropped == ((6, 1), (7, 2))


def test_halves_of_a_season_drop_each_their_own() -> None:
    races = tuple(Race(n, "x", (car("ada", 1 if n < 8 else None),)) for n in range(1, 15))
    ledger = ledger_of(Season(1979, races), Championship.DRIVERS)
    assert ledger is not None
    assert standings(ledger, 14)[0].points == 4 * 9


def test_countback_through_all_places_or_only_through_those_that_pay() -> None:
    races = (
        Race(1, "x", (car("ada", 1), car("bo", 2), car("cy", 8))),
        Race(2, "x", (car("bo", 1), car("ada", 2), car("cy", 9))),
        Race(3, "x", (car("ada", 7), car("bo", 8), car("cy", 9))),
    )
    for year, positions in ((1990, {"ada": 1, "bo": 1}), (2000, {"ada": 1, "bo": 2, "cy": 3})):
        ledger = ledger_of(Season(year, races), Championship.DRIVERS)
        assert ledger is not None
        assert {line.entrant: line.position for line in standings(ledger, 3)} == positions


def test_deduction_and_exclusion_hold_from_their_round_on() -> None:
    races = tuple(Race(n, "x", (car("ada", 1, "racing-point", "bwt-mercedes"),)) for n in range(1, 7))
    ledger = ledger_of(Season(2020, races), Championship.CONSTRUCTORS)
    assert ledger is not None
    assert [standings(ledger, n)[0].points for n in (4, 5, 6)] == [100, 110, 135]
    races = tuple(Race(n, "x", (car("ada", 1, "force-india", "mercedes"),)) for n in range(1, 15))
    ledger = ledger_of(Season(2018, races), Championship.CONSTRUCTORS)
    assert ledger is not None
    assert [(s.position_text, s.points) for s in standings(ledger, 12)] == [("1", 300)]
    assert [(s.position_text, s.points) for s in standings(ledger, 14)] == [("1", 50), ("EX", 0)]


def test_every_ruling_says_why_in_a_sentence() -> None:
    for ruling in RULINGS:
        assert len(ruling.reason) > 30, ruling
        assert ruling.reason.endswith("."), ruling
        if isinstance(ruling, (Deduction, WithoutPoints)):
            assert ruling.round_number >= 1
        if isinstance(ruling, Exclusion):
            assert ruling.text in ("DSQ", "EX")
