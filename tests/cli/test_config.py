"""`overcut config show`: each setting with its value and who decided it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overcut.cli.main import main
from overcut.kernel.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OVERCUT_{name.upper()}", raising=False)
    return tmp_path


def test_every_setting_is_shown_with_its_meaning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "show"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for name in Settings.model_fields:
        assert name in shown


def test_json_gives_value_origin_and_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "overcut.toml").write_text("tick_hz = 5.0\nport = 1\n")
    monkeypatch.setenv("OVERCUT_PORT", "9000")
    assert main(["config", "show", "--json"]) == 0
    settings = json.loads(capsys.readouterr().out)
    assert settings["port"] == {"value": 9000, "origin": "environment", "where": "OVERCUT_PORT"}
    assert settings["tick_hz"]["value"] == 5.0
    assert settings["tick_hz"]["origin"] == "file"
    assert settings["host"]["origin"] == "default"


def test_wrong_value_leaves_with_wrong_usage_and_names_the_setting(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERCUT_PORT", "seventy")
    assert main(["config", "show"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "'seventy'" in said.err
    assert "OVERCUT_PORT" in said.err
