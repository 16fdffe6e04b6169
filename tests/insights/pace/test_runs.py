"""Runs of a practice session are recognised by their laps alone."""

from __future__ import annotations

import polars as pl
import pytest

from overcut.insights.pace.judging import judged
from overcut.insights.pace.runs import LapUse, RunKind, kind_of_run, with_runs
from overcut.timing.lap_table import SCHEMA

OUT, IN = -1.0, -2.0


def session(*runs: tuple[str, list[float]]) -> pl.DataFrame:
    """One car's runs (compound, flying laps), each between an out-lap and an in-lap."""
    rows: list[dict[str, object]] = []
    t = 600.0
    for stint, (compound, times) in enumerate(runs, start=1):
        for life, lap_s in enumerate([OUT, *times, IN], start=1):
            took = 115.0 if lap_s < 0 else lap_s
            rows.append(
                {
                    "session_key": "2024-01-FP2",
                    "session": "FP2",
                    "driver_number": "1",
                    "driver": "ONE",
                    "lap": len(rows) + 1,
                    "lap_time_s": None if lap_s < 0 else lap_s,
                    "lap_start_s": t,
                    "lap_end_s": t + took,
                    "compound": compound,
                    "tyre_life": life,
                    "stint": stint,
                    "pit_in": lap_s == IN,
                    "pit_out": lap_s == OUT,
                    "track_status": "1",
                }
            )
            t += took
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def uses(*runs: tuple[str, list[float]]) -> list[list[str]]:
    laps = with_runs(judged(session(*runs), None, race=False))
    return [part["use"].to_list()[1:-1] for part in laps.partition_by("run", maintain_order=True)]


def test_quick_run_with_cool_laps_and_long_run_are_told_apart() -> None:
    quick, long = uses(("SOFT", [90.0, 120.0, 90.5]), ("MEDIUM", [96.0, 96.1, 96.3, 96.2, 96.5, 96.6]))
    assert quick == [LapUse.PUSH, LapUse.COOL, LapUse.PUSH]
    assert long == [LapUse.LONG] * 6


def test_mistake_in_a_long_run_is_not_its_end() -> None:
    (laps,) = uses(("MEDIUM", [96.0, 96.1, 99.9, 96.2, 96.5, 96.6, 96.4]))
    assert laps.count(LapUse.LONG.value) == 6
    assert laps[2] == LapUse.OTHER


def test_cool_lap_ends_a_long_run() -> None:
    (laps,) = uses(("MEDIUM", [96.0, 96.1, 96.2, 125.0, 96.2, 96.3, 96.4]))
    assert LapUse.LONG.value not in laps


@pytest.mark.parametrize(
    ("laps", "kind"),
    [
        (["out", "in"], RunKind.INSTALLATION),
        (["out", "push", "cool", "in"], RunKind.PUSH),
        (["out", *["long"] * 5, "in"], RunKind.LONG),
        (["out", "cool", "in"], RunKind.OTHER),
    ],
)
def test_kind_of_a_run(laps: list[str], kind: RunKind) -> None:
    assert kind_of_run(laps) is kind
