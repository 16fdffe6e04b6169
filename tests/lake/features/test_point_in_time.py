"""Nothing that came later changes a feature: neither its absence, nor its falsehood, nor its order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.lake.features import CATALOGUE, Entity, FeatureStore
from overcut.lake.features.declaration import LIVE_ENTITIES
from tests.lake.features.conftest import Simulated

SESSION = ("sessions", "entries", "laps", "weather", "track_status", "session_status", "events")
HISTORY = ("races", "results", "qualifying", "grids")
LIVE = [feature.id for feature in CATALOGUE.values() if feature.entity in LIVE_ENTITIES]
Change = Callable[[str, pl.DataFrame], pl.DataFrame]


def changed(lake: Lake, folder: Path, change: Change, *, events: bool) -> Lake:
    """A lake with the same sessions and history but for what ``change`` does to each table."""
    other = Lake(folder)
    with other.writing() as writer:
        for name in (*SESSION, *HISTORY):
            if name == "events" and not events:
                continue
            frame = change(name, lake.read(name))
            if frame.height:
                source = LakeSource.F1DB if name in HISTORY else LakeSource.FRAMES
                writer.replace(name, frame, source=source, origin="test")
    return other


def known_s(name: str) -> pl.Expr | None:
    """When a row of a session's table was known, s; None for tables that are known before a session."""
    if name == "laps":
        return pl.max_horizontal("lap_end_s", pl.col("amended_at").fill_null(0.0))
    return pl.col("t_ms") / 1000 if name in ("weather", "track_status", "session_status", "events") else None


