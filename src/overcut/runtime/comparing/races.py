"""Laps, race times and finishing orders: F1DB's results against the laps of the timing tables."""

from __future__ import annotations

import polars as pl

from overcut.runtime.comparing.facts import Facts
from overcut.runtime.comparing.verdicts import F1DB, TIMING, Compared, Reason, Right, seconds, told

AGREE_MS = 2
DERIVED_MS = 500
"""A first lap that was never sent is known to about a quarter of a second."""
HOUR_MS = 3_600_000

_WHO = pl.col("driver_id")
_PENALTIES_MS = (5_000, 10_000, 15_000, 20_000, 25_000, 30_000)


def laps_completed(facts: Facts) -> Compared:
    """How many laps each car completed."""
    pairs = facts.pairs.drop_nulls("laps")
    differ = pairs.filter(pl.col("laps") != pl.col("t_laps"))
    counted_back = (pl.col("t_winner") > pl.col("winner_laps")) & (pl.col("t_laps") > pl.col("laps"))
    reasons = [
        Reason(
            counted_back,
            Right.LEFT,
            pl.format(
                "the result was counted back to the winner's lap {}: later laps were driven, and do not count",
                pl.col("winner_laps"),
            ),
        ),
        Reason(
            (pl.col("t_laps") == pl.col("laps") + 1) & pl.col("last_in_pits"),
            Right.LEFT,
            "the car retired in the pits: its last lap of the timing tables never reached the line",
        ),
        Reason(
            (pl.col("inserted_lap") == pl.col("laps")) & pl.col("position").is_not_null(),
            Right.LEFT,
            "the car was classified with that lap, which the timing tables mark as inserted",
        ),
    ]
    found = told(
        differ, table="results", column="laps", left=(F1DB, pl.col("laps")), right=(TIMING, pl.col("t_laps")),
        row=_WHO, reasons=reasons,
    )  # fmt: skip
    return Compared("laps completed in races and sprints", pairs.height, found)


def race_times(facts: Facts) -> Compared:
    """The winner's lap's race times against the sum of all laps; a penalty that F1DB names is taken off first."""
    whole = (pl.col("t_untimed") == 0) & (pl.col("t_rows") == pl.col("laps")) & (pl.col("t_laps") == pl.col("laps"))
    pairs = facts.pairs.filter(pl.col("time_ms").is_not_null() & whole).with_columns(
        (pl.col("t_ms") - pl.col("time_ms")).alias("raw_ms"),
        (pl.col("t_ms") - pl.col("time_ms") + pl.col("penalty_ms").fill_null(0)).alias("off_ms"),
    )
    off, raw = pl.col("off_ms").abs(), pl.col("raw_ms").abs()
    derived = pl.col("lap_1_source") == "derived_lap1"
    slack = pl.when(derived).then(DERIVED_MS).otherwise(AGREE_MS)
    common = pl.col("off_ms").median().over("session_key")
    unnamed = pl.any_horizontal((pl.col("off_ms") + penalty).abs() <= slack for penalty in _PENALTIES_MS)
    differ = pairs.with_columns(common.alias("common_ms"), (pl.col("off_ms") - common).abs().alias("beside_ms")).filter(
        off > AGREE_MS
    )
    reasons = [
        Reason(
            (raw <= slack) & (pl.col("penalty_ms") > 0),
            Right.UNKNOWN,
            pl.format(
                "F1DB names a penalty of {}, and its time does not contain it: one of the two is wrong",
                seconds(pl.col("penalty_ms")),
            ),
        ),
        Reason(
            derived & (off <= DERIVED_MS),
            Right.LEFT,
            "the first lap was never sent: the timing tables derived it, to about a quarter of a second",
        ),
        Reason(
            derived & (pl.col("common_ms").abs() > DERIVED_MS) & (pl.col("beside_ms") <= DERIVED_MS),
            Right.LEFT,
            pl.format(
                "every car of the session is out by about {}: the first lap was derived from a start that was another",
                seconds(pl.col("common_ms")),
            ),
        ),
        Reason(
            ((pl.col("off_ms") + HOUR_MS).abs() <= slack),
            Right.LEFT,
            "exactly an hour is missing: the lap under the red flag lost its hour in the timing tables",
        ),
        Reason(
            unnamed,
            Right.LEFT,
            pl.format("F1DB's time contains a penalty of {} that it does not name", seconds(-pl.col("off_ms"))),
        ),
        Reason(
            pl.col("beside_ms") > DERIVED_MS,
            Right.LEFT,
            pl.format(
                "the other cars' laps add up to their times: a lap of this car is out by {} in the timing tables",
                seconds(pl.col("off_ms")),
            ),
        ),
    ]
    found = told(
        differ, table="results", column="time_ms", left=(F1DB, pl.col("time_ms")),
        right=(TIMING, pl.col("t_ms") + pl.col("penalty_ms").fill_null(0)), row=_WHO, reasons=reasons,
    )  # fmt: skip
    return Compared("race times against the sum of laps and penalties", pairs.height, found)


