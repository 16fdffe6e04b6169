"""What conditions must a plan reckon with, lap by lap: neutralised or not, what a stop costs, how wet it is?

Expectations only: the search over the simulator meets the chances themselves. Cautions that have not begun and are not
asked for are left out (they are as likely on any lap, so they favour none), rain likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model import Race, Scenario, TrackStatus

Laps = NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """Conditions on the N laps that remain, in order; entry i is lap ``first_lap + i``.

    Attributes:
        first_lap: the next lap.
        green: (N,) probability that the lap is raced, not neutralised: behind a safety car a tyre costs no time.
        stop_s: (N,) expected cost of a stop at the end of the lap, without the new set's warm-up.
        wetness: (N,) expected water, 0 to 1.
    """

    first_lap: int
    green: Laps
    stop_s: Laps
    wetness: Laps

    @property
    def wet(self) -> bool:
        """Whether water is to be expected at all, so that tyres for it are worth a thought."""
        return bool((self.wetness > 0.02).any())


def outlook(race: Race, scenario: Scenario, stop_excess_s: float) -> Outlook:
    """The conditions that a car must reckon with.

    Args:
        race: as it stands; its laps that remain must be one at least. ``scenario``: what shall happen, beyond plans.
        stop_excess_s: what its team's stops cost beyond the circuit's.
    """
    pit = race.circuit.pit
    safety_car, virtual, red = _neutral_chances(race, scenario)
    green = 1.0 - safety_car - virtual - red
    # A stop while the race is suspended loses nothing but the lane's share that the warm-up stands for.
    loss = green * pit.loss_s.mean + safety_car * pit.loss_sc_s.mean + virtual * pit.loss_vsc_s.mean
    excess = float(np.mean(pit.excess_s)) + stop_excess_s
    return Outlook(race.lap + 1, green, loss + excess * (1.0 - red), _wetness(race, scenario))


def _neutral_chances(race: Race, scenario: Scenario) -> tuple[Laps, Laps, Laps]:
    """(N,) each: probability of a lap under the safety car, a virtual one, a red flag."""
    remaining = race.circuit.laps - race.lap
    by_kind = {status: np.zeros(remaining) for status in (TrackStatus.SC, TrackStatus.VSC, TrackStatus.RED)}
    model = race.circuit.neutralisations
    now = race.track.status
    if now is TrackStatus.RED:
        by_kind[now][0] = 1.0
    elif now is not TrackStatus.GREEN:
        lasting = _lasting(model.sc_laps if now is TrackStatus.SC else model.vsc_laps, race.track.since_laps)
        count = min(remaining, len(lasting))
        by_kind[now][:count] = lasting[:count]
    for interruption in scenario.interruptions:
        first = max(0, interruption.lap - race.lap - 1)
        last = min(remaining, interruption.lap - race.lap - 1 + interruption.laps)
        if last > first:
            for chances in by_kind.values():
                chances[first:last] = 0.0
            by_kind[TrackStatus(interruption.kind)][first:last] = 1.0
    return by_kind[TrackStatus.SC], by_kind[TrackStatus.VSC], by_kind[TrackStatus.RED]


def _lasting(lengths: Sequence[float], since: int) -> Laps:
    """Probability that a neutralisation of so many laps already still holds on each of the next laps."""
    chances = np.asarray(lengths, dtype=np.float64)
    # Lengths are 1, 2, 3, ... laps: one that is on its way for s laps lasts longer than s.
    left = chances[since:] if since < len(chances) else np.array([1.0])
    total = left.sum()
    if total <= 0:
        return np.array([1.0])
    return np.cumsum(left[::-1])[::-1] / total


def _wetness(race: Race, scenario: Scenario) -> Laps:
    """(N,) expected water at each lap: the rain that falls now may end, rain that is asked for falls."""
    weather, remaining = race.circuit.weather, race.circuit.laps - race.lap
    water, raining = race.track.wetness, 1.0 if race.track.raining else 0.0
    found = np.zeros(remaining)
    for index in range(remaining):
        lap = race.lap + 1 + index
        asked = [rain.intensity for rain in scenario.rain if rain.lap <= lap < rain.lap + rain.laps]
        if asked:
            water += max(asked)
        else:
            water += raining * weather.intensity - (1.0 - raining) * weather.drying
        raining *= 1.0 - weather.rain_ends
        water = min(1.0, max(0.0, water))
        found[index] = water
    return found
