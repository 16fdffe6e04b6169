"""Which forecasts are asked for: the races of a period, at which lap each, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.domain.session import parts_of_key
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.strategy.situation.facts import SessionFacts
from overcut.strategy.situation.moment import moment
from overcut.strategy.situation.reading import facts_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STAGES = (0, 25, 50, 75)
"""Percent of the distance at which a race is forecast; 0 is the grid."""

LAP_COLUMNS = (
    "driver_number",
    "lap",
    "lap_time_s",
    "position",
    "compound",
    "tyre_life",
    "stint",
    "pit_in",
    "pit_out",
    "track_status",
    "lap_start_s",
    "lap_end_s",
    "generated",
)
"""All that a forecast reads of the lap table."""


@dataclass(frozen=True)
class FinishedRace:
    """A race with what a forecast may read of it, and how it ended.

    Attributes:
        key: session key. ``day``: of the race. ``facts``, ``laps``: what `situation` takes.
        place: final place by driver number, 1-based: the official classification with all penalties, retired cars by
            their distance behind it, then those disqualified, then those who did not start.
        finished: numbers of those who were classified. ``absent``: of those who did not start: they are not scored.
        last_lap: laps of the winner.
    """

    key: str
    day: date
    facts: SessionFacts
    laps: pl.DataFrame
    place: Mapping[str, int]
    finished: frozenset[str]
    absent: frozenset[str]
    last_lap: int

    def stage_lap(self, stage: int) -> int | None:
        """The lap at this percentage of the announced distance; None where the race did not get beyond it."""
        lap = round(stage / 100.0 * self.facts.laps)
        return lap if lap < self.last_lap else None


@dataclass(frozen=True)
class Board:
    """The cars still running at one stage of a race: what the baselines may know, and the truth.

    Attributes:
        key: session key. ``stage``: percent. ``lap``: which. ``cars``: how many started.
        numbers: driver numbers, N, in order of their place. ``gap_s``: behind the leader, N; before the start, the gap
            in qualifying. ``final``: final place, N, 1-based. ``finished``: classified, N.
    """

    key: str
    stage: int
    lap: int
    cars: int
    numbers: tuple[str, ...]
    gap_s: Floats
    final: Ints
    finished: NDArray[np.bool_]


def races_between(lake: Lake, first: date, last: date) -> list[str]:
    """Keys of the races (not sprints) of a period that have laps and a result, by day.

    Raises:
        DataMissingError: there are none.
    """
    with_laps = set(lake.units("laps"))
    sessions = lake.read("sessions").filter(
        (pl.col("session") == "R")
        & pl.col("date").is_between(first, last)
        & ~pl.col("simulated")
        & pl.col("session_key").is_in(list(with_laps))
    )
    keys = [str(key) for key in sessions.sort("date", "session_key")["session_key"]]
    if not keys:
        raise DataMissingError(
            f"There is no race with laps from {first} to {last}", hint="overcut lake status tells what there is"
        )
    return keys


def finished_race(lake: Lake, key: str) -> FinishedRace | None:
    """A race with its result; None where the result is not known, or no lap was driven."""
    season, round_number, _ = parts_of_key(key)
    results = lake.read("results", units=[season or 0]).filter(pl.col("round") == (round_number or 0)).sort("row")
    day = lake.read("sessions", units=[key])["date"]
    laps = lake.read("laps", units=[key], columns=list(LAP_COLUMNS))
    facts = facts_of(lake, key)
    entered = {one.driver_number for one in facts.entrants}
    listed = results.filter(pl.col("driver_number").is_in(list(entered)))
    if listed.is_empty() or laps.is_empty() or day[0] is None:
        return None
    rest = sorted(entered - set(listed["driver_number"]))
    order = [*listed["driver_number"].to_list(), *rest]
    return FinishedRace(
        key=key,
        day=day[0],
        facts=facts,
        laps=laps,
        place={number: place for place, number in enumerate(order, start=1)},
        finished=frozenset(listed.filter(pl.col("position").is_not_null())["driver_number"]),
        absent=frozenset([*rest, *listed.filter(pl.col("position_text") == "DNS")["driver_number"]]),
        last_lap=int(listed["laps"].max() or 0),  # type: ignore[arg-type] -- a column of whole numbers
    )


def board(race: FinishedRace, stage: int) -> Board | None:
    """The race at a stage; None where it did not get there."""
    lap = race.stage_lap(stage)
    if lap is None:
        return None
    if lap == 0:
        gaps = [one.qualifying for one in race.facts.entrants if one.qualifying is not None]
        widest = max(gaps, default=0.0)
        standing = [
            (one.driver_number, 90.0 * (widest if one.qualifying is None else one.qualifying))
            for one in sorted(race.facts.entrants, key=lambda one: one.grid)
        ]
    else:
        standing = [(car.driver_number, car.behind_s) for car in moment(race.laps, lap).cars if car.running]
    known = [(number, gap) for number, gap in standing if number in race.place and number not in race.absent]
    numbers = tuple(number for number, _ in known)
    return Board(
        key=race.key,
        stage=stage,
        lap=lap,
        cars=len(race.place),
        numbers=numbers,
        gap_s=np.array([gap for _, gap in known]),
        final=np.array([race.place[number] for number in numbers], dtype=np.int64),
        finished=np.array([number in race.finished for number in numbers]),
    )


def boards(races: Sequence[FinishedRace], stage: int) -> list[Board]:
    """Every race's board at a stage."""
    return [found for race in races if (found := board(race, stage)) is not None]
