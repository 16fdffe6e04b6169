"""Where on the ground a fraction of the lap is: the closed spline through a circuit's control points."""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from overcut.domain.circuits.circuit import Circuit

_Point = tuple[float, float]

# Chords per span of the spline. A span is at most about 130 m and at most about 30 degrees of arc, so with 32 chords
# the polygon is shorter than the curve by less than 1 part in 80,000.
_CHORDS = 32


class _Line(NamedTuple):
    """The spline as a fine polygon: points in metres, and how far along the lap each is (0 to the length)."""

    points: tuple[_Point, ...]
    distance_m: tuple[float, ...]


def outline(circuit: Circuit, step_m: float = 5.0) -> tuple[_Point, ...]:
    """The lap as points (x, y) in metres, evenly spaced along it.

    The first point is on the start/finish line; the last is one step before it (the line is closed). The step is the
    nearest to ``step_m`` that divides the lap evenly. Raises ValueError for a step that is not positive.
    """
    if not step_m > 0:
        raise ValueError(f"step_m must be positive, got {step_m}")
    return _even(circuit, max(3, round(circuit.length_m / step_m)))


def place(circuit: Circuit, fraction: float) -> _Point:
    """(x, y) in metres at a fraction of the lap; 0 is the start/finish line; whole laps may be added."""
    line = _line(circuit)
    return _at(line, (fraction % 1.0) * line.distance_m[-1])


@lru_cache(maxsize=64)
def _even(circuit: Circuit, count: int) -> tuple[_Point, ...]:
    line = _line(circuit)
    step = line.distance_m[-1] / count
    return tuple(_at(line, i * step) for i in range(count))


def _at(line: _Line, distance_m: float) -> _Point:
    """The point ``distance_m`` along the polygon, 0 <= distance <= length."""
    i = min(max(bisect_right(line.distance_m, distance_m) - 1, 0), len(line.points) - 2)
    (x0, y0), (x1, y1) = line.points[i], line.points[i + 1]
    span = line.distance_m[i + 1] - line.distance_m[i]
    part = (distance_m - line.distance_m[i]) / span if span > 0 else 0.0
    return x0 + (x1 - x0) * part, y0 + (y1 - y0) * part


@lru_cache(maxsize=64)
def _line(circuit: Circuit) -> _Line:
    """The closed spline, scaled about the origin so that its length is the circuit's official one."""
    drawn = closed_spline(circuit.control_points)
    steps = [math.dist(a, b) for a, b in pairwise(drawn)]
    scale = circuit.length_m / math.fsum(steps)
    distance = [0.0]
    for step in steps:
        distance.append(distance[-1] + step * scale)
    distance[-1] = circuit.length_m
    return _Line(tuple((x * scale, y * scale) for x, y in drawn), tuple(distance))


def closed_spline(control: tuple[_Point, ...]) -> list[_Point]:
    """A closed centripetal Catmull-Rom spline as a polygon; the last point repeats the first.

    Centripetal (knots spaced by the square root of the chord) because it can neither loop nor overshoot between close
    control points: C. Yuksel, S. Schaefer, J. Keyser, "Parameterization and applications of Catmull-Rom curves",
    Computer-Aided Design 43 (2011).
    """
    count = len(control)
    if count < 4:
        raise ValueError(f"a closed spline needs at least 4 control points, got {count}")
    points: list[_Point] = []
    for i in range(count):
        p0, p1, p2, p3 = (control[(i + k) % count] for k in (-1, 0, 1, 2))
        points.extend(_span(p0, p1, p2, p3))
    points.append(points[0])
    return points


def _span(p0: _Point, p1: _Point, p2: _Point, p3: _Point) -> list[_Point]:
    """The points from ``p1`` (with it) to ``p2`` (without it): the span's tangents, then a cubic Hermite curve."""
    d01, d12, d23 = (math.sqrt(math.dist(a, b)) for a, b in ((p0, p1), (p1, p2), (p2, p3)))
    if min(d01, d12, d23) == 0.0:
        raise ValueError(f"two neighbouring control points are the same, near {p1}")
    axes: list[tuple[float, float, float, float]] = []
    for a0, a1, a2, a3 in zip(p0, p1, p2, p3, strict=True):
        leave = ((a1 - a0) / d01 - (a2 - a0) / (d01 + d12) + (a2 - a1) / d12) * d12
        arrive = ((a2 - a1) / d12 - (a3 - a1) / (d12 + d23) + (a3 - a2) / d23) * d12
        axes.append((a1, leave, 3 * (a2 - a1) - 2 * leave - arrive, 2 * (a1 - a2) + leave + arrive))
    (ax, bx, cx, dx), (ay, by, cy, dy) = axes
    span: list[_Point] = []
    for k in range(_CHORDS):
        u = k / _CHORDS
        span.append((ax + u * (bx + u * (cx + u * dx)), ay + u * (by + u * (cy + u * dy))))
    return span
