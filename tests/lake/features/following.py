"""A session played through the engine with its features following, as when it is live; frames compared by bits."""

from __future__ import annotations

import numpy as np
import polars as pl

from overcut.domain.events import AnyEvent
from overcut.lake import Lake
from overcut.lake.features import Entity, FeatureStore, OnlineFeatures
from overcut.lake.features.declaration import LIVE_ENTITIES
from overcut.lake.features.facts import LapFact, SessionContext, fact_of_event
from overcut.lake.features.frames import live_frame
from overcut.lake.features.online import Row
from overcut.runtime.features import with_teams
from overcut.runtime.replay import replay
from overcut.sources.source import Source
from overcut.timing.engine import Engine

Frames = dict[Entity, pl.DataFrame]


def followed(source: Source, context: SessionContext) -> Frames:
    """The features of a session as they follow its events, one by one."""
    online, rows = OnlineFeatures(context), list[Row]()
    named = False

    def take(engine: Engine, events: list[AnyEvent]) -> None:
        nonlocal named
        for event in events:
            fact = fact_of_event(event)
            if fact is None:
                continue
            if isinstance(fact, LapFact) and not named:
                named = True
                online.expect(with_teams(context, engine.state()))
            rows.extend(online.update(fact))

    replay(source, on_events=take)
    return {
        entity: live_frame(entity, context.key, [row for row in rows if row.entity is entity])
        for entity in LIVE_ENTITIES
    }


def online_and_offline(lake: Lake, source: Source) -> dict[Entity, list[str]]:
    """Which columns differ between following the source and asking the lake, by entity."""
    store = FeatureStore(lake)
    offline = store.live([str(source.key)])
    online = followed(source, store.context(str(source.key)))
    return {entity: differing_bits(frame, offline[entity]) for entity, frame in online.items()}


def differing_bits(left: pl.DataFrame, right: pl.DataFrame) -> list[str]:
    """Columns in which two frames differ in any bit, missing values included; the shapes where these differ."""
    if left.shape != right.shape or left.columns != right.columns:
        return [f"{left.shape} against {right.shape}"]
    return [name for name in left.columns if _bits(left[name]) != _bits(right[name])]


def _bits(column: pl.Series) -> tuple[bytes, object]:
    missing = column.is_null().to_numpy().tobytes()
    if column.dtype.is_float():
        return missing, column.fill_null(0.0).to_numpy().view(np.int64).tobytes()
    return missing, column.to_list()
