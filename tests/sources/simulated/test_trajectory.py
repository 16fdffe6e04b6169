"""A car's curve through its knots never runs backwards, meets every knot, and can be inverted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.sources.simulated.trajectory import Trajectory

_STEP = st.floats(min_value=0.05, max_value=30.0)
_PROGRESS = st.one_of(st.just(0.0), st.floats(min_value=0.0, max_value=30.0))


@st.composite
def knots(draw: st.DrawFn) -> list[tuple[float, float]]:
    steps = draw(st.lists(st.tuples(_STEP, _PROGRESS), min_size=1, max_size=30))
    t, tau = draw(st.floats(-10, 10)), draw(st.floats(-100, 100))
    out = [(t, tau)]
    for dt, progress in steps:
        t, tau = t + dt, tau + progress
        out.append((t, tau))
    return out


@given(knots())
def test_progress_never_falls_and_its_rate_is_never_negative(points: list[tuple[float, float]]) -> None:
    curve = Trajectory.through(points)
    times = np.linspace(points[0][0] - 1.0, points[-1][0] + 1.0, 500)
    tau, rate = curve.at(times)
    assert np.all(np.diff(tau) >= -1e-9)
    assert np.all(rate >= 0.0)
    assert tau[0] == pytest.approx(points[0][1])
    assert tau[-1] == pytest.approx(points[-1][1])


@given(knots())
def test_the_curve_meets_every_knot_and_stays_between_neighbours(points: list[tuple[float, float]]) -> None:
    curve = Trajectory.through(points)
    tau, _ = curve.at(np.array([t for t, _ in points]))
    assert tau == pytest.approx([progress for _, progress in points], abs=1e-6)
    middles = np.array([(a[0] + b[0]) / 2 for a, b in pairwise(points)])
    between, _ = curve.at(middles)
    for value, (low, high) in zip(between, pairwise(points), strict=True):
        assert low[1] - 1e-9 <= value <= high[1] + 1e-9


@given(knots(), st.floats(0.0, 1.0))
def test_the_instant_of_a_progress_leads_back_to_it(points: list[tuple[float, float]], part: float) -> None:
    curve = Trajectory.through(points)
    target = min(points[0][1] + part * (points[-1][1] - points[0][1]), points[-1][1])  # the sum may round past the end
    when = curve.when(np.array([target]))
    assert not np.isnan(when[0])
    assert curve.at(when)[0][0] == pytest.approx(target, abs=1e-5)


def test_progress_outside_the_curve_has_no_instant() -> None:
    curve = Trajectory.through([(0.0, 0.0), (10.0, 5.0)])
    assert np.isnan(curve.when(np.array([-1.0, 6.0]))).all()


def test_a_standing_car_stays() -> None:
    curve = Trajectory.through([(0.0, 0.0), (10.0, 8.0), (20.0, 8.0), (30.0, 16.0)])
    tau, rate = curve.at(np.linspace(10.0, 20.0, 50))
    assert tau == pytest.approx(8.0)
    assert rate == pytest.approx(0.0)


@pytest.mark.parametrize("points", [[(0.0, 0.0), (5.0, 3.0), (6.0, 2.0)], [(0.0, 0.0), (5.0, 3.0), (4.0, 4.0)]])
def test_falling_knots_are_refused(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="rise in time"):
        Trajectory.through(points)
