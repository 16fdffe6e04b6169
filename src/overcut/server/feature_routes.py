"""Which features there are, and their values in past sessions and in one that is being watched, over REST."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.lake.features import CATALOGUE, Entity, Feature, FeatureStore, OnlineFeatures
from overcut.lake.features.catalogue import feature_called, features_of_entity
from overcut.lake.features.declaration import LIVE_ENTITIES, Value
from overcut.lake.features.facts import SessionContext, context_of_key
from overcut.runtime.features import FollowedFeatures
from overcut.runtime.recorded import Recorded
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.row_answers import RowFormat, row_answer, tag_of, unchanged

EntityName = Annotated[str, Path(pattern="^[a-z_]{1,40}$", description="Entity, for example car_lap")]
Session = Annotated[str, Path(min_length=1, max_length=120, description="The session's key, for example 2018-04-R")]
Form = Annotated[RowFormat, Query(alias="format")]
Number = Annotated[str | None, Query(pattern=r"^\d{1,3}$", description="Only this racing number")]


class FeatureRow(msgspec.Struct, frozen=True):
    """The features of a car, a pair or the session as they stood at ``known_ms`` (since the session's feed began)."""

    driver_number: str
    ahead_number: str
    lap: int
    known_ms: int
    values: dict[str, Value]


class FeaturesNow(msgspec.Struct, frozen=True):
    """The latest features of each car of a session where its playback stands (``t_ms``)."""

    session_key: str
    entity: str
    t_ms: int
    rows: list[FeatureRow]


def feature_routes(board: Board, lake: Lake | None) -> APIRouter:
    """The routes under ``/api/v1/features``, and the features of a session that is being watched."""
    routes = APIRouter(prefix="/api/v1", tags=["features"], default_response_class=Response)
    store = None if lake is None else FeatureStore(lake, built=lake.folder.parent / "features")
    followed: dict[str, tuple[Recorded, FollowedFeatures]] = {}

    def forget(key: str) -> None:
        followed.pop(key, None)

    board.sessions.closing.append(forget)

    @routes.get("/features", responses=described(Feature, many=True), summary="The catalogue of features")
    def catalogue(request: Request) -> Response:
        return answer(request, list(CATALOGUE.values()))

    @routes.get("/features/{name}", responses=described(Feature, 422), summary="One feature")
    def one(
        request: Request, name: Annotated[str, Path(pattern=r"^[a-z0-9_.]{1,80}$", description="car_lap.pace_3_s")]
    ) -> Response:
        return answer(request, feature_called(name))

    @routes.get("/features/{entity}/{key}", responses={200: {"description": "Rows"}},
                summary="Features of a past session, at each moment at which they changed")  # fmt: skip
    def past(
        request: Request, entity: EntityName, key: Session, driver: Number = None, form: Form = RowFormat.JSON
    ) -> Response:
        there = _present(store)
        tag = tag_of(request, there.lake.identity)
        if (same := unchanged(request, tag)) is not None:
            return same
        frame = there.rows(_entity(entity), key, driver)
        return row_answer(frame, form, tag)

    @routes.get(
        "/sessions/{key}/features",
        responses=described(FeaturesNow, 404, 422, 503),
        summary="The latest features of a session that is being watched",
    )
    async def now(request: Request, key: Session, entity: str = "car_lap", driver: Number = None) -> Response:
        wanted = _live(entity)
        playing, _ = await board.open(key)
        recorded, t_ms = playing.recorded, playing.playback.t_ms
        name = board.sessions.catalogue.find(key).key
        known = followed.get(name)
        if known is None or known[0] is not recorded:
            context = await asyncio.to_thread(_context, store, str(recorded.key))
            known = followed[name] = (recorded, FollowedFeatures(recorded, context))

        def read(online: OnlineFeatures) -> FeaturesNow:
            names = [feature.name for feature in features_of_entity(wanted)]
            rows = [
                FeatureRow(row.number, row.ahead, row.lap, row.known_ms, dict(zip(names, row.values, strict=True)))
                for row in online.now(wanted)
                if driver is None or row.number == driver
            ]
            return FeaturesNow(key, wanted.value, t_ms, rows)

        return answer(request, await asyncio.to_thread(_reading(known[1], t_ms, read)))

    return routes


def _reading(
    followed: FollowedFeatures, t_ms: int, read: Callable[[OnlineFeatures], FeaturesNow]
) -> Callable[[], FeaturesNow]:
    return lambda: followed.at(t_ms, read)


def _context(store: FeatureStore | None, key: str) -> SessionContext:
    """What is known of a session before it: what the lake tells, or its key alone."""
    return context_of_key(key) if store is None else store.context(key)


def _present(store: FeatureStore | None) -> FeatureStore:
    if store is None:
        raise DataMissingError("There is no lake here", hint="overcut lake add SESSION brings sessions into one")
    return store


def _entity(name: str) -> Entity:
    if name not in set(Entity):
        raise WrongUsageError(f"Nothing is called {name!r}", hint=f"entities: {', '.join(Entity)}")
    return Entity(name)


def _live(name: str) -> Entity:
    entity = _entity(name)
    if entity not in LIVE_ENTITIES:
        raise WrongUsageError(
            f"{name} is known before a session, not as it goes on", hint=f"GET /api/v1/features/{name}/SESSION"
        )
    return entity
