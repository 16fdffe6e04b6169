"""Are the drawings sound: length, spacing, crossings, direction, and the places marked on them?"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from overcut.domain.circuits import CIRCUITS, Circuit
from overcut.domain.circuits.geometry import outline, place
from overcut.sources.simulated.lap_model import curvature_of

ALL = pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=list(CIRCUITS))
CROSSES_ITSELF = {"suzuka": 1}  # the back straight passes over the track between Degner and the hairpin


def closed(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [*points, points[0]]


def crossings(points: tuple[tuple[float, float], ...]) -> int:
    """How often a closed polygon crosses itself, each pair of sides tested (numpy, all against all)."""
    a = np.array(points)
    b = np.roll(a, -1, axis=0)
    side = b - a

    def turn(p: np.ndarray, q: np.ndarray) -> np.ndarray:
        return p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]

    first = turn(side[:, None], a[None] - a[:, None]) * turn(side[:, None], b[None] - a[:, None])
    both = (first < 0) & (first.T < 0)
    return int(both.sum()) // 2


def test_there_are_at_least_twelve_circuits_in_order_of_their_ids() -> None:
    assert len(CIRCUITS) >= 12
    assert list(CIRCUITS) == sorted(CIRCUITS)
    assert all(key == circuit.id for key, circuit in CIRCUITS.items())
    assert len({circuit.feed_key for circuit in CIRCUITS.values()}) == len(CIRCUITS)
    assert len({circuit.feed_name for circuit in CIRCUITS.values()}) == len(CIRCUITS)


@ALL
def test_outline_is_as_long_as_the_lap_and_evenly_spaced(circuit: Circuit) -> None:
    points = outline(circuit, 5.0)
    steps = np.array([math.dist(a, b) for a, b in pairwise(closed(points))])
    assert abs(steps.sum() / circuit.length_m - 1) < 1e-3
    even = circuit.length_m / len(points)
    assert abs(even - 5.0) < 0.01
    assert steps.max() <= even + 1e-6  # a chord is never longer than its arc
    assert steps.min() > 0.97 * even


@ALL
def test_lap_begins_at_the_first_control_point_and_closes(circuit: Circuit) -> None:
    start = outline(circuit)[0]
    scale = math.hypot(*place(circuit, 0.37)) + 1
    assert math.dist(start, circuit.control_points[0]) < 0.01 * scale
    assert place(circuit, 0.0) == start
    assert math.dist(place(circuit, 1.0), start) < 1e-9
    assert math.dist(place(circuit, 0.999999), start) < 0.01
    assert math.dist(place(circuit, 2.25), place(circuit, 0.25)) < 1e-6
    assert math.dist(place(circuit, -0.25), place(circuit, 0.75)) < 1e-6


@ALL
def test_place_agrees_with_the_outline(circuit: Circuit) -> None:
    points = outline(circuit, 10.0)
    for i in range(0, len(points), 17):
        assert math.dist(place(circuit, i / len(points)), points[i]) < 1e-6


@ALL
def test_drawing_is_close_to_scale_before_it_is_scaled(circuit: Circuit) -> None:
    polygon = sum(math.dist(a, b) for a, b in pairwise(closed(circuit.control_points)))
    assert 0.97 < polygon / circuit.length_m < 1.0


@ALL
def test_track_crosses_itself_only_where_it_really_does(circuit: Circuit) -> None:
    assert crossings(outline(circuit, 5.0)) == CROSSES_ITSELF.get(circuit.id, 0)


@ALL
def test_separate_stretches_of_track_keep_their_distance(circuit: Circuit) -> None:
    points = np.array(outline(circuit, 10.0))
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    index = np.arange(len(points))
    along = np.abs(index[:, None] - index[None])
    along = np.minimum(along, len(points) - along)
    apart[along < 12] = np.inf  # 120 m along the lap: a hairpin's two sides may be near each other
    if circuit.id not in CROSSES_ITSELF:
        assert apart.min() > 14.0  # a track is 10 to 15 m wide


@ALL
def test_direction_of_travel_is_as_stated(circuit: Circuit) -> None:
    points = np.array(outline(circuit, 5.0))
    turned = curvature_of(points, circuit.length_m / len(points)).sum() * circuit.length_m / len(points)
    if circuit.id in CROSSES_ITSELF:
        assert abs(turned) < 0.05  # a figure of eight turns as much left as right
    else:
        assert abs(turned - (-1 if circuit.clockwise else 1) * 2 * math.pi) < 0.05


@ALL
def test_no_corner_is_tighter_than_the_tightest_in_the_sport(circuit: Circuit) -> None:
    points = np.array(outline(circuit, 3.0))
    radius = 1.0 / np.abs(curvature_of(points, circuit.length_m / len(points))).max()
    assert radius > (9.0 if circuit.id == "monaco" else 14.0)


@ALL
def test_corners_are_numbered_in_order_of_travel(circuit: Circuit) -> None:
    places = [corner.at for corner in circuit.corners]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    assert places[0] > 0.0
    assert places[-1] < 1.0
    assert [corner.number for corner in circuit.corners] == list(range(1, len(circuit.corners) + 1))


@ALL
def test_each_corner_sits_where_the_track_bends_most(circuit: Circuit) -> None:
    """Within 12 m of a peak of the curvature, or, in a long even corner, with nine tenths of the most within 40 m."""
    points = np.array(outline(circuit, 3.0))
    step = circuit.length_m / len(points)
    bend = curvature_of(points, step)
    most = np.abs(bend)
    peaks = np.flatnonzero((most >= np.roll(most, 1)) & (most > np.roll(most, -1)) & (most > 1 / 1500))
    place_m = np.arange(len(points)) * step
    for corner in circuit.corners:
        here = corner.at * circuit.length_m
        nearest = float(np.abs(peaks * step - here).min())
        at = round(here / step) % len(points)
        alike = most[(np.abs(place_m - here) < 40.0) & (np.sign(bend) == np.sign(bend[at]))]
        assert nearest < 12.0 or most[at] > 0.9 * alike.max(), corner


@ALL
def test_marks_along_the_lap_are_sane(circuit: Circuit) -> None:
    first, second = circuit.sector_ends
    assert 0.15 < first < second < 0.85
    assert circuit.traps[:2] == circuit.sector_ends
    assert all(5 <= count <= 10 for count in circuit.segments)
    assert 14 <= circuit.marshal_sectors <= 24
    assert circuit.pit_entry > 0.85
    assert 0.02 < circuit.pit_exit < 0.30
    assert 50 <= circuit.pit_limit_kmh <= 80
    assert 15.0 <= circuit.pit_loss_s <= 30.0
    assert circuit.race_laps * circuit.length_m + 400 > 305_000 or circuit.id == "monaco"
    assert circuit.race_laps * circuit.length_m < 312_000
    for zone in circuit.zones:
        assert all(0.0 <= at < 1.0 for at in (zone.detection, zone.start, zone.end))
        assert 0.03 < (zone.end - zone.start) % 1.0 < 0.30


@ALL
def test_overtaking_zones_hold_no_slow_corner(circuit: Circuit) -> None:
    points = np.array(outline(circuit, 5.0))
    bend = np.abs(curvature_of(points, circuit.length_m / len(points)))
    for zone in circuit.zones:
        count = int(((zone.end - zone.start) % 1.0) * len(points))
        inside = [(int(zone.start * len(points)) + i) % len(points) for i in range(count)]
        assert bend[inside].max() < 1 / 90, zone


def test_step_must_be_positive() -> None:
    with pytest.raises(ValueError, match="step_m must be positive"):
        outline(CIRCUITS["monza"], 0.0)
