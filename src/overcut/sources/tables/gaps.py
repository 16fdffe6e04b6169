"""What the gap stream says: positions, gaps and intervals of a race, each at its own stamp."""

from __future__ import annotations

from collections.abc import Sequence

from overcut.domain.durations import format_gap
from overcut.sources.tables.log import FeedLog, Patch
from overcut.sources.tables.reading import Row, int_of, ms_of, text_of


def tell_gaps(log: FeedLog, rows: Sequence[Row], start_ms: int) -> None:
    """Every update; those of one moment in one message, and only what changed.

    Args:
        start_ms: when the race began. The order before it is the grid.
    """
    told: dict[str, Patch] = {}
    grid: dict[str, Patch] = {}
    pending: dict[str, Patch] = {}
    pending_ms = 0
    for row in sorted(rows, key=lambda row: (int_of(row["t_ms"]) or 0, int_of(row["driver_number"]) or 0)):
        t_ms, number = int_of(row["t_ms"]), text_of(row["driver_number"])
        if t_ms is None or not number:
            continue
        if t_ms != pending_ms and pending:
            log.add(pending_ms, "TimingData", {"Lines": pending})
            pending = {}
        pending_ms = t_ms
        line, known = _line(row), told.setdefault(number, {})
        fresh = {name: value for name, value in line.items() if known.get(name) != value}
        known.update(line)
        if fresh:
            pending[number] = {**pending.get(number, {}), **fresh}
        if t_ms <= start_ms and (position := int_of(row["position"])):
            grid[number] = {"RacingNumber": number, "Line": position, "GridPos": str(position)}
    if pending:
        log.add(pending_ms, "TimingData", {"Lines": pending})
    if grid:
        log.add(start_ms, "TimingAppData", {"Lines": grid})


def _line(row: Row) -> Patch:
    position = int_of(row["position"])
    line: Patch = {}
    if position:
        line = {"Line": position, "Position": str(position)}
    if position == 1:
        lap = int_of(row.get("leader_lap"))
        words = f"LAP {lap}" if lap is not None else ""
        return {**line, "GapToLeader": words, "IntervalToPositionAhead": {"Value": words}}
    line["GapToLeader"] = _gap(row.get("gap_s"), row.get("gap_laps"))
    line["IntervalToPositionAhead"] = {"Value": _gap(row.get("interval_s"), row.get("int_laps"))}
    return line


def _gap(seconds: object, laps: object) -> str:
    whole, ms = int_of(laps), ms_of(seconds)
    if ms is not None and ms >= 0:
        return format_gap(ms)
    return f"{whole}L" if whole else ""
