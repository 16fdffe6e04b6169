"""What lies in the lake's folder for nothing: files that no generation refers to, halves of files, old copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from overcut.lake.store.durable import ASIDE, drop
from overcut.lake.store.manifest import DamagedManifestError, NewerLakeError, generations, load, referred
from overcut.lake.store.places import Places


def tidy(places: Places) -> int:
    """Remove what a dead writer left; how many files. Only for who holds the writer's lock.

    While a manifest is damaged nothing that it may refer to is touched: only halves of files go.
    """
    return drop(list(left_over(places)))


def left_over(places: Places) -> Iterator[Path]:
    """The files that nothing refers to."""
    for folder in (places.parts, places.manifests, places.archive):
        yield from (path for path in files_below(folder) if ASIDE in path.name or path.suffix == ".aside")
    known = generations(places)
    for number in known:
        try:
            load(places, number)
        except (DamagedManifestError, NewerLakeError, FileNotFoundError):
            return
    needed = referred(places, known)
    for folder in (places.parts, places.archive):
        for path in files_below(folder):
            if path.suffix == ".parquet" and path.relative_to(places.root).as_posix() not in needed:
                yield path


def files_below(folder: Path) -> Iterator[Path]:
    """All files in a folder and below, sorted; none where there is no folder."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file()) if folder.is_dir() else iter(())
