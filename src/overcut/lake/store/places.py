"""Where the lake keeps what: parts, manifests, archive, the derived catalogue and the writer's lock."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

FORMAT = 1
"""Of the manifest and the folders; a reader refuses a newer one."""

WHOLE = "whole"
"""The only unit of a table that is known or not known as a whole."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


class Places(msgspec.Struct, frozen=True):
    """The folders and files of one lake.

    Attributes:
        root: the lake's own folder.
    """

    root: Path

    @property
    def parts(self) -> Path:
        """Parquet files, by table: the truth."""
        return self.root / "parts"

    @property
    def manifests(self) -> Path:
        """One file a generation: which parts are in the lake."""
        return self.root / "manifests"

    @property
    def archive(self) -> Path:
        """Parts that retention took out of the lake; they come back with ``recall``."""
        return self.root / "archive"

    @property
    def derived(self) -> Path:
        """What can be made anew from the parts at any time."""
        return self.root / "derived"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes; holds its pid."""
        return self.root / "writer.lock"


def part_path(table: str, unit_column: str, units: list[str], source: str, sha256: str) -> str:
    """Where a part lies below the lake's folder.

    A file of one session or season lies in a folder named after it, so that a query for it opens no other; a file
    of many lies beside those folders.
    """
    name = f"{source}-{sha256[:16]}.parquet"
    if len(units) == 1 and units[0] != WHOLE and _PLAIN.fullmatch(units[0]):
        return f"parts/{table}/{unit_column}={units[0]}/{name}"
    return f"parts/{table}/{name}"


def of_one_unit(path: str) -> bool:
    """Whether a part's path names its one unit."""
    return "=" in path.rsplit("/", 2)[-2]
