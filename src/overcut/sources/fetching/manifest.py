"""What has been downloaded of a session, and whether the archive may still add to it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec

FILE = ".fetched.json"


class FetchedFile(msgspec.Struct, frozen=True):
    """One whole file as it was served; ``validator`` is what the archive calls this version of it."""

    bytes: int
    validator: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """A session's downloads.

    Attributes:
        files: the whole files here. ``absent``: names that the archive does not have.
        final: whether the session was long over when they were fetched, so that nothing of it changes any more.
    """

    files: dict[str, FetchedFile] = {}
    absent: tuple[str, ...] = ()
    final: bool = False
    whole: bool = False
    version: int = 1

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in ``folder``; an empty one where there is none that can be read."""
        try:
            return msgspec.json.decode((folder / FILE).read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return cls()

    def write(self, folder: Path) -> None:
        """Keep it in ``folder``."""
        write_whole(folder / FILE, msgspec.json.format(msgspec.json.encode(self), indent=1))

    def has(self, folder: Path, name: str) -> bool:
        """Whether the file ``name`` is in ``folder``, as long as it was served."""
        known = self.files.get(name)
        try:
            return known is not None and (folder / name).stat().st_size == known.bytes
        except OSError:
            return False


def write_whole(file: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fd, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)
    try:
        with os.fdopen(fd, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
