"""How far ahead was the next car on the road, and who passed whom: read off the crossings of the line alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


STOPPED_SHARE = 2.5
"""A lap of so many usual ones was spent standing (a red flag, a retirement): nobody fights such a car."""


class RoadGaps(NamedTuple):
    """For each lap: seconds to the next car ahead on the road at its begin and end (inf: nobody), and whether a pass
    on track, either way, happened during it."""

    at_start_s: Floats
    at_end_s: Floats
    fought: Flags


class _Car(NamedTuple):
    """One car's crossings in order of time, and which of the laps that they end were in- or out-laps."""

    ends: Floats
    in_pits: Flags


def road_gaps(laps: pl.DataFrame) -> RoadGaps:
    """Gaps and passes of every lap, in the rows' order.

    The car ahead is the last one over the line before this one, whatever lap it is on: the air of a lapped car is as
    dirty. Crossings within the pit lane do not count. A car passed another where that one crossed the line no time
    or twice during its lap, and neither was in the pits.

    Args:
        laps: one session's laps with ``driver_number``, ``lap_start_s``, ``lap_end_s``, ``pit_in``, ``pit_out``,
            ``generated``.
    """
    starts = laps["lap_start_s"].fill_null(float("nan")).to_numpy().astype(np.float64)
    ends = np.array(laps["lap_end_s"].fill_null(float("nan")), dtype=np.float64)
    numbers = laps["driver_number"].to_numpy()
    generated = laps["generated"].fill_null(False).to_numpy()
    ends[generated] = np.nan  # rows that stand for a retired car end at any time
    took = ends - starts
    usual = float(np.nanmedian(took)) if np.isfinite(took).any() else 0.0
    in_pits = laps["pit_in"].fill_null(False).to_numpy() | laps["pit_out"].fill_null(False).to_numpy()
    in_pits |= took > STOPPED_SHARE * usual
    road = ~laps["pit_in"].fill_null(False).to_numpy() & np.isfinite(ends)
    at_end = _ahead(ends, numbers, ends[road], numbers[road])
    at_start = _ahead(starts, numbers, ends[road], numbers[road])
    fought = np.zeros(len(ends), dtype=np.bool_)
    for number in np.unique(numbers):
        mine = np.flatnonzero((numbers == number) & np.isfinite(ends))
        if not len(mine):
            continue
        order = mine[np.argsort(ends[mine])]
        car = _Car(ends[order], in_pits[order])
        fought |= (numbers != number) & _passed(starts, ends, car)
    return RoadGaps(at_start, at_end, fought & ~in_pits)


def _ahead(when: Floats, who: NDArray[np.object_], crossings: Floats, cars: NDArray[np.object_]) -> Floats:
    """Seconds from the last crossing of another car to each moment; inf where there is none."""
    order = np.argsort(crossings, kind="stable")
    crossings, cars = crossings[order], cars[order]
    gap = np.full(len(when), np.inf)
    if not len(crossings):
        return gap
    index = np.searchsorted(crossings, when, side="left") - 1
    # The last crossing may be the car's own, a lap ago: then nobody was in between.
    other = (index >= 0) & np.isfinite(when) & (cars[np.maximum(index, 0)] != who)
    gap[other] = when[other] - crossings[index[other]]
    return gap


def _passed(starts: Floats, ends: Floats, car: _Car) -> Flags:
    """For each lap, whether its car passed this one or was passed by it."""
    before = np.searchsorted(car.ends, starts, side="right")
    after = np.searchsorted(car.ends, ends, side="left")
    crossed = after - before
    on_lap = np.minimum(after, len(car.ends) - 1)
    running = (before > 0) & (after < len(car.ends)) & np.isfinite(starts) & np.isfinite(ends)
    pits = car.in_pits[on_lap] | car.in_pits[np.maximum(on_lap - 1, 0)]
    return running & ~pits & (crossed != 1)
