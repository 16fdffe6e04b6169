"""What really happened, off the lap table: stops, places, neutralisations, rain."""

from __future__ import annotations

import polars as pl
from tests.strategy.invented_races import LAP_S, ZERO_S, Car, Invented, field_of, weather

from overcut.strategy.whatif.actual import actual_cars, actual_periods
from overcut.strategy.whatif.answers import ActualPeriod


def test_stops_places_and_finish_are_those_of_the_race() -> None:
    race = Invented([Car("1", stops=(8,)), Car("2", 0.5, stops=(6, 14)), Car("3", 1.0)])
    first, second, third = actual_cars(race.table(), ("1", "2", "3"), finished=True)
    assert [(stop.lap, stop.compound, stop.age, stop.compound_before) for stop in first.stops] == [
        (8, "HARD", 0, "MEDIUM")
    ]
    assert first.stops[0].age_before == 8
    assert [stop.lap for stop in second.stops] == [6, 14]
    assert third.stops == ()
    assert (first.start, first.laps, first.places[0]) == ("MEDIUM", 20, 1)
    # One stop costs 22 s, a slower second a lap 20 s: who does not stop is second.
    assert [car.finish for car in (first, third, second)] == [1, 2, 3]
    assert first.behind_s[-1] == 0.0


def test_a_car_that_retired_has_no_finish_and_an_absent_one_is_told() -> None:
    race = Invented([Car("1"), Car("2", retires=7)])
    first, second, absent = actual_cars(race.table(), ("1", "2", "9"), finished=True)
    assert (first.finish, second.finish, second.laps) == (1, None, 7)
    assert (absent.laps, absent.places, absent.start) == (0, (), None)


def test_nobody_has_finished_a_race_that_is_not_over() -> None:
    race = Invented([Car("1", stops=(5,)), Car("2")])
    first, second = actual_cars(race.table().filter(pl.col("lap") <= 9), ("1", "2"), finished=False)
    assert first.finish is second.finish is None
    assert [stop.lap for stop in first.stops] == [5]


def test_a_safety_car_that_leads_the_field_through_the_pits_is_no_stop() -> None:
    cars = [Car(str(number), 0.1 * number, stops=(9,)) for number in range(1, 7)]
    laps = Invented(cars).table()
    # All went through the pits on lap 9, and the feed says that all but car 1 kept their tyres.
    kept = (pl.col("lap") > 9) & (pl.col("driver_number") != "1")
    laps = laps.with_columns(
        pl.when(kept).then(pl.lit("MEDIUM")).otherwise(pl.col("compound")).alias("compound"),
        pl.when(kept).then(pl.col("lap")).otherwise(pl.col("tyre_life")).cast(pl.Int16).alias("tyre_life"),
    )
    found = actual_cars(laps, [car.number for car in cars], finished=True)
    assert [len(car.stops) for car in found] == [1, 0, 0, 0, 0, 0]


def test_a_stop_alone_counts_even_where_the_feed_forgot_the_new_tyres() -> None:
    cars = field_of(6)
    laps = Invented(cars).table().with_columns(pl.lit("MEDIUM").alias("compound"), pl.col("lap").alias("tyre_life"))
    assert all(len(car.stops) == 1 for car in actual_cars(laps, [car.number for car in cars], finished=True))


def test_neutralised_laps_are_the_leaders_and_the_gravest_word_counts() -> None:
    race = Invented(field_of(4), status={5: "16", 6: "64", 7: "4", 8: "41", 12: "5"})
    assert actual_periods(race.table(), None) == (
        ActualPeriod("VSC", 5, 5),
        ActualPeriod("SC", 6, 8),
        ActualPeriod("RED", 12, 12),
    )


def test_stop_says_what_the_track_was_under() -> None:
    race = Invented([Car("1", stops=(6,)), Car("2")], status={6: "4"})
    assert actual_cars(race.table(), ("1",), finished=True)[0].stops[0].track == "SC"


def test_rain_counts_where_cars_took_tyres_for_it() -> None:
    def told(compounds: tuple[str, ...]) -> tuple[ActualPeriod, ...]:
        race = Invented([Car(str(number), stops=(8,), compounds=compounds) for number in range(1, 5)])
        rain = weather((0.0, False), (ZERO_S + 7.2 * LAP_S, True), (ZERO_S + 13.0 * LAP_S, False))
        return actual_periods(race.table(), rain)

    (period,) = told(("MEDIUM", "INTERMEDIATE"))
    assert period.kind == "RAIN"
    assert 7 <= period.first_lap <= 8
    assert 11 <= period.last_lap <= 13
    assert told(("MEDIUM", "HARD")) == ()


def test_nothing_is_told_of_no_laps() -> None:
    none = Invented([Car("1")]).table().clear()
    assert actual_periods(none, None) == ()
    assert actual_cars(none, ("1",), finished=False)[0].laps == 0
