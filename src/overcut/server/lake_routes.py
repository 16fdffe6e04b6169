"""What the lake holds, and read-only SQL over it, over REST."""

from __future__ import annotations

import threading
from typing import Annotated, Any

import anyio
import anyio.to_thread
import msgspec
from fastapi import APIRouter, Query, Request, Response

from overcut.kernel.errors import DataMissingError, OvercutError, WrongUsageError
from overcut.lake import Lake
from overcut.lake.sql.desk import Answer, SqlDesk
from overcut.lake.sql.formats import RowsFormat
from overcut.lake.sql.limits import SqlBusyError, SqlLimits
from overcut.lake.sql.messages import Value
from overcut.lake.store.status import LakeStatus, status
from overcut.server.answers import answer, described
from overcut.server.problems import problem

MOST_ROWS = 100_000
MOST_BYTES = 200_000
"""Of a question."""

WAITING = 6
"""Questions that run or wait for a worker; later ones wait for these."""

USUAL_ROWS = 1_000
LIMITS = SqlLimits(time_s=10.0, rows=USUAL_ROWS, memory_mb=512, answer_mb=64, nice=10)
"""Of a question over HTTP; whoever watches a race comes first."""

MEDIA_TYPES = {
    RowsFormat.JSON: "application/json",
    RowsFormat.JSONL: "application/jsonl",
    RowsFormat.CSV: "text/csv; charset=utf-8",
    RowsFormat.PARQUET: "application/vnd.apache.parquet",
    RowsFormat.ARROW: "application/vnd.apache.arrow.stream",
}
_ROWS: dict[int | str, dict[str, Any]] = {
    **described(LakeStatus, 404, 422, 503),
    200: {
        "description": "Rows",
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    },
}
_NO_LAKE = "There is no lake"
_ABOUT = (
    "One SELECT over the tables of `/api/v1/tables`; values as `$name`. It can read nothing else, and is stopped after "
    f"{LIMITS.time_s:g} s or {LIMITS.memory_mb} MB. `limit` (1,000, at most 100,000) rows are answered; `X-Truncated` "
    "says whether there are more. `format=json|jsonl|csv|parquet|arrow`."
)


class SqlQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement: its text, values for ``$name`` in it, how many rows at most, and in which form."""

    sql: str
    parameters: dict[str, Value] = {}
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = USUAL_ROWS
    format: RowsFormat = RowsFormat.JSON


class Desk:
    """The server's one desk; its processes start with the first question."""

    def __init__(self, lake: Lake | None) -> None:
        self._lake = lake
        self._desk: SqlDesk | None = None
        self._lock = threading.Lock()
        self._threads: anyio.CapacityLimiter | None = None

    def ask(self, question: SqlQuestion) -> Answer:
        """The rows of a statement; errors as `SqlDesk.ask`."""
        if self._lake is None:
            raise DataMissingError(_NO_LAKE, hint="overcut history import, overcut lake add SESSION")
        with self._lock:
            if self._desk is None:
                self._desk = SqlDesk(self._lake.folder, LIMITS)
        return self._desk.ask(question.sql, question.parameters, rows=question.limit, form=question.format)

    async def answered(self, question: SqlQuestion) -> Response:
        """The answer to a question; it waits on threads of its own, so that slow ones hold up nobody else."""
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(WAITING)
        return await anyio.to_thread.run_sync(_answered, self, question, limiter=self._threads)


def lake_routes(lake: Lake | None) -> APIRouter:
    """The routes ``/api/v1/lake`` and ``/api/v1/sql``. Plain functions: they run on threads, not on the event loop."""
    routes = APIRouter(prefix="/api/v1", tags=["lake"], default_response_class=Response)
    desk = Desk(lake)

    @routes.get("/lake", responses=described(LakeStatus, 404), summary="What the lake holds")
    def what_there_is(request: Request) -> Response:
        if lake is None:
            raise DataMissingError(_NO_LAKE, hint="overcut history import, overcut lake add SESSION")
        found = status(lake)
        return answer(request, msgspec.structs.replace(found, folder="", writer=None))

    @routes.get("/sql", responses=_ROWS, summary="Rows of a SELECT", description=_ABOUT)
    async def by_address(
        sql: Annotated[str, Query(description="One SELECT", max_length=8_000)],
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = USUAL_ROWS,
        form: Annotated[RowsFormat, Query(alias="format")] = RowsFormat.JSON,
    ) -> Response:
        return await desk.answered(SqlQuestion(sql, {}, limit, form))

    @routes.post(
        "/sql",
        responses=_ROWS,
        summary="Rows of a SELECT",
        description=_ABOUT,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SqlQuestion"}}},
            }
        },
    )
    async def by_body(request: Request) -> Response:
        try:
            question = msgspec.json.decode(await _short_body(request), type=SqlQuestion)
        except msgspec.DecodeError as error:
            raise WrongUsageError(
                "The question is not understood", why=str(error), hint='{"sql": "SELECT …", "parameters": {"name": 1}}'
            ) from error
        return await desk.answered(question)

    return routes


async def _short_body(request: Request) -> bytes:
    """The body of a question.

    Raises:
        WrongUsageError: it is too long.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise WrongUsageError("The question is too long", why=f"it has more than {MOST_BYTES:,} bytes")
    return bytes(body)


def _answered(desk: Desk, question: SqlQuestion) -> Response:
    try:
        found = desk.ask(question)
    except SqlBusyError as error:
        return problem(503, error.what, error.hint)
    except (WrongUsageError, DataMissingError):
        raise
    except OvercutError as error:
        return problem(422, f"{error.what}: {error.why}" if error.why else error.what, error.hint)
    headers = {
        "X-Truncated": str(found.truncated).lower(),
        "X-Generation": str(found.generation),
        "Cache-Control": "no-cache",
        "X-Sources": ", ".join(found.told.sources),
        "Server-Timing": f"sql;dur={found.told.took_s * 1000:.1f}",
    }
    return Response(found.body, 200, headers, MEDIA_TYPES[question.format])
