"""`overcut laps` and `overcut compare-laps`, on a simulated session."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from overcut.cli.main import main
from overcut.domain.session import SessionKind
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.lap_table import SCHEMA


@pytest.fixture(scope="module")
def qualifying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("weekend")
    return simulate_weekend(2025, "monza", 4, out, [SessionKind.QUALIFYING], telemetry=False)[0]


@pytest.fixture(scope="module")
def table(qualifying: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("laps") / "laps.parquet"
    assert main(["laps", str(qualifying), "--out", str(file)]) == 0
    return file


def test_the_file_has_every_column_and_every_car(table: Path) -> None:
    laps = pl.read_parquet(table)
    assert dict(laps.schema) == dict(SCHEMA)
    assert laps["driver"].n_unique() == 20
    assert laps["session"].unique().to_list() == ["Q"]
    assert laps.select("driver_number", "lap").is_duplicated().sum() == 0


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl"])
def test_other_formats_hold_the_same_rows(table: Path, qualifying: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"laps.{ending}"
    assert main(["laps", str(qualifying), "--out", str(file)]) == 0
    readers = {
        "csv": pl.read_csv,
        "json": pl.read_json,
        "jsonl": lambda path: pl.read_ndjson(path, infer_schema_length=None),
    }
    again = readers[ending](file)
    expected = pl.read_parquet(table)
    assert again.height == expected.height
    assert again["s1_s"].to_list() == expected["s1_s"].to_list()


def test_one_drivers_laps_are_printed(qualifying: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["laps", str(qualifying), "--driver", "nor"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert rows[0].split()[:3] == ["driver", "lap", "time"]
    assert {row.split()[0] for row in rows[1:]} == {"NOR"}


def test_a_driver_is_found_by_name_and_number_too(qualifying: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wanted in ("norris", "Lando Norris", "4"):
        assert main(["laps", str(qualifying), "--driver", wanted]) == 0
        assert {row.split()[0] for row in capsys.readouterr().out.splitlines()[1:] if row.strip()} == {"NOR"}
    assert main(["laps", str(qualifying), "--driver", ""]) == 2
    assert "names nobody" in capsys.readouterr().err


def test_a_session_without_timing_gives_no_empty_table(
    qualifying: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = tmp_path / qualifying.name
    session.mkdir()
    for stream in ("SessionInfo", "TimingAppData", "DriverList"):
        shutil.copy(qualifying / f"{stream}.jsonStream", session)
    assert main(["laps", str(session), "--out", str(tmp_path / "laps.csv")]) == 3
    assert "no timing of cars was recorded" in capsys.readouterr().err
    assert not (tmp_path / "laps.csv").exists()


def test_an_unknown_driver_is_named_with_those_there(qualifying: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["laps", str(qualifying), "--driver", "NOR,XYZ"]) == 3
    said = capsys.readouterr().err
    assert "'XYZ'" in said
    assert "VER" in said


def test_a_name_without_a_known_ending_is_refused_before_any_work(
    qualifying: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["laps", str(qualifying), "--out", str(tmp_path / "laps.xlsx")]) == 2
    assert ".parquet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_nothing_behind(
    qualifying: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken.parquet").mkdir()
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "laps.csv", tmp_path / f"{'a' * 300}.csv"):
        assert main(["laps", str(qualifying), "--out", str(place)]) == 1
        assert "cannot be written" in capsys.readouterr().err
    (tmp_path / "file").unlink()
    assert main(["laps", str(qualifying), "--out", str(tmp_path / "taken.parquet")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["taken.parquet"]


def test_a_table_compared_with_a_changed_copy_shows_the_change(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    laps = pl.read_parquet(table).with_columns(season=pl.lit(2025, dtype=pl.Int16), round=pl.lit(1, dtype=pl.Int16))
    ours, theirs, differences = tmp_path / "a.parquet", tmp_path / "b.parquet", tmp_path / "differences.csv"
    laps.write_parquet(ours)
    changed = pl.when(pl.col("lap") == 2).then(pl.col("s3_s") + 0.002).otherwise(pl.col("s3_s")).alias("s3_s")
    laps.with_columns(changed).write_parquet(theirs)
    assert main(["compare-laps", str(ours), str(theirs), "--json", "--out", str(differences)]) == 0
    told = json.loads(capsys.readouterr().out)
    column = told["columns"]["s3_s"]
    assert column["both"] - column["agree"] == pl.read_csv(differences).height > 10
    assert told["columns"]["s1_s"]["share"] == 1
    assert main(["compare-laps", str(ours), str(theirs)]) == 0
    assert "s3_s" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "not a Parquet file"), (None, "no lap table"), ("absent", "No file at")]
)
def test_what_is_no_lap_table_is_said_clearly(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | str | None, said: str
) -> None:
    file = tmp_path / "other.parquet"
    if content is None:
        pl.DataFrame({"lap": [1]}).write_parquet(file)
    elif isinstance(content, bytes):
        file.write_bytes(content)
    assert main(["compare-laps", str(table), str(file)]) in (2, 3)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pl.col("lap").cast(pl.String) + "x", "column lap holds"),
        (pl.col("lap_time_s").cast(pl.String) + "s", "column lap_time_s holds"),
        (pl.lit("no").alias("generated"), "column generated holds"),
        (pl.lit(5, dtype=pl.Int16).alias("lap"), "stands in it twice"),
        (pl.when(pl.col("lap") != 5).then("lap"), "name no car or no lap"),
    ],
)
def test_a_table_of_something_else_is_refused_in_words(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: pl.Expr, said: str
) -> None:
    odd = tmp_path / "odd.parquet"
    pl.read_parquet(table).with_columns(change).write_parquet(odd)
    assert main(["compare-laps", str(table), str(odd)]) == 2
    assert said in capsys.readouterr().err


def test_tables_of_different_sessions_are_not_compared(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.parquet"
    pl.read_parquet(table).with_columns(session=pl.lit("R")).write_parquet(other)
    assert main(["compare-laps", str(table), str(other), "--json"]) == 3
    told = capsys.readouterr()
    assert "no session in common" in told.err
    assert not told.out


def test_a_table_in_other_types_agrees_and_a_time_that_is_no_number_is_none(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.parquet"
    changes = [
        pl.col("driver_number", "track_status").cast(pl.Int64),
        pl.col("position", "lap").cast(pl.Float64),
        pl.when(pl.col("lap") == 2).then(float("nan")).otherwise("s3_s").alias("s3_s"),
    ]
    pl.read_parquet(table).with_columns(changes).write_parquet(other)
    assert main(["compare-laps", str(table), str(other), "--json"]) == 0
    columns = json.loads(capsys.readouterr().out)["columns"]
    assert all(column["agree"] == column["both"] for column in columns.values())
    assert columns["s3_s"]["only_left"] > 10
