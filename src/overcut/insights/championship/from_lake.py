"""What did a season's races give, as the lake has them? Finishing positions only: its points columns are not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from overcut.domain.championship import FIRST_SEASON, Finish, Race, Season
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake

_RACE = ("round", "date", "grand_prix_id", "laps", "scheduled_laps", "sprint")
_RESULT = (
    "round", "row", "driver_id", "constructor_id", "engine_id", "position", "position_text", "driver_number", "laps",
)  # fmt: skip
_TIMED_TO_A_SHARE = 1960
"""Until 1959 drivers who set the same fastest time shared the point; the results name only one of them."""
SEASONS_KEPT = 128


def season_of(lake: Lake, year: int) -> Season:
    """The races of a season, run and to come; read once for each generation of the lake.

    Raises:
        DataMissingError: the lake has no races of that season.
    """
    return _read(lake, lake.generation, year)


@lru_cache(maxsize=SEASONS_KEPT)
def _read(lake: Lake, generation: int, year: int) -> Season:
    del generation  # part of the key: a new generation is read anew
    races = lake.read("races", [year], columns=_RACE) if year >= FIRST_SEASON else pl.DataFrame()
    if races.is_empty():
        raise DataMissingError(
            f"The lake has no races of {year}",
            why="the season was not imported" if year >= FIRST_SEASON else f"the championship began in {FIRST_SEASON}",
            hint="overcut history import f1db-sqlite.zip",
        )
    finishes = _finishes(lake.read("results", [year], columns=_RESULT))
    sprints = _finishes(lake.read("sprints", [year], columns=_RESULT))
    fastest = _fastest(lake, year)
    return Season(
        year,
        tuple(
            Race(
                round_number=number,
                name=name,
                finishes=tuple(finishes.get(number, ())),
                fastest=fastest.get(number, ()),
                sprint=tuple(sprints.get(number, ())),
                has_sprint=sprint,
                laps=laps,
                scheduled_laps=scheduled or laps,
                day=day.isoformat(),
            )
            for number, day, name, laps, scheduled, sprint in races.sort("round").iter_rows()
        ),
        tuple(_died(lake, year)),
    )


def forget() -> None:
    """Read every season anew."""
    _read.cache_clear()


def _finishes(rows: pl.DataFrame) -> dict[int, list[Finish]]:
    found: defaultdict[int, list[Finish]] = defaultdict(list)
    for number, _, driver, constructor, engine, position, text, racing, laps in rows.sort("round", "row").iter_rows():
        found[number].append(Finish(driver, constructor or "", engine or "", position, text, racing or "", laps))
    return found


def _fastest(lake: Lake, year: int) -> dict[int, tuple[str, ...]]:
    """Who drove each round's fastest lap, each driver once."""
    rows = lake.read("results", [year], columns=["round", "row", "driver_id", "fastest_lap"])
    named = rows.filter(pl.col("fastest_lap")).sort("round", "row")
    if year < _TIMED_TO_A_SHARE:
        times = lake.read("fastest_laps", [year], columns=["round", "row", "driver_id", "time_ms"])
        quickest = times.filter(pl.col("time_ms") == pl.col("time_ms").min().over("round")).sort("round", "row")
        timed = set(quickest["round"])
        named = pl.concat(
            [
                quickest.select("round", "driver_id"),
                named.filter(~pl.col("round").is_in(timed)).select("round", "driver_id"),
            ]
        )
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for number, driver in named.select("round", "driver_id").iter_rows():
        found[number][driver] = None
    return {number: tuple(drivers) for number, drivers in found.items()}


def _died(lake: Lake, year: int) -> Iterator[tuple[str, str]]:
    drivers = lake.read("drivers", columns=["driver_id", "died"])
    for driver, day in drivers.filter(pl.col("died").dt.year() == year).iter_rows():
        yield driver, day.isoformat()
