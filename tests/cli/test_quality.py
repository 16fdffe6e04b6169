"""`overcut quality` as its users call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overcut.cli.main import main
from tests.runtime.short_session import write_short_session


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OVERCUT_SHARED", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return str(write_short_session(tmp_path / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race"))


def test_report_names_verdicts_and_findings_the_worst_first(session: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", session]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0].startswith("Italian Grand Prix, Race  2025-16-R")
    assert lines[1].split()[:2] == ["timing", "good"] or lines[1].startswith("timing")
    assert any(line.startswith("missing") and "telemetry" in line for line in lines)


def test_json_is_the_whole_report(session: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", session, "--json", "--no-compare"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["session"], report["schema"]) == ("2025-16-R", 1)
    assert [area["area"] for area in report["areas"]] == [
        "timing", "tyres", "telemetry", "weather", "race_control", "drivers", "feed"
    ]  # fmt: skip
    assert all(finding["text"].endswith(".") for finding in report["findings"])


def test_a_session_that_is_nowhere_ends_with_3(session: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "2025 monaco R"]) == 3
    assert "overcut fetch 2025-08-R" in capsys.readouterr().err
