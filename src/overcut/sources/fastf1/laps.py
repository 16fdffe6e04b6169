"""How FastF1's laps, or the parts of its cache that it makes them of, become ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

RACES = ("R", "S")
_DELETED = re.compile(r"CAR (\d{1,2}) .*?TIME (\d{1,2}:\d\d\.\d{3}) DELETED(?: - (.*))?")
_REINSTATED = re.compile(r"CAR (\d{1,2}) .*?TIME (\d{1,2}:\d\d\.\d{3}) .*REINSTATED")
_SAME_TIME_S = 0.0015
_NEUTRALISED = "4567"

_COLUMNS: Mapping[str, str] = {
    "Driver": "driver",
    "DriverNumber": "driver_number",
    "LapNumber": "lap",
    "Stint": "stint",
    "SpeedI1": "speed_i1",
    "SpeedI2": "speed_i2",
    "SpeedFL": "speed_fl",
    "SpeedST": "speed_st",
    "IsPersonalBest": "is_personal_best",
    "Compound": "compound",
    "TyreLife": "tyre_life",
    "FreshTyre": "fresh_tyre",
    "Team": "team",
    "TrackStatus": "track_status",
    "Position": "position",
    "Deleted": "deleted",
    "DeletedReason": "deleted_reason",
    "FastF1Generated": "generated",
    "IsAccurate": "is_accurate",
}
_TIMES: Mapping[str, str] = {
    "Time": "lap_end_s",
    "LapTime": "lap_time_s",
    "PitOutTime": "pit_out_time_s",
    "PitInTime": "pit_in_time_s",
    "Sector1Time": "s1_s",
    "Sector2Time": "s2_s",
    "Sector3Time": "s3_s",
    "LapStartTime": "lap_start_s",
}
_EMPTY_TEXTS = ("", "nan", "None", "UNKNOWN")


def laps_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Laps with FastF1's columns as rows of our table ``laps``, less what the session's key tells."""
    there = [name for name in _COLUMNS if name in frame.columns]
    texts = ("compound", "track_status", "deleted_reason", "team", "driver")
    laps = frame.select(
        *(pl.col(name).alias(_COLUMNS[name]) for name in there),
        *(seconds(name).alias(column) for name, column in _TIMES.items() if name in frame.columns),
    )
    laps = laps.with_columns(
        *(_text(name) for name in texts if name in laps.columns),
        pl.col("lap_time_s").is_not_null().replace_strict({True: "f1", False: None}, return_dtype=pl.String)
        .alias("lap_time_source"),
        pl.col("pit_in_time_s").is_not_null().alias("pit_in"),
        pl.col("pit_out_time_s").is_not_null().alias("pit_out"),
    )  # fmt: skip
    return laps.filter(pl.col("lap").is_not_null() & pl.col("driver_number").is_not_null())


def assembled(
    timing: pl.DataFrame, tyres: pl.DataFrame, track: pl.DataFrame, started_s: float | None, *, race: bool
) -> pl.DataFrame:
    """Laps with FastF1's columns, from its cached timing and tyre data.

    A lap's tyres are those that the feed had told of by the lap's end; by the car's entry to the pits for an in-lap,
    whose next set may be told before the line.

    Args:
        timing: one row a lap (``Time``, ``Driver``, ``NumberOfLaps`` …). ``tyres``: what was told of sets, in order.
        track: changes of the track's flag: ``Time``, ``Status``.
        started_s: when the session was started, in session time. ``race``: whether cars raced each other.
    """
    laps = (
        timing.rename({"Driver": "DriverNumber", "NumberOfLaps": "LapNumber"})
        .filter(pl.col("LapNumber").is_not_null())
        .with_columns(pl.col("LapNumber").cast(pl.Int64))
        .unique(["DriverNumber", "LapNumber"], keep="first", maintain_order=True)
        .sort("DriverNumber", "LapNumber")
    )
    begun = pl.col("Time").shift(1).over("DriverNumber")
    if race and started_s is not None:
        at = pl.lit(round(started_s * 1e9), dtype=pl.Int64).cast(pl.Duration("ns"))
        begun = pl.when(pl.col("LapNumber") == 1).then(at).otherwise(begun)
        to_grid = (pl.col("LapNumber") == 1) & (pl.col("PitOutTime").cast(pl.Duration("ns")) < at)
        laps = laps.with_columns(pl.when(~to_grid).then(pl.col("PitOutTime")).alias("PitOutTime"))
    laps = laps.with_columns(pl.coalesce(begun, pl.col("PitOutTime")).cast(pl.Duration("ns")).alias("LapStartTime"))
    laps = _with_tyres(laps, tyres)
    if race:
        rank = pl.col("Time").rank("ordinal").over("LapNumber").cast(pl.Float64)
        laps = laps.with_columns(rank.alias("Position"))
    return laps.with_columns(_digits(laps, track).alias("TrackStatus"), pl.lit(value=False).alias("FastF1Generated"))


