"""How features follow a session as it goes on: fact by fact, in batch and online alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from overcut.lake.features import declared
from overcut.lake.features.declaration import Entity, Value
from overcut.lake.features.entities import CAR_LAP, PAIR_LAP, SESSION_LAP
from overcut.lake.features.facts import Fact, SessionContext
from overcut.lake.features.knowledge import SessionKnowledge
from overcut.lake.features.moment import CarMoment, PairMoment, SessionMoment, field_of

DECLARED_IN = declared.__all__
"""The modules that declare features; that they have been imported is what makes the lists below whole."""


class Row(NamedTuple):
    """The features of one entity at one instant.

    Attributes:
        entity: which. ``known_ms``: the instant, since the session's feed began.
        number, ahead, lap: whose; "" where the entity has no such key.
        values: in the order of the entity's declarations.
    """

    entity: Entity
    known_ms: int
    number: str
    ahead: str
    lap: int
    values: tuple[Value, ...]


class OnlineFeatures:
    """The features of a session that is going on; the same class computes those of past sessions.

    Feed it facts in the order in which they became known; each call tells the rows that are new or have changed.
    """

    def __init__(self, context: SessionContext, entities: Iterable[Entity] = ()) -> None:
        wanted = set(entities) or {Entity.CAR_LAP, Entity.PAIR_LAP, Entity.SESSION_LAP}
        self._cars = Entity.CAR_LAP in wanted
        self._pairs = Entity.PAIR_LAP in wanted and context.is_race
        self._laps = Entity.SESSION_LAP in wanted and context.is_race
        self._session = SessionKnowledge(context)
        self._latest: dict[tuple[Entity, str], Row] = {}

    @property
    def context(self) -> SessionContext:
        """What was known before the session began."""
        return self._session.context

    def expect(self, context: SessionContext) -> None:
        """Replace what was known before the session, as the feed names cars before they run.

        Raises:
            ValueError: a car has completed a lap already.
        """
        if self._session.cars:
            raise ValueError(f"{context.key} has begun: what was known before it is settled")
        self._session.context = context

    def update(self, fact: Fact) -> list[Row]:
        """Take in a fact; the rows that it made or changed."""
        session = self._session
        car = session.learn(fact)
        if car is None:
            return []
        rows: list[Row] = []
        field = field_of(session)
        moment = CarMoment(session, car, field)
        known_ms, lap = session.known_ms, car.last.lap
        if self._cars:
            rows.append(Row(Entity.CAR_LAP, known_ms, car.number, "", lap, CAR_LAP.compute(moment)))
        if self._pairs and moment.ahead is not None and moment.ahead_ms is not None:
            pair = PairMoment(moment, moment.ahead, moment.ahead_ms)
            rows.append(Row(Entity.PAIR_LAP, known_ms, car.number, pair.ahead.number, lap, PAIR_LAP.compute(pair)))
        if self._laps and lap == session.leader_lap and moment.ahead is None:
            whole = SessionMoment(session, car.last, field)
            rows.append(Row(Entity.SESSION_LAP, known_ms, "", "", lap, SESSION_LAP.compute(whole)))
        for row in rows:
            self._latest[row.entity, row.number] = row
        return rows

    def latest(self, entity: Entity, number: str = "") -> Row | None:
        """The latest row of a car (of the session, for `Entity.SESSION_LAP`); None before its first."""
        return self._latest.get((entity, number))

    def now(self, entity: Entity) -> list[Row]:
        """The latest rows of an entity, by racing number."""
        return [row for (of, _), row in sorted(self._latest.items()) if of is entity]

    def at_once(self, number: str) -> tuple[Value, ...] | None:
        """A car's features worked out anew from all that is known by now; None for a car that has completed no lap."""
        car = self._session.cars.get(number)
        return None if car is None else CAR_LAP.compute(CarMoment(self._session, car))
