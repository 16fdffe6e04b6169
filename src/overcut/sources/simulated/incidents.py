"""What goes wrong in a race, and where: failures, accidents and mistakes, drawn before the start for each car.

Rates: about 2.3 of 20 cars retire in a race of 2022-2025, near half of them by accident; roughly one race in five loses
a car on its first lap.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum

from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.track import Track

FAILURE_RATE = 0.050
ACCIDENT_RATE = 0.045
FIRST_LAP_RATE = 0.20
MISTAKE_RATE = 0.0011
"""Per car and race; mistakes (a spin, an excursion) per car and lap; first-lap accidents per race."""


class Fate(Enum):
    """What happens to a car."""

    LIMP = "limp"  # fails, and reaches the pits
    STOP = "stop"  # fails, and stops on track
    CRASH = "crash"
    MISTAKE = "mistake"


@dataclass(frozen=True)
class Twist:
    """One car's fate at a mini-sector of a lap."""

    fate: Fate
    lap: int
    segment: int


def draw_fates(cars: list[RaceCar], track: Track, laps: int, chance: random.Random) -> dict[int, list[Twist]]:
    """Fates by car index, in the order of the race."""
    fates: dict[int, list[Twist]] = {car.index: [] for car in cars}
    for car in cars:
        if chance.random() < FAILURE_RATE * car.form.failure:
            fate = Fate.LIMP if chance.random() < 0.55 else Fate.STOP
            fates[car.index].append(Twist(fate, chance.randint(2, laps - 1), chance.randrange(track.count - 1)))
        if chance.random() < ACCIDENT_RATE:
            fates[car.index].append(Twist(Fate.CRASH, chance.randint(2, laps - 1), _hard_place(track, chance)))
        for lap in range(2, laps):
            if chance.random() < MISTAKE_RATE:
                fates[car.index].append(Twist(Fate.MISTAKE, lap, _hard_place(track, chance)))
    if chance.random() < FIRST_LAP_RATE:
        unlucky = chance.randrange(4, len(cars))
        place = chance.randrange(2, max(3, track.count // 3))
        fates[unlucky].append(Twist(Fate.CRASH, 1, place))
        if chance.random() < 0.4:
            fates[unlucky - 1].append(Twist(Fate.CRASH, 1, place))
    for twists in fates.values():
        twists.sort(key=lambda twist: (twist.lap, twist.segment))
    return fates


def _hard_place(track: Track, chance: random.Random) -> int:
    """A mini-sector with a corner in it."""
    corners = [track.segment_at(corner.at) for corner in track.circuit.corners]
    return chance.choice(corners) if corners else chance.randrange(track.count)


def turn_near(track: Track, segment: int) -> int:
    """The number of the corner nearest to the middle of a mini-sector."""
    low = track.ends[segment - 1] if segment else 0.0
    middle = (low + track.ends[segment]) / 2
    corners = track.circuit.corners
    return min(corners, key=lambda corner: abs(corner.at - middle)).number if corners else 1


def marshal_sector(track: Track, segment: int) -> int:
    """The marshals' sector that a mini-sector begins in, 1-based."""
    low = track.ends[segment - 1] if segment else 0.0
    return min(track.circuit.marshal_sectors, int(low * track.circuit.marshal_sectors) + 1)
