"""`overcut strategy whatif` on a lake with invented races."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overcut.cli.main import main
from tests.strategy.invented_races import lake_of_races

KEY = "2031-02-R"
ASK = ["strategy", "whatif", KEY, "D02", "--lap", "4", "--races", "60"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whatif-home")
    lake_of_races(folder / "lake", 2)
    return folder


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(home))
    monkeypatch.setenv("OVERCUT_SHARED", str(tmp_path / "nothing"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


def test_plans_are_printed_side_by_side_with_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--plan", "actual", "--plan", "late = 11 soft", "--plan", "none"]) == 0
    told = capsys.readouterr().out
    for words in ("actual", "late", "none", "What happened: P", "why (", "stops on lap 11 for SOFT", "Parameters:"):
        assert words in told


def test_answer_as_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--plan", "9 hard", "--sc", "6:2", "--rain", "8:2", "--fuel", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["driver"] == "D02"
    assert [scenario["name"] for scenario in told["scenarios"]] == ["9 hard"]


def test_sweep_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--plan", "9 hard", "--sweep", "1", "--within", "2"]) == 0
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines()[3:8]] == ["7", "8", "9", "10", "11"]


def test_question_of_a_file_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "question.json"
    file.write_text(json.dumps({"lap": 4, "driver": "D03", "races": 30}), encoding="utf-8")
    assert main([*ASK, "--question", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["driver"] == "D03"
    file.write_text('{"lap": 4}', encoding="utf-8")
    assert main([*ASK, "--question", str(file)]) == 2
    assert main([*ASK, "--question", str(tmp_path / "none.json")]) == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (["--plan", "25 purple"], 2),
        (["--plan", "99 hard"], 2),
        (["--plan", ", ".join(f"{5 + n % 6} hard" for n in range(41))], 2),
        (["--plan", "9 hard", "--fuel", "-1"], 2),
        (["--rivals", "nobody"], 2),
        (["--world", "flat"], 2),
        (["--sc", "soon"], 2),
        (["--lap", "99"], 2),
        (["--races", "0"], 2),
    ],
)
def test_nonsense_is_wrong_usage(changes: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, *changes]) == code
    told = capsys.readouterr().err
    assert "Error:" in told
    assert "Try:" in told


def test_unknown_race_is_missing_data() -> None:
    assert main(["strategy", "whatif", "2031-09-R", "D02"]) == 3
