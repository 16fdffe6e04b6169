"""How a car goes through the pit lane: entry, its box, the stop, and out again, gate by gate."""

from __future__ import annotations

import random
from dataclasses import dataclass

from overcut.sources.simulated.track import Track

_KNOT_STEP = 0.003  # of a lap: the lane's constant speed must not inherit the profile's shape
_BRAKING_S = 0.6  # each way between the limit and standing


@dataclass(frozen=True)
class LaneTimes:
    """A way through the lane: seconds from lane entry.

    Attributes:
        knots: (seconds, laps after the lap's own line at 0; 1.0 is the line at its end).
        gates: (seconds, node) inside the lane; node ``count`` is the line, later ones count on from 1.
        box_s, leave_s, exit_s: when the car stands, moves again, and leaves the lane (``exit_s`` None if it stays).
    """

    knots: list[tuple[float, float]]
    gates: list[tuple[float, int]]
    box_s: float
    leave_s: float
    exit_s: float | None


def through_lane(track: Track, at: float, stand_s: float | None) -> LaneTimes:
    """Drive from pit entry to pit exit, standing ``stand_s`` at the fraction ``at``; None: the car stays there."""
    entry, out = track.circuit.pit_entry, 1.0 + track.circuit.pit_exit
    per_s = (out - entry) / track.lane_s
    arrive = (at - entry) / per_s + _BRAKING_S
    leave = arrive + (stand_s if stand_s is not None else 0.0)
    knots = [(0.0, entry)]
    knots.extend(((f - entry) / per_s, f) for f in _steps(entry, at))
    knots.append((arrive, at))
    gates = [
        (seconds, node) for fraction, node in _gates(track, entry, at) for seconds in ((fraction - entry) / per_s,)
    ]
    if stand_s is None:
        return LaneTimes(knots, gates, arrive, leave, None)
    if stand_s > 0:
        knots.append((leave, at))
    go = leave + _BRAKING_S
    knots.extend((go + (f - at) / per_s, f) for f in (*_steps(at, out), out))
    gates.extend((go + (fraction - at) / per_s, node) for fraction, node in _gates(track, at, out))
    return LaneTimes(knots, gates, arrive, leave, go + (out - at) / per_s)


def from_queue(track: Track, at: float) -> LaneTimes:
    """Leave a place in the lane where the car has been standing; seconds count from then."""
    out = 1.0 + track.circuit.pit_exit
    per_s = (out - track.circuit.pit_entry) / track.lane_s
    knots = [(0.0, at)]
    knots.extend((_BRAKING_S + (f - at) / per_s, f) for f in (*_steps(at, out), out))
    gates = [(_BRAKING_S + (fraction - at) / per_s, node) for fraction, node in _gates(track, at, out)]
    return LaneTimes(knots, gates, 0.0, 0.0, _BRAKING_S + (out - at) / per_s)


def stop_seconds(chance: random.Random, usual_s: float) -> float:
    """How long the crew takes: near its usual time, now and then a stuck wheel."""
    if chance.random() < 0.045:
        return round(usual_s + chance.uniform(1.5, 6.0), 2)
    return round(max(1.85, usual_s + abs(chance.gauss(0.0, 0.3)) + chance.gauss(0.0, 0.1)), 2)


def _steps(low: float, high: float) -> list[float]:
    count = int((high - low) / _KNOT_STEP)
    return [low + _KNOT_STEP * i for i in range(1, count + 1) if low + _KNOT_STEP * i < high - _KNOT_STEP / 2]


def _gates(track: Track, low: float, high: float) -> list[tuple[float, int]]:
    """Gates in (low, high]: (fraction, node)."""
    found = [(end, k + 1) for k, end in enumerate(track.ends) if low < end <= high]
    found.extend((1.0 + end, k + 1) for k, end in enumerate(track.ends) if low < 1.0 + end <= high)
    return found
