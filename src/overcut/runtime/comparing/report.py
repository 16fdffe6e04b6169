"""All comparisons of the lake's sources: what they covered, what differs, and where that is kept."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import polars as pl

from overcut.domain.tables import TABLES, LakeSource
from overcut.kernel.errors import DataMissingError
from overcut.kernel.frame_schema import frame_schema
from overcut.lake import Lake
from overcut.runtime.comparing import bests, jolpica, races, stops
from overcut.runtime.comparing.facts import Facts
from overcut.runtime.comparing.verdicts import Compared

TABLE = "disagreements"


class Comparison(msgspec.Struct, frozen=True):
    """One comparison in figures.

    Attributes:
        what: which values. ``compared``: pairs of them. ``differ``: pairs that are not equal.
        left, right: differences in which the one or the other is right. ``neither``: in which both or none are.
        unknown: in which nothing else tells.
    """

    what: str
    compared: int
    differ: int
    left: int
    right: int
    neither: int
    unknown: int


def compare(lake: Lake) -> tuple[list[Comparison], pl.DataFrame]:
    """Compare all sources of the lake: the figures, and the differences as rows of ``disagreements``.

    Raises:
        DataMissingError: the lake holds no history, or nothing to compare it with.
    """
    if not lake.units("results", source=LakeSource.F1DB):
        raise DataMissingError("the lake holds no history of F1DB", hint="overcut history import f1db-sqlite.zip")
    facts = Facts(lake)
    found = [one for one in _all(facts) if one.pairs]
    if not found:
        raise DataMissingError(
            "there is nothing that F1DB could be compared with",
            hint="overcut history import timing FOLDER, or overcut history import jolpica SEASON",
        )
    schema = frame_schema(TABLES[TABLE])
    rows = pl.concat([one.found for one in found]).select(pl.col(name).cast(kind) for name, kind in schema.items())
    return [_counted(one) for one in found], rows.unique(TABLES[TABLE].key, keep="first", maintain_order=True)


def store(lake: Lake, rows: pl.DataFrame) -> None:
    """Keep the differences in the lake, in place of those found before."""
    with lake.writing(note="disagreements of the sources") as writer:
        if rows.is_empty():
            writer.remove(TABLE, source=LakeSource.OVERCUT)
        writer.replace(TABLE, rows, source=LakeSource.OVERCUT, origin="compared")


def disagreements(lake: Lake, table: str = "", place: str = "", who: str = "") -> pl.DataFrame:
    """The differences that are kept, of a table, of places that begin so, or with a verdict; empty texts for all."""
    rows = lake.read(TABLE)
    wanted = pl.lit(value=True)
    if table:
        wanted &= pl.col("table_name") == table
    if place:
        wanted &= pl.col("place").str.starts_with(place)
    if who:
        wanted &= pl.col("who_is_right") == who
    return rows.filter(wanted)


def _all(facts: Facts) -> Iterator[Compared]:
    if facts.lake.units("laps", source=LakeSource.TABLES):
        yield races.laps_completed(facts)
        yield races.race_times(facts)
        yield races.finishing_order(facts)
        yield bests.fastest_laps(facts)
        yield bests.fastest_lap_numbers(facts)
        yield bests.qualifying_times(facts)
        if facts.lake.units("pit_stops", source=LakeSource.TABLES):
            yield stops.stops_made(facts)
            yield stops.lane_times(facts)
    yield from jolpica.against_f1db(facts)
    if facts.lake.units("laps", source=LakeSource.JOLPICA) and facts.lake.units("laps", source=LakeSource.TABLES):
        yield jolpica.laps_against_timing(facts)


def _counted(one: Compared) -> Comparison:
    who = one.found.get_column("who_is_right")
    counts = {name: int((who == name).sum()) for name in ("left", "right", "neither", "unknown")}
    return Comparison(one.what, one.pairs, one.found.height, **counts)
