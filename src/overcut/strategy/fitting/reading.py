"""Which races may a fit read, and what was recorded of their laps?"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import msgspec
import polars as pl

from overcut.domain.race_distances import announced_laps
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.strategy.situation.tyres import modern_names

FIRST_SEASON = 2018
"""The first season with tyres, flags and gaps of every lap."""

WATER = ("INTERMEDIATE", "WET")

_RACE = re.compile(r"(\d{4})-(\d{2})-(S|R)")
_ANY = re.compile(r"(\d{4})-(\d{2})-(FP1|FP2|FP3|SQ|S|Q|R)")
_ORDER = {"FP1": 0, "FP2": 1, "FP3": 2, "SQ": 3, "S": 4, "Q": 5, "R": 6}
_COLUMNS = (
    "session_key",
    "season",
    "round",
    "driver",
    "driver_number",
    "lap",
    "lap_time_s",
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


class RaceFacts(msgspec.Struct, frozen=True):
    """One race or sprint.

    Attributes:
        key: of the session. ``season``, ``round``, ``circuit_id``: where and when. ``sprint``: it was one.
        laps: its announced distance. ``full_laps``: that of the Grand Prix, which fuel is counted by.
    """

    key: str
    season: int
    round: int
    circuit_id: str
    sprint: bool
    laps: int
    full_laps: int

    @property
    def layout(self) -> str:
        """The circuit and, as earlier layouts had another distance, the Grand Prix's laps."""
        return f"{self.circuit_id}/{self.full_laps}"


@dataclass(frozen=True)
class Recorded:
    """What a fit of pace reads.

    Attributes:
        races: in the order in which they were run.
        laps: of those races, without laps that somebody inserted for retired cars; dry compounds named SOFT, MEDIUM,
            HARD from the softest of the race on, in column ``tyre`` (INTERMEDIATE, WET as they are).
        stops: visits to the pit lane. ``cautions``: safety cars, virtual ones, red flags.
        entries: who drove what. ``grids``: session_key, driver_number, grid (place; null from the pit lane).
    """

    races: tuple[RaceFacts, ...]
    laps: pl.DataFrame
    stops: pl.DataFrame
    cautions: pl.DataFrame
    entries: pl.DataFrame
    grids: pl.DataFrame

    def digest(self) -> str:
        """SHA-256 of the lap times that were read and of whose they are."""
        told = hashlib.sha256()
        for column in ("session_key", "driver_number", "lap", "lap_time_s", "tyre"):
            told.update("\n".join(map(str, self.laps[column].to_list())).encode())
        return told.hexdigest()


def earlier(key: str, before: str | None) -> bool:
    """Whether a session was run before another, by their keys.

    Raises:
        WrongUsageError: ``before`` is no key of a session of a Grand Prix.
    """
    if before is None:
        return True
    return _place(key) < _place(before)


def _place(key: str) -> tuple[int, int, int]:
    match = _ANY.fullmatch(key)
    if match is None:
        raise WrongUsageError(f"{key!r} names no session of a Grand Prix", hint="a key such as 2024-05-R")
    return int(match[1]), int(match[2]), _ORDER[match[3]]


def recorded(lake: Lake, *, before: str | None = None) -> Recorded:
    """Races and sprints of the lake since 2018, only those earlier than the session ``before``.

    Raises:
        WrongUsageError: ``before`` is no session's key.
        DataMissingError: there is none.
    """
    if before is not None:
        _place(before)
    keys = sorted((key for key in lake.units("laps") if _wanted(key, before)), key=_place)
    sessions = {row["session_key"]: row for row in lake.read("sessions", keys).iter_rows(named=True)} if keys else {}
    keys = [key for key in keys if sessions.get(key, {}).get("circuit_id")]
    if not keys:
        raise DataMissingError(
            "The lake has no race to fit parameters on",
            why=f"none since {FIRST_SEASON}" + (f" and before {before}" if before else ""),
            hint="overcut lake import brings races in",
        )
    laps = lake.read("laps", keys, columns=_COLUMNS, where=~pl.col("generated").fill_null(value=False))
    driven = {key: int(most) for key, most in laps.group_by("session_key").agg(pl.col("lap").max()).iter_rows()}
    races = tuple(_facts(key, str(sessions[key]["circuit_id"]), driven.get(key, 1)) for key in keys)
    return Recorded(
        races=races,
        laps=with_tyres(laps),
        stops=lake.read("pit_stops", keys),
        cautions=lake.read("neutralisations", keys),
        entries=lake.read("entries", keys),
        grids=_grids(lake, races),
    )


def _wanted(key: str, before: str | None) -> bool:
    match = _RACE.fullmatch(key)
    return match is not None and int(match[1]) >= FIRST_SEASON and earlier(key, before)


def _facts(key: str, circuit_id: str, driven: int) -> RaceFacts:
    season, number, kind = int(key[:4]), int(key[5:7]), key[8:]
    full = announced_laps(season, number) or driven
    own = (announced_laps(season, number, sprint=True) or driven) if kind == "S" else full
    return RaceFacts(key, season, number, circuit_id, kind == "S", own, max(full, own))


def with_tyres(laps: pl.DataFrame) -> pl.DataFrame:
    """The laps with ``tyre``: by the race's own names until 2018, by today's since."""
    frames: list[pl.DataFrame] = []
    old = laps.filter(pl.col("compound").is_in(["HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD"]))
    named = {str(key) for key in old["session_key"].unique()}
    frames.append(laps.filter(~pl.col("session_key").is_in(named)).with_columns(pl.col("compound").alias("tyre")))
    for (_,), part in laps.filter(pl.col("session_key").is_in(named)).group_by("session_key", maintain_order=True):
        names = modern_names(part["compound"].drop_nulls().unique().to_list())
        frames.append(part.with_columns(pl.col("compound").replace(names).alias("tyre")))
    return pl.concat(frames).sort("session_key", "driver_number", "lap")


def _grids(lake: Lake, races: tuple[RaceFacts, ...]) -> pl.DataFrame:
    """Places on the grid, which are known before the start."""
    frames: list[pl.DataFrame] = []
    for table, sprint in (("results", False), ("sprints", True)):
        seasons = sorted({str(race.season) for race in races if race.sprint is sprint})
        keys = pl.DataFrame(
            [(race.season, race.round, race.key) for race in races if race.sprint is sprint],
            schema={"season": pl.Int16, "round": pl.Int16, "session_key": pl.String},
            orient="row",
        )
        read = lake.read(table, seasons or None, columns=("season", "round", "driver_number", "grid"))
        frames.append(read.join(keys, on=["season", "round"]).select("session_key", "driver_number", "grid"))
    return pl.concat(frames)
