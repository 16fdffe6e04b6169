"""Why is one plan quicker than another: on which laps, behind whom, in which stops and on which tyres?

Both plans met the same luck, so that their difference in one race is the plans' own. In each traced race every lap's
difference in time is put to one account: a stop's in- and out-lap to that stop (the n-th of one plan against the n-th
of the other), a neutralised lap to the neutralisation, a lap on which the car was held up in one of them to the rival
in the way (less what the tyres make by themselves), and any other lap to tyres and free running. The accounts add up to
the difference in race time, which is told against that of the middle car: a safety car more makes everybody's race
longer and is nobody's loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model import Outcome, Race
from overcut.strategy.whatif.answers import Reason, ReasonKind, Why
from overcut.strategy.whatif.telling import middle_change
from overcut.strategy.whatif.traced import Flags, Floats, TracedCar, tyre_cost

MOST_REASONS = 8
TELLING_S = 0.15
"""A reason that matters less is left to the rest."""
STRETCH_S = 0.4
"""A stretch of laps on better or worse tyres is told on its own from here on."""
CORE = 0.9
"""A reason's laps are those that hold this share of its time."""


@dataclass
class Accounts:
    """Seconds by lap, mean over the paired races: (L,) each."""

    stops: dict[int, Floats] = field(default_factory=dict[int, Floats])
    traffic: dict[int, Floats] = field(default_factory=dict[int, Floats])
    neutral: Floats = field(default_factory=lambda: np.zeros(0))
    tyres: Floats = field(default_factory=lambda: np.zeros(0))

    def total(self) -> float:
        """What they add up to."""
        parts = [*self.stops.values(), *self.traffic.values(), self.neutral, self.tyres]
        return float(sum(part.sum() for part in parts))


def why(race: Race, outcomes: tuple[Outcome, Outcome], cars: tuple[TracedCar, TracedCar]) -> Why | None:
    """Where a scenario wins or loses a car's time against the first one; None where it never finished in both.

    Args:
        race: where both begin. ``outcomes``: of the first scenario and of the other, with the same seed, and traces of
            as many races. ``cars``: the car in both.
    """
    (first, outcome), (before, after) = outcomes, cars
    both = before.running & after.running
    if not both.any():
        return None
    change = after.time_s - before.time_s - middle_change(_times(first), _times(outcome))
    accounts = accounts_of(race, (before, after), change, both, outcome.scenario.temperature_wear)
    total = float(change[both, -1].mean())
    reasons = sorted(_reasons(race, accounts, before, after, both), key=lambda one: -abs(one.seconds))[:MOST_REASONS]
    rest = total - sum(one.seconds for one in reasons)
    return Why(round(total, 2), int(both.sum()), tuple(reasons), round(rest, 2))


def accounts_of(
    race: Race, cars: tuple[TracedCar, TracedCar], change: Floats, both: Flags, wear: float = 1.0
) -> Accounts:
    """Every lap's difference, put to its account.

    Args:
        race: for the tyres. ``cars``: the car in the first scenario and in the other.
        change: (K, L) time at the line in the other against the first, in s.
        both: (K,) races in which the car finished in both. ``wear``: factor on all tyre wear.
    """
    before, after = cars
    step = np.diff(change, axis=1, prepend=0.0)[both]
    races = len(step)
    # What the tyres alone make, by the mean figures; nothing where one of them is for water.
    tyres = np.nan_to_num(tyre_cost(race, after, wear) - tyre_cost(race, before, wear), nan=0.0)[both]
    mine, theirs = _stop_of(after)[both], _stop_of(before)[both]
    stop = np.where(mine >= 0, mine, theirs)
    neutral = (before.neutral | after.neutral)[both] & (stop < 0)
    held = np.where(after.ahead >= 0, after.ahead, before.ahead)[both]
    held = np.where((stop < 0) & ~neutral, held, -1)
    free = np.where((held < 0) & (stop < 0) & ~neutral, step, np.where(held >= 0, tyres, 0.0))
    return Accounts(
        stops={int(number): _mean(step, stop == number, races) for number in np.unique(stop[stop >= 0])},
        traffic={int(rival): _mean(step - tyres, held == rival, races) for rival in np.unique(held[held >= 0])},
        neutral=_mean(step, neutral, races),
        tyres=free.sum(axis=0) / races,
    )


def _times(outcome: Outcome) -> Floats:
    """(K, L, C): seconds at the line, NaN where the car did not end the lap."""
    return np.where(outcome.traces > 0, outcome.traces / 1000.0, np.nan)


def _stop_of(car: TracedCar) -> NDArray[np.int64]:
    """(K, L): which stop a lap is the in- or out-lap of, counted from 0; -1 for none. An out-lap that ends in the pits
    again is the next stop's in-lap."""
    number = np.where(car.stop, car.stop_number, -1)
    out = np.concatenate([np.full((car.races, 1), -1), number[:, :-1]], axis=1)
    return np.where(number >= 0, number, out)


def _mean(values: Floats, which: Flags, races: int) -> Floats:
    return np.where(which, values, 0.0).sum(axis=0) / races


def _reasons(race: Race, accounts: Accounts, before: TracedCar, after: TracedCar, both: Flags) -> list[Reason]:
    found = [_stop_reason(number, laps, before, after, both) for number, laps in accounts.stops.items()]
    found += [_traffic_reason(race, rival, laps, after.first_lap) for rival, laps in accounts.traffic.items()]
    found += [_neutral_reason(accounts.neutral, after.first_lap)]
    found += [_tyre_reason(race, accounts.tyres, stretch, before, after, both) for stretch in stretches(accounts.tyres)]
    return [one for one in found if abs(one.seconds) >= TELLING_S]


