"""Which columns explain the laps so far, and what each is thought to be before they are looked at?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.strategy.model import CircuitModel, Estimate

Floats = NDArray[np.float64]

LEAST_PACE_SD_S, LEAST_SET_SD_S, LEAST_OFFSET_SD_S, LEAST_WEAR_SD_S, LEAST_TREND_SD_S = 0.02, 0.03, 0.02, 0.003, 0.005
"""Nothing is taken as known so surely that laps could not tell otherwise."""

LEVEL_SD_S = 3.0
"""How far the race's level may be from the circuit's; water moves it by far more."""


@dataclass(frozen=True)
class Block:
    """Columns of one kind: (laps, members), and each member's mean and standard deviation beforehand."""

    columns: Floats
    mean: Floats
    sd: Floats


@dataclass(frozen=True)
class Design:
    """The laps as numbers.

    Attributes:
        columns: (laps, coefficients). ``mean``, ``sd``: of the coefficients, beforehand.
        y: lap times less what is not learned here (curvature and cliff of the tyres), seconds.
        numbers: driver numbers, the first coefficients. ``sets``: (driver number, set) in the order of theirs.
        set_at, offset_at, wear_at, level_at: where these coefficients begin; the level is followed by the trend.
    """

    columns: Floats
    mean: Floats
    sd: Floats
    y: Floats
    numbers: tuple[str, ...]
    sets: tuple[tuple[str, int], ...]
    set_at: int
    offset_at: int
    wear_at: int
    level_at: int


def design(
    before: Mapping[str, Estimate],
    telling: pl.DataFrame,
    circuit: CircuitModel,
    lap_common_s: float,
    wet_common_s: float,
) -> Design:
    """The columns of the model.

    Args:
        before: pace by driver number. ``telling``: laps (`evidence.telling_laps`) of these cars on the circuit's tyres.
        circuit: what was thought of it.
        lap_common_s, wet_common_s: what all cars share on one lap, in the dry and on intermediates or wets.
    """
    numbers = tuple(before)
    cars = telling["driver_number"].to_list()
    sets = list(zip(cars, telling["set_number"].to_list(), strict=True))
    water = telling["water"].to_list()
    moments = list(zip(telling["lap"].to_list(), telling["dry"].is_in(["WET"]).to_list(), water, strict=True))
    names = [tyre.compound.value for tyre in circuit.tyres]
    compound = np.array([names.index(name) for name in telling["dry"]])
    age = telling["age"].to_numpy()
    every_set, every_moment = sorted(set(sets)), sorted(set(moments))
    on = _members(compound, len(names))
    common = np.array([wet_common_s if wet else lap_common_s for _, _, wet in every_moment])
    blocks = [
        Block(_members(_index(cars, numbers), len(numbers)), *_beforehand(before.values(), LEAST_PACE_SD_S)),
        Block(
            _members(_index(sets, every_set), len(every_set)),
            np.zeros(len(every_set)),
            np.full(len(every_set), max(circuit.noise.stint_s, LEAST_SET_SD_S)),
        ),
        Block(_members(_index(moments, every_moment), len(every_moment)), np.zeros(len(every_moment)), common),
        Block(on, *_beforehand((tyre.offset_s for tyre in circuit.tyres), LEAST_OFFSET_SD_S)),
        Block(on * age[:, None], *_beforehand((tyre.wear_s for tyre in circuit.tyres), LEAST_WEAR_SD_S)),
        _level(telling, circuit, wet_share=sum(water) / len(water)),
    ]
    starts = np.cumsum([0, *(block.columns.shape[1] for block in blocks)])
    return Design(
        columns=np.concatenate([block.columns for block in blocks], axis=1),
        mean=np.concatenate([block.mean for block in blocks]),
        sd=np.concatenate([block.sd for block in blocks]),
        y=telling["lap_time_s"].to_numpy() - _known_wear(circuit, compound, age),
        numbers=numbers,
        sets=tuple(every_set),
        set_at=int(starts[1]),
        offset_at=int(starts[3]),
        wear_at=int(starts[4]),
        level_at=int(starts[5]),
    )


def _level(telling: pl.DataFrame, circuit: CircuitModel, *, wet_share: float) -> Block:
    """The race's level, its trend by laps that remain (fuel and evolution), and dirty air."""
    left = circuit.laps - telling["lap"].to_numpy().astype(np.float64)
    ahead = np.clip(1.0 - telling["ahead_s"].to_numpy() / circuit.traffic.dirty_air_range_s, 0.0, 1.0)
    fuel, evolution, dirty = circuit.fuel_s, circuit.evolution_s, circuit.traffic.dirty_air_s
    trend_sd = max(LEAST_TREND_SD_S, float(np.hypot(fuel.sd, evolution.sd)))
    level_sd = max(LEVEL_SD_S, circuit.lap_s.sd) + 10.0 * wet_share
    return Block(
        np.stack([np.ones(telling.height), left, ahead], axis=1),
        np.array([circuit.lap_s.mean, fuel.mean + evolution.mean, dirty.mean]),
        np.array([level_sd, trend_sd, max(0.02, dirty.sd)]),
    )


def _known_wear(circuit: CircuitModel, compound: NDArray[np.int64], age: Floats) -> Floats:
    known = np.zeros(len(age))
    for index, tyre in enumerate(circuit.tyres):
        worn = tyre.curvature_s.mean * age**2 + tyre.cliff_s.mean * np.maximum(0.0, age - tyre.life_laps.mean)
        known += np.where(compound == index, worn, 0.0)
    return known


def _index(values: Sequence[object], members: Sequence[object]) -> NDArray[np.int64]:
    place = {member: index for index, member in enumerate(members)}
    return np.array([place[value] for value in values], dtype=np.int64)


def _members(index: NDArray[np.int64], members: int) -> Floats:
    """(rows, members): 1 where the row belongs to the member."""
    return np.eye(members)[index]


def _beforehand(estimates: Iterable[Estimate], least: float) -> tuple[Floats, Floats]:
    known = list(estimates)
    return np.array([one.mean for one in known]), np.maximum(np.array([one.sd for one in known]), least)
