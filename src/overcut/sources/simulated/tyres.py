"""What a set of tyres costs in lap time: compound, age, warm-up, cliff, and water on the track.

Figures are per lap of 90 s and scale with the lap. They are in the range that public fits of 2022-2025 races give (soft
to hard about 0.6-1.2 s new, wear 0.03-0.12 s a lap): a credible race, not a forecast of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from overcut.domain.tyres import Compound

REFERENCE_LAP_S = 90.0


@dataclass(frozen=True)
class TyreModel:
    """One compound: seconds on the reference lap, seconds a lap of wear, laps until the cliff, first-lap warm-up."""

    offset_s: float
    wear_s: float
    life_laps: float
    warm_up_s: float


MODELS: dict[Compound, TyreModel] = {
    Compound.SOFT: TyreModel(0.0, 0.115, 15.0, 0.4),
    Compound.MEDIUM: TyreModel(0.40, 0.056, 27.0, 0.7),
    Compound.HARD: TyreModel(0.75, 0.032, 42.0, 1.1),
    Compound.INTERMEDIATE: TyreModel(4.5, 0.050, 35.0, 0.3),
    Compound.WET: TyreModel(8.0, 0.050, 40.0, 0.3),
}

SLICKS = (Compound.SOFT, Compound.MEDIUM, Compound.HARD)
_CLIFF_S = 0.025  # per lap beyond its life, squared
_SLICK_IN_WATER_S = 30.0  # a slick on a soaked track (wetness 1), on the reference lap
_INTERMEDIATE_IN_WATER_S = 9.0
_INTERMEDIATE_BEST = 0.35  # wetness at which the intermediate is at home


def tyre_cost_s(compound: Compound, age: float, *, lap_s: float, wear: float, wetness: float = 0.0) -> float:
    """Seconds a lap more than a new soft tyre on a dry track; wetness is 0 dry to 1 soaked."""
    model = MODELS[compound]
    life = model.life_laps / wear
    cost = model.offset_s + model.wear_s * wear * age + (model.warm_up_s if age < 1 else 0.0)
    if age > life:
        cost += _CLIFF_S * (age - life) ** 2
    return (cost + _water_s(compound, wetness)) * lap_s / REFERENCE_LAP_S


def _water_s(compound: Compound, wetness: float) -> float:
    if compound is Compound.INTERMEDIATE:
        return 3.0 * wetness + max(0.0, wetness - _INTERMEDIATE_BEST) * _INTERMEDIATE_IN_WATER_S
    if compound is Compound.WET:
        return 5.0 * wetness
    return _SLICK_IN_WATER_S * wetness


def best_for_water(wetness: float) -> Compound | None:
    """The rain tyre that a wetness asks for; None when slicks are quicker."""
    if _SLICK_IN_WATER_S * wetness < MODELS[Compound.INTERMEDIATE].offset_s + 3.0 * wetness:
        return None
    return Compound.INTERMEDIATE
