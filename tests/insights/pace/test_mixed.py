"""The mixed model finds what was put in, and says how sure it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.insights.pace.mixed import Rows, Term, fit


def rows_of(y: np.ndarray, chain: int) -> Rows:
    """Observations in chains of ``chain`` laps each."""
    index = np.arange(len(y))
    before = np.where(index % chain == 0, -1, index - 1)
    return Rows(y, np.zeros(len(y), dtype=np.int64), before, np.ones(len(y), dtype=np.int64))


def grouped(groups: int, size: int) -> np.ndarray:
    return np.repeat(np.eye(groups), size, axis=0)


def test_spread_of_groups_and_memory_of_the_noise_are_learned() -> None:
    chance = np.random.default_rng(3)
    groups, size, memory = 40, 25, 0.5
    level = chance.normal(0.0, 0.5, groups)
    shocks = chance.normal(0.0, 0.2, (groups, size))
    noise = np.zeros((groups, size))
    noise[:, 0] = shocks[:, 0] / (1 - memory**2) ** 0.5
    for lap in range(1, size):
        noise[:, lap] = memory * noise[:, lap - 1] + shocks[:, lap]
    y = (90.0 + level[:, None] + noise).ravel()
    terms = [
        Term("level", np.ones((len(y), 1)), 90.0, 20.0),
        Term("group", grouped(groups, size), 0.0, 0.1, learned=True),
    ]
    found = fit(rows_of(y, size), terms, 0.3)
    assert found.spread["group"] == pytest.approx(0.5, rel=0.25)
    assert found.memory == pytest.approx(memory, abs=0.1)
    assert float(found.noise_s[0]) == pytest.approx(0.2 / (1 - memory**2) ** 0.5, rel=0.12)
    sd = np.sqrt(np.diag(found.cov)[found.at["group"]])
    inside = np.abs(found.of("group") - (level - level.mean())) < 1.645 * sd
    assert 0.75 <= inside.mean() <= 1.0


def test_what_the_data_cannot_tell_apart_keeps_the_spread_that_was_assumed() -> None:
    """Two columns that are one: their sum is learned, their difference stays as uncertain as before."""
    chance = np.random.default_rng(1)
    lap = np.arange(200.0)[:, None] / 200
    y = 3.0 * lap[:, 0] + chance.normal(0.0, 0.1, 200)
    found = fit(rows_of(y, 200), [Term("fuel", lap, 1.0, 0.5), Term("track", lap, 0.0, 0.5)], 0.1)
    total, total_sd = found.contrast(np.array([1.0, 1.0]))
    _, apart_sd = found.contrast(np.array([1.0, -1.0]))
    assert total == pytest.approx(3.0, abs=0.15)
    assert total_sd < 0.1
    assert apart_sd == pytest.approx(0.5 * 2**0.5, rel=0.01)


@given(seed=st.integers(0, 1_000), slope=st.floats(-2, 2))
def test_gain_foretells_the_coefficient_of_a_refit(seed: int, slope: float) -> None:
    chance = np.random.default_rng(seed)
    base, extra = np.ones((60, 1)), chance.normal(size=60)
    y = 5.0 + slope * extra + chance.normal(0.0, 0.3, 60)
    rows = rows_of(y, 60)
    short = fit(rows, [Term("level", base, 0.0, 100.0)], 0.3)
    foretold, significance = short.gain(extra)
    # The same noise for both: what differs is the column alone.
    full = np.column_stack([base, extra])
    exact = np.linalg.lstsq(full, y, rcond=None)[0][1]
    assert foretold == pytest.approx(exact, abs=0.05 + 0.15 * abs(exact))
    assert np.sign(significance) == np.sign(foretold)


def test_a_column_that_adds_nothing_gains_nothing() -> None:
    chance = np.random.default_rng(0)
    base = np.column_stack([np.ones(50), np.arange(50.0)])
    found = fit(rows_of(chance.normal(size=50), 50), [Term("line", base, 0.0, 1_000.0)], 1.0)
    assert abs(found.gain(base @ np.array([2.0, 3.0]))[1]) < 0.1
