"""`overcut doctor`: each check says what it found and, where something is missing, what to do."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from overcut.cli import checkup
from overcut.cli.checkup import Finding, Verdict
from overcut.cli.main import main
from overcut.kernel.settings import load_settings


def test_healthy_machine_leaves_with_0_and_one_json_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkup, "examine", lambda: (Finding("Python", Verdict.FINE, "3.11.7"),))
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "healthy": True,
        "checks": [{"name": "Python", "verdict": "fine", "found": "3.11.7", "advice": ""}],
    }


def test_something_missing_leaves_with_3_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkup, "examine", lambda: (Finding("web app", Verdict.MISSING, "not built", "make web"),))
    assert main(["doctor"]) == 3
    assert "make web" in capsys.readouterr().out


def test_something_optional_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "examine", lambda: (Finding("Node", Verdict.OPTIONAL, "none", "nothing to do"),))
    assert main(["doctor"]) == 0


def test_whole_examination_runs_here_and_advises_wherever_all_is_not_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    findings = checkup.examine()
    assert len({finding.name for finding in findings}) == len(findings) == 10
    assert [f.name for f in findings if f.verdict is not Verdict.FINE and not f.advice] == []
    assert {f.name: f.verdict for f in findings}["libraries"] is Verdict.FINE


def test_old_python_is_missing() -> None:
    assert checkup.check_python((3, 10, 4)).verdict is Verdict.MISSING
    assert checkup.check_python((3, 11, 0)).verdict is Verdict.FINE


def test_absent_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checkup, "requires", lambda _: ["msgspec>=0.20", "no-such-library>=1", "only-there; os_name=='x'"]
    )
    finding = checkup.check_packages()
    assert finding.verdict is Verdict.MISSING
    assert finding.found == "without no-such-library"


def test_web_app_counts_once_its_page_is_built(tmp_path: Path) -> None:
    assert checkup.check_web(tmp_path).verdict is Verdict.MISSING
    (tmp_path / "index.html").write_text("<!doctype html>")
    assert checkup.check_web(tmp_path).verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("v18.20.1", Verdict.OPTIONAL),
        ("v20.18.0", Verdict.OPTIONAL),
        ("v20.19.0", Verdict.FINE),
        ("v21.7.0", Verdict.OPTIONAL),
        ("v22.11.0", Verdict.OPTIONAL),
        ("v24.1.0", Verdict.FINE),
        ("nonsense", Verdict.OPTIONAL),
    ],
)
def test_node_must_be_one_that_builds_the_web_app(
    version: str, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert checkup.check_node().verdict is verdict


def test_no_node_is_fine_to_be_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert checkup.check_node().verdict is Verdict.OPTIONAL


def test_home_that_cannot_be_made_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = checkup.check_home(tmp_path / "file" / "home")
    assert finding.verdict is Verdict.MISSING
    assert "OVERCUT_HOME" in finding.advice


def test_full_disk_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "ROOM_NEEDED_MB", 10**12)
    assert checkup.check_room(tmp_path / "not/yet/there").verdict is Verdict.MISSING


def test_port_in_use_is_reported() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finding = checkup.check_port(load_settings(host="127.0.0.1", port=port))
    assert finding.verdict is Verdict.OPTIONAL
    assert f":{port}" in finding.found


def test_recordings_are_found_by_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERCUT_SHARED", str(tmp_path))
    assert checkup.check_recordings(tmp_path).verdict is Verdict.OPTIONAL
    (tmp_path / "data/livetiming").mkdir(parents=True)
    assert checkup.check_recordings(tmp_path).verdict is Verdict.FINE


def test_clock_before_the_release_is_wrong() -> None:
    assert checkup.check_clock(0.0).verdict is Verdict.MISSING
    assert checkup.check_clock(checkup.RELEASED_S + 1.0).verdict is Verdict.FINE
