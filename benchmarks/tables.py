"""Whether reconstructed races say what the tables say: every lap, position, stint and the finishing order.

``python benchmarks/tables.py [--races N] [--json]`` replays up to N races (all by default) of the folder of tables
through the engine and compares its laps with the table's rows, cell by cell; it prints agreement and the misses.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from official_results import ARCHIVE, OfficialResults, cause_of_order
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey, SessionKind
from overcut.domain.session_names import official_parts
from overcut.domain.state import CarState
from overcut.kernel.settings import load_settings
from overcut.runtime.finding import table_folders
from overcut.runtime.replay import replay
from overcut.sources.tables.reading import int_of, sessions_in, text_of
from overcut.sources.tables.rows import LapRow, lap_rows
from overcut.sources.tables.source import TableSource

TOLERANCE_MS = {"lap_ms": 1, "s1_ms": 1, "s2_ms": 1, "s3_ms": 1, "end_ms": 250}
"""The engine works out to the millisecond when a car crossed the line; the table rounds some laps' ends otherwise."""

FIRST_SEASON = 2018
BARS = {"lap": 100.0, "lap_ms": 99.99, "s1_ms": 99.99, "s2_ms": 99.99, "s3_ms": 99.99}
OPEN_S = 1.5
OPEN_EVERY = 10
UNFIT_MS = 1_000
CLOSE_MS = 1_000
SHOWN = 12


class Miss(NamedTuple):
    """One cell that differs."""

    key: str
    number: str
    lap: int
    cell: str
    ours: object
    theirs: object
    cause: str = "?"


class Agreement:
    """Cells compared and missed, by name."""

    def __init__(self) -> None:
        self.compared: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.misses: list[Miss] = []

    def cell(self, key: SessionKey, lap: LapRow, name: str, ours: object, theirs: object, cause: str = "?") -> None:
        """Compare one value; times agree within a millisecond. What the table does not have is not compared.

        ``cause`` is why it differs, if it does.
        """
        if theirs is None:
            return
        self.compared[name] += 1
        if isinstance(ours, int) and isinstance(theirs, int) and name in TOLERANCE_MS:
            differs = abs(ours - theirs) > TOLERANCE_MS[name]
        else:
            differs = ours != theirs
        if differs:
            self.missed[name] += 1
            self.misses.append(Miss(str(key), lap.number, lap.lap, name, ours, theirs, cause))


def compare(source: TableSource, agreement: Agreement, official: OfficialResults) -> None:
    """Replay one race and compare it with its rows."""
    engine = replay(source)
    ours = {(lap.number, lap.lap): lap for lap in engine.laps()}
    rows = lap_rows(source.tables.rows["laps"], race=True)
    positions = {
        (text_of(row["driver_number"]), int_of(row["lap"])): int_of(row.get("position"))
        for row in source.tables.rows["laps"]
    }
    ranks = Ranks(rows.by_car)
    for number, laps in rows.by_car.items():
        for row in laps:
            lap = ours.pop((number, row.lap), None)
            agreement.cell(source.key, row, "lap", lap is not None, True)
            if lap is not None:
                _cells(source.key, row, lap, positions.get((number, row.lap)), ranks, agreement)
    for extra in ours.values():
        agreement.missed["lap not in the table"] += 1
        agreement.misses.append(Miss(str(source.key), extra.number, extra.lap, "lap not in the table", extra.lap, None))
    _order(source, rows.by_car, positions, engine.state().order(), agreement, official)


