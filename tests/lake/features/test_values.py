"""What features say of races small enough to reckon by hand."""

from __future__ import annotations

import pytest

from overcut.lake.features import CATALOGUE, Entity, OnlineFeatures
from overcut.lake.features.catalogue import features_of_entity
from overcut.lake.features.declaration import Value
from overcut.lake.features.facts import LapFact, SessionContext, StartFact, TrackFact, WeatherFact, context_of_key
from overcut.lake.features.online import Row

RACE = SessionContext("2024-01-R", 2024, 1, "R", 50, {"1": 1, "4": 3, "16": 2}, {"1": "a", "4": "b", "16": "b"})


def lap(number: str, count: int, end_s: float, **more: object) -> LapFact:
    told: dict[str, object] = {"lap_ms": 90_000, "status": "1", "compound": "HARD", "age": count, "stint": 1, **more}
    return LapFact(known_ms=round(end_s * 1000), number=number, lap=count, end_ms=round(end_s * 1000), **told)  # pyright: ignore[reportArgumentType]


def named(row: Row | None) -> dict[str, Value]:
    assert row is not None
    return dict(zip([feature.name for feature in features_of_entity(row.entity)], row.values, strict=True))


def car(online: OnlineFeatures, number: str) -> dict[str, Value]:
    return named(online.latest(Entity.CAR_LAP, number))


def fed(*facts: LapFact | TrackFact | WeatherFact | StartFact, context: SessionContext = RACE) -> OnlineFeatures:
    online = OnlineFeatures(context)
    for fact in facts:
        online.update(fact)
    return online


def stint(times_s: list[float], **more: object) -> list[LapFact]:
    """Laps of one car from lap 1 on, each starting where the last ended."""
    laps, end_s = list[LapFact](), 100.0
    for count, time_s in enumerate(times_s, start=1):
        end_s += time_s
        laps.append(lap("1", count, end_s, lap_ms=round(time_s * 1000), **more))
    return laps


def test_rolling_pace_is_of_clean_laps_of_this_set_only() -> None:
    told = car(fed(*stint([95.0, 90.0, 91.0, 92.0, 93.0, 94.0, 95.0])), "1")
    assert told["pace_3_s"] == pytest.approx((93 + 94 + 95) / 3)
    assert told["pace_5_s"] == pytest.approx((91 + 92 + 93 + 94 + 95) / 5)
    assert told["pace_trend_s_per_lap"] == pytest.approx(1.0)
    assert told["pace_spread_s"] == pytest.approx(2.5**0.5)
    assert told["clean_laps_in_stint"] == 6, "the first lap of a race is none"
    assert told["stint_best_s"] == 90.0
    assert told["own_best_s"] == 90.0
    assert (told["lap_time_s"], told["lap_time_1_ago_s"], told["lap_time_2_ago_s"]) == (95.0, 94.0, 93.0)


def test_slow_flagged_and_pit_laps_are_not_clean() -> None:
    laps = stint([95.0, 90.0, 90.2, 99.0, 90.4, 90.6, 90.8])
    laps[4] = lap("1", 5, 554.6, lap_ms=90_400, status="12")
    laps[6] = lap("1", 7, 736.0, lap_ms=90_800, pit_in=True)
    told = car(fed(*laps), "1")
    assert told["pace_3_s"] == pytest.approx((90.0 + 90.2 + 90.6) / 3)
    assert (told["lap_clean"], told["in_pits"], told["laps_since_stop"], told["stops_made"]) == (False, True, 0, 1)


def test_new_set_begins_a_new_stint() -> None:
    laps = [
        *stint([95.0, 90.0, 90.2]),
        lap("1", 4, 467.0, pit_in=True),
        lap("1", 5, 570.0, pit_out=True, stint=2, age=1),
    ]
    laps.append(lap("1", 6, 658.0, lap_ms=88_000, stint=2, age=2, compound="SOFT"))
    told = car(fed(*laps), "1")
    assert (told["laps_in_stint"], told["clean_laps_in_stint"], told["pace_3_s"]) == (2, 1, 88.0)
    assert (told["stops_made"], told["laps_since_stop"], told["compounds_used"]) == (1, 2, 2)
    assert (told["softness"], told["must_still_change"], told["stint_number"]) == (3, False, 2)