def stretches(series: Floats) -> list[tuple[int, int]]:
    """Rows from and to (included) of the stretches of one sign that make `STRETCH_S` or more; smaller ones go with the
    one before, so that nothing is left out."""
    rows = len(series)
    if not rows:
        return []
    cuts = [0, *(int(row) for row in np.flatnonzero(np.diff(np.sign(series))) + 1), rows]
    found: list[tuple[int, int]] = []
    for begin, end in pairwise(cuts):
        small = abs(float(series[begin:end].sum())) < STRETCH_S
        same = bool(found) and np.sign(series[begin:end].sum()) == np.sign(
            series[found[-1][0] : found[-1][1] + 1].sum()
        )
        if found and (small or same):
            found[-1] = (found[-1][0], end - 1)
        else:
            found.append((begin, end - 1))
    return found


def core(series: Floats) -> tuple[int, int]:
    """The rows between which the middle of a series lies: first and last row after the same small share on either side
    is left out."""
    weight = np.abs(series)
    total = float(weight.sum())
    if total == 0.0:
        return 0, max(0, len(series) - 1)
    reached = np.cumsum(weight) / total
    edge = (1.0 - CORE) / 2.0
    return int(np.argmax(reached > edge)), int(np.argmax(reached >= 1.0 - edge - 1e-9))


def _stop_reason(number: int, laps: Floats, before: TracedCar, after: TracedCar, both: Flags) -> Reason:
    seconds = float(laps.sum())
    mine, theirs = _usual_lap(after, number, both), _usual_lap(before, number, both)
    told = [lap for lap in (mine, theirs) if lap is not None]
    first, last = (min(told), max(told)) if told else (after.first_lap, after.first_lap)
    cheap = f"{abs(seconds):.1f} s {'more' if seconds > 0 else 'less'}"
    if mine is None and theirs is None:  # made in fewer than half of the races of either
        words = f"stop {number + 1}, made in some of the races, costs {cheap}"
    elif mine is None:
        words = f"without the stop on lap {theirs}: {cheap}"
    elif theirs is None:
        words = f"one stop more, on lap {mine}: {cheap}"
    elif mine == theirs:
        words = f"the stop on lap {mine} costs {cheap}"
    else:
        words = f"the stop on lap {mine} instead of lap {theirs} costs {cheap}"
    slow = _neutral_share(after, number, both), _neutral_share(before, number, both)
    if slow[0] > 0.5 >= slow[1]:
        words += ", as the race is neutralised"
    elif slow[1] > 0.5 >= slow[0]:
        words += ", as the race is not neutralised"
    return Reason(ReasonKind.STOP, first, last, round(seconds, 2), words)


def _usual_lap(car: TracedCar, number: int, both: Flags) -> int | None:
    """The middle of the laps of a stop, where it is made in most races."""
    which = (car.stop & (car.stop_number == number))[both]
    if which.any(axis=1).mean() < 0.5:
        return None
    rows = np.argmax(which, axis=1)[which.any(axis=1)]
    return car.first_lap + int(np.median(rows))


def _neutral_share(car: TracedCar, number: int, both: Flags) -> float:
    which = (car.stop & (car.stop_number == number))[both]
    return float(car.neutral[both][which].mean()) if which.any() else 0.0


def _traffic_reason(race: Race, rival: int, laps: Floats, first_lap: int) -> Reason:
    seconds, (begin, end) = float(laps.sum()), core(laps)
    who = race.cars[rival]
    when = _laps(first_lap + begin, first_lap + end)
    words = (
        f"loses {seconds:.1f} s behind {who.driver} on {when}"
        if seconds > 0
        else f"does not lose {-seconds:.1f} s behind {who.driver} on {when}"
    )
    kind = ReasonKind.TRAFFIC
    return Reason(kind, first_lap + begin, first_lap + end, round(seconds, 2), words, who.driver_number)


def _neutral_reason(laps: Floats, first_lap: int) -> Reason:
    seconds, (begin, end) = float(laps.sum()), core(laps)
    verb = "loses" if seconds > 0 else "gains"
    words = f"{verb} {abs(seconds):.1f} s while the race is neutralised and the field closes up"
    return Reason(ReasonKind.NEUTRALISED, first_lap + begin, first_lap + end, round(seconds, 2), words)


def _tyre_reason(
    race: Race, laps: Floats, stretch: tuple[int, int], before: TracedCar, after: TracedCar, both: Flags
) -> Reason:
    begin, end = stretch
    seconds = float(laps[begin : end + 1].sum())
    within = slice(begin, end + 1)
    age = float((after.age - before.age)[both][:, within].mean())
    names = [tyre.compound.value for tyre in race.circuit.tyres]
    mine, theirs = (names[_usual(car.compound[both][:, within])] for car in (after, before))
    tyres = mine if mine == theirs else f"{mine} instead of {theirs}"
    gap = round(abs(age))
    older = f", {gap} lap{'s' if gap != 1 else ''} {'older' if age > 0 else 'younger'}" if abs(age) >= 1.0 else ""
    verb = "loses" if seconds > 0 else "gains"
    first, last = after.first_lap + begin, after.first_lap + end
    words = f"{verb} {abs(seconds):.1f} s on {_laps(first, last)} on {tyres}{older}"
    if mine == theirs and not older:  # no tyre of its own makes the difference: the middle car's laps do, or free air
        words = f"{verb} {abs(seconds):.1f} s against the field on {_laps(first, last)}, on {tyres} either way"
    return Reason(ReasonKind.TYRES, first, last, round(seconds, 2), words)


def _usual(values: NDArray[np.int64]) -> int:
    return int(np.bincount(values.ravel()).argmax())


def _laps(first: int, last: int) -> str:
    return f"lap {first}" if first == last else f"laps {first}-{last}"
