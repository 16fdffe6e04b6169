"""Which races a fit may read, and what was recorded of them: laps, cautions, weather, results."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from overcut.lake import Lake

FIRST_SEASON = 2018
"""The first season with timing of every lap: flags, tyres, gaps."""

_RACE = re.compile(r"\d{4}-\d{2}-R")
_LAP_COLUMNS = (
    "session_key",
    "season",
    "driver",
    "driver_number",
    "team",
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
    "is_accurate",
    "generated",
)
DRY = ("SOFT", "MEDIUM", "HARD")
WET = ("INTERMEDIATE", "WET")
_OLD_NAMES = {"HYPERSOFT": 0, "ULTRASOFT": 1, "SUPERSOFT": 2, "SOFT": 3, "MEDIUM": 4, "HARD": 5, "SUPERHARD": 6}
"""The names of 2018 and before, from the softest; three of them were brought to a race."""


@dataclass(frozen=True)
class Seen:
    """The races that a fit may read.

    Attributes:
        races: session_key, season, round, circuit_id, laps; by season and round.
        laps: of those races, without laps that somebody inserted for retired cars; compounds named softest to hardest
            SOFT, MEDIUM, HARD by race.
        neutralisations: kind SC, VSC or RED; start_lap and end_lap as laps of the leader.
        weather: readings. ``messages``: of race control. ``results``: published, with session_key.
        messages: see above.
        results: see above.
        entries: who drove what, by F1DB ids.
    """

    races: pl.DataFrame
    laps: pl.DataFrame
    neutralisations: pl.DataFrame
    weather: pl.DataFrame
    messages: pl.DataFrame
    results: pl.DataFrame
    entries: pl.DataFrame

    @property
    def empty(self) -> bool:
        """Whether there is nothing to learn from."""
        return self.races.is_empty()

    @cached_property
    def cars(self) -> pl.DataFrame:
        """One car of one race: session_key, season, circuit_id, driver_number, driver, team (F1DB id), laps driven."""
        driven = self.laps.group_by("session_key", "driver_number").agg(
            pl.col("driver").last(), pl.col("team").last().alias("team_name"), pl.col("lap").max().alias("driven")
        )
        ids = self.entries.select("session_key", "driver_number", pl.col("constructor_id").alias("team"))
        return (
            driven.join(ids, on=["session_key", "driver_number"], how="left")
            .with_columns(pl.coalesce("team", "team_name"))
            .join(self.races, on="session_key")
            .sort("session_key", "driver_number")
        )


def races_seen(lake: Lake, *, before: str | None = None) -> Seen:
    """What may be read: every race of the lake since 2018, of rounds earlier than that of the session ``before``."""
    keys = [key for key in lake.units("laps") if _allowed(key, before)]
    races = (
        lake.read("sessions", keys)
        .filter(pl.col("circuit_id").is_not_null())
        .select("session_key", "season", "round", "circuit_id", "laps")
    )
    laps = lake.read("laps", keys, columns=_LAP_COLUMNS, where=~pl.col("generated").fill_null(value=False))
    races = races.join(
        laps.group_by("session_key").agg(pl.col("lap").max().alias("driven")), on="session_key"
    ).with_columns(pl.coalesce("laps", "driven").cast(pl.Int32).alias("laps"))
    seasons = sorted({key[:4] for key in keys})
    results = (
        lake.read("results", seasons)
        .join(races.select("session_key", "season", "round", "circuit_id"), on=["season", "round"])
        .sort("session_key", "row")
    )
    cautions = lake.read("neutralisations", keys).filter(pl.col("kind").is_in(["SC", "VSC", "RED"]))
    return Seen(
        races=races.drop("driven").sort("session_key"),
        laps=_by_race_compounds(laps),
        neutralisations=cautions.sort("session_key", "start_ms"),
        weather=lake.read("weather", keys),
        messages=lake.read("race_control", keys),
        results=results,
        entries=lake.read("entries", keys),
    )


def _allowed(key: str, before: str | None) -> bool:
    """A race since 2018, and its round earlier than that of ``before``."""
    if not _RACE.fullmatch(key) or int(key[:4]) < FIRST_SEASON:
        return False
    return before is None or key[:7] < before[:7]


def _by_race_compounds(laps: pl.DataFrame) -> pl.DataFrame:
    """The laps with the dry compounds of each race named SOFT, MEDIUM, HARD from its softest on.

    From 2019 on they are so named. Until 2018 seven names stood for seven compounds, of which a race had three: the
    softest that was driven is its soft, the hardest its hard; where only two were driven they are soft and medium.
    """
    old = laps.filter(pl.col("compound").is_in(["HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD"]))
    if old.is_empty():
        return laps
    rank = pl.col("compound").replace_strict(_OLD_NAMES, default=None, return_dtype=pl.Int32)
    place = rank.rank("dense").over("session_key").cast(pl.Int32) - 1
    named = pl.when(place == 0).then(pl.lit("SOFT")).when(place == 1).then(pl.lit("MEDIUM")).otherwise(pl.lit("HARD"))
    affected = pl.col("session_key").is_in(old["session_key"].unique().to_list()) & rank.is_not_null()
    return laps.with_columns(pl.when(affected).then(named).otherwise(pl.col("compound")).alias("compound"))
