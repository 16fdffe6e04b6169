"""How long what is kept where: recent sessions as they are, older telemetry packed away, and how that comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from overcut.domain.tables import Table
from overcut.kernel.errors import DataMissingError
from overcut.lake.store.durable import put
from overcut.lake.store.lake import Lake
from overcut.lake.store.manifest import Part
from overcut.lake.store.parts import PartShelf, damaged, fitted
from overcut.lake.store.verifying import why_not_what_was_written

HEAVY_TABLES = ("telemetry", "positions", "channels")
"""What grows with every second of every car; only these are packed away. Laps, results and events stay."""

ARCHIVE_LEVEL = 15
"""Of zstd: five times the work of the lake's own level, once."""


class Retention(msgspec.Struct, frozen=True):
    """The policy, in days since a session took place (requirement C4).

    Attributes:
        hot_days: as it was written, until then.
        warm_days: packed tighter until then; every query still finds it.
        cold_days: after ``warm_days`` out of the tables, in the archive; after this many, said to be due for removal.
            Nothing is ever removed without `overcut lake forget`.
    """

    hot_days: int = 90
    warm_days: int = 365
    cold_days: int = 5 * 365


class Aged(msgspec.Struct, frozen=True):
    """What retention did, or would do: sessions by what became of them.

    Attributes:
        repacked: packed tighter.
        archived: moved to the archive.
        overdue: in the archive for longer than the policy asks; `overcut lake forget` removes them.
        bytes_before: of the files concerned.
        bytes_after: of the same; null when nothing was done.
    """

    repacked: tuple[str, ...]
    archived: tuple[str, ...]
    overdue: tuple[str, ...]
    bytes_before: int
    bytes_after: int | None = None


def age(lake: Lake, today: date, policy: Retention, *, dry: bool = False) -> Aged:
    """Apply the policy to the heavy tables.

    Sessions of which the lake knows no day are left alone.

    Args:
        lake: the lake.
        today: the day from which ages are counted.
        policy: how long what stays where.
        dry: only say what would be done.

    Raises:
        DamagedPartError: a file that is due cannot be read; nothing is changed.
        LakeBusyError, LakeWriteError: as for any write.
    """
    days = _ages(lake, today)
    manifest = lake.manifest()
    heavy = [part for part in manifest.parts if part.table in HEAVY_TABLES]
    due = [part for part in heavy if _youngest(part, days) > policy.hot_days]
    cold = [part for part in due if _youngest(part, days) > policy.warm_days]
    warm = [part for part in due if part not in cold and not part.path.endswith(_WARM)]
    overdue = [part for part in manifest.archived if _youngest(part, days) > policy.cold_days]
    told = Aged(_units(warm), _units(cold), _units(overdue), sum(part.bytes for part in (*warm, *cold)))
    if dry or not (warm or cold):
        return told
    with lake.writing(f"retention: {len(warm)} files repacked, {len(cold)} archived") as writer:
        shelf, number = lake.shelf, writer.next_generation
        packed = [repacked(shelf, part, number, _warm_path) for part in warm]
        put_away = [repacked(shelf, part, number, archive_path) for part in cold]
        writer.exchange([*warm, *cold], packed, archived=[*writer.archived, *put_away])
    return msgspec.structs.replace(told, bytes_after=sum(part.bytes for part in (*packed, *put_away)))


def recall(lake: Lake, units: Sequence[str]) -> tuple[str, ...]:
    """Bring archived sessions back into the tables; which ones.

    A session of which the same source has told again since stays in the archive: the newer rows count.

    Raises:
        DataMissingError: none of them is in the archive.
        DamagedPartError: an archived file is damaged; nothing is changed.
    """
    wanted = set(units)
    with lake.writing(f"recalled {', '.join(units)}"[:500]) as writer:
        back = [part for part in writer.archived if wanted & part.units.keys() and not _told_again(writer.parts, part)]
        if not back:
            raise DataMissingError(
                f"Nothing of {', '.join(units)} is in the archive",
                hint="overcut lake status --units names what is archived",
            )
        number = writer.next_generation
        into = [repacked(lake.shelf, part, number, _same_path) for part in back]
        writer.exchange([], into, archived=[part for part in writer.archived if part not in back])
    return _units(back)


_WARM = "-warm.parquet"


def _warm_path(path: str) -> str:
    return path.removesuffix(".parquet") + _WARM


def archive_path(path: str) -> str:
    """Where a part lies in the archive."""
    return path.replace("parts/", "archive/", 1)


def _same_path(path: str) -> str:
    return path


def repacked(shelf: PartShelf, part: Part, generation: int, placed: Callable[[str], str]) -> Part:
    """Write the rows that count of a part, packed tightly, at another place.

    Raises:
        DamagedPartError: the file is not what was written.
        LakeWriteError: the disk is full or refuses.
    """
    why = why_not_what_was_written(shelf.places.root / part.path, part)
    if why:
        raise damaged(part.path, why)
    table: Table = shelf.tables[part.table]
    rows = fitted(table, shelf.read(part, list(part.units)))
    data, told = shelf.packed(table, rows, part.source, part.origin, generation=generation, level=ARCHIVE_LEVEL)
    moved = msgspec.structs.replace(told, path=placed(told.path), added_utc=part.added_utc)
    put(shelf.places.root / moved.path, data)
    return moved


def _ages(lake: Lake, today: date) -> Mapping[str, int]:
    """Days since each session of which the lake knows the day."""
    known = lake.read("sessions", columns=["session_key", "date"]).drop_nulls()
    return {str(key): (today - day).days for key, day in known.iter_rows()}


def _youngest(part: Part, days: Mapping[str, int]) -> int:
    """Age of the youngest session of a part; 0 where one has no known day."""
    return min((days.get(unit, 0) for unit in part.units), default=0)


def _told_again(parts: Iterable[Part], archived: Part) -> bool:
    return any(
        part.table == archived.table and part.source == archived.source and part.units.keys() & archived.units.keys()
        for part in parts
    )


def _units(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(sorted({unit for part in parts for unit in part.units}))
