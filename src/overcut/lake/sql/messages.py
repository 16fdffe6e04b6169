"""What the desk and its workers say to each other: a length, a JSON header, then the rows."""

from __future__ import annotations

import struct
from typing import IO

import msgspec

from overcut.lake.sql.formats import RowsFormat
from overcut.lake.sql.limits import SqlLimits

Value = str | int | float | bool | None
"""What a parameter of a statement may be."""

REFUSED, LIMIT, FAILED, AGAIN = "refused", "limit", "failed", "again"
"""What went wrong: it may not run, it took more than it may, DuckDB cannot answer it, a new worker can."""

_LENGTHS = struct.Struct(">IQ")


class Question(msgspec.Struct, frozen=True):
    """A statement with its parameters by name, its limits, and the form of its rows."""

    sql: str
    parameters: dict[str, Value]
    limits: SqlLimits
    form: RowsFormat = RowsFormat.ARROW


class Reply(msgspec.Struct, frozen=True):
    """What came of a question; the rows follow in the wanted form where nothing is wrong.

    Attributes:
        fault: "" where it was answered; or one of `REFUSED` and its like.
        what, why, hint: of the error.
        rows: how many there are.
        columns: their names.
        numbers: the names of those that hold numbers.
        sources: who told of the tables that the statement names.
        truncated: there are more rows than were asked for.
        generation: of the lake that answered.
        took_s: wall time within the worker.
    """

    fault: str = ""
    what: str = ""
    why: str = ""
    hint: str = ""
    rows: int = 0
    columns: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    truncated: bool = False
    generation: int = 0
    took_s: float = 0.0


def send(stream: IO[bytes], header: Question | Reply, rows: bytes = b"") -> None:
    """Write one message."""
    head = msgspec.json.encode(header)
    stream.write(_LENGTHS.pack(len(head), len(rows)))
    stream.write(head)
    stream.write(rows)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Read one message: header and rows; None where the other side has left."""
    lengths = _exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    head_length, rows_length = _LENGTHS.unpack(lengths)
    head = _exactly(stream, head_length)
    rows = _exactly(stream, rows_length)
    return None if head is None or rows is None else (head, rows)


def _exactly(stream: IO[bytes], count: int) -> bytes | None:
    got = bytearray()
    while len(got) < count:
        piece = stream.read(min(count - len(got), 1 << 20))
        if not piece:
            return None
        got += piece
    return bytes(got)
