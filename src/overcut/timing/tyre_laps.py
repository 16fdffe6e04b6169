"""Which set of tyres each lap was driven on, and how many laps that set had done.

The feed tells sets late, bunched, or corrects them. What it tells early and reliably is the pit lane: a set is fitted
there, so its first lap is the one that begins as the car leaves. The set's age follows by counting; the feed's own
count (``TotalLaps``, up to three minutes late) serves where no visit to the pits was seen.
"""

from __future__ import annotations

import msgspec

from overcut.domain.laps import Lap
from overcut.domain.state import CarState
from overcut.domain.tyres import Compound, Stint
from overcut.timing.memory import Memory


def first_lap_of(memory: Memory, car: CarState, index: int) -> int:
    """The lap on which a set just announced as number ``index`` (from 0) of the car was, or will be, used first."""
    guessed = memory.guessed_stints.setdefault(car.number, [])
    if index in guessed:
        guessed.remove(index)
    if index == 0:
        return 1
    before = car.stints[index - 1]
    since = max(known.first_lap or 0 for known in car.stints[:index])
    visits = [lap for lap in memory.out_laps.get(car.number, ()) if lap > since]
    if visits and not car.in_pit:
        return visits[-1]
    if car.in_pit:
        open_lap = memory.open_lap(car.number)
        still_to_end = memory.is_race and open_lap.pit_in and open_lap.begun_t_ms is not None
        return laps_completed(memory, car) + (2 if still_to_end else 1)
    guessed.append(index)
    return since + max(0, before.age_laps - before.start_age_laps)


def by_age(stint: Stint, completed: int) -> int:
    """The first lap on a set, from the laps that the feed counts on it, when the car has completed ``completed``."""
    return completed - (stint.age_laps - stint.start_age_laps) + 1


def count_came(memory: Memory, car: CarState, index: int) -> None:
    """The feed counted the laps on a set anew: mends a first lap that was worked out from its age.

    Counts come late, never early, so the earliest first lap that they give is the true one.
    """
    stint = car.stints[index]
    if index in memory.guessed_stints.get(car.number, ()) and stint.first_lap is not None:
        stint.first_lap = max(1, min(stint.first_lap, by_age(stint, laps_completed(memory, car))))


def laps_completed(memory: Memory, car: CarState) -> int:
    """Laps completed: the counter in a race; elsewhere it counts laps begun, and the one in progress is not done."""
    if memory.is_race or memory.open_lap(car.number).begun_t_ms is None:
        return car.laps
    return max(0, car.laps - 1)


def shod(car: CarState, lap: Lap) -> Lap:
    """``lap`` with the set it was driven on."""
    index = len(car.stints) - 1
    while index >= 0 and (car.stints[index].first_lap or 1) > lap.lap:
        index -= 1
    if index < 0:
        return lap
    stint = car.stints[index]
    known = stint.compound is not Compound.UNKNOWN or stint.new is not None or stint.age_laps > 0
    return msgspec.structs.replace(
        lap,
        stint=index + 1,
        compound=stint.compound,
        fresh=stint.new,
        age_laps=stint.start_age_laps + lap.lap - (stint.first_lap or 1) + 1 if known else None,
    )
