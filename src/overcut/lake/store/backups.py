"""How the lake is copied somewhere else: whole, checked on the way, and only what is not there yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.store.durable import put, settle
from overcut.lake.store.lake import Lake
from overcut.lake.store.lock import one_writer
from overcut.lake.store.manifest import Part, forget_old, generations, load, publish
from overcut.lake.store.parts import damaged
from overcut.lake.store.places import Places
from overcut.lake.store.verifying import why_not_what_was_written


class BackedUp(msgspec.Struct, frozen=True):
    """What a backup did.

    Attributes:
        generation: of the lake that is now in the backup.
        copied: files copied.
        bytes: their size.
        kept: files that were there already, checked again.
    """

    generation: int
    copied: int
    bytes: int
    kept: int


def back_up(lake: Lake, target: Path, *, progress: Callable[[int, int], None] | None = None) -> BackedUp:
    """Bring ``target`` up to what the lake holds now; it is a lake itself and can be read as one.

    Every file is checked against its checksum as it is copied, and those that lie in the backup already are checked
    again. Others may write the lake meanwhile. Generations that were backed up before stay (the newest 16).

    Args:
        lake: the lake.
        target: a folder: new, empty, or an earlier backup of the same lake.
        progress: told how many of how many files are done.

    Raises:
        DataMissingError: the lake is empty.
        WrongUsageError: the folder holds something else, or another lake.
        DamagedPartError: a file of the lake is damaged; the backup is then as it was before.
        LakeWriteError: the disk is full or refuses.
    """
    manifest = lake.manifest()
    if manifest.generation == 0:
        raise DataMissingError("There is nothing to back up", why=f"the lake in {lake.folder} is empty")
    places = Places(target)
    _check_target(lake, places, manifest.lake_id)
    with one_writer(places.lock):
        every = (*manifest.parts, *manifest.archived)
        new: list[Part] = []
        for number, part in enumerate(every, 1):
            if why_not_what_was_written(places.root / part.path, part):
                copy_part(lake.places, places, part)
                new.append(part)
            if progress is not None:
                progress(number, len(every))
        settle(places.root / part.path for part in new)
        if manifest.generation not in generations(places):
            publish(places, manifest)
        forget_old(places)
    return BackedUp(manifest.generation, len(new), sum(part.bytes for part in new), len(every) - len(new))


def copy_part(source: Places, target: Places, part: Part) -> None:
    """Copy one file, unless it is not what was written.

    Raises:
        DamagedPartError: it is damaged or missing.
        LakeWriteError: the disk is full or refuses.
    """
    path = source.root / part.path
    why = why_not_what_was_written(path, part)
    if why:
        raise damaged(part.path, why)
    put(target.root / part.path, path.read_bytes())


def _check_target(lake: Lake, target: Places, lake_id: str) -> None:
    root = target.root
    if root.resolve() == lake.folder.resolve() or lake.folder.resolve() in root.resolve().parents:
        raise WrongUsageError("A backup cannot lie in the lake itself", hint="name a folder on another disk")
    if root.exists() and not root.is_dir():
        raise WrongUsageError(f"{root} is no folder", hint="name a folder for the backup")
    there = generations(target)
    if there:
        other = load(target, there[-1])
        if other.lake_id != lake_id:
            raise WrongUsageError(f"{root} is the backup of another lake", hint="name another folder")
        if other.generation > lake.generation:
            raise WrongUsageError(
                f"The backup in {root} is newer than the lake",
                why=f"it holds generation {other.generation}, the lake {lake.generation}",
                hint=f"overcut lake restore {root} --whole, or name another folder",
            )
    elif root.is_dir() and any(path.name != target.lock.name for path in root.iterdir()):
        raise WrongUsageError(f"{root} is no backup, and not empty", hint="name a new or empty folder")
