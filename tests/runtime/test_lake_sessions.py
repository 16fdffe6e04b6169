"""A session in the lake has every table, the same as the engine tells, once and only once."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.frame import FrameSource
from overcut.domain.tables import LakeSource
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.lake.store.lock import LakeBusyError
from overcut.runtime.lake_sessions import add_session, is_in_lake, with_ids
from overcut.runtime.replay import replay
from overcut.runtime.session_tables.neutralised import neutralisations
from overcut.runtime.session_tables.reading import read_session_tables
from overcut.sources.opening import open_source
from overcut.timing.lap_table import lap_table
from tests.runtime.short_session import topics, write_short_session
from tests.small_race import KEY, small_race
from tests.sources.writing import write_session


@pytest.fixture(scope="module")
def race() -> dict[str, pl.DataFrame]:
    return read_session_tables(open_source(small_race())).tables


def test_every_session_table_is_filled_by_a_race(race: dict[str, pl.DataFrame]) -> None:
    empty = {name for name, rows in race.items() if rows.is_empty()}
    assert empty <= {"neutralisations", "pit_stops"}
    assert race["sessions"]["session_key"].to_list() == [KEY]
    assert race["sessions"]["simulated"].to_list() == [True]
    assert race["sessions"]["circuit_id"].to_list() == ["monza"]
    assert {rows["session_key"].unique().item() for rows in race.values() if rows.height} == {KEY}


def test_laps_and_events_are_those_of_the_engine(race: dict[str, pl.DataFrame]) -> None:
    happened: list[object] = []
    engine = replay(open_source(small_race()), on_events=lambda _, events: happened.extend(events))
    told = lap_table(engine.state(), engine.laps(), is_race=True)
    assert race["laps"].equals(told.sort("driver_number", "lap"))
    assert race["events"].height == len(happened) == engine.events
    assert race["events"]["number"].to_list() == list(range(1, len(happened) + 1))
    completed = race["events"].filter(pl.col("kind") == "LapCompleted")
    assert completed.height == race["laps"].height
    body = json.loads(completed["body"][0])
    assert (body["lap"]["number"], body["lap"]["lap"]) == (completed["driver_number"][0], completed["lap"][0])


def test_positions_end_as_the_board_ends(race: dict[str, pl.DataFrame]) -> None:
    engine = replay(open_source(small_race()))
    last = race["positions"].sort("t_ms").group_by("driver_number").last()
    told = dict(last.select("driver_number", "position").iter_rows())
    assert told == {number: car.position for number, car in engine.state().cars.items() if car.position}
    changed = race["positions"].sort("driver_number", "t_ms")
    columns = ["driver_number", "position", "gap_s", "interval_s", "gap_laps", "interval_laps"]
    same = changed.select((pl.struct(columns) == pl.struct(columns).shift(1)).fill_null(value=False).alias("same"))
    assert not same["same"].any(), "a row that tells nothing new"


def test_telemetry_covers_the_laps_and_has_no_row_twice(race: dict[str, pl.DataFrame]) -> None:
    telemetry = race["telemetry"]
    assert telemetry.select("driver_number", "lap", "t_s").is_duplicated().sum() == 0
    laps = race["laps"].filter(pl.col("lap") > 1).select("driver_number", "lap")
    assert laps.join(
        telemetry.select("driver_number", "lap").unique(), on=["driver_number", "lap"], how="anti"
    ).is_empty()
    assert telemetry["speed_kmh"].max() > 300


def test_stints_hold_every_lap_whose_tyres_are_known(race: dict[str, pl.DataFrame]) -> None:
    shod = race["laps"].filter(pl.col("stint").is_not_null())
    assert race["stints"]["laps"].sum() == shod.height
    first = race["stints"].filter(pl.col("stint") == 1)
    assert (first["start_lap"] == 1).all()
    assert (first["tyre_life_end"] - first["tyre_life_start"] == first["laps"]).all()


def test_same_session_again_changes_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    folder = write_short_session(tmp_path / "race")
    first = add_session(lake, open_source(folder))
    generation = lake.generation
    second = add_session(lake, open_source(folder))
    assert (first.changed, second.changed, lake.generation) == (True, False, generation)
    assert first.rows == second.rows
    assert first.rows["laps"] == 9
    assert is_in_lake(lake, first.session)
    assert lake.read("weather", units=[first.session])["air_temp_c"].to_list() == [24.1, 24.5, 24.9]
    assert lake.read("race_control", units=[first.session])["message"].to_list() == [
        "PIT EXIT OPEN", "YELLOW IN SECTOR 4",
    ]  # fmt: skip


def test_rows_that_are_gone_from_a_session_leave_the_lake(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    folder = write_short_session(tmp_path / "race")
    key = add_session(lake, open_source(folder)).session
    (folder / "WeatherData.jsonStream").unlink()
    add_session(lake, open_source(folder))
    assert lake.read("weather", units=[key]).is_empty()
    assert lake.read("laps", units=[key]).height == 9


def test_reconstructed_session_gives_only_what_the_tables_did_not_bring(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    source = open_source(write_short_session(tmp_path / "race"))
    source.kind = FrameSource.RECONSTRUCTED  # type: ignore[misc]
    tables = read_session_tables(source).tables
    with lake.writing() as writer:
        writer.replace("laps", tables["laps"].head(3), source=LakeSource.TABLES)
    added = add_session(lake, source)
    assert added.source is LakeSource.TABLES
    assert "laps" not in added.rows
    assert lake.read("laps", units=[added.session]).height == 3
    assert lake.read("events", units=[added.session]).height == added.rows["events"] > 0


def test_another_writer_is_waited_for_and_then_told(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    source = open_source(write_short_session(tmp_path / "race"))
    slept: list[float] = []
    with Lake(tmp_path / "lake").writing(), pytest.raises(LakeBusyError):
        add_session(lake, source, patience_s=0.0, sleep=slept.append)
    assert lake.generation == 0
    assert slept == []


def test_session_without_any_car_is_refused(tmp_path: Path) -> None:
    told = {name: lines for name, lines in topics().items() if name in ("SessionInfo", "WeatherData")}
    with pytest.raises(DataMissingError, match="nothing of any car"):
        add_session(Lake(tmp_path / "lake"), open_source(write_session(tmp_path / "s", told)))


def test_entries_bear_the_ids_of_history_where_names_are_beyond_doubt(small_history: Lake) -> None:
    drivers = small_history.read("drivers")
    name, driver_id = drivers["name"][0], drivers["driver_id"][0]
    entries = pl.DataFrame(
        {
            "session_key": ["2024-01-R"] * 2,
            "driver_number": ["1", "2"],
            "full_name": [name.upper(), "Nobody Known"],
            "driver_id": [None, None],
            "constructor_id": [None, None],
        }
    )
    named = with_ids(small_history, entries)
    assert named["driver_id"].to_list() == [driver_id, None]
    assert named["constructor_id"][1] is None


@pytest.mark.parametrize(
    ("track", "statuses", "expected"),
    [
        ([(10, "4", 2), (60, "1", 5)], [], [("SC", 10, 60, 2, 5)]),
        ([(10, "6", 2), (50, "7", 3), (60, "1", 4)], [], [("VSC", 10, 60, 2, 4)]),
        ([(10, "6", 2), (50, "4", 3), (60, "1", 4)], [], [("VSC", 10, 50, 2, 3), ("SC", 50, 60, 3, 4)]),
        ([(10, "4", 2), (20, "2", 2), (30, "4", 3), (60, "1", 5)], [], [("SC", 10, 60, 2, 5)]),
        ([(10, "2", 2), (20, "1", 2)], [], []),
        ([(10, "4", 2)], [], [("SC", 10, None, 2, None)]),
        ([(10, "5", 2), (60, "1", 3)], [(11, "Aborted"), (90, "Started")], [("RED", 10, 90, 2, 3)]),
        ([(10, "5", 2), (60, "1", 3)], [(11, "Aborted"), (40, "Started")], [("RED", 10, 60, 2, 3)]),
    ],
)
def test_neutralisations_follow_from_the_track_status(
    track: list[tuple[int, str, int]], statuses: list[tuple[int, str]], expected: list[object]
) -> None:
    assert neutralisations([(t, digit, "", lap) for t, digit, lap in track], statuses, 1_000) == expected


@pytest.mark.shared
def test_baku_2018_is_in_the_lake_within_a_second_or_two_and_agrees_with_the_tables(
    baku_2018: Path, shared: Path, tmp_path: Path
) -> None:
    lake = Lake(tmp_path / "lake")
    added = add_session(lake, open_source(baku_2018))
    assert added.rows["laps"] == 841
    ours = lake.read("neutralisations", units=["2018-04-R"])
    theirs = pl.read_parquet(shared / "data/timing/neutralisations.parquet").filter(
        (pl.col("season") == 2018) & (pl.col("round") == 4) & (pl.col("session") == "Race")
    )
    assert ours["start_ms"].to_list() == [round(s * 1000) for s in theirs["start_s"].to_list()]
    assert ours["end_ms"].to_list() == [round(s * 1000) for s in theirs["end_s"].to_list()]
    stops = pl.read_parquet(shared / "data/timing/pit_stops.parquet").filter(
        (pl.col("season") == 2018) & (pl.col("round") == 4) & (pl.col("session") == "Race")
    )
    both = lake.read("pit_stops", units=["2018-04-R"]).join(stops, on=["driver_number", "lap"], suffix="_told")
    assert both.height >= 0.9 * stops.height
    assert (both["pit_lane_s"] - both["pit_lane_s_told"]).abs().median() < 0.1
