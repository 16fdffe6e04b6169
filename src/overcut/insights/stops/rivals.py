"""How likely is each car to come in on each coming lap, as teams do, and where would it be if it did not?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.insights.stops.lap_costs import Floats, LapCosts, pace_s
from overcut.insights.stops.stop_loss import stop_loss_s
from overcut.insights.stops.window import owes
from overcut.strategy.model import CarState, Race, TrackStatus


@dataclass(frozen=True)
class Outlook:
    """What is expected of every car that goes on. C cars, L+1 laps (index = lap number; before the present: 0).

    Attributes:
        running: (C,) bool: still in the race.
        line_s: (C, L+1): when it ends a lap without stopping, against the present leader's own going on likewise at
            no cost; at the present lap its gap to the leader.
        lap_s: (C, L+1): what the lap costs it, its own pace included.
        stops: (C, L+1): chance that its next stop is at the end of that lap. ``stopped``: of having stopped by then.
        stopped: see above.
    """

    running: NDArray[np.bool_]
    line_s: Floats
    lap_s: Floats
    stops: Floats
    stopped: Floats


def outlook(race: Race, costs: LapCosts) -> Outlook:
    """The expectation from the present lap on."""
    cars, last, now = len(race.cars), race.circuit.laps, race.lap
    running = np.array([not state.retired for state in race.states])
    lap_s = np.zeros((cars, last + 1))
    pace = pace_s(race)
    coming = np.arange(now + 1, last + 1)
    for car, state in enumerate(race.states):
        on = costs.index(state.compound)
        ages = np.minimum(state.tyre_age + coming - now - 1, costs.age_s.shape[2] - 1)
        lap_s[car, coming] = costs.age_s[car, on, ages] + costs.water_s[on, coming] + pace[car]
        if state.in_pit and coming.size and not state.retired:
            lap_s[car, now + 1] += costs.warm_up_s[on]
    # Behind a safety car nobody is quicker than another.
    lap_s[:, coming] *= 1.0 - costs.neutral[None, coming]
    behind = np.array([state.behind_s for state in race.states])
    line_s = np.zeros((cars, last + 1))
    line_s[:, now:] = behind[:, None]
    line_s[:, coming] += np.cumsum(lap_s[:, coming], axis=1) + still_to_lose(race)[:, None]
    stops = np.zeros((cars, last + 1))
    for car, state in enumerate(race.states):
        if not state.retired and coming.size:
            stops[car, coming] = _next_stop(stop_chances(race, state, costs.neutral))
    return Outlook(running, line_s, lap_s, stops, np.cumsum(stops, axis=1))


def still_to_lose(race: Race) -> Floats:
    """(C,): what is left of a stop for cars whose last lap ended in the pits: they have yet to leave them."""
    rest = 1.0 - race.circuit.pit.in_lap_share
    return np.array(
        [
            rest * stop_loss_s(race.circuit, car, race.track.status) if state.in_pit and not state.retired else 0.0
            for car, state in zip(race.cars, race.states, strict=True)
        ]
    )


def stop_chances(race: Race, state: CarState, neutral: Floats) -> Floats:
    """(laps to go,): chance of stopping at the end of each coming lap, given that it did not before.

    Formula: `StopBehaviour`, without its term for what rivals do.
    """
    model, circuit, last, now = race.circuit.stops, race.circuit, race.circuit.laps, race.lap
    tyre = next((tyre for tyre in circuit.tyres if tyre.compound is state.compound), circuit.tyres[0])
    laps = np.arange(now + 1, last + 1)
    ratio = (state.tyre_age + laps - now) / max(1.0, tyre.typical_stint_laps)
    remain = (last - laps) / last
    needs = owes(race, state)
    odds = model.intercept + np.interp(ratio, model.age_knots, model.age)
    odds += np.interp(remain, model.remaining_knots, model.remaining)
    if needs[0] or needs[1]:
        odds += np.interp(remain, model.remaining_knots, model.need)
    lift = {TrackStatus.SC: model.safety_car, TrackStatus.VSC: model.virtual}.get(race.track.status, 0.0)
    odds += neutral[laps] * lift * np.minimum(1.0, ratio / 0.5)
    chances = 1.0 / (1.0 + np.exp(-odds))
    chances[-1:] = 0.0  # nobody stops at the flag
    return chances


def _next_stop(chances: Floats) -> Floats:
    """Chance of each lap being that of the next stop."""
    return chances * np.concatenate([[1.0], np.cumprod(1.0 - chances)[:-1]])
