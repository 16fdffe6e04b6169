"""`overcut pace` and `overcut analyse` on a lake with made-up races."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from overcut.cli.main import main
from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from tests.insights.pace.synthetic import synthetic_race

RACES = ("2024-01-R", "2024-02-R", "2024-03-R", "2024-04-R")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pace-home")
    tables = [
        synthetic_race(seed)[0].with_columns(
            pl.lit(key).alias("session_key"), pl.lit(seed + 1, pl.Int16).alias("round")
        )
        for seed, key in enumerate(RACES)
    ]
    with Lake(folder / "lake").writing() as writer:
        writer.replace("laps", pl.concat(tables), source=LakeSource.OWN, origin="made up")
    return folder


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(home))
    monkeypatch.setenv("OVERCUT_SHARED", str(tmp_path / "nothing"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


def test_report_of_a_race_in_the_lake_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pace", "2024-02-R", "--stints"]) == 0
    told = capsys.readouterr().out
    assert "Made-up Grand Prix" in told
    assert "Fair pace in clear air" in told
    for word in ("soft", "medium", "hard", "D01", "Fuel:", "Laps:", "Intervals hold nine times in ten"):
        assert word in told


def test_report_as_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pace", "2024-02-R", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["session"] == "2024-02-R"
    assert len(report["drivers"]) == 12
    assert report["drivers"][0]["to_field_s"]["low"] < report["drivers"][0]["to_field_s"]["high"]


def test_laps_are_printed_or_told_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pace", "2024-02-R", "--laps", "--driver", "D03"]) == 0
    assert "in lap" in capsys.readouterr().out
    assert main(["pace", "2024-02-R", "--laps", "--driver", "D03", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 50
    assert {line["driver"] for line in lines} == {"D03"}
    assert lines[0]["verdict"] == "first_lap"


def test_wrong_kinds_and_unknown_sessions_are_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pace", "2024-02-R", "--practice"]) == 2
    assert "is no practice" in capsys.readouterr().err
    assert main(["pace", "2024-02-R", "--practice", "--laps"]) == 2
    capsys.readouterr()
    assert main(["pace", "2024-09-R"]) == 3
    assert "not here" in capsys.readouterr().err


def test_example_analysis_runs_with_other_names(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["analyse", "example"]) == 0
    text = capsys.readouterr().out
    text = text.replace("2024-07-R", "2024-0[1-2]-R").replace('["McLaren", "Ferrari"]', '["Team 1", "Team 6"]')
    text = text.replace("McLaren", "Team 1").replace("Ferrari", "Team 6")
    (tmp_path / "mine.toml").write_text(text)
    assert main(["analyse", "run", "mine.toml"]) == 0
    told = capsys.readouterr()
    assert "block permutation" in told.out
    assert "R²" in told.out
    first = (tmp_path / "two-teams.json").read_bytes()
    assert main(["analyse", "run", "mine.toml", "--json"]) == 0
    assert (tmp_path / "two-teams.json").read_bytes() == first
    result = json.loads(capsys.readouterr().out)
    assert [session["key"] for session in result["sessions"]] == ["2024-01-R", "2024-02-R"]
    assert result["steps"][0]["differences"][0]["mean"]["high"] < 0.0  # the quicker team


def test_drivers_teams_and_seasons_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "compare", "D01", "D12", "2024-*-R", "--mode", "season"]) == 0
    told = capsys.readouterr().out
    assert "over 4 sessions (lower in 4)" in told
    assert "sign-flip permutation" in told
    assert main(["analyse", "compare", "Team 1", "Team 2", "2024-01-R", "--by", "team", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"][0]["measure"] == "fair_s"
    assert main(["analyse", "compare", "D01", "D02", "2024-01-R", "--mode", "decade"]) == 2
    assert "modes are" in capsys.readouterr().err


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("extra", [[], ["--stints"], ["--laps", "--driver", "D03"]])
def test_no_number_is_ever_cut_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, extra: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["pace", "2024-02-R", *extra]) == 0
    told = capsys.readouterr().out
    assert max(len(line) for line in told.splitlines()) <= width
    assert not re.search(r"\d…(\s|$)", told)
    if width in (60, 200):
        assert ("--wide shows all" in told) == (width == 60)


def test_wide_shows_every_column_however_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["pace", "2024-02-R", "--wide"]) == 0
    told = capsys.readouterr().out
    assert "P(next)" in told
    assert "No room" not in told


def test_wet_race_says_what_kept_its_laps_out_and_still_lists_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wet = synthetic_race(1)[0].with_columns(
        pl.lit("2024-09-R").alias("session_key"), pl.lit(9, pl.Int16).alias("round"), pl.lit("WET").alias("compound")
    )
    with Lake(tmp_path / "lake").writing() as writer:
        writer.replace("laps", wet, source=LakeSource.OWN, origin="made up")
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path))
    assert main(["pace", "2024-09-R"]) == 3
    assert re.search(r"here are \d+ wet", capsys.readouterr().err)
    assert main(["pace", "2024-09-R", "--laps", "--driver", "D03"]) == 0
    assert "No lap has a fair time" in capsys.readouterr().out
    assert main(["pace", "2024-09-R", "--laps", "--json"]) == 0
    assert all(json.loads(line)["fair_s"] is None for line in capsys.readouterr().out.splitlines())