def _cells(key: SessionKey, row: LapRow, lap: Lap, position: int | None, ranks: Ranks, agreement: Agreement) -> None:
    unfit = abs(row.end_ms - row.start_ms - (row.told_ms or 0)) > UNFIT_MS
    unfit_words = "the table's lap time does not fit the lap's own ends" if unfit else "?"
    agreement.cell(key, row, "lap_ms", lap.lap_ms, row.told_ms, unfit_words)
    for name, ours, theirs in zip(
        ("s1_ms", "s2_ms", "s3_ms"), (lap.s1_ms, lap.s2_ms, lap.s3_ms), row.sectors, strict=True
    ):
        agreement.cell(key, row, name, ours, theirs)
    agreement.cell(key, row, "end_ms", lap.end_t_ms, row.end_ms, "the engine places the crossing by lap times and gaps")
    agreement.cell(key, row, "position", lap.position, position, ranks.position_cause(row, lap.position))
    sets = _cause_of_set(row, lap)
    agreement.cell(key, row, "compound", lap.compound.value, row.compound or None, sets)
    agreement.cell(key, row, "stint", lap.stint, row.stint, sets)
    agreement.cell(key, row, "age", lap.age_laps, row.age, sets)
    outside = "the table's pit time lies outside its lap" if _pits_outside(row, ranks) else "?"
    agreement.cell(key, row, "pit_in", lap.pit_in, row.pit_in_ms is not None, outside)
    agreement.cell(key, row, "pit_out", lap.pit_out, row.pit_out_ms is not None and row.lap > 1, outside)


class Ranks:
    """The rank of each car among those that completed a lap, by the table's own lap ends."""

    def __init__(self, by_car: dict[str, list[LapRow]]) -> None:
        ends: dict[int, list[tuple[int, str]]] = {}
        self.rows = {(row.number, row.lap): row for laps in by_car.values() for row in laps}
        for row in self.rows.values():
            ends.setdefault(row.lap, []).append((row.end_ms, row.number))
        self._ends = ends
        self._rank = {
            (number, lap): place
            for lap, cars in ends.items()
            for place, (_, number) in enumerate(sorted(cars), start=1)
        }

    def position_cause(self, row: LapRow, ours: int | None) -> str:
        """Why the table's position differs from ours."""
        if self._rank[row.number, row.lap] == ours:
            return "the table's position is not the rank of its own lap ends"
        near = [
            end for end, number in self._ends[row.lap] if number != row.number and abs(end - row.end_ms) <= CLOSE_MS
        ]
        return "cars within a second: the engine orders them by the gaps told at the line" if near else "?"


def _pits_outside(row: LapRow, ranks: Ranks) -> bool:
    """Whether this row's pit time, or that of a lap near it, lies outside the lap that has it."""
    beside = (ranks.rows.get((row.number, row.lap + step)) for step in range(-4, 5))
    times = ((near, at) for near in beside if near is not None for at in (near.pit_in_ms, near.pit_out_ms))
    return any(at is not None and not near.start_ms <= at <= near.end_ms for near, at in times)


def _cause_of_set(row: LapRow, lap: Lap) -> str:
    """How the table's set of tyres differs from ours."""
    if row.stint is not None and lap.stint > row.stint:
        return "the table has the new set later than the stop"
    if row.stint is not None and lap.stint < row.stint:
        return "the table has a set more"
    if row.age is not None and lap.age_laps is not None and 1 <= lap.age_laps - row.age <= 3:
        return "the table counts 1 to 3 laps too few"
    if row.age is not None and lap.age_laps is not None and lap.age_laps > row.age:
        return "the table counts the set from later than the stop"
    return "?"


def _order(
    source: TableSource,
    by_car: dict[str, list[LapRow]],
    positions: dict[tuple[str, int | None], int | None],
    order: list[CarState],
    agreement: Agreement,
    official: OfficialResults,
) -> None:
    """The finishing order: cars on the lead lap at the end, as they crossed the line.

    The table has that; our board, as the feed's, has the penalties that were known by then.
    """
    last = max((laps[-1].lap for laps in by_car.values()), default=0)
    finishers = [(number, laps[-1]) for number, laps in by_car.items() if laps[-1].lap == last]
    theirs = [number for number, _ in sorted(finishers, key=lambda item: positions.get((item[0], last)) or 99)]
    ours = [car.number for car in order if any(car.number == number for number, _ in finishers)]
    tables = source.tables
    sprint = tables.kind is SessionKind.SPRINT
    cause = cause_of_order(ours, theirs, official.of(tables.season, tables.round_number, sprint=sprint))
    for place, (mine, wanted) in enumerate(zip(ours, theirs, strict=True), start=1):
        agreement.cell(source.key, by_car[wanted][-1], "finish", f"P{place} {mine}", f"P{place} {wanted}", cause)


