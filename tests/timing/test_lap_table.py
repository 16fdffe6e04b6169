"""The lap table and the comparison of two."""

from __future__ import annotations

import polars as pl
import pytest

from overcut.domain.frame import FrameSource
from overcut.domain.session import SessionKey
from overcut.timing.engine import Engine
from overcut.timing.lap_comparison import compare_lap_tables
from overcut.timing.lap_table import SCHEMA, lap_table
from tests.timing.feeding import feed, line


def _table(said: list[dict[str, str]] | None = None) -> pl.DataFrame:
    session = Engine(SessionKey("2024-14-R"), FrameSource.ARCHIVE)
    feed(session, (0, "SessionInfo", {"Name": "Race", "Type": "Race", "Meeting": {"Name": "Belgian Grand Prix"}}))
    feed(session, (1, "DriverList", {"4": {"Tla": "NOR", "TeamName": "McLaren"}}))
    feed(session, (2, "TimingAppData", line("4", {"Stints": [{"Compound": "HARD", "New": "true", "TotalLaps": 0}]})))
    feed(session, (3, "TrackStatus", {"Status": "1"}), (100_000, "TimingData", line("4", {"NumberOfLaps": 1})))
    for lap in (2, 3):
        t_ms = 100_000 + (lap - 1) * 90_006
        feed(
            session,
            (
                t_ms - 60_000,
                "TimingData",
                line("4", {"Sectors": {"0": {"Value": "30.001"}}, "Speeds": {"I1": {"Value": "201"}}}),
            ),
            (t_ms - 30_000, "TimingData", line("4", {"Sectors": {"1": {"Value": "30.002"}}})),
            (
                t_ms,
                "TimingData",
                line(
                    "4",
                    {"NumberOfLaps": lap, "Sectors": {"2": {"Value": "30.003"}}, "LastLapTime": {"Value": "1:30.006"}},
                ),
            ),
        )
    if said:
        feed(session, (400_000, "RaceControlMessages", {"Messages": said}))
    return lap_table(session.state(), session.laps(), is_race=True)


def test_a_row_says_all_that_is_known_of_a_lap() -> None:
    table = _table()
    assert dict(table.schema) == dict(SCHEMA)
    row = table.row(1, named=True)
    assert row | {
        "session_key": "2024-14-R", "season": 2024, "round": 14, "event": "Belgian Grand Prix", "session": "R",
        "driver": "NOR",
        "driver_number": "4", "team": "McLaren", "lap": 2, "lap_time_s": 90.006, "s1_s": 30.001, "s2_s": 30.002,
        "s3_s": 30.003, "position": 1, "compound": "HARD", "tyre_life": 2, "stint": 1, "fresh_tyre": True,
        "pit_in": False, "pit_out": False,
        "track_status": "1", "is_accurate": True, "speed_i1": 201.0, "speed_i2": None, "lap_start_s": 100.0,
        "lap_end_s": 190.006, "deleted": None, "generated": False, "lap_time_source": "f1", "accuracy_reason": None,
    } == row  # fmt: skip
    assert table.row(0, named=True)["accuracy_reason"] == "first_lap"


def test_a_simulated_session_has_a_season_and_no_round() -> None:
    session = Engine(SessionKey("sim-2025-monza-7-Q"), FrameSource.SIMULATED)
    feed(session, (0, "TimingData", line("4", {"PitOut": True, "InPit": False, "NumberOfLaps": 1})))
    feed(session, (90_000, "TimingData", line("4", {"NumberOfLaps": 2})))
    row = lap_table(session.state(), session.laps(), is_race=False).row(0, named=True)
    assert (row["season"], row["round"], row["session"], row["position"]) == (2025, None, "Q", None)


def test_a_table_agrees_with_itself_however_its_sessions_are_named() -> None:
    ours = _table()
    theirs = ours.with_columns(session=pl.lit("Race"), lap=pl.col("lap").cast(pl.Int64))
    comparison = compare_lap_tables(ours, theirs)
    assert (comparison.sessions, comparison.laps, comparison.only_left, comparison.only_right) == (
        ["2024-14-R"],
        3,
        0,
        0,
    )
    assert all(column.agree == column.both for column in comparison.columns)
    assert comparison.disagreements.is_empty()
    assert {column.column: column.both for column in comparison.columns}["lap_time_s"] == 2


@pytest.mark.parametrize(
    ("column", "wrong", "same"),
    [
        ("s1_s", 30.003, 30.002),
        ("compound", "SOFT", "HARD"),
        ("track_status", "24", "1"),
        ("position", 2, 1),
        ("speed_i1", 203.0, 201.0),
    ],
)
def test_each_difference_is_found_and_one_within_tolerance_is_not(column: str, wrong: object, same: object) -> None:
    ours = _table()
    for value, expected in ((wrong, 1), (same, 0)):
        on_lap = pl.when(pl.col("lap") == 2).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
        comparison = compare_lap_tables(ours, ours.with_columns(on_lap))
        found = comparison.disagreements.select("driver_number", "lap", "column", "right").rows()
        assert found == ([("4", 2, column, str(wrong))] if expected else [])


def test_generated_rows_and_missing_laps_are_told_apart() -> None:
    ours = _table()
    theirs = ours.with_columns(generated=pl.col("lap") == 3)
    comparison = compare_lap_tables(ours, theirs)
    assert (comparison.laps, comparison.only_left, comparison.only_right) == (2, 1, 0)


def test_times_that_the_feed_did_not_tell_are_not_compared() -> None:
    ours = _table()
    theirs = ours.with_columns(lap_time_source=pl.lit("ergast"), lap_time_s=pl.lit(1.0))
    agreement = {column.column: column.both for column in compare_lap_tables(ours, theirs).columns}
    assert agreement["lap_time_s"] == 0
    assert agreement["position"] == 3


def test_a_table_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="driver_number"):
        compare_lap_tables(_table(), _table().drop("driver_number"))


def test_whether_a_time_was_deleted_is_known_once_race_control_was_heard() -> None:
    said = [{"Utc": "2024-07-28T13:00:00", "Message": "CAR 4 (NOR) TIME 1:30.006 DELETED - TRACK LIMITS"}]
    assert _table()["deleted"].to_list() == [None, None, None]
    assert _table(said)["deleted"].to_list() == [False, True, True]
