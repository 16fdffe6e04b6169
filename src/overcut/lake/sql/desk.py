"""Where questions from outside are put: each runs in a process of its own kind that can be killed without harm."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from overcut.kernel.errors import OvercutError
from overcut.lake.sql.formats import RowsFormat
from overcut.lake.sql.limits import SqlBusyError, SqlFailedError, SqlLimitError, SqlLimits, SqlRefusedError
from overcut.lake.sql.messages import AGAIN, FAILED, LIMIT, REFUSED, Question, Reply, Value, receive, send
from overcut.lake.store.manifest import generations
from overcut.lake.store.places import Places

if TYPE_CHECKING:
    import polars as pl

GRACE_S = 2.0
"""A worker that has not answered so long after its time is killed."""

_START_S = 60.0
_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "VIRTUAL_ENV")


class Answer(NamedTuple):
    """The rows of a statement.

    Attributes:
        body: the rows, in the form that was asked for.
        told: what the worker tells of them.
    """

    body: bytes
    told: Reply

    @property
    def truncated(self) -> bool:
        """Whether there are more rows than were asked for."""
        return self.told.truncated

    @property
    def generation(self) -> int:
        """Of the lake that answered."""
        return self.told.generation

    @property
    def rows(self) -> pl.DataFrame:
        """As a frame; only of an answer in Arrow."""
        import polars as pl  # noqa: PLC0415 -- who asks for text does not need it

        return pl.read_ipc_stream(self.body)


class SqlDesk:
    """Answers read-only statements over a lake. Threads may share it; close it at the end.

    Args:
        folder: the lake's; its newest generation answers.
        limits: of a statement, where none are given with it; memory and threads are these for all.
        workers: statements that run at once.
        wait_s: how long a statement waits for its turn.
    """

    def __init__(self, folder: Path, limits: SqlLimits | None = None, *, workers: int = 2, wait_s: float = 5.0) -> None:
        self._places = Places(folder.absolute())
        self.limits = limits or SqlLimits()
        self._wait_s = wait_s
        self._idle: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._end = weakref.finalize(self, _end_all, self._idle)

    def ask(
        self,
        sql: str,
        parameters: Mapping[str, Value] | None = None,
        *,
        rows: int | None = None,
        time_s: float | None = None,
        form: RowsFormat = RowsFormat.ARROW,
    ) -> Answer:
        """The rows of one SELECT over the documented tables.

        Args:
            sql: the statement.
            parameters: values for ``$name`` in it.
            rows: at most so many.
            time_s: at most so long.
            form: of the answer's rows.

        Raises:
            SqlRefusedError: it is no such statement.
            SqlLimitError: it took too much time, memory or room.
            SqlBusyError: too many statements run already.
            SqlFailedError: DuckDB cannot answer it.
        """
        limits = msgspec.structs.replace(
            self.limits,
            rows=self.limits.rows if rows is None else rows,
            time_s=self.limits.time_s if time_s is None else time_s,
        )
        question = Question(sql, dict(parameters or {}), limits, form)
        process = self._take()
        try:
            process = self._fresh(process)
            message = process.ask(question, limits.time_s + GRACE_S)
            if message is not None and self._outdated(process, message[0]):
                process.end()
                process = self._fresh(process)
                message = process.ask(question, limits.time_s + GRACE_S)
            if message is not None and message[0].fault == LIMIT:
                process.end()  # it may still hold what it took
        finally:
            self._idle.put(process if process is not None and process.alive() else None)
        if message is None:
            raise SqlLimitError(
                "The statement was stopped",
                why=f"it took more than {limits.time_s:g} s or {limits.memory_mb} MB, and did not stop by itself",
                hint="ask for fewer rows or columns, or a shorter period",
            )
        return _answer(*message)

    def close(self) -> None:
        """End the workers."""
        self._end()

    def __enter__(self) -> SqlDesk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take(self) -> _Process | None:
        try:
            return self._idle.get(timeout=self._wait_s)
        except queue.Empty as error:
            raise SqlBusyError(
                "Too many statements run already",
                why=f"this one waited {self._wait_s:g} s for its turn",
                hint="ask again in a moment",
            ) from error

    def _fresh(self, process: _Process | None) -> _Process:
        """A worker of the newest generation."""
        if process is not None and process.alive() and process.generation == self._generation():
            return process
        if process is not None:
            process.end()
        return _Process(self._places.root, self.limits)

    def _outdated(self, process: _Process, reply: Reply) -> bool:
        """Whether a statement failed because what the worker reads is damaged, or was compacted away meanwhile."""
        return reply.fault == AGAIN or (reply.fault == FAILED and process.generation != self._generation())

    def _generation(self) -> int:
        return max(generations(self._places), default=0)


class _Process:
    """One worker."""

    def __init__(self, folder: Path, limits: SqlLimits) -> None:
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self._child = subprocess.Popen(  # noqa: S603 -- our own module
            [
                sys.executable, "-P", "-m", "overcut.lake.sql.worker",
                str(folder), msgspec.json.encode(limits).decode(),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        ready = self._reply(_START_S)
        if ready is None:
            self.end()
            raise SqlFailedError(
                "The process that answers statements did not start", hint="overcut lake verify; then ask again"
            )
        told = msgspec.json.decode(ready[0], type=Reply)
        if told.fault:
            self.end()
            raise _error(told)
        self.generation = told.generation

    def ask(self, question: Question, time_s: float) -> tuple[Reply, bytes] | None:
        """What it replies; None where it had to be killed, or died."""
        assert self._child.stdin is not None  # noqa: S101 -- it is a pipe
        try:
            send(self._child.stdin, question)
        except OSError:
            self.end()
            return None
        message = self._reply(time_s)
        if message is None:
            self.end()
            return None
        return msgspec.json.decode(message[0], type=Reply), message[1]

    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._child.poll() is None

    def end(self) -> None:
        """Kill it; it holds nothing."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was still to be sent has no reader any more

    def _reply(self, time_s: float) -> tuple[bytes, bytes] | None:
        """One message; the process is killed when it takes longer."""
        assert self._child.stdout is not None  # noqa: S101 -- it is a pipe
        killer = threading.Timer(time_s, self._child.kill)
        killer.start()
        try:
            return receive(self._child.stdout)
        finally:
            killer.cancel()


def _end_all(idle: queue.LifoQueue[_Process | None]) -> None:
    while True:
        try:
            process = idle.get_nowait()
        except queue.Empty:
            return
        if process is not None:
            process.end()


_FAULTS: Mapping[str, type[OvercutError]] = {
    REFUSED: SqlRefusedError,
    LIMIT: SqlLimitError,
    FAILED: SqlFailedError,
    AGAIN: SqlFailedError,
}


def _answer(reply: Reply, rows: bytes) -> Answer:
    if reply.fault:
        raise _error(reply)
    return Answer(rows, reply)


def _error(reply: Reply) -> OvercutError:
    return _FAULTS[reply.fault](reply.what, why=reply.why, hint=reply.hint)
