"""How a lake is kept: backed up, compacted, exported, packed away and recalled, forgotten; what it says of itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import msgspec
import polars as pl
import pytest

from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.lake import Lake
from overcut.lake.store.backups import back_up
from overcut.lake.store.compacting import compact
from overcut.lake.store.durable import LakeWriteError
from overcut.lake.store.exporting import ExportFormat, export
from overcut.lake.store.forgetting import forget, what_would_go
from overcut.lake.store.lake import ArchivedError
from overcut.lake.store.manifest import KEPT_GENERATIONS, generations
from overcut.lake.store.parts import DamagedPartError
from overcut.lake.store.restoring import restore
from overcut.lake.store.retention import Retention, age, recall
from overcut.lake.store.status import status
from overcut.lake.store.verifying import verify
from tests.lake.lake_rows import MONACO, SPA, documents, laps, races

OLD, RECENT, LAST = "2019-08-R", "2024-08-R", "2024-14-R"
TODAY = date(2024, 8, 20)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    with lake.writing() as writer:
        writer.replace("laps", laps(MONACO, SPA), source=LakeSource.TABLES, origin="tables")
        writer.replace("races", races(1996, 1997), source=LakeSource.F1DB, origin="f1db")
        writer.replace("documents", documents("a", "b"), source=LakeSource.OWN, origin="mine")
    return lake


def positions(key: str) -> pl.DataFrame:
    return pl.DataFrame([
        {"session_key": key, "t_ms": t * 1000, "driver_number": number, "gap_s": t / 7}
        for t in range(2000) for number in ("4", "16")
    ])  # fmt: skip


@pytest.fixture
def aged(lake: Lake) -> Lake:
    with lake.writing() as writer:
        for key, day in ((OLD, date(2019, 5, 26)), (RECENT, date(2024, 5, 1)), (LAST, date(2024, 7, 28))):
            session = {"session_key": key, "date": day, "simulated": False, "reconstructed": False}
            writer.replace("sessions", pl.DataFrame([session]), source=LakeSource.FRAMES)
            writer.replace("positions", positions(key), source=LakeSource.FRAMES, origin=f"feed of {key}")
        writer.replace("positions", positions("rec-undated"), source=LakeSource.FRAMES)
    return lake


def everything(lake: Lake) -> dict[str, pl.DataFrame]:
    return {name: lake.read(name) for name in TABLES if lake.units(name)}


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return one.keys() == other.keys() and all(one[name].equals(other[name], null_equal=True) for name in one)


def test_backup_is_a_lake_itself_and_grows_by_what_is_new(lake: Lake, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    first = back_up(lake, target)
    assert (first.copied, first.kept, verify(Lake(target)).findings) == (3, 0, ())
    assert same(everything(Lake(target)), everything(lake))
    with lake.writing() as writer:
        writer.replace("laps", laps("2024-20-R"), source=LakeSource.FRAMES)
    second = back_up(lake, target)
    assert (second.copied, second.kept, generations(Lake(target).places)) == (1, 3, [1, 2])
    assert back_up(lake, target).copied == 0


def test_backup_heals_itself_and_refuses_damage(lake: Lake, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(lake, target)
    path = lake.manifest().parts[0].path
    (target / path).write_bytes(b"rot")
    assert back_up(lake, target).copied == 1
    (lake.folder / path).write_bytes(b"rot")
    (target / path).unlink()
    with pytest.raises(DamagedPartError, match="overcut lake verify"):
        back_up(lake, target)


def test_backup_goes_into_no_folder_that_holds_something_else(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"")
    other = Lake(tmp_path / "other")
    with other.writing() as writer:
        writer.replace("laps", laps(SPA), source=LakeSource.FRAMES)
    back_up(other, tmp_path / "backup-of-other")
    for folder in (tmp_path / "photos", tmp_path / "backup-of-other", lake.folder, lake.folder / "inside"):
        with pytest.raises(WrongUsageError):
            back_up(lake, folder)
    with pytest.raises(DataMissingError, match="nothing to back up"):
        back_up(Lake(tmp_path / "none"), tmp_path / "new")


def test_restore_from_a_folder_that_is_no_backup_says_so(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="no backup"):
        restore(lake, tmp_path / "nowhere")
    with pytest.raises(WrongUsageError, match="needs a backup"):
        restore(lake, whole=True)
    with pytest.raises(DataMissingError, match="no generation 7"):
        restore(lake, generation=7)
    other = Lake(tmp_path / "other")
    with other.writing() as writer:
        writer.replace("laps", laps(SPA), source=LakeSource.FRAMES)
    with pytest.raises(WrongUsageError, match="another lake"):
        restore(lake, other.folder)


def test_lake_goes_back_to_an_older_generation(lake: Lake) -> None:
    before = everything(lake)
    with lake.writing() as writer:
        writer.remove("laps", source=LakeSource.TABLES)
    assert restore(lake, generation=1).generation == 3
    assert same(everything(lake), before)


def test_older_generations_stay_for_their_readers_and_then_go(lake: Lake) -> None:
    for number in range(KEPT_GENERATIONS + 5):
        with lake.writing() as writer:
            writer.replace("laps", laps(SPA, lap_time_s=60 + number), source=LakeSource.FRAMES)
    known = generations(lake.places)
    assert (len(known), known[-1]) == (KEPT_GENERATIONS, KEPT_GENERATIONS + 6)
    assert len(list(lake.places.parts.glob("laps/**/*.parquet"))) == KEPT_GENERATIONS + 1
    assert verify(lake).findings == ()


def test_compaction_changes_nothing_but_the_number_of_files(lake: Lake) -> None:
    for number in range(1, 25):
        with lake.writing() as writer:
            writer.replace("laps", laps(f"2023-{number:02d}-R"), source=LakeSource.FRAMES, origin=f"session {number}")
            writer.replace("races", races(2000 + number), source=LakeSource.F1DB, origin="f1db")
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.TABLES)
    (lake.places.parts / "laps" / "left.parquet").write_bytes(b"left")
    before = everything(lake)
    done = compact(lake)
    assert (done.parts_before, done.parts_after) == (52, 4)
    assert same(everything(lake), before)
    assert lake.query("SELECT count(*) FROM laps").item() == before["laps"].height
    assert verify(lake).findings == ()
    assert len(list(lake.places.parts.rglob("*.parquet"))) <= 4 + 52
    again = compact(lake)
    assert (again.parts_before, again.parts_after) == (4, 4)


def test_reader_whose_files_are_compacted_away_reads_the_new_ones(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.TABLES)
    reader = Lake(lake.folder)
    before = reader.manifest(), reader.catalogue()

    def compacted_meanwhile(_: Lake) -> object:
        monkeypatch.undo()
        compact(lake, keep_generations=1)
        return before[0]

    monkeypatch.setattr(Lake, "manifest", compacted_meanwhile)
    assert reader.read("laps").height == 8
    with lake.writing() as writer:
        writer.replace("laps", laps(MONACO, laps_each=1), source=LakeSource.TABLES)

    def compacted_again(_: Lake) -> object:
        monkeypatch.undo()
        compact(lake, keep_generations=1)
        return before[1]

    monkeypatch.setattr(Lake, "catalogue", compacted_again)
    assert reader.query("SELECT count(*) FROM laps").item() == 4


def test_compaction_of_a_damaged_lake_changes_nothing(lake: Lake) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.TABLES)
    (lake.folder / lake.manifest().parts[0].path).write_bytes(b"rot")
    with pytest.raises(DamagedPartError):
        compact(lake)
    assert lake.generation == 2


@pytest.mark.parametrize("form", [f for f in ExportFormat if f is not ExportFormat.DUCKDB])
def test_exported_rows_are_the_lakes(lake: Lake, tmp_path: Path, form: ExportFormat) -> None:
    done = export(lake, tmp_path / "out", form)
    assert done.rows == {"laps": 12, "races": 4, "documents": 2}
    folder = tmp_path / "out" / "laps"
    wanted = lake.read("laps").select("session_key", "driver_number", "lap", "lap_time_s")
    match form:
        case ExportFormat.PARQUET | ExportFormat.DELTA:
            found = pl.read_parquet(folder / "**/*.parquet", hive_partitioning=True)
        case ExportFormat.CSV:
            found = pl.read_csv(folder / "*.csv", schema_overrides={"driver_number": pl.String})
        case ExportFormat.JSONL:
            found = pl.read_ndjson(folder / "*.jsonl")
        case _:
            found = pl.concat([pl.read_ipc(path) for path in sorted(folder.glob("*.arrow"))])
    assert found.select(wanted.columns).cast(wanted.schema).sort(wanted.columns).equals(wanted.sort(wanted.columns))


def test_exported_delta_tables_name_every_file_with_its_rows(lake: Lake, tmp_path: Path) -> None:
    export(lake, tmp_path / "out", ExportFormat.DELTA, tables=["laps"])
    log = tmp_path / "out/laps/_delta_log/00000000000000000000.json"
    actions = [msgspec.json.decode(line) for line in log.read_bytes().splitlines()]
    assert [next(iter(action)) for action in actions] == ["protocol", "metaData", "add", "add"]
    schema = msgspec.json.decode(actions[1]["metaData"]["schemaString"])
    assert [field["name"] for field in schema["fields"]] == list(TABLES["laps"].names)
    for action in actions[2:]:
        file = tmp_path / "out/laps" / action["add"]["path"]
        assert file.stat().st_size == action["add"]["size"]
        assert msgspec.json.decode(action["add"]["stats"]) == {"numRecords": pl.read_parquet(file).height}


def test_exported_duckdb_file_has_tables_with_their_meanings(lake: Lake, tmp_path: Path) -> None:
    export(lake, tmp_path / "out", ExportFormat.DUCKDB, units=[SPA])
    with duckdb.connect(str(tmp_path / "out/overcut.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM laps").fetchall() == [(6,)]
        comment = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'laps'").fetchone()
    assert comment == (TABLES["laps"].meaning,)


def test_export_writes_into_no_full_folder_and_no_empty_table(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="not empty"):
        export(lake, lake.folder)
    with pytest.raises(WrongUsageError, match="lapz"):
        export(lake, tmp_path / "out", tables=["lapz"])
    with pytest.raises(DataMissingError):
        export(lake, tmp_path / "out", tables=["telemetry"])


def test_forgotten_sessions_leave_every_table_and_the_disk(lake: Lake) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.FRAMES)
    assert what_would_go(lake, [SPA]) == {"laps": 8}
    done = forget(lake, [SPA])
    assert done.rows == {"laps": 8}
    assert lake.units("laps") == [MONACO]
    files = list(lake.folder.rglob("*.parquet"))
    assert not any(SPA.encode() in path.read_bytes() for path in files)
    assert generations(lake.places) == [lake.generation]
    assert verify(lake).findings == ()
    with pytest.raises(DataMissingError, match="nothing of 2030"):
        forget(lake, ["2030-01-R"])


def test_forgetting_one_source_lets_the_other_answer(lake: Lake) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.FRAMES)
    forget(lake, [SPA], tables=["laps"], source=LakeSource.FRAMES)
    assert lake.read("laps", units=[SPA]).height == 6


def test_old_sessions_are_packed_away_and_come_back(aged: Lake) -> None:
    before = everything(aged)
    planned = age(aged, TODAY, Retention(), dry=True)
    assert (planned.repacked, planned.archived, planned.overdue) == ((RECENT,), (OLD,), ())
    assert aged.generation == 2
    done = age(aged, TODAY, Retention())
    assert (done.repacked, done.archived) == ((RECENT,), (OLD,))
    assert aged.units("positions") == [RECENT, LAST, "rec-undated"]
    assert aged.read("positions", units=[RECENT]).equals(before["positions"].filter(session_key=RECENT))
    with pytest.raises(ArchivedError, match=f"overcut lake recall {OLD}"):
        aged.read("positions", units=[OLD])
    assert aged.query("SELECT count(DISTINCT session_key) FROM positions").item() == 3
    assert verify(aged).findings == ()
    assert status(aged).tables[-1].archived == 0
    assert {table.name: table.archived for table in status(aged).tables}["positions"] == 1
    assert age(aged, TODAY, Retention()).archived == ()
    compact(aged)
    assert recall(aged, [OLD]) == (OLD,)
    assert same(everything(aged), before)
    with pytest.raises(DataMissingError, match="in the archive"):
        recall(aged, [OLD])


def test_archive_is_backed_up_healed_and_forgotten_like_the_rest(aged: Lake, tmp_path: Path) -> None:
    age(aged, TODAY, Retention())
    assert age(aged, date(2026, 1, 1), Retention(), dry=True).overdue == (OLD,)
    back_up(aged, tmp_path / "backup")
    (part,) = aged.manifest().archived
    (aged.folder / part.path).write_bytes(b"rot")
    assert [finding.place for finding in verify(aged).findings] == [part.path]
    with pytest.raises(DamagedPartError):
        recall(aged, [OLD])
    assert restore(aged, tmp_path / "backup").healed == (part.path,)
    forget(aged, [OLD])
    assert (aged.manifest().archived, list(aged.places.archive.rglob("*.parquet"))) == ((), [])


def test_status_tells_what_is_there(lake: Lake, tmp_path: Path) -> None:
    found = status(lake)
    table = next(table for table in found.tables if table.name == "laps")
    assert (table.rows, table.units, table.first, table.last, table.sources) == (12, 2, MONACO, SPA, {"tables": 2})
    assert (found.generation, found.sessions, found.seasons, found.rows) == (1, 2, 2, 18)
    assert found.writer is None
    with lake.writing():
        assert status(lake).writer is not None
    assert status(Lake(tmp_path / "none")).tables == ()


def test_lake_in_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises((LakeWriteError, OvercutError)), Lake(tmp_path / "file").writing():
        pytest.fail("writes below a file")
