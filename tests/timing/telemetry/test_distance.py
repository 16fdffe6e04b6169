"""Distance by integration: the sum of speeds, and the fit to known points, with what was off before it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.timing.telemetry.distance import LARGEST_ERROR, fit_m, integrate_m

SPEEDS = st.lists(st.floats(20, 350), min_size=8, max_size=60)
STEPS = st.lists(st.floats(20, 900), min_size=60, max_size=60)


def run_of(speeds: list[float], steps: list[float]) -> tuple[np.ndarray, np.ndarray]:
    t_ms = np.concatenate(([0.0], np.cumsum(steps[: len(speeds) - 1])))
    return t_ms, np.array(speeds)


@given(st.floats(1, 400), STEPS)
def test_constant_speed_drives_its_time(speed: float, steps: list[float]) -> None:
    t_ms, speeds = run_of([speed] * 20, steps)
    np.testing.assert_allclose(integrate_m(t_ms, speeds), speed / 3.6 * t_ms / 1000, rtol=1e-9)


@given(SPEEDS, STEPS, st.floats(0, 1))
def test_an_instant_on_the_line_between_two_adds_nothing(speeds: list[float], steps: list[float], at: float) -> None:
    t_ms, kmh = run_of(speeds, steps)
    when = float(t_ms[-1]) * at
    more_ms = np.sort(np.append(t_ms, when))
    more = np.interp(more_ms, t_ms, kmh)
    assert integrate_m(more_ms, more)[-1] == pytest.approx(integrate_m(t_ms, kmh)[-1], rel=1e-9)


@given(SPEEDS, STEPS, st.floats(0.95, 1.05), st.floats(0.97, 1.03), st.floats(0.97, 1.03))
def test_a_fit_puts_every_sector_end_where_it_is_known(
    speeds: list[float], steps: list[float], off: float, first_off: float, second_off: float
) -> None:
    t_ms, kmh = run_of(speeds, steps)
    driven = integrate_m(t_ms, kmh)
    ends = (float(t_ms[-1]) * 0.3, float(t_ms[-1]) * 0.7)
    length = float(driven[-1]) * off
    shares = tuple(
        float(np.interp(end, t_ms, driven)) * wrong / length
        for end, wrong in zip(ends, (first_off, second_off), strict=True)
    )
    fitted, fit = fit_m(t_ms, driven, length, ends, shares)
    assert fit.integrated_m == driven[-1]
    assert fit.residual_m == pytest.approx(driven[-1] - length)
    assert sum(fit.sector_residuals_m) == pytest.approx(fit.residual_m, abs=1e-6)
    if not fit.fitted:
        known = np.diff([0.0, shares[0] * length, shares[1] * length, length])
        assert np.any(np.abs(fit.sector_residuals_m) > LARGEST_ERROR * known)
        np.testing.assert_array_equal(fitted, driven)
        return
    assert fitted[0] == 0
    assert fitted[-1] == pytest.approx(length)
    assert np.all(np.diff(fitted) > 0)
    dense = np.interp(np.interp(ends, t_ms, driven), driven, fitted)
    reached = np.interp(dense, fitted, driven)  # the fit is a broken line: its corners lie between instants
    np.testing.assert_allclose(reached, np.interp(ends, t_ms, driven))


def test_a_lap_without_sector_times_is_fitted_as_a_whole() -> None:
    t_ms = np.array([0.0, 50_000.0, 100_000.0])
    fitted, fit = fit_m(t_ms, np.array([0.0, 2_500.0, 4_900.0]), 5_000.0, (), ())
    np.testing.assert_allclose(fitted, np.array([0.0, 2_500.0, 4_900.0]) * 5_000 / 4_900)
    assert (fit.fitted, fit.residual_m, fit.sector_residuals_m) == (True, pytest.approx(-100.0), ())


def test_a_lap_that_speed_puts_far_off_is_not_bent_into_shape() -> None:
    t_ms, driven = np.array([0.0, 1.0]), np.array([0.0, 4_000.0])
    fitted, fit = fit_m(t_ms, driven, 5_000.0, (), ())
    assert not fit.fitted
    assert fit.residual_m == -1_000
    np.testing.assert_array_equal(fitted, driven)


def test_nothing_is_fitted_where_no_length_is_known() -> None:
    fitted, fit = fit_m(np.array([0.0, 1.0]), np.array([0.0, 40.0]), None, (), ())
    assert (fit.integrated_m, fit.residual_m, fit.fitted) == (40.0, None, False)
    assert fitted[-1] == 40
