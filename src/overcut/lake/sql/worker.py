"""The process in which a question from outside runs: it can read the lake, and nothing else; it can be killed.

Four walls stand around a statement: the guard (one SELECT over known tables and functions), DuckDB's own settings
(no file outside of the lake, no extension, no setting), the operating system's limits (memory, no byte written to
any file), and the desk that kills the process when it does not answer in time.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import IO, cast

import duckdb
import msgspec
import polars as pl

from overcut.kernel.errors import OvercutError
from overcut.lake.sql.encoding import encoded
from overcut.lake.sql.guard import Guard
from overcut.lake.sql.limits import SqlFailedError, SqlLimitError, SqlLimits, SqlRefusedError
from overcut.lake.sql.messages import AGAIN, FAILED, LIMIT, REFUSED, Question, Reply, receive, send
from overcut.lake.store.catalogue import Catalogue, DamagedCopyError, in_utc
from overcut.lake.store.lake import Lake

_TEXT_TYPES = ("INTERVAL", "UNION", "BIT", "TIME", "UUID", "ENUM", "VARIANT", "MAP", "NULL", "BIGNUM", "UHUGEINT")
_UNFIT = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What Polars says of values that it cannot hold or write, such as a date in the year 290000."""

_INSTANTS = ("TIMESTAMP",)


