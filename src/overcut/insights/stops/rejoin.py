"""Where would a car rejoin if it came in at the end of the lap that it is on, and among whom?

The quick form: the car's time at the end of its out-lap against everybody else's, with the spread of laps and stops,
each rival staying out or stopping as teams do. The number of cars ahead is then a sum of independent chances.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import Rejoin
from overcut.insights.stops.lap_costs import Floats, LapCosts, pace_s
from overcut.insights.stops.rivals import Outlook
from overcut.insights.stops.simulated import SimulatedRejoin
from overcut.insights.stops.stop_loss import clean_loss_s, excess_sample, loss_sd_s, mean_excess_s, stop_loss_s
from overcut.insights.stops.traffic import held_up
from overcut.strategy.model import Race, TrackStatus

SHARE = 0.80
CROSSED_S = 0.15
"""Gaps at the line are known to about this, pass or no pass included."""


def arrival_s(race: Race, car: int, compound: Compound, costs: LapCosts, ahead: Outlook) -> float:
    """When the car ends its out-lap after a clean stop at the end of the lap that it is on, on `Outlook`'s clock."""
    lap = race.lap + 1
    out, fitted = min(lap + 1, race.circuit.laps), costs.index(compound)
    calm = 1.0 - costs.neutral[out]
    fresh = costs.age_s[car, fitted, 0] + costs.water_s[fitted, out] + pace_s(race)[car]
    loss = clean_loss_s(race.circuit, race.track.status) + race.cars[car].stop_excess_s
    return float(ahead.line_s[car, lap] + loss + calm * (fresh + costs.warm_up_s[fitted]))


def place_chances(race: Race, car: int, arrives_s: float, costs: LapCosts, ahead: Outlook) -> Floats:
    """(C,): chance of each place at the end of the out-lap, over slow stops, lap noise and rivals' own stops."""
    lap = race.lap + 1
    out = min(lap + 1, race.circuit.laps)
    others = np.array(
        [rival for rival in range(len(race.cars)) if rival != car and ahead.running[rival]], dtype=np.intp
    )
    chances = np.zeros(len(race.cars))
    if not others.size:
        chances[0] = 1.0
        return chances
    noise = np.array([model.noise_s for model in race.cars])
    sd = np.sqrt(
        2.0 * (noise[others] ** 2 + noise[car] ** 2) + loss_sd_s(race.circuit, race.track.status) ** 2 + CROSSED_S
    )
    sample = excess_sample(race.circuit)
    at = arrives_s + sample[:, None]
    there = ahead.line_s[others, out][None, :]
    spread = sd[None, :] * (1.0 - 0.5 * costs.neutral[out])
    stays: Floats = np.asarray(ndtr((at - there) / spread), np.float64)  # chance that the rival, going on, is ahead
    # A rival that stops on this lap or the next loses what everybody loses there.
    own = clean_loss_s(race.circuit, race.track.status) + mean_excess_s(race.circuit)
    both = np.sqrt(sd[None, :] ** 2 + float(sample.var()))
    comes: Floats = np.asarray(ndtr((at - there - own) / both), np.float64)
    gone = ahead.stopped[others, out][None, :]
    before: Floats = np.clip((1.0 - gone) * stays + gone * comes, 0.0, 1.0)
    for row in before:
        chances += _places(row, len(race.cars))
    return chances / before.shape[0]


def _places(before: Floats, cars: int) -> Floats:
    """(cars,): chances of 0, 1, 2 … cars ahead (Poisson binomial, by convolution)."""
    found = np.zeros(cars)
    found[0] = 1.0
    for chance in before:
        if chance > 1e-9:
            found[1:] = found[1:] * (1.0 - chance) + found[:-1] * chance
            found[0] *= 1.0 - chance
    return found


def rejoin(
    race: Race,
    car: int,
    compound: Compound,
    costs: LapCosts,
    ahead: Outlook,
    passes: Floats,
    simulated: SimulatedRejoin | None = None,
) -> Rejoin | None:
    """Where the car would rejoin; None where no lap is left to rejoin on.

    Args:
        race, costs, ahead: the race, its lap costs and outlook. ``car``: which. ``compound``: fitted.
        passes: `traffic.pass_table`.
        simulated: places and gaps from the simulator; the quick form's when None.
    """
    lap = race.lap + 1
    if lap >= race.circuit.laps or not ahead.running[car]:
        return None
    arrives = arrival_s(race, car, compound, costs, ahead)
    expected = arrives + mean_excess_s(race.circuit)
    told = place_chances(race, car, arrives, costs, ahead) if simulated is None else simulated.chances
    low, high = span(told)
    now = race.states[car].position
    others = [rival for rival in range(len(race.cars)) if rival != car and ahead.running[rival]]
    if simulated is None:
        gaps = {rival: expected - float(ahead.line_s[rival, lap + 1]) for rival in others}
    else:
        gaps = {rival: float(simulated.behind_s[rival]) for rival in others if np.isfinite(simulated.behind_s[rival])}
    front = min((rival for rival in gaps if gaps[rival] >= 0), key=lambda rival: gaps[rival], default=None)
    back = max((rival for rival in gaps if gaps[rival] < 0), key=lambda rival: gaps[rival], default=None)
    stuck, lost = 0.0, 0.0
    if front is not None and race.track.status is TrackStatus.GREEN and lap + 2 <= race.circuit.laps:
        fitted = costs.index(compound)
        own = costs.age_s[car, fitted, 1] + costs.water_s[fitted, lap + 2] + pace_s(race)[car]
        quicker = float(ahead.lap_s[front, lap + 2] - own)
        leaves = float(ahead.stops[front, lap + 2])
        stuck, lost = held_up(gaps[front], quicker, leaves, passes, race.circuit.traffic.follow_s)
    places = np.arange(1, told.size + 1)
    return Rejoin(
        lap=lap,
        loss_s=round(stop_loss_s(race.circuit, race.cars[car], race.track.status), 2),
        place=int(told.argmax()) + 1,
        low=low,
        high=high,
        chances=tuple(round(float(chance), 4) for chance in told),
        places_lost=round(float(places @ told) - now, 2),
        ahead=None if front is None else race.cars[front].driver_number,
        gap_ahead_s=None if front is None else round(gaps[front], 2),
        behind=None if back is None else race.cars[back].driver_number,
        gap_behind_s=None if back is None else round(-gaps[back], 2),
        stuck_laps=round(stuck, 1),
        traffic_s=round(lost, 2),
        free=float(told[:now].sum()) > 0.5,
        simulated=simulated is not None,
    )  # fmt: skip


def span(chances: Floats, share: float = SHARE) -> tuple[int, int]:
    """First and last place between which, equal tails apart, at least ``share`` of the chance lies."""
    sums = np.cumsum(chances)
    tail = (1.0 - share) / 2.0
    low = int(np.searchsorted(sums, tail + 1e-12, side="right"))
    high = int(np.searchsorted(sums, 1.0 - tail - 1e-12))
    return min(low, chances.size - 1) + 1, min(high, chances.size - 1) + 1
