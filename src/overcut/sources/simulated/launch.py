"""How a grid gets away: from standing on its boxes to racing speed, each car as quick as its start was good."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from overcut.sources.simulated.track import GRID_FIRST_M, GRID_STEP_M, Floats, Track

_TOP_MS = 110.0
_TIME_CONSTANT_S = 8.4
"""v(t) = 110 m/s (1 - e^(-t/8.4 s)): 100 km/h after 2.5 s, 200 km/h after 5.9 s, near a modern car's."""


@dataclass(frozen=True)
class Launch:
    """One car's start: knots (s after the lights, tau), gates (s after the lights, node) of the lap that begins,
    and those behind them from the box to the line.
    """

    knots: list[tuple[float, float]]
    gates: list[tuple[float, int]]
    behind: list[tuple[float, int]]


def launch(track: Track, slot: int, reaction_s: float, quality: float) -> Launch:
    """The start from a grid box; ``quality`` multiplies the time constant (below 1 is a better start).

    The launch lasts until the car is as fast as the profile allows there, then to the next gate at the profile's pace.
    """
    start_m = -(GRID_FIRST_M + GRID_STEP_M * slot)
    constant = _TIME_CONSTANT_S * quality
    clock = np.arange(0.0, 40.0, 0.2)
    distance = start_m + _TOP_MS * (clock - constant * (1 - np.exp(-clock / constant)))
    speed = _TOP_MS * (1 - np.exp(-clock / constant))
    allowed = 0.97 * np.interp(distance % track.circuit.length_m, track.profile.distance_m, track.profile.speed_ms)
    # The profile is quick near the line; only its first slow point after the car is under way ends the launch.
    joined = np.flatnonzero((speed >= allowed) & (clock > 1.0))
    last = int(joined[0]) if len(joined) else len(clock) - 1
    tau = _tau_of(track, distance)
    gates: list[tuple[float, int]] = []
    length = track.circuit.length_m
    before = [(end * length - length, k + 1) for k, end in enumerate(track.ends) if end * length - length > start_m]
    behind = [(_when(at, distance, clock) + reaction_s, node) for at, node in before]
    node = 0
    while node < track.count and track.ends[node] * track.circuit.length_m <= distance[last]:
        gates.append((reaction_s + _when(track.ends[node] * track.circuit.length_m, distance, clock), node + 1))
        node += 1
    knots = [(0.0, float(tau[0]))]
    knots.extend((reaction_s + float(clock[i]), float(tau[i])) for i in range(last + 1))
    rest_s = track.tau[node] - float(tau[last])
    end_s = reaction_s + float(clock[last]) + rest_s * 1.03
    gates.append((end_s, node + 1))
    knots.append((end_s, track.tau[node]))
    return Launch(knots, gates, behind)


def _tau_of(track: Track, distance: Floats) -> Floats:
    length = track.circuit.length_m
    laps = np.floor(distance / length)
    return laps * track.lap_s + np.interp(distance - laps * length, track.distance_m, track.time_s)


def _when(target_m: float, distance: Floats, clock: Floats) -> float:
    return float(np.interp(target_m, distance, clock))


def formation_pace(slot: int) -> float:
    """Seconds after pole's car leaves the grid at which a slot does."""
    return 0.9 * slot + 0.2 * math.sin(slot)
