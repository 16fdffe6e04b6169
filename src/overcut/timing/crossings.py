"""When each car crossed the line, and in which order: the position of a lap.

The feed tells of a lap's end a few tenths late, at times by a minute (2018 Azerbaijan), and its position numbers come
when they come. Lap times, though, are exact: a car's consecutive ones, added up, tell its crossings to the
millisecond but for one constant, its first crossing. That follows from the gap to the leader, told exactly as a car
crosses the line: in the 2018 race every car's gaps at the line differ from its chain of lap times by the same amount,
lap after lap. Where no gap is told (the leader, lapped cars), the promptest message of the chain serves.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from overcut.domain.state import CarState
from overcut.timing.memory import Chain, Memory

EARLY_MS = 5_000
"""A message this much ahead of the chain of lap times: one of these is wrong (a lap time through a red flag)."""

LATE_MS = 90_000
"""A message this much behind the chain: a lap time is missing from it (the latest true message seen is 57 s late)."""

AT_THE_LINE_MS = 1_000
"""A gap told within this time of a lap's end may be the one at the line (0.15 s before to 0.9 s after, where seen)."""

CHAIN_ERROR_MS = 150
"""How wrong a chain may be whose constant only messages tell; a gap that differs more is not that of the line."""

MESSAGE_ERROR_MS = 500
"""The same for a chain that has just begun, of one message."""


def crossed(memory: Memory, car: CarState, lap: int, lap_ms: int | None, t_ms: int) -> int:
    """A car's ``lap`` ended, told at ``t_ms``; when it truly crossed the line, ms on the session's clock."""
    known = memory.chains.get(car.number)
    if known is None:
        chain = Chain(0, t_ms)
    else:
        chain = _lengthened((known.sum_ms, known.offset_ms), lap_ms, t_ms, exact=known.by_gap)
    memory.chains[car.number] = chain
    if abs(memory.gap_t_ms.get(car.number, -AT_THE_LINE_MS * 9) - t_ms) <= AT_THE_LINE_MS:
        _set_by_gap(memory, car, lap, chain)
    return chain.sum_ms + chain.offset_ms


def lap_time_came(memory: Memory, number: str, lap_ms: int, end_t_ms: int, t_ms: int) -> int:
    """The time of the lap that ended last came after its end was told; when it truly ended.

    ``end_t_ms`` is what `crossed` said then; ``t_ms`` is now.
    """
    known = memory.chains.get(number)
    if known is None or known.before is None or known.sum_ms:
        return end_t_ms
    chain = _lengthened(known.before, lap_ms, known.offset_ms, exact=known.by_gap)
    memory.chains[number] = chain
    return min(t_ms, chain.sum_ms + chain.offset_ms)


def gap_came(memory: Memory, car: CarState, lap: int) -> int | None:
    """A gap to the leader came just after the end of ``lap`` was told; when the car truly crossed, None if no news."""
    chain = memory.chains.get(car.number)
    if chain is None or chain.by_gap:
        return None
    return chain.sum_ms + chain.offset_ms if _set_by_gap(memory, car, lap, chain) else None


def chain_broken(memory: Memory, number: str) -> None:
    """The next lap does not begin where the last one ended (a stay in the pits, in a timed session)."""
    memory.chains.pop(number, None)


def _lengthened(before: tuple[int, int], lap_ms: int | None, t_ms: int, *, exact: bool) -> Chain:
    """The chain with one more lap; begun anew where the lap time is missing or contradicts the message."""
    if lap_ms is None:
        return Chain(0, t_ms, before)
    sum_ms, offset_ms = before[0] + lap_ms, before[1]
    if not -EARLY_MS <= t_ms - (sum_ms + offset_ms) <= LATE_MS:
        return Chain(0, t_ms)
    return Chain(sum_ms, offset_ms if exact else min(offset_ms, t_ms - sum_ms), before, exact)


def _set_by_gap(memory: Memory, car: CarState, lap: int, chain: Chain) -> bool:
    """Take the chain's constant from the car's gap to the leader, if that is the gap at the line; whether it was."""
    order = memory.crossings.get(lap)
    if not order or order[0][1] == car.number or car.gap is None or car.gap.ms is None:
        return False
    end_t_ms = order[0][0] + car.gap.ms
    error_ms = end_t_ms - (chain.sum_ms + chain.offset_ms)
    if abs(error_ms) > (CHAIN_ERROR_MS if chain.sum_ms else MESSAGE_ERROR_MS):
        return False
    chain.offset_ms += error_ms
    chain.by_gap = True
    return True


def ranked(memory: Memory, lap: int, number: str, end_t_ms: int) -> tuple[int, list[str]]:
    """Enter a crossing: the car's rank among those that completed ``lap``, and the cars that now rank one lower."""
    order = memory.crossings.setdefault(lap, [])
    entry = (end_t_ms, number)
    insort(order, entry)
    place = bisect_left(order, entry)
    return place + 1, [other for _, other in order[place + 1 :]]


def reranked(memory: Memory, lap: int, number: str, end_t_ms: int) -> list[tuple[str, int]]:
    """Move a crossing to ``end_t_ms``: every car of that lap with its rank now."""
    order = [entry for entry in memory.crossings.get(lap, []) if entry[1] != number]
    insort(order, (end_t_ms, number))
    memory.crossings[lap] = order
    return [(other, place + 1) for place, (_, other) in enumerate(order)]
