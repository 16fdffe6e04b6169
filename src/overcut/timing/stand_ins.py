"""What stands in for a main topic that is absent or has died: topics that repeat a part of it.

The main topic says more, and says it first; while it speaks these are silent here, so that two voices never quarrel
over one value. One rule for all of them, `is_silent`, and each reading is counted in ``extras.stand_ins``.
"""

from __future__ import annotations

from overcut.domain.state import CarState, RaceControlMessage
from overcut.domain.tyres import Compound
from overcut.timing import messages, timing_data, tyres
from overcut.timing.memory import Memory
from overcut.timing.timing_data import names_a_car
from overcut.timing.values import (
    JsonObject,
    PatchError,
    as_bool,
    as_gap,
    as_int,
    as_object,
    as_text,
    entries,
    indexed,
)

SILENCE_MS = {"TimingData": 30_000, "TimingAppData": 180_000, "TyreStintSeries": 180_000}
"""How long a main topic must have said nothing to be silent. While cars run, `TimingData` speaks every second, and
tyres are told once a lap (180 s: twice a usual one)."""


def is_silent(memory: Memory, main_topic: str, t_ms: int) -> bool:
    """Whether ``main_topic`` never spoke, or not for its `SILENCE_MS`."""
    last_ms = memory.spoke_t_ms.get(main_topic)
    return last_ms is None or t_ms - last_ms > SILENCE_MS[main_topic]


def _stands_in(memory: Memory, topic: str, main_topic: str, t_ms: int) -> bool:
    if not is_silent(memory, main_topic, t_ms):
        return False
    _count(memory, topic)
    return True


def _count(memory: Memory, topic: str) -> None:
    memory.extras.stand_ins[topic] = memory.extras.stand_ins.get(topic, 0) + 1


def _car(memory: Memory, number: str, topic: str, t_ms: int) -> CarState | None:
    if names_a_car(memory, number):
        return memory.car(number)
    memory.defect("a line that is no car's", topic, t_ms, number)
    return None


def apply_timing_f1(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TimingDataF1`: `TimingData` again, in races with fewer messages; in its place where that is silent."""
    if _stands_in(memory, topic, "TimingData", t_ms):
        timing_data.apply(memory, t_ms, doc, topic)


def apply_stint_series(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TyreStintSeries`: the sets of `TimingAppData`."""
    stints = as_object(doc).get("Stints")
    if stints is None or not _stands_in(memory, topic, "TimingAppData", t_ms):
        return
    lines = {number: {"Stints": series} for number, series in entries(stints)}
    tyres.apply(memory, t_ms, {"Lines": lines}, topic)


def apply_current_tyres(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`CurrentTyres`: the set on each car, where neither topic of sets speaks; a change of compound is a new set."""
    if not is_silent(memory, "TyreStintSeries", t_ms) or not _stands_in(memory, topic, "TimingAppData", t_ms):
        return
    for number, element in entries(as_object(doc).get("Tyres") or {}):
        car = _car(memory, number, topic, t_ms)
        if car is None:
            continue
        patch = as_object(element)
        told = as_text(patch.get("Compound"))
        compound = Compound.from_feed(told)
        index = max(0, len(car.stints) - 1)
        known = car.stints[index].compound if car.stints else Compound.UNKNOWN
        if Compound.UNKNOWN not in (known, compound) and known is not compound:
            index += 1  # UNKNOWN is told while the wheels are off
        stint: JsonObject = {} if compound is Compound.UNKNOWN else {"Compound": told}
        if stint and "New" in patch:
            stint["New"] = as_bool(patch["New"])
        if stint:
            tyres.apply(memory, t_ms, {"Lines": {number: {"Stints": {str(index): stint}}}}, topic)


def apply_top_three(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TopThree`: who leads; their positions where `TimingData` is silent."""
    stands_in = False
    for index, element in indexed(as_object(doc).get("Lines") or {}):
        if index > 2:
            raise PatchError(f"the first three are no {index + 1}")
        number = as_text(as_object(element).get("RacingNumber"))
        if not number:
            continue
        car = _car(memory, number, topic, t_ms)
        if car is None:
            continue
        memory.extras.top_three[index] = number
        stands_in = stands_in or _stands_in(memory, topic, "TimingData", t_ms)
        if stands_in:
            timing_data.place_car(memory, car, index + 1, t_ms)


def apply_race_info(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`DriverRaceInfo`: position, gap, interval, stops, and whether a car is out; an overtake state of its own."""
    stands_in = _stands_in(memory, topic, "TimingData", t_ms)
    for number, element in entries(doc):
        car = _car(memory, number, topic, t_ms)
        if car is None:
            continue
        patch = as_object(element)
        state = as_int(patch.get("OvertakeState"))
        if state is not None:
            memory.extras.overtake_states[number] = state
        if stands_in:
            _race_info(memory, car, patch, t_ms)


def _race_info(memory: Memory, car: CarState, patch: JsonObject, t_ms: int) -> None:
    position = as_int(patch.get("Position"))
    if position is not None:
        timing_data.place_car(memory, car, position, t_ms)
    if "Gap" in patch:
        memory.gaps_on_track = True
        car.gap = as_gap(patch["Gap"])
    if "Interval" in patch:
        car.interval = as_gap(patch["Interval"])
    if "Catching" in patch:
        car.catching = as_int(patch["Catching"]) == 2
    if "PitStops" in patch:
        car.pit_stops = as_int(patch["PitStops"]) or 0
    if "IsOut" in patch:
        timing_data.retire_car(memory, car, as_bool(patch["IsOut"]), t_ms)


def apply_lap_series(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`LapSeries`: positions by lap; the latest is the car's where `TimingData` is silent."""
    stands_in = False
    for number, element in entries(doc):
        car = _car(memory, number, topic, t_ms)
        positions = as_object(element).get("LapPosition")
        if car is None or positions is None:
            continue
        known = memory.extras.positions.setdefault(number, {})
        for lap, value in indexed(positions):
            position = as_int(value)
            if position is None:
                continue
            known[lap] = position
            if lap == max(known):
                stands_in = stands_in or _stands_in(memory, topic, "TimingData", t_ms)
                if stands_in:
                    timing_data.place_car(memory, car, position, t_ms)


def apply_plain_message(memory: Memory, t_ms: int, doc: object, topic: str) -> None:
    """`TlaRcm`: a race-control message in words alone, where `RaceControlMessages` never spoke.

    Messages may rightly be minutes apart, so silence is no sign of its death; it must never have spoken.
    """
    message, known = as_object(doc), memory.state.messages
    text, utc = as_text(message.get("Message")), as_text(message.get("Timestamp"))
    if not text or "RaceControlMessages" in memory.spoke_t_ms:
        return
    if any(said.text == text and said.utc == utc for said in known.values()):
        return
    _count(memory, topic)
    messages.say(memory, max(known, default=-1) + 1, RaceControlMessage(t_ms=t_ms, text=text, utc=utc), t_ms)
