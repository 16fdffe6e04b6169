"""Results, qualifying, races and standings: F1DB against Jolpica; and Jolpica's laps against the timing tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from overcut.domain.calendar import RACES
from overcut.domain.grands_prix import races_of
from overcut.domain.tables import LakeSource
from overcut.runtime.comparing.facts import Facts
from overcut.runtime.comparing.verdicts import F1DB, JOLPICA, TIMING, Compared, Reason, Right, session_key, told


class _Against(NamedTuple):
    """A table of both: what a row is named by, and which values are compared."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]


_TABLES = (
    _Against("races", ("season", "round"), ("date", "grand_prix_id", "circuit_id", "laps", "sprint")),
    _Against(
        "results",
        ("season", "round", "driver_id"),
        ("position_text", "constructor_id", "driver_number", "laps", "time_ms", "grid", "points"),
    ),
    _Against(
        "sprints",
        ("season", "round", "driver_id"),
        ("position_text", "constructor_id", "laps", "time_ms", "grid", "points"),
    ),
    _Against(
        "qualifying",
        ("season", "round", "session", "driver_id"),
        ("position_text", "constructor_id", "q1_ms", "q2_ms", "q3_ms"),
    ),
    _Against("fastest_laps", ("season", "round", "driver_id"), ("lap", "time_ms")),
    _Against("history_pit_stops", ("season", "round", "driver_id", "stop"), ("lap", "time_ms")),
    _Against("driver_standings", ("season", "round", "driver_id"), ("position", "points")),
    _Against("constructor_standings", ("season", "round", "constructor_id"), ("position", "points")),
)


def against_f1db(facts: Facts) -> Iterator[Compared]:
    """Each value that both tell."""
    for against in _TABLES:
        columns = list(dict.fromkeys(("season", "round", *against.key, *against.values)))
        theirs = facts.lake.read(against.table, source=LakeSource.JOLPICA, columns=columns)
        if theirs.is_empty():
            continue
        penalty = ["penalty_ms"] if against.table in ("results", "sprints") else []
        ours = facts.lake.read(against.table, source=LakeSource.F1DB, columns=[*columns, *penalty])
        both = ours.unique(against.key, keep="none").join(
            theirs.unique(against.key, keep="none"), on=list(against.key), suffix="_right"
        )
        if "laps" in against.values and "driver_id" in against.key:
            both = both.with_columns(pl.col("laps").max().over("season", "round").alias("winner_laps"))
        if against.table.endswith("standings"):
            both = both.filter(pl.col("round") > 0)
        for value in against.values:
            yield _compared(facts, against, value, both)


def _compared(facts: Facts, against: _Against, value: str, both: pl.DataFrame) -> Compared:
    known = both.filter(pl.col(value).is_not_null() & pl.col(f"{value}_right").is_not_null())
    differ = known.filter(pl.col(value) != pl.col(f"{value}_right")).with_columns(session_key())
    names = [name for name in against.key if name not in ("season", "round")]
    row = pl.concat_str(names, separator=" ") if names else pl.lit("race")
    found = told(
        differ, table=against.table, column=value, left=(F1DB, pl.col(value)),
        right=(JOLPICA, pl.col(f"{value}_right")),
        row=row, reasons=_reasons(facts, against, value, differ),
    )  # fmt: skip
    return Compared(f"{against.table}.{value} against Jolpica", known.height, found)


def _reasons(facts: Facts, against: _Against, value: str, differ: pl.DataFrame) -> list[Reason]:
    """Rules of the sport, and the timing tables and the built-in calendar as a third witness."""
    if differ.is_empty():
        return []
    left, right = pl.col(value), pl.col(f"{value}_right")
    raced = against.table in ("results", "sprints")
    if value == "time_ms" and raced:
        rounded = Reason(
            (left - right).abs() <= 1, Right.UNKNOWN, "they round the same time differently, by a millisecond"
        )
        penalised = Reason(
            (left > right) & (pl.col("penalty_ms") > 0) & ((left - right) % 5_000 == 0),
            Right.LEFT,
            "F1DB's time contains a penalty that it names, as the classification does; Jolpica's is the time driven",
        )
        return [rounded, penalised, *_witnessed(differ, _sums(facts), value, _SUM_MS)]
    if (against.table, value) in _BY_LAPS:
        return _witnessed(differ, _driven(facts) if raced else _fastest(facts), value, 0)
    if against.table == "races" and value == "date":
        days = {(f"{race.season}-{race.round_number:02d}-R", ""): race.day for year in RACES for race in races_of(year)}
        return _witnessed(differ.with_columns(pl.lit("").alias("driver_id")), days, value, 0)
    if value == "position_text":
        return _placings(against, left, right)
    return []


_BY_LAPS = (("results", "laps"), ("sprints", "laps"), ("fastest_laps", "lap"))
"""Values that can be counted in the laps of the timing tables."""

