"""``overcut history import`` and ``overcut lake disagreements`` as a person and a program use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overcut.cli.main import main
from overcut.lake import Lake
from tests.history_data import write_f1db
from tests.timing_data import write_timing


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OVERCUT_F1DB_URL", "http://127.0.0.1:9/f1db-sqlite.zip")
    monkeypatch.setenv("OVERCUT_JOLPICA_URL", "http://127.0.0.1:9/ergast/f1/")
    monkeypatch.chdir(tmp_path)
    write_f1db(tmp_path / "f1db.db")
    return tmp_path


def test_a_file_is_imported_and_told_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "import", str(home / "f1db.db"), "--json"]) == 0
    output = capsys.readouterr()
    told = json.loads(output.out)
    assert told["source"] == "f1db"
    assert told["changed"] is True
    assert told["rows"] == sum(table["rows"] for table in told["tables"])
    assert "CC BY 4.0" in output.err
    assert main(["history", "import", str(home / "f1db.db"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] is False


def test_timing_tables_are_imported_and_compared(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "import", str(home / "f1db.db")]) == 0
    write_timing(home / "timing", Lake(home / "home" / "lake"))
    capsys.readouterr()
    assert main(["history", "import", "timing", str(home / "timing")]) == 0
    assert "4 rows with defects" in capsys.readouterr().err
    assert main(["lake", "disagreements", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["total"] == len(told["rows"]) == sum(one["differ"] for one in told["compared"]) > 0
    assert main(["lake", "disagreements", "--kept", "--who", "unknown", "--limit", "1"]) == 0
    output = capsys.readouterr()
    assert "no other source" in output.out
    assert "1 of 4" in output.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["history", "import", "none.zip"], 3, "there is no file"),
        (["history", "import", "timing"], 2, "timing needs one folder"),
        (["history", "import", "timing", "."], 3, "holds no timing tables"),
        (["history", "import", "f1db.db", "f1db.db"], 2, "one file too many"),
        (["history", "import", "jolpica", "soon"], 2, "is no season"),
        (["history", "import", "http://example.org/f1db-sqlite.zip"], 2, "only https"),
        (["history", "import"], 1, "no source of history could be reached"),
        (["lake", "disagreements"], 3, "no history"),
        (["lake", "disagreements", "--kept"], 3, "nothing was compared"),
        (["lake", "disagreements", "--who", "me"], 2, "no verdict"),
    ],
)
def test_wrong_usage_says_what_to_do(
    arguments: list[str],
    code: int,
    said: str,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("overcut.kernel.http.HttpPolicy.first_s", 0.001, raising=False)
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert said in error
    assert "Try:" in error or "Why:" in error
