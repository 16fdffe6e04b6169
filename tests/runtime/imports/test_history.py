"""Imports are whole or nothing, can be repeated at will, and tell every defect."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import polars as pl
import pytest

from overcut.domain.tables import TABLES, LakeSource, Table
from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.runtime.imports.history import import_f1db
from overcut.runtime.imports.importing import import_tables
from overcut.runtime.imports.timing import import_timing
from tests.history_data import write_f1db
from tests.timing_data import write_timing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_f1db(tmp_path / "f1db.db")
    return tmp_path / "f1db.db"


def content(lake: Lake) -> bytes:
    """The manifest, byte for byte."""
    return msgspec.json.encode(lake.manifest())


def test_importing_twice_changes_nothing(file: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first = import_f1db(lake, file)
    before = content(lake)
    again = import_f1db(lake, file)
    assert (first.changed, again.changed) == (True, False)
    assert first.rows == again.rows > 0
    assert content(lake) == before
    assert lake.generation == first.generation == again.generation == 1


def test_a_changed_season_replaces_that_season_only(file: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    import_f1db(lake, file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE race SET official_name = 'Renamed' WHERE year = 2005 AND round = 2")
        connection.commit()
    again = import_f1db(lake, file)
    assert {table.name: table.changed for table in again.tables if table.changed} == {"races": 1}
    names = lake.read("races", units=["2005"])["official_name"].to_list()
    assert names[1] == "Renamed"
    assert lake.read("races", units=["2019"]).height == 8


def test_an_error_in_the_middle_leaves_the_lake_as_it_was(file: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    import_f1db(lake, file)
    before = content(lake)

    def broken() -> object:
        yield TABLES["races"], lake.read("races").with_columns(pl.lit("other").alias("official_name"))
        raise OvercutError("the source broke off")

    with pytest.raises(OvercutError, match="broke off"):
        import_tables(lake, LakeSource.F1DB, "broken", broken())  # pyright: ignore[reportArgumentType]
    assert content(lake) == before


def test_defects_are_told_in_the_lake_and_go_when_the_source_is_mended(file: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    table: Table = TABLES["circuits"]
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE circuit SET latitude = 123 WHERE id = 'saltmarsh'")
        connection.commit()
    imported = import_f1db(lake, file)
    assert imported.defects == 1
    defect = lake.read("defects").row(0, named=True)
    assert (defect["source"], defect["table_name"], defect["kind"], defect["column_name"], defect["action"]) == (
        "f1db", "circuits", "out_of_range", "latitude", "repaired",
    )  # fmt: skip
    kept = lake.read("quarantine").row(0, named=True)
    assert msgspec.json.decode(kept["body"])["latitude"] == "123.0"
    assert lake.read("circuits").filter(pl.col("circuit_id") == "saltmarsh")["latitude"].to_list() == [None]
    generation = lake.generation
    assert not import_f1db(lake, file).changed
    assert lake.generation == generation
    write_f1db(file)
    mended = import_f1db(lake, file)
    assert mended.defects == 0
    assert lake.read("defects").is_empty()
    assert lake.read("quarantine").is_empty()
    assert lake.read(table.name)["latitude"].null_count() == 0


def test_timing_tables_bear_the_ids_of_the_history(file: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    import_f1db(lake, file)
    write_timing(tmp_path / "timing", lake)
    imported = import_timing(lake, tmp_path / "timing")
    assert imported.notes == []
    entries = lake.read("entries", units=["2024-01-R"])
    assert entries["driver_id"].null_count() == entries["constructor_id"].null_count() == 0
    brandt = entries.filter(pl.col("driver_number") == "2").row(0, named=True)
    assert (brandt["driver_id"], brandt["full_name"]) == ("anna-brandt", "Anna Brandt")
    session = lake.read("sessions", units=["2024-01-R"]).row(0, named=True)
    assert session["circuit_id"] == "harbour-ring"
    assert str(session["date"]) == "2024-03-11"
    odds = lake.read("odds").select("driver", "driver_id", "market", "decimal_odds").rows()
    assert sorted(odds) == [
        ("Anna Brandt", "anna-brandt", "win", 1.3333),
        ("Goran Slit", "goran-silt", "win", 10.0),
        ("Novak Emil", "emil-novak", "top3", 2.0),
        ("Novak Emil", "emil-novak", "win", 4.5),
    ]
    passes = lake.read("passes").select("row", "round", "on_television").rows()
    assert passes == [(1, 1, False), (2, None, None)]


def test_timing_tables_twice_change_nothing_and_their_faults_are_told(file: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    import_f1db(lake, file)
    write_timing(tmp_path / "timing", lake)
    import_timing(lake, tmp_path / "timing")
    before = content(lake)
    again = import_timing(lake, tmp_path / "timing")
    assert not again.changed
    assert content(lake) == before
    found = {
        (row["table_name"], row["kind"], row["action"]): row["rows"]
        for row in lake.read("defects").iter_rows(named=True)
    }
    assert found == {
        ("positions", "duplicate_key", "quarantined"): 1,
        ("positions", "repeated_row", "repaired"): 1,
        ("race_control", "not_monotonic", "kept"): 1,
        ("weather", "out_of_range", "repaired"): 1,
    }
    assert again.defects == 4


def test_without_history_timing_tables_come_in_unnamed_and_say_so(file: Path, tmp_path: Path) -> None:
    named = Lake(tmp_path / "named")
    import_f1db(named, file)
    write_timing(tmp_path / "timing", named)
    (tmp_path / "timing" / "weather.parquet").unlink()
    lake = Lake(tmp_path / "lake")
    imported = import_timing(lake, tmp_path / "timing")
    assert any("no F1DB" in note for note in imported.notes)
    assert any("weather.parquet" in note for note in imported.notes)
    assert lake.read("entries")["driver_id"].null_count() == lake.read("entries").height


@pytest.mark.shared
def test_the_real_tables_all_come_in(shared: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    import_f1db(lake, shared / "data/history/f1db-sqlite.zip")
    folder = tmp_path / "timing"
    folder.mkdir()
    for file in (shared / "data/timing").iterdir():
        if file.name != "gap_stream.parquet":  # four million rows more: the benchmark imports them
            (folder / file.name).symlink_to(file)
    imported = import_timing(lake, folder)
    rows = {table.name: table.rows for table in imported.tables}
    assert rows["laps"] == 449_164
    assert lake.read("laps", columns=["lap"]).height == 449_164
    assert lake.read("entries", columns=["driver_id"])["driver_id"].null_count() == 0
    assert lake.read("passes", columns=["round"])["round"].null_count() == 0
    assert lake.read("odds", columns=["driver_id"])["driver_id"].null_count() == 0
