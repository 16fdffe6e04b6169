"""Where cars are: from the feed's positions, or estimated from crossings and gaps on our own outline."""

from __future__ import annotations

from bisect import bisect_right

from overcut.domain.circuits import CIRCUITS
from overcut.domain.circuits.circuit import Circuit
from overcut.domain.circuits.geometry import place
from overcut.domain.flags import CarStatus
from overcut.domain.state import CarPlace, CarSample, CarState, MapState
from overcut.timing.memory import Memory, OpenLap
from overcut.timing.schematic import ring_place
from overcut.timing.status import car_status
from overcut.timing.telemetry.recent import places_at, samples_at, samples_of, trail_of

DISPLAY_DELAY_MS = 1_500
"""Positions come in batches, about one a second: shown this much later, there is always a next one to move towards."""

MAX_STEP_DM = 3_000
"""Two places of one car further apart than this are not joined by a line (a lost signal, a tow)."""

GRID_SPACING_M = 8.0
"""Distance between grid slots (FIA Sporting Regulations: staggered, 8 m apart)."""

USUAL_LAP_MS = 90_000
USUAL_LENGTH_M = 5_000.0
"""For circuits that are not drawn, until a lap is timed."""


def map_state(memory: Memory, t_ms: int) -> MapState:
    """Places and samples of all cars at ``t_ms`` (for the feed's positions: as of ``DISPLAY_DELAY_MS`` earlier)."""
    shown_ms = t_ms - DISPLAY_DELAY_MS
    samples: dict[str, CarSample] = {}
    if memory.samples:
        instants = samples_of(memory)
        at = bisect_right(instants, shown_ms, key=lambda point: point.t_ms)
        samples = samples_at(instants[max(0, at - 1)])
    if memory.trail:
        return MapState(t_ms=t_ms, estimated=False, places=_on_trail(memory, shown_ms), samples=samples)
    return MapState(t_ms=t_ms, estimated=True, places=estimated_places(memory, t_ms), samples=samples)


def _on_trail(memory: Memory, shown_ms: int) -> dict[str, CarPlace]:
    """Places between the two instants around ``shown_ms``; held at the last one where the feed falls silent."""
    trail = trail_of(memory)
    at = bisect_right(trail, shown_ms, key=lambda point: point.t_ms)
    before, after = trail[max(0, at - 1)], trail[min(at, len(trail) - 1)]
    span = after.t_ms - before.t_ms
    share = min(1.0, max(0.0, (shown_ms - before.t_ms) / span)) if span > 0 else 1.0
    here = places_at(before)
    return {number: _between(here.get(number), there, share) for number, there in sorted(places_at(after).items())}


def _between(here: CarPlace | None, there: CarPlace, share: float) -> CarPlace:
    if here is None or max(abs(there.x - here.x), abs(there.y - here.y)) > MAX_STEP_DM:
        return there
    return CarPlace(
        x=round(here.x + (there.x - here.x) * share),
        y=round(here.y + (there.y - here.y) * share),
        on_track=there.on_track,
    )


def estimated_places(memory: Memory, t_ms: int) -> dict[str, CarPlace]:
    """Each car's place on our outline of the circuit, or on a ring where the circuit is not drawn.

    A car is at the last line, sector end or mini-sector end it was seen to pass, moved on by the time since then at the
    pace of the fastest lap (slowed by its own last lap), never past the next such point. In a race, cars on the lead
    lap are spaced by their gap to the leader within those bounds.
    """
    circuit = CIRCUITS.get(memory.circuit_id or "")
    pace = Pace(memory)
    leader = _leader(memory)
    lead_ms = pace.travelled_ms(leader, memory.open_lap(leader.number), t_ms) if leader else None
    places: dict[str, CarPlace] = {}
    for number, car in sorted(memory.state.cars.items()):
        status = car_status(memory, car)
        if status in (CarStatus.RETIRED, CarStatus.KNOCKED_OUT):
            continue
        if status is CarStatus.GRID:
            slot = car.grid or car.line or 1
            fraction = 1.0 - slot * GRID_SPACING_M / (circuit.length_m if circuit else USUAL_LENGTH_M)
        elif status is CarStatus.PIT:
            fraction = 0.0
        else:
            fraction = _fraction(memory, car, pace, lead_ms, t_ms)
        x, y = _metres(circuit, fraction)
        places[number] = CarPlace(x=round(x * 10), y=round(y * 10), on_track=status is not CarStatus.PIT)
    return places


