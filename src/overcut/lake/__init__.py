"""Where sessions and history are kept, and how they are asked for: Parquet files, DuckDB over them, one writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overcut.lake.store.lake import Lake

__all__ = ["Lake"]


def __getattr__(name: str) -> object:
    """`Lake` when it is asked for: whoever needs another module of this room does not pay for Polars and DuckDB."""
    if name != "Lake":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from overcut.lake.store.lake import Lake  # noqa: PLC0415 -- that is the point

    return Lake
