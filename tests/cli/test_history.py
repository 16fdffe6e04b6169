"""`overcut history` on the invented championship: tables that fit the terminal, JSON that is whole, clear refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from overcut.cli.main import main
from overcut.lake import Lake

COMMANDS = (
    ("search", "brandt", "2019", "saltmarsh"),
    ("season", "2019"),
    ("season", "2024"),
    ("race", "2019", "saltmarsh"),
    ("race", "2023", "3"),
    ("standings", "2019", "--after", "3"),
    ("standings", "2019", "--constructors"),
    ("driver", "Anna", "Brandt"),
    ("constructor", "aurora"),
    ("circuit", "old port"),
    ("grand-prix", "monte-alto"),
    ("records",),
    ("records", "wins", "--of", "constructors", "--from", "2000"),
    ("records", "youngest-winner"),
    ("records", "closest-finishes"),
    ("records", "wins-in-a-row", "--circuit", "saltmarsh"),
    ("records", "titles-in-a-row"),
    ("records", "most-winners"),
    ("head-to-head", "brandt", "aalto"),
    ("team-mates", "2019"),
    ("eras", "podiums", "--least", "1"),
    ("eras", "--constructors"),
)


@pytest.fixture(autouse=True)
def home(small_history: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(small_history.folder, tmp_path / "lake")
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_fits_eighty_columns_and_names_its_source(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", *command]) == 0
    told = capsys.readouterr().out
    assert told.strip()
    assert max(len(line) for line in told.splitlines()) <= 80
    if command[0] not in {"search"} and command != ("records",):
        assert "F1DB" in told


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_json_is_one_object(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", *command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("command", "code", "word"),
    [
        (("driver", "xqxqxq"), 3, "xqxqxq"),
        (("season", "1800"), 3, "1800"),
        (("race", "2019", "xqxqxq"), 3, "xqxqxq"),
        (("search", "xqxqxq"), 3, "xqxqxq"),
        (("records", "win"), 3, "wins"),
        (("records", "titles", "--of", "tyres"), 2, "constructors"),
        (("eras", "luck"), 2, "podiums"),
    ],
)
def test_what_cannot_be_told_says_what_to_try(
    command: tuple[str, ...], code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", *command]) == code
    assert word in capsys.readouterr().err


def test_without_history_the_way_to_it_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(home / "elsewhere"))
    assert main(["history", "season", "2019"]) == 3
    assert "overcut history import" in capsys.readouterr().err


def test_the_computed_table_is_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "standings", "2019", "--json"]) == 0
    published = json.loads(capsys.readouterr().out)
    assert main(["history", "standings", "2019", "--computed", "--json"]) == 0
    computed = json.loads(capsys.readouterr().out)
    assert [(row["driver"]["id"], row["points"]) for row in published["rows"]] == [
        (line["entrant"]["id"], line["points"]) for line in computed["table"]
    ]
