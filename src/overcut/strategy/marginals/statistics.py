"""What is counted of a race, recorded or simulated: one definition for both, from crossings of the line alone.

A race is an array of crossing times and one of stops; flags are not needed. A lap is *neutral* when the middle of the
field took more than `SLOW` times the race's usual lap over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SLOW = 1.12
NEAR_S = 1.0
_AROUND = 4
"""A stop is measured against the car's own laps so many before and after."""


class Marginals(msgspec.Struct, frozen=True):
    """What one race came to; None where there is nothing to measure.

    Attributes:
        lap_s: the middle of all laps at racing speed without stops. ``lap_spread_s``: half of what lies between the
            quarters of a car's consecutive laps' difference.
        lap_spread_s: see above.
        pit_loss_s: the middle of what stops at racing speed cost.
        passes: places won on the road between two crossings, without stops and cautions.
        near: share of laps at racing speed that end within `NEAR_S` of another car on the same lap.
        neutral_laps: laps of the leader that were neutral. ``neutralised``: 1.0 where there were any, else 0.
        neutralised: see above.
        stops: per car that finished. ``retirements``: cars.
        retirements: see above.
        winner_s: race time of the winner.
        spread_s: from the first to the tenth car at the flag (on the same lap or not).
    """

    lap_s: float | None
    lap_spread_s: float | None
    pit_loss_s: float | None
    passes: float
    near: float | None
    neutral_laps: float
    neutralised: float
    stops: float | None
    retirements: float
    winner_s: float | None
    spread_s: float | None


@dataclass(frozen=True)
class RaceLaps:
    """A race as crossings of the line.

    Attributes:
        at_s: (laps, cars): when each car ended each lap, since the start; NaN from where it had retired.
        stop: (laps, cars): whether the lap ended in the pits.
    """

    at_s: Floats
    stop: NDArray[np.bool_]


def measured(race: RaceLaps) -> Marginals:
    """All figures of a race."""
    at = race.at_s
    times = np.diff(at, axis=0, prepend=np.zeros((1, at.shape[1])))
    usual = _middle(times[1:])
    field = np.array([_middle(row) for row in times])
    neutral = field > SLOW * usual
    neutral[0] = False
    around_stop = race.stop.copy()
    around_stop[1:] |= race.stop[:-1]
    racing = ~neutral[:, None] & ~around_stop & np.isfinite(times)
    racing[0] = False
    finished = np.isfinite(at[-1]) if len(at) else np.zeros(0, bool)
    done = np.isfinite(at).sum(axis=0)
    classified = done >= len(at) - 4
    total = at[-1][finished]
    steps = np.diff(times, axis=0)[racing[1:] & racing[:-1]]
    return Marginals(
        lap_s=_known(_middle(times[racing & (times < SLOW * usual)])),
        lap_spread_s=_half_width(steps),
        pit_loss_s=_pit_loss(times, race.stop, neutral),
        passes=_passes(at, racing),
        near=_near(at, racing),
        neutral_laps=float(neutral.sum()),
        neutralised=float(neutral.any()),
        stops=float(race.stop[:, classified].sum(axis=0).mean()) if classified.any() else None,
        retirements=float((~classified).sum()),
        winner_s=float(total.min()) if total.size else None,
        spread_s=float(np.sort(total)[9] - total.min()) if total.size >= 10 else None,
    )


def _middle(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _half_width(values: Floats) -> float | None:
    if values.size < 10:
        return None
    low, high = np.quantile(values, [0.25, 0.75])
    return float((high - low) / 2)


def _pit_loss(times: Floats, stop: NDArray[np.bool_], neutral: NDArray[np.bool_]) -> float | None:
    """In-lap and out-lap against twice the middle of the car's laps around them; neutral ones left out."""
    laps = len(times)
    losses: list[float] = []
    for lap, car in zip(*np.nonzero(stop), strict=True):
        if lap < 2 or lap + 1 >= laps or neutral[max(0, lap - 1) : lap + 3].any():
            continue
        beside = [k for k in (*range(lap - _AROUND, lap), *range(lap + 2, lap + 2 + _AROUND)) if 1 <= k < laps]
        usable = [times[k, car] for k in beside if not (neutral[k] or stop[k, car] or stop[k - 1, car])]
        both = times[lap, car] + times[lap + 1, car]
        known = [value for value in usable if np.isfinite(value)]
        if len(known) >= 3 and np.isfinite(both):
            losses.append(float(both - 2 * np.median(known)))
    return float(np.median(losses)) if losses else None


def _passes(at: Floats, racing: NDArray[np.bool_]) -> float:
    """Pairs of cars whose order at the line changed over a lap that both drove at racing speed, on the same lap."""
    count = 0
    for lap in range(2, len(at)):
        on = racing[lap] & racing[lap - 1] & np.isfinite(at[lap - 1]) & np.isfinite(at[lap])
        before, after = at[lap - 1][on], at[lap][on]
        order = np.argsort(before, kind="stable")
        ranked = after[order]
        count += int(np.sum(np.triu(ranked[:, None] > ranked[None, :], 1)))
    return float(count)


def _near(at: Floats, racing: NDArray[np.bool_]) -> float | None:
    """Share of racing laps that end close behind a car on the same lap."""
    close = total = 0
    for lap in range(2, len(at)):
        on = np.isfinite(at[lap])
        ends = np.sort(at[lap][on])
        gaps = np.diff(ends, prepend=-1e9)
        here = racing[lap][on][np.argsort(at[lap][on], kind="stable")]
        close += int(np.sum(here & (gaps < NEAR_S)))
        total += int(np.sum(here))
    return close / total if total else None
