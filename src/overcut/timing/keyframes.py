"""What is new in a whole line of a car, sent at the start, to a late joiner, or again after a cut (wire.md, trap 1).

Patches say what changed; a whole line says all, known or not. What is known already must not count as happening again
(a sector told twice would open a lap), and what was missed must not be put into the wrong lap.
"""

from __future__ import annotations

from overcut.domain.durations import parse_duration_ms
from overcut.domain.state import CarState, SectorState, TimedLap, TrapSpeed
from overcut.timing import laps
from overcut.timing.memory import Memory
from overcut.timing.values import JsonObject, PatchError, as_bool, as_int, list_of, object_or_none

_ENDING = ("LastLapTime", "NumberOfLaps")
"""What tells a lap's end."""


def as_patches(memory: Memory, car: CarState, line: JsonObject, t_ms: int) -> list[JsonObject]:
    """The patches that take the car from what is known of it to what ``line`` says, in the order of their meaning.

    A whole line is told by its ``Sectors``, which are a list.

    Laps that ended unseen are not made up: where more than the latest one is missing, the next one begins anew.
    """
    sectors = list_of(line["Sectors"])
    ended = bool(_value(sectors[2])) if len(sectors) == 3 else False  # the sectors are all of the lap before
    missed = max(0, (_int(line.get("NumberOfLaps")) or 0) - car.laps)
    first_sight = car.position is None
    joined = missed > 0 and (missed > 1 or first_sight)
    if joined:
        in_pit = _truth(line["InPit"]) if "InPit" in line else car.in_pit
        laps.joined(memory, car, car.laps + missed, t_ms, in_pit=in_pit)
    patch = dict(line)
    patch["Sectors"] = _sectors(car, sectors, told=joined and ended, again=missed > 0 and not ended)
    speeds, last_lap = object_or_none(line.get("Speeds")), object_or_none(line.get("LastLapTime"))
    if speeds is not None:
        patch["Speeds"] = _speeds(car, speeds, told=joined and ended)
    if last_lap is not None:
        patch["LastLapTime"] = _last_lap(car, last_lap, told=joined)
    if isinstance(line.get("Stats"), list):
        patch["Stats"] = _stats(list_of(line["Stats"]), part=memory.state.part, out=_truth(line.get("KnockedOut")))
    if _truth(line.get("PitOut")) is car.pit_out:
        patch.pop("PitOut", None)
    if missed == 1 and not joined and not ended:  # the lap's end first: these sectors are the next lap's
        return [{name: patch.pop(name) for name in _ENDING if name in patch}, patch]
    return [patch]


def _sectors(car: CarState, sectors: list[object], *, told: bool, again: bool) -> JsonObject:
    """The sectors as a patch without values that are known: all of them if ``told``, none if ``again``."""
    known, car.sectors = car.sectors, [SectorState(), SectorState(), SectorState()]
    patch: JsonObject = {}
    for index, element in enumerate(sectors):
        sent = object_or_none(element)
        if index > 2 or sent is None:
            patch[str(index)] = element  # to be refused where patches are read
            continue
        members: JsonObject = {"Value": "", **sent}
        ms = _ms(members["Value"])
        now, was = car.sectors[index], known[index]
        now.ms, now.previous_ms = (ms if told else was.ms), was.previous_ms
        if ms is not None and (told or (ms == was.ms and not again)):
            del members["Value"]
        patch[str(index)] = members
    return patch


def _speeds(car: CarState, speeds: JsonObject, *, told: bool) -> JsonObject:
    patch: JsonObject = {}
    for trap, element in speeds.items():
        sent = object_or_none(element)
        if sent is None:
            patch[trap] = element
            continue
        members = dict(sent)
        kmh, known = _int(members.get("Value")), car.traps.get(trap, TrapSpeed())
        if kmh is not None and (told or kmh == known.kmh):
            del members["Value"]
            if told and trap in laps.TRAPS:
                car.traps[trap] = TrapSpeed(kmh, known.personal_best, known.overall_best)
        patch[trap] = members
    return patch


def _last_lap(car: CarState, last_lap: JsonObject, *, told: bool) -> JsonObject:
    members = dict(last_lap)
    ms, known = _ms(members.get("Value")), car.last_lap or TimedLap()
    if ms is not None and (told or ms == known.ms):
        del members["Value"]
        if told:
            car.last_lap = TimedLap(ms, known.lap, known.personal_best, known.overall_best)
    return members


def _stats(stats: list[object], *, part: int, out: bool) -> JsonObject:
    """Gaps of the qualifying parts as a patch of the part that runs: a car that is out keeps those of its last part."""
    told = [index for index, element in enumerate(stats) if any((object_or_none(element) or {}).values())]
    index = told[-1] if out and told else part - 1
    return {str(part - 1): stats[index]} if part > 0 and 0 <= index < len(stats) else {}


def _value(sector: object) -> object:
    members = object_or_none(sector)
    return members.get("Value") if members else None


def _ms(value: object) -> int | None:
    return parse_duration_ms(value) if isinstance(value, str) else None


def _int(value: object) -> int | None:
    """A number where there is one; what is none is refused, and counted, where patches are read."""
    try:
        return as_int(value)
    except PatchError:
        return None


def _truth(value: object) -> bool:
    try:
        return as_bool(value)
    except PatchError:
        return False
