"""`overcut features` as its users call it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from overcut.cli.main import main
from overcut.lake import Lake
from overcut.lake.features import checks
from overcut.lake.features.catalogue import features_of_entity
from overcut.lake.features.declaration import Entity, Feature
from overcut.runtime.lake_sessions import add_session
from overcut.sources.opening import open_source
from tests.runtime.short_session import write_short_session

KEY = "2025-16-R"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose lake has the short race."""
    folder = tmp_path_factory.mktemp("features-cli")
    session = write_short_session(folder / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race")
    add_session(Lake(folder / "home" / "lake"), open_source(session), telemetry=False)
    return folder / "home"


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(home))
    monkeypatch.delenv("OVERCUT_SHARED", raising=False)
    monkeypatch.setenv("COLUMNS", "160")


def test_list_names_every_feature_with_its_meaning(capsys: Captured) -> None:
    assert main(["features", "list", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(told) > 160
    assert {"name", "version", "entity", "type", "unit", "meaning", "window", "known", "reads", "owner"} <= set(told[0])
    assert main(["features", "list", "circuit"]) == 0
    out = capsys.readouterr().out
    assert "safety_car_share" in out
    assert "pace_3_s" not in out


def test_one_feature_is_told_in_full(capsys: Captured) -> None:
    assert main(["features", "show", "gap_ahead_s"]) == 0
    out = capsys.readouterr().out
    assert "car_lap.gap_ahead_s" in out
    assert "laps.lap_end_s" in out


def test_values_of_a_feature_in_a_session(capsys: Captured) -> None:
    assert main(["features", "show", "gap_ahead_s", "--session", KEY, "--driver", "16", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["driver_number"] for row in rows} == {"16"}
    assert {"session_key", "lap", "known_ms", "gap_ahead_s"} <= set(rows[0])
    assert main(["features", "show", "gap_ahead_s", "--session", KEY]) == 0
    assert KEY in capsys.readouterr().out


def test_unknown_feature_and_unknown_session_are_clear_errors(capsys: Captured) -> None:
    assert main(["features", "show", "gap_ahed_s"]) == 2
    assert "gap_ahead_s" in capsys.readouterr().err
    assert main(["features", "show", "gap_ahead_s", "--session", "2024-01-R"]) == 3
    assert "overcut lake add" in capsys.readouterr().err


def test_build_keeps_features_and_says_so_the_second_time(capsys: Captured, home: Path) -> None:
    assert main(["features", "build", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["group"], first["kept"]) == ("2025", False)
    assert (home / "features" / "2025" / "car_lap.parquet").is_file()
    assert main(["features", "build", "2025"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert main(["features", "build", "1999"]) == 3


def test_check_says_that_all_hold(capsys: Captured) -> None:
    assert main(["features", "check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["faults"] == []
    assert report["sessions"] == [KEY]
    assert main(["features", "check", "--session", KEY]) == 0
    assert "all hold" in capsys.readouterr().out


def test_check_of_a_session_that_the_lake_has_not_says_so(capsys: Captured) -> None:
    assert main(["features", "check", "--session", "1900-01-R"]) != 0
    assert "no laps of 1900-01-R" in capsys.readouterr().err


def test_check_finds_a_value_outside_its_range(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def narrowed(entity: Entity) -> tuple[Feature, ...]:
        return tuple(
            msgspec.structs.replace(feature, high=1.0) if feature.name == "lap_time_s" else feature
            for feature in features_of_entity(entity)
        )

    monkeypatch.setattr(checks, "features_of_entity", narrowed)
    assert main(["features", "check"]) == 1
    assert "car_lap.lap_time_s" in capsys.readouterr().out
