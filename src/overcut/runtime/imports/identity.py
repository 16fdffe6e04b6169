"""Which F1DB ids the cars, circuits and races of other sources have: by number, code or name, through the lake."""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

from overcut.domain.grands_prix import plain
from overcut.domain.tables import LakeSource, Table
from overcut.lake import Lake
from overcut.sources.timing_tables.noted import name_of_race

_WHO = ("season", "round", "driver_number")
_TOLD_IN = ("results", "sprints", "qualifying", "practice")
"""Tables of the history that pair a racing number with a driver, the surest first."""

_IN_KEY = r"^(\d{4})-(\d{2})-(.+)$"
"""Season, round and session of an official key."""


class Identities:
    """The history of a lake as far as it names people and places. An empty lake names nobody.

    Args:
        lake: its history is read at once.
    """

    def __init__(self, lake: Lake) -> None:
        self._races = lake.read("races", source=LakeSource.F1DB)
        self._drivers = lake.read("drivers", source=LakeSource.F1DB, columns=["driver_id", "name", "last_name", "code"])
        frames = [
            lake.read(table, source=LakeSource.F1DB, columns=[*_WHO, "driver_id", "constructor_id"])
            for table in _TOLD_IN
        ]
        seats = pl.concat(frames).drop_nulls("driver_number")
        self._seats = seats.unique(_WHO, keep="first", maintain_order=True)
        self._seasons = seats.select("season", "driver_id").unique().join(self._drivers, on="driver_id")

    @property
    def rounds(self) -> dict[tuple[int, str], int]:
        """Round by season and name of the Grand Prix, as `name_of_race` writes it."""
        told = self._races.select("season", "round", "grand_prix_id")
        return {
            (season, name_of_race(grand_prix.replace("-", " "))): number
            for season, number, grand_prix in told.iter_rows()
        }

    def named(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """``frame`` with the ids that its table has columns for, where they are known; what it has already stays."""
        if self._races.is_empty():
            return frame
        if table.name in ("entries", "pit_stops"):
            return self._cars(table, frame)
        if table.name == "sessions":
            return self._places(frame)
        if table.name == "odds":
            return self._priced(frame)
        return frame

    def _cars(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """By season, round and racing number; where the history has no such car, by the code within the season."""
        parts = pl.col("session_key").str.extract_groups(_IN_KEY)
        keyed = frame.with_columns(
            parts.struct.field("1").cast(pl.Int16, strict=False).alias("season"),
            parts.struct.field("2").cast(pl.Int16, strict=False).alias("round"),
        )
        ids = [name for name in ("driver_id", "constructor_id") if name in table.names]
        by_number = keyed.join(self._seats, on=list(_WHO), how="left", maintain_order="left")
        codes = self._seasons.group_by("season", "code").agg(
            pl.when(pl.col("driver_id").n_unique() == 1).then(pl.col("driver_id").first()).alias("by_code")
        )
        known = by_number.join(
            codes, left_on=["season", "driver"], right_on=["season", "code"], how="left", maintain_order="left"
        )
        filled = known.with_columns(pl.coalesce("driver_id", "by_code").alias("driver_id"))
        return filled.select(*frame.columns, *ids)

    def _places(self, frame: pl.DataFrame) -> pl.DataFrame:
        told = self._races.select(
            "season", "round", pl.col("circuit_id").alias("f1db_circuit"), pl.col("date").alias("day")
        )
        raced = pl.col("session") == "R"
        return (
            frame.join(told, on=["season", "round"], how="left", maintain_order="left")
            .with_columns(
                pl.coalesce("f1db_circuit", "circuit_id").alias("circuit_id"),
                pl.coalesce(pl.when(raced).then("day"), "date").alias("date"),
            )
            .drop("f1db_circuit", "day")
        )

    def _priced(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Bookmakers write names their own way: compared without order and accents, else by the family name."""
        whole: dict[tuple[int, str], set[str]] = {}
        family: dict[tuple[int, str], set[str]] = {}
        for season, driver, name, last in self._seasons.select("season", "driver_id", "name", "last_name").iter_rows():
            whole.setdefault((season, _unordered(name)), set()).add(driver)
            for word in plain(last or name).split():
                family.setdefault((season, word), set()).add(driver)
        meant: dict[tuple[int, str], str | None] = {}
        for season, name in frame.select("season", "driver").unique().iter_rows():
            tries = [whole.get((season, _unordered(name)), set())]
            tries += [family.get((season, word), set()) for word in reversed(plain(name).split())]
            sure = next((them for them in tries if len(them) == 1), None) or _misspelt(season, name, whole)
            meant[season, name] = min(sure) if len(sure) == 1 else None
        found = [meant[at] for at in frame.select("season", "driver").iter_rows()]
        return frame.with_columns(pl.Series("driver_id", found, dtype=pl.String))


def _misspelt(season: int, name: str, known: dict[tuple[int, str], set[str]]) -> set[str]:
    """Who is meant by a name with a letter wrong: "Daniil Kyvat"."""
    names = [text for year, text in known if year == season]
    return {
        driver
        for text in get_close_matches(_unordered(name), names, n=1, cutoff=0.85)
        for driver in known[season, text]
    }


def _unordered(name: str) -> str:
    return " ".join(sorted(plain(name).split()))
