"""How a file comes to be on the disk for good, or not at all: written aside, flushed, renamed, its folder flushed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from overcut.kernel.errors import OvercutError

ASIDE = ".part-"
"""Within the name of a file that is not yet whole."""


class LakeWriteError(OvercutError):
    """The lake cannot be written; what was in it before is still in it."""


def put(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` under another name and rename it: a reader sees all of it or none.

    Not yet safe against a power cut: `settle` it before anything refers to it.

    Raises:
        LakeWriteError: the disk is full, or refuses; nothing is left behind.
    """
    aside = path.with_name(f"{path.name}{ASIDE}{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as stream:
            stream.write(data)
        os.replace(aside, path)
    except OSError as error:
        drop([aside])
        raise refused(path, error) from error


def settle(paths: Iterable[Path]) -> None:
    """Flush files and the folders that name them, up to two above, to the disk.

    Raises:
        LakeWriteError: the disk refuses.
    """
    folders: set[Path] = set()
    for path in paths:
        _flush(path)
        folders |= {path.parent, path.parent.parent, path.parent.parent.parent}
    for folder in sorted(folders, reverse=True):
        _flush(folder)


def drop(paths: Iterable[Path]) -> int:
    """Remove files as far as they are there; how many were."""
    gone = 0
    for path in paths:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise refused(path, error) from error
        gone += 1
    return gone


def refused(path: Path, error: OSError) -> LakeWriteError:
    """What the operating system said, in words."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return LakeWriteError(
        "The disk of the lake is full" if full else f"The lake cannot be written: {path.name}",
        why=f"{error.strerror or error} ({path.parent}); the lake is as it was before",
        hint="free some space and do it again" if full else "look at the folder's owner and rights, then do it again",
    )


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # folders cannot be flushed there
        return
    try:
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        raise refused(path, error) from error
