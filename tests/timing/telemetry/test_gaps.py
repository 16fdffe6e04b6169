"""What is missing is seen as missing: silences, and zeros that stand for nothing (wire.md, trap 13)."""

from __future__ import annotations

import numpy as np

from overcut.domain.laps import Lap
from overcut.timing.telemetry.gaps import GapKind, gaps_between, inside, zero_filled
from overcut.timing.telemetry.lap import read_lap, track_of
from overcut.timing.telemetry.rows import RPM, SPEED, Rows
from overcut.timing.telemetry.table import table_of


def car_rows(t_ms: list[int], speeds: list[int]) -> Rows:
    """Rows of car 1: at speed 0, all channels are 0."""
    times, kmh = np.array(t_ms, np.int64), np.array(speeds, np.int32)
    turns = (kmh > 0).astype(np.int32)
    fields = np.stack([turns * 11_000, kmh, turns * 7, turns * 100, turns * 0, turns * 8]).astype(np.int32)
    return Rows(times, times, np.ones(len(times), np.int16), fields)


def place_rows(t_ms: list[int], x_dm: list[int]) -> Rows:
    times = np.array(t_ms, np.int64)
    fields = np.stack([np.array(x_dm), np.full(len(x_dm), 50), np.zeros(len(x_dm)), np.zeros(len(x_dm))])
    return Rows(times, times, np.ones(len(times), np.int16), fields.astype(np.int32))


def every(step: int, end: int) -> list[int]:
    return list(range(0, end, step))


NOWHERE = place_rows([], [])


def test_zeros_in_the_middle_of_a_straight_are_no_data() -> None:
    speeds = [300] * 10 + [0] * 5 + [305] * 10
    assert zero_filled(car_rows(every(250, 6_250), speeds), NOWHERE).tolist() == [speed == 0 for speed in speeds]


def test_zeros_of_a_car_that_stands_are_true() -> None:
    speeds = [60, 30, 12, 4] + [0] * 10 + [5, 20]
    assert not zero_filled(car_rows(every(250, 4_000), speeds), NOWHERE).any()


def test_zeros_while_the_position_moves_are_no_data() -> None:
    car = car_rows(every(250, 5_000), [0] * 20)
    assert zero_filled(car, place_rows(every(250, 5_000), [100 * n for n in range(20)])).all()
    assert not zero_filled(car, place_rows(every(250, 5_000), [100] * 20)).any()


def test_a_silence_is_a_gap_from_the_last_word_to_the_next() -> None:
    t_ms = np.array([0, 300, 600, 2_500, 2_800], np.int64)
    [gap] = gaps_between("car", t_ms, t_ms[:0], 100, 2_700)
    assert (gap.channel, gap.kind, gap.from_ms, gap.to_ms) == ("car", GapKind.SILENCE, 600, 2_500)
    assert inside([gap], np.array([600.0, 601.0, 2_499.0, 2_500.0])).tolist() == [False, True, True, False]


def test_a_gap_that_reaches_over_the_lap_s_end_ends_with_the_lap() -> None:
    t_ms = np.array([0, 300, 600], np.int64)
    assert [(gap.from_ms, gap.to_ms) for gap in gaps_between("car", t_ms, t_ms[:0], 0, 5_000)] == [(600, 5_000)]


def test_a_lap_with_a_hole_has_nulls_and_never_zeros() -> None:
    t_ms = every(250, 80_000)
    speeds = [0 if 30_000 <= t < 34_000 else 250 for t in t_ms]
    track = track_of(car_rows(t_ms, speeds), place_rows([t + 100 for t in t_ms], [t // 10 + 1 for t in t_ms]))
    lap = Lap(number="1", lap=5, end_t_ms=70_000, lap_ms=60_000)
    read = read_lap(lap, track, None, None, ())
    assert read is not None
    table = table_of("rec-test", "ABC", *read)
    [gap] = read[1].gaps
    assert (gap.kind, gap.from_ms, gap.to_ms) == (GapKind.ZEROS, 29_750, 34_000)
    lost = table.filter(table["gap"])
    assert lost.height > 10
    for column in ("speed_kmh", "rpm", "throttle_pct", "gear", "brake_pct", "drs", "distance_m"):
        assert lost[column].null_count() == lost.height, column
    assert lost["x_m"].null_count() == 0  # positions went on
    rest = table.filter(~table["gap"])
    assert rest["speed_kmh"].to_list() == [250.0] * rest.height


def test_gear_brake_and_drs_are_told_only_where_they_were_sent() -> None:
    t_ms = every(250, 80_000)
    track = track_of(car_rows(t_ms, [250] * len(t_ms)), place_rows([t + 100 for t in t_ms], [t + 1 for t in t_ms]))
    read = read_lap(Lap(number="1", lap=5, end_t_ms=70_050, lap_ms=60_000), track, None, None, ())
    assert read is not None
    table = table_of("rec-test", "ABC", *read)
    sent = table["source"].cast(str).is_in(["car", "both"])
    for column in ("gear", "brake_pct", "drs"):
        assert (table[column].is_not_null() == sent).all()
    assert table["speed_kmh"].null_count() == 0
    assert table["source"].cast(str).to_list()[0] == "edge"


def test_pedals_of_a_car_that_sends_nothing_are_null() -> None:
    car = car_rows(every(250, 80_000), [250] * 320)
    car.fields[3:5] = 104
    read = read_lap(Lap(number="1", lap=5, end_t_ms=70_000, lap_ms=60_000), track_of(car, NOWHERE), None, None, ())
    assert read is not None
    table = table_of("rec-test", "ABC", *read)
    assert table["throttle_pct"].null_count() == table["brake_pct"].null_count() == table.height
    assert table["x_m"].null_count() == table.height
    assert (car.fields[RPM] > 0).all()
    assert (car.fields[SPEED] > 0).all()


def test_a_lap_without_car_data_or_without_a_beginning_is_not_made_up() -> None:
    track = track_of(car_rows(every(250, 10_000), [200] * 40), NOWHERE)
    assert read_lap(Lap(number="1", lap=5, end_t_ms=70_000, lap_ms=50_000), track, None, None, ()) is None
    assert read_lap(Lap(number="1", lap=5, end_t_ms=9_000), track, None, None, ()) is None
