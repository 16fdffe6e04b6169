"""What must not run backwards, and which values of a row must agree with each other."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from overcut.domain.tables.finding import Action
from overcut.lake.validation.judging import Mark

SECTORS_AGREE_S = 0.002
"""Three sectors, each rounded to a millisecond, against a lap time rounded by itself."""


class Monotonic(msgspec.Struct, frozen=True):
    """Within ``group``, ordered by ``by``, ``column`` never falls; nulls are passed over."""

    group: tuple[str, ...]
    by: str
    column: str


RULES: Mapping[str, tuple[Monotonic, ...]] = {
    "laps": (
        Monotonic(("session_key", "driver_number"), "lap", "lap_end_s"),
        Monotonic(("session_key", "driver_number"), "lap", "lap_start_s"),
        Monotonic(("session_key", "driver_number"), "lap", "stint"),
    ),
    "pit_stops": (
        Monotonic(("session_key", "driver_number"), "stop", "lap"),
        Monotonic(("session_key", "driver_number"), "stop", "pit_in_time_s"),
    ),
    "stints": (Monotonic(("session_key", "driver_number"), "stint", "start_lap"),),
    "race_control": (Monotonic(("session_key",), "message_number", "utc"),),
    "events": (Monotonic(("session_key",), "number", "t_ms"),),
    "races": (Monotonic(("season",), "round", "date"),),
}


def backwards(table: str, frame: pl.DataFrame) -> list[Mark]:
    """Rows whose value is below that of the row before, by the rules of ``table``. They are kept: which of the two
    is wrong is not known."""
    marks: list[Mark] = []
    for rule in RULES.get(table, ()):
        known = frame.select(*rule.group, rule.by, rule.column).with_row_index("row").drop_nulls(rule.column)
        fallen = known.sort(*rule.group, rule.by, maintain_order=True).filter(
            pl.col(rule.column) < pl.col(rule.column).shift(1).over(rule.group)
        )
        if fallen.height:
            marks.append(Mark("not_monotonic", rule.column, _mask(frame.height, fallen["row"]), Action.KEPT))
    return marks


def disagreeing(table: str, frame: pl.DataFrame) -> list[Mark]:
    """Rows whose own values contradict each other. They are kept: which value is wrong is not known."""
    if table != "laps":
        return []
    total = pl.col("s1_s") + pl.col("s2_s") + pl.col("s3_s")
    sums = frame.select(((total - pl.col("lap_time_s")).abs() > SECTORS_AGREE_S).fill_null(value=False))
    ends = frame.select((pl.col("lap_end_s") < pl.col("lap_start_s")).fill_null(value=False))
    found = [("sectors_disagree", "lap_time_s", sums), ("ends_before_start", "lap_end_s", ends)]
    return [Mark(kind, column, rows.to_series(), Action.KEPT) for kind, column, rows in found if rows.to_series().any()]


def _mask(height: int, rows: pl.Series) -> pl.Series:
    mask = pl.Series([False]).new_from_index(0, height)
    return mask.scatter(rows, values=True)
