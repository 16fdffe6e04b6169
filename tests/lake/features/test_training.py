"""Training sets: each row of the spine sees what was known at its own moment."""

from __future__ import annotations

import polars as pl
import pytest

from overcut.kernel.errors import WrongUsageError
from overcut.lake import Lake
from overcut.lake.features import CATALOGUE, Entity, FeatureStore
from overcut.lake.features.catalogue import broken_lineage, feature_called
from tests.lake.features.conftest import Simulated


@pytest.fixture(scope="module")
def store(simulated: Simulated) -> FeatureStore:
    return FeatureStore(simulated.lake)


@pytest.fixture(scope="module")
def spine(store: FeatureStore, simulated: Simulated) -> pl.DataFrame:
    laps = store.live([simulated.race_key], [Entity.CAR_LAP])[Entity.CAR_LAP]
    spine = laps.select("session_key", "driver_number", "lap").unique().sort("lap", "driver_number")
    return spine.sample(fraction=1.0, shuffle=True, seed=4).with_row_index("mine")


def test_spine_keeps_its_rows_order_and_columns(store: FeatureStore, spine: pl.DataFrame) -> None:
    found = store.training_set(["pace_3_s", "gap_ahead_s"], spine)
    assert found.columns == [*spine.columns, "pace_3_s", "gap_ahead_s"]
    assert found.select(spine.columns).equals(spine)


def test_lap_without_a_moment_stands_as_it_had_just_been_told(
    store: FeatureStore, spine: pl.DataFrame, simulated: Simulated
) -> None:
    found = store.training_set(["lap_time_s", "position"], spine)
    laps = simulated.lake.read("laps", units=[simulated.race_key])
    joined = found.join(laps.select("driver_number", "lap", truth="lap_time_s"), on=["driver_number", "lap"])
    assert joined.filter(pl.col("lap") > 1)["lap_time_s"].eq_missing(joined.filter(pl.col("lap") > 1)["truth"]).all()
    assert found["position"].null_count() == 0


def test_moment_of_the_spine_decides_what_is_seen(store: FeatureStore, simulated: Simulated) -> None:
    key = simulated.race_key
    laps = store.live([key], [Entity.CAR_LAP])[Entity.CAR_LAP]
    number = laps["driver_number"][0]
    mine = laps.filter(pl.col("driver_number") == number)
    told = mine.filter(pl.col("lap") == 5)["known_ms"][0]
    spine = pl.DataFrame({"session_key": key, "driver_number": number, "as_of_ms": [told - 1, told, 0]})
    found = store.training_set(["laps_since_stop", "lap_time_s"], spine)
    before = mine.filter(pl.col("known_ms") < told)["lap_time_s"][-1]
    assert found["lap_time_s"].to_list() == [before, mine.filter(pl.col("known_ms") == told)["lap_time_s"][0], None]


def test_features_of_several_entities_come_together(store: FeatureStore, simulated: Simulated) -> None:
    pairs = store.live([simulated.race_key])[Entity.PAIR_LAP]
    spine = pairs.select("session_key", "driver_number", "ahead_number", "lap").unique(maintain_order=True)
    found = store.training_set(
        ["pair_gap_s", "gap_ahead_s", "cars_running", "session_lap.cars_running", "races_here"], spine
    )
    assert found.columns[-5:] == [
        "pair_gap_s",
        "gap_ahead_s",
        "car_lap.cars_running",
        "session_lap.cars_running",
        "races_here",
    ]
    both = found.drop_nulls(["pair_gap_s", "gap_ahead_s"])
    assert both.height > 0.9 * found.height
    assert (both["pair_gap_s"] - both["gap_ahead_s"]).abs().max() == 0.0
    assert found["races_here"].null_count() == found.height, "a simulated race belongs to no championship"


def test_whole_entity_may_be_asked_for(store: FeatureStore, spine: pl.DataFrame) -> None:
    found = store.training_set(["car_lap"], spine.head(3))
    assert found.width == spine.width + sum(feature.entity is Entity.CAR_LAP for feature in CATALOGUE.values())


def test_history_is_joined_by_race_driver_and_constructor(small_history: Lake) -> None:
    store = FeatureStore(small_history)
    results = small_history.read("results").sort("season", "round", "row")
    spine = results.select("season", "round", "driver_id", "constructor_id")
    found = store.training_set(
        ["career_starts", "starts_here", "team_season_wins", "races_here", "grid_position"], spine
    )
    assert found.height == spine.height
    assert found["career_starts"].null_count() == found["races_here"].null_count() == 0
    first = found.filter((pl.col("season") == found["season"].min()) & (pl.col("round") == 1))
    assert set(first["career_starts"]) == {0}
    for driver in spine["driver_id"].unique():
        counts = found.filter(pl.col("driver_id") == driver)["career_starts"].to_list()
        assert counts == sorted(counts)


def test_grid_is_seen_only_in_the_race_it_was_set_for(small_history: Lake, simulated: Simulated) -> None:
    race = small_history.read("results").sort("season", "round").row(0, named=True)
    keys = [f"{race['season']}-{race['round']:02d}-{kind}" for kind in ("Q", "S", "R")]
    spine = pl.DataFrame({"session_key": keys, "driver_number": race["driver_number"]})
    found = FeatureStore(small_history).training_set(["grid_position", "career_starts"], spine)
    assert found["career_starts"].to_list() == [0, 0, 0]
    assert found["grid_position"].to_list() == [None, None, race["grid"]]


@pytest.mark.parametrize(
    ("features", "columns", "missing"),
    [
        (["pace_3_s"], {"session_key": "x", "lap": 1}, "driver_number"),
        (["pair_gap_s"], {"session_key": "x", "driver_number": "1", "lap": 1}, "ahead_number"),
        (["session_lap.race_share"], {"session_key": "x"}, "lap"),
        (["career_starts"], {"season": 2020, "round": 1}, "driver_id"),
        (["races_here"], {"driver_id": "x"}, "season"),
    ],
)
def test_missing_column_of_the_spine_is_named(
    store: FeatureStore, features: list[str], columns: dict[str, object], missing: str
) -> None:
    with pytest.raises(WrongUsageError, match=missing):
        store.training_set(features, pl.DataFrame({name: [value] for name, value in columns.items()}))


def test_unknown_feature_is_refused_with_the_nearest() -> None:
    with pytest.raises(WrongUsageError) as refused:
        feature_called("pace_3")
    assert "pace_3_s" in refused.value.hint
    with pytest.raises(WrongUsageError, match="No feature"):
        FeatureStore.training_set(FeatureStore.__new__(FeatureStore), [], pl.DataFrame())


def test_every_feature_reads_columns_that_there_are() -> None:
    assert broken_lineage() == []
    for feature in CATALOGUE.values():
        assert feature.reads, feature.id
        assert feature.meaning.endswith("."), feature.id
        assert feature.window, feature.id
        assert feature.version >= 1
        assert feature.low is None or feature.high is None or feature.low < feature.high
