"""How rows of features become frames, one for each entity, and which columns these have."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from overcut.domain.tables.column import ColumnType
from overcut.kernel.frame_schema import POLARS_TYPES
from overcut.lake.features.declaration import Entity, Feature
from overcut.lake.features.entities import CAR_LAP, PAIR_LAP, SESSION_LAP
from overcut.lake.features.online import Row

FEATURES: dict[Entity, tuple[Feature, ...]] = {
    entities.entity: entities.features for entities in (CAR_LAP, PAIR_LAP, SESSION_LAP)
}
"""The features of each entity of a session."""

KNOWN_MS = "known_ms"
"""The column that says when a row was known: since the session's feed began."""


def live_schema(entity: Entity) -> dict[str, pl.DataType]:
    """Columns of a frame of an entity of a session: its key, `KNOWN_MS`, its features."""
    keys: dict[str, pl.DataType] = {"session_key": pl.String()}
    if entity is not Entity.SESSION_LAP:
        keys["driver_number"] = pl.String()
    if entity is Entity.PAIR_LAP:
        keys["ahead_number"] = pl.String()
    keys |= {"lap": pl.Int16(), KNOWN_MS: pl.Int64()}
    return keys | {feature.name: POLARS_TYPES[feature.type] for feature in FEATURES[entity]}


def live_frame(entity: Entity, session_key: str, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows of one entity of one session as a frame, in the order in which they became known."""
    schema = live_schema(entity)
    if not rows:
        return pl.DataFrame(schema=schema)
    columns: dict[str, pl.Series] = {"session_key": pl.Series([session_key] * len(rows), dtype=pl.String)}
    if "driver_number" in schema:
        columns["driver_number"] = pl.Series([row.number for row in rows], dtype=pl.String)
    if "ahead_number" in schema:
        columns["ahead_number"] = pl.Series([row.ahead for row in rows], dtype=pl.String)
    columns["lap"] = pl.Series([row.lap for row in rows], dtype=pl.Int16)
    columns[KNOWN_MS] = pl.Series([row.known_ms for row in rows], dtype=pl.Int64)
    values = zip(*[row.values for row in rows], strict=True)
    for feature, column in zip(FEATURES[entity], values, strict=True):
        columns[feature.name] = _series(feature, column)
    return pl.DataFrame(columns)


def _series(feature: Feature, column: Sequence[object]) -> pl.Series:
    if feature.type is ColumnType.FLOAT64:
        return pl.Series(column, dtype=pl.Float64, strict=False)
    return pl.Series(column, dtype=POLARS_TYPES[feature.type])
