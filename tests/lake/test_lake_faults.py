"""What may happen to a lake: killed writers, full disks, damaged files, newer versions. Nothing is lost."""

from __future__ import annotations

import errno
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import polars as pl
import pytest
import structlog.testing

from overcut.domain.tables import TABLES, LakeSource, Table
from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.lake.sql.desk import SqlDesk
from overcut.lake.store import durable
from overcut.lake.store.backups import back_up
from overcut.lake.store.durable import LakeWriteError
from overcut.lake.store.lock import LakeBusyError, owner_of
from overcut.lake.store.manifest import DamagedManifestError, NewerLakeError, encode, manifest_file, publish
from overcut.lake.store.migrations import NewerSchemaError, NoMigrationError
from overcut.lake.store.parts import DamagedPartError, fitted
from overcut.lake.store.restoring import restore
from overcut.lake.store.verifying import Fault, verify
from tests.lake.lake_rows import MONACO, SPA, laps, races
from tests.lake.writing import FULL, Writers, write_round

KILLS = 16


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    with lake.writing() as writer:
        writer.replace("laps", laps(MONACO), source=LakeSource.FRAMES, origin="first")
        writer.replace("races", races(2024), source=LakeSource.F1DB, origin="first")
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA), source=LakeSource.FRAMES, origin="second")
    return lake


@pytest.fixture
def copied(lake: Lake, tmp_path: Path) -> Path:
    back_up(lake, tmp_path / "backup")
    return tmp_path / "backup"


def content(lake: Lake) -> tuple[pl.DataFrame, pl.DataFrame]:
    return lake.read("laps"), lake.read("races")


def same(one: tuple[pl.DataFrame, pl.DataFrame], other: tuple[pl.DataFrame, pl.DataFrame]) -> bool:
    return all(a.equals(b, null_equal=True) for a, b in zip(one, other, strict=True))


def part_of(lake: Lake, table: str, unit: str) -> Path:
    return next(lake.folder / p.path for p in lake.manifest().parts if p.table == table and unit in p.units)


def faults(lake: Lake) -> list[Fault]:
    return [finding.fault for finding in verify(Lake(lake.folder)).findings]


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    writers = Writers()
    yield writers
    writers.close()


def test_a_writer_killed_at_any_moment_leaves_whole_rounds_only(tmp_path: Path, writers: Writers) -> None:
    chance = random.Random(4)  # noqa: S311 -- instants
    lake = Lake(tmp_path / "lake")
    recovered, turn = 0, 0
    for _ in range(KILLS):
        assert writers.run(lake.folder, ("rounds", turn), kill_after_s=chance.uniform(0.05, 0.9)) == [-signal.SIGKILL]
        recovered += owner_of(lake.places.lock) is not None
        turn = check_one_whole_round(lake) + 1
    assert turn > 2, "hardly a round was written"
    assert recovered > 2, "hardly a kill fell into a write"
    write_round(lake, turn)
    assert verify(lake).findings == ()


def check_one_whole_round(lake: Lake) -> int:
    """Every table tells of the same last round; which one."""
    fresh = Lake(lake.folder)
    if not fresh.generation:
        return -1
    verified = verify(fresh)
    assert verified.whole, verified.findings
    number = int(fresh.read("results").item(0, "driver_id").removeprefix("driver-"))
    assert fresh.manifest().note == f"round {number}"
    assert fresh.read("races").get_column("circuit_id").unique().to_list() == [f"circuit-{number}"]
    assert fresh.read("laps", units=["2023-01-R"]).get_column("lap_time_s").max() == pytest.approx(70.3 + number / 100)
    key = f"2024-{number % 24 + 1:02d}-R"
    assert fresh.query("SELECT count(*) FROM laps WHERE session_key = $k", {"k": key}).item() == 80
    return number


def test_lock_of_a_dead_process_is_taken_over_and_said(lake: Lake, writers: Writers) -> None:
    before = content(lake)
    writers.run(lake.folder, ("die", 0))
    assert sorted(faults(lake)) == [Fault.DEAD_WRITER, Fault.LEFT_OVER]
    assert verify(lake).whole
    assert same(content(Lake(lake.folder)), before)
    with structlog.testing.capture_logs() as logged, lake.writing() as writer:
        writer.replace("laps", laps("2024-21-R"), source=LakeSource.FRAMES)
    assert (logged[0]["log_level"], logged[0]["files_removed"]) == ("warning", 1)
    assert verify(lake).findings == ()


