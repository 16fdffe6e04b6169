"""What the laps alone cannot tell, and is therefore assumed: fuel, the track's evolution, and how far each may go.

Along a stint, fuel burns off, the track gains grip and the tyres age, all one lap at a time: the stopwatch shows their
sum only. What separates them is the change of tyres (age falls back, fuel does not) at different laps for different
cars, and these assumptions. Figures are seconds on a lap of 90 s and scale with the lap.
"""

from __future__ import annotations

import msgspec

from overcut.lake.features.fuel import FUEL_S_PER_KG, race_fuel_kg

REFERENCE_LAP_S = 90.0

FUEL_SD = 0.004
"""Standard deviation of lap time per kilogram on a lap of 90 s (`FUEL_S_PER_KG`, 0.03): nine in ten circuits between
0.023 and 0.037."""

EVOLUTION_SD_S = 0.4
"""How much quicker or slower the track may become at a constant rate over a race distance: nothing is taken for
granted, eight tenths would not surprise. What is not at a constant rate is learned from the laps."""

WEAR_SD_S = 0.15
"""Seconds a lap that a compound may lose: so wide that it decides nothing where laps tell anything."""

RACE_KM, SPRINT_KM = 305.0, 100.0
"""Distances of a race and of a sprint (FIA Sporting Regulations, article 5)."""

_FUEL_WITH_REFUELLING = range(1994, 2010)


class Fuel(msgspec.Struct, frozen=True):
    """What is assumed of the fuel.

    Attributes:
        start_kg: on board at the start. ``kg_per_lap``: burnt on each lap, at an even rate; laps behind a safety car
            burn less, which is not followed.
        s_per_kg, s_per_kg_sd: lap time for each kilogram at this track's lap time, and its standard deviation.
        basis: where ``start_kg`` comes from, in words.
    """

    start_kg: float
    kg_per_lap: float
    s_per_kg: float
    s_per_kg_sd: float
    basis: str


def race_fuel(season: int | None, laps: int, lap_s: float, *, sprint: bool) -> Fuel:
    """The fuel of a race over ``laps`` laps of about ``lap_s`` seconds; today's where the season is unknown.

    With refuelling (1994 to 2009) what is on board is unknown: nothing is burnt, so that fuel stays within wear and
    evolution, and ``basis`` says so.
    """
    scale = lap_s / REFERENCE_LAP_S
    if season in _FUEL_WITH_REFUELLING:
        return Fuel(0.0, 0.0, FUEL_S_PER_KG * scale, FUEL_SD * scale, "cars were refuelled: no correction")
    kg = race_fuel_kg(season)
    basis = f"as usual in {season}" if season else "as usual today; the season is not known"
    if sprint:
        kg *= SPRINT_KM / RACE_KM
    return Fuel(kg, kg / max(laps, 1), FUEL_S_PER_KG * scale, FUEL_SD * scale, basis)
