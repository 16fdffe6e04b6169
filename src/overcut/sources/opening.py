"""Which source a path is: an archive folder or a recording file."""

from __future__ import annotations

from pathlib import Path

from overcut.kernel.errors import DataMissingError
from overcut.sources.archive import STREAM_SUFFIX, ArchiveSource
from overcut.sources.recording import RecordingSource
from overcut.sources.source import Source


def open_source(path: Path) -> Source:
    """The source at ``path``.

    Raises:
        DataMissingError: nothing is there, or nothing of it is timing.
        WrongUsageError: a simulated session's label is unreadable.
    """
    if not path.exists():
        raise DataMissingError(
            f"There is nothing at {path}",
            hint="name an archive session's folder or a recording file; `overcut simulate --help` makes a session",
        )
    if path.is_file():
        if path.name.endswith(STREAM_SUFFIX):
            return ArchiveSource(path.parent)
        return RecordingSource(path)
    inside = find_sessions(path)
    if inside and path not in inside:
        shown = "\n  ".join(str(folder) for folder in inside[:8])
        more = f"\n  … and {len(inside) - 8} more" if len(inside) > 8 else ""
        raise DataMissingError(
            f"{path} holds {len(inside)} session(s), not one",
            hint=f"name one of them:\n  {shown}{more}",
        )
    return ArchiveSource(path)


def find_sessions(folder: Path) -> list[Path]:
    """Every session folder at or below ``folder``, sorted by path; hidden folders (sessions in the making) are not."""
    found = {file.parent for file in folder.rglob(f"*{STREAM_SUFFIX}")}
    return sorted(place for place in found if not any(part[0] == "." for part in place.relative_to(folder).parts))
