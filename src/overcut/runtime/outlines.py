"""Which outline a board draws: learned from the session's own positions, else our drawing, else a ring."""

from __future__ import annotations

import msgspec

from overcut.domain.circuits import Circuit, circuit_of_feed
from overcut.domain.circuits.geometry import outline as drawn_points
from overcut.domain.state import Meeting
from overcut.domain.track_map import MapCorner, OutlineOrigin, TrackOutline
from overcut.timing.schematic import ring

DRAWN_STEP_M = 10.0


def outline_of(meeting: Meeting, learned: TrackOutline | None) -> TrackOutline:
    """The best outline there is of a session's circuit, in decimetres, with corners where the circuit is ours.

    Our corners are fractions of the lap, so they fit a learned outline as well as a drawn one.
    """
    circuit = circuit_of_feed(meeting.circuit, meeting.circuit_key)
    if learned is not None:
        return learned if circuit is None else msgspec.structs.replace(learned, corners=_corners(circuit, learned))
    return ring(meeting.circuit) if circuit is None else drawn(circuit)


def drawn(circuit: Circuit) -> TrackOutline:
    """Our own drawing of a circuit as an outline."""
    points = tuple((round(x * 10), round(y * 10)) for x, y in drawn_points(circuit, DRAWN_STEP_M))
    first, second = circuit.sector_ends
    bare = TrackOutline(
        origin=OutlineOrigin.DRAWN,
        circuit=circuit.name,
        points=points,
        sector_ends=(_index(first, points), _index(second, points)),
    )
    return msgspec.structs.replace(bare, corners=_corners(circuit, bare))


def _corners(circuit: Circuit, outline: TrackOutline) -> tuple[MapCorner, ...]:
    places = [outline.points[_index(corner.at, outline.points)] for corner in circuit.corners]
    return tuple(
        MapCorner(f"{corner.number}{corner.letter}", x, y)
        for corner, (x, y) in zip(circuit.corners, places, strict=True)
    )


def _index(fraction: float, points: tuple[tuple[int, int], ...]) -> int:
    return round(fraction * len(points)) % len(points)