def without_future(t_s: float) -> Change:
    def change(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        known = known_s(name)
        return frame if known is None else frame.filter(known <= t_s)

    return change


def with_shuffled_future(t_s: float, seed: int) -> Change:
    """Rows known after ``t_s`` exchange their values; their keys and their moments stay."""

    def change(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        known = known_s(name)
        if known is None:
            return frame
        past, future = frame.filter(known <= t_s), frame.filter(known > t_s)
        kept = {"session_key", "driver_number", "lap", "t_ms", "number", "lap_end_s", "amended_at", "status"}
        mixed = [
            pl.col(column).shuffle(seed + place)
            for place, column in enumerate(frame.columns)
            if column not in kept and not (name == "events" and column != "body")
        ]
        return pl.concat([past, future.with_columns(mixed)])

    return change


def moments(store: FeatureStore, key: str) -> list[int]:
    return store.live([key])[Entity.CAR_LAP]["known_ms"].to_list()


def trained(lake: Lake, spine: pl.DataFrame, *, events: bool = True) -> pl.DataFrame:
    return FeatureStore(lake, events=events).training_set(LIVE, spine)


def spine_until(store: FeatureStore, key: str, t_ms: int) -> pl.DataFrame:
    """Every pair of every car's lap known by ``t_ms``, each at its own moment."""
    pairs = store.live([key])[Entity.PAIR_LAP]
    spine = pairs.select("session_key", "driver_number", "ahead_number", "lap", pl.col("known_ms").alias("as_of_ms"))
    return spine.filter(pl.col("as_of_ms") <= t_ms)


@pytest.mark.parametrize("events", [True, False], ids=["events", "tables"])
@pytest.mark.parametrize("share", [0.2, 0.55, 0.9])
def test_training_set_is_the_same_when_all_that_came_later_is_deleted_or_shuffled(
    simulated: Simulated, tmp_path: Path, share: float, events: bool
) -> None:
    key = simulated.race_key
    store = FeatureStore(simulated.lake, events=events)
    told = moments(store, key)
    t_ms = told[int(len(told) * share)]
    spine = spine_until(store, key, t_ms)
    expected = trained(simulated.lake, spine, events=events)
    assert expected.height == spine.height > 20
    deleted = changed(simulated.lake, tmp_path / "deleted", without_future(t_ms / 1000), events=events)
    assert deleted.read("laps", units=[key]).height < simulated.lake.read("laps", units=[key]).height
    assert trained(deleted, spine, events=events).equals(expected)
    shuffled = changed(simulated.lake, tmp_path / "shuffled", with_shuffled_future(t_ms / 1000, 11), events=events)
    assert not shuffled.read("laps", units=[key]).equals(simulated.lake.read("laps", units=[key]))
    assert trained(shuffled, spine, events=events).equals(expected)


def test_a_feature_that_looked_ahead_would_be_seen(simulated: Simulated, tmp_path: Path) -> None:
    """The same comparison at a moment that is later than the cut does differ: the test can fail."""
    key, store = simulated.race_key, FeatureStore(simulated.lake)
    told = moments(store, key)
    t_ms, later_ms = told[len(told) // 2], told[len(told) // 2 + 40]
    spine = spine_until(store, key, later_ms)
    shuffled = changed(simulated.lake, tmp_path / "shuffled", with_shuffled_future(t_ms / 1000, 3), events=True)
    assert not trained(shuffled, spine).equals(trained(simulated.lake, spine))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.05, 0.95), seed=st.integers(0, 10_000))
def test_any_shuffle_of_any_future_changes_no_row_before_it(
    simulated: Simulated, tmp_path_factory: pytest.TempPathFactory, share: float, seed: int
) -> None:
    key, folder = simulated.race_key, tmp_path_factory.mktemp("shuffled")
    whole = FeatureStore(simulated.lake, events=False).live([key])
    told = whole[Entity.CAR_LAP]["known_ms"]
    t_ms = told[int(len(told) * share)]
    other = changed(simulated.lake, folder, with_shuffled_future(t_ms / 1000, seed), events=False)
    for entity, frame in FeatureStore(other, events=False).live([key]).items():
        before = pl.col("known_ms") <= t_ms
        assert frame.filter(before).equals(whole[entity].filter(before)), entity


@pytest.mark.parametrize("entity", [entity for entity in Entity if entity not in LIVE_ENTITIES])
def test_what_is_known_before_a_race_does_not_change_with_later_races(
    small_history: Lake, tmp_path: Path, entity: Entity
) -> None:
    races = small_history.read("races").sort("season", "round")
    season, number = races.row(races.height * 2 // 3, named=True)["season"], 2
    later = (pl.col("season") > season) | ((pl.col("season") == season) & (pl.col("round") > number))
    until = ~later

    def deleted(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(until)

    def shuffled(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        values = [column for column in frame.columns if column in ("position", "grid", "points", "q1_ms", "q3_ms")]
        future = frame.filter(later).with_columns(pl.col(column).shuffle(5) for column in values)
        return pl.concat([frame.filter(until), future])

    expected = FeatureStore(small_history).before(entity).filter(until)
    assert expected.height > 5
    for name, change in (("deleted", deleted), ("shuffled", shuffled)):
        other = Lake(tmp_path / name)
        with other.writing() as writer:
            for table in HISTORY:
                writer.replace(table, change(table, small_history.read(table)), source=LakeSource.F1DB, origin="test")
        assert FeatureStore(other).before(entity).filter(until).equals(expected), name


def test_race_itself_is_no_part_of_what_is_known_before_it(small_history: Lake, tmp_path: Path) -> None:
    """Results of the last race are turned around: nothing known before it changes."""
    races = small_history.read("results").sort("season", "round")
    season, number = races.row(-1, named=True)["season"], races.row(-1, named=True)["round"]
    last = (pl.col("season") == season) & (pl.col("round") == number)
    other = Lake(tmp_path / "turned")
    with other.writing() as writer:
        for table in HISTORY:
            frame = small_history.read(table)
            if table == "results":
                turned = pl.when(last).then(30 - pl.col("position")).otherwise("position").cast(pl.Int16)
                frame = frame.with_columns(turned.alias("position"))
                assert not frame.equals(small_history.read(table))
            writer.replace(table, frame, source=LakeSource.F1DB, origin="test")
    for entity in (Entity.DRIVER_SEASON, Entity.CONSTRUCTOR_SEASON, Entity.DRIVER_CIRCUIT, Entity.CIRCUIT):
        assert FeatureStore(other).before(entity).equals(FeatureStore(small_history).before(entity)), entity
