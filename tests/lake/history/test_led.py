"""Laps led and grand slams, of the races whose laps are known: counted, and never made up."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from overcut.domain.tables import TABLES
from overcut.kernel.frame_schema import frame_schema
from overcut.lake import Lake
from overcut.lake.history.book import Book
from overcut.lake.history.records import record
from overcut.lake.history.totals import driver_totals


class WithLaps:
    """A lake beside which the laps of some races are known."""

    def __init__(self, lake: Lake, laps: pl.DataFrame, results: pl.DataFrame) -> None:
        self._lake, self._laps, self._results = lake, laps, results
        self.identity = lake.identity

    def units(self, table: str) -> list[str]:
        return self._laps["session_key"].unique().sort().to_list() if table == "laps" else self._lake.units(table)

    def read(
        self, table: str, units: Sequence[str] | None = None, *, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        if table == "results":
            return self._results
        if table != "laps":
            return self._lake.read(table, units, columns=columns)
        chosen = self._laps if units is None else self._laps.filter(pl.col("session_key").is_in(list(units)))
        return chosen if columns is None else chosen.select(columns)


def laps_of(key: str, leaders: Sequence[str]) -> pl.DataFrame:
    """A race's laps: who was first at the end of each."""
    rows = [
        {
            "session_key": key,
            "season": int(key[:4]),
            "round": int(key[5:7]),
            "driver_number": who,
            "lap": lap,
            "position": 1,
        }
        for lap, who in enumerate(leaders, start=1)
    ]
    return pl.DataFrame(rows, schema={**frame_schema(TABLES["laps"])}) if rows else pl.DataFrame()


@pytest.fixture(scope="module")
def told(small_history: Lake) -> tuple[Book, str, str]:
    """2019 round 1 led by its winner throughout, who has pole and fastest lap; round 2 by two in turn, and driven two
    laps too far; of round 4 only the first laps are known."""
    results = small_history.read("results")
    first = (pl.col("season") == 2019) & (pl.col("round") == 1)
    winner = (pl.col("position") == 1) & first
    marked = results.with_columns(
        pl.when(first).then(winner.fill_null(value=False)).otherwise(pl.col("pole")).alias("pole"),
        pl.when(first).then(winner.fill_null(value=False)).otherwise(pl.col("fastest_lap")).alias("fastest_lap"),
        pl.lit(value=False).alias("grand_slam"),
    )
    won = marked.filter(winner).row(0, named=True)
    second = marked.filter((pl.col("season") == 2019) & (pl.col("round") == 2)).sort("row")
    numbers = second["driver_number"].to_list()
    laps = pl.concat(
        [
            laps_of("2019-01-R", [won["driver_number"]] * won["laps"]),
            laps_of("2019-02-R", [numbers[0]] * 10 + [numbers[1]] * (second["laps"].max() - 10 + 2)),
            laps_of("2019-04-R", numbers[:1] * 5),
            laps_of("2019-03-Q", [numbers[0]]),
        ]
    )
    book = Book(WithLaps(small_history, laps, marked))
    return book, won["driver_id"], second["driver_id"].to_list()[1]


def test_laps_led_are_counted_by_race(told: tuple[Book, str, str]) -> None:
    book, _, second = told
    race = book.by_race[book.index[2019, 2]]
    led = {entry.driver_id: entry.laps_led for entry in race if entry.laps_led}
    assert led == {race[0].driver_id: 10, second: (race[0].laps or 0) - 10}
    assert all(entry.laps_led == 0 for entry in race[2:])


def test_laps_that_are_not_known_are_not_nought(told: tuple[Book, str, str]) -> None:
    book, _, _ = told
    assert all(entry.laps_led is None for entry in book.by_race[book.index[2019, 3]])
    assert all(entry.laps_led is None for entry in book.by_race[book.index[2019, 4]])
    assert all(entry.laps_led is None for entry in book.by_race[book.index[2005, 1]])


def test_a_grand_slam_is_told_from_the_laps_where_the_source_marks_none(told: tuple[Book, str, str]) -> None:
    book, winner, _ = told
    found = record(book, "grand-slams")
    assert [(row.driver.id, row.value) for row in found.rows if row.driver] == [(winner, 1)]
    assert "2 of" in found.coverage
    led = record(book, "laps-led")
    assert sum(row.value for row in led.rows) == sum(entry.laps_led or 0 for entry in book.entries) == led_in(book)


def led_in(book: Book) -> int:
    return sum(book.by_race[book.index[2019, number]][0].laps or 0 for number in (1, 2))


def test_grand_slams_are_unknown_only_where_a_hat_trick_could_be_one(told: tuple[Book, str, str]) -> None:
    book, _, _ = told
    hat_tricks = [e for e in book.entries if e.pole and e.won and e.fastest_lap and e.laps_led is None]
    assert hat_tricks
    assert all(entry.grand_slam is None for entry in hat_tricks)
    assert driver_totals(book, hat_tricks[0].driver_id).grand_slams is None
    without = next(key for key in book.by_driver if driver_totals(book, key).hat_tricks == 0)
    assert driver_totals(book, without).grand_slams == 0


def test_what_the_source_marks_stands(small_history: Lake) -> None:
    results = (
        small_history.read("results").with_row_index("n").with_columns((pl.col("n") == 0).alias("grand_slam")).drop("n")
    )
    book = Book(WithLaps(small_history, pl.DataFrame(schema=frame_schema(TABLES["laps"])), results))
    found = record(book, "grand-slams")
    assert found.total == 1
    assert found.coverage == "As marked by the source."
