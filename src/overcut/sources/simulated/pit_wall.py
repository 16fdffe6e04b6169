"""Should the car come in now? The call at the end of each lap: plan, undercut, cover, safety car, rain, damage."""

from __future__ import annotations

import random
from dataclasses import dataclass

from overcut.domain.tyres import Compound
from overcut.sources.simulated.field import RaceCar
from overcut.sources.simulated.strategy import compound_for
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.tyres import MODELS, SLICKS, best_for_water


@dataclass(frozen=True)
class Outlook:
    """What the pit wall sees: laps of the race, neutralisation, water, and what rivals around the car did."""

    laps_total: int
    neutral: bool
    wetness: float
    wetness_soon: float
    rule_stops: int
    ahead: RaceCar | None
    behind: RaceCar | None
    compounds_required: int = 2


def call_in(car: RaceCar, track: Track, look: Outlook, chance: random.Random) -> Compound | None:
    """The compound to fit at the end of this lap, or None to stay out."""
    left = look.laps_total - car.lap
    if left < 1:
        return None
    if car.damage_s > 2.5:
        return _next_compound(car, track, look, left)
    rain = _for_rain(car, track, look, left, chance)
    if rain is not None or look.wetness > 0.06 or car.compound not in SLICKS:
        return rain
    due = _owes_rule(car, look) if left < 3 else _stop_due(car, track, look, left, chance)
    return _next_compound(car, track, look, left) if due else None


def _stop_due(car: RaceCar, track: Track, look: Outlook, left: int, chance: random.Random) -> bool:
    """Whether a stop on slicks is due, or a safety car makes it cheap."""
    life = MODELS[car.compound].life_laps / track.circuit.tyre_wear
    planned = _planned_stop(car)
    if look.neutral:
        near = planned is not None and planned - car.lap <= max(9, look.laps_total // 5)
        worn = car.age > 0.45 * life and left > 6
        return (near or worn) and chance.random() < 0.8
    if planned is not None and (car.lap >= planned or _pressed(car, look, planned, life, chance)):
        return True
    return car.age > 1.30 * life and left > 8


def _planned_stop(car: RaceCar) -> int | None:
    """The lap of the next stop in the plan; stops that a safety car made needless are dropped by ``fitted``."""
    return car.plan.stops[car.stint] if car.stint < len(car.plan.stops) else None


def _pressed(car: RaceCar, look: Outlook, planned: int, life: float, chance: random.Random) -> bool:
    """An undercut on a car that holds one up, or the cover of one just made from behind."""
    if planned - car.lap > 6 or car.age < 0.35 * life:
        return False
    if car.stuck_laps >= 3 and look.ahead is not None and chance.random() < 0.35:
        return True
    behind = look.behind
    return behind is not None and behind.last_stop_lap in (car.lap - 1, car.lap) and chance.random() < 0.45


def _for_rain(car: RaceCar, track: Track, look: Outlook, left: int, chance: random.Random) -> Compound | None:
    wanted = best_for_water(look.wetness)
    coming = best_for_water(look.wetness_soon)
    on_slicks = car.compound in SLICKS
    if on_slicks and wanted is not None and chance.random() < 0.75:
        return wanted
    if on_slicks and coming is not None and look.wetness > 0.08 and chance.random() < 0.25:
        return coming
    if not on_slicks and wanted is None and left >= 2 and chance.random() < (0.75 if coming is None else 0.1):
        return _next_compound(car, track, look, left)
    return None


def _owes_rule(car: RaceCar, look: Outlook) -> bool:
    """Whether the compound rule, or a circuit's mandatory stops, are still to be met."""
    if car.wet_used:
        return False
    return len(car.used) < look.compounds_required or car.stops_done < look.rule_stops


def _next_compound(car: RaceCar, track: Track, look: Outlook, left: int) -> Compound:
    planned = car.plan.compounds[car.stint + 1] if car.stint + 1 < len(car.plan.compounds) else None
    must = not car.wet_used and len(car.used) < look.compounds_required
    later_stops = len(car.plan.stops) - (car.stint + 1)
    if planned is not None and later_stops > 0 and not look.neutral:
        return planned
    if planned is not None and (planned not in car.used or not must) and not look.neutral and not car.wet_used:
        return planned
    return compound_for(left, car.used, lap_s=track.lap_s, wear=track.circuit.tyre_wear, must_differ=must)
