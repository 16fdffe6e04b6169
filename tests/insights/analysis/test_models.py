"""Regression and clusters find what was put in, and refuse what cannot be told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from overcut.insights.analysis.clustering import cluster, silhouette
from overcut.insights.analysis.regression import regress
from overcut.kernel.errors import DataMissingError, WrongUsageError


def laps(seed: int, blocks: int = 30, size: int = 10, between: float = 0.2) -> tuple[pl.DataFrame, np.ndarray]:
    """Laps with known effects: medium 0.5 s, 0.05 s a lap of age, nothing of wind."""
    chance = np.random.default_rng(seed)
    block = np.repeat(np.arange(blocks), size)
    compound = np.where(np.arange(blocks) % 3 == 0, "MEDIUM", "HARD")[block]
    age = np.tile(np.arange(size), blocks).astype(float)
    wind = chance.normal(0.0, 1.0, blocks)[block]
    y = 90.0 + 0.5 * (compound == "MEDIUM") + 0.05 * age + chance.normal(0.0, between, blocks)[block]
    y += chance.normal(0.0, 0.1, blocks * size)
    return pl.DataFrame({"lap_time_s": y, "compound": compound, "age": age, "wind": wind}), block


def test_nine_in_ten_intervals_hold_the_effect_though_one_level_is_in_a_third_of_the_blocks() -> None:
    inside: dict[str, list[bool]] = {"compound": [], "age": [], "wind": []}
    truth = {"compound": 0.5, "age": 0.05, "wind": 0.0}
    for seed in range(300):
        table, blocks = laps(seed)
        for one in regress(table, "lap_time_s", ["compound", "age", "wind"], blocks).coefficients:
            inside[one.term].append(one.effect.low <= truth[one.term] <= one.effect.high)
    for term, found in inside.items():
        # three standard errors of a share of 300 about nine in ten
        assert 0.85 <= np.mean(found) <= 0.95, term


def test_level_in_three_blocks_of_thirty_has_hardly_two_degrees_of_freedom() -> None:
    chance = np.random.default_rng(0)
    blocks = np.repeat(np.arange(30), 10)
    y = chance.normal(0.0, 1.0, 30)[blocks] + chance.normal(0.0, 0.1, 300)
    table = pl.DataFrame({"y": y, "rare": blocks < 3, "even": blocks % 2 == 0})
    rare, even = regress(table, "y", ["rare", "even"], blocks).coefficients
    assert rare.freedom < 4.0
    assert even.freedom > 20.0
    assert "rough" in " ".join(regress(table, "y", ["rare"], blocks).notes)


def test_fit_is_least_squares_and_names_its_reference() -> None:
    table, blocks = laps(1)
    found = regress(table, "lap_time_s", ["compound", "age"], blocks)
    x = np.column_stack([np.ones(300), table["compound"].to_numpy() == "MEDIUM", table["age"].to_numpy()])
    beta = np.linalg.lstsq(x, table["lap_time_s"].to_numpy(), rcond=None)[0]
    assert found.reference == {"compound": "HARD"}
    assert [found.intercept, *(one.effect.value for one in found.coefficients)] == pytest.approx(
        beta.tolist(), abs=1e-5
    )


def test_rows_with_a_hole_are_left_out_and_terms_that_are_one_are_refused() -> None:
    table, blocks = laps(2)
    holed = table.with_columns(pl.when(pl.int_range(pl.len()) < 7).then(None).otherwise(pl.col("age")).alias("age"))
    assert regress(holed, "lap_time_s", ["age"], blocks).values == 293
    doubled = table.with_columns((2 * pl.col("age") + 1).alias("again"))
    with pytest.raises(WrongUsageError, match="cannot be told apart"):
        regress(doubled, "lap_time_s", ["age", "again"], blocks)
    with pytest.raises(WrongUsageError, match="no column"):
        regress(table, "lap_time_s", ["altitude"], blocks)
    with pytest.raises(DataMissingError, match="blocks"):
        regress(table.head(20), "lap_time_s", ["age"], blocks[:20])


def test_uneven_scatter_and_overlap_are_told() -> None:
    table, blocks = laps(3, between=0.0)
    chance = np.random.default_rng(0)
    uneven = table.with_columns(pl.col("lap_time_s") + pl.Series(chance.normal(0, 1, 300)) * pl.col("age") / 5)
    found = regress(uneven, "lap_time_s", ["age"], blocks)
    assert found.even < 0.05
    assert any("scatter" in note for note in found.notes)


def test_planted_clusters_are_found_and_their_number_too() -> None:
    chance = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
    points = (centres[:, None, :] + chance.normal(0.0, 0.3, (3, 10, 2))).reshape(30, 2)
    table = pl.DataFrame({"name": [f"p{i}" for i in range(30)], "pace": points[:, 0], "wear": points[:, 1]})
    found = cluster(table, "name", ["pace", "wear"], 0)
    assert len(found.clusters) == 3
    assert {frozenset(one.members) for one in found.clusters} == {
        frozenset(f"p{i}" for i in range(start, start + 10)) for start in (0, 10, 20)
    }
    assert found.silhouette > 0.7
    # Clusters do not depend on units.
    scaled = table.with_columns(pl.col("wear") * 1_000)
    assert [one.members for one in cluster(scaled, "name", ["pace", "wear"], 3).clusters] == [
        one.members for one in found.clusters
    ]


def test_silhouette_of_four_points_is_that_of_the_definition() -> None:
    points = np.array([0.0, 1.0, 10.0, 11.0])
    apart = np.abs(points[:, None] - points[None, :])
    # Each: 1 inside; outside 10.5 for the outer, 9.5 for the inner points.
    expected = np.mean([(10.5 - 1) / 10.5, (9.5 - 1) / 9.5] * 2)
    assert silhouette(apart, np.array([1, 1, 2, 2])) == pytest.approx(expected)


def test_structureless_points_are_called_so_and_bad_features_refused() -> None:
    chance = np.random.default_rng(5)
    table = pl.DataFrame({"name": list(map(str, range(60))), **{f: chance.normal(size=60) for f in "abcd"}})
    assert any("Hardly any structure" in note for note in cluster(table, "name", list("abcd"), 0).notes)
    with pytest.raises(WrongUsageError, match="no feature e"):
        cluster(table, "name", ["e"], 0)
    with pytest.raises(WrongUsageError, match="never varies"):
        cluster(table.with_columns(pl.lit(1.0).alias("flat")), "name", ["a", "flat"], 0)
    with pytest.raises(DataMissingError):
        cluster(table.head(4), "name", ["a"], 2)