def told_deleted(laps: pl.DataFrame, messages: pl.Series) -> pl.DataFrame:
    """Our laps with what race control deleted and did not reinstate; unchanged where it told nothing at all."""
    told = [text for text in messages.to_list() if text]
    if not told:
        return laps
    reinstated = {found.groups() for text in told if (found := _REINSTATED.search(text))}
    deleted = [
        (found[1], _lap_s(found[2]), (found[3] or "").strip())
        for text in told
        if (found := _DELETED.search(text)) and (found[1], found[2]) not in reinstated and "REINSTATED" not in text
    ]
    reasons: list[str | None] = []
    for number, lap_s in laps.select("driver_number", "lap_time_s").iter_rows():
        hit = [why for who, when, why in deleted if who == number and abs((lap_s or 0.0) - when) < _SAME_TIME_S]
        reasons.append(hit[0] if hit else None)
    reason = pl.Series("deleted_reason", reasons, dtype=pl.String)
    return laps.with_columns(reason, reason.is_not_null().alias("deleted"))


def with_accuracy(laps: pl.DataFrame) -> pl.DataFrame:
    """Our laps with ``is_accurate`` worked out: a flying lap under green or yellow whose sectors add up to its time."""
    sum_s = pl.col("s1_s") + pl.col("s2_s") + pl.col("s3_s")
    accurate = (
        ((pl.col("lap_time_s") - sum_s).abs() < 0.003)
        & ~pl.col("pit_in")
        & ~pl.col("pit_out")
        & (pl.col("lap") > 1)
        & ~pl.col("track_status").fill_null("").str.contains(f"[{_NEUTRALISED}]")
    )
    return laps.with_columns(accurate.fill_null(value=False).alias("is_accurate"))


def seconds(name: str) -> pl.Expr:
    """A duration in seconds, to the millisecond."""
    return (pl.col(name).cast(pl.Duration("ns")).dt.total_nanoseconds() / 1e9).round(3)


def _with_tyres(laps: pl.DataFrame, tyres: pl.DataFrame) -> pl.DataFrame:
    if tyres.is_empty() or "Stint" not in tyres.columns:
        return laps.with_columns(pl.lit(None, pl.Float64).alias("Stint"))
    sets = (
        tyres.sort("Time", maintain_order=True)
        .group_by("Driver", "Stint", maintain_order=True)
        .agg(
            pl.col("Time").first(),
            *(pl.col(name).drop_nulls().last() for name in ("New", "StartLaps", "Compound")),
        )
        .filter(pl.col("Compound").is_not_null())
        .sort("Driver", "Stint")
        .with_columns(
            (pl.col("Stint").cast(pl.Float64) + 1).alias("Stint"),
            pl.when(pl.int_range(pl.len()).over("Driver") == 0)  # what a car starts on may be told late
            .then(pl.lit(0).cast(pl.Duration("ns")))
            .otherwise(pl.col("Time").cast(pl.Duration("ns")))
            .alias("Time"),
        )
        .sort("Time")
    )
    told = laps.with_columns(pl.coalesce("PitInTime", "Time").cast(pl.Duration("ns")).alias("told")).sort("told")
    joined = told.filter(pl.col("told").is_not_null()).join_asof(
        sets.rename({"Driver": "DriverNumber", "Time": "fitted"}),
        left_on="told",
        right_on="fitted",
        by="DriverNumber",
        check_sortedness=False,
    )
    age = pl.col("LapNumber").rank("ordinal").over("DriverNumber", "Stint")
    return (
        pl.concat([joined, told.filter(pl.col("told").is_null())], how="diagonal")
        .with_columns(
            (pl.col("StartLaps").cast(pl.Float64) + age).alias("TyreLife"),
            pl.col("New").cast(pl.Boolean, strict=False).alias("FreshTyre"),
        )
        .sort("DriverNumber", "LapNumber")
    )


def _digits(laps: pl.DataFrame, track: pl.DataFrame) -> pl.Series:
    """The flags' digits seen during each lap, each once, in order."""
    changes = [] if track.is_empty() else list(track.sort("Time").select(seconds("Time"), "Status").iter_rows())
    found: list[str | None] = []
    for start_s, end_s in laps.select(seconds("LapStartTime"), seconds("Time").alias("end")).iter_rows():
        if end_s is None or not changes:
            found.append(None)
            continue
        from_s = end_s if start_s is None else start_s
        before = [status for at_s, status in changes if at_s <= from_s][-1:]
        during = [status for at_s, status in changes if from_s < at_s <= end_s]
        found.append("".join(dict.fromkeys(before + during)) or None)
    return pl.Series(found, dtype=pl.String)


def _lap_s(text: str) -> float:
    minutes, rest = text.split(":")
    return int(minutes) * 60 + float(rest)


def _text(name: str) -> pl.Expr:
    column = pl.col(name).cast(pl.String)
    return pl.when(column.is_in(_EMPTY_TEXTS)).then(None).otherwise(column).alias(name)