_SUM_MS = 500
"""A sum of laps whose first was derived is right to about a quarter of a second."""


def _placings(against: _Against, left: pl.Expr, right: pl.Expr) -> list[Reason]:
    left_placed, right_placed = left.str.contains(r"^\d+$"), right.str.contains(r"^\d+$")
    reasons = [
        Reason(
            ~left_placed & ~right_placed, Right.UNKNOWN, "neither classifies the car; they name the reason differently"
        )
    ]
    if against.table == "qualifying":
        untimed = pl.col("q1_ms").is_null() & pl.col("q1_ms_right").is_null()
        reasons.append(Reason(untimed & ~left_placed, Right.LEFT, "the car set no time: it has no place"))
    else:
        far_enough = pl.col("laps") >= pl.col("winner_laps") * 0.9
        reasons.append(
            Reason(
                left_placed & ~right_placed & far_enough,
                Right.LEFT,
                "the car stopped, but had driven nine tenths of the winner's distance: it is classified",
            )
        )
    return reasons


def _witnessed(differ: pl.DataFrame, witness: Mapping[tuple[str, str], object], value: str, slack: int) -> list[Reason]:
    """Who agrees with a third source, which tells by session and driver."""
    told_by = [witness.get(at) for at in differ.select("session_key", "driver_id").iter_rows()]
    third = pl.lit(pl.Series("third", told_by, strict=False))

    def agrees(column: str) -> pl.Expr:
        if slack:
            return (pl.col(column) - third).abs() <= slack
        return pl.col(column).cast(pl.String) == third.cast(pl.String)

    return [
        Reason(
            agrees(value) & ~agrees(f"{value}_right"), Right.LEFT, f"{_WITNESS.get(value, _TIMING)} agrees with F1DB"
        ),
        Reason(
            agrees(f"{value}_right") & ~agrees(value),
            Right.RIGHT,
            f"{_WITNESS.get(value, _TIMING)} agrees with Jolpica",
        ),
    ]


_TIMING = "what the timing tables tell"
_WITNESS = {"date": "the built-in calendar", "time_ms": "the time of the timing tables, with penalties,"}


def _sums(facts: Facts) -> dict[tuple[str, str], object]:
    """Race times with penalties: by the sum of laps, else by how long after the winner the car crossed the line."""
    won = pl.col("position") == 1
    end_s, time_ms = (pl.col(name).filter(won).first().over("session_key") for name in ("t_end_s", "time_ms"))
    behind_ms = ((pl.col("t_end_s") - end_s) * 1000).round().cast(pl.Int64)
    whole = (pl.col("t_untimed") == 0) & (pl.col("t_rows") == pl.col("laps"))
    driven = pl.when(whole).then(pl.col("t_ms")).when(pl.col("t_laps") == pl.col("laps")).then(time_ms + behind_ms)
    total = facts.pairs.select("session_key", "driver_id", driven + pl.col("penalty_ms").fill_null(0))
    return {(row[0], row[1]): row[2] for row in total.iter_rows()}


def _driven(facts: Facts) -> dict[tuple[str, str], object]:
    return {(row[0], row[1]): row[2] for row in facts.pairs.select("session_key", "driver_id", "t_laps").iter_rows()}


def _fastest(facts: Facts) -> dict[tuple[str, str], object]:
    best = facts.driven.drop_nulls("lap_ms").sort("lap_ms", "lap").group_by("session_key", "driver_id").first()
    return {(row[0], row[1]): row[2] for row in best.select("session_key", "driver_id", "lap").iter_rows()}


def laps_against_timing(facts: Facts) -> Compared:
    """Lap times of races, as Jolpica has them, against the timing tables."""
    theirs = facts.lake.read("laps", source=LakeSource.JOLPICA).filter(pl.col("lap_time_s").is_not_null())
    columns = ["session_key", "driver_number", "lap"]
    ours = facts.driven.select(*columns, "lap_ms", "lap_time_source", "deleted").drop_nulls("lap_ms")
    pairs = theirs.select(
        *columns, "driver", (pl.col("lap_time_s") * 1000).round().cast(pl.Int64).alias("right_ms")
    ).join(ours, on=columns, how="inner")
    differ = pairs.filter(pl.col("lap_ms") != pl.col("right_ms"))
    derived = pl.col("lap_time_source").is_in(["derived_lap1", "sector_sum"])
    reasons = [
        Reason(
            derived & ((pl.col("lap_ms") - pl.col("right_ms")).abs() <= 1_000),
            Right.RIGHT,
            "the timing tables derived this lap; it was never sent",
        ),
    ]
    found = told(
        differ, table="laps", column="lap_time_s", left=(TIMING, pl.col("lap_ms")), right=(JOLPICA, pl.col("right_ms")),
        row=pl.format("{} lap {}", pl.col("driver"), pl.col("lap")), reasons=reasons,
    )  # fmt: skip
    return Compared("lap times of the timing tables against Jolpica", pairs.height, found)