def test_second_writer_is_refused_at_once_and_told_who_writes(lake: Lake) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps("2024-20-R"), source=LakeSource.FRAMES)
        began = time.monotonic()
        with pytest.raises(LakeBusyError, match=f"process {os.getpid()}"), Lake(lake.folder).writing():
            pytest.fail("two writers")
        assert time.monotonic() - began < 1.0
        refused: list[OvercutError] = []

        def try_it() -> None:
            try:
                with lake.writing():
                    pass
            except LakeBusyError as error:
                refused.append(error)

        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
        assert len(refused) == 1
    assert "2024-20-R" in lake.units("laps")
    with lake.writing():
        pass


def test_writers_of_several_processes_lose_no_round(tmp_path: Path, writers: Writers) -> None:
    lake = Lake(tmp_path / "lake")
    assert writers.run(lake.folder, ("five", 1), ("five", 6), ("five", 11)) == [0, 0, 0]
    assert len(lake.units("laps")) == 15
    assert (lake.generation, verify(lake).findings) == (15, ())


@pytest.mark.parametrize("room", [1, 300, 2_000, 9_000])
def test_full_disk_is_said_and_changes_nothing(lake: Lake, writers: Writers, room: int) -> None:
    """No file may grow beyond ``room`` bytes: the lock, the manifest or the part does not fit."""
    before = content(lake)
    assert writers.run(lake.folder, ("room", room)) == [FULL]
    assert same(content(Lake(lake.folder)), before)
    assert verify(lake).findings == ()
    with lake.writing() as writer:
        writer.replace("laps", laps("2024-20-R"), source=LakeSource.FRAMES)
    assert lake.generation == 3


@pytest.mark.parametrize("fails_at", range(6))
def test_disk_that_fails_at_any_step_changes_nothing(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    before = content(lake)
    steps = 0

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            nonlocal steps
            steps += 1
            if steps == fails_at + 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments)

        return step

    monkeypatch.setattr(durable.os, "replace", failing(os.replace))
    monkeypatch.setattr(durable.os, "fsync", failing(os.fsync))
    with pytest.raises(LakeWriteError, match="full"), lake.writing() as writer:
        writer.replace("laps", laps("2024-20-R"), source=LakeSource.FRAMES)
    monkeypatch.undo()
    assert same(content(Lake(lake.folder)), before)
    assert [fault for fault in faults(lake) if fault is not Fault.LEFT_OVER] == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_blocks(path: Path) -> None:
    """A derived file whose head is whole and whose rows are not."""
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 8, len(data)):
        data[place] ^= 0x5A
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, flip, empty, Path.unlink])
@pytest.mark.parametrize(("table", "unit"), [("laps", SPA), ("races", "2024")])
def test_damaged_part_is_found_named_and_healed(
    lake: Lake, copied: Path, damage: Callable[[Path], None], table: str, unit: str
) -> None:
    before = content(lake)
    path = part_of(lake, table, unit)
    damage(path)
    found = verify(lake)
    assert not found.whole
    (finding,) = found.findings
    assert finding.fault is (Fault.MISSING_PART if damage is Path.unlink else Fault.DAMAGED_PART)
    assert (finding.table, finding.units) == (table, (unit,))
    assert "restore" in finding.remedy
    done = restore(lake, copied)
    assert (len(done.healed), done.still_damaged) == (1, ())
    assert verify(lake).findings == ()
    assert same(content(Lake(lake.folder)), before)


def test_damaged_part_says_so_when_read_and_leaves_other_tables_alone(lake: Lake) -> None:
    cut(part_of(lake, "laps", SPA))
    fresh = Lake(lake.folder)
    with pytest.raises(DamagedPartError, match="overcut lake verify"):
        fresh.read("laps", units=[SPA])
    with pytest.raises(DamagedPartError, match="overcut lake verify"):
        fresh.query("SELECT * FROM laps")
    assert fresh.read("laps", units=[MONACO]).height == 6
    assert fresh.query("SELECT count(*) FROM races").item() == 2
    assert fresh.query("SELECT count(*) FROM laps WHERE session_key = $k", {"k": MONACO}).item() == 6


@pytest.mark.parametrize("damage", [cut, flip_blocks, empty, Path.unlink])
def test_damaged_copy_of_history_is_found_and_made_anew(lake: Lake, damage: Callable[[Path], None]) -> None:
    """Nothing is lost: the derived file is only a copy, so nobody has to do anything."""
    asked = "SELECT count(*), min(circuit_id), sum(round) FROM races"
    expected = Lake(lake.folder).query(asked).rows()
    (copy,) = lake.places.derived.glob("*.duckdb")
    damage(copy)
    found = verify(lake)
    assert found.whole
    assert [finding.fault for finding in found.findings] == ([] if damage is Path.unlink else [Fault.DAMAGED_COPY])
    assert Lake(lake.folder).query(asked).rows() == expected
    assert verify(lake).findings == ()
    (copy,) = lake.places.derived.glob("*.duckdb")
    damage(copy)
    with SqlDesk(lake.folder, workers=1) as desk:
        assert desk.ask(asked).rows.rows() == expected
    assert verify(lake).findings == ()


