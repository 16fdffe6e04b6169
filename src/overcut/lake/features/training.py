"""How a training set is put together: each row sees what was known at its own moment, and nothing that came later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from overcut.kernel.errors import WrongUsageError
from overcut.lake.features.declaration import LIVE_ENTITIES, Entity, Feature
from overcut.lake.features.frames import KNOWN_MS
from overcut.lake.features.past_tables import drivers_of, round_of

if TYPE_CHECKING:
    from overcut.lake.features.store import FeatureStore

SETTLED_MS = 5_000
"""Without a moment of its own, a spine's lap stands as it was known this long after it was first told: late values
of the lap itself (its time, its last sector) have come by then, the next lap has told nothing yet."""

AS_OF = "as_of_ms"
ROW = "_row"
AHEAD = "ahead_number"

_LIVE_KEYS: dict[Entity, tuple[str, ...]] = {
    Entity.CAR_LAP: ("session_key", "driver_number"),
    Entity.PAIR_LAP: ("session_key", "driver_number", AHEAD),
    Entity.SESSION_LAP: ("session_key",),
}


def training_set(store: FeatureStore, features: Sequence[Feature], spine: pl.DataFrame) -> pl.DataFrame:
    """The spine with the features as they were known at each row's moment.

    Args:
        store: where features come from.
        features: which.
        spine: what to learn from, a row each; its own columns stay. ``session_key`` says the session; with it
            ``driver_number``, ``ahead_number``, ``lap`` as the features' entities need. ``as_of_ms`` is the row's
            moment, since the session's feed began; where it is left out, that at which ``lap`` had just been told
            (`SETTLED_MS`). Rows without a session have ``season`` and ``round``, and ``driver_id`` or
            ``constructor_id`` as needed: they can only ask for what is known before a race.

    Returns:
        The spine's rows in their order with one column a feature, named as in the catalogue (``entity.name`` where
        two of them share a name). With ``lap``, features of cars and pairs are those of that lap; null where it was
        not told by then. Features of `Entity.DRIVER_RACE` are null but for Grands Prix: in other sessions the grid
        was not known.

    Raises:
        WrongUsageError: the spine lacks a column that is needed.
    """
    names = _columns(features)
    rows = spine.with_row_index(ROW)
    live = sorted({feature.entity for feature in features if feature.entity in LIVE_ENTITIES})
    if live:
        rows = _with_live(store, features, names, rows, live)
    before = [feature for feature in features if feature.entity not in LIVE_ENTITIES]
    if before:
        rows = _with_before(store, before, names, rows)
    return rows.sort(ROW).select(*spine.columns, *names.values())


def _columns(features: Sequence[Feature]) -> dict[str, str]:
    """The column of each feature by its id."""
    all_names = [feature.name for feature in features]
    return {f.id: f.name if all_names.count(f.name) == 1 else f.id for f in features}


def _with_live(
    store: FeatureStore, features: Sequence[Feature], names: dict[str, str], rows: pl.DataFrame, entities: list[Entity]
) -> pl.DataFrame:
    moment = AS_OF if AS_OF in rows.columns else "lap"
    for entity in entities:
        _need(rows, (*_LIVE_KEYS[entity], moment), f"features of {entity.value}")
    cars = "driver_number" in rows.columns
    clock = Entity.CAR_LAP if cars else Entity.SESSION_LAP
    wanted = entities if AS_OF in rows.columns else sorted({*entities, clock})
    frames = store.live(rows["session_key"].unique().sort().to_list(), wanted)
    if AS_OF not in rows.columns:
        keys = [*_LIVE_KEYS[clock], "lap"]
        rows = rows.join(_settled(frames[clock], keys), on=keys, how="left", maintain_order="left")
    for entity in entities:
        mine = [feature for feature in features if feature.entity is entity]
        rows = _as_of(rows, frames[entity], entity, mine, names)
    return rows


def _settled(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """When each lap had just been told: its last telling within `SETTLED_MS` of the first."""
    first = pl.col(KNOWN_MS).min().over(keys)
    settled = frame.select(*keys, KNOWN_MS).filter(pl.col(KNOWN_MS) <= first + SETTLED_MS)
    return settled.group_by(keys).agg(pl.col(KNOWN_MS).max().alias(AS_OF))


def _as_of(
    rows: pl.DataFrame, frame: pl.DataFrame, entity: Entity, features: Sequence[Feature], names: dict[str, str]
) -> pl.DataFrame:
    """The latest row that each spine row could know."""
    keys = [key for key in _LIVE_KEYS[entity] if key != AHEAD]
    if "lap" in rows.columns and entity is not Entity.SESSION_LAP:
        keys.append("lap")
    columns = [names[feature.id] for feature in features]
    told = frame.select(
        *(pl.col(key).cast(pl.Int64) if key == "lap" else pl.col(key) for key in keys),
        pl.col(KNOWN_MS).alias(AS_OF),
        *([pl.col(AHEAD).alias(f"_{AHEAD}")] if entity is Entity.PAIR_LAP else []),
        *(pl.col(feature.name).alias(names[feature.id]) for feature in features),
    )
    told = told.unique([*keys, AS_OF], keep="last", maintain_order=True).sort(AS_OF)
    dated = rows.filter(pl.col(AS_OF).is_not_null()).with_columns(pl.col(AS_OF).cast(pl.Int64)).sort(AS_OF)
    if "lap" in keys:
        dated = dated.with_columns(pl.col("lap").cast(pl.Int64))
    joined = dated.join_asof(told, on=AS_OF, by=keys, strategy="backward", check_sortedness=False)
    if entity is Entity.PAIR_LAP:  # another car may be ahead by then
        still = pl.col(f"_{AHEAD}") == pl.col(AHEAD)
        joined = joined.with_columns(pl.when(still).then(pl.col(column)).alias(column) for column in columns)
    return rows.join(joined.select(ROW, *columns), on=ROW, how="left")


def _with_before(
    store: FeatureStore, features: Sequence[Feature], names: dict[str, str], rows: pl.DataFrame
) -> pl.DataFrame:
    keyed = _raced(store, rows, features)
    for entity in dict.fromkeys(feature.entity for feature in features):
        frame = store.before(entity)
        keys = [key for key in ("season", "round", "driver_id", "constructor_id") if key in frame.columns]
        mine = [feature for feature in features if feature.entity is entity]
        columns = [names[feature.id] for feature in mine]
        told = frame.select(
            *(pl.col(key).alias(f"_{key}") for key in keys),
            *(pl.col(feature.name).alias(names[feature.id]) for feature in mine),
        )
        found = keyed.join(told, on=[f"_{key}" for key in keys], how="left")
        if entity is Entity.DRIVER_RACE and "session_key" in rows.columns:
            race = pl.col("session_key").str.ends_with("-R")
            found = found.with_columns(pl.when(race).then(pl.col(column)).alias(column) for column in columns)
        rows = rows.join(found.select(ROW, *columns), on=ROW, how="left")
    return rows


def _raced(store: FeatureStore, rows: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """The rows with the race, driver and constructor that they concern, as far as features need them."""
    entities = {feature.entity for feature in features}
    people = entities & {Entity.DRIVER_RACE, Entity.DRIVER_SEASON, Entity.DRIVER_CIRCUIT}
    if "session_key" in rows.columns:
        keys = rows["session_key"].unique().sort().to_list()
        told = [(key, *found) for key in keys if (found := round_of(key)) is not None]
        schema = {"session_key": pl.String, "_season": pl.Int16, "_round": pl.Int16}
        rows = rows.join(pl.DataFrame(told, schema=schema, orient="row"), on="session_key", how="left")
    else:
        _need(rows, ("season", "round"), "what is known before a race")
        rows = rows.with_columns(
            pl.col("season").cast(pl.Int16).alias("_season"), pl.col("round").cast(pl.Int16).alias("_round")
        )
    if "driver_number" in rows.columns and "session_key" in rows.columns:
        drivers = drivers_of(store.lake, rows["session_key"].unique().to_list())
        names = {"driver_id": "_driver_id", "constructor_id": "_constructor_id"}
        rows = rows.join(drivers.rename(names), on=["session_key", "driver_number"], how="left")
    for name in ("driver_id", "constructor_id"):
        if name in rows.columns:
            rows = rows.with_columns(pl.col(name).alias(f"_{name}"))
    if people:
        _need(rows, ("_driver_id",), "features of drivers")
    if Entity.CONSTRUCTOR_SEASON in entities:
        _need(rows, ("_constructor_id",), "features of constructors")
    return rows


def _need(rows: pl.DataFrame, columns: Sequence[str], what: str) -> None:
    for name in columns:
        if name not in rows.columns:
            shown = name.removeprefix("_")
            raise WrongUsageError(
                f"The spine has no column {shown!r}, which {what} need",
                hint=f"its columns: {', '.join(column for column in rows.columns if not column.startswith('_'))}",
            )
