"""Parameters as data: saved, loaded, refused, asked, changed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from overcut.cli.main import main
from overcut.domain.tyres import Compound
from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.strategy.model import Estimate
from overcut.strategy.parameters import ParameterSet, shipped
from overcut.strategy.parameters.checking import checked
from overcut.strategy.parameters.editing import edited
from overcut.strategy.parameters.lineage import line_of
from overcut.strategy.parameters.parameter_set import (
    BadParametersError,
    NewerParametersError,
    encoded,
)
from overcut.strategy.parameters.parameter_set import (
    ParameterSet as Whole,
)


def test_a_set_that_was_saved_is_loaded_as_it_was(tmp_path: Path) -> None:
    shipped().save(tmp_path / "p.json")
    assert ParameterSet.load(tmp_path / "p.json") == shipped()
    assert encoded(ParameterSet.load(tmp_path / "p.json")) == (tmp_path / "p.json").read_bytes()


def test_files_that_cannot_be_used_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError):
        ParameterSet.load(tmp_path / "none.json")
    (tmp_path / "newer.json").write_text('{"schema": 99}')
    with pytest.raises(NewerParametersError):
        ParameterSet.load(tmp_path / "newer.json")
    (tmp_path / "bad.json").write_text('{"schema": 1, "pace": 3}')
    with pytest.raises(BadParametersError):
        ParameterSet.load(tmp_path / "bad.json")


def test_a_set_is_written_into_a_new_folder_and_never_fails_without_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped().save(tmp_path / "new" / "deep" / "p.json")
    assert ParameterSet.load(tmp_path / "new" / "deep" / "p.json") == shipped()
    with pytest.raises(OvercutError, match="cannot be written"):
        shipped().save(tmp_path)
    with pytest.raises(DataMissingError, match="cannot be read"):
        ParameterSet.load(tmp_path)
    assert main(["strategy", "fit", "--out", str(tmp_path)]) == 2  # before a minute of fitting, not after it
    assert "is a folder" in capsys.readouterr().err


def test_the_shipped_set_says_where_it_comes_from_and_makes_sense() -> None:
    found = shipped()
    assert found.provenance.until.startswith("2025-")
    assert found.provenance.sessions > 150
    assert len(found.provenance.inputs) == 64
    assert not found.provenance.edits
    checked(found)


def test_every_shipped_circuit_makes_a_model() -> None:
    for one in shipped().pace.circuits:
        model = shipped().circuit(one.circuit_id, 2025, one.laps)
        dry = {tyre.compound: tyre for tyre in model.tyres[:3]}
        assert set(dry) == {Compound.SOFT, Compound.MEDIUM, Compound.HARD}
        assert model.laps == one.laps
        assert dry[Compound.MEDIUM].offset_s == Estimate(0.0)
        assert 0.0 < dry[Compound.MEDIUM].wear_s.mean < 0.2
        assert 12.0 < model.pit.loss_s.mean < 35.0
        assert model.pit.loss_sc_s.mean < model.pit.loss_s.mean


def test_a_circuit_and_a_season_nobody_saw_are_wider() -> None:
    known, season, nowhere = (
        shipped().circuit("monza", 2025),
        shipped().circuit("monza", 2026),
        shipped().circuit("atlantis", 2025, 60),
    )
    assert season.tyres[1].wear_s.sd > known.tyres[1].wear_s.sd
    assert nowhere.lap_s.sd > known.lap_s.sd
    assert nowhere.pit.loss_s.sd > known.pit.loss_s.sd
    assert nowhere.laps == 60


def test_a_lap_known_better_scales_a_circuit_that_nobody_saw() -> None:
    usual, long = shipped().circuit("atlantis", 2025), shipped().circuit("atlantis", 2025, lap_s=120.0)
    assert long.lap_s.mean == 120.0
    assert long.tyres[1].wear_s.mean == pytest.approx(usual.tyres[1].wear_s.mean * 120.0 / 90.0)


def test_the_fuel_of_a_sprint_burns_as_fast_as_a_grand_prix() -> None:
    race, sprint = shipped().circuit("austin", 2024), shipped().circuit("austin", 2024, 19, sprint=True)
    assert sprint.laps == 19
    assert sprint.fuel_s == race.fuel_s


def test_a_car_is_found_by_every_name_of_its_team() -> None:
    ask = shipped().car_prior
    assert ask(2024, "ferrari", "LEC") == ask(2024, "Ferrari", "LEC")
    assert ask(2025, "Racing Bulls", "HAD") == ask(2025, "racing-bulls", "HAD")
    assert line_of("toro-rosso") == line_of("racing-bulls")


def test_who_was_never_seen_is_less_known() -> None:
    ask = shipped().car_prior
    known, rookie, stranger = ask(2025, "mclaren", "NOR"), ask(2025, "mclaren", "NEW"), ask(2025, "cadillac", "NEW")
    assert known.pace_s.sd < rookie.pace_s.sd < stranger.pace_s.sd
    assert stranger.pace_s.mean == 0.0
    next_year = ask(2026, "mclaren", "NOR")
    assert next_year.pace_s.sd > known.pace_s.sd
    assert known.pace_s.mean < next_year.pace_s.mean < 0.0


def test_pace_scales_with_the_lap() -> None:
    short, long = (shipped().car_prior(2025, "mclaren", "NOR", lap_s=lap).pace_s.mean for lap in (60.0, 90.0))
    assert short == pytest.approx(long * 2.0 / 3.0)


def test_a_figure_is_changed_by_its_path_and_the_copy_says_so() -> None:
    found = edited(shipped(), {"circuits.monaco.pit.loss_s.mean": 19.5, "noise.drift_kept": 0.5})
    assert found.circuit("monaco", 2025).pit.loss_s.mean == 19.5
    assert found.pace.noise.drift_kept == 0.5
    assert len(found.provenance.edits) == 2
    assert "circuits.monaco.pit.loss_s.mean" in found.provenance.edits[0]
    assert "edited by hand (2)" in found.provenance.words()
    assert shipped().circuit("monaco", 2025).pit.loss_s.mean != 19.5


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("circuits.atlantis.pit.loss_s.mean", 20.0),
        ("circuits.monaco.pit", 20.0),
        ("circuits.monaco.pit.loss_s.mean", -3.0),
        ("circuits.monaco.laps", 70.5),
        ("noise.drift_kept", 1.5),
        ("teams.2025/ferrari.pace_s.sd", -1.0),
        ("nothing.at.all", 1.0),
    ],
)
def test_nonsense_is_not_written(path: str, value: float) -> None:
    with pytest.raises(WrongUsageError):
        edited(shipped(), {path: value})


def test_a_set_without_figures_is_the_generic_one() -> None:
    assert Whole().circuit("monza", 2025, 53).laps == 53
    assert Whole().provenance.words() == "round figures, nothing was fitted"


def test_the_command_shows_and_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.json"
    assert main(["strategy", "parameters", "edit", "circuits.monaco.pit.loss_s.mean=19.5", "--out", str(mine)]) == 0
    assert main(["strategy", "parameters", "show", "monaco", "--parameters", str(mine), "--json"]) == 0
    told = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])
    assert told["circuit"]["pit"]["loss_s"]["mean"] == 19.5
    assert main(["strategy", "parameters", "show", "monaco", "--season", "2024"]) == 0
    assert main(["strategy", "parameters", "show"]) == 0
    assert "stop under green" in capsys.readouterr().out


def test_the_command_refuses_what_it_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strategy", "parameters", "show", "atlantis"]) == 2
    assert main(["strategy", "parameters", "edit", "noise.drift_kept", "--out", str(tmp_path / "x.json")]) == 2
    assert "atlantis" in capsys.readouterr().err