def finishing_order(facts: Facts) -> Compared:
    """Classified positions against the order over the line; penalties and disqualifications move cars afterwards."""
    timed = facts.pairs.filter(
        pl.col("t_end_s").is_not_null() & (pl.col("t_laps") == pl.col("laps")) & pl.col("laps").is_not_null()
    )
    # Whole fields only: with a car missing nobody's place among the others is known.
    classified = facts.results.filter(pl.col("position").is_not_null()).group_by("session_key").len("classified")
    placed = timed.filter(pl.col("position").is_not_null())
    sizes = placed.group_by("session_key").len("timed").join(classified, on="session_key")
    sure = sizes.filter(pl.col("timed") == pl.col("classified"))["session_key"].to_list()
    line = _rank(timed.filter(pl.col("session_key").is_in(sure)), pl.col("t_end_s"), "line")
    penalised = pl.col("t_end_s") + pl.col("penalty_ms").fill_null(0) / 1000
    after = _rank(line.filter(pl.col("position").is_not_null()), penalised, "after_penalties")
    total = pl.when((pl.col("t_untimed") == 0).all().over("session_key", "laps")).then(
        pl.col("t_ms") + pl.col("penalty_ms").fill_null(0)
    )
    added = _rank(after, total, "by_sum").with_columns(total.is_null().alias("no_sum"))
    differ = added.filter(pl.col("line") != pl.col("position"))
    reasons = [
        Reason(
            (pl.col("after_penalties") == pl.col("position")) & (pl.col("penalty_ms").fill_null(0) > 0),
            Right.LEFT,
            pl.format("a penalty of {} after the flag", seconds(pl.col("penalty_ms"))),
        ),
        Reason(
            pl.col("after_penalties") == pl.col("position"),
            Right.LEFT,
            "penalties or disqualifications of others after the flag",
        ),
        Reason(
            (pl.col("by_sum") == pl.col("position")) & ~pl.col("no_sum"),
            Right.LEFT,
            "the laps add up to that order: the instant of a last lap's end is out in the timing tables",
        ),
        Reason(
            pl.col("laps") < pl.col("winner_laps"),
            Right.LEFT,
            "lapped cars changed places after the flag: F1DB names no penalties of theirs, but classifies by them",
        ),
    ]
    found = told(
        differ, table="results", column="position", left=(F1DB, pl.col("position")), right=(TIMING, pl.col("line")),
        row=_WHO, reasons=reasons,
    )  # fmt: skip
    return Compared("finishing order against the order over the line", after.height, found)


def _rank(frame: pl.DataFrame, end: pl.Expr, name: str) -> pl.DataFrame:
    """Places by laps, most first, then by who ended them first."""
    ordered = frame.with_columns(end.alias("end")).sort(
        "session_key", pl.col("laps"), "end", descending=[False, True, False]
    )
    return ordered.with_columns((pl.int_range(pl.len()).over("session_key") + 1).alias(name)).drop("end")
