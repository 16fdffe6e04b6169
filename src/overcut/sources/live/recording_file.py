"""How lines reach a recording's file so that no crash takes back one that was acknowledged.

What survives: after ``append`` returns, the lines are with the operating system, so the process may be killed at any
instant; after ``sync`` (the client calls it at most a second later) they are on the disk, so power may fail. A line
torn by a kill or a power cut is moved aside, and counted, when the file is next opened for writing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Lock

TAIL_BYTES = 4 * 2**20
"""How far from its end a file is searched for damage: a batch is smaller, and what lies before it was once synced."""

MODE = 0o644
TORN_SUFFIX = ".torn"


class RecordingTakenError(OSError):
    """Another process writes this recording."""


class RecordingFile:
    """A file that lines are appended to, by this process alone.

    Args:
        path: the file; made when missing, repaired when its end is torn.

    Raises:
        RecordingTakenError: another process has it open for recording.
        OSError: it cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        new = not path.exists()
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), MODE)
        try:
            self._lock()
            self.torn_bytes = self._repair()
            self.size = os.fstat(self._fd).st_size
            if new:
                _sync_folder(path.parent)  # its name, too, must survive
        except OSError:
            os.close(self._fd)
            raise
        self._dirty = new
        self._closing = Lock()

    def append(self, lines: bytes) -> None:
        """Write whole lines; when this returns they outlive this process.

        Raises:
            OSError: they could not all be written (a full disk); the file is as it was before.
        """
        view = memoryview(lines)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError:
            os.ftruncate(self._fd, self.size)
            raise
        self.size += len(lines)
        self._dirty = True

    def sync(self) -> None:
        """Bring what was appended to the disk itself; from any thread."""
        with self._closing:
            if self._dirty and self._fd >= 0:
                self._dirty = False
                os.fsync(self._fd)

    def rename(self, path: Path) -> None:
        """Give the file its name, while it is being written; what has that name already is never replaced.

        Raises:
            FileExistsError: there is one of that name.
        """
        if path.exists():
            raise FileExistsError(path)
        self.path.rename(path)
        self.path = path
        _sync_folder(path.parent)

    def close(self) -> None:
        """Sync and close; it can be called twice."""
        try:
            self.sync()
        finally:
            with self._closing:
                fd, self._fd = self._fd, -1
                if fd >= 0:
                    os.close(fd)

    def _lock(self) -> None:
        if sys.platform == "win32":  # where no second process can rename or truncate an open file anyway
            return
        import fcntl  # noqa: PLC0415 - there is none on Windows

        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise RecordingTakenError(f"{self.path} is being recorded by another process") from taken

    def _repair(self) -> int:
        """Cut the end off after the last whole line, keeping what is cut in a file beside; how many bytes that was.

        A kill leaves part of a line; a power cut may also leave zeros where the file was longer than what reached the
        disk. JSON lines hold no zero byte.
        """
        size = os.fstat(self._fd).st_size
        begin = max(0, size - TAIL_BYTES)
        tail = os.pread(self._fd, size - begin, begin) if sys.platform != "win32" else self.path.read_bytes()[begin:]
        zeros = tail.find(b"\0")
        sound = tail if zeros < 0 else tail[:zeros]
        keep = begin + sound.rfind(b"\n") + 1
        if keep == size or (keep == begin and begin > 0):
            return 0
        with self.path.with_name(self.path.name + TORN_SUFFIX).open("ab") as aside:
            aside.write(tail[keep - begin :].rstrip(b"\0") + b"\n")
        os.ftruncate(self._fd, keep)
        os.fsync(self._fd)
        return size - keep


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
