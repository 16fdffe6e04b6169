"""Features that were computed once: used as long as they hold, and never longer."""

from __future__ import annotations

import gc
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.tables import LakeSource
from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.lake.features import Entity, FeatureStore, batch, built
from overcut.lake.features.built import Built
from overcut.runtime.features import build_features
from tests.lake.features.conftest import Simulated
from tests.lake.features.following import differing_bits


@pytest.fixture
def lake(simulated: Simulated, tmp_path: Path) -> Lake:
    """A lake of our own with the simulated race only."""
    other = Lake(tmp_path / "lake")
    with other.writing() as writer:
        for name in ("laps", "weather", "track_status", "session_status", "entries"):
            frame = simulated.lake.read(name, units=[simulated.race_key])
            writer.replace(name, frame, source=LakeSource.FRAMES, origin="test")
    return other


def test_kept_features_are_those_that_would_be_computed(lake: Lake, tmp_path: Path, simulated: Simulated) -> None:
    done = build_features(lake, tmp_path / "kept", lake.units("laps"))
    assert [(group.group, group.kept) for group in done] == [(simulated.race_key, False)]
    assert done[0].rows["car_lap"] > 100
    kept = FeatureStore(lake, built=tmp_path / "kept").live([simulated.race_key])
    for entity, frame in FeatureStore(lake).live([simulated.race_key]).items():
        assert differing_bits(kept[entity], frame) == []
    assert build_features(lake, tmp_path / "kept", lake.units("laps"))[0].kept, "a second time nothing is to be done"


def test_kept_features_are_read_and_not_computed(
    lake: Lake, tmp_path: Path, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_features(lake, tmp_path / "kept", lake.units("laps"))
    store = FeatureStore(lake, built=tmp_path / "kept")

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("computed")

    monkeypatch.setattr("overcut.lake.features.store.features_of", refuse)
    assert store.live([simulated.race_key])[Entity.CAR_LAP].height > 100


def test_changed_rows_changed_code_and_damage_end_it(
    lake: Lake, tmp_path: Path, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = tmp_path / "kept", simulated.race_key
    build_features(lake, folder, [key])
    assert Built(folder).holds(lake, key)
    with monkeypatch.context() as patched:
        patched.setattr(built, "code_digest", lambda: "another")
        assert not Built(folder).holds(lake, key)
    file = folder / key / "car_lap.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:-50])
    expected = FeatureStore(lake).live([key])[Entity.CAR_LAP]
    assert FeatureStore(lake, built=folder).live([key])[Entity.CAR_LAP].equals(expected)
    file.write_bytes(whole)
    laps = lake.read("laps").with_columns(pl.col("lap_time_s") + 1.0)
    with lake.writing() as writer:
        writer.replace("laps", laps, source=LakeSource.FRAMES, origin="test")
    assert not Built(folder).holds(lake, key)
    now = FeatureStore(lake, built=folder).live([key])[Entity.CAR_LAP]
    assert now["lap_time_s"].mean() == pytest.approx((expected["lap_time_s"].mean() or 0) + 1.0)


def test_folder_that_cannot_be_written_is_a_clear_error(lake: Lake, tmp_path: Path, simulated: Simulated) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OvercutError):
        build_features(lake, tmp_path / "taken", [simulated.race_key])


def test_several_processes_build_the_same(lake: Lake, tmp_path: Path, simulated: Simulated) -> None:
    laps = lake.read("laps")
    with lake.writing() as writer:
        other = laps.with_columns(pl.lit("2025-17-R").alias("session_key"))
        writer.replace("laps", pl.concat([laps, other]), source=LakeSource.FRAMES, origin="test")
    done = build_features(lake, tmp_path / "kept", lake.units("laps"), jobs=2)
    assert sorted(group.group for group in done) == ["2025", simulated.race_key]
    alone = FeatureStore(lake).live(lake.units("laps"))
    kept = FeatureStore(lake, built=tmp_path / "kept").live(lake.units("laps"))
    assert all(differing_bits(kept[entity], frame) == [] for entity, frame in alone.items())


def test_facts_are_read_without_looking_for_cycles_and_the_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    with batch._without_collecting():  # pyright: ignore[reportPrivateUsage]
        assert not gc.isenabled()
    assert gc.isenabled()
