"""How a measurement is judged, and what is recorded when it cannot be made."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import bars
from bars import Bar, Figure


@pytest.mark.parametrize(
    ("value", "at_most", "passed"),
    [(99.0, True, True), (100.0, True, True), (100.1, True, False), (99.9, False, False), (100.0, False, True)],
)
def test_figure_is_judged_against_its_bar(value: float, at_most: bool, passed: bool) -> None:
    assert bars.judged(Figure(value, "ms", bar=100.0, at_most=at_most)).passed is passed


def test_figure_without_a_bar_is_not_judged() -> None:
    assert bars.judged(Figure(1.0, "ms")).passed is None


def script(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Bar:
    monkeypatch.setattr(bars, "HERE", folder)
    (folder / "measure.py").write_text(text)
    return Bar("measure.py", limit_s=20)


def test_report_of_a_script_is_read_and_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = '{"bench": "b", "results": {"p99": {"value": 19.0, "unit": "ms", "bar": 100, "extra": 1}}}'
    measured = bars.measure(script(tmp_path, f"print('{report}')", monkeypatch))
    assert measured.failed == ""
    assert measured.results["p99"].passed is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import sys; sys.exit('no recording here')", "no recording here"),
        ("print('not json')", "no report"),
        ("print('{}')", "no report"),
        ("import time; time.sleep(60)", "not done after"),
    ],
)
def test_failure_is_recorded_with_its_reason(
    text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = script(tmp_path, text, monkeypatch)._replace(limit_s=2)
    measured = bars.measure(bar)
    assert reason in measured.failed
    assert measured.results == {}


def test_every_registered_measurement_has_its_script() -> None:
    assert [bar.script for bar in bars.BARS.values() if not (bars.HERE / bar.script).is_file()] == []


def test_machine_is_described_without_naming_it() -> None:
    assert set(msgspec.to_builtins(bars.machine())) == {"cores", "processor", "system", "python"}
