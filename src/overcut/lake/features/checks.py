"""Whether features hold what they declare: ranges and lineage, and that nothing rests on what came later."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from overcut.kernel.errors import DataMissingError
from overcut.lake.features.batch import SessionInput, features_of, sessions_of
from overcut.lake.features.catalogue import CATALOGUE, broken_lineage, features_of_entity
from overcut.lake.features.declaration import Entity
from overcut.lake.features.frames import KNOWN_MS
from overcut.lake.features.store import FeatureStore


class Report(msgspec.Struct, frozen=True):
    """What a check found: how many features and rows were looked at, and every fault in words."""

    features: int
    rows: int
    sessions: tuple[str, ...]
    faults: tuple[str, ...]


def checked(store: FeatureStore, keys: Sequence[str]) -> Report:
    """Look at every feature of some sessions, and at those known before every race.

    Each session is computed twice, the second time from its first half only: the rows of that half must be equal.

    Raises:
        DataMissingError: the lake has no laps of one of them, or of any session.
    """
    missing = sorted(set(keys) - set(store.sessions()))
    if missing or not keys:
        raise DataMissingError(
            f"The lake has no laps of {', '.join(missing)}" if missing else "The lake has no laps",
            hint="overcut lake add SESSION, or overcut history import, brings some",
        )
    faults, rows = broken_lineage(), 0
    for session in sessions_of(store.lake, keys):
        whole = features_of(session)
        half = session.facts[: len(session.facts) // 2]
        first = features_of(SessionInput(session.context, half))
        for entity, frame in whole.items():
            rows += frame.height
            faults += range_faults(entity, frame)
            if not frame.head(first[entity].height).equals(first[entity], null_equal=True):
                faults.append(f"{session.context.key}: {entity.value} changes when later laps are taken away")
    for entity in (Entity.DRIVER_RACE, Entity.DRIVER_SEASON, Entity.CONSTRUCTOR_SEASON, Entity.DRIVER_CIRCUIT,
                   Entity.CIRCUIT):  # fmt: skip
        frame = store.before(entity)
        rows += frame.height
        faults += range_faults(entity, frame)
    return Report(len(CATALOGUE), rows, tuple(keys), tuple(faults))


def range_faults(entity: Entity, frame: pl.DataFrame) -> list[str]:
    """Values outside of what their feature declares, one line a feature with an example."""
    found: list[str] = []
    for feature in features_of_entity(entity):
        for value in frame[feature.name].unique().drop_nulls():
            fault = feature.fault(value)
            if fault is not None:
                keys = [name for name in frame.columns[:4] if name != KNOWN_MS]
                where = frame.filter(pl.col(feature.name) == value).row(0, named=True)
                found.append(f"{feature.id}: {fault} ({', '.join(str(where[name]) for name in keys)})")
                break
    return found
