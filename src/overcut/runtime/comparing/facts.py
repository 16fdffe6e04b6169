"""What the lake's sources say of the same races, side by side: one row a driver and race."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.runtime.comparing.verdicts import session_key

_RESULT = (
    *("season", "round", "position", "position_text", "driver_id", "laps", "time_ms", "penalty_ms", "grid", "points"),
    "reason_retired",
)
_RACES = ("R", "S")


class Facts:
    """Frames for comparisons; each is read when it is first asked for."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake

    @cached_property
    def laps(self) -> pl.DataFrame:
        """Laps of the timing tables, with ``driver_id``; inserted ones too."""
        laps = self.lake.read("laps", source=LakeSource.TABLES)
        who = self.lake.read("entries", source=LakeSource.TABLES, columns=["session_key", "driver_number", "driver_id"])
        found = laps.join(who, on=["session_key", "driver_number"], how="left", maintain_order="left")
        return found.with_columns((pl.col("lap_time_s") * 1000).round().cast(pl.Int64).alias("lap_ms"))

    @cached_property
    def driven(self) -> pl.DataFrame:
        """Laps of races and sprints that were driven, not inserted."""
        return self.laps.filter(pl.col("session").is_in(_RACES) & ~pl.col("generated").fill_null(value=False))

    @cached_property
    def results(self) -> pl.DataFrame:
        """F1DB's results of races and sprints of which the timing tables tell."""
        return self._told(self.results_of(LakeSource.F1DB))

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """F1DB's results with what the timing tables add up to: ``t_laps``, ``t_ms``, ``t_end_s``, ``t_best_ms`` …"""
        last = pl.col("lap") == pl.col("lap").max()
        counted = (
            self.driven.sort("session_key", "driver_id", "lap")
            .group_by("session_key", "driver_id")
            .agg(
                pl.col("lap").max().alias("t_laps"),
                pl.len().alias("t_rows"),
                pl.col("lap_ms").null_count().alias("t_untimed"),
                pl.col("lap_ms").sum().alias("t_ms"),
                pl.col("lap_end_s").last().alias("t_end_s"),
                pl.col("lap_time_source").first().alias("lap_1_source"),
                pl.col("pit_in").filter(last).first().alias("last_in_pits"),
                pl.col("lap_ms").filter(last).first().alias("last_ms"),
                pl.col("lap_ms").max().alias("longest_ms"),
            )
        )
        inserted = self.laps.filter(pl.col("generated").fill_null(value=False)).group_by("session_key", "driver_id")
        return (
            self.results.join(counted, on=["session_key", "driver_id"], how="inner")
            .join(inserted.agg(pl.col("lap").max().alias("inserted_lap")), on=["session_key", "driver_id"], how="left")
            .with_columns(
                pl.col("t_laps").filter(pl.col("position") == 1).first().over("session_key").alias("t_winner")
            )
            .with_columns(
                pl.col("laps").filter(pl.col("position") == 1).first().over("session_key").alias("winner_laps")
            )
        )

    @cached_property
    def f1db_stops(self) -> pl.DataFrame:
        """F1DB's pit stops of races of which the timing tables tell."""
        stops = self.lake.read("history_pit_stops", source=LakeSource.F1DB).with_columns(session_key())
        return self._told(stops)

    def results_of(self, source: LakeSource) -> pl.DataFrame:
        """Races and sprints of a source, with ``session_key``."""
        races = self.lake.read("results", source=source, columns=list(_RESULT)).with_columns(session_key())
        sprints = self.lake.read("sprints", source=source, columns=list(_RESULT)).with_columns(session_key(pl.lit("S")))
        return pl.concat([races, sprints])

    def _told(self, frame: pl.DataFrame) -> pl.DataFrame:
        sessions = self.lake.units("laps", source=LakeSource.TABLES)
        return frame.filter(pl.col("session_key").is_in(sessions))
