"""One definition, two ways: features that follow a session are those computed afterwards from the lake, bit by bit."""

from __future__ import annotations

from math import nextafter
from pathlib import Path

import polars as pl
import pytest

from overcut.lake import Lake
from overcut.lake.features import Entity, FeatureStore
from overcut.runtime.lake_sessions import add_session
from overcut.sources.opening import open_source
from tests.lake.features.conftest import Simulated
from tests.lake.features.following import differing_bits, online_and_offline


def test_simulated_race_is_the_same_followed_and_from_the_lake(simulated: Simulated) -> None:
    offline = FeatureStore(simulated.lake).live([simulated.race_key])
    assert offline[Entity.CAR_LAP].height > 200
    assert offline[Entity.PAIR_LAP].height > 150
    assert offline[Entity.SESSION_LAP].height >= 14
    assert online_and_offline(simulated.lake, simulated.race) == {entity: [] for entity in offline}


def test_simulated_qualifying_is_the_same_followed_and_from_the_lake(simulated: Simulated) -> None:
    key = str(simulated.qualifying.key)
    laps = FeatureStore(simulated.lake).live([key])[Entity.CAR_LAP]
    assert laps.height > 100
    assert laps["gap_ahead_s"].null_count() == laps.height, "cars do not race each other in qualifying"
    assert laps["pace_3_s"].null_count() < laps.height
    assert not any(online_and_offline(simulated.lake, simulated.qualifying).values())


def test_comparison_of_bits_sees_one_bit_and_one_missing_value() -> None:
    frame = pl.DataFrame({"a": [0.1, None], "b": ["x", None]})
    assert differing_bits(frame, frame) == []
    assert differing_bits(frame, pl.DataFrame({"a": [nextafter(0.1, 1), None], "b": ["x", None]})) == ["a"]
    assert differing_bits(frame, pl.DataFrame({"a": [0.1, 0.0], "b": ["x", ""]})) == ["a", "b"]


def test_tables_without_events_tell_nearly_the_same(simulated: Simulated) -> None:
    """Without events a lap is known from its last change on: what changed late comes late, the rest is equal."""
    lake, key = simulated.lake, simulated.race_key
    by_events = _last_of_each_lap(FeatureStore(lake).live([key])[Entity.CAR_LAP])
    by_tables = _last_of_each_lap(FeatureStore(lake, events=False).live([key])[Entity.CAR_LAP])
    keys = ["driver_number", "lap"]
    assert by_events.select(keys).equals(by_tables.select(keys))
    for name in ("lap_time_s", "sector_2_s", "compound", "tyre_age", "position", "stint_number", "pace_3_s"):
        assert by_events[name].eq_missing(by_tables[name]).mean() > 0.99, name


def _last_of_each_lap(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.unique(["driver_number", "lap"], keep="last").sort("driver_number", "lap")


@pytest.mark.shared
def test_2018_azerbaijan_race_is_the_same_live_and_from_the_lake(baku_2018: Path, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path / "lake"), open_source(baku_2018)
    add_session(lake, source, telemetry=False)
    assert FeatureStore(lake).live([str(source.key)])[Entity.CAR_LAP].height > 841, "late values are rows of their own"
    assert not any(online_and_offline(lake, source).values())


@pytest.mark.shared
def test_2023_azerbaijan_sprint_is_the_same_live_and_from_the_lake(shared: Path, tmp_path: Path) -> None:
    folder = next((shared / "data/livetiming/static/2023").glob("*Azerbaijan*/*Sprint"))
    lake, source = Lake(tmp_path / "lake"), open_source(folder)
    add_session(lake, source, telemetry=False)
    assert FeatureStore(lake).live([str(source.key)])[Entity.CAR_LAP].height > 300
    assert not any(online_and_offline(lake, source).values())
