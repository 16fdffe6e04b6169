"""How good a session's data is, over REST."""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request, Response

from overcut.runtime.quality.examine import examine_frames
from overcut.runtime.quality.report import QualityReport
from overcut.runtime.recorded import Recorded
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.session_routes import Key

ANEW_AFTER_S = 30.0
"""A report of a session that grows is made anew no more often: it reads every frame."""


class _Made(NamedTuple):
    """A report, of how many frames, and when."""

    report: QualityReport
    frames: int
    at_s: float


class Reports:
    """Reports of the open sessions, made one at a time and kept until the session grows or is closed."""

    def __init__(self) -> None:
        self._made: WeakKeyDictionary[Recorded, _Made] = WeakKeyDictionary()
        self._one = asyncio.Lock()

    async def of(self, recorded: Recorded) -> QualityReport:
        """The report of what the session holds now, or held a moment ago."""
        async with self._one:
            known = self._made.get(recorded)
            frames = recorded.settled
            if known is not None and (known.frames == frames or time.monotonic() - known.at_s < ANEW_AFTER_S):
                return known.report
            read = recorded.frames[:frames]
            report = await asyncio.to_thread(
                examine_frames, read, recorded.key, recorded.kind, recorded.simulated, dict(recorded.defects)
            )
            self._made[recorded] = _Made(report, frames, time.monotonic())
            return report


def quality_routes(board: Board) -> APIRouter:
    """The route ``/api/v1/sessions/{key}/quality``."""
    routes = APIRouter(prefix="/api/v1/sessions", tags=["sessions"], default_response_class=Response)
    reports = Reports()

    @routes.get(
        "/{key}/quality",
        responses=described(QualityReport, 404, 503),
        summary="What of the session's data is missing, repaired or doubtful",
    )
    async def quality(request: Request, key: Key) -> Response:
        playing, _ = await board.open(key)
        return answer(request, await reports.of(playing.recorded))

    return routes
