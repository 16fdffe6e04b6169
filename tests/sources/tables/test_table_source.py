"""What tables become: the same laps, nothing before its time, and what is missing counted."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.flags import CarStatus, SessionStatus
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.runtime.replay import replay
from overcut.sources.tables.reading import has_session, only_session, sessions_in
from overcut.sources.tables.rows import lap_rows
from overcut.sources.tables.source import TableSource
from overcut.timing.engine import Engine
from tests.sources.tables.conftest import Written
from tests.sources.tables.writing import ZERO, Tables, write_tables


def source_of(written: Written) -> TableSource:
    return TableSource(written.folder, written.key)


def play(frames: list[Frame], key: SessionKey) -> Engine:
    engine = Engine(key, FrameSource.RECONSTRUCTED)
    for frame in frames:
        engine.advance(frame)
    return engine


def told(lap: Lap) -> tuple[object, ...]:
    return (lap.lap_ms, lap.s2_ms, lap.s3_ms, lap.compound, lap.stint, lap.pit_in, lap.pit_out, lap.position)


def test_race_gives_the_laps_of_the_session_that_the_tables_came_from(race_tables: Written) -> None:
    ours = {(lap.number, lap.lap): lap for lap in replay(source_of(race_tables)).laps()}
    theirs = {(lap.number, lap.lap): lap for lap in race_tables.laps}
    assert ours.keys() == theirs.keys()
    different = {key: (told(ours[key]), told(theirs[key])) for key in ours if told(ours[key]) != told(theirs[key])}
    assert not different


def test_qualifying_gives_the_laps_order_and_parts_of_the_session(qualifying_tables: Written) -> None:
    engine = replay(source_of(qualifying_tables))
    ours = {(lap.number, lap.lap): lap for lap in engine.laps()}
    theirs = {(lap.number, lap.lap): lap for lap in qualifying_tables.laps}
    assert ours.keys() == theirs.keys()
    for key, lap in ours.items():
        assert (lap.lap_ms, lap.s1_ms, lap.s3_ms, lap.part) == (
            theirs[key].lap_ms, theirs[key].s1_ms, theirs[key].s3_ms, theirs[key].part
        ), key  # fmt: skip
    state = engine.state()
    assert sum(car.knocked_out for car in state.cars.values()) == 10
    best = [car.best_lap.ms for car in state.order()[:10] if car.best_lap is not None and car.best_lap.ms is not None]
    assert best == sorted(best)


def test_state_says_that_it_is_reconstructed_and_who_took_part(race_tables: Written) -> None:
    source = source_of(race_tables)
    state = replay(source).state()
    assert state.source is FrameSource.RECONSTRUCTED
    assert not state.simulated
    assert (state.meeting.name, state.meeting.session, state.meeting.circuit) == ("Italian Grand Prix", "Race", "Monza")
    assert state.lap is not None
    assert state.lap.total == 53  # as announced, not as run
    assert all(car.code and car.colour != "#888888" for car in state.cars.values())
    assert state.status in (SessionStatus.FINALISED, SessionStatus.ENDS)
    assert state.utc_ms is not None
    assert all(defect.kind.startswith("no column") for defect in state.defects.values())


def test_the_same_tables_give_the_same_bytes(race_tables: Written) -> None:
    first = [(frame.t_ms, frame.topic, frame.payload) for frame in source_of(race_tables).frames()]
    source = source_of(race_tables)
    assert first == [(frame.t_ms, frame.topic, frame.payload) for frame in source.frames()]
    assert first == [(frame.t_ms, frame.topic, frame.payload) for frame in source.frames()]
    assert [stamp for stamp, _, _ in first] == sorted(stamp for stamp, _, _ in first)


# --- nothing before its time ------------------------------------------------------------------------------------------


def without_future(tables: Tables, t_ms: int) -> Tables:
    """The tables as somebody would have them who stopped writing at ``t_ms``."""
    t_s = t_ms / 1000
    kept: Tables = dict(tables)
    laps = tables["laps"].filter(pl.col("lap_start_s") <= t_s)
    open_lap = pl.col("lap_end_s") > t_s  # of a lap in progress, what its end tells is not known
    kept["laps"] = laps.with_columns(
        [
            pl.when(open_lap).then(None).otherwise(pl.col(name)).alias(name)
            for name in ("lap_time_s", "position", "speed_fl", "speed_st")
        ]
    )
    for name in ("track_status", "session_status", "weather"):
        kept[name] = tables[name].filter(pl.col("Time") <= t_s)
    kept["gap_stream"] = tables["gap_stream"].filter(pl.col("t_ms") <= t_ms)
    kept["race_control"] = tables["race_control"].filter(pl.col("Time") <= ZERO + timedelta(milliseconds=t_ms))
    return kept


@pytest.mark.parametrize("which", ["race_tables", "qualifying_tables"])
def test_frames_until_any_moment_need_nothing_of_what_comes_later(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    written: Written = request.getfixturevalue(which)
    whole = list(source_of(written).frames())
    starts = sorted(written.tables["laps"]["lap_start_s"].to_list())
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        t_ms = int((starts[0] + (starts[-1] - starts[0]) * share) * 1000)
        folder = write_tables(tmp_path / str(share), without_future(written.tables, t_ms))
        cut = [frame for frame in TableSource(folder, written.key).frames() if frame.t_ms <= t_ms]
        assert cut == [frame for frame in whole if frame.t_ms <= t_ms]


@pytest.fixture(scope="module")
def race_frames(race_tables: Written) -> list[Frame]:
    return list(source_of(race_tables).frames())


@settings(max_examples=15)
@given(share=st.floats(0.0, 1.0))
def test_state_at_any_moment_shows_only_laps_and_sectors_that_were_over(
    race_tables: Written, race_frames: list[Frame], share: float
) -> None:
    t_ms = int(race_frames[-1].t_ms * share)
    until = bisect_right(race_frames, t_ms, key=lambda frame: frame.t_ms)
    engine = play(race_frames[:until], race_tables.key)
    rows = lap_rows(race_tables.tables["laps"].to_dicts(), race=True).by_car
    for lap in engine.laps():
        assert any(row.lap == lap.lap and row.end_ms <= t_ms for row in rows[lap.number])
    for number, car in engine.state().cars.items():
        over = [row for row in rows.get(number, []) if row.end_ms <= t_ms]
        assert car.laps == len(over)
        if car.last_lap is not None:
            assert car.last_lap.ms in {row.told_ms for row in over}
        for index, sector in enumerate(car.sectors):
            ended = {row.sectors[index] for row in rows.get(number, []) if (row.passed[index] or 0) <= t_ms}
            assert sector.ms is None or sector.ms in ended
        begun = {row.stint for row in rows.get(number, []) if row.start_ms <= t_ms}
        assert len(car.stints) <= len(begun)


# --- what is missing or wrong -----------------------------------------------------------------------------------------


def test_laps_alone_are_enough_and_the_rest_is_counted(race_tables: Written, tmp_path: Path) -> None:
    write_tables(tmp_path, {"laps": race_tables.tables["laps"]})
    engine = replay(TableSource(tmp_path, race_tables.key))
    assert len(engine.laps()) == len(race_tables.laps)
    missing = {defect.topic for defect in engine.state().defects.values() if defect.kind == "the table is missing"}
    assert missing == {"gap_stream", "race_control", "track_status", "session_status", "weather", "drivers"}


def test_without_a_gap_stream_the_order_is_that_over_the_line(race_tables: Written, tmp_path: Path) -> None:
    write_tables(tmp_path, {"laps": race_tables.tables["laps"]})
    state = replay(TableSource(tmp_path, race_tables.key)).state()
    last = [lap for lap in race_tables.laps if lap.lap == 6]
    crossed = [lap.number for lap in sorted(last, key=lambda lap: lap.end_t_ms)]
    order = [car.number for car in state.order()]
    assert order[: len(crossed)] == crossed
    second = state.cars[crossed[1]]
    assert second.gap == second.interval
    assert second.gap is not None
    assert second.gap.ms == last_gap_ms(race_tables)


def last_gap_ms(race_tables: Written) -> int:
    rows = lap_rows(race_tables.tables["laps"].to_dicts(), race=True).by_car
    first, second = sorted(car[-1].end_ms for car in rows.values() if car[-1].lap == 6)[:2]
    return second - first


def test_laps_without_their_times_of_day_are_added_up_and_said_to_be_uncertain(
    race_tables: Written, tmp_path: Path
) -> None:
    old = ("season", "round", "session", "driver", "driver_number", "lap", "lap_time_s")
    laps = (
        race_tables.tables["laps"]
        .select(old)
        .with_columns(
            pl.col("lap_time_s").fill_null(100.0),  # old tables time the first lap too
            pl.lit(None, pl.Float64).alias("lap_start_s"),
            pl.lit(None, pl.Float64).alias("lap_end_s"),
        )
    )
    write_tables(tmp_path, {"laps": laps})
    engine = replay(TableSource(tmp_path, race_tables.key))
    assert len(engine.laps()) == len(race_tables.laps)
    assert any("uncertain" in defect.kind for defect in engine.state().defects.values())


def test_inserted_laps_are_no_facts(race_tables: Written, tmp_path: Path) -> None:
    laps = race_tables.tables["laps"]
    last = (pl.col("driver_number") == laps["driver_number"][0]) & (pl.col("lap") == 6)
    write_tables(tmp_path, race_tables.tables | {"laps": laps.with_columns(last.alias("generated"))})
    engine = replay(TableSource(tmp_path, race_tables.key))
    assert len(engine.laps()) == len(race_tables.laps) - 1
    assert any("inserted" in defect.kind for defect in engine.state().defects.values())


def test_times_worked_out_by_others_are_not_told_as_the_feed_s(race_tables: Written, tmp_path: Path) -> None:
    laps = race_tables.tables["laps"].with_columns(pl.lit("sector_sum").alias("lap_time_source"))
    write_tables(tmp_path, race_tables.tables | {"laps": laps})
    payloads = [frame.payload for frame in TableSource(tmp_path, race_tables.key).frames()]
    assert not any(b"LastLapTime" in payload for payload in payloads)


def test_a_car_that_passes_nothing_any_more_is_stopped_and_after_the_race_retired(
    race_tables: Written, tmp_path: Path
) -> None:
    laps = race_tables.tables["laps"]
    number = str(laps["driver_number"][0])
    gone = laps.filter((pl.col("driver_number") != number) | (pl.col("lap") <= 2))
    write_tables(tmp_path, race_tables.tables | {"laps": gone})
    frames = list(TableSource(tmp_path, race_tables.key).frames())
    stops = [
        frame.t_ms for frame in frames if b'"Stopped":true' in frame.payload and f'"{number}"'.encode() in frame.payload
    ]
    last = max(row.end_ms for row in lap_rows(gone.to_dicts(), race=True).by_car[number])
    assert [stop - last >= 150_000 for stop in stops] == [True]
    assert play(frames, race_tables.key).state().cars[number].status is CarStatus.RETIRED


def test_a_car_that_never_came_round_is_stopped_too(race_tables: Written, tmp_path: Path) -> None:
    laps = race_tables.tables["laps"]
    number = str(laps["driver_number"][0])
    write_tables(tmp_path, race_tables.tables | {"laps": laps.filter(pl.col("driver_number") != number)})
    assert replay(TableSource(tmp_path, race_tables.key)).state().cars[number].stopped


@pytest.mark.parametrize("late_s", [0.1, 400.0])
def test_who_took_the_flag_has_finished_though_the_end_is_called_late(
    race_tables: Written, tmp_path: Path, late_s: float
) -> None:
    tables = dict(race_tables.tables)
    laps = tables["laps"].filter(pl.col("lap") < pl.col("lap").max())  # short of the distance: the flag alone tells
    flag_s = float(laps.filter(pl.col("lap") == pl.col("lap").max())["lap_end_s"].min())  # pyright: ignore[reportArgumentType]
    status = tables["session_status"]
    called = pl.when(pl.col("Status") == "Finished").then(flag_s + late_s).otherwise("Time")
    called = pl.when(pl.col("Status").is_in(["Finalised", "Ends"])).then(flag_s + late_s + 60).otherwise(called)
    tables |= {"laps": laps, "session_status": status.with_columns(Time=called)}
    last = laps.group_by("driver_number").agg(pl.col("lap_end_s").max())
    took = set(last.filter(pl.col("lap_end_s") >= flag_s)["driver_number"])
    state = replay(source_of(Written(write_tables(tmp_path, tables), race_tables.key, tables, ()))).state()
    assert {number for number, car in state.cars.items() if car.status is CarStatus.FINISHED} == took
    assert len(took) > 10


def test_a_race_that_ends_under_a_red_flag_leaves_nobody_retired_who_ran_to_it(
    race_tables: Written, tmp_path: Path
) -> None:
    tables = dict(race_tables.tables)
    laps = tables["laps"].filter(pl.col("lap") <= 3)
    red_s = float(laps["lap_end_s"].max()) + 1  # pyright: ignore[reportArgumentType]
    status = tables["session_status"].filter(pl.col("Status") != "Ends").with_columns(
        Time=pl.when(pl.col("Status") == "Finished").then(red_s)
        .when(pl.col("Status") == "Finalised").then(red_s + 1500).otherwise("Time"),
        Status=pl.col("Status").replace("Finished", "Aborted"),
    )  # fmt: skip
    flags = pl.DataFrame({"Time": [red_s, red_s + 600], "Status": ["5", "1"], "Message": ["", ""]})
    flags = tables["track_status"].filter(pl.col("Time") < red_s).head(1).select("season", "round", "session").join(
        flags, how="cross"
    )  # fmt: skip
    tables |= {"laps": laps, "session_status": status, "track_status": flags}
    state = replay(source_of(Written(write_tables(tmp_path, tables), race_tables.key, tables, ()))).state()
    ran = set(laps.filter(pl.col("lap") == 3)["driver_number"])
    assert state.status is SessionStatus.FINALISED
    assert {number for number, car in state.cars.items() if car.status is CarStatus.FINISHED} >= ran


@pytest.mark.parametrize(
    ("column", "value"), [("lap", 2**40), ("lap", -3), ("lap_end_s", 1e300), ("pit_in_time_s", 1e18), ("s1_s", 1e18)]
)
def test_numbers_that_cannot_be_are_left_out(race_tables: Written, tmp_path: Path, column: str, value: float) -> None:
    wrong = pl.when(pl.col("lap") == 3).then(pl.lit(value)).otherwise(column).alias(column)
    write_tables(tmp_path, race_tables.tables | {"laps": race_tables.tables["laps"].with_columns(wrong)})
    source = TableSource(tmp_path, race_tables.key)
    laps = replay(source).laps()
    assert {lap.lap for lap in laps} <= set(range(1, 100))
    left_out = [defect.count for defect in source.defects.values() if "without its number" in defect.kind]
    assert bool(left_out) is (column in ("lap", "lap_end_s"))


def test_a_folder_names_its_sessions(race_tables: Written, qualifying_tables: Written, tmp_path: Path) -> None:
    assert has_session(race_tables.folder, race_tables.key)
    assert not has_session(race_tables.folder, qualifying_tables.key)
    assert not has_session(tmp_path, race_tables.key)
    assert not has_session(race_tables.folder, SessionKey("rec-x"))
    assert only_session(race_tables.folder) == race_tables.key
    both = pl.concat([race_tables.tables["laps"], qualifying_tables.tables["laps"]])
    write_tables(tmp_path, {"laps": both})
    assert {str(key) for key in sessions_in(tmp_path)} == {"2025-16-Q", "2025-16-R"}
    with pytest.raises(WrongUsageError, match="2 sessions"):
        only_session(tmp_path)


def test_the_table_that_overcut_laps_writes_is_one_of_these(race_tables: Written, tmp_path: Path) -> None:
    laps = race_tables.tables["laps"].with_columns(pl.lit("R").alias("session"))  # as `overcut laps --out` has it
    write_tables(tmp_path, {"laps": laps})
    assert only_session(tmp_path) == race_tables.key
    assert len(replay(TableSource(tmp_path, race_tables.key)).laps()) == len(race_tables.laps)


def test_unreadable_and_incomplete_tables_say_what_is_wrong(race_tables: Written, tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no lap of 2024-01-R"):
        TableSource(race_tables.folder, SessionKey("2024-01-R"))
    with pytest.raises(DataMissingError, match="no session of a table"):
        TableSource(race_tables.folder, SessionKey("rec-x"))
    (tmp_path / "laps.parquet").write_bytes(b"not a table")
    with pytest.raises(OvercutError, match="cannot be read"):
        TableSource(tmp_path, race_tables.key)
    write_tables(tmp_path, {"laps": race_tables.tables["laps"].drop("lap_end_s")})
    with pytest.raises(OvercutError, match="lacks the column lap_end_s"):
        TableSource(tmp_path, race_tables.key)


# --- real tables ------------------------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("key", ["2018-12-R", "2021-12-R", "2023-10-R", "2024-14-R", "2025-13-R", "2024-05-S"])
def test_real_races_have_every_lap_and_sector_of_the_table(shared: Path, key: str) -> None:
    source = TableSource(shared / "data/timing", SessionKey(key))
    laps = {(lap.number, lap.lap): lap for lap in replay(source).laps()}
    rows = [row for car in lap_rows(source.tables.rows["laps"], race=True).by_car.values() for row in car]
    assert laps.keys() == {(row.number, row.lap) for row in rows}
    for row in rows:
        lap = laps[row.number, row.lap]
        assert row.told_ms in (None, lap.lap_ms)
        assert all(
            theirs in (None, ours) for ours, theirs in zip((lap.s1_ms, lap.s2_ms, lap.s3_ms), row.sectors, strict=True)
        )


@pytest.mark.shared
@pytest.mark.parametrize("key", ["2023-05-Q", "2025-02-SQ", "2021-05-FP2"])
def test_real_timed_sessions_have_every_lap_of_the_table(shared: Path, key: str) -> None:
    source = TableSource(shared / "data/timing", SessionKey(key))
    laps = {(lap.number, lap.lap): lap for lap in replay(source).laps()}
    rows = [row for car in lap_rows(source.tables.rows["laps"], race=False).by_car.values() for row in car]
    assert laps.keys() == {(row.number, row.lap) for row in rows}
    assert all(row.told_ms in (None, laps[row.number, row.lap].lap_ms) for row in rows)
