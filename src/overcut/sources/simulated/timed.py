"""How a car does its laps when only the clock counts: out of its box, out-lap, quick and slow laps, and back.

Used by qualifying and practice. Cars do not fight; a quick lap that meets a slow car loses a little time to it.
"""

from __future__ import annotations

import heapq
import random
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from overcut.domain.tyres import Compound
from overcut.sources.simulated.form import Form
from overcut.sources.simulated.log import CarLog, Crossing, LapMark, PitVisit, SessionLog, TyreStint
from overcut.sources.simulated.pit_lane import from_queue, through_lane
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.tyres import tyre_cost_s

OUT_LAP, COOL_LAP, IN_LAP = 1.30, 1.42, 1.36
_MEET_S = 1.2  # a slow car this far ahead, or less, spoils the mini-sector
_DELETE_RATE = 0.025
_MISTAKE_RATE = 0.05


class Drive(Enum):
    """What a lap is for."""

    OUT = "out"
    PUSH = "push"
    LONG = "long"
    COOL = "cool"
    IN = "in"


@dataclass(frozen=True)
class RunPlan:
    """A run: when to leave the box, on what, the laps between out-lap and in-lap, and fuel as a share of a lap."""

    leave_t: float
    compound: Compound
    laps: tuple[Drive, ...]
    fuel: float = 0.0
    age: int = 0


@dataclass
class TimedCar:
    """A car in a timed session; ``base`` counts lines crossed, ``lap`` is the feed's number."""

    index: int
    form: Form
    log: CarLog
    at: float
    base: int = -1
    lap: int = 0
    free_t: float = 0.0
    compound: Compound = Compound.SOFT
    age: int = 0
    times: list[tuple[float, int, float]] = field(default_factory=list[tuple[float, int, float]])


