"""`overcut lake` and `overcut sql`, as a person at a terminal meets them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest

from overcut.cli.main import main
from overcut.domain.tables import TABLES, LakeSource
from overcut.lake import Lake
from tests.lake.lake_rows import MONACO, SPA, laps, races


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    with Lake(tmp_path / "home" / "lake").writing() as writer:
        writer.replace("laps", laps(MONACO, SPA), source=LakeSource.TABLES)
        writer.replace("races", races(1996), source=LakeSource.F1DB)
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return json.loads(capsys.readouterr().out)


def test_status_names_tables_and_rows(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lake", "status", "--units"]) == 0
    out = capsys.readouterr().out
    assert "laps" in out
    assert f"{MONACO} {SPA}" in out
    assert main(["lake", "status", "--json", "--units"]) == 0
    found = told(capsys)
    assert (found["generation"], found["units"]) == (1, {"laps": [MONACO, SPA], "races": ["1996"]})


def test_empty_lake_says_how_to_fill_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "nothing"))
    assert main(["lake", "status"]) == 0
    assert "overcut history import" in capsys.readouterr().out
    assert main(["sql", "SELECT count(*) AS n FROM laps", "--json"]) == 0
    assert told(capsys) == {"n": 0}


def test_damage_is_found_and_healed(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lake", "verify"]) == 0
    assert main(["lake", "backup", str(tmp_path / "backup"), "--json"]) == 0
    capsys.readouterr()
    part = next((home / "lake" / "parts" / "laps").rglob("*.parquet"))
    part.write_bytes(b"rot")
    assert main(["lake", "verify"]) == 1
    out = capsys.readouterr().out
    assert "damaged" in out
    assert main(["lake", "verify", "--json"]) == 1
    assert told(capsys)["whole"] is False
    assert main(["lake", "restore"]) == 1
    assert "import it again" in capsys.readouterr().err
    assert main(["lake", "restore", str(tmp_path / "backup")]) == 0
    assert main(["lake", "verify"]) == 0


def test_keeping_commands_do_and_tell(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["compact", "--json"],
        ["export", str(tmp_path / "out"), "--format", "csv", "--table", "laps", "--json"],
        ["archive", "--dry-run", "--json"],
        ["forget", SPA, "--yes", "--json"],
    ):
        assert main(["lake", *arguments]) == 0
        assert told(capsys)
    assert sorted(path.name for path in (tmp_path / "out" / "laps").iterdir()) == [f"{MONACO}.csv", f"{SPA}.csv"]
    assert Lake(home / "lake").units("laps") == [MONACO]
    assert main(["lake", "recall", SPA]) == 3
    assert main(["lake", "export", str(tmp_path / "x"), "--format", "xlsx"]) == 2
    assert main(["lake", "forget", MONACO, "--source", "nobody"]) == 2


def test_forgetting_asks_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["lake", "forget", SPA]) == 1
    assert Lake(home / "lake").units("laps") == [MONACO, SPA]


def test_sql_prints_rows_or_writes_them(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = "SELECT driver_number, count(*) AS n FROM laps WHERE session_key = $key GROUP BY 1 ORDER BY 1"
    assert main(["sql", asked, "--param", f"key={SPA}"]) == 0
    out = capsys.readouterr().out
    assert "driver_number" in out
    assert "F1DB" not in out  # nothing of it is in these rows
    assert main(["sql", "SELECT count(*) AS n, 'a[b]' AS t FROM races"]) == 0
    out = capsys.readouterr().out
    assert "a[b]" in out
    assert "F1DB" in out
    file = tmp_path / "rows.parquet"
    assert main(["sql", asked, "--param", f"key={SPA}", "--out", str(file), "--limit", "1"]) == 0
    assert pl.read_parquet(file).rows() == [("16", 3)]
    assert "more than 1" in capsys.readouterr().err


def test_sql_into_a_file_that_cannot_be_written_says_so_and_spoils_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sql", "SELECT 1", "--out", str(tmp_path / "nowhere" / "rows.csv")]) == 2
    assert "There is no folder" in capsys.readouterr().err
    (tmp_path / "rows.csv").mkdir()
    assert main(["sql", "SELECT 1", "--out", str(tmp_path / "rows.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.glob("rows*")] == ["rows.csv"]


def test_backup_below_something_that_is_no_folder_says_so(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["lake", "backup", str(tmp_path / "file" / "backup")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_sql_reads_its_statement_from_standard_input(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT $n + 1 AS m"))
    assert main(["sql", "-", "--param", "n=41", "--json"]) == 0
    assert told(capsys) == {"m": 42}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["DROP VIEW laps"], 2),
        (["SELECT nothing FROM laps"], 1),
        ([], 2),
        (["SELECT 1", "--param", "x"], 2),
        (["SELECT 1", "--out", "rows.xlsx"], 2),
        (["--tables", "nothing"], 2),
    ],
)
def test_sql_that_cannot_be_answered_ends_with_its_code(home: Path, arguments: list[str], code: int) -> None:
    assert main(["sql", *arguments]) == code


def test_sql_lists_tables_and_their_columns(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "--tables", "--json"]) == 0
    names = [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()]
    assert names == list(TABLES)
    assert main(["sql", "--tables"]) == 0
    assert main(["sql", "--tables", "laps"]) == 0
    assert "lap_time_s" in capsys.readouterr().out
