"""`overcut telemetry`: files in four forms, a summary, and errors that say what to do."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from overcut.cli.main import main
from overcut.sources.simulated.wire.folder import write_session
from tests.sources.simulated.conftest import race_of


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Path:
    played = race_of("monza", 3, 2025, 6)
    return write_session(played.log, played.track, played.seed, tmp_path_factory.mktemp("race"))


def test_the_fastest_lap_of_two_drivers_is_written(
    race: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "laps.parquet"
    assert main(["telemetry", str(race), "--driver", "nor", "--driver", "Verstappen,4", "--out", str(out)]) == 0
    table = pl.read_parquet(out)
    assert table["driver"].unique(maintain_order=True).to_list() == ["NOR", "VER"]
    told = capsys.readouterr()
    assert told.out == ""
    assert "NOR lap" in told.err
    assert "off the lap's length" in told.err
    assert f"wrote {table.height} rows, 2 laps" in told.err


@pytest.mark.parametrize("ending", [".csv", ".json", ".jsonl"])
def test_every_form_holds_the_same_rows(race: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"lap{ending}"
    assert main(["telemetry", str(race), "--driver", "4", "--lap", "3", "--out", str(out)]) == 0
    read = {".csv": pl.read_csv, ".json": pl.read_json, ".jsonl": pl.read_ndjson}[ending](out)
    assert read["lap"].unique().to_list() == [3]
    assert read.height > 300


def test_all_laps_come_in_order(race: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.parquet"
    assert main(["telemetry", str(race), "--driver", "4", "--lap", "all", "--out", str(out)]) == 0
    laps = pl.read_parquet(out)["lap"]
    assert laps.is_sorted()
    assert laps.n_unique() >= 5


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--driver", "XYZ", "--out", "x.csv"], 3, "Nobody in this session is called 'XYZ'"),
        (["--driver", "4", "--lap", "99", "--out", "x.csv"], 3, "NOR has no lap 99"),
        (["--driver", "4", "--lap", "quick", "--out", "x.csv"], 2, "give a number, fastest or all"),
        (["--driver", "4", "--out", "x.xlsx"], 2, ".parquet"),
    ],
)
def test_what_cannot_be_had_is_said(
    race: Path, tmp_path: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = [str(tmp_path / text) if text.startswith("x.") else text for text in arguments]
    assert main(["telemetry", str(race), *named]) == code
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_session_without_telemetry_says_who_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    played = race_of("monza", 3, 2025, 6)
    bare = write_session(played.log, played.track, played.seed, tmp_path, telemetry=False)
    assert main(["telemetry", str(bare), "--driver", "4", "--out", str(tmp_path / "x.csv")]) == 3
    told = capsys.readouterr().err
    assert "holds no car telemetry" in told
    assert "F1TV token" in told
    assert not (tmp_path / "x.csv").exists()