def _fraction(memory: Memory, car: CarState, pace: Pace, lead_ms: float | None, t_ms: int) -> float:
    lap = memory.open_lap(car.number)
    own = pace.travelled_ms(car, lap, t_ms)
    if memory.is_race and lead_ms is not None and car.gap is not None and car.gap.ms is not None:
        low, high = pace.bounds_ms(car, lap)
        own = min(max(lead_ms - car.gap.ms / pace.slowness(lap), low), high)
    return pace.fraction(own % pace.lap_ms)


class Pace:
    """Time along a reference lap (the fastest so far) against distance along it, straight within each sector."""

    def __init__(self, memory: Memory) -> None:
        first, second = memory.sector_ends()
        lengths = (first, second - first, 1.0 - second)
        sectors = memory.reference_ms or [USUAL_LAP_MS * length for length in lengths]
        self.lap_ms = float(sum(sectors))
        self._fractions = (0.0, first, second, 1.0)
        self._times = (0.0, float(sectors[0]), float(sectors[0] + sectors[1]), self.lap_ms)

    def slowness(self, lap: OpenLap) -> float:
        """How much slower than the reference this car goes, judged by its last lap; 1 where there is none."""
        return max(1.0, (lap.last_lap_ms or self.lap_ms) / self.lap_ms)

    def travelled_ms(self, car: CarState, lap: OpenLap, t_ms: int) -> float:
        """Reference time since the car's session began: whole laps and the lap in progress."""
        low, high = self.bounds_ms(car, lap)
        since = t_ms - lap.anchor_t_ms if lap.anchor_t_ms is not None else 0
        return min(low + max(0, since) / self.slowness(lap), high)

    def bounds_ms(self, car: CarState, lap: OpenLap) -> tuple[float, float]:
        """Reference times of the point last passed and of the next one, a little before it."""
        low = self.time_ms(lap.anchor_fraction)
        high = next(
            (self.time_ms(point) for point in points_of(car, self._fractions) if self.time_ms(point) > low), low
        )
        whole = car.laps * self.lap_ms
        return whole + low, whole + low + (high - low) * 0.98

    def time_ms(self, fraction: float) -> float:
        """Reference time from the line to ``fraction`` of the lap."""
        return _interpolate(fraction, self._fractions, self._times)

    def fraction(self, time_ms: float) -> float:
        """Inverse of ``time_ms``."""
        return _interpolate(time_ms, self._times, self._fractions)


def points_of(car: CarState, fractions: tuple[float, ...]) -> list[float]:
    """Where the car will be seen next: ends of mini-sectors, or of sectors where the feed has no mini-sectors."""
    points: list[float] = []
    for index, sector in enumerate(car.sectors):
        start, end = fractions[index], fractions[index + 1]
        count = len(sector.segments) or 1
        points += [start + (end - start) * (step + 1) / count for step in range(count)]
    return points


def _leader(memory: Memory) -> CarState | None:
    running = [car for car in memory.state.cars.values() if car.position == 1]
    return running[0] if running else None


def _metres(circuit: Circuit | None, fraction: float) -> tuple[float, float]:
    return place(circuit, fraction % 1.0) if circuit else ring_place(fraction % 1.0)


def _interpolate(value: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    """``ys`` at ``value`` on the broken line through (xs, ys); clamped at its ends."""
    at = min(max(1, bisect_right(xs, value)), len(xs) - 1)
    x0, x1 = xs[at - 1], xs[at]
    share = min(1.0, max(0.0, (value - x0) / (x1 - x0))) if x1 > x0 else 0.0
    return ys[at - 1] + (ys[at] - ys[at - 1]) * share
