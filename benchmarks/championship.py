"""How fast is a championship told, and how true is it: every season, every round, drivers and constructors?

The lake holds F1DB (``OVERCUT_SHARED`` or ``../shared``); without it, the small invented championship of the tests, and
the figures say so. Each answer is the whole one that the REST route gives, encoded: table, who can still win, what must
happen. "New" answers include reading the season from the lake and scoring it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import msgspec

from overcut.domain.championship import Championship
from overcut.insights.championship import from_lake, picture
from overcut.insights.championship.contention import decided
from overcut.insights.championship.standings import ledger_of
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.runtime.imports.history import import_f1db

ROOT = Path(__file__).resolve().parents[1]
BAR_MS = 50.0
Question = tuple[int, Championship, int]
sys.path.insert(0, str(ROOT))


class Figure(TypedDict, total=False):
    """A figure as ``bars.py`` reads it."""

    value: float
    unit: str
    bar: float
    note: str


def fill(home: Path) -> tuple[Lake, str]:
    """A lake with history in a home folder, and what it holds."""
    lake = Lake(home / "lake")
    shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared")
    archive = shared / "data/history/f1db-sqlite.zip"
    if archive.is_file():
        import_f1db(lake, archive)
        return lake, "F1DB"
    from tests.history_data import write_f1db  # noqa: PLC0415 -- the tests' own, only where F1DB is absent

    write_f1db(home / "small.db")
    import_f1db(lake, home / "small.db")
    return lake, "an invented championship (no F1DB here)"


def questions(lake: Lake) -> list[Question]:
    """Every season, championship and round that has been run."""
    found: list[Question] = []
    for year in sorted(int(unit) for unit in lake.units("races")):
        season = from_lake.season_of(lake, year)
        for championship in Championship:
            if ledger_of(season, championship) is not None:
                found += [(year, championship, number) for number in range(1, season.run + 1)]
    return found


def took(lake: Lake, question: Question) -> float:
    """Milliseconds for one whole answer, encoded."""
    began = time.perf_counter()
    msgspec.json.encode(picture.championship_of(lake, *question))
    return (time.perf_counter() - began) * 1000


def speed(lake: Lake, asked: Sequence[Question], held: str) -> dict[str, Figure]:
    """Every question with its season known, and the last round of each season with nothing known."""
    for question in asked:
        took(lake, question)
    known = [took(lake, question) for question in asked]
    new: list[float] = []
    for question in {
        (year, championship): (year, championship, number) for year, championship, number in asked
    }.values():
        from_lake.forget()
        picture.forget()
        picture.naming_of(lake)
        new.append(took(lake, question))
    return {
        "p50": {"value": round(statistics.median(known), 2), "unit": "ms", "note": f"{len(known)} answers of {held}"},
        "p95": {"value": round(p95(known), 2), "unit": "ms", "bar": BAR_MS},
        "slowest": {"value": round(max(known), 2), "unit": "ms", "bar": BAR_MS},
        "new_p95": {
            "value": round(p95(new), 2), "unit": "ms", "bar": BAR_MS, "note": "the season read and scored for it",
        },
        "new_slowest": {"value": round(max(new), 2), "unit": "ms"},
    }  # fmt: skip


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def truth(lake: Lake) -> dict[str, Figure]:
    """Final tables, tables after every round and deciding rounds against what F1DB publishes."""
    from tests.insights.championship.published import (  # noqa: PLC0415 -- on the path since a moment ago
        FINAL,
        differences,
        published,
    )

    tables = lines = final = other = rounds = seasons = 0
    for year in sorted(int(unit) for unit in lake.units("driver_standings")):
        season = from_lake.season_of(lake, year)
        found = list(differences(lake, year))
        final += sum(one.round == FINAL for one in found)
        other += sum(one.round != FINAL for one in found)
        for championship in Championship:
            theirs = published(lake, year, championship)
            tables += len(theirs)
            lines += sum(len(table) for table in theirs.values())
            ledger = ledger_of(season, championship)
            column = f"{championship.value}_decider"
            races = lake.read("races", [year], columns=["round", column])
            named = races.filter(races[column])["round"].to_list()
            if ledger is not None and named:
                seasons += 1
                ours = decided(ledger)
                rounds += ours is not None and named == [ours.round_number]
    return {
        "final_lines_that_differ": {"value": final, "unit": "lines", "bar": 0, "note": "final tables of every season"},
        "round_lines_that_differ": {
            "value": other,
            "unit": "lines",
            "note": f"of {lines} in {tables} tables; explained",
        },
        "deciding_rounds": {"value": rounds, "unit": "seasons", "note": f"equal of {seasons}; two differ by countback"},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake, held = fill(Path(folder))
        try:
            figures = {**speed(lake, questions(lake), held), **(truth(lake) if held == "F1DB" else {})}
        except DataMissingError as error:
            raise SystemExit(str(error)) from error
    if chosen.json:
        print(json.dumps({"bench": "championship", "results": figures}))
        return 0
    for name, figure in figures.items():
        print(f"{name:26} {figure.get('value')} {figure.get('unit')}  {figure.get('note', '')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