class Worker:
    """Answers statements over one generation of a lake.

    Args:
        lake: the lake.
        limits: of memory and threads; those of time and rows come with each question.
    """

    def __init__(self, lake: Lake, limits: SqlLimits) -> None:
        manifest = lake.manifest()
        self.generation = manifest.generation
        self._sources: dict[str, set[str]] = {}
        for part in manifest.parts:
            self._sources.setdefault(part.table, set()).add(part.source)
        self._catalogue: Catalogue = lake.catalogue()
        names = [name for table in lake.shelf.tables for name in (table, f"{table}_all")]
        self._guard = Guard(names)
        self._connection = self._catalogue.cursor()
        folders = [str(lake.places.parts.absolute()), str((lake.places.derived / "migrated").absolute())]
        listed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in folders)
        for setting in (
            f"memory_limit = '{limits.memory_mb}MB'",
            f"threads = {limits.threads}",
            "temp_directory = ''",
            "allow_community_extensions = false",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            f"allowed_directories = [{listed}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def answer(self, question: Question) -> tuple[Reply, bytes]:
        """The reply, and the rows in the form that was asked for."""
        began = time.perf_counter()
        try:
            allowed = self._guard.check(question.sql)
            table = self._rows(allowed.statement, question)
            body = self._body(table.head(question.limits.rows), question)
        except SqlRefusedError as error:
            return _fault(REFUSED, error), b""
        except SqlLimitError as error:
            return _fault(LIMIT, error), b""
        except DamagedCopyError as error:
            return _fault(AGAIN, error), b""
        except OvercutError as error:
            return _fault(FAILED, error), b""
        reply = Reply(
            rows=min(table.height, question.limits.rows),
            columns=tuple(table.columns),
            numbers=tuple(name for name, kind in table.schema.items() if kind.is_numeric()),
            sources=self._sources_of(allowed.tables),
            truncated=table.height > question.limits.rows,
            generation=self.generation,
            took_s=round(time.perf_counter() - began, 6),
        )
        return reply, body

    def _rows(self, statement: str, question: Question) -> pl.DataFrame:
        limits = question.limits
        timer = threading.Timer(limits.time_s, self._connection.interrupt)
        timer.start()
        try:
            return self._table(statement, question)
        except duckdb.InterruptException as error:
            raise SqlLimitError(
                f"The statement was stopped after {limits.time_s:g} s", hint="ask for fewer rows, or a shorter period"
            ) from error
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise SqlLimitError(
                f"The statement needs more than {limits.memory_mb} MB of memory", hint="ask for fewer rows or columns"
            ) from error
        except (duckdb.Error, *_UNFIT, RuntimeError, ValueError) as error:
            raise self._explained(error) from error
        finally:
            timer.cancel()

    def _body(self, table: pl.DataFrame, question: Question) -> bytes:
        most = question.limits.answer_mb * 1_000_000
        try:
            body = b"" if table.estimated_size() > most else encoded(table, question.form)
        except _UNFIT as error:
            raise self._explained(error) from error
        if table.estimated_size() > most or len(body) > most:
            raise SqlLimitError(
                f"The answer is larger than {question.limits.answer_mb} MB", hint="ask for fewer rows or columns"
            )
        return body

    def _sources_of(self, tables: Iterable[str]) -> tuple[str, ...]:
        """Who tells of some tables."""
        named = {name.removesuffix("_all") for name in tables}
        return tuple(sorted({source for table in named for source in self._sources.get(table, ())}))

    def _table(self, statement: str, question: Question) -> pl.DataFrame:
        """The rows, one more than wanted where there are more; columns of odd types as text."""
        within = f"FROM (\n{statement}\n) AS answer"
        parameters = question.parameters or None
        described = self._connection.execute(f"SELECT * {within} LIMIT 0", parameters).description or []
        columns = ", ".join(_column(str(name), str(kind)) for name, kind, *_ in described)
        sql = f"SELECT {columns} {within} LIMIT {question.limits.rows + 1}"
        return in_utc(pl.DataFrame(self._connection.sql(sql, params=parameters)))

    def _explained(self, error: Exception) -> OvercutError:
        if isinstance(error, duckdb.Error):
            explained = self._catalogue.explained(error)
            if isinstance(explained, DamagedCopyError):
                return explained
            why = explained.why.partition("\n\nLINE")[0]
            return SqlFailedError(explained.what, why=why, hint=explained.hint)
        return SqlFailedError("The statement cannot be answered", why=str(error).strip()[:500])


def _column(name: str, kind: str) -> str:
    """One column of the answer: types that few readers know as text, huge whole numbers as such where they fit."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "HUGEINT":
        return f"CAST({quoted} AS BIGINT) AS {quoted}"
    odd = kind.startswith(_TEXT_TYPES) or any(f" {one}" in f" {kind}" for one in ("INTERVAL", "UNION", "HUGEINT"))
    if odd and not kind.startswith(_INSTANTS):
        return f"CAST({quoted} AS VARCHAR) AS {quoted}"
    return quoted


def _fault(fault: str, error: OvercutError) -> Reply:
    return Reply(fault, error.what, error.why, error.hint)


def _shut_in(limits: SqlLimits) -> None:
    """Take away from this process what no SELECT needs: files to write, endless memory, the first place in a queue."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- not on Windows

    os.nice(limits.nice)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.is_file():
        now = int(statm.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
        room = (2 * limits.memory_mb + 2 * limits.answer_mb + 256) * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (now + room, now + room))


def main(folder: str, limits_json: str) -> None:
    """Answer questions from standard input until it ends."""
    questions: IO[bytes] = sys.stdin.buffer
    replies: IO[bytes] = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints cannot spoil the replies
    limits = msgspec.json.decode(limits_json, type=SqlLimits)
    # DuckDB imports Pandas, for half a second, to see whether a parameter is one of its values: none ever is.
    sys.modules["pandas"] = cast(ModuleType, None)
    try:
        worker = Worker(Lake(Path(folder)), limits)
    except OvercutError as error:
        send(replies, _fault(FAILED, error))
        return
    worker.answer(Question("SELECT $a AS a", {"a": 1}, limits))  # so that what DuckDB and Polars load late is loaded
    _shut_in(limits)
    send(replies, Reply(generation=worker.generation))
    while (message := receive(questions)) is not None:
        reply, rows = worker.answer(msgspec.json.decode(message[0], type=Question))
        send(replies, reply, rows)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
