"""What do the simulated races come to: places, points, chances, and the difference between scenarios race by race?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overcut.strategy.model import Outcome, Race
from overcut.strategy.whatif.answers import AheadOf, DriverOutlook, FanLap, Spread, Versus

LOW, HIGH = 0.05, 0.95
"""The interval that a `Spread` tells: nine races in ten."""

DIGITS = 4
"""Behind the point of what is told: a ten-thousandth is one race in the usual ten thousand."""

Floats = NDArray[np.float64]


def spread(values: Floats) -> Spread:
    """Mean, 5 % and 95 % of the values, and the standard error of the mean; of one value or more."""
    found = spreads(values[:, None])[0]
    assert found is not None, "there is a value"  # noqa: S101
    return found


def spreads(values: Floats) -> list[Spread | None]:
    """The spread of each column; values that are NaN do not count, and a column of nothing else has none.

    Args:
        values: (R, C).
    """
    ordered = np.sort(values, axis=0)  # NaN last
    known = np.isfinite(ordered)
    count = known.sum(axis=0)
    some = np.maximum(count, 1)
    filled = np.where(known, ordered, 0.0)
    mean = filled.sum(axis=0) / some
    deviation = np.sqrt(np.where(known, (ordered - mean) ** 2, 0.0).sum(axis=0) / some)
    low, high = (_quantile(filled, count, share) for share in (LOW, HIGH))
    rows = zip(mean, low, high, deviation / np.sqrt(some), count, strict=True)
    return [Spread(_short(m), _short(b), _short(t), _short(e)) if n else None for m, b, t, e, n in rows]


def _quantile(ordered: Floats, count: NDArray[np.int64], share: float) -> Floats:
    """The quantile of each column's first ``count`` values, linear between them."""
    at = share * np.maximum(count - 1, 0)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    columns = np.arange(len(count))
    return ordered[below, columns] + (at - below) * (ordered[above, columns] - ordered[below, columns])


def middle_change(before: Floats, after: Floats) -> Floats:
    """By how much a time changed for the middle car of those that have both, 0 where none has.

    Args:
        before, after: (…, C) seconds, NaN where a car has none.
    """
    change = np.sort(after - before, axis=-1)  # NaN last
    known = np.isfinite(change).sum(axis=-1)
    low = np.take_along_axis(change, np.maximum(0, (known - 1) // 2)[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(change, np.minimum(known // 2, change.shape[-1] - 1)[..., None], axis=-1)[..., 0]
    return np.where(known > 0, (low + high) / 2.0, 0.0)


def shared_change(first: Outcome, outcome: Outcome) -> Floats:
    """(R,): what the scenarios' difference did to everybody's race time, by the middle car.

    It is 0 where only one car's plan differs. A safety car or a red flag more makes everybody's race minutes longer,
    which is nobody's loss.
    """
    return middle_change(first.time_s.astype(np.float64), outcome.time_s.astype(np.float64))


def driver_answers(race: Race, outcome: Outcome, first: Outcome | None) -> tuple[DriverOutlook, ...]:
    """Every car's answer.

    Args:
        race: for names and points. ``outcome``: the scenario's races.
        first: the first scenario's, with the same seed and number of races; None for itself.
    """
    table = race.rules.points
    points = outcome.points(table)
    running = ~outcome.retired
    places = outcome.position
    scores = min(len(table), len(race.cars))
    shares = [np.mean((places <= last) & running, axis=0) for last in (1, 3, scores)]
    retires, stops = outcome.retired.mean(axis=0), outcome.stops.mean(axis=0)
    place_spreads, point_spreads = spreads(places.astype(np.float64)), spreads(points)
    against = _versus(race, outcome, first, points)
    chances: list[list[float]] = np.round(outcome.position_chances(), DIGITS).tolist()
    found: list[DriverOutlook] = []
    for index, car in enumerate(race.cars):
        place, won = place_spreads[index], point_spreads[index]
        assert place is not None and won is not None, "every car has a place"  # noqa: S101, PT018
        found.append(
            DriverOutlook(
                driver_number=car.driver_number,
                driver=car.driver,
                chances=tuple(chances[index]),
                place=place,
                points=won,
                win=_short(shares[0][index]),
                podium=_short(shares[1][index]),
                scores=_short(shares[2][index]),
                retires=_short(retires[index]),
                stops=_short(stops[index]),
                versus=against[index],
            )
        )
    return tuple(found)


def _versus(race: Race, outcome: Outcome, first: Outcome | None, points: Floats) -> list[Versus | None]:
    if first is None:
        return [None] * len(race.cars)
    return list(versus_of(first, outcome, points - first.points(race.rules.points)))


def versus_of(first: Outcome, outcome: Outcome, points: Floats) -> list[Versus]:
    """Every car against the first scenario, race by race.

    Args:
        first, outcome: races under the same luck. ``points``: (R, C) won in each race.
    """
    place = outcome.position.astype(np.float64) - first.position
    time = outcome.time_s.astype(np.float64) - first.time_s - shared_change(first, outcome)[:, None]
    better, worse = np.mean(place < 0, axis=0), np.mean(place > 0, axis=0)
    found: list[Versus] = []
    for index, (times, places, won) in enumerate(zip(spreads(time), spreads(place), spreads(points), strict=True)):
        assert places is not None and won is not None, "every car has a place"  # noqa: S101, PT018
        found.append(Versus(times, places, won, _short(better[index]), _short(worse[index])))
    return found


def ahead_of(race: Race, outcome: Outcome, first: Outcome | None, index: int) -> tuple[AheadOf, ...]:
    """The chance that the car finishes ahead of each rival that is still in the race, in the order of the cars."""
    chances = np.mean(outcome.position[:, index, None] < outcome.position, axis=0)
    before = None if first is None else np.mean(first.position[:, index, None] < first.position, axis=0)
    return tuple(
        AheadOf(
            car.driver_number,
            car.driver,
            _short(float(chances[rival])),
            None if before is None else _short(float(chances[rival] - before[rival])),
        )
        for rival, (car, state) in enumerate(zip(race.cars, race.states, strict=True))
        if rival != index and not state.retired
    )


def fan_of(outcome: Outcome, index: int) -> tuple[FanLap, ...]:
    """The car by lap: chance of each place, quantiles, mean gap and lap time."""
    counts = outcome.fan[:, index, :].astype(np.float64)
    chances: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    reached = np.cumsum(chances, axis=1)
    low, middle, high = ((1 + np.argmax(reached >= share - 1e-9, axis=1)).tolist() for share in (LOW, 0.5, HIGH))
    told: list[list[float]] = np.round(chances, DIGITS).tolist()
    behind, lap = outcome.mean_behind_s[:, index].tolist(), outcome.mean_lap_s[:, index].tolist()
    return tuple(
        FanLap(
            lap=outcome.first_lap + row,
            chances=tuple(told[row]),
            low=low[row],
            middle=middle[row],
            high=high[row],
            behind_s=_told(behind[row]),
            lap_s=_told(lap[row]),
        )
        for row in range(len(told))
    )


def _told(value: float) -> float | None:
    return _short(value) if np.isfinite(value) else None


def _short(value: float) -> float:
    return round(float(value), DIGITS)
