"""Who is where in a race of which only the laps are known: the order over the line, and the gaps there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from overcut.domain.durations import format_gap
from overcut.sources.tables.log import FeedLog, Patch
from overcut.sources.tables.rows import LapRow


def tell_order(log: FeedLog, by_car: Mapping[str, Sequence[LapRow]]) -> None:
    """Positions, gaps and intervals at each crossing of the line; between two crossings nothing is known.

    The order is that of laps completed, then of who completed them first. A gap is told as a car crosses the line: to
    the leader's crossing of the same lap, or in whole laps.
    """
    crossings = sorted((lap.end_ms, number, lap.lap) for number, laps in by_car.items() for lap in laps)
    done: dict[str, tuple[int, int]] = {}
    ends: dict[int, list[tuple[int, str]]] = {}
    told: dict[str, int] = {}
    for end_ms, number, lap in crossings:
        done[number] = (-lap, end_ms)
        before = ends.setdefault(lap, [])
        before.append((end_ms, number))
        order = sorted(done, key=done.__getitem__)
        lines: dict[str, Patch] = {}
        for position, other in enumerate(order, start=1):
            if told.get(other) != position:
                told[other] = position
                lines[other] = {"Line": position, "Position": str(position)}
        lines.setdefault(number, {}).update(_gaps(order, done, before, number, lap))
        log.add(end_ms, "TimingData", {"Lines": lines})


def _gaps(
    order: Sequence[str], done: Mapping[str, tuple[int, int]], before: Sequence[tuple[int, str]], number: str, lap: int
) -> Patch:
    """What the board says of a car that has just ended a lap."""
    leader = order[0]
    if leader == number:
        return {"GapToLeader": f"LAP {lap}", "IntervalToPositionAhead": {"Value": f"LAP {lap}"}}
    behind = -done[leader][0] - lap
    end_ms = before[-1][0]
    gap = f"{behind}L" if behind else format_gap(end_ms - before[0][0])
    interval = format_gap(end_ms - before[-2][0]) if len(before) > 1 else ""
    return {"GapToLeader": gap, "IntervalToPositionAhead": {"Value": interval}}
