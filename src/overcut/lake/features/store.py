"""Where features are asked for: batches, online sessions, what is known before a race, training sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

import polars as pl

from overcut.kernel.errors import DataMissingError
from overcut.lake.features.batch import Frames, context_of, features_of, sessions_of
from overcut.lake.features.before import before_race, before_races
from overcut.lake.features.built import Built
from overcut.lake.features.catalogue import chosen
from overcut.lake.features.declaration import ENTITY_KEYS, LIVE_ENTITIES, Entity, Feature, Value
from overcut.lake.features.facts import SessionContext
from overcut.lake.features.frames import KNOWN_MS, live_schema
from overcut.lake.features.online import OnlineFeatures
from overcut.lake.features.past import Past, RaceFacts
from overcut.lake.features.past_tables import drivers_of, races_of, round_of
from overcut.lake.features.training import training_set
from overcut.lake.store.lake import Lake


class FeatureStore:
    """All features over one lake. Threads may share a store.

    Args:
        lake: where the tables are.
        events: whether sessions' events are replayed where the lake has them (see `batch.sessions_of`).
        built: features that were computed once (`overcut features build`); used where they still hold.
    """

    def __init__(self, lake: Lake, *, events: bool = True, built: Path | None = None) -> None:
        self.lake = lake
        self._events = events
        self._built = None if built is None else Built(built, events=events)
        self._lock = Lock()
        self._before: tuple[int, dict[Entity, pl.DataFrame], Past, list[RaceFacts]] | None = None

    # --- sessions -----------------------------------------------------------------------------------------------------

    def sessions(self) -> list[str]:
        """Sessions whose features can be computed: those with laps."""
        return self.lake.units("laps")

    def live(self, keys: Iterable[str], entities: Sequence[Entity] = LIVE_ENTITIES) -> Frames:
        """The features of past sessions, at each moment at which they changed.

        Returns:
            By entity a frame: its key, ``known_ms``, its features; ordered by session and moment.
        """
        found: Frames = {entity: pl.DataFrame(schema=live_schema(entity)) for entity in entities}
        missing = sorted(set(keys))
        if self._built is not None:
            found, missing = self._built.read(self.lake, missing, entities)
        parts = {entity: [frame] for entity, frame in found.items()}
        for session in sessions_of(self.lake, missing, events=self._events):
            for entity, frame in features_of(session, entities).items():
                parts[entity].append(frame)
        return {
            entity: pl.concat(frames, rechunk=True).sort("session_key", maintain_order=True)
            for entity, frames in parts.items()
        }

    def rows(self, entity: Entity, session: str, driver: str | None = None) -> pl.DataFrame:
        """All features of an entity in a session, as they were known, or before it.

        Args:
            entity: which. ``session``: its key.
            driver: only this racing number.
        """
        if entity in LIVE_ENTITIES:
            frame = self.live([session], (entity,))[entity]
        else:
            season, number = round_of(session) or (0, 0)
            frame = self.before(entity).filter((pl.col("season") == season) & (pl.col("round") == number))
        if driver is not None and "driver_number" in frame.columns:
            return frame.filter(pl.col("driver_number") == driver)
        if driver is not None and "driver_id" in frame.columns:
            people = drivers_of(self.lake, [session]).filter(pl.col("driver_number") == driver)
            return frame.filter(pl.col("driver_id").is_in(people["driver_id"].to_list()))
        return frame

    def values(self, feature: Feature, session: str, driver: str | None = None) -> pl.DataFrame:
        """The same of one feature: the entity's key and the value."""
        keys = [*ENTITY_KEYS[feature.entity], *([KNOWN_MS] if feature.entity in LIVE_ENTITIES else [])]
        return self.rows(feature.entity, session, driver).select(*keys, feature.name)

    def context(self, key: str) -> SessionContext:
        """What is known of a session before it."""
        return context_of(self.lake, key, self.lake.read("laps", units=[key]), self.lake.read("entries", units=[key]))

    def online(self, key: str, context: SessionContext | None = None) -> OnlineFeatures:
        """The features of a session that is about to begin; feed it facts (`facts.fact_of_event`) as they come.

        Args:
            key: the session's key.
            context: what is known before; what the lake knows when None.
        """
        return OnlineFeatures(self.context(key) if context is None else context)

    # --- before a race ------------------------------------------------------------------------------------------------

    def before(self, entity: Entity) -> pl.DataFrame:
        """What was known before each race of the lake's history: the entity's key, its features."""
        return self._known_before()[1][entity]

    def before_round(self, season: int, number: int, entity: Entity, name: str = "") -> tuple[Value, ...] | None:
        """What is known before a race of one driver, constructor or circuit, by its id; None where it takes no part.

        For a race still to come this is the online look-up: it rests on all races that the lake holds of before it.

        Raises:
            DataMissingError: the lake's history has no such race.
        """
        frame = self.before(entity)
        rows = frame.filter((pl.col("season") == season) & (pl.col("round") == number))
        if rows.is_empty() and not any((race.season, race.round) == (season, number) for race in self._races()):
            raise DataMissingError(
                f"The lake's history has no round {number} in {season}",
                hint="overcut history import f1db-sqlite.zip brings every race since 1950",
            )
        if entity is not Entity.CIRCUIT:
            rows = rows.filter(pl.col(frame.columns[2]) == name)
        keys = 2 if entity is Entity.CIRCUIT else 3
        return rows.row(0)[keys:] if rows.height else None

    def before_next(self, race: RaceFacts) -> dict[Entity, list[tuple[Value, ...]]]:
        """The features before a race that the lake does not hold yet (its entrants as ``grid`` or ``qualified``)."""
        return before_race(self._known_before()[2], race)

    # --- training -----------------------------------------------------------------------------------------------------

    def training_set(self, features: Sequence[str], spine: pl.DataFrame) -> pl.DataFrame:
        """The spine with the features as they were known at each of its rows (see `training.training_set`)."""
        return training_set(self, chosen(features), spine)

    def _races(self) -> list[RaceFacts]:
        return self._known_before()[3]

    def _known_before(self) -> tuple[int, dict[Entity, pl.DataFrame], Past, list[RaceFacts]]:
        with self._lock:
            generation = self.lake.generation
            if self._before is None or self._before[0] != generation:
                races = races_of(self.lake)
                frames, past = before_races(races)
                self._before = generation, frames, past, races
            return self._before
