"""What happens when standard output cannot be written: a clear error, or a quiet end where its reader has left."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

from overcut.kernel.errors import OvercutError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputError(OvercutError):
    """Standard output cannot be written; ``quiet`` where its reader has what it wanted (``| head``)."""

    def __init__(self, what: str, *, why: str = "", hint: str = "", quiet: bool = False) -> None:
        super().__init__(what, why=why, hint=hint)
        self.quiet = quiet


class _CheckedOutput(io.FileIO):
    """The file of standard output; what it cannot write raises `OutputError`, which no library takes for its own."""

    def write(self, data: ReadableBuffer, /) -> int | None:
        try:
            return super().write(data)
        except OSError as error:
            raise _lost(error) from error


class _ClosedOutput(io.RawIOBase):
    """Standard output that was closed before we began (``>&-``)."""

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        raise OutputError("The output cannot be written", why="standard output is closed", hint="leave >&- out")


def check_output() -> None:
    """Let standard output raise `OutputError` instead of `OSError`; a stream put in its place stays as it is."""
    stream = sys.stdout
    if stream is None:  # pyright: ignore[reportUnnecessaryComparison] -- it is so after >&-
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_ClosedOutput()), encoding="utf-8")
    elif stream is sys.__stdout__:
        stream.flush()
        raw = _CheckedOutput(stream.fileno(), "w", closefd=False)
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=bool(stream.line_buffering),
        )


def finish_output() -> None:
    """Write what is still held back.

    Raises:
        OutputError: it cannot be written.
    """
    sys.stdout.flush()


def drop_output() -> None:
    """Forget what could not be written, so that the interpreter does not try again as it ends."""
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(os.open(os.devnull, os.O_WRONLY), "w")))


def _lost(error: OSError) -> OutputError:
    if error.errno == errno.EPIPE:
        return OutputError("The reader of the output has left", quiet=True)
    return OutputError(
        "The output cannot be written",
        why=error.strerror or str(error),
        hint="free some space, or send it elsewhere" if error.errno == errno.ENOSPC else "send it elsewhere",
    )
