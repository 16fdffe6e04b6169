"""How much a question from outside may cost, and what is said when it costs more."""

from __future__ import annotations

import msgspec

from overcut.kernel.errors import OvercutError, WrongUsageError


class SqlLimits(msgspec.Struct, frozen=True):
    """What one statement may use.

    Attributes:
        time_s: wall time; then it is interrupted.
        rows: at most so many are given; an answer says when there are more.
        memory_mb: what DuckDB may hold; nothing is spilled to the disk.
        answer_mb: size of the answer.
        threads: of DuckDB.
        nice: how far the worker steps back for other processes that want the processor, 0 to 19.
    """

    time_s: float = 10.0
    rows: int = 10_000
    memory_mb: int = 512
    answer_mb: int = 128
    threads: int = 2
    nice: int = 0


class SqlRefusedError(WrongUsageError):
    """A statement that may not run."""


class SqlLimitError(OvercutError):
    """A statement took more time, memory or room than it may."""


class SqlBusyError(OvercutError):
    """So many statements run already that this one did not get its turn."""


class SqlFailedError(OvercutError):
    """DuckDB could not answer a statement that may run."""