class TimedSession:
    """All cars of one timed session; plan runs, then ``play``."""

    def __init__(
        self,
        track: Track,
        forms: list[Form],
        log: SessionLog,
        chance: random.Random,
        evolution: Callable[[float], float],
        wetness: Callable[[float], float],
        *,
        drs: bool,
    ) -> None:
        self.track, self.log, self.chance = track, log, chance
        self._drs = drs
        self._evolution, self._wetness = evolution, wetness
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._pushed = 0
        self._gates: list[list[tuple[float, int, bool]]] = [[] for _ in range(track.count)]
        teams = 1 + max(form.team for form in forms)
        self.cars = [self._garaged(i, form, teams) for i, form in enumerate(forms)]
        self.last_start_t = float("inf")
        """Quick laps must begin by then: the chequered flag of the part."""
        log.cars = [car.log for car in self.cars]

    def _garaged(self, index: int, form: Form, teams: int) -> TimedCar:
        car = CarLog(form.entry, form.team, grid=index + 1)
        # Two cars of a team stand half a box apart.
        at = self.track.box_fraction(form.team, teams) + (0.0008 if index % 2 else 0.0)
        car.visits.append(PitVisit(0.0, 0, counted=False))
        car.knots.append((0.0, -self.track.lap_s + self.track.tau_at(at)))
        return TimedCar(index, form, car, at)

    def _push(self, t: float, call: Callable[[], None]) -> None:
        self._pushed += 1
        heapq.heappush(self._heap, (t, self._pushed, call))

    def plan(self, car: TimedCar, run: RunPlan) -> None:
        """The car will leave its box then, or as soon as it is ready."""
        self._push(run.leave_t, lambda: self._leave(car, run))

    def play(self) -> None:
        """Until every planned run is over."""
        while self._heap:
            _, _, call = heapq.heappop(self._heap)
            call()

    def _leave(self, car: TimedCar, run: RunPlan) -> None:
        leave = round(max(run.leave_t, car.free_t + 20.0), 3)
        out_s = self.track.lane_s * 0.6 + self.track.lap_s * OUT_LAP * 1.02
        if leave + out_s > self.last_start_t + 5.0 and Drive.PUSH in run.laps:
            return
        lane = from_queue(self.track, car.at)
        origin = car.base * self.track.lap_s
        car.log.knots.append((leave, car.log.knots[-1][1]))
        car.log.knots.extend((round(leave + s, 3), origin + self.track.tau_at(f)) for s, f in lane.knots[1:])
        visit = car.log.visits[-1]
        visit.leave_t, visit.exit_t = leave, round(leave + (lane.exit_s or 0.0), 3)
        car.base += 1
        car.lap += 1
        car.compound, car.age = run.compound, run.age
        car.log.stints.append(TyreStint(visit.exit_t, run.compound, car.lap, run.age))
        car.log.laps.append(LapMark(car.lap, visit.exit_t, car.base, out_lap=True))
        past = [(s, node) for s, node in lane.gates if node < self.track.count // 2]
        car.log.crossings.extend(Crossing(round(leave + s, 3), car.lap, node, True) for s, node in past)
        first = past[-1][1] if past else 0
        laps = [Drive.OUT, *run.laps, Drive.IN]
        self._push(visit.exit_t, lambda: self._lap(car, visit.exit_t or leave, laps, run, first))

    def _lap(self, car: TimedCar, start: float, laps: list[Drive], run: RunPlan, first: int) -> None:
        """One lap from ``start``, from mini-sector ``first`` on; then the next."""
        drive, rest = laps[0], laps[1:]
        if drive is Drive.PUSH and start > self.last_start_t:
            drive, rest = Drive.IN, []
        pace = self._pace(car, drive, run, start)
        if self._drs and drive in (Drive.PUSH, Drive.LONG) and self._wetness(start) == 0.0:
            self._open_zones(car)
        t = start
        from_tau = self.track.tau_at(self.track.circuit.pit_exit) if drive is Drive.OUT else 0.0
        last = self.track.pit_entry_segment if drive is Drive.IN else self.track.count
        for segment in range(first, last):
            reference = self.track.tau[segment] - from_tau
            from_tau = self.track.tau[segment]
            t = self._to_gate(car, segment, t, reference * pace * (1 + self.chance.gauss(0.0, 0.0015)), drive)
            car.log.crossings.append(Crossing(t, car.lap, segment + 1, False))
            car.log.knots.append((t, car.base * self.track.lap_s + self.track.tau[segment]))
        if drive is Drive.IN:
            self._box(car, t, from_tau, pace)
            return
        self._line(car, start, t, drive)
        self._push(t, lambda: self._lap(car, t, rest, run, 0))

    def _open_zones(self, car: TimedCar) -> None:
        """Drag reduction is free to use on every quick lap, from the zone before the line on."""
        for zone, bounds in enumerate(self.track.circuit.zones):
            car.log.help.append((car.base + 1, zone))
            if bounds.end < bounds.start:
                car.log.help.append((car.base, zone))

    def _to_gate(self, car: TimedCar, segment: int, now: float, seconds: float, drive: Drive) -> float:
        gate = self._gates[segment]
        slow = drive in (Drive.OUT, Drive.COOL, Drive.IN)
        arrival = now + seconds
        if not slow:
            for time, other, other_slow in reversed(gate):
                if time < arrival - _MEET_S:
                    break
                if other_slow and other != car.index and time < arrival + 2.0:
                    arrival += self.chance.uniform(0.0, 0.06)
        arrival = round(arrival, 3)
        insort(gate, (arrival, car.index, slow))
        return arrival

    def _pace(self, car: TimedCar, drive: Drive, run: RunPlan, now: float) -> float:
        """The lap as a multiple of the profile, which is the ideal car's lap on a track at its best."""
        noise = self.chance.gauss(0.0, 0.0013)
        lap_s = self.track.lap_s
        wear = self.track.circuit.tyre_wear
        tyres = tyre_cost_s(car.compound, car.age, lap_s=lap_s, wear=wear, wetness=self._wetness(now))
        if car.age < 1:
            tyres -= 0.4  # warmed up on the out-lap
        pace = 1.0 + car.form.qualifying + self._evolution(now) + noise + max(0.0, tyres) / lap_s + run.fuel
        if drive is Drive.PUSH and self.chance.random() < _MISTAKE_RATE:
            pace += self.chance.uniform(0.002, 0.012)
        if drive is Drive.LONG:
            pace += 0.012
        slow = {Drive.OUT: OUT_LAP, Drive.COOL: COOL_LAP, Drive.IN: IN_LAP}.get(drive)
        return pace if slow is None else max(pace, slow * (1 + self.chance.gauss(0.0, 0.02)))

    def _line(self, car: TimedCar, start: float, now: float, drive: Drive) -> None:
        mark = car.log.laps[-1]
        if drive in (Drive.PUSH, Drive.LONG):
            if self.chance.random() < _DELETE_RATE:
                mark.deleted_t = round(now + self.chance.uniform(15, 45), 3)
            else:
                car.times.append((now, car.lap, round(now - start, 3)))
            car.age += 1
        car.base += 1
        car.lap += 1
        car.log.laps.append(LapMark(car.lap, now, car.base))
        if self.log.flag_t and car.log.flag_t is None and now >= self.log.flag_t:
            car.log.flag_t = now

    def _box(self, car: TimedCar, now: float, from_tau: float, pace: float) -> None:
        """In-lap's end: into the lane and to the box."""
        track = self.track
        entry = round(now + (track.tau_at(track.circuit.pit_entry) - from_tau) * pace, 3)
        lane = through_lane(track, car.at, None)
        origin = car.base * track.lap_s
        car.log.knots.extend((round(entry + s, 3), origin + track.tau_at(f)) for s, f in lane.knots)
        inside = [(s, node) for s, node in lane.gates if node > track.count // 2]
        car.log.crossings.extend(Crossing(round(entry + s, 3), car.lap, node, True) for s, node in inside)
        stop = round(entry + lane.box_s, 3)
        car.log.visits.append(PitVisit(entry, car.lap, None, stop, stop))
        car.free_t = stop
