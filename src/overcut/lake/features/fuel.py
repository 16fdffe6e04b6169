"""How much fuel a car still carries, and what a lap would take without it."""

from __future__ import annotations

from overcut.domain.rules import RULES

FUEL_S_PER_KG = 0.03
"""Lap time per kilogram of fuel on a lap of 90 s (public fits of races 2022 to 2024: 0.031 s/kg), in proportion to
the lap's length elsewhere."""

_REFERENCE_LAP_S = 90.0
_USUAL_KG = 100.0
"""2014 on: the limit was 100 kg to 2016, 105 kg to 2018, 110 kg since 2019, and is seldom used up."""
_V8_KG = 150.0
"""2010 to 2013: no refuelling, no limit; teams quoted 140 to 160 kg."""


def race_fuel_kg(season: int | None) -> float:
    """Fuel at the start of a Grand Prix of that season."""
    if season is None:
        return _USUAL_KG
    if season in RULES:
        return RULES[season].race_fuel_kg
    return _V8_KG if season < 2014 else _USUAL_KG


def fuel_left_kg(start_kg: float, lap: int, laps: int) -> float:
    """Fuel on board at the end of ``lap`` of ``laps``, used evenly; 0 at the end and after it."""
    return start_kg * max(0.0, 1.0 - lap / laps)


def without_fuel_s(lap_s: float, fuel_kg: float) -> float:
    """The lap time on an empty tank, of a lap that took ``lap_s`` with ``fuel_kg`` on board."""
    return lap_s / (1.0 + fuel_kg * FUEL_S_PER_KG / _REFERENCE_LAP_S)
