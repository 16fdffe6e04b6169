"""`overcut championship` as its users call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overcut.cli.main import main
from overcut.lake import Lake

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def at_home(small_history: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lake").symlink_to(small_history.folder, target_is_directory=True)
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")


def test_table_says_who_can_still_win_and_what_must_happen(capsys: Captured) -> None:
    assert main(["championship", "2024"]) == 0
    out = capsys.readouterr().out
    assert "after round 5 of 8" in out
    assert "Can still win:" in out
    assert "What must happen in round 6" in out
    assert "F1DB" in out


def test_finished_season_names_its_champion(capsys: Captured) -> None:
    assert main(["championship", "2005", "--constructors", "--all"]) == 0
    assert "is champion since round" in capsys.readouterr().out


def test_supposed_race_is_marked_as_such(capsys: Captured) -> None:
    assert main(["championship", "2024", "--if", "Brandt, Aalto", "--fastest-lap", "aalto"]) == 0
    assert "IF IT ENDED SO" in capsys.readouterr().out


def test_json_is_one_object(capsys: Captured) -> None:
    assert main(["championship", "2023", "--after", "7", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["year"], found["after"], found["of"]) == (2023, 7, "drivers")


def test_season_that_is_not_there_says_how_to_get_it(capsys: Captured) -> None:
    assert main(["championship", "1988"]) == 3
    assert "overcut history import" in capsys.readouterr().err
    assert main(["championship", "2024", "--after", "8"]) == 2


def test_order_that_names_nobody_is_an_error_and_not_a_race(capsys: Captured) -> None:
    assert main(["championship", "2024", "--if", " ,, "]) == 2
    assert "names nobody" in capsys.readouterr().err


def test_season_before_its_first_race_says_so(capsys: Captured) -> None:
    assert main(["championship", "2024", "--after", "0"]) == 0
    assert "Nobody has raced yet" in capsys.readouterr().out


def test_table_and_ways_fit_eighty_columns(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["championship", "2024", "--all"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
