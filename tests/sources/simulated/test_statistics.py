"""Simulated races have as many passes, stops, safety cars and retirements as real ones, within stated factors.

The real means are over the 81 Grands Prix of 2022 to 2025 round 13 (laps, pit stops and neutralisations of the shared
timing tables). A pass: of two cars on two consecutive laps after the second, neither in the pits nor under a safety
car, virtual safety car or red flag on either, the one behind at the line is ahead a lap later.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from .conftest import Played

REAL_PASSES, REAL_STOPS, REAL_RETIREMENTS = 30.6, 36.2, 1.88
REAL_SAFETY_CARS, REAL_VIRTUAL = 65 / 81, 48 / 81


def passes(played: Played) -> int:
    log, count = played.log, played.track.count
    status = [*log.track_status, (log.end_t, "")]
    neutral = [(a, b) for (a, digit), (b, _) in pairwise(status) if digit in "4567"]
    line: dict[tuple[int, int], float] = {}
    pitting: dict[int, set[int]] = {}
    for i, car in enumerate(log.cars):
        end = car.flag_t or float("inf")
        line.update({(i, c.lap): c.t for c in car.crossings if c.node == count and c.lap >= 1 and c.t <= end})
        pitting[i] = {lap for v in car.visits if v.counted for lap in (v.lap, v.lap + 1)}
    found = 0
    for lap in range(3, log.laps_total + 1):
        free = [
            i
            for i in range(len(log.cars))
            if (i, lap) in line
            and (i, lap - 2) in line
            and not {lap, lap - 1} & pitting[i]
            and not any(a < line[i, lap] and b > line[i, lap - 2] for a, b in neutral)
        ]
        found += sum(
            line[i, lap - 1] > line[j, lap - 1] and line[i, lap] < line[j, lap] for i in free for j in free if i != j
        )
    return found


def _within(ours: float, real: float, factor: float) -> bool:
    return real / factor <= ours <= real * factor


def test_passes_per_race(races: list[Played]) -> None:
    ours = sum(passes(played) for played in races) / len(races)
    assert _within(ours, REAL_PASSES, 1.5), ours


def test_stops_per_race(races: list[Played]) -> None:
    stops = [sum(v.counted and v.exit_t is not None for car in p.log.cars for v in car.visits) for p in races]
    assert _within(sum(stops) / len(races), REAL_STOPS, 1.25), sum(stops) / len(races)


def test_retirements_per_race(races: list[Played]) -> None:
    out = [sum(car.flag_t is None for car in played.log.cars) for played in races]
    assert _within(sum(out) / len(races), REAL_RETIREMENTS, 1.6), sum(out) / len(races)
    assert min(out) <= 1 <= max(out)


@pytest.mark.parametrize(("digit", "real", "factor"), [("4", REAL_SAFETY_CARS, 1.8), ("6", REAL_VIRTUAL, 2.0)])
def test_neutralisations_per_race(races: list[Played], digit: str, real: float, factor: float) -> None:
    ours = sum(d == digit for played in races for _, d in played.log.track_status) / len(races)
    assert _within(ours, real, factor), ours


def test_races_differ_in_what_happens(races: list[Played]) -> None:
    stories = {"".join(d for _, d in played.log.track_status) for played in races}
    assert len(stories) >= 8
