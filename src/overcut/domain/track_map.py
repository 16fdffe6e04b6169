"""What a track outline is: a closed line in the feed's decimetres, with its corners and its pedigree."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class OutlineOrigin(StrEnum):
    """Where an outline came from; the board says so."""

    LEARNED = "learned"  # from the session's own positions
    DRAWN = "drawn"  # our own drawing of the circuit
    SCHEMATIC = "schematic"  # a ring: the circuit is not known


class MapCorner(msgspec.Struct, frozen=True):
    """A corner's label and place, decimetres."""

    label: str
    x: int
    y: int


class TrackOutline(msgspec.Struct, frozen=True):
    """A closed outline.

    Attributes:
        points: (x, y) in decimetres, in the direction of travel, evenly spaced along the lap; the first is the
            start/finish line. The last joins the first.
        sector_ends: indices into ``points`` where sectors 1 and 2 end.
    """

    origin: OutlineOrigin
    circuit: str
    points: tuple[tuple[int, int], ...]
    corners: tuple[MapCorner, ...] = ()
    sector_ends: tuple[int, int] | None = None
