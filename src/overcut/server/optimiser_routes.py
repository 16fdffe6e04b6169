"""What should a car do, and what should it have done, over REST: answers as lines, each sharper than the one before."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.runtime.hindsight import race_hindsight
from overcut.runtime.strategy import StrategyRecord
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.session_routes import Key
from overcut.server.strategy_records import StrategyRecords
from overcut.server.strategy_routes import LINES_TYPE, STREAM_HEADERS, asked
from overcut.strategy.hindsight import LookingBack, RaceHindsight
from overcut.strategy.optimiser import OptimiserAnswer, Question, optimise
from overcut.strategy.optimiser.asking import OptimiseQuestion, question_of
from overcut.strategy.whatif.asking import driver_number

KEPT = 16
"""Looks back that are kept: each takes a minute of a core or less to make and holds some tens of kilobytes."""


class OptimiserLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the stream: an answer, or the problem that ended it. The last answer has ``final`` set."""

    answer: OptimiserAnswer | None = None
    problem: str = ""
    hint: str = ""


OPTIMISER_TYPES: tuple[type, ...] = (OptimiseQuestion, OptimiserAnswer, OptimiserLine, RaceHindsight)
"""What the OpenAPI document describes."""

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/OptimiseQuestion"}}},
    }
}
Driver = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9]{1,3}$", description="Only this driver: code or racing number; much quicker"),
]


def optimiser_routes(board: Board, lake: Lake | None = None, records: StrategyRecords | None = None) -> APIRouter:
    """The routes ``…/{key}/optimise``, ``…/optimise/stream`` and ``…/hindsight``. Searches run on threads, one at a
    time; a client that leaves ends its own."""
    routes = APIRouter(prefix="/api/v1/strategy", tags=["strategy"], default_response_class=Response)
    races = records or StrategyRecords(board, lake)
    turn, looking = asyncio.Semaphore(1), asyncio.Semaphore(1)
    kept = _Kept()

    async def question(request: Request, key: str) -> Question:
        wanted = await asked(request, OptimiseQuestion)
        at = await races.at(key, wanted.lap)
        return question_of(at.race, at.happened, wanted)

    @routes.post(
        "/{key}/optimise",
        responses=described(OptimiserAnswer, 404, 422),
        summary="The best plan from a lap on: stops, tyres, window of the next stop, and what rivals may answer",
        openapi_extra=_BODY,
    )
    async def best(request: Request, key: Key) -> Response:
        wanted = await question(request, key)
        async with turn, _Search(wanted) as search:
            newest: OptimiserAnswer | None = None
            async for found in search.answers():
                newest = found
                if await request.is_disconnected():
                    break
        return answer(request, newest)

    @routes.post(
        "/{key}/optimise/stream",
        responses={200: {"description": "Lines of OptimiserLine", "content": {LINES_TYPE: {}}}},
        summary="The same as lines: free air at once, then sharper and sharper; closing the connection ends the search",
        openapi_extra=_BODY,
    )
    async def stream(request: Request, key: Key) -> Response:
        wanted = await question(request, key)
        # What makes no sense is an error, and no broken stream: the first answer is made before anything is sent.
        await asyncio.to_thread(lambda: next(optimise(wanted)))
        return StreamingResponse(_lines(wanted, turn), media_type=LINES_TYPE, headers=STREAM_HEADERS)

    @routes.get(
        "/{key}/hindsight",
        responses=described(RaceHindsight, 404, 422),
        summary="A finished race looked back at: each driver's best plan then and in hindsight, and what was missed",
    )
    async def hindsight(request: Request, key: Key, driver: Driver = None) -> Response:
        record = await races.record(key)
        async with looking:
            name = (record.session.session_key, record.version, (driver or "").upper())
            found = kept.get(name)
            if found is None:
                found = await _looked_back(record, driver)
                kept.put(name, found)
        return answer(request, found)

    return routes


async def _looked_back(record: StrategyRecord, driver: str | None) -> RaceHindsight:
    """On a thread that ends early where the request is given up."""
    left = threading.Event()

    def run() -> RaceHindsight:
        drivers = None if driver is None else [driver_number(record.race(0), driver)]
        return race_hindsight(record, LookingBack(), drivers=drivers, cancelled=left.is_set)

    try:
        return await asyncio.to_thread(run)
    finally:
        left.set()


async def _lines(wanted: Question, turn: asyncio.Semaphore) -> AsyncIterator[bytes]:
    async with turn, _Search(wanted) as search:
        try:
            async for found in search.answers():
                yield msgspec.json.encode(OptimiserLine(found)) + b"\n"
        except OvercutError as error:
            why = f"{error.what}: {error.why}" if error.why else error.what
            yield msgspec.json.encode(OptimiserLine(problem=why, hint=error.hint)) + b"\n"


class _Search:
    """A search on threads, stage by stage; leaving it ends the stage that is under way."""

    def __init__(self, wanted: Question) -> None:
        self._left = threading.Event()
        self._stages: Iterator[OptimiserAnswer] = optimise(wanted, self._left.is_set)
        self._task: asyncio.Future[OptimiserAnswer | None] | None = None

    async def __aenter__(self) -> _Search:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def answers(self) -> AsyncIterator[OptimiserAnswer]:
        """Each stage's answer; raises what the search raised."""
        while True:
            self._task = asyncio.ensure_future(asyncio.to_thread(next, self._stages, None))
            self._task.add_done_callback(_seen)
            found = await asyncio.shield(self._task)
            if found is None:
                return
            yield found


def _seen(stage: asyncio.Future[OptimiserAnswer | None]) -> None:
    """A stage that ended in an error after the client left, which ends every wait at once, is no surprise."""
    if not stage.cancelled():
        stage.exception()


class _Kept:
    """The newest looks back, by session, its version and driver."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, str, str], RaceHindsight] = OrderedDict()

    def get(self, name: tuple[str, str, str]) -> RaceHindsight | None:
        found = self._found.get(name)
        if found is not None:
            self._found.move_to_end(name)
        return found

    def put(self, name: tuple[str, str, str], found: RaceHindsight) -> None:
        self._found[name] = found
        while len(self._found) > KEPT:
            self._found.popitem(last=False)
