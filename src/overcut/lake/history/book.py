"""What happened since 1950, in memory and in order: the one reading of the lake from which every history answer comes.

27,000 results fit in a few tens of megabytes. Read once for each state of the lake, they answer faster than any
query could, and always from the same state.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import Protocol, TypeVar, cast

import msgspec
import polars as pl

from overcut.kernel.errors import DataMissingError
from overcut.lake.history.rows import NOT_STARTED, Country, Entry, GrandPrix, Maker, Person, Place, RaceRow, Standing

_Row = TypeVar("_Row", bound=msgspec.Struct)
_Made = TypeVar("_Made")
_Key = TypeVar("_Key", bound=Hashable)
_RACE_KEY = re.compile(r"\d{4}-\d{2}-R")
"""Sessions that took place: simulated ones have other keys."""
RECALLED = 64
"""Answers kept of questions of which there are many."""
LAST_FASTEST_LAP_POINT_OF_OLD = 1959
"""Until then the fastest lap was worth a point; again from 2019 to 2024, when it could not be shared."""
_FINAL = 0
"""The "round" of a season's final table."""


class HistoryTables(Protocol):
    """Where tables are read from: a `Lake`, by what is needed of it here."""

    @property
    def identity(self) -> str:
        """Tells the state that is read from every other."""
        ...

    def read(
        self, table: str, units: Sequence[str] | None = None, *, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """All rows of a table, or those of some of its units, by the most believed source."""
        ...

    def units(self, table: str) -> list[str]:
        """The units of a table that there are."""
        ...


class Book:
    """History as of one state of the lake.

    Args:
        tables: where it is read from.

    Raises:
        DataMissingError: there is no history in the lake.
    """

    def __init__(self, tables: HistoryTables) -> None:
        self._tables = tables
        self._remembered: dict[tuple[object, ...], object] = {}
        self._recent: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()
        self.identity = tables.identity
        results = tables.read("results")
        if results.is_empty():
            raise DataMissingError(
                "There is no history in the lake",
                why="no race results have been imported",
                hint="overcut history import f1db-sqlite.zip",
            )
        self.races: tuple[RaceRow, ...] = _races(tables.read("races"), results)
        self.index: dict[tuple[int, int], int] = {(race.season, race.round): race.index for race in self.races}
        self.entries: tuple[Entry, ...] = self._entries(results)
        self.seasons: tuple[int, ...] = tuple(sorted({race.season for race in self.races}))
        self.countries: Mapping[str, Country] = _by_id(tables.read("countries"), Country, country_id="id")
        self.drivers: Mapping[str, Person] = _by_id(tables.read("drivers"), Person, driver_id="id")
        self.constructors: Mapping[str, Maker] = _by_id(tables.read("constructors"), Maker, constructor_id="id")
        self.engines: Mapping[str, Maker] = _by_id(tables.read("engine_makers"), Maker, engine_id="id")
        self.tyres: Mapping[str, Maker] = _by_id(tables.read("tyre_makers"), Maker, tyre_id="id")
        self.circuits: Mapping[str, Place] = _by_id(tables.read("circuits"), Place, circuit_id="id")
        self.grands_prix: Mapping[str, GrandPrix] = _by_id(tables.read("grands_prix"), GrandPrix, grand_prix_id="id")

    def _entries(self, frame: pl.DataFrame) -> tuple[Entry, ...]:
        """Results of known races, in order of time, the rows of each in the published order."""
        at = pl.DataFrame(
            [(race.season, race.round, race.index) for race in self.races],
            schema={"season": pl.Int16, "round": pl.Int16, "race": pl.Int32},
            orient="row",
        )
        renamed = frame.rename({"driver_number": "number"}).join(at, on=["season", "round"])
        if "fastest_lap" in frame.columns:  # a race, not a sprint
            renamed = _with_shared_fastest_laps(renamed, self._tables.read("fastest_laps"))
            renamed = _with_grand_slams(_with_laps_led(renamed, self._leaders()))
        return tuple(_rows(_with_marks(_with_pole(renamed.sort("race", "row"))), Entry))

    def _leaders(self) -> pl.DataFrame:
        """Who was first at the end of each lap (season, round, lap, number), of races whose laps are in the lake."""
        keys = [key for key in self._tables.units("laps") if _RACE_KEY.fullmatch(key)]
        laps = self._tables.read("laps", keys, columns=("season", "round", "driver_number", "lap", "position"))
        first = laps.filter(pl.col("position") == 1).rename({"driver_number": "number"})
        return first.unique(["season", "round", "lap"], maintain_order=True, keep="last")

    @cached_property
    def run(self) -> tuple[RaceRow, ...]:
        """The races that have been run."""
        return tuple(race for race in self.races if race.run)

    @cached_property
    def sprints(self) -> tuple[Entry, ...]:
        """Sprint results, in order of time."""
        return self._entries(self._tables.read("sprints"))

    @cached_property
    def by_race(self) -> Mapping[int, tuple[Entry, ...]]:
        """Results by `RaceRow.index`."""
        return _grouped(self.entries, lambda row: row.race)

    @cached_property
    def by_driver(self) -> Mapping[str, tuple[Entry, ...]]:
        """Results by driver, in order of time."""
        return _grouped(self.entries, lambda row: row.driver_id)

    @cached_property
    def by_constructor(self) -> Mapping[str, tuple[Entry, ...]]:
        """Results by constructor, in order of time."""
        return _grouped(self.entries, lambda row: row.constructor_id)

    @cached_property
    def by_engine(self) -> Mapping[str, tuple[Entry, ...]]:
        """Results by engine maker, in order of time."""
        return _grouped(self.entries, lambda row: row.engine_id)

    @cached_property
    def sprints_by_race(self) -> Mapping[int, tuple[Entry, ...]]:
        """Sprint results by `RaceRow.index`."""
        return _grouped(self.sprints, lambda row: row.race)

    @cached_property
    def sprints_by_driver(self) -> Mapping[str, tuple[Entry, ...]]:
        """Sprint results by driver."""
        return _grouped(self.sprints, lambda row: row.driver_id)

    @cached_property
    def sprints_by_constructor(self) -> Mapping[str, tuple[Entry, ...]]:
        """Sprint results by constructor."""
        return _grouped(self.sprints, lambda row: row.constructor_id)

    @cached_property
    def races_by_season(self) -> Mapping[int, tuple[RaceRow, ...]]:
        """The calendar of each season."""
        return _grouped(self.races, lambda row: row.season)

    @cached_property
    def races_by_circuit(self) -> Mapping[str, tuple[RaceRow, ...]]:
        """Races at each circuit, in order of time."""
        return _grouped(self.races, lambda row: row.circuit_id)

    @cached_property
    def races_by_grand_prix(self) -> Mapping[str, tuple[RaceRow, ...]]:
        """Races of each Grand Prix, in order of time."""
        return _grouped(self.races, lambda row: row.grand_prix_id)

    @cached_property
    def driver_tables(self) -> Mapping[tuple[int, int], tuple[Standing, ...]]:
        """The drivers' championship by season and round; round 0 is the final table."""
        frame = self._tables.read("driver_standings").rename({"driver_id": "id"})
        return _tables(frame.with_columns(pl.lit(None, dtype=pl.String).alias("engine_id")), self.all_run)

    @cached_property
    def constructor_tables(self) -> Mapping[tuple[int, int], tuple[Standing, ...]]:
        """The constructors' championship likewise; none before 1958."""
        return _tables(self._tables.read("constructor_standings").rename({"constructor_id": "id"}), self.all_run)

    @cached_property
    def all_run(self) -> frozenset[int]:
        """Seasons of which every race has been run."""
        return frozenset(self.races_by_season) - {race.season for race in self.races if not race.run}

    def standings(self, of_drivers: bool, season: int, after: int = _FINAL) -> tuple[Standing, ...]:
        """A championship table; the final one, or the latest there is, where ``after`` is 0."""
        tables = self.driver_tables if of_drivers else self.constructor_tables
        if after == _FINAL and (season, _FINAL) not in tables:
            after = max((number for year, number in tables if year == season), default=_FINAL)
        return tables.get((season, after), ())

    @cached_property
    def finished(self) -> frozenset[int]:
        """Seasons of which every race has been run and the final table is known."""
        return self.all_run & {year for year, number in self.driver_tables if number == _FINAL}

    @cached_property
    def latest_season(self) -> int:
        """The last season with a race that has been run."""
        return self.run[-1].season

    def of_race(self, table: str, season: int, number: int) -> pl.DataFrame:
        """The rows of one race in another table (qualifying, grids, fastest_laps, history_pit_stops …)."""
        frame, where = self.remember(("by race", table), lambda: _located(self._tables.read(table)))
        begin, rows = where.get((season, number), (0, 0))
        return frame.slice(begin, rows)

    def remember(self, key: tuple[object, ...], make: Callable[[], _Made]) -> _Made:
        """What ``make`` gives, made once for each ``key`` while this book lasts; for keys of which there are few."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast("_Made", self._remembered[key])

    def recall(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What ``make`` gives, kept for a while: the last `RECALLED` of them, whatever was asked."""
        with self._lock:
            if key in self._recent:
                self._recent.move_to_end(key)
                return cast("_Made", self._recent[key])
        made = make()
        with self._lock:
            self._recent[key] = made
            if len(self._recent) > RECALLED:
                self._recent.popitem(last=False)
        return made

    def seats(self, season: int) -> pl.DataFrame:
        """Who sat where in a season, as published (table ``season_drivers``)."""
        return self._tables.read("season_drivers", units=[str(season)])

    def table(
        self, name: str, units: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """A table of the lake: all of it, or some units and columns."""
        return self._tables.read(name, units=units, columns=columns)

    def units(self, name: str) -> list[str]:
        """The units of a table that the lake holds."""
        return self._tables.units(name)


class Shelf:
    """The book of a lake, read again when the lake has changed. Safe to use from several threads."""

    def __init__(self, tables: HistoryTables) -> None:
        self._tables = tables
        self._book: Book | None = None
        self._lock = threading.Lock()

    def book(self) -> Book:
        """History as the lake has it now.

        Raises:
            DataMissingError: there is none.
        """
        with self._lock:
            if self._book is None or self._book.identity != self._tables.identity:
                self._book = Book(self._tables)
            return self._book


def _races(frame: pl.DataFrame, results: pl.DataFrame) -> tuple[RaceRow, ...]:
    have = results.select("season", "round").unique().with_columns(pl.lit(value=True).alias("run"))
    joined = frame.join(have, on=["season", "round"], how="left").with_columns(pl.col("run").fill_null(value=False))
    return tuple(_rows(joined.sort("season", "round").with_row_index("index"), RaceRow))


def _with_shared_fastest_laps(frame: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """The fastest lap also to those who drove it in the same time: F1DB marks one driver of each race in its results.

    Until 1973 times were taken to the tenth, and it was shared in ten races, by seven drivers in 1954 Britain. Until
    1959 it was worth a point, which was then divided: whoever has whole points did not share it (1953 France).
    """
    first = laps.filter(pl.col("position") == 1).select("season", "round", "driver_id").unique()
    shared = first.with_columns(pl.lit(value=True).alias("first"))
    joined = frame.join(shared, on=["season", "round", "driver_id"], how="left")
    divided = (pl.col("season") > LAST_FASTEST_LAP_POINT_OF_OLD) | (pl.col("points").fill_null(0.0) % 1 != 0)
    too = pl.col("first").fill_null(value=False) & divided
    return joined.with_columns(pl.col("fastest_lap") | too).drop("first")


def _with_laps_led(frame: pl.DataFrame, leaders: pl.DataFrame) -> pl.DataFrame:
    """Laps led, 0 for those who led none of a race that is known; of a shared car they are its first driver's.

    Laps that were driven but do not count (2018 Canada: the flag came early) are left out; a race of whose laps some
    have no leader is not known.
    """
    counting = frame.group_by("season", "round").agg(pl.col("laps").max().alias("of"))
    first = leaders.join(counting, on=["season", "round"]).filter(pl.col("lap") <= pl.col("of"))
    led = first.group_by("season", "round", "number").agg(pl.len().cast(pl.Int64).alias("laps_led"))
    told = first.group_by("season", "round").agg((pl.len() == pl.col("of").first()).alias("known"))
    known = told.filter("known")
    joined = frame.join(led, on=["season", "round", "number"], how="left").join(
        known, on=["season", "round"], how="left"
    )
    mine = pl.when(pl.col("shared_car")).then(0).otherwise(pl.col("laps_led").fill_null(0))
    return joined.with_columns(pl.when(pl.col("known")).then(mine).alias("laps_led"))


def _with_grand_slams(frame: pl.DataFrame) -> pl.DataFrame:
    """Grand slams as the source marks them; else by the laps that are in the lake, null where those are not.

    A source that marks none at all does not tell either. What is no hat-trick is no grand slam, whoever led.
    """
    hat_trick = pl.col("pole") & (pl.col("position") == 1).fill_null(value=False) & pl.col("fastest_lap")
    by_laps = pl.when(hat_trick).then(pl.col("laps_led") == pl.col("laps")).otherwise(pl.lit(value=False))
    marked = pl.col("grand_slam") if frame["grand_slam"].any() else pl.lit(None, dtype=pl.Boolean)
    return frame.with_columns(pl.coalesce(marked, by_laps).alias("grand_slam"))


def _with_marks(frame: pl.DataFrame) -> pl.DataFrame:
    """With what is asked of every entry again and again: whether it started, won, came in the first three."""
    return frame.with_columns(
        pl.col("position_text").is_in(list(NOT_STARTED)).not_().alias("started"),
        (pl.col("position") == 1).alias("won"),
        (pl.col("position") <= 3).alias("on_podium"),
    )


def _with_pole(frame: pl.DataFrame) -> pl.DataFrame:
    """Pole where no car on the grid has it: the fastest qualifier's, who then could not start (1996 France)."""
    if "pole" not in frame.columns:
        return frame
    nobody = ~pl.col("pole").any().over("race")
    return frame.with_columns((pl.col("pole") | (nobody & (pl.col("qualification_position") == 1))).alias("pole"))


def _rows(frame: pl.DataFrame, kind: type[_Row]) -> list[_Row]:
    """A struct for each row; columns that the struct lacks are left out, those that the frame lacks take defaults."""
    defaults = {bool: False, float: 0.0}
    columns: list[pl.Expr] = []
    for field in msgspec.structs.fields(kind):
        default = defaults.get(field.type)
        column = pl.col(field.name) if field.name in frame.columns else pl.lit(None).alias(field.name)
        columns.append(column if default is None else column.fill_null(default).alias(field.name))
    return [kind(*row) for row in frame.select(columns).iter_rows()]


def _by_id(frame: pl.DataFrame, kind: type[_Row], **renamed: str) -> Mapping[str, _Row]:
    named = frame.rename(renamed)
    return dict(zip(named["id"].to_list(), _rows(named, kind), strict=True))


def _located(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[tuple[int, int], tuple[int, int]]]:
    """The frame sorted by race; and for each race its first row and how many there are."""
    ordered = frame.sort("season", "round", maintain_order=True)
    groups = ordered.with_row_index("at").group_by("season", "round").agg(pl.col("at").min(), pl.len().alias("rows"))
    return ordered, {(season, number): (at, rows) for season, number, at, rows in groups.iter_rows()}


def _grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key | None]) -> Mapping[_Key, tuple[_Row, ...]]:
    """The rows of each key, in their order; rows without one are left out."""
    groups: defaultdict[_Key, list[_Row]] = defaultdict(list)
    for row in rows:
        of = key(row)
        if of is not None:
            groups[of].append(row)
    return {of: tuple(group) for of, group in groups.items()}


def _tables(frame: pl.DataFrame, over: Set[int]) -> Mapping[tuple[int, int], tuple[Standing, ...]]:
    """Tables by season and round; the first of a final one of a season that is ``over`` is its champion.

    Not every copy of F1DB marks its champions; and the "final" table of a season that runs is only the latest.
    """
    first = (pl.col("round") == _FINAL) & (pl.col("position") == 1) & pl.col("season").is_in(list(over))
    marked = frame.with_columns((first | pl.col("champion").fill_null(value=False)).alias("champion"))
    return _grouped(_rows(marked.sort("season", "round", "row"), Standing), lambda row: (row.season, row.round))
