"""One lap's telemetry over REST: from the lake within milliseconds, else from the session that is open."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from overcut.lake import Lake
from overcut.runtime.lap_telemetry import FASTEST, LapOfTelemetry, from_lake, from_library
from overcut.runtime.recorded import Recorded
from overcut.runtime.telemetry import TelemetryLibrary, library_of
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.row_answers import RowFormat, row_answer, tag_of, unchanged
from overcut.server.session_routes import Key

ANEW_AFTER_S = 30.0
"""A session that grows is read anew no more often: that takes a second or two of CPU."""

Driver = Annotated[str, Query(min_length=1, max_length=60, description="Racing number, code or (part of) a name")]
Which = Annotated[str, Query(max_length=8, description="Number of the lap, or fastest")]


class TelemetryAnswer(msgspec.Struct, frozen=True):
    """One lap's telemetry by columns, each a list in order of time (docs/reference/tables.md, ``telemetry``)."""

    session_key: str
    driver: str
    driver_number: str
    lap: int
    lap_time_s: float | None
    columns: dict[str, list[Any]]


class _Read(NamedTuple):
    """A session's telemetry, of how many frames, and when it was read."""

    library: TelemetryLibrary
    frames: int
    at_s: float


class Libraries:
    """Telemetry of the open sessions, read one at a time and kept until the session grows or is closed."""

    def __init__(self) -> None:
        self._read: WeakKeyDictionary[Recorded, _Read] = WeakKeyDictionary()
        self._one = asyncio.Lock()

    async def of(self, recorded: Recorded) -> TelemetryLibrary:
        """The telemetry of what the session holds now, or held a moment ago.

        Raises:
            DataMissingError: it holds no car data.
        """
        async with self._one:
            known, frames = self._read.get(recorded), recorded.settled
            if known is not None and (known.frames == frames or time.monotonic() - known.at_s < ANEW_AFTER_S):
                return known.library
            library = await run_in_threadpool(_library, recorded, frames)
            self._read[recorded] = _Read(library, frames, time.monotonic())
            return library


def _library(recorded: Recorded, count: int) -> TelemetryLibrary:
    return library_of(str(recorded.key), recorded.frames[:count], recorded.engine_after(count))


def telemetry_routes(board: Board, lake: Lake | None) -> APIRouter:
    """The route ``/api/v1/sessions/{key}/telemetry``."""
    routes = APIRouter(prefix="/api/v1/sessions", tags=["sessions"], default_response_class=Response)
    libraries = Libraries()

    @routes.get(
        "/{key}/telemetry",
        responses=described(TelemetryAnswer, 404, 422, 503),
        summary="One lap's telemetry, as columns; format=csv, parquet or arrow for a file",
    )
    async def telemetry(
        request: Request,
        key: Key,
        driver: Driver,
        lap: Which = FASTEST,
        form: Annotated[RowFormat, Query(alias="format")] = RowFormat.JSON,
    ) -> Response:
        tag = ""
        if lake is not None:
            tag = tag_of(request, lake.identity)
            if (same := unchanged(request, tag)) is not None:
                return same
            found = await run_in_threadpool(from_lake, lake, key, driver, lap)
            if found is not None:
                return _answer(request, found, form, tag)
        playing, _ = await board.open(key)
        library = await libraries.of(playing.recorded)
        found = await run_in_threadpool(from_library, library, str(playing.recorded.key), driver, lap)
        return _answer(request, found, form, "")

    return routes


def _answer(request: Request, found: LapOfTelemetry, form: RowFormat, tag: str) -> Response:
    if form is not RowFormat.JSON:
        return row_answer(found.table, form, tag)
    columns = {name: values for name, values in found.table.to_dict(as_series=False).items() if name not in _SAID}
    body = TelemetryAnswer(found.session_key, found.driver, found.driver_number, found.lap, found.lap_time_s, columns)
    return answer(request, body, tag=tag.removeprefix('W/"').removesuffix('"') or None)


_SAID = frozenset({"session_key", "driver", "driver_number", "lap"})
"""Columns that are the same in every row, and stand beside the others."""
