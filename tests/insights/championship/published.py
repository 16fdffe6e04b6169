"""Where our computed tables and those that F1DB publishes differ, line by line."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import polars as pl

from overcut.domain.championship import Championship
from overcut.insights.championship.from_lake import season_of
from overcut.insights.championship.standings import Ledger, ledger_of, standings
from overcut.lake import Lake

Place = tuple[str, float]
"""Position as printed, and points with two decimals, as F1DB has them."""
ROUNDED = 0.011
FINAL = 0


class Difference(msgspec.Struct, frozen=True):
    """One line that differs; ``round`` 0 for the final table. ``tied``: F1DB has others with the same points."""

    year: int
    championship: Championship
    round: int
    entrant: str
    ours: Place | None
    theirs: Place | None
    tied: bool


def published(lake: Lake, year: int, championship: Championship) -> dict[int, dict[tuple[str, bool], Place]]:
    """F1DB's tables of a season by round; a struck entrant beside its successor of the same name."""
    drivers = championship is Championship.DRIVERS
    rows = lake.read("driver_standings" if drivers else "constructor_standings", [year])
    who = pl.col("driver_id") if drivers else pl.concat_str("constructor_id", pl.lit("/"), "engine_id")
    found: dict[int, dict[tuple[str, bool], Place]] = {}
    picked = rows.select("round", who.alias("who"), "position", "position_text", "points")
    for number, entrant, position, text, points in picked.iter_rows():
        found.setdefault(number, {})[entrant, position is None] = (text, points)
    return found


def computed(ledger: Ledger, after: int) -> dict[tuple[str, bool], Place]:
    """Our table in the same shape."""
    return {
        (line.entrant, line.position is None): (line.position_text, round(float(line.points), 2))
        for line in standings(ledger, after)
    }


def differences(lake: Lake, year: int) -> Iterator[Difference]:
    """Every line of every table of a season that is not the same in both."""
    season = season_of(lake, year)
    for championship in Championship:
        ledger = ledger_of(season, championship)
        tables = published(lake, year, championship)
        assert (ledger is None) == (not tables)
        if ledger is None:
            continue
        for number, theirs in sorted(tables.items()):
            ours = computed(ledger, number or season.run)
            points = [place[1] for place in theirs.values()]
            for key in sorted({*ours, *theirs}):
                a, b = ours.get(key), theirs.get(key)
                if a is None or b is None or a[0] != b[0] or abs(a[1] - b[1]) > ROUNDED:
                    tied = b is not None and points.count(b[1]) > 1
                    yield Difference(year, championship, number, key[0], a, b, tied)
