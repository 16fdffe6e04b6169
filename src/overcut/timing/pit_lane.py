"""Whether a car is in the pit lane, and what follows when that changes, or when it was not told to change."""

from __future__ import annotations

from overcut.domain.events import PitEntered, PitExited
from overcut.domain.state import CarState
from overcut.timing import laps
from overcut.timing.memory import Memory


def in_pit_told(memory: Memory, car: CarState, now: bool, t_ms: int) -> None:
    """`InPit`: the car came into the pit lane or left it.

    An entry told just after the line is the next lap's (wire.md, trap 6), and a lap may have two of them.
    """
    was, car.in_pit = car.in_pit, now
    memory.in_pit_t_ms[car.number] = t_ms
    if car.in_pit and (not was or laps.is_out(memory, car)):  # else its way out was lost
        on_lap = car.laps + 1 if memory.is_race else max(1, car.laps)  # laps completed, and laps begun
        memory.emit(PitEntered(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number, lap=on_lap))
        laps.entered_pits(memory, car, t_ms)
    elif was and not car.in_pit:
        laps.left_pits(memory, car, t_ms)
        memory.emit(PitExited(n=memory.number_of_next_event(), t_ms=t_ms, number=car.number, lap=car.laps + 1))


def timed_in_the_pits(memory: Memory, car: CarState, t_ms: int) -> None:
    """A first sector was timed of a car that should stand in its garage: what told of its way out was lost.

    Not in races: there a car may pass the end of the first sector in the pit lane.
    """
    if not memory.is_race and t_ms - memory.in_pit_t_ms.get(car.number, t_ms) > laps.LATE_MS:
        in_pit_told(memory, car, False, t_ms)
        memory.open_lap(car.number).joined = True


def pit_out_told(memory: Memory, car: CarState, now: bool, t_ms: int) -> None:
    """`PitOut`: the car is on its way out, or that is over."""
    was, car.pit_out = car.pit_out, now
    if car.pit_out:
        laps.left_pits(memory, car, t_ms)
    elif car.in_pit and not was and memory.in_pit_t_ms.get(car.number) != t_ms:
        # the end of what was never told to begin: the message of its way out was lost, and the car is on track
        in_pit_told(memory, car, False, t_ms)
        memory.open_lap(car.number).joined = True
