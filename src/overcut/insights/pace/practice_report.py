"""What is told of a practice session's pace: runs, long-run pace, one-lap pace."""

from __future__ import annotations

import msgspec

from overcut.insights.pace.report import PACE_VERSION, CompoundPace, Estimate, PaceConditions, VerdictCount


class Run(msgspec.Struct, frozen=True):
    """One run of one car.

    Attributes:
        run: number within the session. ``kind``: long, push, installation, other.
        compound, fresh, age_laps: the set and its laps when the run began; None where unknown.
        laps: all laps, out- and in-lap included. ``push``, ``long``, ``cool``: how many were what.
        best_s: quickest lap. ``mean_s``: mean of the long-run laps as they stand; None unless a long run.
        pace_s: mean long-run lap at the report's conditions (compound, age, track); the fuel is the run's own, with
            what burnt during the run put back. None unless a long run with counted laps.
        wear_s_per_lap: what a lap more costs in this run, fuel burnt put back. None likewise.
    """

    driver_number: str
    driver: str
    team: str
    run: int
    kind: str
    compound: str | None
    fresh: bool | None
    age_laps: int | None
    first_lap: int
    last_lap: int
    laps: int
    push: int
    long: int
    cool: int
    best_s: float | None
    mean_s: float | None
    pace_s: Estimate | None
    wear_s_per_lap: Estimate | None


class PracticeDriver(msgspec.Struct, frozen=True):
    """One driver's pace in practice, at the conditions; ``gap_s`` behind the quickest, ``to_field_s`` against the mean
    of those listed, ``laps`` counted. For long runs the interval holds what is not known of the fuel."""

    driver_number: str
    driver: str
    team: str
    pace_s: Estimate
    gap_s: Estimate
    to_field_s: Estimate
    laps: int


class PracticeView(msgspec.Struct, frozen=True):
    """Long-run or one-lap pace: conditions, drivers (quickest first), compounds.

    ``track_change_s``: from the first counted lap to the last; negative: the track became quicker.
    """

    conditions: PaceConditions
    drivers: list[PracticeDriver]
    compounds: list[CompoundPace]
    track_change_s: Estimate


class PracticeReport(msgspec.Struct, frozen=True):
    """Pace of a practice session; a view is None where too few laps tell anything, and ``missing`` says why."""

    session: str
    event: str
    long_runs: PracticeView | None
    one_lap: PracticeView | None
    runs: list[Run]
    laps: list[VerdictCount]
    missing: list[str]
    assumptions: list[str]
    version: int = PACE_VERSION
