"""Saved analyses: read strictly, answered step by step."""

from __future__ import annotations

import msgspec
import polars as pl
import pytest

from overcut.insights.analysis.pipeline import (
    ClusterOf,
    ClusterStep,
    Compare,
    Filters,
    Mode,
    Regress,
    Summarise,
    read_pipeline,
)
from overcut.insights.analysis.rows import filtered, qualifying_rows, race_rows, season_rows, stint_rows
from overcut.insights.analysis.running import run_step
from overcut.insights.pace.assumptions import race_fuel
from overcut.insights.pace.race import RacePace, fit_race
from overcut.insights.pace.summary import race_report
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.timing.lap_table import SCHEMA
from tests.insights.pace.synthetic import DISTANCE, LAP_S, counted, synthetic_race

GOOD = b"""
version = 1
name = "n"
mode = "race"
sessions = ["2024-01-R"]
[[steps]]
do = "summarise"
by = ["driver"]
measure = "fair_s"
"""


@pytest.fixture(scope="module")
def race() -> RacePace:
    laps, _ = synthetic_race(3)
    return fit_race(counted(laps), race_fuel(2024, DISTANCE, LAP_S, sprint=False), DISTANCE)


def test_toml_and_json_say_the_same() -> None:
    pipeline = read_pipeline(GOOD, toml=True)
    assert read_pipeline(msgspec.json.encode(pipeline), toml=False) == pipeline
    assert pipeline.steps == [Summarise(measure="fair_s", by=["driver"])]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"version = ", "no TOML"),
        (GOOD.replace(b'"race"', b'"decade"'), "decade"),
        (GOOD.replace(b"version = 1", b"version = 1\nsteps_ = 2"), "steps_"),
        (GOOD.replace(b'do = "summarise"', b'do = "dance"'), "dance"),
        (GOOD.replace(b'["2024-01-R"]', b"[]"), "names no session"),
        (GOOD.replace(b"version = 1", b"version = 9"), "version 9"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content: bytes, told: str) -> None:
    with pytest.raises(OvercutError) as error:
        read_pipeline(content, toml=True)
    assert told in str(error.value)


def test_all_pairs_are_compared_with_adjusted_p_values(race: RacePace) -> None:
    rows = filtered(race_rows([race]), Filters(verdicts=["clean"], teams=["Team 1", "Team 3", "Team 6"]))
    found = run_step(Compare(by="team", measure="fair_s"), rows, None, Mode.RACE, 1)
    assert len(found.differences) == 3
    assert "Holm" in found.notes[0]
    assert all(one.adjusted_p >= one.tests[0].p_value for one in found.differences)


def test_sides_are_checked(race: RacePace) -> None:
    rows = race_rows([race])
    for step, told in (
        (Compare(by="driver", measure="fair_s", a=["D01"]), "both sides"),
        (Compare(by="driver", measure="fair_s", a=["D01"], b=["D01"]), "on both sides"),
        (Compare(by="shoe", measure="fair_s"), "no column shoe"),
        (Compare(by="lap", measure="fair_s"), "too many"),
        (Regress(measure="fair_s", terms=[]), "No term"),
        (ClusterStep(of=ClusterOf.STINT, features=["laps"]), "Stints"),
    ):
        with pytest.raises(WrongUsageError, match=told):
            run_step(step, rows, None, Mode.RACE, 1)
    with pytest.raises(DataMissingError, match="No row has driver XXX"):
        run_step(Compare(by="driver", measure="fair_s", a=["XXX"], b=["D01"]), rows, None, Mode.RACE, 1)


def test_stints_and_cars_are_clustered_and_summaries_are_ordered(race: RacePace) -> None:
    report = race_report(race)
    rows, stints = season_rows([(2024, report)]), stint_rows([report])
    of_stints = run_step(ClusterStep(of=ClusterOf.STINT, features=["to_field_s"]), rows, stints, Mode.SEASON, 1)
    assert of_stints.clustering is not None
    assert sum(len(one.members) for one in of_stints.clustering.clusters) == stints.height
    of_cars = run_step(ClusterStep(of=ClusterOf.CAR, features=["pace_s"], clusters=2), rows, stints, Mode.SEASON, 1)
    assert of_cars.clustering is not None
    assert len(of_cars.clustering.clusters) == 2
    summary = run_step(Summarise(measure="pace_s", by=["team"]), rows, stints, Mode.SEASON, 1).summaries
    assert [one.median for one in summary] == sorted(one.median for one in summary)
    whole = run_step(Summarise(measure="pace_s", by=[]), rows, stints, Mode.SEASON, 1).summaries
    assert [one.values for one in whole] == [12]


def test_best_laps_of_each_part_leave_deleted_times_out() -> None:
    base = {"session_key": "2024-01-Q", "season": 2024, "round": 1, "event": "e", "session": "Q", "team": "t"}
    rows = [
        {**base, "driver": d, "driver_number": n, "lap": lap, "lap_time_s": t, "part": part, "deleted": gone}
        for d, n, lap, t, part, gone in (
            ("AAA", "1", 2, 80.0, 1, False),
            ("AAA", "1", 5, 79.0, 2, True),
            ("AAA", "1", 8, 79.5, 2, False),
            ("BBB", "2", 3, 80.8, 1, False),
            ("BBB", "2", 6, 79.9, 2, False),
        )
    ]
    best = qualifying_rows([pl.DataFrame(rows, schema=dict(SCHEMA))])
    assert best.select("part", "driver", "best_s").rows() == [
        (1, "AAA", 80.0), (1, "BBB", 80.8), (2, "AAA", 79.5), (2, "BBB", 79.9)
    ]  # fmt: skip
    assert best["gap_pct"].to_list() == pytest.approx([0.0, 1.0, 0.0, 100 * (79.9 / 79.5 - 1)])


def test_filters_that_leave_nothing_say_so(race: RacePace) -> None:
    rows = race_rows([race])
    assert filtered(rows, Filters(first_lap=10, last_lap=12))["lap"].unique().sort().to_list() == [10, 11, 12]
    with pytest.raises(DataMissingError, match="leave nothing"):
        filtered(rows, Filters(drivers=["Nobody"]))
