"""`overcut strategy window` on a lake with invented races."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from overcut.cli.strategy_window import window
from overcut.kernel.errors import OvercutError
from tests.strategy.invented_races import lake_of_races

KEY = "2031-02-R"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("window-home")
    lake_of_races(folder / "lake", 2)
    return folder


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(home))
    monkeypatch.setenv("OVERCUT_SHARED", str(tmp_path / "nothing"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


def told(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(window)
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_every_car_is_one_line_with_its_window_and_advice() -> None:
    out = told(KEY, "--lap", "5", "--races", "8")
    for words in ("after lap 5 of 12", "stop now: place", "D01", "D06", "Parameters:"):
        assert words in out


def test_one_driver_is_told_in_full() -> None:
    out = told(KEY, "--lap", "5", "--driver", "d02", "--races", "8")
    for words in ("D02", "Window: laps", "Cost by lap 6-11", "Stopping now: P", "cut D"):
        assert words in out
    assert "D05  " not in out


def test_json_is_one_object_and_only_the_driver_asked_for() -> None:
    answer = json.loads(told(KEY, "--lap", "5", "--driver", "2", "--races", "0", "--json"))
    assert [car["driver_number"] for car in answer["cars"]] == ["2"]
    assert answer["cars"][0]["recommendation"]["races"] == 0


def test_race_that_is_followed_tells_each_change_and_its_score() -> None:
    lines = told(KEY, "--follow", "--driver", "D01", "--races", "0", "--score")
    assert "pieces of advice" in lines
    assert "rejoins: place right" in lines
    followed = told(KEY, "--follow", "--driver", "D01", "--races", "0", "--json").splitlines()
    laps = [json.loads(line)["advice"]["lap"] for line in followed]
    assert laps == sorted(laps)
    assert len(laps) == sum(line.startswith("lap ") for line in lines.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        (KEY, "--lap", "99"),
        (KEY, "--lap", "5", "--follow"),
        (KEY, "--score"),
        (KEY, "--driver", "XYZ", "--races", "0"),
        ("1999-01-R",),
    ],
)
def test_nonsense_is_a_clear_error(arguments: tuple[str, ...]) -> None:
    with pytest.raises(OvercutError) as error:
        told(*arguments)
    assert error.value.what
    assert error.value.hint or error.value.why
