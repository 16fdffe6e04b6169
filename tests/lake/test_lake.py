"""What goes into the lake comes out of it: by unit, by source, as frames and through SQL."""
# ruff: noqa: S608 -- names of our own tables

from __future__ import annotations

import threading
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.kernel.frame_schema import frame_schema
from overcut.lake import Lake
from overcut.lake.store.catalogue import BadQueryError
from tests.lake.lake_rows import MONACO, SPA, documents, laps, races


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def put(lake: Lake, table: str, frame: pl.DataFrame, source: LakeSource = LakeSource.TABLES) -> list[str]:
    with lake.writing() as writer:
        return writer.replace(table, frame, source=source, origin="a test")


def test_folder_without_a_lake_reads_as_empty_and_stays_untouched(lake: Lake) -> None:
    assert (lake.generation, lake.units("laps")) == (0, [])
    assert lake.read("laps").schema == pl.Schema(frame_schema(TABLES["laps"]))
    assert not lake.folder.exists()


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_of_an_empty_lake_answers_sql_with_its_schema(lake: Lake, name: str) -> None:
    assert lake.query(f"SELECT * FROM {name}").schema == pl.Schema(frame_schema(TABLES[name]))
    assert lake.query(f"SELECT * FROM {name}_all").is_empty()


def test_rows_come_back_as_they_went_in_with_the_absent_columns_empty(lake: Lake) -> None:
    put(lake, "laps", laps(SPA, MONACO))
    found = lake.read("laps")
    assert found.select("session_key", "driver_number", "lap", "lap_time_s").rows() == sorted(
        laps(MONACO, SPA).cast({"lap": pl.Int16}).rows()
    )
    assert found.get_column("compound").null_count() == found.height
    assert lake.query("SELECT * FROM laps ORDER BY session_key, driver_number, lap").equals(found)


def test_only_the_named_units_columns_and_rows_are_read(lake: Lake) -> None:
    put(lake, "laps", laps(SPA, MONACO))
    some = lake.read("laps", units=[SPA], columns=["lap", "session_key"], where=pl.col("driver_number") == "4")
    assert some.rows() == [(1, SPA), (2, SPA), (3, SPA)]
    assert lake.read("laps", units=["2030-01-R"]).is_empty()


def test_seasons_may_be_named_as_numbers(lake: Lake) -> None:
    put(lake, "races", races(1996, 1997), LakeSource.F1DB)
    assert lake.units("races") == ["1996", "1997"]
    assert lake.read("races", units=[1996]).get_column("season").unique().to_list() == [1996]


def test_replacing_a_unit_leaves_the_other_units_of_the_same_file_alone(lake: Lake) -> None:
    put(lake, "laps", laps(MONACO, SPA))
    assert put(lake, "laps", laps(SPA, laps_each=1)) == [SPA]
    assert lake.read("laps").get_column("session_key").value_counts().sort("session_key").rows() == [
        (MONACO, 6),
        (SPA, 2),
    ]
    assert lake.query("SELECT count(*) FROM laps").item() == 8


def test_importing_twice_changes_nothing(lake: Lake) -> None:
    put(lake, "laps", laps(MONACO, SPA))
    files = sorted(path.stat().st_mtime_ns for path in lake.places.parts.rglob("*.parquet"))
    assert put(lake, "laps", laps(MONACO, SPA).sample(fraction=1, shuffle=True, seed=1)) == []
    assert lake.generation == 1
    assert sorted(path.stat().st_mtime_ns for path in lake.places.parts.rglob("*.parquet")) == files


def test_only_units_that_changed_are_written_again(lake: Lake) -> None:
    put(lake, "laps", laps(MONACO, SPA))
    changed = pl.concat([laps(MONACO), laps(SPA, lap_time_s=99.0)])
    assert put(lake, "laps", changed) == [SPA]
    assert lake.read("laps", units=[SPA]).get_column("lap_time_s").min() == pytest.approx(99.1)


def test_the_most_believed_source_of_each_session_is_read(lake: Lake) -> None:
    put(lake, "laps", laps(MONACO, SPA, lap_time_s=80.0), LakeSource.TABLES)
    put(lake, "laps", laps(SPA, laps_each=1, lap_time_s=70.0), LakeSource.FRAMES)
    assert lake.sources("laps", SPA) == [LakeSource.FRAMES, LakeSource.TABLES]
    assert lake.read("laps", units=[SPA]).get_column("lap_time_s").to_list() == [70.1, 70.1]
    assert lake.read("laps", units=[SPA], source=LakeSource.TABLES).height == 6
    assert lake.units("laps", source=LakeSource.FRAMES) == [SPA]
    assert lake.query("SELECT count(*) FROM laps").item() == 8
    told = lake.query("SELECT source, count(*) FROM laps_all GROUP BY 1 ORDER BY 1")
    assert told.rows() == [("frames", 2), ("tables", 12)]


def test_the_most_believed_source_of_each_key_is_read_where_a_table_is_known_as_a_whole(lake: Lake) -> None:
    put(lake, "documents", documents("a", "b", body="own"), LakeSource.OWN)
    put(lake, "documents", documents("b", "c", body="frames"), LakeSource.FRAMES)
    rows = [("a", "own"), ("b", "frames"), ("c", "frames")]
    assert lake.read("documents", columns=["document_id", "body"]).rows() == rows
    assert lake.query("SELECT document_id, body FROM documents ORDER BY 1").rows() == rows
    assert lake.query("SELECT count(*) FROM documents_all").item() == 4


