"""What `TimingAppData` says: grid positions and sets of tyres."""

from __future__ import annotations

from typing import NamedTuple

from overcut.domain.events import StintStarted
from overcut.domain.state import CarState
from overcut.domain.tyres import Compound, Stint
from overcut.timing import laps, tyre_laps
from overcut.timing.memory import Memory
from overcut.timing.timing_data import names_a_car
from overcut.timing.values import JsonObject, PatchError, as_bool, as_int, as_object, as_text, entries, indexed, is_list

TOPICS = ("TimingAppData",)

MAX_STINTS = 64
"""Sets of tyres on one car in one session: under 20 in the busiest practice seen."""


def apply(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """Merge one message into the cars it names."""
    lines = as_object(doc).get("Lines")
    if lines is None:
        return
    for number, patch in entries(lines):
        if not names_a_car(memory, number):
            memory.defect("a line that is no car's", topic, t_ms, number)
            continue
        try:
            _apply_line(memory, memory.car(number), as_object(patch), t_ms)
        except PatchError as error:
            memory.defect("unreadable tyres", topic, t_ms, f"car {number}: {error}")


def _apply_line(memory: Memory, car: CarState, patch: JsonObject, t_ms: int) -> None:
    grid = as_int(patch.get("GridPos"))
    if grid is not None:
        car.grid = grid
    if "Stints" not in patch:
        return
    value, before = patch["Stints"], [Worn.of(stint) for stint in car.stints]
    if is_list(value) and value:
        car.stints = []
    for index, element in indexed(value):
        if index >= MAX_STINTS:
            raise PatchError(f"no car has {index + 1} stints")
        while len(car.stints) <= index:  # an index past the end pads (wire.md, Merge)
            car.stints.append(Stint())
        _merge(memory, car, index, as_object(element), before[index] if index < len(before) else None)
    after = [Worn.of(stint) for stint in car.stints]
    if after == before:  # the count of laps alone, which nearly all messages tell
        return
    for index, now in enumerate(after):
        was = before[index] if index < len(before) else Worn()
        refitted = was.compound is not now.compound and was.first_lap != now.first_lap
        if now.compound is not Compound.UNKNOWN and (was.compound is Compound.UNKNOWN or refitted):
            n = memory.number_of_next_event()
            started = StintStarted(
                n=n, t_ms=t_ms, number=car.number, stint=index + 1, compound=now.compound, new=now.new
            )
            memory.emit(started)
    laps.tyres_changed(memory, car, t_ms)


class Worn(NamedTuple):
    """What laps take from a set of tyres: not the count of laps on it, but whether there is one."""

    first_lap: int | None = None
    compound: Compound = Compound.UNKNOWN
    new: bool | None = None
    start_age_laps: int = 0
    counted: bool = False

    @classmethod
    def of(cls, stint: Stint) -> Worn:
        """As a set is now."""
        return cls(stint.first_lap, stint.compound, stint.new, stint.start_age_laps, stint.age_laps > 0)


def _merge(memory: Memory, car: CarState, index: int, patch: JsonObject, before: Worn | None) -> None:
    """Merge one set of tyres; ``before`` is what was known of it (a keyframe names it again)."""
    stint = car.stints[index]
    if stint.first_lap is None and before is not None:
        stint.first_lap = before.first_lap
    was = before.compound if before is not None else Compound.UNKNOWN
    if "Compound" in patch:
        stint.compound = Compound.from_feed(as_text(patch["Compound"]))
    if "New" in patch:
        stint.new = as_bool(patch["New"])
    if "StartLaps" in patch:
        stint.start_age_laps = as_int(patch["StartLaps"]) or 0
    if "TotalLaps" in patch:
        stint.age_laps = as_int(patch["TotalLaps"]) or 0
    # a set announced for a stop at which tyres were not changed; the next stop reuses its place in the list
    # (2018 Azerbaijan, car 7)
    refitted = was not in (Compound.UNKNOWN, stint.compound) and stint.age_laps == 0 and "TotalLaps" in patch
    if stint.first_lap is None or refitted:
        stint.first_lap = tyre_laps.first_lap_of(memory, car, index)
    elif "TotalLaps" in patch:
        tyre_laps.count_came(memory, car, index)
