"""`overcut lake add` and `overcut lake import …`, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overcut.cli.main import main
from tests.runtime.short_session import write_short_session
from tests.sources.json_server import JsonServer
from tests.sources.openf1.test_openf1 import COLLECTIONS, SESSION, answer
from tests.sources.own_data.test_own_data import BAD, mapping


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_added_session_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_short_session(tmp_path / "race")
    assert main(["lake", "add", str(folder)]) == 0
    assert "9 laps of 3 cars" in capsys.readouterr().err
    assert main(["lake", "add", str(folder)]) == 0
    assert "there already" in " ".join(capsys.readouterr().err.split())


def test_what_can_be_added_is_added_and_the_rest_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_short_session(tmp_path / "race")
    assert main(["lake", "add", "sim-2025-nowhere-1-R", str(folder), "--json"]) == 3
    told = capsys.readouterr()
    assert json.loads(told.out)["session"] == "rec-race"
    assert "not here" in told.err


def test_own_files_are_imported_or_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(mapping(tmp_path, laps_csv=BAD))
    assert main(["lake", "import", "files", path]) == 2
    assert "row 5: lap is not a whole number" in capsys.readouterr().err
    assert main(["lake", "import", "files", path, "--skip-bad-rows"]) == 0
    assert "3 rows of laps" in capsys.readouterr().err
    assert main(["lake", "import", "files", path, "--skip-bad-rows", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] is False


def test_openf1_from_files_by_key_and_by_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    for name, rows in COLLECTIONS.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))
    assert main(["lake", "import", "openf1", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["laps"] == 12
    with JsonServer(answer) as server:
        monkeypatch.setenv("OVERCUT_OPENF1_URL", server.url)
        assert main(["lake", "import", "openf1", "--year", "2024"]) == 0
        assert capsys.readouterr().out == f"{SESSION}  2024-09-01  Monza  Race\n"
        arguments = ["lake", "import", "openf1", "--session", str(SESSION), "--no-telemetry", "--per-minute", "60000"]
        assert main(arguments) == 0
    assert main(["lake", "import", "openf1"]) == 2
    assert main(["lake", "import", "openf1", str(folder), "--year", "2024"]) == 2


def test_forecast_without_a_known_place_and_fastf1_without_a_cache(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lake", "import", "forecast", "monza"]) == 2
    assert "overcut history import" in capsys.readouterr().err
    assert main(["lake", "import", "fastf1", str(tmp_path)]) == 3
    assert "holds no session of FastF1" in capsys.readouterr().err
