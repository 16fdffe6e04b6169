"""What an answer's rows look like as bytes of each form."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import msgspec
import polars as pl

from overcut.lake.sql.formats import RowsFormat


def encoded(rows: pl.DataFrame, form: RowsFormat) -> bytes:
    """Rows as bytes. JSON: a list of objects; numbers that are none (NaN, infinite) are null there, instants ISO 8601.

    In CSV, lists and structures are written as JSON text.
    """
    memory = io.BytesIO()
    _WRITERS[form](rows, memory)
    return memory.getvalue()


def _csv(rows: pl.DataFrame, memory: io.BytesIO) -> None:
    nested = [name for name, kind in rows.schema.items() if kind.is_nested()]
    texts = [
        pl.Series(name, [None if value is None else _json(value) for value in rows.get_column(name)], dtype=pl.String)
        for name in nested
    ]
    _spelled(rows.with_columns(texts)).write_csv(memory)


def _json(value: object) -> str:
    return msgspec.json.encode(value.to_list() if isinstance(value, pl.Series) else value, enc_hook=str).decode()


def _spelled(rows: pl.DataFrame) -> pl.DataFrame:
    """Instants as ISO 8601, bytes as hexadecimal text, numbers that are none as null."""
    instants = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Datetime)]
    blobs = [name for name, kind in rows.schema.items() if kind == pl.Binary]
    reals = [name for name, kind in rows.schema.items() if kind.is_float()]
    zoned = {name for name in instants if getattr(rows.schema[name], "time_zone", None)}
    return rows.with_columns(
        *(pl.col(n).dt.strftime("%Y-%m-%dT%H:%M:%S%.3f" + ("Z" if n in zoned else "")) for n in instants),
        *(pl.col(name).bin.encode("hex") for name in blobs),
        *(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in reals),
    )


_WRITERS: Mapping[RowsFormat, Callable[[pl.DataFrame, io.BytesIO], object]] = {
    RowsFormat.JSON: lambda rows, memory: _spelled(rows).write_json(memory),
    RowsFormat.JSONL: lambda rows, memory: _spelled(rows).write_ndjson(memory),
    RowsFormat.CSV: _csv,
    RowsFormat.PARQUET: lambda rows, memory: rows.write_parquet(memory, compression="zstd"),
    RowsFormat.ARROW: lambda rows, memory: rows.write_ipc_stream(memory, compat_level=pl.CompatLevel.oldest()),
}
