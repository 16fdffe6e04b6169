"""Where does every car stand when the leader has ended a lap, by the laps that were known then?

The moment is the end of that lap for each car, one after the other: a car on the leader's lap is at its gap, and a
lapped one at its last crossing before the leader would end another lap. Nothing later is read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from overcut.kernel.errors import DataMissingError, WrongUsageError

OVERDUE = 0.5
"""A car that should have crossed the line this share of a lap before the moment's end, and did not, is out."""

LASTS = 0.95
"""Share of a usual lap that the moment lasts: less than the leader needs to end another one."""

LONG_LAP = 1.8
"""A lap longer than so many usual ones was interrupted: nobody is waited for as long as that."""


@dataclass(frozen=True)
class CarMoment:
    """One car at the moment.

    Attributes:
        driver_number: which. ``laps``: completed. ``end_s``: when it ended the last one, since the feed began.
        behind_s: behind the leader at the line, a usual lap more for each lap down.
        running: whether it is still in the race.
        in_pit: its last lap ended in the pits.
    """

    driver_number: str
    laps: int
    end_s: float
    behind_s: float
    running: bool
    in_pit: bool


@dataclass(frozen=True)
class Moment:
    """The race when the leader has ended a lap.

    Attributes:
        lap: which; at least 1. ``t_s``: when, since the feed began.
        usual_s: the leader's median lap so far, stops and neutralised laps apart where there are others.
        leader: its number.
        laps: what was known by then: one row a lap, with ``lap_end_s`` filled, sorted by car and lap.
        cars: every car that has been seen, those running first, in order on the road; then those out, by distance.
    """

    lap: int
    t_s: float
    usual_s: float
    leader: str
    laps: pl.DataFrame
    cars: tuple[CarMoment, ...]


def known_laps(laps: pl.DataFrame, lap: int) -> pl.DataFrame:
    """Rows of laps up to ``lap``, without those that were made up for retired cars, ends filled from lap times."""
    frame = laps.filter((pl.col("lap") <= lap) & (pl.col("lap") >= 1) & ~pl.col("generated").fill_null(value=False))
    frame = frame.sort("driver_number", "lap")
    start = pl.coalesce(pl.col("lap_start_s"), pl.col("lap_end_s").shift(1).over("driver_number"))
    frame = frame.with_columns(pl.coalesce(pl.col("lap_end_s"), start + pl.col("lap_time_s")).alias("lap_end_s"))
    return frame.filter(pl.col("lap_end_s").is_not_null())


def moment(laps: pl.DataFrame, lap: int) -> Moment:
    """The race at the end of the leader's lap.

    Args:
        laps: a lap table of one session (`LAPS`); rows of later laps are not looked at.
        lap: number of the lap, at least 1.

    Raises:
        WrongUsageError: the lap is below 1.
        DataMissingError: no car has ended that lap.
    """
    if lap < 1:
        raise WrongUsageError(f"Lap {lap} has no end", hint="laps count from 1; 0 is the grid")
    known = known_laps(laps, lap)
    on_lap = known.filter(pl.col("lap") == lap).sort("lap_end_s", "driver_number")
    if on_lap.is_empty():
        last = known["lap"].max()
        raise DataMissingError(
            f"No car has ended lap {lap}",
            why=f"the last lap that somebody ended is {last}" if last is not None else "there are no laps",
        )
    leader, t_s = str(on_lap["driver_number"][0]), float(on_lap["lap_end_s"][0])
    usual = _usual_lap(known.filter(pl.col("driver_number") == leader))
    last_lap = on_lap["lap_time_s"][0]
    expected = min(LONG_LAP * usual, max(usual, float(last_lap) if last_lap is not None else usual))
    known = known.filter(pl.col("lap_end_s") <= t_s + LASTS * usual)
    cars = [_car(part, lap, t_s, expected, usual) for _, part in known.group_by("driver_number", maintain_order=True)]
    running = sorted((car for car in cars if car.running), key=lambda car: (car.behind_s, car.driver_number))
    out = sorted((car for car in cars if not car.running), key=lambda car: (-car.laps, car.end_s, car.driver_number))
    return Moment(lap, t_s, usual, leader, known, (*running, *out))


def _usual_lap(mine: pl.DataFrame) -> float:
    """Median of a car's undisturbed laps; of all of them where none is; 90 s where none has a time."""
    timed = mine.filter(pl.col("lap_time_s").is_not_null())
    calm = timed.filter(
        (pl.col("lap") > 1)
        & ~pl.col("pit_in").fill_null(value=False)
        & ~pl.col("pit_out").fill_null(value=False)
        & ~pl.col("track_status").fill_null("1").str.contains("[4567]")
    )
    times = (calm if calm.height else timed)["lap_time_s"].to_numpy()
    return float(np.median(times)) if len(times) else 90.0


def _car(part: pl.DataFrame, lap: int, t_s: float, expected: float, usual: float) -> CarMoment:
    last = part.row(part.height - 1, named=True)
    laps, end = int(last["lap"]), float(last["lap_end_s"])
    overdue = t_s + LASTS * usual - (end + expected)
    # A stop adds about a quarter of a lap; half a lap over is no stop any more.
    running = laps == lap or overdue < OVERDUE * usual
    behind = end - t_s + (lap - laps) * usual
    return CarMoment(str(last["driver_number"]), laps, end, behind, running, bool(last["pit_in"]))
