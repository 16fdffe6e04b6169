"""Where the timing line lies in the feed's own positions, and when a car truly crossed it.

The feed tells of a lap's end some hundredths to tenths of a second after it, varying from lap to lap, while positions
carry stamps of their own. The line is therefore put where cars were, in the median, when their laps ended as told, at
right angles to the way they went; and a crossing is where a car's positions pass it. What stays is what all told ends
have in common: the line is late by the feed's usual delay, equally for every lap, so a lap's two ends agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from overcut.domain.laps import Lap
from overcut.timing.telemetry.rows import Rows, X, Y

FEWEST_LAPS = 5
"""Crossings that the line is put by, at least."""

SEARCH_MS = 2_500
"""A crossing lies at most this far from where the feed puts it."""

LONGEST_STEP_MS = 1_000
"""Two positions further apart in time do not tell when the car passed between them."""

FAR_DM = 1_500.0
"""A car that was this far from the others at the end of its lap did not cross the line then (a late message)."""

WIDE_DM = 300.0
"""Half the width, with the pit lane, within which the line is crossed."""


class Line(msgspec.Struct, frozen=True):
    """The timing line: a point on it and the way cars go there, decimetres in the feed's coordinates.

    ``laps``: how many crossings it was put by. ``spread_ms``: half the range from their 16th to their 84th percentile
    around it (one standard deviation of a normal error), in time at the speed of each.
    """

    x: float
    y: float
    ahead_x: float
    ahead_y: float
    laps: int
    spread_ms: float


def timing_line(laps: Sequence[Lap], positions: Mapping[int, Rows]) -> Line | None:
    """The line by every lap that did not end in the pits; None with fewer than `FEWEST_LAPS` of them."""
    seen: list[tuple[float, float, float, float]] = []
    for lap in laps:
        rows = positions.get(int(lap.number))
        if rows is not None and lap.lap_ms is not None and not lap.pit_in:
            passed = _passing(rows, lap.end_t_ms)
            if passed is not None:
                seen.append(passed)
    if len(seen) < FEWEST_LAPS:
        return None
    at = np.array(seen)
    near = np.hypot(at[:, 0] - np.median(at[:, 0]), at[:, 1] - np.median(at[:, 1])) < FAR_DM
    at = at[near]
    if len(at) < FEWEST_LAPS:
        return None
    x, y = float(np.median(at[:, 0])), float(np.median(at[:, 1]))
    ahead_x, ahead_y = float(np.median(at[:, 2])), float(np.median(at[:, 3]))
    pace = math.hypot(ahead_x, ahead_y)
    if pace <= 0:
        return None
    ahead_x, ahead_y = ahead_x / pace, ahead_y / pace
    along = (at[:, 0] - x) * ahead_x + (at[:, 1] - y) * ahead_y
    shift = float(np.median(along))
    own_pace = np.maximum(np.hypot(at[:, 2], at[:, 3]), 1e-9)
    low, high = np.percentile((along - shift) / own_pace, [16, 84])
    return Line(x + shift * ahead_x, y + shift * ahead_y, ahead_x, ahead_y, len(at), float(high - low) / 2)


def crossing_ms(line: Line, rows: Rows, near_ms: float) -> float | None:
    """When a car crossed the line, session time; None where its positions around ``near_ms`` do not tell."""
    low, high = np.searchsorted(rows.t_ms, [near_ms - SEARCH_MS, near_ms + SEARCH_MS])
    t_ms = rows.t_ms[low:high]
    if len(t_ms) < 2:
        return None
    dx, dy = rows.fields[X, low:high] - line.x, rows.fields[Y, low:high] - line.y
    along = dx * line.ahead_x + dy * line.ahead_y
    across = np.abs(dy * line.ahead_x - dx * line.ahead_y)
    passes = np.flatnonzero((along[:-1] < 0) & (along[1:] >= 0) & (np.diff(t_ms) <= LONGEST_STEP_MS))
    passes = passes[np.minimum(across[passes], across[passes + 1]) < WIDE_DM]
    if not len(passes):
        return None
    share = -along[passes] / (along[passes + 1] - along[passes])
    times = t_ms[passes] + share * (t_ms[passes + 1] - t_ms[passes])
    return float(times[np.argmin(np.abs(times - near_ms))])


def _passing(rows: Rows, t_ms: int) -> tuple[float, float, float, float] | None:
    """x, y (dm) and the velocity there (dm/ms) between the two positions around ``t_ms``."""
    at = int(np.searchsorted(rows.t_ms, t_ms))
    if not 0 < at < len(rows):
        return None
    step = int(rows.t_ms[at] - rows.t_ms[at - 1])
    if step > LONGEST_STEP_MS:
        return None
    (x0, x1), (y0, y1) = rows.fields[X, at - 1 : at + 1].tolist(), rows.fields[Y, at - 1 : at + 1].tolist()
    if (x0 == x1 and y0 == y1) or not (x0 or y0) or not (x1 or y1):
        return None
    share = (t_ms - int(rows.t_ms[at - 1])) / step
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, (x1 - x0) / step, (y1 - y0) / step