def test_part_with_two_rows_of_one_key_or_fewer_than_written_is_found(lake: Lake) -> None:
    schema = TABLES["laps"]
    rows = lake.read("laps", [SPA])
    for wrong, why in ((pl.concat([rows, rows.head(1)]), "same session_key, driver_number, lap"), (rows, "fewer rows")):
        part = lake.shelf.write(schema, fitted(schema, wrong), "own", "a test", generation=lake.generation + 1)
        part = msgspec.structs.replace(part, units={SPA: wrong.height + (wrong is rows)})
        manifest = lake.manifest()
        told = msgspec.structs.replace(manifest, generation=lake.generation + 1, parts=(*manifest.parts, part))
        publish(lake.places, told)
        assert not verify(lake).whole
        assert any(finding.fault is Fault.WRONG_PART and why in finding.why for finding in verify(lake).findings)


def test_damaged_history_says_so_and_comes_back_without_a_new_start(lake: Lake, copied: Path) -> None:
    flip(part_of(lake, "races", "2024"))
    path = part_of(lake, "races", "2024")
    cut(path)
    fresh = Lake(lake.folder)
    with pytest.raises(DamagedPartError):
        fresh.query("SELECT * FROM races")
    assert fresh.query("SELECT count(*) FROM laps").item() == 12
    restore(fresh, copied)
    assert Lake(lake.folder).query("SELECT count(*) FROM races").item() == 2


def test_importing_again_heals_a_damaged_part(lake: Lake) -> None:
    before = content(lake)
    cut(part_of(lake, "laps", SPA))
    with lake.writing() as writer:
        assert writer.replace("laps", laps(SPA), source=LakeSource.FRAMES, origin="again") == [SPA]
    assert verify(lake).whole
    assert same(content(lake), before)


def test_what_no_backup_has_is_named_and_can_be_taken_out(lake: Lake) -> None:
    with lake.writing() as writer:
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.OPENF1)
    path = part_of(lake, "laps", SPA)
    cut(path)
    done = restore(lake)
    assert done.still_damaged == (path.relative_to(lake.folder).as_posix(),)
    assert not verify(lake).whole
    done = restore(lake, drop_damaged=True)
    assert done.dropped == done.still_damaged
    assert verify(lake).whole
    assert lake.read("laps", units=[SPA]).height == 2, "the next source answers"


@pytest.mark.parametrize("damage", [cut, flip, empty])
def test_damaged_manifest_is_refused_found_and_made_anew_from_the_files(
    lake: Lake, damage: Callable[[Path], None]
) -> None:
    before = content(lake)
    damage(manifest_file(lake.places, 2))
    fresh = Lake(lake.folder)
    for reading in (lambda: fresh.read("laps"), lambda: fresh.query("SELECT 1"), lambda: fresh.units("laps")):
        with pytest.raises(DamagedManifestError, match="overcut lake restore"):
            reading()
    with pytest.raises(DamagedManifestError), fresh.writing():
        pytest.fail("writes over a damaged manifest")
    assert faults(lake)[0] is Fault.DAMAGED_MANIFEST
    done = restore(fresh)
    assert (done.generation, len(done.recovered)) == (3, 1)
    assert same(content(Lake(lake.folder)), before)
    assert verify(fresh).findings == ()


def test_damaged_manifest_comes_from_the_backup_where_there_is_one(lake: Lake, copied: Path) -> None:
    before = content(lake)
    cut(manifest_file(lake.places, 2))
    done = restore(lake, copied)
    assert (str(copied) in done.manifest_from, done.recovered) == (True, ())
    assert same(content(Lake(lake.folder)), before)


def test_rows_of_a_writer_that_died_are_not_taken_for_those_of_a_lost_manifest(lake: Lake, writers: Writers) -> None:
    writers.run(lake.folder, ("die", 0))
    cut(manifest_file(lake.places, 2))
    restore(Lake(lake.folder))
    assert Lake(lake.folder).units("laps") == [MONACO, SPA]


def test_damaged_older_manifest_harms_nobody(lake: Lake) -> None:
    cut(manifest_file(lake.places, 1))
    assert faults(lake) == [Fault.OLD_MANIFEST]
    assert verify(lake).whole
    assert lake.units("laps") == [MONACO, SPA]


def test_lost_lake_comes_back_from_its_backup(lake: Lake, copied: Path, tmp_path: Path) -> None:
    before = content(lake)
    new = Lake(tmp_path / "elsewhere")
    restore(new, copied)
    assert same(content(new), before)
    assert verify(new).findings == ()


