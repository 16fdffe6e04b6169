"""The report: walk-forward, with intervals, and its chart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from overcut.lake import Lake
from overcut.strategy.marginals import RaceMarginals, compared, marginals, races_between
from overcut.strategy.marginals.charts import chart
from overcut.strategy.parameters import ParameterSet
from tests.strategy.events.simulated_lake import driven, write_lake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return write_lake(tmp_path_factory.mktemp("marginals") / "lake", driven(3))


@pytest.fixture(scope="module")
def found(lake: Lake) -> list[RaceMarginals]:
    keys = races_between(lake, date(2030, 1, 1), date(2030, 12, 31))
    asked: list[str] = []

    def fitting(key: str) -> ParameterSet:
        asked.append(key)
        return ParameterSet()

    made = marginals(lake, keys, fitting, races=10, refit_every=4, threads=1)
    assert asked == [keys[0], keys[4]], "parameters are asked for by the next race's key"
    return made


def test_every_race_is_measured_and_simulated(found: list[RaceMarginals]) -> None:
    assert len(found) == 6
    assert all(len(one.simulated) == 10 for one in found)
    assert {one.circuit_id for one in found} == {"baku", "monaco"}


def test_the_report_has_every_figure_and_its_interval(found: list[RaceMarginals]) -> None:
    report = compared(found, "by hand")
    figures = {one.figure: one for one in report.all}
    assert {"lap_s", "pit_loss_s", "passes", "stops", "retirements", "winner_s", "neutral_laps"} <= set(figures)
    for one in report.all:
        assert one.low <= one.recorded <= one.high
        assert 0 <= one.covered <= 1
    assert figures["winner_s"].error == pytest.approx(0.0, abs=0.1)
    assert [one.circuit_id for one in report.circuits] == ["baku", "monaco"]
    assert compared(found, "by hand") == report, "the bootstrap has a seed"


def test_the_chart_is_a_picture_with_a_point_a_circuit(found: list[RaceMarginals], tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    path.write_text(chart(compared(found, ""), "6 races <simulated>"), encoding="utf-8")
    tree = ElementTree.parse(path)  # noqa: S314 -- our own file
    circles = tree.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) >= 2 * 5


def test_no_races_give_an_empty_report() -> None:
    report = compared([], "none")
    assert report.races == 0
    assert report.all == ()
