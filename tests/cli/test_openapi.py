"""`overcut openapi`: the server's interface as a document."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from overcut.cli.main import main


def test_document_describes_the_stream_and_every_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["openapi"].startswith("3.")
    assert "/api/v1/sessions/{key}/state" in document["paths"]
    assert {"Snapshot", "Delta", "SessionState"} <= set(document["components"]["schemas"])


def test_document_refers_to_nothing_that_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    text = capsys.readouterr().out
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert wanted <= json.loads(text)["components"]["schemas"].keys()


def test_types_of_one_name_in_two_rooms_each_have_a_short_name_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    types = json.loads(capsys.readouterr().out)["components"]["schemas"]
    assert not [name for name in types if "." in name]
    assert types["StrategyEstimate"]["properties"].keys() == {"mean", "sd"}
    assert types["Estimate"]["properties"].keys() >= {"value", "low", "high"}


def test_document_goes_to_a_file_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", "--out", str(tmp_path / "openapi.json")]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "openapi.json").read_text())["info"]["title"] == "Overcut"


def test_file_that_cannot_be_written_is_not_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", "--out", str(tmp_path / "absent" / "openapi.json")]) == 4
    assert "Cannot write" in capsys.readouterr().err
