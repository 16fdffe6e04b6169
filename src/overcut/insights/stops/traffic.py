"""How long would a car be held up behind slower ones after a stop, and what would that cost?"""

from __future__ import annotations

import math

import numpy as np
from numba import njit  # pyright: ignore[reportUnknownVariableType]

from overcut.insights.stops.lap_costs import Floats, LapCosts, pace_s
from overcut.insights.stops.rivals import Outlook
from overcut.strategy.model import Race

HORIZON_LAPS = 10.0
"""Nobody is taken to be held up for longer than this by one stop: stints end, others stop, plans change."""

NOISE_NODES = (-1.65, -1.04, -0.67, -0.39, -0.13, 0.13, 0.39, 0.67, 1.04, 1.65)
"""Mid-deciles of the normal distribution, in standard deviations."""


def pass_chance(race: Race, quicker_s: float) -> float:
    """Chance per lap of getting by when right behind a car that is slower by ``quicker_s`` a lap.

    The simulator's own rule (`TrafficModel`), averaged over how the two cars' laps scatter: a car gets its chance only
    on a lap on which it would be ahead at the line.
    """
    traffic = race.circuit.traffic
    noise = np.mean([car.noise_s for car in race.cars]) * math.sqrt(2.0)
    ahead = quicker_s - traffic.follow_s - traffic.dirty_air_s.mean + noise * np.asarray(NOISE_NODES)
    help_now = traffic.drs if race.rules.help_gap_s > 0 and race.track.green_laps >= race.rules.help_after_laps else 0.0
    odds = traffic.pass_intercept.mean + traffic.pass_per_s * np.minimum(3.0, ahead) + help_now
    return float(np.mean(np.where(ahead > 0.0, 1.0 / (1.0 + np.exp(-odds)), 0.0)))


def pass_table(race: Race) -> Floats:
    """(61,): `pass_chance` for 0.0, 0.1, … 6.0 s a lap."""
    return np.array([pass_chance(race, step / 10.0) for step in range(61)])


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def held_up(gap_s: float, quicker_s: float, leaves: float, passes: Floats, follow_s: float) -> tuple[float, float]:
    """Laps behind one slower car, and seconds lost there, as expected.

    Args:
        gap_s: to it when rejoining. ``quicker_s``: a lap, in free air. ``leaves``: its chance of stopping on a lap.
        passes: `pass_table`. ``follow_s``: the least gap at which one follows.
    """
    if quicker_s <= 0.02 or gap_s < 0.0:
        return 0.0, 0.0
    laps = HORIZON_LAPS - max(0.0, gap_s - follow_s) / quicker_s
    if laps <= 0.0:
        return 0.0, 0.0
    by = passes[min(60, round(quicker_s * 10.0))]
    release = 1.0 - (1.0 - by) * (1.0 - leaves)
    stuck = laps if release < 1e-6 else (1.0 - (1.0 - release) ** laps) / release
    return stuck, stuck * quicker_s


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _along(
    out: Floats,
    car: int,
    first: int,
    rejoin_s: Floats,
    own_lap_s: Floats,
    line_s: Floats,
    lap_s: Floats,
    stopped: Floats,
    stops: Floats,
    loss_s: Floats,
    passes: Floats,
    follow_s: float,
) -> None:
    """Fill the expected loss for each in-lap; a rival counts where it is if it has not stopped by then, and where its
    own stop puts it if it has, each with its chance; of all cars ahead the one that costs most counts."""
    for row in range(out.size):
        out_lap = min(first + row + 1, line_s.shape[1] - 1)
        worst = 0.0
        for rival in range(line_s.shape[0]):
            if rival == car or not math.isfinite(line_s[rival, out_lap]):
                continue
            gone = stopped[rival, out_lap]
            alive = max(1e-9, 1.0 - gone)
            for after in range(2):
                weight = gone if after == 1 else 1.0 - gone
                if weight < 0.02:
                    continue
                there = line_s[rival, out_lap] + (loss_s[rival] if after == 1 else 0.0)
                theirs = own_lap_s[row] if after == 1 else lap_s[rival, out_lap]
                leaves = 0.0 if after == 1 else stops[rival, out_lap] / alive
                _, lost = held_up(rejoin_s[row] - there, theirs - own_lap_s[row], leaves, passes, follow_s)
                worst = max(worst, weight * lost)
        out[row] = worst


def traffic_by_lap(
    race: Race,
    car: int,
    laps: np.ndarray,
    fits: np.ndarray,
    costs: LapCosts,
    ahead: Outlook,
    losses: Floats,
    passes: Floats,
) -> Floats:
    """(N,): expected seconds lost behind others for a stop at the end of each of ``laps`` for compound ``fits``."""
    out = np.zeros(laps.size)
    if not laps.size:
        return out
    own = pace_s(race)[car] + costs.age_s[car, fits, 1] + costs.water_s[fits, np.minimum(laps + 2, race.circuit.laps)]
    first_lap = costs.age_s[car, fits, 0] + costs.warm_up_s[fits] + costs.water_s[fits, laps + 1] + pace_s(race)[car]
    rejoin = ahead.line_s[car, laps] + losses[car, laps] + first_lap
    line = np.where(ahead.running[:, None], ahead.line_s, np.inf)
    _along(
        out, car, int(laps[0]), rejoin, own, line, ahead.lap_s, ahead.stopped, ahead.stops, losses[:, -1], passes,
        race.circuit.traffic.follow_s,
    )  # fmt: skip
    return out
