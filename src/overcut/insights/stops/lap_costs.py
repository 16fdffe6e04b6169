"""What does a lap cost a car on each tyre at each age, beyond what it costs every car alike?

Fuel, track and the car's own pace are the same whichever tyre is on the car, so that they fall out of every comparison
of one car's plans; they come back where cars are compared (``pace_s``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overcut.domain.tyres import Compound
from overcut.strategy.model import CircuitModel, Race, TrackStatus, TyreModel

Floats = NDArray[np.float64]

WET = (Compound.INTERMEDIATE, Compound.WET)
AGE_BEYOND = 60
"""Ages are told up to the race's laps and this many more: a set may have been used before it."""


@dataclass(frozen=True)
class LapCosts:
    """Tables for one race from its present lap on. C cars, K compounds, A ages, L+1 laps (index = lap number).

    Attributes:
        compounds: the circuit's, in its own order. ``is_wet``: bool (K,).
        age_s: (C, K, A): cost of a lap on a set with that many laps on it before the lap.
        age_sum: (C, K, A+1): sums of ``age_s`` over the ages below.
        water_s: (K, L+1): what the water expected on a lap costs on it. ``water_sum``: sums over the laps below.
        water_sum: see above.
        warm_up_s: (K,): beyond the stop's loss, on the out-lap.
        wetness: (L+1,): the water expected at each lap.
        neutral: (L+1,): chance that the present neutralisation still lasts on a lap.
    """

    compounds: tuple[Compound, ...]
    is_wet: NDArray[np.bool_]
    age_s: Floats
    age_sum: Floats
    water_s: Floats
    water_sum: Floats
    warm_up_s: Floats
    wetness: Floats
    neutral: Floats

    def index(self, compound: Compound) -> int:
        """Where a compound is; one that the circuit does not know stands for its middle dry one."""
        if compound in self.compounds:
            return self.compounds.index(compound)
        return max(0, sum(1 for wet in self.is_wet if not wet) // 2)


def lap_costs(race: Race) -> LapCosts:
    """The tables of a race as it stands."""
    circuit, laps = race.circuit, race.circuit.laps
    ages = np.arange(laps + AGE_BEYOND, dtype=np.float64)
    wear = np.array([car.wear.mean for car in race.cars])
    age_s = np.stack([_by_age(tyre, ages, wear) for tyre in circuit.tyres], axis=1)
    wetness = expected_wetness(race)
    water = np.stack([_water(circuit, tyre.compound, wetness) for tyre in circuit.tyres])
    zeros = np.zeros((*age_s.shape[:2], 1))
    return LapCosts(
        compounds=tuple(tyre.compound for tyre in circuit.tyres),
        is_wet=np.array([tyre.compound in WET for tyre in circuit.tyres]),
        age_s=age_s,
        age_sum=np.concatenate([zeros, np.cumsum(age_s, axis=2)], axis=2),
        water_s=water,
        water_sum=np.concatenate([np.zeros((len(circuit.tyres), 1)), np.cumsum(water, axis=1)], axis=1),
        warm_up_s=np.array([tyre.warm_up_s.mean for tyre in circuit.tyres]),
        wetness=wetness,
        neutral=still_neutral(race),
    )


def _by_age(tyre: TyreModel, ages: Floats, wear: Floats) -> Floats:
    """(C, A)."""
    worn = tyre.wear_s.mean * ages + tyre.curvature_s.mean * ages**2
    worn += tyre.cliff_s.mean * np.maximum(0.0, ages - tyre.life_laps.mean)
    return tyre.offset_s.mean + wear[:, None] * worn[None, :]


def _water(circuit: CircuitModel, compound: Compound, wetness: Floats) -> Floats:
    pace = circuit.weather.pace
    costs = {Compound.INTERMEDIATE: pace.intermediate_s, Compound.WET: pace.wet_s}.get(compound, pace.dry_s)
    return np.interp(wetness, pace.knots, costs)


def expected_wetness(race: Race) -> Floats:
    """(L+1,): the water expected on each lap from the present one on; rain ends and begins at the circuit's rates
    where it rains or has rained, and a dry race is expected to stay dry."""
    weather, laps = race.circuit.weather, race.circuit.laps
    wetness = np.zeros(laps + 1)
    now, rain = race.track.wetness, float(race.track.raining)
    for lap in range(race.lap + 1, laps + 1):
        now = min(1.0, max(0.0, now + rain * weather.intensity - (1.0 - rain) * weather.drying))
        rain *= 1.0 - weather.rain_ends
        wetness[lap] = now
    return wetness


def still_neutral(race: Race) -> Floats:
    """(L+1,): chance that the neutralisation of now still lasts on each coming lap; zeros under green."""
    laps, model = race.circuit.laps, race.circuit.neutralisations
    chances = np.zeros(laps + 1)
    lengths = {TrackStatus.SC: model.sc_laps, TrackStatus.VSC: model.vsc_laps}.get(race.track.status)
    if lengths is None:
        return chances
    at_least = np.append(1.0, 1.0 - np.cumsum(lengths)).clip(0.0)  # P(length >= n + 1)
    since = min(max(race.track.since_laps, 0), len(lengths) - 1)
    coming = at_least[since : since + laps - race.lap]
    # It flies now, so it has lasted so long; the last entry is 0 but for rounding.
    chances[race.lap + 1 : race.lap + 1 + coming.size] = coming / coming[0] if coming.size and coming[0] > 0 else 0.0
    chances[race.lap + 1 : race.lap + 2] = 1.0
    return chances


def pace_s(race: Race) -> Floats:
    """(C,): each car's own lap time against the reference car."""
    return np.array([car.pace_s.mean for car in race.cars])
