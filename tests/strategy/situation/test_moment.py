"""Where every car stands at the end of a lap."""

from __future__ import annotations

import polars as pl
import pytest

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.strategy.situation.moment import moment
from tests.strategy.invented_races import LAP_S, Car, Invented, field_of


def test_cars_stand_in_the_order_of_the_line_with_their_gaps() -> None:
    laps = Invented([Car("4", 0.0, noise_s=0.0), Car("7", 0.5, noise_s=0.0)]).table()
    now = moment(laps, 10)
    assert [car.driver_number for car in now.cars] == ["4", "7"]
    assert now.leader == "4"
    assert now.cars[0].behind_s == 0.0
    assert now.cars[1].behind_s == pytest.approx(10 * 0.5 + 0.3)


def test_a_lapped_car_is_a_usual_lap_more_behind_for_each_lap_down() -> None:
    laps = Invented([Car("4", 0.0, noise_s=0.0), Car("9", 20.0, noise_s=0.0)], laps=30).table()
    now = moment(laps, 10)
    lapped = now.cars[1]
    assert lapped.running
    assert lapped.laps == 8
    end = laps.filter((pl.col("driver_number") == "9") & (pl.col("lap") == 8))["lap_end_s"][0]
    assert lapped.behind_s == pytest.approx(end - now.t_s + 2 * now.usual_s)
    # Eight of its laps took 160 s longer, and two laps remain to be driven: about 200 s behind in all.
    assert lapped.behind_s == pytest.approx(10 * 20.0, abs=45.0)


def test_a_car_that_does_not_come_round_is_out() -> None:
    laps = Invented([Car("4"), Car("7", 0.2, retires=9), Car("9", 0.4)]).table()
    assert [car.driver_number for car in moment(laps, 9).cars if car.running] == ["4", "7", "9"]
    after = moment(laps, 10).cars
    assert [(car.driver_number, car.running) for car in after] == [("4", True), ("9", True), ("7", False)]


def test_a_stop_does_not_make_a_car_look_retired() -> None:
    laps = Invented([Car("4"), Car("7", 0.2, stops=(10,))]).table()
    stopped = moment(laps, 10).cars[1]
    assert stopped.running
    assert stopped.in_pit
    assert not moment(laps, 11).cars[1].in_pit


def test_rows_made_up_for_retired_cars_are_not_laps() -> None:
    laps = Invented([Car("4"), Car("7", 0.2)]).table()
    made_up = (pl.col("driver_number") == "7") & (pl.col("lap") > 5)
    assert [car.laps for car in moment(laps.with_columns(made_up.alias("generated")), 12).cars] == [12, 5]


def test_ends_that_were_not_sent_follow_from_lap_times() -> None:
    laps = Invented(field_of(4, noise_s=0.0)).table()
    holes = laps.with_columns(
        pl.when(pl.col("lap") % 3 == 0).then(None).otherwise(pl.col("lap_end_s")).alias("lap_end_s")
    )
    assert [car.behind_s for car in moment(holes, 9).cars] == pytest.approx([c.behind_s for c in moment(laps, 9).cars])


def test_the_usual_lap_leaves_out_stops_and_neutralised_laps() -> None:
    status = dict.fromkeys(range(3, 9), "4")
    race = Invented([Car("4", noise_s=0.0, stops=(2,))], status=status, slow=dict.fromkeys(status, 40.0))
    assert moment(race.table(), 12).usual_s == pytest.approx(LAP_S, abs=2.0)


def test_nothing_later_is_read() -> None:
    laps = Invented([*field_of(5), Car("9", 12.0)]).table()
    now = moment(laps, 11)
    following = laps.filter((pl.col("driver_number") == now.leader) & (pl.col("lap") == 12))["lap_end_s"][0]
    past = laps.filter((pl.col("lap") <= 11) & (pl.col("lap_end_s") < following))
    assert moment(past, 11).cars == now.cars


def test_a_lap_that_nobody_ended_is_said_to_be_missing() -> None:
    laps = Invented(field_of(2), laps=10).table()
    with pytest.raises(DataMissingError, match="No car has ended lap 11") as caught:
        moment(laps, 11)
    assert "10" in caught.value.why
    with pytest.raises(WrongUsageError, match="Lap 0"):
        moment(laps, 0)
