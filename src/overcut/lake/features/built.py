"""Where features that were computed once are kept, and whether they still hold: a file a season and entity."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
import polars as pl

from overcut.kernel.errors import OvercutError
from overcut.lake.features.batch import READ, Frames, features_of, sessions_of
from overcut.lake.features.declaration import LIVE_ENTITIES, Entity
from overcut.lake.features.frames import live_schema
from overcut.lake.features.past_tables import round_of
from overcut.lake.store.durable import put
from overcut.lake.store.lake import Lake

HISTORY_READ = ("grids", "races")
"""Tables of a season that tell what was known before a session."""


class Seal(msgspec.Struct, frozen=True):
    """What a group's files were made from: `digest` of code and tables, the sessions, rows by entity."""

    digest: str
    sessions: tuple[str, ...]
    rows: dict[str, int]
    sha256: dict[str, str]


class Built:
    """A folder of features that were computed once. They hold as long as neither the lake's rows nor our code change.

    Args:
        folder: where; it need not exist.
        events: as for `batch.sessions_of`.
    """

    def __init__(self, folder: Path, *, events: bool = True) -> None:
        self.folder = folder
        self._events = events
        self._code = code_digest()

    def holds(self, lake: Lake, group: str) -> bool:
        """Whether the features of a group of sessions are there and still true."""
        seal = self._seal(group)
        return seal is not None and seal.digest == self.digest(lake, group)

    def build(self, lake: Lake, group: str) -> Seal:
        """Compute the features of a group of sessions and keep them.

        Raises:
            LakeWriteError: the disk is full, or refuses.
        """
        digest, keys = self.digest(lake, group), sessions_in(lake, group)
        parts: dict[Entity, list[pl.DataFrame]] = {
            entity: [pl.DataFrame(schema=live_schema(entity))] for entity in LIVE_ENTITIES
        }
        for session in sessions_of(lake, keys, events=self._events):
            for entity, frame in features_of(session).items():
                parts[entity].append(frame)
        rows: dict[str, int] = {}
        sums: dict[str, str] = {}
        for entity, frames in parts.items():
            whole, out = pl.concat(frames, rechunk=True), io.BytesIO()
            whole.write_parquet(out)
            put(self._file(group, entity), out.getvalue())
            rows[entity.value], sums[entity.value] = whole.height, blake2b(out.getvalue(), digest_size=16).hexdigest()
        seal = Seal(digest, tuple(keys), rows, sums)
        put(self.folder / group / "seal.json", msgspec.json.encode(seal))
        return seal

    def read(self, lake: Lake, keys: Iterable[str], entities: Sequence[Entity]) -> tuple[Frames, list[str]]:
        """The features of sessions as far as they are kept and true; and the sessions of which they are not.

        A damaged file counts as not kept.
        """
        parts: dict[Entity, list[pl.DataFrame]] = {
            entity: [pl.DataFrame(schema=live_schema(entity))] for entity in entities
        }
        missing: list[str] = []
        for group, wanted in grouped(keys).items():
            found = self._group(lake, group, wanted, entities)
            if found is None:
                missing += wanted
                continue
            for entity, frame in found.items():
                parts[entity].append(frame)
        return {entity: pl.concat(frames) for entity, frames in parts.items()}, missing

    def digest(self, lake: Lake, group: str) -> str:
        """What a group's features rest on, in short: our code, and every file of the lake that tells of it."""
        keys = set(sessions_in(lake, group))
        names = {*READ, "events"} if self._events else set(READ)
        files = sorted(
            part.sha256
            for part in lake.manifest().parts
            if (part.table in names and keys & part.units.keys())
            or (part.table in HISTORY_READ and group in part.units)
        )
        told = "\n".join((self._code, str(self._events), *sorted(keys), *files))
        return blake2b(told.encode(), digest_size=16).hexdigest()

    def _group(self, lake: Lake, group: str, keys: Sequence[str], entities: Sequence[Entity]) -> Frames | None:
        seal = self._seal(group)
        if seal is None or seal.digest != self.digest(lake, group):
            return None
        found: Frames = {}
        for entity in entities:
            try:
                data = self._file(group, entity).read_bytes()
            except FileNotFoundError:
                return None
            except OSError as error:
                raise OvercutError(f"{self._file(group, entity)} cannot be read", why=str(error)) from error
            if blake2b(data, digest_size=16).hexdigest() != seal.sha256.get(entity.value):
                return None
            found[entity] = pl.read_parquet(data).filter(pl.col("session_key").is_in(list(keys)))
        return found

    def _seal(self, group: str) -> Seal | None:
        try:
            return msgspec.json.decode((self.folder / group / "seal.json").read_bytes(), type=Seal)
        except (FileNotFoundError, NotADirectoryError, msgspec.MsgspecError):
            return None

    def _file(self, group: str, entity: Entity) -> Path:
        return self.folder / group / f"{entity.value}.parquet"


def group_of(key: str) -> str:
    """Sessions are kept by season; those of no championship each on its own."""
    return key[:4] if round_of(key) is not None else key


def grouped(keys: Iterable[str]) -> dict[str, list[str]]:
    """Sessions by group, both in order."""
    found: dict[str, list[str]] = {}
    for key in sorted(set(keys)):
        found.setdefault(group_of(key), []).append(key)
    return found


def sessions_in(lake: Lake, group: str) -> list[str]:
    """The sessions of a group that the lake has laps of."""
    return [key for key in lake.units("laps") if group_of(key) == group]


def code_digest() -> str:
    """Of every module of this package: features are computed anew whenever one of them changes."""
    here, told = Path(__file__).parent, blake2b(digest_size=16)
    for file in sorted(here.rglob("*.py")):
        told.update(file.relative_to(here).as_posix().encode() + b"\0" + file.read_bytes())
    return told.hexdigest()
