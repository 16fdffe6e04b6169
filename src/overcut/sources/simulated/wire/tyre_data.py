"""TimingAppData: grid, line, and each car's sets of tyres with their laps, late and bunched as the feed has them."""

from __future__ import annotations

import random

from overcut.domain.durations import format_lap_time
from overcut.domain.tyres import Compound
from overcut.sources.simulated.log import CarLog, TyreStint
from overcut.sources.simulated.wire.patch import Deltas, Json, Lines, Patch, ms
from overcut.sources.simulated.wire.placing import BoardResult

_ROUND_MS = 5000  # the feed sends tyre laps every five seconds
_LAPS, _PERSONAL_BEST, _OVERALL_BEST = 0, 1, 3


def tyre_data(cars: list[CarLog], board: BoardResult, race: bool, chance: random.Random) -> Lines:
    """The topic. In a race the grid comes with the first lines, the first sets half a minute later."""
    lines = Lines()
    first: Patch = {}
    second: Patch = {}
    for car in sorted(cars, key=lambda c: int(c.entry.number)):
        first[car.entry.number] = {"RacingNumber": car.entry.number, "Stints": []}
        row: Patch = {"Line": car.grid}
        if race:
            row["GridPos"] = str(car.grid)
        second[car.entry.number] = row
    lines.add(9922, {"Lines": first})
    lines.add(13093, {"Lines": second})
    state: Patch = {}
    for car in cars:
        state[car.entry.number] = {"Line": car.grid, "Stints": {}}
    deltas = Deltas({"Lines": state})
    for placing in board.placings:
        patch: Patch = {number: {"Line": line} for number, line in placing.lines.items()}
        deltas.queue(ms(placing.t) + 20, {"Lines": patch})
    for index, car in enumerate(cars):
        _stints(car, index, board, deltas, chance, race)
    deltas.flush(lines)
    return lines


def _next_round(t_ms: int) -> int:
    return (t_ms // _ROUND_MS + 1) * _ROUND_MS + 420


def _stints(car: CarLog, index: int, board: BoardResult, deltas: Deltas, chance: random.Random, race: bool) -> None:
    """One car's sets: each named some seconds after it was fitted, then its laps."""
    laps = [row for row in board.laps if row.car == index]
    number = car.entry.number
    for n, stint in enumerate(car.stints):
        until = car.stints[n + 1].t if n + 1 < len(car.stints) else float("inf")
        fitted = 30.0 + 5.0 * chance.randint(0, 3) if race and n == 0 else stint.t + chance.choice((2, 4, 8, 18))
        named_ms = _next_round(ms(fitted))
        _name(deltas, number, n, stint, named_ms, late=race and n > 0 and chance.random() < 0.25)
        age = stint.start_age
        for row in laps:
            if not stint.t < row.t <= until + 0.001:
                continue
            age += 1
            t_ms = max(_next_round(ms(row.t)), named_ms)
            _stint_patch(deltas, t_ms, number, n, {"TotalLaps": age})
            if row.lap_ms is not None and row.personal:
                flags = _OVERALL_BEST if row.overall else _PERSONAL_BEST
                best: Patch = {"LapTime": format_lap_time(row.lap_ms), "LapNumber": row.lap, "LapFlags": flags}
                _stint_patch(deltas, max(ms(row.t) + 140, named_ms), number, n, best)


def _name(deltas: Deltas, number: str, n: int, stint: TyreStint, named_ms: int, late: bool) -> None:
    """The set's keyframe; now and then the compound is unknown at first and corrected half a minute later."""
    known: Patch = {
        "LapFlags": _LAPS,
        "Compound": stint.compound.value,
        "New": "true" if stint.new else "false",
        "TyresNotChanged": "0",
        "TotalLaps": stint.start_age,
        "StartLaps": stint.start_age,
    }
    if late:
        unknown: Patch = {**known, "Compound": Compound.UNKNOWN.value, "New": "false", "TyresNotChanged": "1"}
        _stint_patch(deltas, named_ms, number, n, unknown)
        corrected: Patch = {key: known[key] for key in ("Compound", "New", "TyresNotChanged")}
        _stint_patch(deltas, named_ms + 7 * _ROUND_MS, number, n, corrected)
    else:
        _stint_patch(deltas, named_ms, number, n, known)


def _stint_patch(deltas: Deltas, t_ms: int, number: str, n: int, patch: dict[str, Json]) -> None:
    deltas.queue(t_ms, {"Lines": {number: {"Stints": {str(n): patch}}}})
