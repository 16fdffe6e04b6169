"""Which cars are overdue: no table says that a car has stopped, but one that passes nothing for long has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from overcut.sources.tables.cars import CarMessage
from overcut.sources.tables.rows import LapRow

OVERDUE_MS = 150_000
"""Longer than any sector of a moving car, behind a safety car in the rain too."""

OVERDUE_LAPS = 1.7
"""And than so many of its own laps, for one whose sectors are not in the table."""

SLOWEST_LAP_MS = 200_000
"""A longer lap held a stand: a red flag, or a car that was pushed out of its garage after the race."""


class RaceEnd(NamedTuple):
    """``called_ms``: when the session was called finished. ``flag_ms``: when the leader took the flag; mostly the same,
    but 2023 Italy was called finished six minutes later. ``over_ms``: when it was finalised, None where it was not.
    """

    called_ms: int
    flag_ms: int
    over_ms: int | None = None


def race_end(
    by_car: Mapping[str, Sequence[LapRow]], called_ms: int | None, over_ms: int | None = None
) -> RaceEnd | None:
    """How a race ended that was called finished at ``called_ms``; None where it was not."""
    if called_ms is None:
        return None
    last = [laps[-1] for laps in by_car.values()]
    most = max((lap.lap for lap in last), default=0)
    return RaceEnd(called_ms, min((called_ms, *(lap.end_ms for lap in last if lap.lap == most))), over_ms)


def overdue(
    number: str, laps: Sequence[LapRow], stands: Sequence[tuple[int, int]], start_ms: int, end: RaceEnd | None
) -> Iterator[CarMessage]:
    """`Stopped` for one car, each time nothing was seen of it for too long, and its taking back.

    The judgement at any moment rests on what came before it alone.

    Args:
        number, laps: the car's; a car without laps never came round.
        stands: (from, to) of periods in which nobody is expected anywhere: before the start, and while it is suspended.
        start_ms: when the race began.
        end: how the race ended, None where that is not told. A car that passed the line with the flag or after it is
            at its end; where it was taken for stopped before the end was called, that is taken back then.
    """
    longest = OVERDUE_MS
    passed = (at for lap in laps for at in (*lap.passed, lap.pit_in_ms, lap.pit_out_ms) if at is not None)
    seen = sorted({start_ms, *(at for at in passed if at >= start_ms)})
    ends = {lap.end_ms: lap.end_ms - lap.start_ms for lap in laps}
    for index, at in enumerate(seen):
        if at in ends and ends[at] <= SLOWEST_LAP_MS:
            longest = max(OVERDUE_MS, int(OVERDUE_LAPS * ends[at]))
        following = seen[index + 1] if index + 1 < len(seen) else None
        due = _after(at, longest, stands)
        if following is None and end is not None and laps and laps[-1].end_ms >= end.flag_ms:
            if due >= end.called_ms:
                return
            following = end.called_ms
        elif following is None and end is not None and end.over_ms is not None:
            due = min(due, end.over_ms)  # the race is over without it
        if following is None or following > due:
            yield CarMessage(due, number, {"Stopped": True})
            if following is not None:
                yield CarMessage(following, number, {"Stopped": False})


def _after(at: int, wait_ms: int, stands: Sequence[tuple[int, int]]) -> int:
    """The moment ``wait_ms`` after ``at``, the stands not counted."""
    due = at + wait_ms
    for begin, end in stands:
        if begin < due and end > at:
            due += end - max(begin, at)
    return due
