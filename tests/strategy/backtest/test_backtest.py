"""A backtest, whole, on races that never were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from overcut.cli.main import main
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime import backtest as composing
from overcut.strategy.backtest import BacktestPlan, BacktestReport, backtest
from overcut.strategy.backtest.cases import board, finished_race
from overcut.strategy.backtest.leaks import DELETED, FITTED, SHUFFLED, LeakTests
from overcut.strategy.model import Estimate
from overcut.strategy.parameters import ParameterSet, Provenance
from overcut.strategy.situation import PaceSettings, situation
from tests.strategy.invented_races import lake_of_races

FIRST, LAST = date(2033, 1, 1), date(2033, 12, 31)
"""The third season of ten races: the first two are the baselines' past."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of_races(tmp_path_factory.mktemp("races") / "lake", 26)


def generic(lake: Lake, key: str) -> ParameterSet:
    del lake, key
    return ParameterSet()


@pytest.fixture(scope="module")
def report(lake: Lake) -> BacktestReport:
    return backtest(lake, BacktestPlan(FIRST, LAST, races=200, threads=1), generic)


def test_every_race_is_forecast_at_every_stage(report: BacktestReport) -> None:
    assert report.races == 6
    assert report.refits == 2
    assert set(report.models) == {"overcut", "stay", "on_gap"}
    for stage in ("_0", "_25", "_50", "_75", ""):
        value, low, high = report.models["overcut"][f"crps{stage}"]
        assert low <= value <= high
    assert report.models["overcut"]["crps_75"][0] < report.models["overcut"]["crps_0"][0]
    assert not report.skipped


def test_the_leak_tests_are_part_of_the_run(report: BacktestReport) -> None:
    assert report.leak_tests == {DELETED: "passed", SHUFFLED: "passed", FITTED: "passed"}


def test_the_report_is_what_the_protocol_asks_for(report: BacktestReport) -> None:
    told = msgspec.json.decode(msgspec.json.encode(report))
    assert told["task"] == "strategy"
    assert (told["from"], told["to"]) == ("2033-01-01", "2033-12-31")
    assert set(told) >= {"n", "races", "models", "calibration", "leak_tests"}
    assert len(told["models"]["overcut"]["log_loss_50"]) == 3


def test_the_same_run_gives_the_same_figures_on_any_number_of_threads(lake: Lake) -> None:
    plan = BacktestPlan(FIRST, date(2033, 3, 20), races=200, threads=1, stages=(50,))
    once = backtest(lake, plan, generic)
    again = backtest(lake, replace(plan, threads=2), generic)
    assert msgspec.json.encode(again) == msgspec.json.encode(once)


def test_a_forecast_from_the_future_is_caught(lake: Lake) -> None:
    race = finished_race(lake, "2033-01-R")
    assert race is not None
    tests = LeakTests(PaceSettings())
    told = situation(ParameterSet(), race.facts, race.laps, lap=6)
    cheated = msgspec.structs.replace(told.cars[0], pace_s=Estimate(-5.0))
    tests.check(ParameterSet(), race, 6, msgspec.structs.replace(told, cars=(cheated, *told.cars[1:])))
    assert tests.verdicts()[DELETED].startswith("failed: 2033-01-R lap 6")
    assert tests.verdicts()[SHUFFLED].startswith("failed")


def test_parameters_that_saw_the_race_are_caught(lake: Lake) -> None:
    race = finished_race(lake, "2033-01-R")
    assert race is not None
    tests = LeakTests(PaceSettings())
    saw = ParameterSet(provenance=Provenance(until="2033-01-R"))
    tests.fitted(saw, race, [race])
    assert tests.verdicts()[FITTED].startswith("failed")
    tests = LeakTests(PaceSettings())
    tests.fitted(ParameterSet(provenance=Provenance(until="2032-10-R")), race, [race])
    assert tests.verdicts()[FITTED] == "passed"


def test_a_board_has_the_truth_beside_the_moment(lake: Lake) -> None:
    race = finished_race(lake, "2033-02-R")
    assert race is not None
    start, middle = board(race, 0), board(race, 50)
    assert start is not None
    assert middle is not None
    assert start.numbers == tuple(one.driver_number for one in race.facts.entrants)
    assert middle.lap == 6
    assert middle.gap_s[0] == 0.0
    assert sorted(start.final) == list(range(1, 7))


def test_what_cannot_be_tested_is_said(lake: Lake) -> None:
    with pytest.raises(DataMissingError, match="no race with laps"):
        backtest(lake, BacktestPlan(date(2050, 1, 1), date(2050, 12, 31)), generic)
    with pytest.raises(DataMissingError, match="lie before"):
        backtest(lake, BacktestPlan(date(2031, 1, 1), LAST), generic)
    with pytest.raises(WrongUsageError, match="cannot serve 6"):
        backtest(lake, BacktestPlan(FIRST, LAST, refit_every=6), generic)


def test_a_folder_without_data_is_said_to_be_so(tmp_path: Path) -> None:
    plan = BacktestPlan(FIRST, LAST)
    with pytest.raises(DataMissingError, match="no folder"):
        composing.strategy_backtest(tmp_path / "none", plan, Settings())
    with pytest.raises(DataMissingError, match="F1DB"):
        composing.strategy_backtest(tmp_path, plan, Settings())
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "f1db.db").touch()
    with pytest.raises(DataMissingError, match=r"laps\.parquet"):
        composing.strategy_backtest(tmp_path, plan, Settings())


def test_the_command_prints_the_report(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(composing, "fitted_before", generic)
    asked = ["backtest", "strategy", "--data", str(lake.folder), "--from", "2033-01-01", "--to", "2033-02-28"]
    period = [*asked[:-1], "2033-03-10", "--races", "100"]
    assert main([*period, "--json"]) == 0
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told["races"] == 1
    assert main(period) == 0
    shown = capsys.readouterr().out
    assert "positions stay" in shown
    assert "Leak tests" in shown
