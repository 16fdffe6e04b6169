"""What the circuit looks like, learned from the positions of a clean lap."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from itertools import pairwise

from overcut.domain.circuits.geometry import closed_spline
from overcut.domain.events import AnyEvent, LapCompleted
from overcut.domain.frame import Frame
from overcut.domain.laps import Lap
from overcut.domain.track_map import OutlineOrigin, TrackOutline
from overcut.timing.telemetry.clock import FeedTime
from overcut.timing.telemetry.wire import Place, inflate, place_instants
from overcut.timing.values import PatchError

STEP_DM = 100.0
LONGEST_GAP_MS = 1_500
"""A lap with a longer silence in its positions is not used."""
CLOSING_DM = 2_500.0
"""The ends of a lap's path lie at most this far apart: the line is crossed between two positions, some 20 m apart, and
the lap time reaches us up to a second before or after the position does."""
ENOUGH_LAPS = 40
SHORTEST_LAP_MS, LONGEST_LAP_MS = 40_000, 200_000

LATE_MS = 2_000
"""Positions travel in batches of about a second, and a lap's end is told a little after it."""

_Point = tuple[float, float]


@dataclass(slots=True)
class _Message:
    """A `Position.z` message as it came, and its places once read."""

    t_ms: int
    payload: bytes
    points: list[tuple[int, dict[str, Place]]] | None = None


class OutlineLearner:
    """Keeps the path of the fastest of the first ``ENOUGH_LAPS`` clean laps whose positions are whole.

    Feed it every frame with the events that the engine made of it, in order. Positions are read only once a lap that
    is faster than all before has ended; until then messages are kept as they came, those of one lap's time at most.
    """

    def __init__(self) -> None:
        self._messages: deque[_Message] = deque()
        self._best: tuple[int, list[_Point], Lap] | None = None
        self._seen = 0
        self._feed_time = FeedTime()

    def observe(self, frame: Frame, events: list[AnyEvent]) -> None:
        """Take in one frame and what it caused."""
        if self._seen >= ENOUGH_LAPS:
            return
        if frame.topic == "Position.z":
            self._messages.append(_Message(frame.t_ms, frame.payload))
            while self._messages[0].t_ms < frame.t_ms - LONGEST_LAP_MS - LATE_MS:
                self._messages.popleft()
        for event in events:
            if isinstance(event, LapCompleted):
                self._consider(event.lap)

    def outline(self, circuit: str) -> TrackOutline | None:
        """The outline learned so far; None before any clean lap."""
        if self._best is None:
            return None
        lap_ms, path, lap = self._best
        points = _even(path)
        ends: tuple[int, int] | None = None
        if lap.s1_ms is not None and lap.s2_ms is not None:
            # positions are evenly spaced in time, the outline in distance: walk the path to the sectors' ends
            ends = (
                _index_at(path, lap.s1_ms / lap_ms, len(points)),
                _index_at(path, (lap.s1_ms + lap.s2_ms) / lap_ms, len(points)),
            )
        return TrackOutline(
            origin=OutlineOrigin.LEARNED,
            circuit=circuit,
            points=tuple((round(x), round(y)) for x, y in points),
            sector_ends=ends,
        )

    def _consider(self, lap: Lap) -> None:
        if lap.lap_ms is None or lap.pit_in or lap.pit_out or not SHORTEST_LAP_MS <= lap.lap_ms <= LONGEST_LAP_MS:
            return
        self._seen += 1
        if self._best is not None and self._best[0] <= lap.lap_ms:
            return
        on_lap = self._path(lap.number, lap.end_t_ms - lap.lap_ms, lap.end_t_ms)
        if len(on_lap) < 100 or any(after[0] - before[0] > LONGEST_GAP_MS for before, after in pairwise(on_lap)):
            self._seen -= 1
            return
        points = [(float(x), float(y)) for _, x, y in on_lap]
        if math.dist(points[0], points[-1]) > CLOSING_DM:
            self._seen -= 1
            return
        self._best = (lap.lap_ms, points, lap)

    def _path(self, number: str, from_ms: int, to_ms: int) -> list[tuple[int, float, float]]:
        """Where a car was from one moment to another."""
        path: list[tuple[int, float, float]] = []
        for message in self._messages:
            if from_ms - LATE_MS <= message.t_ms <= to_ms + LATE_MS:
                for t_ms, places in self._points(message):
                    place = places.get(number)
                    if place is not None and (place.x or place.y) and from_ms <= t_ms <= to_ms:
                        path.append((t_ms, place.x, place.y))
        return path

    def _points(self, message: _Message) -> list[tuple[int, dict[str, Place]]]:
        """A message's places, read once."""
        if message.points is None:
            try:
                instants = place_instants(inflate(message.payload))
            except PatchError:
                instants = []  # the engine has counted it
            last = max((stamp for stamp, _ in instants), default=0)
            zero_ms = self._feed_time.received(last, message.t_ms) if instants else 0
            message.points = [(stamp - zero_ms, places) for stamp, places in instants]
        return message.points


def _even(path: list[_Point]) -> list[_Point]:
    """Points ``STEP_DM`` apart along a smooth closed curve through ``path``."""
    distinct = [path[0]] + [after for before, after in pairwise(path) if math.dist(before, after) > 1.0]
    while len(distinct) > 4 and math.dist(distinct[0], distinct[-1]) <= STEP_DM:
        distinct.pop()
    curve = closed_spline(tuple(distinct))
    along = [0.0]
    for before, after in pairwise(curve):
        along.append(along[-1] + math.dist(before, after))
    count = max(3, round(along[-1] / STEP_DM))
    points: list[_Point] = []
    for step in range(count):
        target = along[-1] * step / count
        at = min(max(1, bisect_left(along, target)), len(along) - 1)
        (x0, y0), (x1, y1) = curve[at - 1], curve[at]
        share = (target - along[at - 1]) / ((along[at] - along[at - 1]) or 1.0)
        points.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    return points


def _index_at(path: list[_Point], share_of_time: float, count: int) -> int:
    """The index, of ``count`` even steps, of the point that the car had reached after a share of the lap's time."""
    reached = min(len(path) - 1, round(share_of_time * (len(path) - 1)))
    lengths = [math.dist(before, after) for before, after in pairwise(path)]
    return round(sum(lengths[:reached]) / (sum(lengths) or 1.0) * count) % count
