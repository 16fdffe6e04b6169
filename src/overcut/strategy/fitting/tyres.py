"""From pooled figures to a circuit's tyres, fuel and evolution, and how long a set lasts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.domain.rules import RULES
from overcut.domain.tyres import Compound
from overcut.lake.features.fuel import FUEL_S_PER_KG, race_fuel_kg
from overcut.strategy.fitting.pooling import Pooled
from overcut.strategy.fitting.race_model import REFERENCE_LAP_S
from overcut.strategy.model.circuit import Estimate, TyreModel
from overcut.strategy.model.generic import generic_circuit
from overcut.strategy.parameters.pace import SeasonTyre

Floats = NDArray[np.float64]

DRY = (Compound.SOFT, Compound.MEDIUM, Compound.HARD)
_FUEL_SD = 0.1
"""Share by which lap time per kilogram may differ from the published 0.03 s."""
_LONG = 0.95
"""Share of laps that were driven on younger sets: beyond that age nothing is known, and sets are taken to fall off."""
_PSEUDO_SETS = 400.0
_GENERIC = {tyre.compound: tyre for tyre in generic_circuit().tyres}


def fuel_and_evolution(slope: Estimate, season: int, laps: int, lap_s: float) -> tuple[Estimate, Estimate]:
    """The slope of the race told apart: what burns off by the published effect of a kilogram, the rest is the track's.

    Args:
        slope: seconds on a lap of 90 s over the race distance. ``season``: for the fuel. ``laps``, ``lap_s``: there.
    """
    last = max(RULES) if RULES else season
    fuel = FUEL_S_PER_KG * race_fuel_kg(min(season, last))
    scale = lap_s / REFERENCE_LAP_S / laps
    return _rounded(fuel * scale, _FUEL_SD * fuel * scale), _rounded((slope.mean - fuel) * scale, slope.sd * scale)


def tyres_of(
    figures: Floats, sd: Floats, warm_up: Mapping[str, Estimate], lives: Mapping[str, float], lap_s: float
) -> tuple[TyreModel, ...]:
    """A circuit's tyres.

    Args:
        figures, sd: (6,) of `race_model.FIGURES`, on a lap of 90 s. ``warm_up``: by compound.
        lives: laps by compound up to which wear is known. ``lap_s``: of the circuit.
    """
    scale = lap_s / REFERENCE_LAP_S
    offsets = (Estimate(figures[0], sd[0]), Estimate(0.0), Estimate(figures[1], sd[1]))
    dry = [
        TyreModel(
            compound=compound,
            offset_s=_rounded(offset.mean * scale, offset.sd * scale),
            wear_s=_rounded(figures[2 + place] * scale, sd[2 + place] * scale),
            life_laps=Estimate(round(lives.get(compound.value, _GENERIC[compound].life_laps.mean), 1), 4.0),
            cliff_s=_rounded(_GENERIC[compound].cliff_s.mean * scale, 0.5 * _GENERIC[compound].cliff_s.mean * scale),
            warm_up_s=warm_up.get(compound.value, _GENERIC[compound].warm_up_s),
            typical_stint_laps=_GENERIC[compound].typical_stint_laps,
        )
        for place, (compound, offset) in enumerate(zip(DRY, offsets, strict=True))
    ]
    return (*dry, _GENERIC[Compound.INTERMEDIATE], _GENERIC[Compound.WET])


def lives(laps: pl.DataFrame) -> dict[tuple[str, str], float]:
    """Age by layout (and ``""`` for all of them) and compound up to which laps tell of wear.

    By layout it is pulled to what is usual for the share of the race distance, as if by ``_PSEUDO_SETS`` more laps.

    Args:
        laps: clear laps with ``layout``, ``full_laps``, ``tyre``, ``tyre_life``.
    """
    share = laps.with_columns((pl.col("tyre_life") / pl.col("full_laps")).alias("share"))
    found: dict[tuple[str, str], float] = {}
    for (tyre,), part in share.group_by("tyre", maintain_order=True):
        usual = float(part["share"].quantile(_LONG) or 0.5)
        found["", str(tyre)] = usual
        for (layout,), here in part.group_by("layout", maintain_order=True):
            own = float(here["share"].quantile(_LONG) or usual)
            pulled = (own * here.height + usual * _PSEUDO_SETS) / (here.height + _PSEUDO_SETS)
            found[str(layout), str(tyre)] = pulled * float(here["full_laps"][0])
    return found


def season_tyres(pool: Pooled, kind: int) -> tuple[SeasonTyre, ...]:
    """What sets each season's tyres apart, on a lap of 90 s; the medium has no offset."""
    found: list[SeasonTyre] = []
    for season in pool.groups[kind]:
        mean, sd = pool.deviation(kind, season)
        offsets = (Estimate(float(mean[0]), float(sd[0])), Estimate(0.0), Estimate(float(mean[1]), float(sd[1])))
        found += [
            SeasonTyre(
                int(season),
                compound,
                _rounded(offset.mean, offset.sd),
                _rounded(float(mean[2 + place]), float(sd[2 + place])),
            )
            for place, (compound, offset) in enumerate(zip(DRY, offsets, strict=True))
        ]
    return tuple(found)


def _rounded(mean: float, sd: float) -> Estimate:
    return Estimate(round(float(mean), 5), round(float(sd), 5))