def newer(table: str, version: int) -> dict[str, Table]:
    return {**TABLES, table: msgspec.structs.replace(TABLES[table], version=version)}


def test_schema_of_a_newer_version_is_refused_for_its_table_alone(lake: Lake, copied: Path) -> None:
    tomorrow = Lake(lake.folder, tables=newer("laps", 2))
    with tomorrow.writing() as writer:
        writer.replace("laps", laps("2024-20-R"), source=LakeSource.FRAMES)
    today = Lake(lake.folder)
    with pytest.raises(NewerSchemaError, match="newer Overcut"):
        today.read("laps")
    with pytest.raises(NewerSchemaError, match="version 2"):
        today.query("SELECT * FROM laps")
    assert today.read("laps", units=[SPA]).height == 6
    assert today.query("SELECT count(*) FROM races").item() == 2
    assert faults(today) == [Fault.NEWER_SCHEMA]
    with today.writing() as writer:  # what it does not understand, it keeps
        writer.replace("laps", laps(SPA, laps_each=1), source=LakeSource.FRAMES)
    assert Lake(lake.folder, tables=newer("laps", 2), steps={("laps", 1): lambda f: f}).units("laps")[-1] == "2024-20-R"
    restore(today, copied, whole=True)
    assert verify(today).whole
    assert Lake(lake.folder).read("laps").height == 12


def test_lake_of_a_newer_format_is_refused_and_left_alone(lake: Lake, copied: Path) -> None:
    path = manifest_file(lake.places, 3)
    path.write_bytes(encode(lake.manifest()).replace(b'"overcut_lake":1', b'"overcut_lake":2', 1))
    files = {file: file.read_bytes() for file in lake.folder.rglob("*") if file.is_file()}
    fresh = Lake(lake.folder)
    with pytest.raises(NewerLakeError, match="update Overcut"):
        fresh.read("laps")
    with pytest.raises(NewerLakeError), fresh.writing():
        pytest.fail("writes into a newer lake")
    with pytest.raises(NewerLakeError):
        restore(fresh)
    assert faults(fresh)[0] is Fault.NEWER_LAKE
    assert {file: file.read_bytes() for file in lake.folder.rglob("*") if file.is_file()} == files
    restore(fresh, copied, whole=True)
    assert Lake(lake.folder).read("laps").height == 12


def kmh_to_ms(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("speed_st") / 3.6)


def test_part_of_an_older_schema_is_migrated_when_it_is_read_and_for_good_when_compacted(tmp_path: Path) -> None:
    from overcut.lake.store.compacting import compact  # noqa: PLC0415

    folder = tmp_path / "lake"
    with Lake(folder).writing() as writer:
        writer.replace("laps", laps(SPA).with_columns(speed_st=360.0), source=LakeSource.FRAMES)
        writer.replace("drivers", pl.DataFrame(DRIVER), source=LakeSource.F1DB)
    tables = {**newer("laps", 3), "drivers": newer("drivers", 2)["drivers"]}
    steps = {("laps", 1): kmh_to_ms, ("laps", 2): lambda f: f.with_columns(pl.col("speed_st") * 10)}
    steps[("drivers", 1)] = lambda f: f.with_columns(pl.col("name").str.to_uppercase())
    lake = Lake(folder, tables=tables, steps=steps)
    assert lake.read("laps").get_column("speed_st").unique().to_list() == [1000.0]
    assert lake.query("SELECT DISTINCT speed_st FROM laps").item() == 1000.0
    assert lake.query("SELECT name FROM drivers").item() == "ADA FAST"
    assert verify(lake).findings == ()
    compact(lake)
    assert {part.version for part in lake.manifest().parts if part.table == "laps"} == {3}
    assert Lake(folder, tables=tables, steps={}).read("laps").get_column("speed_st").unique().to_list() == [1000.0]


DRIVER = [{"driver_id": "ada-fast", "name": "Ada Fast"}]


def test_older_schema_without_a_migration_says_so(lake: Lake) -> None:
    tomorrow = Lake(lake.folder, tables=newer("laps", 2))
    with pytest.raises(NoMigrationError, match="from version 1 to 2"):
        tomorrow.read("laps")
    assert faults_of(tomorrow) == [Fault.NO_MIGRATION, Fault.NO_MIGRATION]


def faults_of(lake: Lake) -> list[Fault]:
    return [finding.fault for finding in verify(lake).findings]


def test_every_version_that_a_table_has_left_behind_has_its_migration() -> None:
    from overcut.lake.store.migrations import MIGRATIONS  # noqa: PLC0415

    needed = {(name, version) for name, table in TABLES.items() for version in range(1, table.version)}
    assert set(MIGRATIONS) == needed
