"""When does a race turn for one car: its stops, the safety cars, and the rivals that it gets past or loses to?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model import Outcome, Race
from overcut.strategy.whatif.answers import FanLap, Moment, MomentKind
from overcut.strategy.whatif.traced import Floats, Ints, TracedCar

TURNED = 0.25
"""A rival is told of where the chance to be ahead of it changes by at least this much on track."""
OFTEN = 0.5
"""A stop or a neutralisation is told of where it comes in at least this share of the races."""
MOST_RIVALS = 6


def moments_of(race: Race, outcome: Outcome, fan: tuple[FanLap, ...], car: TracedCar) -> tuple[Moment, ...]:
    """The key moments of a car in a scenario, in the order of their laps.

    Args:
        race: where it begins. ``outcome``: with traces. ``fan``: the car by lap. ``car``: the same in the traces.
    """
    if not car.races:
        return ()
    found = [*_stops(race, car, fan), *_neutralised(car), *_rivals(race, car, outcome.traces)]
    return tuple(sorted(found, key=lambda one: (one.lap, one.kind)))


def _stops(race: Race, car: TracedCar, fan: tuple[FanLap, ...]) -> list[Moment]:
    ahead, gap = car.next, car.gap_s
    names = [tyre.compound.value for tyre in race.circuit.tyres]
    found: list[Moment] = []
    for number in range(int(car.stop.sum(axis=1).max(initial=0))):
        which = car.stop & (car.stop_number == number)
        share = float(which.any(axis=1).mean())
        if share < OFTEN:
            continue
        rows: Ints = np.argmax(which, axis=1)[which.any(axis=1)]
        row = int(np.median(rows))
        fitted = car.compound[which.any(axis=1), np.minimum(rows + 1, car.laps - 1)]
        compound = names[int(np.bincount(fitted).argmax())]
        after = min(row + 1, car.laps - 1)
        was = fan[row - 1].middle if row else race.states[car.index].position
        words = f"stops on lap {car.first_lap + row} for {compound}: P{was} to P{fan[after].middle}"
        rival = _common(ahead[:, after])
        if rival is not None:
            behind = float(np.median(gap[:, after][ahead[:, after] == rival]))
            words += f", {behind:.1f} s behind {race.cars[rival].driver}"
        found.append(
            Moment(
                lap=car.first_lap + row,
                kind=MomentKind.STOP,
                words=words,
                rival="" if rival is None else race.cars[rival].driver_number,
                chance=round(share, 3),
                place=fan[after].middle,
            )
        )
    return found


def _common(values: Ints) -> int | None:
    """The rival that is ahead in most of the races; None where no one is in a third of them."""
    known = values[values >= 0]
    if not len(known):
        return None
    counts = np.bincount(known)
    rival = int(counts.argmax())
    return rival if counts[rival] >= len(values) / 3 else None


def _neutralised(car: TracedCar) -> list[Moment]:
    """Runs of laps that are neutralised in most of the races."""
    share: Floats = car.neutral.mean(axis=0)
    rows = [int(row) for row in np.flatnonzero(share >= OFTEN)]
    begins = [row for row in rows if row - 1 not in rows]
    found: list[Moment] = []
    for begin in begins:
        end = begin
        while end + 1 in rows:
            end += 1
        first, last = car.first_lap + begin, car.first_lap + end
        words = f"the race is neutralised on laps {first}-{last}" if last > first else f"neutralised on lap {first}"
        found.append(Moment(first, MomentKind.NEUTRALISED, words, chance=round(float(share[begin]), 3)))
    return found


def _rivals(race: Race, car: TracedCar, traces: NDArray[np.int32]) -> list[Moment]:
    """Rivals to whom the chance of being ahead changes most between now and the flag, and when half of it is done."""
    mine = traces[:, :, car.index, None]
    ahead = np.mean((mine > 0) & ((traces <= 0) | (mine < traces)), axis=0)  # (L, C)
    found: list[tuple[float, Moment]] = []
    here = race.states[car.index].position
    for index, (rival, state) in enumerate(zip(race.cars, race.states, strict=True)):
        if index == car.index or state.retired:
            continue
        start = 1.0 if here < state.position else 0.0
        change = float(ahead[-1, index] - start)
        if abs(change) < TURNED:
            continue
        done = (ahead[:, index] - start) / change
        row = _last_below(done, 0.5)
        verb = "gets past" if change > 0 else "falls behind"
        words = f"{verb} {rival.driver} about lap {car.first_lap + row}, in {abs(change):.0%} of the races"
        kind = MomentKind.GAINED if change > 0 else MomentKind.LOST
        moment = Moment(car.first_lap + row, kind, words, rival.driver_number, round(change, 3))
        found.append((abs(change), moment))
    found.sort(key=lambda one: (-one[0], one[1].rival))
    return [moment for _, moment in found[:MOST_RIVALS]]


def _last_below(done: Floats, share: float) -> int:
    """The row after which a change stays more than half done: pit stops make it come and go before."""
    below = np.flatnonzero(done < share)
    return min(int(below[-1]) + 1, len(done) - 1) if len(below) else 0
