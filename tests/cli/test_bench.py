"""`overcut bench`: what can be measured, and what it says where nothing can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import overcut
from overcut.cli.main import main


def test_without_a_name_it_lists_every_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"timing", "chaos", "fuzz", "replay"} <= set(listed)
    assert all(question for question in listed.values())
    assert main(["bench"]) == 0
    assert "How fast is the decoder" in capsys.readouterr().out


def test_it_prints_the_figures_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "command_line", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["bench"] == "command_line"
    assert report["results"]["help"]["unit"] == "s CPU"


def test_an_unknown_name_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "warp"]) == 2
    assert "command_line" in capsys.readouterr().err


def test_without_a_checkout_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(overcut, "__file__", str(tmp_path / "site-packages/overcut/__init__.py"))
    assert main(["bench"]) == 3
    assert "make setup" in capsys.readouterr().err
