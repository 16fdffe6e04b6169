"""How a damaged lake becomes whole again: from its own files as far as they tell, from a backup for the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake.store.backups import copy_part
from overcut.lake.store.durable import settle
from overcut.lake.store.lake import Lake
from overcut.lake.store.lock import one_writer
from overcut.lake.store.manifest import Manifest, NewerLakeError, Part, generations, load, publish, without
from overcut.lake.store.parts import PART_METADATA, DamagedPartError
from overcut.lake.store.places import Places
from overcut.lake.store.tidying import files_below
from overcut.lake.store.verifying import newest_whole, why_not_what_was_written


class Restored(msgspec.Struct, frozen=True):
    """What a restore did.

    Attributes:
        generation: that the lake holds now.
        healed: files that were brought back.
        recovered: parts whose manifest was lost and that were entered again from what the files themselves say.
        still_damaged: files that no backup had; what they held must be imported again.
        dropped: of these, the ones that were taken out of the lake because that was asked for.
        manifest_from: where the manifest came from, in words.
        unreadable: files of which nothing can be told, met while a lost manifest was made anew.
    """

    generation: int
    healed: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()
    still_damaged: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    manifest_from: str = "the lake"
    unreadable: tuple[str, ...] = ()


def restore(
    lake: Lake,
    backup: Path | None = None,
    *,
    whole: bool = False,
    generation: int | None = None,
    drop_damaged: bool = False,
) -> Restored:
    """Make the lake whole.

    A damaged manifest is replaced by the backup's of the same generation; without one, the newest whole manifest is
    taken and the parts that were added since are entered again, as the files themselves say. Then each damaged or
    missing part is copied from the backup. Nothing that is whole is touched.

    Args:
        lake: the lake; it may be empty when there is a backup.
        backup: a folder that `back_up` made.
        whole: the lake becomes what the backup holds; what it held before stays in its older generations.
        generation: go back to this generation of the lake (or of the backup, when ``whole``).
        drop_damaged: take parts that cannot be healed out of the lake, so that other sources answer for them.

    Raises:
        DataMissingError: there is no backup, or no such generation.
        WrongUsageError: the backup is one of another lake.
        NewerLakeError: the lake's format is newer than this Overcut, and ``whole`` was not asked for.
        LakeBusyError, LakeWriteError: as for any write.
    """
    source = _backup_places(backup) if backup is not None else None
    if whole and source is None:
        raise WrongUsageError("--whole needs a backup", hint="overcut lake restore BACKUP --whole")
    with one_writer(lake.places.lock):
        wanted = _wanted(lake, source, whole=whole, generation=generation)
        manifest, recovered, origin = wanted.manifest, wanted.recovered, wanted.origin
        if source is not None and _lake_ids_differ(lake, source, whole=whole):
            raise WrongUsageError("That is the backup of another lake", hint="--whole takes it nevertheless")
        healed, lost = _heal(lake, source, manifest)
        gone = {part.path for part in lost} if drop_damaged else set[str]()
        newest = max(generations(lake.places), default=0)
        if recovered or gone or manifest.generation != newest or origin != "the lake":
            manifest = msgspec.structs.replace(
                manifest,
                generation=newest + 1,
                parts=tuple(part for part in manifest.parts if part.path not in gone),
                archived=tuple(part for part in manifest.archived if part.path not in gone),
                note=f"restored from {origin}",
                written_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            publish(lake.places, manifest)
            _put_aside_damaged(lake.places)
    damaged = tuple(part.path for part in lost)
    return Restored(
        manifest.generation, tuple(healed), recovered, damaged, tuple(sorted(gone)), origin, wanted.unreadable
    )


class _Wanted(NamedTuple):
    """The manifest that the lake shall have, where it came from, and what was recovered without one."""

    manifest: Manifest
    origin: str = "the lake"
    recovered: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def _wanted(lake: Lake, source: Places | None, *, whole: bool, generation: int | None) -> _Wanted:
    if whole and source is not None:
        return _Wanted(_of_generation(source, generation), f"the backup in {source.root}")
    if generation is not None:
        return _Wanted(_of_generation(lake.places, generation), f"generation {generation}")
    known = generations(lake.places)
    if not known and source is not None:
        return _Wanted(_of_generation(source, None), f"the backup in {source.root}")
    found, findings = newest_whole(lake.places)
    newest = max(known, default=0)
    if found.generation == newest:
        return _Wanted(found)
    if any(finding.fault == "newer_lake" for finding in findings):
        load(lake.places, newest)  # raises NewerLakeError, or tells that it is damaged as well
        raise NewerLakeError("The lake was written by a newer Overcut", hint="update Overcut")
    if source is not None and newest in generations(source):
        return _Wanted(load(source, newest), f"the backup in {source.root}")
    since, unreadable = _parts_since(lake.places, found, newest)
    origin = f"generation {found.generation} and what the files say"
    return _Wanted(_replayed(found, since), origin, tuple(part.path for part in since), tuple(unreadable))


def _of_generation(places: Places, generation: int | None) -> Manifest:
    known = generations(places)
    if not known or (generation is not None and generation not in known):
        raise DataMissingError(
            f"{places.root} has no generation {generation}" if known else f"{places.root} holds no lake",
            hint=f"it has {', '.join(map(str, known))}" if known else "name the folder that overcut lake backup wrote",
        )
    return load(places, generation or known[-1])


def _backup_places(backup: Path) -> Places:
    places = Places(backup)
    if not generations(places):
        raise DataMissingError(
            f"There is no backup in {backup}", hint="name the folder that overcut lake backup FOLDER wrote"
        )
    return places


def _lake_ids_differ(lake: Lake, source: Places, *, whole: bool) -> bool:
    """Whether a backup is one of another lake, where that matters."""
    mine = newest_whole(lake.places)[0]
    return not whole and mine.generation > 0 and mine.lake_id != newest_whole(source)[0].lake_id


def _parts_since(places: Places, known: Manifest, until: int) -> tuple[list[Part], list[str]]:
    """The parts of lost generations, by what the files say of themselves, in the order in which they were added.

    Files of a later generation than the lost ones come from a writer that died: they never were in the lake.
    """
    found: list[Part] = []
    unreadable: list[str] = []
    there = {part.path for part in (*known.parts, *known.archived)}
    for path in files_below(places.parts):
        where = path.relative_to(places.root).as_posix()
        if path.suffix != ".parquet" or where in there:
            continue
        try:
            part = msgspec.json.decode(pl.read_parquet_metadata(path).get(PART_METADATA, ""), type=Part)
        except (OSError, pl.exceptions.PolarsError, msgspec.DecodeError):
            unreadable.append(where)
            continue
        if known.generation < part.generation <= until:
            data = path.read_bytes()
            told = msgspec.structs.replace(part, path=where, bytes=len(data), sha256=sha256(data).hexdigest())
            found.append(told)
    return sorted(found, key=lambda part: (part.generation, part.added_utc, part.path)), unreadable


def _replayed(manifest: Manifest, since: list[Part]) -> Manifest:
    """``manifest`` after the given parts were added, each in place of what it replaced."""
    parts = list(manifest.parts)
    for new in since:
        parts = [*without(parts, new.table, new.source, new.units), new]
    return msgspec.structs.replace(manifest, parts=tuple(parts))


def _heal(lake: Lake, source: Places | None, manifest: Manifest) -> tuple[list[str], list[Part]]:
    """Copy back what is damaged; what was healed, and what could not be."""
    healed: list[str] = []
    lost: list[Part] = []
    for part in (*manifest.parts, *manifest.archived):
        if not why_not_what_was_written(lake.places.root / part.path, part):
            continue
        if source is None:
            lost.append(part)
            continue
        try:
            copy_part(source, lake.places, part)
        except DamagedPartError:
            lost.append(part)
            continue
        healed.append(part.path)
    settle(lake.places.root / path for path in healed)
    return healed, lost


def _put_aside_damaged(places: Places) -> None:
    """Rename damaged manifests, so that they are not met again; nothing is thrown away."""
    for finding in newest_whole(places)[1]:
        path = places.root / finding.place
        if finding.fault in {"damaged_manifest", "old_manifest_damaged"}:
            path.replace(path.with_suffix(".damaged"))
