"""TimingStats: everyone's best lap, sectors and trap speeds, with their rank."""

from __future__ import annotations

from overcut.domain.durations import format_lap_time
from overcut.sources.simulated.log import CarLog
from overcut.sources.simulated.wire.measured import TRAPS
from overcut.sources.simulated.wire.patch import Deltas, Json, Lines, Patch, indexed, ms
from overcut.sources.simulated.wire.placing import BoardResult


def timing_stats(cars: list[CarLog], board: BoardResult) -> Lines:
    """The topic: a best when it is set, with the ranks that it moves."""
    lines = Lines()
    rows: Patch = {}
    state: Patch = {}
    blank: list[Json] = [{"Value": ""} for _ in range(3)]
    for line, car in enumerate(sorted(cars, key=lambda c: int(c.entry.number)), start=1):
        number = car.entry.number
        speeds: Patch = {name: {"Value": ""} for name in TRAPS}
        row: Patch = {"Line": line, "RacingNumber": number, "PersonalBestLapTime": {"Value": ""}}
        rows[number] = {**row, "BestSectors": list(blank), "BestSpeeds": speeds}
        state[number] = {
            "PersonalBestLapTime": {"Value": ""},
            "BestSectors": indexed([{"Value": ""} for _ in range(3)]),
            "BestSpeeds": {name: {"Value": ""} for name in TRAPS},
        }
    lines.add(4891, {"Withheld": False, "Lines": rows})
    deltas = Deltas({"Lines": state})
    events = list(board.values)
    events.extend((row.t, row.car, f"lap {row.lap}", row.lap_ms) for row in board.laps if row.lap_ms is not None)
    events.sort(key=lambda event: (event[0], event[1], event[2]))
    bests: dict[str, dict[int, int]] = {}
    for t, car, what, value in events:
        kind = "lap" if what.startswith("lap ") else what
        best = bests.setdefault(kind, {})
        if value < best.get(car, 1 << 60):
            best[car] = value
            deltas.queue(ms(t) + 55, {"Lines": _ranked(cars, best, car, kind, what)})
    deltas.flush(lines)
    return lines


def _ranked(cars: list[CarLog], best: dict[int, int], moved: int, kind: str, what: str) -> Patch:
    """Patches for all ranks of one kind; ``Deltas`` sends only those that changed."""
    ranks = {car: rank for rank, car in enumerate(sorted(best, key=lambda c: (best[c], c)), start=1)}
    out: Patch = {}
    for car, rank in ranks.items():
        entry: Patch = {"Position": rank}
        if car == moved:
            entry["Value"] = _text(kind, best[car])
            if kind == "lap":
                entry["Lap"] = int(what.split()[1])
        out[cars[car].entry.number] = _under(kind, entry)
    return out


def _under(kind: str, entry: Patch) -> Patch:
    if kind == "lap":
        return {"PersonalBestLapTime": entry}
    if kind in TRAPS:
        return {"BestSpeeds": {kind: entry}}
    return {"BestSectors": {kind[1:]: entry}}


def _text(kind: str, value: int) -> str:
    if kind in TRAPS:
        return str(-value)
    return format_lap_time(value) if kind == "lap" else f"{value // 1000}.{value % 1000:03d}"