def test_removed_units_are_gone_and_the_next_source_is_believed(lake: Lake) -> None:
    put(lake, "laps", laps(MONACO, SPA), LakeSource.TABLES)
    put(lake, "laps", laps(SPA, laps_each=1), LakeSource.FRAMES)
    with lake.writing() as writer:
        writer.remove("laps", [SPA], source=LakeSource.FRAMES)
    assert lake.read("laps", units=[SPA]).height == 6
    with lake.writing() as writer:
        writer.remove("laps", source=LakeSource.TABLES)
    assert lake.units("laps") == []


def test_a_block_that_fails_changes_nothing_and_leaves_no_file(lake: Lake) -> None:
    put(lake, "laps", laps(MONACO))
    before = sorted(lake.folder.rglob("*"))
    with pytest.raises(OvercutError, match="lapz"), lake.writing() as writer:  # noqa: PT012 -- the last line fails
        writer.replace("laps", laps(SPA), source=LakeSource.TABLES)
        writer.remove("laps", [MONACO], source=LakeSource.TABLES)
        writer.remove("lapz", source=LakeSource.TABLES)
    assert lake.units("laps") == [MONACO]
    assert (lake.generation, sorted(lake.folder.rglob("*.parquet"))) == (
        1,
        [path for path in before if path.suffix == ".parquet"],
    )


def test_several_tables_become_visible_at_once(lake: Lake) -> None:
    reader = Lake(lake.folder)
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA), source=LakeSource.TABLES)
        writer.replace("races", races(2024), source=LakeSource.TABLES)
        assert (reader.generation, reader.units("laps")) == (0, [])
    assert (reader.generation, reader.units("laps"), reader.units("races")) == (1, [SPA], ["2024"])


def test_a_unit_replaced_twice_in_one_block_has_the_last_rows(lake: Lake) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=5), source=LakeSource.TABLES)
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.TABLES)
        assert writer.read("laps", source=LakeSource.TABLES).height == 2
    assert lake.read("laps").height == 2
    assert len(list(lake.places.parts.rglob("*.parquet"))) == 1


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (laps(SPA).with_columns(surprise=1), "surprise"),
        (laps(SPA).drop("lap"), "missing: lap"),
    ],
)
def test_rows_that_do_not_fit_are_refused_in_words(lake: Lake, frame: pl.DataFrame, said: str) -> None:
    with pytest.raises(OvercutError, match=said):
        put(lake, "laps", frame)
    assert lake.generation == 0


def test_refused_rows_are_kept_in_quarantine_and_told_among_the_defects(lake: Lake) -> None:
    odd = laps(SPA).with_columns(lap=pl.when(pl.col("lap") == 3).then(99_999).otherwise("lap"))
    put(lake, "laps", odd)
    assert lake.read("laps").height == 4
    told = lake.query("SELECT table_name, place, rows, action FROM defects WHERE action = 'quarantined'")
    assert told.rows() == [("laps", SPA, 2, "quarantined")]
    assert lake.read("quarantine").height == 2
    put(lake, "laps", odd)
    assert lake.generation == 1
    put(lake, "laps", laps(SPA))
    assert lake.read("defects").is_empty()


def test_unknown_tables_and_columns_are_refused_with_the_choices(lake: Lake) -> None:
    with pytest.raises(WrongUsageError, match="laps"):
        lake.read("lapz")
    with pytest.raises(OvercutError, match="race_control"):
        put(lake, "lapz", laps(SPA))
    with pytest.raises(WrongUsageError, match="lap_time_s"):
        lake.read("laps", columns=["time"])
    with pytest.raises(BadQueryError, match="no_such"):
        lake.query("SELECT no_such FROM laps")


def test_queries_take_parameters_and_threads(lake: Lake) -> None:
    put(lake, "races", races(*range(1950, 2000)), LakeSource.F1DB)
    wrong: list[object] = []

    def ask(season: int) -> None:
        for _ in range(20):
            found = lake.query("SELECT season, count(*) AS n FROM races WHERE season = $s GROUP BY 1", {"s": season})
            if found.rows() != [(season, 2)]:
                wrong.append(found)

    threads = [threading.Thread(target=ask, args=(season,)) for season in range(1950, 1958)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_odd_names_of_sessions_are_kept_out_of_file_names(lake: Lake) -> None:
    odd = "rec-../../it's 100% ö"
    put(lake, "laps", laps(odd))
    assert lake.read("laps", units=[odd]).height == 6
    assert lake.query("SELECT count(*) FROM laps WHERE session_key = $k", {"k": odd}).item() == 6
    assert all(lake.places.parts in path.parents for path in lake.folder.rglob("*.parquet"))


def test_times_and_days_keep_their_zone_through_sql(lake: Lake) -> None:
    frame = races(2024).with_columns(start_utc=pl.datetime(2024, 9, 1, 13, time_zone="UTC", time_unit="ms"))
    put(lake, "races", frame)
    found = lake.query("SELECT start_utc, date FROM races LIMIT 1")
    assert found.row(0) == lake.read("races").select("start_utc", "date").row(0)
    assert str(found.row(0)[0]) == "2024-09-01 13:00:00+00:00"
