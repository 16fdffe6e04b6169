"""What if, over REST: which races can be asked about, how they stand at a lap, and what could become of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.lake import Lake
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.session_routes import Key
from overcut.server.strategy_records import RaceAtLap, StrategyRecords
from overcut.strategy.whatif.answering import stages, sweep, what_if
from overcut.strategy.whatif.answers import StrategyRace, StrategySession, StreamLine, SweepAnswer, WhatIfAnswer
from overcut.strategy.whatif.questions import SweepQuestion, WhatIfQuestion

MAX_QUESTION_BYTES = 65_536
FITTED = ("SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET")
LINES_TYPE = "application/x-ndjson"
STREAM_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Encoding": "identity",  # packing would hold lines back until many have come together
    "X-Accel-Buffering": "no",
}
STRATEGY_TYPES: tuple[type, ...] = (
    StrategySession,
    StrategyRace,
    WhatIfQuestion,
    WhatIfAnswer,
    SweepQuestion,
    SweepAnswer,
    StreamLine,
)
"""What the OpenAPI document describes."""

Lap = Annotated[
    int | None, Query(ge=0, le=200, description="Laps that the leader has completed; 0 the grid; by default the last")
]
Question = TypeVar("Question")


def strategy_routes(board: Board, lake: Lake | None = None, records: StrategyRecords | None = None) -> APIRouter:
    """The routes under ``/api/v1/strategy``. Simulations run on threads, one at a time."""
    routes = APIRouter(prefix="/api/v1/strategy", tags=["strategy"], default_response_class=Response)
    races = records or StrategyRecords(board, lake)
    turn = asyncio.Semaphore(1)

    @routes.get("/sessions", responses=described(StrategySession, many=True), summary="Races that can be asked about")
    async def sessions(request: Request) -> Response:
        return answer(request, await races.sessions())

    @routes.get(
        "/{key}",
        responses=described(StrategyRace, 404, 422),
        summary="A race at a lap: cars, tyres, what a stop costs, and what really happened",
    )
    async def race(request: Request, key: Key, lap: Lap = None) -> Response:
        at = await races.at(key, lap)
        races.warm(at)
        return answer(request, at.answer)

    @routes.post(
        "/{key}/whatif",
        responses=described(WhatIfAnswer, 404, 422),
        summary="What if: up to five scenarios side by side, compared race by race",
        openapi_extra=_body("WhatIfQuestion"),
    )
    async def whatif(request: Request, key: Key) -> Response:
        question = await asked(request, WhatIfQuestion)
        at = await races.at(key, question.lap)
        async with turn:
            told = await asyncio.to_thread(what_if, at.race, at.happened, question)
        return answer(request, told)

    @routes.post(
        "/{key}/whatif/stream",
        responses={200: {"description": "Lines of StreamLine", "content": {LINES_TYPE: {}}}},
        summary="The same as lines: after 250, 2,000 and all races; closing the connection ends the simulation",
        openapi_extra=_body("WhatIfQuestion"),
    )
    async def stream(request: Request, key: Key) -> Response:
        question = await asked(request, WhatIfQuestion)
        at = await races.at(key, question.lap)
        # The first answer is made before anything is sent, so that nonsense is an error and no broken stream.
        first, *rest = stages(question)
        async with turn:
            begun = await asyncio.to_thread(what_if, at.race, at.happened, question, races=first)
        return StreamingResponse(_lines(at, question, begun, rest, turn), media_type=LINES_TYPE, headers=STREAM_HEADERS)

    @routes.post(
        "/{key}/sweep",
        responses=described(SweepAnswer, 404, 422),
        summary="A stop tried on the laps around the one that is asked about",
        openapi_extra=_body("SweepQuestion"),
    )
    async def swept(request: Request, key: Key) -> Response:
        question = await asked(request, SweepQuestion)
        at = await races.at(key, question.lap)
        async with turn:
            told = await asyncio.to_thread(sweep, at.race, at.happened, question)
        return answer(request, told)

    return routes


async def asked(request: Request, kind: type[Question]) -> Question:
    """The question in a request's body.

    Raises:
        WrongUsageError: it is too long, or is none; the reason names the field.
    """
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_QUESTION_BYTES:
                raise WrongUsageError(f"A question is at most {MAX_QUESTION_BYTES:,} bytes long")
    except ClientDisconnect as gone:
        raise WrongUsageError("The question was cut short") from gone
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        tyres = f"compounds are {', '.join(FITTED)}" if "compound" in str(error) or ".start" in str(error) else ""
        raise WrongUsageError(
            "The question is not understood",
            why=str(error),
            hint=tyres or "/api/v1/openapi.json says what it may hold",
        ) from error


async def _lines(
    at: RaceAtLap, question: WhatIfQuestion, begun: WhatIfAnswer, rest: list[int], turn: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    """The first answer, then how far each further stage is, and its answer; ends early where the client leaves."""
    count = len(question.scenarios)
    of = sum(stages(question)) * count
    before = begun.races * count
    yield _line(StreamLine(before, of, begun))
    for stage in rest:
        async with turn:
            told = _Telling(at, question, stage)
            try:
                async for done in told.progress():
                    yield _line(StreamLine(before + done, of))
                before += stage * count
                yield _line(StreamLine(before, of, await told.answer()))
            except OvercutError as error:
                why = f"{error.what}: {error.why}" if error.why else error.what
                yield _line(StreamLine(before, of, problem=why, hint=error.hint))
                return
            finally:
                await told.end()


class _Telling:
    """One stage simulated on a thread: its progress is heard here, and it ends early when nobody listens any more."""

    def __init__(self, at: RaceAtLap, question: WhatIfQuestion, races: int) -> None:
        self._left = threading.Event()
        self._heard: asyncio.Queue[int | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def tell(done: int, _of: int) -> None:
            loop.call_soon_threadsafe(self._heard.put_nowait, done)

        def run() -> WhatIfAnswer:
            return what_if(at.race, at.happened, question, races=races, progress=tell, cancelled=self._left.is_set)

        self._task = asyncio.ensure_future(asyncio.to_thread(run))
        self._task.add_done_callback(self._over)

    async def progress(self) -> AsyncIterator[int]:
        """Races done, each time anew; only the newest where several came together."""
        while (done := await self._heard.get()) is not None:
            while not self._heard.empty() and (newer := self._heard.get_nowait()) is not None:
                done = newer
            yield done
            if self._task.done():
                return

    async def answer(self) -> WhatIfAnswer:
        """The stage's answer; raises what the simulation raised."""
        return await self._task

    async def end(self) -> None:
        """Tell the thread to stop, and wait until it has."""
        self._left.set()
        await asyncio.wait([self._task])

    def _over(self, task: asyncio.Future[WhatIfAnswer]) -> None:
        self._heard.put_nowait(None)
        if not task.cancelled():
            task.exception()  # seen, also where nobody waits for the answer any more


def _line(line: StreamLine) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def _body(name: str) -> dict[str, object]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
