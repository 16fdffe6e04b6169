"""How quick a car is on its present set of tyres: its clean laps, their mean, trend, spread and degradation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import NamedTuple

from overcut.lake.features.facts import LapFact, SessionContext
from overcut.lake.features.fuel import fuel_left_kg, race_fuel_kg, without_fuel_s

SLOW = 1.07
"""A clean lap is at most this much of the median green flying lap (the sport's own 107 %)."""

SPRINT_SHARE = 1 / 3
"""A sprint's fuel as a share of a Grand Prix's: 100 km of 305."""

LEAST_FOR_TREND = 3
LEAST_FOR_DEGRADATION = 4


class Line(NamedTuple):
    """A straight line through points by least squares: its slope, and the slope's standard error."""

    slope: float
    error: float


class CarForm:
    """What a car's laps on its present set say; None where they are too few.

    Attributes:
        stint: laps on the set, in order. ``clean``: those that tell its pace (`is_clean`).
        pace_3_s, pace_5_s: mean of the last 3 and 5 clean laps. ``spread_5_s``: their standard deviation.
        trend: of the last 5 clean laps by lap. ``empty_3_s``: `pace_3_s` as on an empty tank.
        degradation: of all clean laps of the stint, fuel taken off, by lap.
        stint_best_ms: fastest clean lap on this set.
    """

    __slots__ = (
        "clean", "degradation", "empty_3_s", "pace_3_s", "pace_5_s", "spread_5_s", "stint", "stint_best_ms", "trend",
    )  # fmt: skip

    def __init__(self) -> None:
        self.stint: list[LapFact] = []
        self.clean: list[LapFact] = []
        self.pace_3_s: float | None = None
        self.pace_5_s: float | None = None
        self.spread_5_s: float | None = None
        self.trend: Line | None = None
        self.empty_3_s: float | None = None
        self.degradation: Line | None = None
        self.stint_best_ms: int | None = None


def is_green(lap: LapFact) -> bool:
    """A flying lap under green: timed, not the first, neither in- nor out-lap, no flag seen (none told counts so)."""
    return (
        lap.lap_ms is not None
        and lap.lap > 1
        and not lap.pit_in
        and not lap.pit_out
        and (lap.status == "1" or not lap.status)
    )


def is_clean(lap: LapFact, median_ms: int | None) -> bool:
    """A green flying lap that is not far slower than the field's median so far."""
    return is_green(lap) and (median_ms is None or (lap.lap_ms or 0) <= SLOW * median_ms)


def form_of(context: SessionContext, laps: Mapping[int, LapFact], last: LapFact, median_ms: int | None) -> CarForm:
    """A car's form after ``last``, its latest lap."""
    form = CarForm()
    form.stint = stint_of(laps, last)
    limit = SLOW * median_ms if median_ms is not None else float("inf")
    form.clean = clean = [lap for lap in form.stint if is_green(lap) and (lap.lap_ms or 0) <= limit]
    times = [lap.lap_ms or 0 for lap in clean]
    if times:
        form.stint_best_ms = min(times)
        form.pace_3_s = _mean_s(times[-3:])
        form.pace_5_s = _mean_s(times[-5:])
    if len(times) >= LEAST_FOR_TREND:
        numbers = [lap.lap for lap in clean[-5:]]
        form.spread_5_s = _spread_s(times[-5:])
        form.trend = line_through(numbers, [ms / 1000 for ms in times[-5:]])
    empty = _empty(context, clean, len(clean) if len(clean) >= LEAST_FOR_DEGRADATION else 3)
    if empty:
        form.empty_3_s = sum(empty[-3:]) / len(empty[-3:])
    if len(empty) >= LEAST_FOR_DEGRADATION:
        form.degradation = line_through([lap.lap for lap in clean], empty)
    return form


def stint_of(laps: Mapping[int, LapFact], last: LapFact) -> list[LapFact]:
    """The laps on the set that ``last`` was driven on, in order.

    The set is told by its number; where that is not known a stay in the pits ends it. A lap that is missing does too.
    """
    stint = [last]
    lap = last
    while (before := laps.get(lap.lap - 1)) is not None:
        if lap.stint is not None and before.stint is not None:
            if lap.stint != before.stint:
                break
        elif lap.pit_out or before.pit_in:
            break
        stint.append(before)
        lap = before
    stint.reverse()
    return stint


def line_through(xs: Sequence[int], ys: Sequence[float]) -> Line | None:
    """The least-squares line through points in order of x; None through fewer than three, or all at one x."""
    count = len(xs)
    if count < LEAST_FOR_TREND:
        return None
    mean_x, mean_y = sum(xs) / count, sum(ys) / count
    across = sum([(x - mean_x) * (x - mean_x) for x in xs])
    if across <= 0:
        return None
    slope = sum([(x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)]) / across
    left = sum([(y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(xs, ys, strict=True)])
    return Line(slope, sqrt(max(0.0, left) / (count - 2) / across))


def _empty(context: SessionContext, clean: Sequence[LapFact], count: int) -> list[float]:
    """The last ``count`` clean laps as on an empty tank, s; none where the race's distance is not known."""
    if context.laps is None or not context.is_race:
        return []
    start_kg = race_fuel_kg(context.season) * (1.0 if context.kind == "R" else SPRINT_SHARE)
    return [
        without_fuel_s((lap.lap_ms or 0) / 1000, fuel_left_kg(start_kg, lap.lap, context.laps))
        for lap in clean[-count:]
    ]


def _mean_s(times: Sequence[int]) -> float:
    return sum(times) / len(times) / 1000


def _spread_s(times: Sequence[int]) -> float:
    mean = sum(times) / len(times)
    return sqrt(sum([(ms - mean) * (ms - mean) for ms in times]) / (len(times) - 1)) / 1000
