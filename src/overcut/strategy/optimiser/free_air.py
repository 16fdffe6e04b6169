"""What does every possible stint cost a car that meets nobody: lap time beyond that of a fresh reference tyre?

Fuel, track evolution and the car's own pace are the same whatever the plan, so that they are left out; a plan's cost is
that of its stints and its stops. With wear ``w``, curvature ``k``, cliff ``c`` beyond the life ``m``, all of them
uncertain, the expected lap on a set of age ``a`` is ``offset + f*(w*a + k*a**2 + c*E[max(0, a - life)])`` with the
car's wear factor ``f``; for a normal life of mean m and deviation s the last term is
``(a - m)*Phi((a - m)/s) + s*phi((a - m)/s)``, so that what we do not know of the life makes the cliff begin earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from overcut.domain.tyres import Compound
from overcut.strategy.model import CarModel, CarState, Estimate, PaceMode, Race, Scenario, TyreModel
from overcut.strategy.optimiser.limits import PlanLimits, TyreSet, sets_of, start_set, state_of
from overcut.strategy.optimiser.outlook import Outlook, outlook
from overcut.strategy.simulator.modes import EFFECTS

Matrix = NDArray[np.float64]


class Stretch(NamedTuple):
    """Laps driven on one set: ``cost_s`` by the lap index e of the last one, at the pace that costs least.

    (N,) for the set that is on the car; (N, N) by the index s of the first lap too for one that is fitted, infinite
    where e < s. ``pace``: uint8, place of that pace among those allowed.
    """

    cost_s: Matrix
    pace: NDArray[np.uint8]


@dataclass(frozen=True)
class FreeAir:
    """A car's race against the clock, from the next lap on.

    Attributes:
        race, driver, state, limits: what was asked. ``outlook``: conditions by lap.
        present: the stint in progress. ``starts``: on the grid, for each start tyre that may be chosen instead.
        stints: for each set that may be fitted, its warm-up included.
    """

    race: Race
    driver: str
    state: CarState
    limits: PlanLimits
    outlook: Outlook
    present: Stretch
    starts: dict[Compound, Stretch]
    stints: dict[TyreSet, Stretch]

    @property
    def laps(self) -> int:
        """N, laps that remain."""
        return len(self.present.cost_s)

    def opening(self, start: Compound | None) -> Stretch:
        """The first stint, on the start tyre that was chosen, or on what is on the car."""
        return self.present if start in (None, self.state.compound) else self.starts[start]


def free_air(race: Race, driver: str, limits: PlanLimits, scenario: Scenario | None = None) -> FreeAir:
    """The costs of all stints that may come.

    Args:
        race: as it stands. ``driver``: racing number. ``limits``: what may be done. ``scenario``: what shall happen.

    Raises:
        WrongUsageError: no such car, or it has retired.
    """
    scenario = scenario or Scenario()
    state, car = state_of(race, driver), car_of(race, driver)
    ahead = outlook(race, scenario, car.stop_excess_s)
    conditions = _Conditions(race, ahead, car.wear.mean * scenario.temperature_wear, limits.paces)
    tyres = {tyre.compound: tyre for tyre in race.circuit.tyres}
    found = sets_of(limits, race, wet=ahead.wet)
    starts: dict[Compound, Stretch] = {}
    if race.lap == 0 and limits.choose_start:
        for compound in dict.fromkeys(each.compound for each in found):
            if compound is not state.compound and start_set(limits, race, compound) is not None:
                starts[compound] = _driven(conditions, tyres[compound], 0)
    return FreeAir(
        race,
        driver,
        state,
        limits,
        ahead,
        _driven(conditions, tyres[state.compound], state.tyre_age),
        starts,
        {each: _fitted(conditions, tyres[each.compound], each.age) for each in found},
    )


def plan_cost(air: FreeAir, start: Compound | None, stops: tuple[tuple[int, TyreSet], ...]) -> float:
    """What a plan costs in free air, seconds beyond fresh reference tyres and no stop, each stint at its best pace.

    Args:
        air: the car's race. ``start``: another start tyre, or None. ``stops``: (index of the lap, set), ascending.
    """
    opening, last = air.opening(start).cost_s, air.laps - 1
    if not stops:
        return float(opening[last])
    total = float(opening[stops[0][0]])
    for (lap, tyre_set), end in zip(stops, _ends(stops, last), strict=True):
        total += float(air.outlook.stop_s[lap] + air.stints[tyre_set].cost_s[lap + 1, end])
    return total


def paces_of(
    air: FreeAir, start: Compound | None, stops: tuple[tuple[int, TyreSet], ...]
) -> tuple[tuple[int, PaceMode], ...]:
    """The pace of each stint as (lap from which, mode), where it is another than before; arguments as `plan_cost`."""
    last = air.laps - 1
    modes = [(0, air.opening(start).pace[stops[0][0] if stops else last])]
    for (lap, tyre_set), end in zip(stops, _ends(stops, last), strict=True):
        modes.append((lap + 1, air.stints[tyre_set].pace[lap + 1, end]))
    found: list[tuple[int, PaceMode]] = []
    before = PaceMode.NORMAL
    for index, place in modes:
        mode = air.limits.paces[int(place)]
        if mode is not before:
            found.append((air.outlook.first_lap + index, mode))
        before = mode
    return tuple(found)


def _ends(stops: tuple[tuple[int, TyreSet], ...], last: int) -> list[int]:
    """The last lap of each stint after a stop."""
    return [lap for lap, _ in stops[1:]] + [last] * bool(stops)


def tyre_lap_s(tyre: TyreModel, age: NDArray[np.float64], wear: float) -> NDArray[np.float64]:
    """Expected cost of a lap on a set of each age (laps done on it before), without warm-up."""
    worn = tyre.wear_s.mean * age + tyre.curvature_s.mean * age**2
    return tyre.offset_s.mean + wear * (worn + tyre.cliff_s.mean * _beyond(age, tyre.life_laps))


def _beyond(age: NDArray[np.float64], life: Estimate) -> NDArray[np.float64]:
    """E[max(0, age - life)] of a normal life."""
    over = age - life.mean
    if life.sd <= 0:
        return np.maximum(0.0, over)
    z = over / life.sd
    return over * ndtr(z) + life.sd * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)


class _Conditions(NamedTuple):
    """What all stints of a car have in common."""

    race: Race
    ahead: Outlook
    wear: float
    paces: tuple[PaceMode, ...]


def _driven(of: _Conditions, tyre: TyreModel, age: int) -> Stretch:
    """The laps from the next one on, on a set that is on the car."""
    on_set = np.arange(len(of.ahead.green), dtype=np.float64)
    water = _water(of.race, tyre.compound, of.ahead)
    costs = [
        np.cumsum(of.ahead.green * (by_age + water)) for by_age in (_by_age(of, tyre, age, on_set, m) for m in of.paces)
    ]
    return _cheapest(costs)


def _fitted(of: _Conditions, tyre: TyreModel, age: int) -> Stretch:
    """Every stint on a set that is fitted, from lap index s to e."""
    laps = len(of.ahead.green)
    index = np.arange(laps)
    on_set = index[None, :] - index[:, None]
    driven, water = on_set >= 0, _water(of.race, tyre.compound, of.ahead)[None, :]
    costs: list[Matrix] = []
    for mode in of.paces:
        by_age = _by_age(of, tyre, age, np.arange(laps, dtype=np.float64), mode)
        lap_s = np.where(driven, by_age[np.maximum(on_set, 0)] + water, 0.0)
        cost = np.cumsum(lap_s * of.ahead.green[None, :], axis=1) + tyre.warm_up_s.mean
        costs.append(np.where(driven, cost, np.inf))
    return _cheapest(costs)


def _by_age(of: _Conditions, tyre: TyreModel, age: int, on_set: Matrix, mode: PaceMode) -> Matrix:
    """(N,) cost of each lap of a stint in a dry race: a mode changes the lap and how much the tyre ages on it."""
    effect = EFFECTS[mode]
    return tyre_lap_s(tyre, age + effect.wear * on_set, of.wear) + effect.lap_share * of.race.circuit.lap_s.mean


def _cheapest(costs: Sequence[Matrix]) -> Stretch:
    if len(costs) == 1:
        return Stretch(costs[0], np.zeros(costs[0].shape, np.uint8))
    every = np.stack(costs)
    pace = np.argmin(every, axis=0)
    return Stretch(np.take_along_axis(every, pace[None], axis=0)[0], pace.astype(np.uint8))


def _water(race: Race, compound: Compound, ahead: Outlook) -> NDArray[np.float64]:
    """(N,) what the water costs a lap on this kind of tyre, against a dry lap on slicks."""
    pace = race.circuit.weather.pace
    by_kind = {Compound.INTERMEDIATE: pace.intermediate_s, Compound.WET: pace.wet_s}
    return np.interp(ahead.wetness, pace.knots, by_kind.get(compound, pace.dry_s))


def car_of(race: Race, driver: str) -> CarModel:
    """The car with that racing number; it must be there."""
    return next(car for car in race.cars if car.driver_number == driver)
