"""A release of F1DB becomes tables whole, whatever file it comes in; a damaged one is told and never half read."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.kernel.frame_schema import frame_schema
from overcut.lake.validation import checked
from overcut.sources.history.f1db import open_release
from overcut.sources.history.f1db.release import QUERIES
from tests.history_data import RUN_OF_LAST, SEASONS, write_f1db


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("f1db") / "f1db.db"
    write_f1db(file)
    return file


def tables_of(file: Path) -> dict[str, pl.DataFrame]:
    with open_release(file) as release:
        return {table.name: frame for table, frame in release.tables()}


def test_every_query_gives_its_tables_columns() -> None:
    for query in QUERIES:
        assert len(query.values) == len(query.table.columns), query.table.name


def test_every_table_of_the_release_is_valid_as_it_comes(database: Path) -> None:
    with open_release(database) as release:
        for table, frame in release.tables():
            assert dict(frame.schema) == frame_schema(table)
            assert checked(table, frame).findings == ()
            assert frame.height, table.name


def test_a_zip_gives_the_same_as_the_database_in_it(database: Path, tmp_path: Path) -> None:
    packed = tmp_path / "f1db-sqlite.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, "f1db.db")
    plain, unpacked = tables_of(database), tables_of(packed)
    assert plain.keys() == unpacked.keys()
    assert all(plain[name].equals(unpacked[name]) for name in plain)


def test_races_that_are_to_come_have_no_laps_yet(database: Path) -> None:
    races = tables_of(database)["races"].filter(pl.col("season") == max(SEASONS))
    assert races.filter(pl.col("laps").is_null())["round"].to_list() == list(range(RUN_OF_LAST + 1, 9))
    assert races["scheduled_laps"].drop_nulls().len() == 8 - RUN_OF_LAST


def test_the_champion_is_who_leads_once_the_title_is_decided(database: Path) -> None:
    found = tables_of(database)
    final = found["driver_standings"].filter((pl.col("round") == 0) & pl.col("champion"))
    assert final["season"].to_list() == list(SEASONS[:-1])
    assert final["position"].to_list() == [1] * (len(SEASONS) - 1)
    decided = found["races"].filter("drivers_decider").select("season", "round")
    first = found["driver_standings"].filter(pl.col("champion") & (pl.col("round") > 0))
    assert first.group_by("season").agg(pl.col("round").min()).sort("season").rows() == decided.sort("season").rows()


def test_the_day_of_a_race_is_the_local_one(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE circuit SET longitude = -115.17 WHERE id = 'harbour-ring'")
        connection.execute("UPDATE race SET date = '2024-11-24', time = '06:00' WHERE year = 2024 AND round = 1")
        connection.commit()
    race = tables_of(database)["races"].filter((pl.col("season") == 2024) & (pl.col("round") == 1)).row(0, named=True)
    assert race["date"] == date(2024, 11, 23)
    assert race["start_utc"] == datetime(2024, 11, 24, 6, 0, tzinfo=UTC)


def test_a_word_where_a_number_belongs_is_told_not_lost(database: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "f1db.db"
    damaged.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(damaged)) as connection:
        connection.execute("UPDATE race_data SET race_laps = 'many' WHERE type = 'RACE_RESULT' AND rowid IN (SELECT "
                           "rowid FROM race_data WHERE type = 'RACE_RESULT' LIMIT 1)")  # fmt: skip
        connection.commit()
    with open_release(damaged) as release:
        table, frame = next((table, frame) for table, frame in release.tables() if table.name == "results")
    passed = checked(table, frame)
    assert [(found.kind, found.column, found.rows) for found in passed.findings] == [("wrong_type", "laps", 1)]
    assert passed.quarantined["laps"].to_list() == ["many"]
    assert passed.frame.height == frame.height


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _no_database(file: Path) -> None:
    file.write_bytes(b"<html>sign in</html>")


def _other_layout(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE race_driver_standing")
        connection.commit()


@pytest.mark.parametrize(
    ("damage", "said"), [(_cut, "damaged"), (_no_database, "no SQLite database"), (_other_layout, "driver_standings")]
)
def test_a_file_that_is_no_whole_release_says_so(
    damage: Callable[[Path], None], said: str, database: Path, tmp_path: Path
) -> None:
    file = tmp_path / "f1db.db"
    file.write_bytes(database.read_bytes())
    damage(file)
    with pytest.raises(OvercutError, match=said):
        tables_of(file)


def test_a_damaged_zip_and_one_without_a_database_say_so(database: Path, tmp_path: Path) -> None:
    packed = tmp_path / "f1db-sqlite.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, "f1db.db")
    data = bytearray(packed.read_bytes())
    data[len(data) // 2] ^= 0xFF
    packed.write_bytes(data)
    with pytest.raises(OvercutError, match="damaged zip"):
        tables_of(packed)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(OvercutError, match="0 databases"):
        tables_of(packed)


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError):
        tables_of(tmp_path / "none.zip")


@pytest.mark.shared
def test_the_real_release_is_read_whole(shared: Path) -> None:
    found = tables_of(shared / "data/history/f1db-sqlite.zip")
    assert found["races"].height >= 1149
    assert found["results"].filter(pl.col("season") == 1950)["position"].min() == 1
    champions = found["driver_standings"].filter((pl.col("round") == 0) & pl.col("champion"))
    assert champions["season"].to_list() == list(range(1950, 2025))
    vegas = found["races"].filter((pl.col("season") == 2023) & (pl.col("grand_prix_id") == "las-vegas"))
    assert vegas["date"].to_list() == [date(2023, 11, 18)]