def main() -> int:
    """Compare, print, and leave with 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--races", type=int, default=1000)
    options.add_argument("--sprints", action="store_true")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    folders = table_folders(load_settings())
    if not folders:
        print("no folder of tables here (OVERCUT_TABLES)", file=sys.stderr)
        return 3
    official = OfficialResults(folders[0].parent / ARCHIVE)
    agreement, replayed, began = Agreement(), 0, time.process_time()
    opened: list[float] = []
    for key in _races(folders[0], sprints=given.sprints)[: given.races]:
        at = time.process_time()
        source = TableSource(folders[0], key)
        if replayed % OPEN_EVERY == 0:
            list(source.frames())
            opened.append(time.process_time() - at)
        compare(source, agreement, official)
        replayed += 1
    seconds = time.process_time() - began
    shares = {name: 1 - agreement.missed[name] / count for name, count in agreement.compared.items()}
    figures = _figures(shares, agreement, max(opened))
    missed = [name for name, figure in figures.items() if figure["passed"] is False]
    if given.json:
        print(json.dumps({"bench": "tables", "results": figures}))
        return int(bool(missed))
    print(f"{replayed} races in {seconds:.0f} s of CPU; slowest to open {max(opened):.2f} s of CPU")
    for name, count in agreement.compared.items():
        print(f"  {name:10} {shares[name]:9.5%} of {count}, missed {agreement.missed[name]}")
    for name in agreement.missed:
        print(f"\n{name}: {agreement.missed[name]}")
        seen = [miss for miss in agreement.misses if miss.cell == name]
        for cause, count in Counter(miss.cause for miss in seen).most_common():
            print(f"  {count:6} {cause}")
        seen = [miss for miss in seen if miss.cause == "?"] or seen
        print("  sessions:", ", ".join(f"{key} {n}" for key, n in Counter(miss.key for miss in seen).most_common(6)))
        for miss in seen[:SHOWN]:
            print(f"  {miss.key} car {miss.number} lap {miss.lap}: ours {miss.ours}, the table {miss.theirs}")
    if missed:
        print(f"\nbars missed: {', '.join(missed)}")
    return int(bool(missed))


def _figures(shares: dict[str, float], agreement: Agreement, open_s: float) -> dict[str, dict[str, object]]:
    """Agreement in percent with its bars, and how long the slowest session took to become frames."""
    figures: dict[str, dict[str, object]] = {}
    for name, share in shares.items():
        bar = BARS.get(name)
        figures[name] = {
            "value": round(share * 100, 4),
            "unit": "% as in the tables",
            "bar": bar,
            "at_most": False,
            "note": f"{agreement.missed[name]} of {agreement.compared[name]} differ",
            "passed": None if bar is None else share * 100 >= bar,
        }
    figures["open"] = {"value": round(open_s, 2), "unit": "s", "bar": OPEN_S, "passed": open_s <= OPEN_S}
    return figures


def _races(folder: Path, *, sprints: bool) -> list[SessionKey]:
    wanted = (SessionKind.RACE, SessionKind.SPRINT) if sprints else (SessionKind.RACE,)
    named = ((key, official_parts(key)) for key in sessions_in(folder))
    return [key for key, parts in named if parts is not None and parts[0] >= FIRST_SEASON and parts[2] in wanted]


if __name__ == "__main__":
    sys.exit(main())
