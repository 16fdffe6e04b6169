"""Pooling: what was seen often keeps its own figure, what was hardly seen gets that of all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.strategy.fitting.events.mixed import Grouping, logistic, normal, poisson


def test_rates_come_back_and_the_rarely_seen_shrink() -> None:
    rng = np.random.default_rng(3)
    names = [f"c{k:02d}" for k in range(30)]
    true = 0.5 * rng.standard_normal(30)
    exposure = np.where(np.arange(30) < 15, 20_000.0, 100.0)
    counts = rng.poisson(exposure * 0.01 * np.exp(true)).astype(float)
    found = poisson(counts, exposure, {"circuit": Grouping.of(names, 0.4)})
    effects = found.effects["circuit"]
    often = np.array([effects[name].mean for name in names[:15]])
    assert np.corrcoef(often, true[:15])[0, 1] > 0.95
    assert effects[names[0]].sd < effects[names[29]].sd
    assert found.sd["circuit"] == pytest.approx(0.5, abs=0.2)
    rare = np.array([abs(effects[name].mean) for name in names[15:]])
    raw = np.abs(np.log((counts[15:] + 0.5) / exposure[15:] / 0.01))
    assert rare.mean() < 0.8 * raw.mean()


def test_intervals_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    inside: list[bool] = []
    for _ in range(20):
        true = 0.5 * rng.standard_normal(25)
        trials = np.full(25, 80.0)
        wins = rng.binomial(80, 1 / (1 + np.exp(-(-1.0 + true)))).astype(float)
        found = logistic(wins, trials, {"g": Grouping.of([f"{k:02d}" for k in range(25)], 0.5)})
        for k in range(25):
            one = found.effects["g"][f"{k:02d}"]
            inside.append(abs(one.mean - (true[k] - true.mean())) < 1.2816 * one.sd)
    assert np.mean(inside) == pytest.approx(0.8, abs=0.06)


@settings(max_examples=25)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=12))
def test_deviations_add_up_to_nothing(values: list[float]) -> None:
    found = normal(
        np.array(values), np.full(len(values), 0.1), {"g": Grouping.of([str(k) for k in range(len(values))], 0.5)}
    )
    assert sum(one.mean for one in found.effects["g"].values()) == pytest.approx(0.0, abs=1e-6)
    assert all(one.sd >= 0 for one in found.effects["g"].values())
    assert min(values) - 1e-6 <= found.level.mean <= max(values) + 1e-6
