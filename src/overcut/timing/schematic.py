"""What stands in for the outline of a circuit that is neither drawn nor learned: a ring, and it says so."""

from __future__ import annotations

import math

from overcut.domain.track_map import OutlineOrigin, TrackOutline

RADIUS_M = 500.0
POINTS = 360


def ring_place(fraction: float) -> tuple[float, float]:
    """Metres from the middle at ``fraction`` of the lap, clockwise from the top."""
    angle = 2 * math.pi * fraction
    return RADIUS_M * math.sin(angle), RADIUS_M * math.cos(angle)


def ring(circuit: str) -> TrackOutline:
    """The ring as an outline, decimetres; sectors are thirds."""
    points = tuple(ring_place(step / POINTS) for step in range(POINTS))
    return TrackOutline(
        origin=OutlineOrigin.SCHEMATIC,
        circuit=circuit,
        points=tuple((round(x * 10), round(y * 10)) for x, y in points),
        sector_ends=(POINTS // 3, 2 * POINTS // 3),
    )
