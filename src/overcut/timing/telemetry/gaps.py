"""Where a car's telemetry is missing: silence, and stretches that the feed filled with zeros (wire.md, trap 13)."""

from __future__ import annotations

from enum import StrEnum

import msgspec
import numpy as np

from overcut.timing.telemetry.rows import GEAR, RPM, SPEED, Flags, Floats, Longs, Rows

GAP_MS = 1_000
"""Silence longer than this is a gap. In 2025 Mexico qualifying 95 % of instants follow within 0.44 s, 99.8 % in 1 s."""

MOVING_KMH = 30
"""A car that went at least this fast beside a stretch of zeros did not stand still in it."""

MOVED_M = 20.0
"""Nor did one whose position changed by more than this."""


class GapKind(StrEnum):
    """Why values are missing."""

    SILENCE = "silence"
    ZEROS = "zeros"


class Gap(msgspec.Struct, frozen=True):
    """A stretch without data: between the last sound instant before it and the first one after it, session time.

    ``channel``: ``car`` or ``position``.
    """

    channel: str
    kind: GapKind
    from_ms: int
    to_ms: int


def zero_filled(car: Rows, positions: Rows) -> Flags:
    """(rows,) which of one car's rows hold zeros in place of data: nothing turns, though the car goes.

    A car that stands with its engine off sends zeros too; those are true, and stay.
    """
    still = (car.fields[RPM] <= 0) & (car.fields[SPEED] <= 0) & (car.fields[GEAR] <= 0)
    filled = np.zeros(len(car), np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], still.astype(np.int8), [0]))))
    for first, behind in edges.reshape(-1, 2).tolist():
        before = int(car.fields[SPEED, first - 1]) if first else 0
        after = int(car.fields[SPEED, behind]) if behind < len(car) else 0
        moved = _moved_m(positions, int(car.t_ms[first]), int(car.t_ms[behind - 1]))
        filled[first:behind] = moved > MOVED_M or max(before, after) >= MOVING_KMH
    return filled


def _moved_m(positions: Rows, from_ms: int, to_ms: int) -> float:
    low, high = np.searchsorted(positions.t_ms, [from_ms, to_ms + 1])
    if high - low < 2:
        return 0.0
    x, y = positions.fields[0, low:high], positions.fields[1, low:high]
    return float(np.hypot(np.ptp(x), np.ptp(y))) / 10


def gaps_between(channel: str, t_ms: Longs, dropped_ms: Longs, from_ms: float, to_ms: float) -> list[Gap]:
    """The gaps of sound instants ``t_ms`` that touch a time from ``from_ms`` to ``to_ms``.

    Args:
        dropped_ms: instants that were taken out as zeros: a gap that holds one is of that kind.
    """
    low, high = np.floor(from_ms), np.ceil(to_ms)
    edged = np.concatenate(([low - GAP_MS * 9], t_ms, [high + GAP_MS * 9]))
    wide = np.flatnonzero((np.diff(edged) > GAP_MS) & (edged[:-1] < high) & (edged[1:] > low))
    gaps: list[Gap] = []
    for at in wide.tolist():
        begin, end = max(float(edged[at]), low), min(float(edged[at + 1]), high)
        zeros = bool(np.any((dropped_ms > edged[at]) & (dropped_ms < edged[at + 1])))
        if end > begin and (zeros or end - begin > 1):
            gaps.append(Gap(channel, GapKind.ZEROS if zeros else GapKind.SILENCE, int(begin), int(end)))
    return gaps


def inside(gaps: list[Gap], t_ms: Floats) -> Flags:
    """(instants,) which lie strictly within one of the gaps."""
    lost = np.zeros(len(t_ms), np.bool_)
    for gap in gaps:
        lost |= (t_ms > gap.from_ms) & (t_ms < gap.to_ms)
    return lost
