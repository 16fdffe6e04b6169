"""What `TimingStats` says: each car's best lap, sectors and speeds, with their ranks."""

from __future__ import annotations

from overcut.domain.extras import CarRecords, RankedSpeed, RankedTime
from overcut.timing import laps
from overcut.timing.memory import Memory
from overcut.timing.timing_data import names_a_car
from overcut.timing.values import (
    JsonObject,
    PatchError,
    as_duration_ms,
    as_int,
    as_object,
    deleted_keys,
    entries,
    indexed,
)


def apply(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """Merge one message into the records of the cars it names."""
    lines = as_object(doc).get("Lines")
    if lines is None:
        return
    for number, patch in entries(lines):
        if not names_a_car(memory, number):
            memory.defect("a line that is no car's", topic, t_ms, number)
            continue
        try:
            _merge(memory.extras.records.setdefault(number, CarRecords()), as_object(patch))
        except PatchError as error:
            memory.defect("an unreadable line", topic, t_ms, f"car {number}: {error}")


def _merge(records: CarRecords, patch: JsonObject) -> None:
    if "PersonalBestLapTime" in patch:
        _time(records.lap, as_object(patch["PersonalBestLapTime"]))
    for index, element in indexed(patch.get("BestSectors") or {}):
        if index > 2:
            raise PatchError(f"a lap has three sectors, not {index + 1}")
        _time(records.sectors[index], as_object(element))
    for trap, element in entries(patch.get("BestSpeeds") or {}):
        if trap not in laps.TRAPS:
            raise PatchError(f"no speed trap is called {trap[:20]!r}")
        members, speed = as_object(element), records.speeds.setdefault(trap, RankedSpeed())
        for name in deleted_keys(members):
            speed.rank = None if name == "Position" else speed.rank
        if "Value" in members:
            speed.kmh = as_int(members["Value"])
        if "Position" in members:
            speed.rank = as_int(members["Position"])


def _time(known: RankedTime, patch: JsonObject) -> None:
    """A value, a lap and a rank; what ``_deleted`` names is not known any more (a new qualifying part begins)."""
    for name in deleted_keys(patch):
        known.lap = None if name == "Lap" else known.lap
        known.rank = None if name == "Position" else known.rank
    if "Value" in patch:
        known.ms = as_duration_ms(patch["Value"])
    if "Lap" in patch:
        known.lap = as_int(patch["Lap"])
    if "Position" in patch:
        known.rank = as_int(patch["Position"])
