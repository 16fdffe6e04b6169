"""Fair pace of simulated sessions, read by the engine from their feed, against what the simulation did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from overcut.domain.circuits import CIRCUITS
from overcut.domain.session import SessionKind
from overcut.domain.tyres import Compound
from overcut.insights.pace.practice_report import PracticeReport
from overcut.insights.pace.report import PaceReport
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.runtime.pace import (
    SessionLaps,
    any_report,
    fair_lap_list,
    fair_lap_table,
    laps_of_source,
    pace_report,
    practice_pace,
    race_pace,
    session_laps,
)
from overcut.sources.opening import open_source
from overcut.sources.simulated.form import weekend_form
from overcut.sources.simulated.lap_model import lap_profile
from overcut.sources.simulated.tyres import MODELS
from overcut.sources.simulated.weekend import simulate_weekend

CIRCUIT, SEED = "yas-marina", 2
FORMS = {form.entry.number: form for form in weekend_form(2025, CIRCUIT, SEED)}
LAP_S = float(lap_profile(CIRCUITS[CIRCUIT], 2025).lap_time_s)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SessionLaps]:
    kinds = [SessionKind.FP2, SessionKind.RACE]
    folders = simulate_weekend(2025, CIRCUIT, SEED, tmp_path_factory.mktemp("weekend"), kinds, telemetry=False)
    return {kind.value: laps_of_source(open_source(folder)) for kind, folder in zip(kinds, folders, strict=True)}


def wear_of(compound: str) -> float:
    return MODELS[Compound(compound)].wear_s * CIRCUITS[CIRCUIT].tyre_wear * LAP_S / 90.0


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(np.argsort(np.argsort(a)), np.argsort(np.argsort(b)))[0, 1])


def test_race_tells_drivers_and_tyres_as_they_were_simulated(sessions: dict[str, SessionLaps]) -> None:
    report = pace_report(sessions["R"])
    at = report.conditions
    truth = np.array(
        [
            FORMS[one.driver_number].race * LAP_S + wear_of(at.compound) * FORMS[one.driver_number].wear * at.age_laps
            for one in report.drivers
        ]
    )
    truth -= truth.mean()
    found = np.array([one.to_field_s.value for one in report.drivers])
    inside = [one.to_field_s.low <= t <= one.to_field_s.high for one, t in zip(report.drivers, truth, strict=True)]
    assert rank_correlation(found, truth) > 0.95
    assert np.abs(found - truth).mean() < 0.10
    assert np.mean(inside) >= 0.75
    for one in report.compounds:
        assert one.wear_s_per_lap.low <= wear_of(one.compound) <= one.wear_s_per_lap.high
    assert sum(count.laps for count in report.laps) == sessions["R"].laps.height
    assert 0.02 < report.fuel.found_s_per_kg.value < 0.04


def test_practice_tells_the_long_runs_in_the_order_of_the_simulated_pace(sessions: dict[str, SessionLaps]) -> None:
    report = practice_pace(sessions["FP2"])
    assert report.long_runs is not None
    long = report.long_runs.drivers
    assert len(long) >= 15
    truth = np.array([FORMS[one.driver_number].qualifying * LAP_S for one in long])
    truth -= truth.mean()
    found = np.array([one.to_field_s.value for one in long])
    assert rank_correlation(found, truth) > 0.85
    inside = [one.to_field_s.low <= t <= one.to_field_s.high for one, t in zip(long, truth, strict=True)]
    assert np.mean(inside) >= 0.9  # the fuel that the interval allows for is the same for all in the simulation
    assert report.one_lap is not None
    # The track becomes 1.2 % quicker over the hour.
    change = report.one_lap.track_change_s
    assert change.low < 0.0
    runs = {(run.driver_number, run.run): run for run in report.runs}
    assert all(run.kind == "long" for run in runs.values() if run.long >= 5)
    assert all((run.pace_s is None) or run.kind == "long" for run in runs.values())


def test_session_is_told_by_its_kind(sessions: dict[str, SessionLaps]) -> None:
    assert isinstance(any_report(sessions["FP2"]), PracticeReport)
    assert isinstance(any_report(sessions["R"]), PaceReport)
    with pytest.raises(WrongUsageError, match="is no race"):
        race_pace(sessions["FP2"])
    with pytest.raises(WrongUsageError, match="is no practice"):
        practice_pace(sessions["R"])


def test_laps_are_told_of_chosen_drivers(sessions: dict[str, SessionLaps]) -> None:
    table = fair_lap_table(sessions["R"], ["ver,81"])
    assert set(table["driver"]) == {"VER", "PIA"}
    with pytest.raises(DataMissingError, match="ZZZ"):
        fair_lap_table(sessions["R"], ["ZZZ"])
    laps = fair_lap_list(sessions["R"])
    assert len(laps) == sessions["R"].laps.height
    assert {lap.verdict for lap in laps} >= {"clean", "traffic", "first_lap", "in_lap", "out_lap"}


def test_session_without_times_is_an_error(sessions: dict[str, SessionLaps]) -> None:
    silent = sessions["R"]._replace(laps=sessions["R"].laps.with_columns(pl.lit(None, pl.Float64).alias("lap_time_s")))
    with pytest.raises(DataMissingError, match="has a time"):
        race_pace(silent)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("key", "leaders"), [("2024-07-R", {"VER", "NOR"}), ("2023-22-R", {"VER"}), ("2018-04-R", {"VET", "HAM"})]
)
def test_real_race_is_led_by_whom_everybody_saw_lead(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, leaders: set[str]
) -> None:
    monkeypatch.setenv("OVERCUT_SHARED", str(shared))
    report = pace_report(session_laps(key, Settings(home=tmp_path)))
    assert report.drivers[0].driver in leaders
    # Published fits of 2022 to 2024: 0.0226 to 0.0390 s/kg on laps of about 90 s.
    assert 0.0226 < report.fuel.found_s_per_kg.value / (report.conditions.lap_s / 90.0) < 0.0390
    assert all(-0.05 < one.wear_s_per_lap.value < 0.25 for one in report.compounds if one.laps >= 60)
