"""Which parts are in the lake: one file for each generation, whole or refused, the newest one is what counts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from overcut.kernel.errors import OvercutError
from overcut.lake.store.durable import drop, put, settle
from overcut.lake.store.places import FORMAT, Places

KEPT_GENERATIONS = 16
"""A reader that still uses an older generation finds its files for so many writes."""

_NAME = re.compile(r"(\d{10})\.json")


class Part(msgspec.Struct, frozen=True):
    """One immutable Parquet file of one table from one source.

    Attributes:
        table: the table.
        source: a `LakeSource`, as text, so that a source of a newer version is kept.
        path: below the lake's folder, with slashes.
        units: the units that count, with their rows; others of the file have been replaced or removed since.
        file_units: how many units the file holds.
        rows: of the file.
        bytes: of the file.
        sha256: of the file.
        version: of the table's schema when it was written.
        origin: where the rows came from, in words.
        added_utc: when it was written, ISO 8601.
        generation: the one that brought it in.
    """

    table: str
    source: str
    path: str
    units: dict[str, int]
    file_units: int
    rows: int
    bytes: int
    sha256: str
    version: int
    origin: str
    added_utc: str
    generation: int = 0

    @property
    def whole(self) -> bool:
        """Whether every row of the file counts."""
        return len(self.units) == self.file_units


class Manifest(msgspec.Struct, frozen=True):
    """What the lake holds.

    Attributes:
        generation: 0 for a lake that was never written, one more with each write.
        parts: in the order in which they were added.
        archived: parts that retention took out.
        note: what made this generation, in words.
        written_utc: when, ISO 8601.
        lake_id: drawn when the lake was first written; a backup has its lake's.
    """

    generation: int = 0
    parts: tuple[Part, ...] = ()
    archived: tuple[Part, ...] = ()
    note: str = ""
    written_utc: str = ""
    lake_id: str = ""

    @property
    def identity(self) -> str:
        """Tells it from every other manifest, also from one of the same number in a lake made anew."""
        return f"{self.lake_id} {self.generation} {self.written_utc}"


class _Seal(msgspec.Struct, frozen=True):
    """First line of a manifest: the format, and the checksum of what follows."""

    overcut_lake: int
    sha256: str


class DamagedManifestError(OvercutError):
    """A manifest is not what was written."""


class NewerLakeError(OvercutError):
    """The lake was written by a newer Overcut."""


def generations(places: Places) -> list[int]:
    """The generations whose manifest is there, oldest first."""
    try:
        names = [_NAME.fullmatch(path.name) for path in places.manifests.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(int(name[1]) for name in names if name)


def manifest_file(places: Places, generation: int) -> Path:
    """The file of a generation."""
    return places.manifests / f"{generation:010d}.json"


def without(parts: Iterable[Part], table: str, source: str | None, units: Collection[str] | None) -> list[Part]:
    """The parts less some units (all when None) of a table, of one source or of any."""
    kept: list[Part] = []
    for part in parts:
        if part.table != table or source not in {None, part.source}:
            kept.append(part)
            continue
        left = {} if units is None else {unit: rows for unit, rows in part.units.items() if unit not in units}
        if len(left) == len(part.units):
            kept.append(part)
        elif left:
            kept.append(msgspec.structs.replace(part, units=left))
    return kept


def encode(manifest: Manifest) -> bytes:
    """The bytes of a manifest's file."""
    body = msgspec.json.encode(manifest)
    return msgspec.json.encode(_Seal(FORMAT, hashlib.sha256(body).hexdigest())) + b"\n" + body + b"\n"


def decode(data: bytes, path: Path) -> Manifest:
    """The manifest in the bytes of ``path``.

    Raises:
        NewerLakeError: its format is newer than this Overcut.
        DamagedManifestError: it is truncated or altered.
    """
    first, _, rest = data.partition(b"\n")
    try:
        seal = msgspec.json.decode(first, type=_Seal)
    except msgspec.DecodeError as error:
        raise _damaged(path, "its first line is not the one that was written") from error
    if seal.overcut_lake > FORMAT:
        raise NewerLakeError(
            f"The lake in {path.parent.parent} was written by a newer Overcut",
            why=f"its format is {seal.overcut_lake}, this Overcut reads up to {FORMAT}",
            hint="update Overcut; nothing was changed",
        )
    body = rest.removesuffix(b"\n")
    if hashlib.sha256(body).hexdigest() != seal.sha256:
        raise _damaged(path, "it is truncated or altered: its checksum is another")
    try:
        return msgspec.json.decode(body, type=Manifest)
    except msgspec.DecodeError as error:
        raise _damaged(path, str(error)) from error


def load(places: Places, generation: int) -> Manifest:
    """The manifest of a generation; generation 0 is the empty lake.

    Raises:
        NewerLakeError, DamagedManifestError: as `decode`.
        FileNotFoundError: it has been cleaned away.
    """
    if generation == 0:
        return Manifest()
    path = manifest_file(places, generation)
    return decode(path.read_bytes(), path)


def publish(places: Places, manifest: Manifest) -> None:
    """Make ``manifest`` what the lake holds; its parts must be settled. All of it or nothing.

    Raises:
        LakeWriteError: the disk is full or refuses.
    """
    path = manifest_file(places, manifest.generation)
    aside = path.with_suffix(".aside")
    put(aside, encode(manifest))
    try:
        settle([aside])
        aside.replace(path)
        settle([path])
    finally:
        drop([aside])


def forget_old(places: Places, keep: int = KEPT_GENERATIONS) -> int:
    """Remove manifests beyond the newest ``keep``, and parts that only they refer to; how many files went.

    An unreadable manifest refers to nothing that can be told; it is removed when its turn comes.
    """
    known = generations(places)
    old, kept = known[:-keep], known[-keep:]
    if not old:
        return 0
    needed = set[str]().union(*(referred(places, [number]) for number in kept))
    gone = referred(places, old) - needed
    return drop(places.root / path for path in gone) + drop(manifest_file(places, number) for number in old)


def referred(places: Places, numbers: Iterable[int]) -> set[str]:
    """The paths of all parts that the given generations refer to, as far as their manifests can be read."""
    found: set[str] = set()
    for number in numbers:
        try:
            manifest = load(places, number)
        except (DamagedManifestError, FileNotFoundError):
            continue
        found.update(part.path for part in (*manifest.parts, *manifest.archived))
    return found


def _damaged(path: Path, why: str) -> DamagedManifestError:
    return DamagedManifestError(
        f"The lake's manifest {path.name} is damaged",
        why=f"{why} ({path})",
        hint="overcut lake verify tells what is damaged, overcut lake restore goes back to the last whole generation",
    )
