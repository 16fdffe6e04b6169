"""Who may be where: cars on track keep their order through every gate unless one passes, and a pass must be won.

A gate is the end of a mini-sector. When a car enters a mini-sector the car ahead has already been given its time at the
next gate, so the follower either arrives later by a headway, or passes by a draw. The odds per lap of an attack from
close behind follow logit(p) = -1.9 + 1.46 * (pace advantage in seconds a lap), as published fits of 2022-2024 races
have it, shifted by the circuit, by drag reduction or overtake mode, and by the two drivers.
"""

from __future__ import annotations

import random
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass

from overcut.sources.simulated.chance import logistic
from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.track import Track

_BASE = -1.9
_PER_SECOND = 1.46
_CIRCUIT = 3.4
_HELP = 0.9
_KEEP = 8  # crossings remembered at a gate
_NEAR_S = 1.2  # a car further ahead than this is no matter; every headway is shorter


@dataclass
class Passing:
    """What the moment allows: passing at all, with help, and the headway that is kept."""

    allowed: bool
    helped: bool
    headway_s: float
    first_lap: bool = False


class Gates:
    """The latest crossings of every gate, in time order."""

    def __init__(self, track: Track, chance: random.Random) -> None:
        self._track = track
        self._chance = chance
        self._gates: list[list[tuple[float, int]]] = [[] for _ in range(track.count)]
        self.passes = 0

    def clear(self) -> None:
        """Forget all (the grid of a restart)."""
        for gate in self._gates:
            gate.clear()

    def enter(
        self,
        car: RaceCar,
        cars: list[RaceCar],
        now: float,
        arrival: float,
        passing: Callable[[RaceCar, RaceCar], Passing],
        failed: Callable[[RaceCar, RaceCar], None],
    ) -> float:
        """The time at which ``car``, entering its mini-sector at ``now``, reaches the next gate."""
        gate = self._gates[car.segment]
        before = len(gate)
        while before > 0:
            time, index = gate[before - 1]
            if arrival >= time + _NEAR_S or index == car.index:
                break
            other = cars[index]
            rules = passing(car, other)
            if arrival >= time + rules.headway_s:
                break
            if time < now - 20.0 or not self._passes(car, other, arrival - time, rules):
                if rules.allowed and arrival < time:
                    failed(car, other)
                arrival = time + rules.headway_s
                break
            arrival = min(arrival, time - 0.08 - 0.12 * self._chance.random())
            other.hold_s += 0.10 + 0.15 * self._chance.random()
            other.ahead, other.gap_s = car.index, time - arrival
            if before > 1:
                arrival = max(arrival, (time + gate[before - 2][0]) / 2 if gate[before - 2][0] > arrival else arrival)
            self.passes += 1
            before -= 1
        return self.place(car, round(arrival, 3), now)

    def place(self, car: RaceCar, arrival: float, now: float) -> float:
        """Note a crossing, at a millisecond of its own, and who is ahead there."""
        gate = self._gates[car.segment]
        taken = {time for time, _ in gate}
        while arrival in taken:
            arrival = round(arrival + 0.001, 3)
        insort(gate, (arrival, car.index))
        position = gate.index((arrival, car.index))
        if position > 0 and gate[position - 1][1] != car.index:
            car.ahead, car.gap_s = gate[position - 1][1], arrival - gate[position - 1][0]
        else:
            car.ahead, car.gap_s = -1, 99.0
        del gate[: max(0, len(gate) - _KEEP)]
        return max(arrival, round(now + 0.05, 3))

    def _passes(self, car: RaceCar, other: RaceCar, margin_s: float, rules: Passing) -> bool:
        if not rules.allowed:
            return False
        laps_ahead = (car.progress - other.progress) / self._track.count
        if laps_ahead > 0.5:  # blue flags
            car.hold_s += 0.05
            other.hold_s += 0.35
            return self._chance.random() < 0.8
        if margin_s > 0.0 and not rules.first_lap and self._track.pass_weight[car.segment] < 0.1:
            return False
        gain_s = (other.factor - car.factor) * self._track.lap_s
        z = _BASE + _PER_SECOND * gain_s + _CIRCUIT * (self._track.circuit.overtaking - 0.5)
        z += (_HELP if rules.helped else -_HELP / 2) + car.form.attack - other.form.defence
        per_lap = logistic(z)
        if rules.first_lap:
            return self._chance.random() < 0.12 + 0.25 * per_lap
        weight = self._track.pass_weight[car.segment]
        return self._chance.random() < 1.0 - (1.0 - per_lap) ** weight
