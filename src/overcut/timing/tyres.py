"""What `TimingAppData` says: grid positions and sets of tyres."""

from __future__ import annotations

from overcut.domain.events import StintStarted
from overcut.domain.state import CarState
from overcut.domain.tyres import Compound, Stint
from overcut.timing import laps
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
    value = patch["Stints"]
    known = len(car.stints)
    if is_list(value) and value:
        car.stints = []
    named = [(stint.compound, stint.first_lap) for stint in car.stints]
    for index, element in indexed(value):
        if index >= MAX_STINTS:
            raise PatchError(f"no car has {index + 1} stints")
        while len(car.stints) <= index:  # an index past the end pads (wire.md, Merge)
            car.stints.append(Stint(first_lap=None if car.stints else 1))
        _merge(car, index, as_object(element), begins=index >= known)
    for index, stint in enumerate(car.stints):
        before = named[index] if index < len(named) else (Compound.UNKNOWN, None)
        refitted = before[0] is not stint.compound and before[1] != stint.first_lap
        if stint.compound is not Compound.UNKNOWN and (before[0] is Compound.UNKNOWN or refitted):
            memory.emit(
                StintStarted(
                    n=memory.number_of_next_event(),
                    t_ms=t_ms,
                    number=car.number,
                    stint=index + 1,
                    compound=stint.compound,
                    new=stint.new,
                )
            )
    laps.tyres_changed(memory, car, t_ms)


def _merge(car: CarState, index: int, patch: JsonObject, *, begins: bool) -> None:
    stint = car.stints[index]
    if begins and stint.first_lap is None:
        stint.first_lap = car.laps + 1
    if "Compound" in patch:
        compound = Compound.from_feed(as_text(patch["Compound"]))
        if stint.compound not in (Compound.UNKNOWN, compound) and as_int(patch.get("TotalLaps")) == 0:
            # a set announced for a stop at which tyres were not changed; the next stop reuses its place in the list
            # (2018 Azerbaijan, car 7)
            stint.first_lap = car.laps + 1
        stint.compound = compound
    if "New" in patch:
        stint.new = as_bool(patch["New"])
    if "StartLaps" in patch:
        stint.start_age_laps = as_int(patch["StartLaps"]) or 0
    if "TotalLaps" in patch:
        stint.age_laps = as_int(patch["TotalLaps"]) or 0
