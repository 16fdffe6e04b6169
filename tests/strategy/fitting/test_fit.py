"""What is known of invented races is found again; what comes later is not read."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.strategy.fitting import invented_races as known

from overcut.cli.main import main
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.strategy.fitting import fit
from overcut.strategy.fitting.pace import PaceFit, fit_pace
from overcut.strategy.fitting.reading import earlier, recorded
from overcut.strategy.parameters import ParameterSet
from overcut.strategy.parameters.parameter_set import encoded


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return known.lake_of(tmp_path_factory.mktemp("invented") / "lake")


@pytest.fixture(scope="module")
def fitted(lake: Lake) -> PaceFit:
    return fit_pace(recorded(lake))


def test_wear_is_told_apart_from_fuel_and_circuits_that_wear_more_are_found(fitted: PaceFit) -> None:
    pool = fitted.pool
    assert pool is not None
    for circuit, _, wears in known.CIRCUITS.values():
        mean, _ = pool.of((circuit, "2032"))
        assert mean[3] == pytest.approx(wears * known.WEAR["MEDIUM"], abs=0.012)
        assert mean[4] == pytest.approx(wears * known.WEAR["HARD"], abs=0.012)
        assert mean[5] == pytest.approx(known.SLOPE, abs=0.35)
    monza, monaco = pool.of(("monza", "2032"))[0], pool.of(("monaco", "2032"))[0]
    assert monza[2] > monaco[2] + 0.02


def test_compounds_are_as_far_apart_as_they_were(fitted: PaceFit) -> None:
    assert fitted.pool is not None
    mean = fitted.pool.of((None, None))[0]
    assert mean[0] == pytest.approx(known.OFFSET["SOFT"], abs=0.15)
    assert mean[1] == pytest.approx(known.OFFSET["HARD"], abs=0.15)


def test_a_lap_of_the_middle_of_the_field_is_found(fitted: PaceFit) -> None:
    for circuit in fitted.parameters.circuits:
        base = next(base for name, base, _ in known.CIRCUITS.values() if name == circuit.circuit_id)
        middle = known.STEP * (known.CARS - 1) / 2 * base / 90.0
        assert circuit.lap_s.mean == pytest.approx(base + middle, abs=0.4)


def test_cars_are_as_far_apart_as_they_were(fitted: PaceFit) -> None:
    cars = [one for one in fitted.parameters.drivers if one.season == 2032]
    pace = np.array([one.car_s.mean for one in sorted(cars, key=lambda one: one.driver)])
    truth = known.STEP * (np.arange(known.CARS) - (known.CARS - 1) / 2)
    assert np.abs(pace - truth).max() < 0.12
    assert all(0.0 < one.car_s.sd < 0.4 for one in cars)


def test_a_stop_costs_what_it_cost(fitted: PaceFit) -> None:
    for circuit in fitted.parameters.circuits:
        assert circuit.pit.loss_s.mean == pytest.approx(known.PIT_S, abs=0.6)
        assert circuit.pit.in_lap_share == pytest.approx(0.25, abs=0.05)
    excess = fitted.parameters.circuits[0].pit.excess_s
    assert list(excess) == sorted(excess)


def test_a_slot_on_the_grid_costs_what_it_cost(fitted: PaceFit) -> None:
    for circuit in fitted.parameters.circuits:
        # what the car is slower by on lap 1 counts too
        base = next(base for name, base, _ in known.CIRCUITS.values() if name == circuit.circuit_id)
        assert circuit.start.slot_s == pytest.approx(6.0 * known.SLOT_S + known.STEP * base / 90.0, abs=0.2)
        assert circuit.start.spread_s < 0.9


def test_noise_is_as_wide_as_it_was(fitted: PaceFit) -> None:
    noise, scatter = fitted.parameters.noise, fitted.scatter
    assert scatter is not None
    assert scatter.lap_s == pytest.approx(0.12, abs=0.03)
    still = noise.drift_s / (1.0 - noise.drift_kept**2) ** 0.5
    assert still == pytest.approx(0.05 / (1.0 - 0.8**2) ** 0.5, abs=0.04)
    middle = np.array(noise.quantiles)
    assert ((middle[1:] + middle[:-1]) / 2).mean() == pytest.approx(0.0, abs=1e-3)


@pytest.fixture(scope="module")
def halfway(lake: Lake) -> ParameterSet:
    """Fitted as it was before the second race of the last season."""
    return fit(lake, before="2032-02-R")


def test_nothing_later_than_the_given_session_is_read(halfway: ParameterSet, tmp_path: Path) -> None:
    shorter = known.lake_of(tmp_path / "shorter", last=1)
    assert encoded(fit(shorter, before="2032-02-R")) == encoded(halfway)


def test_what_is_later_would_have_changed_the_fit_and_does_not(lake: Lake, tmp_path: Path) -> None:
    spoilt = known.lake_of(tmp_path / "spoilt", slower_from="2032-02-R")
    before, after = (fit_pace(recorded(spoilt, before=at)).parameters for at in ("2032-02-R", None))
    assert before == fit_pace(recorded(lake, before="2032-02-R")).parameters
    assert after != fit_pace(recorded(lake)).parameters


def test_provenance_says_what_was_read(halfway: ParameterSet) -> None:
    found = halfway.provenance
    assert (found.until, found.before, found.sessions) == ("2032-01-R", "2032-02-R", 7)
    assert found.laps == 7 * known.CARS * known.LAPS
    assert len(found.inputs) == 64


def test_a_new_season_starts_from_the_last_one_and_learns(lake: Lake, halfway: ParameterSet) -> None:
    before = ParameterSet(pace=fit_pace(recorded(lake, before="2032-01-R")).parameters)
    after = ParameterSet(pace=halfway.pace)
    first, later = before.car_prior(2032, "mclaren", "D00"), after.car_prior(2032, "mclaren", "D00")
    truth = -known.STEP * (known.CARS - 1) / 2
    assert first.pace_s.mean < -0.2
    assert later.pace_s.sd < first.pace_s.sd
    assert abs(later.pace_s.mean - truth) < abs(first.pace_s.mean - truth)


def test_sessions_are_ordered_within_a_weekend() -> None:
    assert earlier("2024-05-S", "2024-05-R")
    assert not earlier("2024-05-R", "2024-05-S")
    assert not earlier("2024-05-R", "2024-05-R")
    assert earlier("2023-22-R", "2024-01-FP1")


def test_what_cannot_be_fitted_is_said(tmp_path: Path, lake: Lake) -> None:
    with pytest.raises(DataMissingError):
        fit(Lake(tmp_path / "nothing"))
    with pytest.raises(WrongUsageError):
        fit(lake, before="last sunday")


def test_the_command_writes_what_was_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known.lake_of(tmp_path / "lake", seasons=(2030,))
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path))
    out = tmp_path / "mine.json"
    assert main(["strategy", "fit", "--out", str(out), "--before", "2030-03-R", "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["provenance"]["until"] == "2030-02-R"
    assert ParameterSet.load(out).provenance.sessions == 2
    assert main(["strategy", "fit", "--out", str(out), "--before", "2018-01-R"]) == 3
