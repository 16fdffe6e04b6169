"""What is known before a race: of invented races by hand, of real ones by what everybody knows."""

from __future__ import annotations

import pytest

from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.lake.features import Entity, FeatureStore
from overcut.lake.features.before import before_race
from overcut.lake.features.catalogue import features_of_entity
from overcut.lake.features.declaration import Value
from overcut.lake.features.past import Course, Finish, GridPlace, Past, Qualified, RaceFacts, behind_pct


def race(number: int, order: list[str | None], season: int = 2020, **more: object) -> RaceFacts:
    """A race of a, b (of team x) and c (of team y) in this order; those at None's places are not classified."""
    teams = {"a": "x", "b": "x", "c": "y"}
    classified = [driver for driver in order if driver is not None]
    finishes = [
        Finish(
            driver, teams[driver], 3, classified.index(driver) + 1 if driver in classified else None, grid, 10.0 * grid
        )
        for grid, driver in enumerate(teams, start=1)
    ]
    return RaceFacts(season, number, "monza", finishes, **more)  # pyright: ignore[reportArgumentType]


def known(past: Past, coming: RaceFacts, entity: Entity, name: str = "") -> dict[str, Value]:
    rows = before_race(past, coming)[entity]
    keys = 2 if entity is Entity.CIRCUIT else 3
    row = next(row for row in rows if not name or row[2] == name)
    return dict(zip([feature.name for feature in features_of_entity(entity)], row[keys:], strict=True))


def past_of(*races: RaceFacts) -> Past:
    past = Past()
    for one in races:
        past.learn(one)
    return past


def test_form_is_of_earlier_races_and_tells_failures() -> None:
    past = past_of(race(1, ["a", "b", "c"]), race(2, ["c", "a", None]), race(3, ["b", "a", "c"]))
    told = known(past, race(4, ["a", "b", "c"]), Entity.DRIVER_SEASON, "b")
    assert (told["career_starts"], told["career_wins"], told["season_starts"]) == (3, 1, 3)
    assert told["finish_mean_5"] == pytest.approx(1.5)
    assert told["field_share_5"] == pytest.approx((0.5 + 1.0 + 0.0) / 3)
    assert told["unclassified_share_10"] == pytest.approx(1 / 3)
    assert told["beat_mate_share_10"] == pytest.approx(1 / 3)
    assert told["places_won_mean_5"] == pytest.approx((0 + 1) / 2)
    team = known(past, race(4, []), Entity.CONSTRUCTOR_SEASON, "x")
    assert (team["team_season_wins"], team["team_points_share_5"]) == (2, pytest.approx(0.5))
    assert team["team_unclassified_share_10"] == pytest.approx(1 / 6)


def test_newcomer_has_no_form_and_not_zero() -> None:
    told = known(Past(), race(1, ["a", "b", "c"]), Entity.DRIVER_SEASON, "a")
    assert (told["career_starts"], told["finish_mean_5"], told["unclassified_share_10"]) == (0, None, None)


def test_circuit_knows_earlier_years_only() -> None:
    course = Course(cars=3, car_laps=150, passes=6, stops=5, safety_cars=2, neutral_laps=15)
    past = past_of(race(1, ["a", "b", "c"], 2019, course=course), race(1, ["c", "a", None], 2020))
    told = known(past, race(2, [], 2020), Entity.CIRCUIT)
    assert (told["races_here"], told["pole_win_share_10"], told["safety_cars_per_race"]) == (1, 1.0, 2.0)
    assert (told["passes_per_100_car_laps"], told["neutral_lap_share"]) == (pytest.approx(4.0), pytest.approx(0.1))
    later = known(past, race(1, [], 2021), Entity.CIRCUIT)
    assert (later["races_here"], later["pole_win_share_10"]) == (2, 0.5)
    assert later["unclassified_share_here_5"] == pytest.approx(1 / 6)


