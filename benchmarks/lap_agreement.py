"""How far do our laps agree with the reference table, session by session, and who is right where they do not.

Lap times, sectors and pit flags are compared as they are. Of compound, age and position the reference has errors of
its own: every disagreement is decided from the raw frames (``lap_evidence``), and ``--write FILE`` writes the
decisions, one line for each run of laps. Without the reference (``OVERCUT_SHARED`` or ``../shared``) it leaves with 3.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import polars as pl

from lap_evidence import Evidence, Judge
from overcut.runtime.lap_tables import laps_of, read_lap_table
from overcut.sources.archive import ArchiveSource
from overcut.timing.lap_comparison import Comparison, compare_lap_tables

ROOT = Path(__file__).resolve().parents[1]
SESSIONS = (
    "2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race",
    "2022/2022-03-27_Saudi_Arabian_Grand_Prix/2022-03-26_Qualifying",
    "2022/2022-05-22_Spanish_Grand_Prix/2022-05-21_Qualifying",
    "2022/2022-07-03_British_Grand_Prix/2022-07-01_Practice_1",
    "2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-28_Qualifying",
    "2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-29_Sprint",
    "2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying",
)
"""The sessions of which both the raw streams and the reference exist."""

BARS = {
    "lap times": (("lap_time_s",), 99.9),
    "sectors": (("s1_s", "s2_s", "s3_s"), 99.5),
    "pit flags": (("pit_in", "pit_out"), 99.5),
}
"""Agreement asked for, percent, of columns taken together."""

DECIDED = {"compound": ("compound",), "age": ("tyre_life",), "position": ("position",)}
"""Columns whose disagreements are decided; at most this share of compared values may be wrong on our side."""

WRONG_AT_MOST = 0.5
JUDGED = ("s1_s", "s2_s", "s3_s", "compound", "tyre_life", "fresh_tyre", "position")


def measured(shared: Path, write: Path | None) -> dict[str, object]:
    """The figures of every session that is there."""
    reference = read_lap_table(shared / "data/timing/laps.parquet")
    results: dict[str, object] = {}
    decisions: list[dict[str, object]] = []
    for name in SESSIONS:
        folder = shared / "data/livetiming/static" / name
        if not folder.is_dir():
            continue
        source = ArchiveSource(folder)
        ours = laps_of(source)
        comparison = compare_lap_tables(ours, reference)
        decided = _decided(folder, ours, comparison, reference)
        decisions += decided
        results |= _figures(str(source.key), comparison, decided)
    if write is not None:
        _write(decisions, write)
    return results


def _figures(session: str, comparison: Comparison, decided: list[dict[str, object]]) -> dict[str, object]:
    by_name = {column.column: column for column in comparison.columns}
    figures: dict[str, object] = {}
    for title, (columns, bar) in BARS.items():
        both = sum(by_name[column].both for column in columns)
        agree = sum(by_name[column].agree for column in columns)
        figures[f"{session} {title}"] = {
            "value": round(100 * agree / both, 3) if both else 100.0,
            "unit": "% agree",
            "bar": bar,
            "at_most": False,
            "note": f"{agree:,} of {both:,}",
        }
    for title, columns in DECIDED.items():
        both = sum(by_name[column].both for column in columns)
        if not both:
            continue
        differ = both - sum(by_name[column].agree for column in columns)
        wrong = sum(row["verdict"] != "ours" for row in decided if row["column"] in columns)
        figures[f"{session} {title} wrong"] = {
            "value": round(100 * wrong / both, 3),
            "unit": "% wrong",
            "bar": WRONG_AT_MOST,
            "note": f"{differ:,} of {both:,} differ; {differ - wrong:,} of these the reference's error",
        }
    return figures


def _decided(
    folder: Path, ours: pl.DataFrame, comparison: Comparison, reference: pl.DataFrame
) -> list[dict[str, object]]:
    rows = comparison.disagreements.filter(pl.col("column").is_in(JUDGED))
    if rows.is_empty():
        return []
    first = rows.row(0, named=True)
    same = (pl.col("season") == first["season"]) & (pl.col("round") == first["round"])
    kinds = {"R": "Race", "S": "Sprint", "Q": "Qualifying", "SQ": "Sprint Qualifying", "FP1": "Practice 1"}
    judge = Judge(folder, ours, reference.filter(same & (pl.col("session") == kinds[str(first["session"])])))
    decided: list[dict[str, object]] = []
    for row in rows.iter_rows(named=True):
        evidence: Evidence = judge.decide(str(row["driver_number"]), int(row["lap"]), str(row["column"]))
        decided.append(row | evidence._asdict())
    return decided


def _write(decisions: list[dict[str, object]], file: Path) -> None:
    """Consecutive laps of one car with the same difference and the same verdict become one line."""
    lines = ["session,car,laps,column,ours,reference,verdict,topic,stamp,evidence"]
    ordered = sorted(
        decisions,
        key=lambda row: tuple(
            str(row[key]).zfill(4) for key in ("season", "round", "session", "column", "driver_number", "lap")
        ),
    )
    run: list[dict[str, object]] = []
    for row in ordered:
        if run and not _continues(run[-1], row):
            lines.append(_line(run))
            run = []
        run.append(row)
    if run:
        lines.append(_line(run))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _continues(last: dict[str, object], row: dict[str, object]) -> bool:
    same = all(last[key] == row[key] for key in ("season", "round", "session", "driver_number", "column", "verdict"))
    return same and row["column"] in ("tyre_life", "fresh_tyre", "compound") and row["lap"] == int(str(last["lap"])) + 1


def _line(run: list[dict[str, object]]) -> str:
    first, last = run[0], run[-1]
    laps = str(first["lap"]) if len(run) == 1 else f"{first['lap']}-{last['lap']}"
    cells = [
        f"{first['season']}-{int(str(first['round'])):02d}-{first['session']}",
        str(first["driver_number"]),
        laps,
        str(first["column"]),
        _span(first["left"], last["left"]),
        _span(first["right"], last["right"]),
        *(str(first[key]) for key in ("verdict", "topic", "stamp", "value")),
    ]
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)


def _span(first: object, last: object) -> str:
    return str(first) if first == last else f"{first} to {last}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--write", type=Path, help="file for the decided disagreements (CSV)")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared")
    if not (shared / "data/timing/laps.parquet").is_file():
        print("no reference laps here", file=sys.stderr)
        return 3
    results = measured(shared, arguments.write)
    if arguments.json:
        print(json.dumps({"bench": "lap_agreement", "results": results}))
    else:
        for name, figure in results.items():
            print(name, figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
