"""How a file with one column a channel becomes rows of ``channels``: any number of them, at any rate."""

from __future__ import annotations

import polars as pl

from overcut.domain.tables import TABLES
from overcut.kernel.frame_schema import frame_schema
from overcut.sources.own_data.mapping import FileMapping, From
from overcut.sources.own_data.rows import ROW, Problem, table_rows

ALL_OTHERS = "*"


def channel_rows(
    mapping: FileMapping, read: pl.DataFrame, file: str, constants: dict[str, object]
) -> tuple[pl.DataFrame, list[Problem]]:
    """One row a value, sorted as the table is; cells without a value give none.

    A channel's unit is only noted, never converted: it is the file's own affair. Of values of one channel that fall
    into the same millisecond (rates over 1 kHz) the last is kept; the others are told.

    Args:
        mapping: ``columns`` say whose car and when, ``channels`` which columns are channels.
        read: the file, with row numbers. ``file``: its name. ``constants``: the session's key.
    """
    table = TABLES["channels"]
    axis, problems = table_rows(table, mapping, read, file, constants)
    sound = read.join(axis.select(ROW), on=ROW, how="semi")
    schema = frame_schema(table)
    frames: list[pl.DataFrame] = []
    for name, origin in sorted(_chosen(mapping, read).items()):
        column = str(origin.column)
        values = sound[column].cast(pl.Float64, strict=False)
        unread = values.is_null() & sound[column].is_not_null()
        problems += [
            Problem(file, row, name, str(value)[:60], "is not a number")
            for row, value in sound.filter(unread).select(ROW, column).iter_rows()
        ]
        told = axis.select("session_key", "driver_number", "t_ms").with_columns(
            pl.lit(name).alias("channel"), values.alias("value"), pl.lit(origin.unit or "").alias("unit")
        )
        told = told.filter(pl.col("value").is_not_null() & pl.col("value").is_finite())
        frames.append(_one_a_millisecond(told, name, file, problems).select(list(schema)))
    return (pl.concat(frames) if frames else pl.DataFrame(schema=schema)), problems


def _chosen(mapping: FileMapping, read: pl.DataFrame) -> dict[str, From]:
    """Channels by name; ``"*"`` stands for every other column that is a number, or text that reads as one."""
    named = {
        name: From(column=origin) if isinstance(origin, str) else origin
        for name, origin in mapping.channels.items()
        if name != ALL_OTHERS
    }
    if ALL_OTHERS not in mapping.channels:
        return named
    taken = {origin.column for origin in named.values()} | {ROW}
    taken |= {origin.column for column in mapping.columns if (origin := mapping.of(column)) is not None}
    for column in read.columns:
        if column not in taken and _is_number(read[column]):
            named[column] = From(column=column)
    return named


def _is_number(values: pl.Series) -> bool:
    if values.dtype.is_numeric():
        return True
    if values.dtype != pl.String:
        return False
    some = values.drop_nulls().head(100)
    return some.len() > 0 and some.cast(pl.Float64, strict=False).null_count() == 0


def _one_a_millisecond(told: pl.DataFrame, name: str, file: str, problems: list[Problem]) -> pl.DataFrame:
    kept = told.unique(["driver_number", "t_ms"], keep="last", maintain_order=True)
    if kept.height < told.height:
        over = told.height - kept.height
        problems.append(Problem(file, 0, name, "", f"has {over} values that share a millisecond with a later one"))
    return kept.sort("driver_number", "t_ms")
