"""When should each car stop, where would it rejoin and what was advised when, over REST and as server-sent events."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from overcut.insights.stops.answers import StopsAnswer
from overcut.insights.stops.history import KeptRecommendation
from overcut.insights.stops.picture import stops_of
from overcut.lake import Lake
from overcut.runtime.playing import Playing
from overcut.runtime.stops import (
    AdviceHistory,
    RecommendationsAnswer,
    history_in_lake,
    history_of_recorded,
    history_of_source,
)
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.session_routes import Key
from overcut.server.strategy_records import StrategyRecords

STOP_TYPES: tuple[type, ...] = (StopsAnswer, RecommendationsAnswer, KeptRecommendation)
"""What the OpenAPI document describes."""

KEPT = 64
KEPT_HISTORIES = 6
"""A history holds its session's facts: a few megabytes."""
BUDGET_S = 5.0
"""An answer to a request for the history is given after about so long, complete or not."""
PUSH_EVERY_S = 0.5
PING_EVERY_S = 15.0

Lap = Annotated[
    int | None, Query(ge=0, le=200, description="Laps that the leader has completed; the last known one when left out")
]
Driver = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9]{1,3}$", description="Only this driver: racing number or code")
]
Scored = Annotated[bool, Query(description="Score the advice against what happened")]


class StopDesk:
    """Works out stops one question at a time and keeps the newest answers.

    Args:
        board: what is being watched. ``lake``: past races; None for none. ``records``: races as they are known.
    """

    def __init__(self, board: Board, lake: Lake | None, records: StrategyRecords) -> None:
        self._board, self._lake, self._records = board, lake, records
        self._made: OrderedDict[tuple[str, str, int], StopsAnswer] = OrderedDict()
        self._histories: OrderedDict[str, tuple[object, AdviceHistory]] = OrderedDict()
        self._one = asyncio.Lock()

    async def stops(self, key: str, lap: int | None) -> StopsAnswer:
        """Every car's next stop at a lap; None: the last one that is over where the session is watched or known.

        Raises:
            DataMissingError: nobody has the session, or the lap is not over. WrongUsageError: it is no race.
        """
        playing = self._board.sessions.open_now().get(key)
        if lap is None and playing is not None and playing.playback.laps():
            lap = max(one.lap for one in playing.playback.laps())
        at = await self._records.at(key, lap)
        name = (key, at.version, at.race.lap)
        async with self._one:
            known = self._made.get(name)
            if known is None:
                known = self._made[name] = await asyncio.to_thread(stops_of, at.race)
            self._made.move_to_end(name)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            return known

    async def history(self, key: str) -> AdviceHistory:
        """The history of a session's advice, begun where it was not yet; errors as for `stops`."""
        async with self._one:
            playing = self._board.sessions.open_now().get(key)
            lake = self._lake
            version: object = playing.recorded if playing is not None else lake.generation if lake is not None else None
            known = self._histories.get(key)
            if known is None or known[0] != version:
                begun = await asyncio.to_thread(self._begin, key, playing)
                known = self._histories[key] = (version, begun)
            self._histories.move_to_end(key)
            while len(self._histories) > KEPT_HISTORIES:
                self._histories.popitem(last=False)
            return known[1]

    def moment(self, key: str) -> int | None:
        """Where the playback of a session that is being watched stands; None for any other."""
        playing = self._board.sessions.open_now().get(key)
        return None if playing is None else playing.playback.t_ms

    def _begin(self, key: str, playing: Playing | None) -> AdviceHistory:
        if playing is not None:
            return history_of_recorded(playing.recorded)
        kept = None if self._lake is None else history_in_lake(self._lake, key)
        return kept if kept is not None else history_of_source(self._board.sessions.catalogue.find(key).open())


def stop_routes(board: Board, lake: Lake | None = None, records: StrategyRecords | None = None) -> APIRouter:
    """The routes ``/api/v1/strategy/{key}/stops``, ``…/recommendations`` and ``…/recommendations/events``."""
    routes = APIRouter(prefix="/api/v1/strategy", tags=["strategy"], default_response_class=Response)
    desk = StopDesk(board, lake, records or StrategyRecords(board, lake))

    @routes.get(
        "/{key}/stops",
        responses=described(StopsAnswer, 404, 422, 503),
        summary="Every car's pit window, rejoin, duels, cheap stop and recommendation at the end of a lap",
    )
    async def stops(request: Request, key: Key, lap: Lap = None) -> Response:
        return answer(request, await desk.stops(key, lap))

    @routes.get(
        "/{key}/recommendations",
        responses=described(RecommendationsAnswer, 404, 422, 503),
        summary="What was advised when, until when it held and why no longer; up to where the session is watched",
    )
    async def recommendations(request: Request, key: Key, driver: Driver = None, score: Scored = False) -> Response:
        history, t_ms = await desk.history(key), desk.moment(key)
        complete = await asyncio.to_thread(history.until, t_ms, BUDGET_S)
        laps = history.record.laps if score and t_ms is None else None
        return answer(request, history.answer(t_ms, driver, complete=complete, laps=laps))

    @routes.get(
        "/{key}/recommendations/events",
        responses={
            200: {"description": "KeptRecommendation, each new or changed", "content": {"text/event-stream": {}}}
        },
        summary="The same as server-sent events: each piece of advice when it is given and when it becomes outdated",
    )
    async def events(key: Key, driver: Driver = None) -> Response:
        history = await desk.history(key)
        return StreamingResponse(
            _told(desk, key, history, driver), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    return routes


async def _told(desk: StopDesk, key: str, history: AdviceHistory, driver: str | None) -> AsyncIterator[str]:
    """Advice as it is worked out; the end of a session that nobody is watching ends it, and so does the client."""
    said: dict[int, KeptRecommendation] = {}
    quiet_s = 0.0
    while True:
        t_ms = desk.moment(key)
        complete = await asyncio.to_thread(history.until, t_ms, PUSH_EVERY_S)
        told = history.answer(t_ms, driver).recommendations
        fresh = [(at, one) for at, one in enumerate(told) if said.get(at) != one]
        if len(told) < len(said):  # the playback went back
            said.clear()
            fresh = list(enumerate(told))
        for at, one in fresh:
            said[at] = one
            yield f"data: {msgspec.json.encode(one).decode()}\n\n"
        if complete and t_ms is None:
            return
        quiet_s = 0.0 if fresh else quiet_s + PUSH_EVERY_S
        if quiet_s >= PING_EVERY_S:
            quiet_s = 0.0
            yield ": still here\n\n"
        if complete:
            await asyncio.sleep(PUSH_EVERY_S)
