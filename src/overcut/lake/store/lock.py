"""Who writes the lake: one process at a time, held by a lock file with its pid; a dead owner's lock is taken over."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from overcut.kernel.errors import OvercutError
from overcut.lake.store.durable import refused

if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LakeBusyError(OvercutError):
    """Another process, or another thread of this one, writes the lake."""


class Owner(msgspec.Struct, frozen=True):
    """Who holds the lock: its process, what it runs, since when."""

    pid: int
    command: str
    since_utc: str


@contextmanager
def one_writer(path: Path) -> Generator[Owner | None]:
    """Hold the lock; yields the owner that died while it held it, None where the last one ended well.

    The operating system gives up a dead process's lock by itself, so the file's content only tells who it was.

    Raises:
        LakeBusyError: somebody else holds it.
        LakeWriteError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+b", buffering=0)  # closing it must not write again what did not fit
    except OSError as error:
        raise refused(path, error) from error
    with stream:
        try:
            _take(stream.fileno())
        except OSError as error:
            raise _busy(path) from error
        dead = _owner(stream)
        try:
            _note(stream, Owner(os.getpid(), " ".join(sys.argv)[:200], datetime.now(UTC).isoformat(timespec="seconds")))
        except OSError as error:
            raise refused(path, error) from error
        try:
            yield dead
        finally:
            stream.truncate(0)


def held(path: Path) -> bool:
    """Whether somebody holds the lock at this moment."""
    try:
        with path.open("rb") as stream:
            _take(stream.fileno())
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def owner_of(path: Path) -> Owner | None:
    """Who is named in the lock file: the writer at work, or one that died; None for nobody."""
    try:
        with path.open("rb") as stream:
            return _owner(stream)
    except FileNotFoundError:
        return None


def _owner(stream: IO[bytes]) -> Owner | None:
    stream.seek(0)
    try:
        return msgspec.json.decode(stream.read(4096), type=Owner)
    except msgspec.DecodeError:
        return None


def _note(stream: IO[bytes], owner: Owner) -> None:
    stream.truncate(0)
    stream.write(msgspec.json.encode(owner))


def _busy(path: Path) -> LakeBusyError:
    owner = owner_of(path)
    who = f"process {owner.pid} ({owner.command}) since {owner.since_utc}" if owner else "another process"
    return LakeBusyError(
        "The lake is being written by somebody else",
        why=f"{who} holds {path}; a lake has one writer at a time",
        hint="wait until it is done, or stop it; nothing was changed",
    )