def test_fuel_is_taken_off_before_degradation_is_fitted() -> None:
    """Laps that grow quicker exactly as the fuel burns have no degradation."""
    per_kg = 0.03 / 90
    times = [90.0 * (1 + 100 * (1 - count / 50) * per_kg) for count in range(1, 12)]
    told = car(fed(*stint(times)), "1")
    assert told["degradation_s_per_lap"] == pytest.approx(0.0, abs=2e-4)  # lap times are whole milliseconds
    assert told["pace_3_without_fuel_s"] == pytest.approx(90.0, abs=1e-3)
    assert told["pace_trend_s_per_lap"] == pytest.approx(-0.06, abs=1e-3)
    assert told["fuel_left_kg_est"] == pytest.approx(100 * (1 - 11 / 50))


def test_gaps_are_those_at_the_line_and_the_car_behind_is_known_from_the_line_before() -> None:
    first = [lap("1", 1, 200.0, position=1), lap("16", 1, 201.0, position=2), lap("4", 1, 202.4, position=3)]
    second = [lap("1", 2, 290.0, position=1), lap("4", 2, 291.5, position=2), lap("16", 2, 291.9, position=3)]
    online = fed(*first, *second)
    told = car(online, "4")
    assert (told["gap_ahead_s"], told["gap_to_leader_s"], told["gap_ahead_change_s"]) == (1.5, 1.5, -0.9)
    assert told["gap_behind_s"] is None, "it was last at the line before"
    assert (told["places_won_1"], told["places_won_since_grid"], told["position"]) == (1, 1, 2)
    assert (told["cars_within_1_5_s"], told["cars_within_3_s"], told["train_ahead"]) == (1, 1, 1)
    last = car(online, "16")
    assert (last["gap_ahead_s"], last["gap_behind_s"], last["train_ahead"]) == (0.4, 1.4, 2)
    assert (last["gap_ahead_change_s"], last["cars_within_3_s"]) == (1.8, 2)
    assert (last["ahead_gap_ahead_s"], last["places_won_1"]) == (1.5, -1)


def test_trend_of_a_gap_follows_the_car_that_is_ahead_now() -> None:
    laps = [fact for n in range(1, 6) for fact in (lap("1", n, 90.0 * n), lap("4", n, 90.0 * n + 3.0 - 0.5 * n))]
    told = car(fed(*laps), "4")
    assert told["gap_ahead_trend_s_per_lap"] == pytest.approx(-0.5)
    assert (told["gap_ahead_s"], told["laps_close_behind"]) == (0.5, 3)


def test_lapped_car_ahead_on_the_road_is_traffic_but_no_rival() -> None:
    online = fed(lap("1", 1, 100.0), lap("4", 1, 160.0), lap("16", 1, 189.5), lap("1", 2, 190.0))
    told = car(online, "1")
    assert (told["cars_within_1_5_s"], told["gap_ahead_s"], told["laps_down"]) == (1, None, 0)
    assert car(fed(lap("1", 1, 100.0), lap("1", 2, 190.0), lap("4", 1, 195.0)), "4")["laps_down"] == 1


def test_rivals_are_compared_by_their_latest_laps() -> None:
    mine = [lap("4", n, 90.0 * n + 1, age=n + 10, compound="SOFT", lap_ms=90_500) for n in range(1, 5)]
    theirs = [lap("1", n, 90.0 * n, age=n, lap_ms=90_000) for n in range(1, 5)]
    told = car(fed(*[fact for pair in zip(theirs, mine, strict=True) for fact in pair]), "4")
    assert (told["tyre_age_to_ahead"], told["softness_to_ahead"], told["ahead_compound"]) == (10, 2, "HARD")
    assert told["pace_to_ahead_s"] == pytest.approx(0.5)
    assert told["pace_to_team_mate_s"] is None


def test_pace_is_compared_with_the_team_mate() -> None:
    laps = [lap(number, n, 90.0 * n, lap_ms=ms) for n in range(1, 4) for number, ms in (("4", 90_000), ("16", 90_300))]
    assert car(fed(*laps), "16")["pace_to_team_mate_s"] == pytest.approx(0.3)


def test_flags_count_from_the_start_of_the_session() -> None:
    online = fed(
        TrackFact(1, "2"), TrackFact(2, "1"), StartFact(10), TrackFact(20, "4"), lap("1", 1, 1.0),
        TrackFact(2_000, "1"), lap("1", 2, 3.0), StartFact(3_500), TrackFact(4_000, "6"), TrackFact(4_500, "7"),
        lap("1", 3, 5.0),
    )  # fmt: skip
    told = named(online.latest(Entity.SESSION_LAP))
    assert (told["safety_cars_so_far"], told["yellows_so_far"], told["neutralised_now"]) == (2, 0, True)
    assert told["laps_since_green"] is None
    online.update(TrackFact(5_500, "1"))
    online.update(lap("1", 4, 6.0))
    told = named(online.latest(Entity.SESSION_LAP))
    assert (told["track_status_now"], told["laps_since_green"], told["laps_remaining"]) == ("1", 1, 46)