def test_qualifying_is_compared_in_the_last_part_that_both_drove() -> None:
    quick = Qualified("a", "x", 1, 90_000, 89_000, 88_000)
    slow = Qualified("b", "x", 12, 90_500, 89_890, None)
    assert behind_pct(slow, [quick]) == pytest.approx(1.0)
    assert behind_pct(quick, [slow]) == pytest.approx(-100 * (1 - 89_000 / 89_890))
    assert behind_pct(Qualified("c", "y"), [quick]) is None
    past = past_of(race(1, ["a", "b", "c"], qualified=[quick, slow]))
    told = known(past, race(2, []), Entity.DRIVER_SEASON, "b")
    assert (told["qualifying_to_mate_5_pct"], told["qualifying_beat_mate_10"]) == (pytest.approx(1.0), 0.0)


def test_grid_belongs_to_the_race_and_the_pit_lane_is_no_place() -> None:
    coming = race(1, ["a"], grid=[GridPlace("a", "x", 4, 3), GridPlace("b", "x", None)])
    told = {name: known(Past(), coming, Entity.DRIVER_RACE, name) for name in ("a", "b", "c")}
    assert (told["a"]["grid_position"], told["a"]["from_pit_lane"], told["a"]["grid_penalty_places"]) == (4, False, 3)
    assert (told["b"]["grid_position"], told["b"]["from_pit_lane"]) == (None, True)
    assert (told["c"]["grid_position"], told["c"]["from_pit_lane"]) == (None, None)


def test_races_must_come_in_order() -> None:
    past = past_of(race(2, ["a", "b", "c"]))
    with pytest.raises(ValueError, match="not after"):
        past.learn(race(2, ["a", "b", "c"]))


def test_round_that_is_not_there_is_refused(small_history: Lake) -> None:
    with pytest.raises(DataMissingError, match="no round 99"):
        FeatureStore(small_history).before_round(1950, 99, Entity.CIRCUIT)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("season", "number", "entity", "name", "feature", "value"),
    [
        (2023, 5, Entity.DRIVER_SEASON, "max-verstappen", "career_wins", 37),  # before Miami 2023
        (2021, 1, Entity.DRIVER_SEASON, "lewis-hamilton", "career_wins", 95),  # after 2020, Schumacher's 91 passed
        (2024, 1, Entity.DRIVER_SEASON, "lewis-hamilton", "career_wins", 103),
        (2007, 1, Entity.DRIVER_SEASON, "lewis-hamilton", "career_starts", 0),
        (2020, 16, Entity.DRIVER_SEASON, "sergio-perez", "career_wins", 0),  # won this one, Sakhir, from last
        (2021, 6, Entity.DRIVER_SEASON, "sergio-perez", "career_wins", 1),
        (1994, 3, Entity.DRIVER_SEASON, "ayrton-senna", "career_wins", 41),
        (2001, 1, Entity.CONSTRUCTOR_SEASON, "ferrari", "team_season_wins", 0),
        (1988, 12, Entity.CONSTRUCTOR_SEASON, "mclaren", "team_season_wins", 11),  # all before Monza 1988
        (2019, 6, Entity.DRIVER_CIRCUIT, "ayrton-senna", "wins_here", None),
        (1994, 4, Entity.DRIVER_CIRCUIT, "michael-schumacher", "wins_here", 0),
        (2024, 1, Entity.CIRCUIT, "", "races_here", 20),  # Bahrain 2004-2010, 2012-2023 and Sakhir 2020
        (2023, 5, Entity.DRIVER_RACE, "max-verstappen", "grid_position", 9),
    ],
)
def test_form_of_real_drivers_is_as_everybody_knows(
    shared_history: Lake, season: int, number: int, entity: Entity, name: str, feature: str, value: Value
) -> None:
    row = store_of(shared_history).before_round(season, number, entity, name)
    names = [declared.name for declared in features_of_entity(entity)]
    assert (row[names.index(feature)] if row is not None else None) == value


_STORES: dict[int, FeatureStore] = {}


def store_of(lake: Lake) -> FeatureStore:
    """One store for all of a lake's tests: the history of all races is worked out once."""
    return _STORES.setdefault(id(lake), FeatureStore(lake))
