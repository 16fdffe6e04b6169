"""What is the least time to the flag after a stop on any lap, over all that may still be fitted and when?

Dynamic programming backwards over laps, exact in free air: the value of starting a stint on a lap with a compound is
the least, over the lap at which the stint ends, of its laps, the stop's loss and the value of what is fitted next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit  # pyright: ignore[reportUnknownVariableType]
from numpy.typing import NDArray

from overcut.insights.stops.lap_costs import Floats, LapCosts

NEVER = 1e9
MOST_OWED = 2
"""Stops demanded by the rules that are told apart; no race has asked for more."""


@dataclass(frozen=True)
class PlanCosts:
    """Least times. Axes: C cars, L+2 laps (a stint's first lap), K compounds, 2 (0: another dry compound must still be
    used, and only the stint's own was so far; 1: nothing is owed), M+1 stops that the rules still demand.

    Attributes:
        value: time to the flag from the stint's first lap on, warm-up included; `NEVER` where no plan keeps the rules.
        ends: last lap of the stint (the race's last: no further stop); 0 where there is no plan.
        fits: index of the compound fitted after it; -1 for none.
    """

    value: Floats
    ends: NDArray[np.int16]
    fits: NDArray[np.int8]


def plan_costs(costs: LapCosts, losses: Floats, first: int, laps: int) -> PlanCosts:
    """Solve it for stints that begin on laps ``first`` to ``laps``.

    Args:
        costs: of laps. ``losses``: (C, L+1), of a stop at the end of each lap.
        first: first lap of the earliest stint. ``laps``: the race's.
    """
    cars, compounds, _ = costs.age_s.shape
    shape = (cars, laps + 2, compounds, 2, MOST_OWED + 1)
    value, ends, fits = np.full(shape, NEVER), np.zeros(shape, np.int16), np.full(shape, -1, np.int8)
    _solve(
        value, ends, fits, costs.age_sum, costs.water_sum, costs.warm_up_s, costs.is_wet, losses, first, laps
    )  # fmt: skip
    return PlanCosts(value, ends, fits)


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _solve(
    value: Floats,
    ends: NDArray[np.int16],
    fits: NDArray[np.int8],
    age_sum: Floats,
    water_sum: Floats,
    warm_up_s: Floats,
    is_wet: NDArray[np.bool_],
    losses: Floats,
    first: int,
    laps: int,
) -> None:
    """Fill the tables from the last lap backwards; plain loops, which numba compiles."""
    cars, _, compounds, _, owed_kinds = value.shape
    for car in range(cars):
        for begin in range(laps, first - 1, -1):
            for compound in range(compounds):
                for end in range(begin, laps + 1):
                    stint = age_sum[car, compound, end - begin + 1] + warm_up_s[compound]
                    stint += water_sum[compound, end + 1] - water_sum[compound, begin]
                    if end == laps:
                        if stint < value[car, begin, compound, 1, 0]:
                            value[car, begin, compound, 1, 0] = stint
                            ends[car, begin, compound, 1, 0] = laps
                            fits[car, begin, compound, 1, 0] = -1
                        continue
                    so_far = stint + losses[car, end]
                    for after in range(compounds):
                        for free in range(2):
                            settled = free == 1 or is_wet[after] or after != compound
                            for owed in range(owed_kinds):
                                rest = value[car, end + 1, after, 1 if settled else 0, owed - 1 if owed > 0 else 0]
                                if so_far + rest < value[car, begin, compound, free, owed]:
                                    value[car, begin, compound, free, owed] = so_far + rest
                                    ends[car, begin, compound, free, owed] = end
                                    fits[car, begin, compound, free, owed] = after