def test_weather_is_the_latest_reading_and_its_trend_looks_ten_minutes_back() -> None:
    readings = [WeatherFact(minute * 60_000, 20.0, 30.0 + minute, 50.0, 2.0, minute >= 8) for minute in range(12)]
    told = car(fed(*readings, lap("1", 1, 661.0)), "1")
    assert (told["track_c"], told["track_c_change"], told["raining"]) == (41.0, 10.0, True)
    assert told["rain_share"] == pytest.approx(4 / 12)


def test_pair_is_told_as_the_car_behind_crosses_the_line() -> None:
    online = fed(
        lap("1", 1, 200.0), lap("4", 1, 200.9), lap("1", 2, 290.0, pit_in=True), lap("4", 2, 290.6, lap_ms=89_700)
    )  # fmt: skip
    row = online.latest(Entity.PAIR_LAP, "4")
    told = named(row)
    assert row is not None
    assert (row.number, row.ahead, row.lap, row.known_ms) == ("4", "1", 2, 290_600)
    assert (told["pair_gap_s"], told["pair_gap_change_1_s"], told["pair_laps_within_1_s"]) == (0.6, -0.3, 2)
    assert (told["pair_last_lap_s"], told["pair_pits"], told["pair_stops"]) == (-0.3, True, -1)
    assert (told["pair_team_mates"], told["pair_next_ahead_s"], told["pair_order_changed"]) == (False, None, False)


def test_car_that_fell_silent_no_longer_runs() -> None:
    laps = [lap(number, n, 90.0 * n + place) for n in (1, 2) for place, number in enumerate(("1", "4", "16"))]
    laps += [lap("1", n, 90.0 * n) for n in (3, 4)]
    told = named(fed(*laps).latest(Entity.SESSION_LAP))
    assert (told["cars_running"], told["cars_out"]) == (1, 2)


def test_amended_lap_replaces_what_was_known_of_it() -> None:
    laps = stint([95.0, 90.0, 91.0])
    online = fed(*laps)
    before = car(online, "1")
    late = lap("1", 2, 285.0, lap_ms=88_000)
    rows = online.update(
        LapFact(**{field: getattr(late, field) for field in late.__struct_fields__} | {"known_ms": 400_000})
    )
    row = next(row for row in rows if row.entity is Entity.CAR_LAP)
    assert (row.lap, row.known_ms) == (3, 400_000), "the car's latest lap is told anew"
    assert (before["own_best_s"], car(online, "1")["own_best_s"]) == (90.0, 88.0)
    assert car(online, "1")["pace_3_s"] == pytest.approx(89.5)


def test_features_worked_out_at_once_are_those_of_the_last_row() -> None:
    online = fed(*stint([95.0, 90.0, 91.0]))
    row = online.latest(Entity.CAR_LAP, "1")
    assert row is not None
    assert online.at_once("1") == row.values
    assert online.at_once("99") is None


@pytest.mark.parametrize(
    ("key", "season", "number", "kind", "laps"),
    [
        ("2024-08-R", 2024, 8, "R", 78),
        ("2024-05-S", 2024, 5, "S", 19),
        ("2024-08-Q", 2024, 8, "Q", None),
        ("sim-2025-monza-7-R", 2025, None, "R", 53),
        ("rec-something", None, None, "", None),
    ],
)
def test_context_is_what_the_key_tells(
    key: str, season: int | None, number: int | None, kind: str, laps: int | None
) -> None:
    told = context_of_key(key)
    assert (told.season, told.round, told.kind, told.laps) == (season, number, kind, laps)
    assert told.is_race == (kind in ("R", "S"))


def test_what_was_known_before_cannot_change_once_a_lap_is_told() -> None:
    online = fed(lap("1", 1, 100.0))
    with pytest.raises(ValueError, match="has begun"):
        online.expect(RACE)


def test_every_feature_of_a_car_is_told_in_the_order_of_the_catalogue() -> None:
    names = [feature.name for feature in CATALOGUE.values() if feature.entity is Entity.CAR_LAP]
    assert list(car(fed(lap("1", 1, 100.0)), "1")) == names
    assert len(names) > 70
