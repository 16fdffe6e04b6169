"""Comparisons find what differs, stay quiet where nothing does, and know when their tests do not hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.insights.analysis.checks import intraclass
from overcut.insights.analysis.difference import Difference, Group, compare, dominance, shift
from overcut.insights.analysis.multiple import holm
from overcut.insights.analysis.paired import compare_pairs
from overcut.kernel.errors import DataMissingError

Floats = np.ndarray
values = st.lists(st.floats(-100, 100), min_size=1, max_size=12).map(np.array)


def group(name: str, chance: np.random.Generator, mean: float, blocks: int, size: int, between: float) -> Group:
    """Laps in blocks: ``between`` is how far the blocks' own means differ."""
    levels = chance.normal(mean, between, blocks) if between else np.full(blocks, mean)
    laps = (levels[:, None] + chance.normal(0.0, 0.3, (blocks, size))).ravel()
    return Group(name, laps, np.repeat(np.arange(blocks), size))


def p_of(found: Difference, name: str) -> float:
    return next(test.p_value for test in found.tests if test.name == name)


def test_blocks_that_differ_by_chance_alarm_welch_but_not_the_block_permutation() -> None:
    """Five sets a side, each with a level of its own, no difference between the sides: what a race looks like."""
    welch, permuted, told = [], [], []
    for seed in range(16):
        chance = np.random.default_rng(seed)
        found = compare(group("a", chance, 90.0, 5, 12, 0.3), group("b", chance, 90.0, 5, 12, 0.3), 1)
        welch.append(p_of(found, "Welch t") < 0.05)
        permuted.append(p_of(found, "block permutation") < 0.05)
        told.append(next(test.holds for test in found.tests if test.name == "Welch t"))
    assert np.mean(welch) > 0.25
    assert np.mean(permuted) <= 0.15
    assert np.mean(told) < 0.1  # and it says that Welch is not to be believed


def test_difference_is_found_with_its_size_and_sign() -> None:
    chance = np.random.default_rng(0)
    found = compare(group("quick", chance, 89.5, 10, 10, 0.1), group("slow", chance, 90.0, 10, 10, 0.1), 1)
    assert found.mean.low < -0.5 < found.mean.high
    assert found.mean.high < 0.0
    assert found.shift.low < -0.5 < found.shift.high
    assert found.dominance.value < -0.4
    assert p_of(found, "block permutation") < 0.01
    assert found.notes == []


def test_independent_normal_values_leave_every_test_standing() -> None:
    chance = np.random.default_rng(2)
    one = Group("a", chance.normal(0.0, 1.0, 60), np.arange(60))
    other = Group("b", chance.normal(0.0, 1.0, 60), np.arange(60))
    found = compare(one, other, 1)
    assert all(test.holds for test in found.tests)


def test_same_seed_gives_the_same_answer_and_few_blocks_are_told() -> None:
    chance = np.random.default_rng(0)
    one, other = group("a", chance, 90.0, 3, 8, 0.1), group("b", chance, 90.2, 3, 8, 0.1)
    assert compare(one, other, 7) == compare(one, other, 7)
    assert "cannot fall below about 0.1" in compare(one, other, 7).notes[0]
    with pytest.raises(DataMissingError, match="in 1 blocks"):
        compare(Group("a", one.values, np.zeros(24, dtype=np.int64)), other, 7)


@given(values, values, st.floats(-10, 10))
def test_shift_moves_with_the_values_and_turns_with_the_sides(a: Floats, b: Floats, by: float) -> None:
    assert shift(a + by, b) == pytest.approx(shift(a, b) + by, abs=1e-9)
    assert shift(b, a) == pytest.approx(-shift(a, b), abs=1e-9)


@given(values, values)
def test_dominance_counts_pairs(a: Floats, b: Floats) -> None:
    signs = np.sign(a[:, None] - b[None, :])
    assert dominance(a, b) == pytest.approx(float(signs.mean()))


def test_intraclass_correlation_is_that_of_the_textbook() -> None:
    """Shrout and Fleiss, Psychological Bulletin 86 (1979), table 2: six targets by four judges, ICC(1,1) 0.17."""
    ratings = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
    )
    assert intraclass(ratings.ravel(), np.repeat(np.arange(6), 4)) == pytest.approx(0.17, abs=0.005)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_the_p_value_and_bonferroni_and_keeps_the_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    for p, after in zip(p_values, adjusted, strict=True):
        assert p - 1e-6 <= after <= min(1.0, len(p_values) * p) + 1e-6
    order = np.argsort(p_values, kind="stable")
    assert np.all(np.diff(np.array(adjusted)[order]) >= -1e-9)


def test_holm_of_known_values() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_few_pairs_are_tried_with_all_signs() -> None:
    found = compare_pairs("a", "b", np.array([-0.1, -0.2, -0.3, -0.15, -0.25]), 1)
    assert found.tests[0].p_value == pytest.approx(2 / 2**5)
    assert found.ahead == 5
    assert found.mean.high < 0.0
    with pytest.raises(DataMissingError, match="meet in 3 sessions"):
        compare_pairs("a", "b", np.zeros(3), 1)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_many_pairs_are_drawn_alike_and_equal_sides_do_not_differ(seed: int) -> None:
    differences = np.random.default_rng(seed).normal(0.0, 1.0, 20)
    found = compare_pairs("a", "b", differences, 1)
    mirrored = compare_pairs("b", "a", -differences, 1)
    assert found.tests[0].p_value == mirrored.tests[0].p_value
    assert compare_pairs("a", "b", np.zeros(20), 1).tests[0].p_value == 1.0
