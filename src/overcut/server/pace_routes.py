"""How fast everyone really was in a session, over REST: fair pace, long runs, and what each lap was worth."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from overcut.lake import Lake
from overcut.runtime import pace as composing
from overcut.runtime.pace import FairLap, PaceReport, PracticeReport, SessionLaps
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.session_routes import Key

KEPT = 32
"""Reports kept: one takes about half a second of a core to make, and up to two to read its session."""

Report = PaceReport | PracticeReport | list[FairLap]


class PaceReports:
    """Makes reports one at a time and keeps the newest."""

    def __init__(self, board: Board, lake: Lake | None) -> None:
        self._board, self._lake = board, lake
        self._made: OrderedDict[tuple[str, str, str], Report] = OrderedDict()
        self._one = asyncio.Lock()

    async def of(self, key: str, what: str, make: Callable[[SessionLaps], Report]) -> Report:
        """The report ``what`` of a session: of its laps so far where it is being watched, else of the whole of it.

        Raises:
            DataMissingError: nobody has the session, or too few laps tell anything yet.
            WrongUsageError: it is of another kind.
        """
        async with self._one:
            laps, version = await self._laps(key)
            known = self._made.get((key, what, version))
            if known is not None:
                self._made.move_to_end((key, what, version))
                return known
            report = await asyncio.to_thread(lambda: make(laps()))
            self._made[key, what, version] = report
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            return report

    async def _laps(self, key: str) -> tuple[Callable[[], SessionLaps], str]:
        """How to get the session's laps, and what tells this version of them from another."""
        watched = self._board.sessions.open_now().get(key)
        if watched is not None:
            so_far, state = watched.playback.laps(), watched.playback.state()
            readings = [reading for reading in watched.recorded.weather if reading.t_ms <= watched.playback.t_ms]
            changed = max((lap.amended_t_ms or 0 for lap in so_far), default=0)
            found = composing.laps_so_far(state, so_far, readings)
            return lambda: found, f"so far {len(so_far)} {changed}"
        lake = self._lake
        if lake is not None:
            kept = await asyncio.to_thread(composing.laps_in_lake, key, lake)
            if kept is not None:
                return lambda: kept, f"lake {lake.generation}"
        source = self._board.sessions.catalogue.find(key)
        return lambda: composing.laps_of_source(source.open()), "source"


def pace_routes(board: Board, lake: Lake | None = None) -> APIRouter:
    """The routes ``/api/v1/sessions/{key}/pace``, ``…/pace/laps`` and ``…/pace/practice``."""
    routes = APIRouter(prefix="/api/v1/sessions", tags=["pace"], default_response_class=Response)
    reports = PaceReports(board, lake)

    @routes.get(
        "/{key}/pace",
        responses=described(PaceReport, 404, 422, 503),
        summary="Fair pace of a race or sprint: without fuel, tyre age, track and traffic, with 90 % intervals",
    )
    async def pace(request: Request, key: Key) -> Response:
        return answer(request, await reports.of(key, "race", composing.pace_report))

    @routes.get(
        "/{key}/pace/laps",
        responses=described(FairLap, 404, 422, 503, many=True),
        summary="Every lap: whether it counts, why not, and its fair time",
    )
    async def laps(request: Request, key: Key) -> Response:
        return answer(request, await reports.of(key, "laps", composing.fair_lap_list))

    @routes.get(
        "/{key}/pace/practice",
        responses=described(PracticeReport, 404, 422, 503),
        summary="Pace of a practice: long runs, one lap, every run",
    )
    async def practice(request: Request, key: Key) -> Response:
        return answer(request, await reports.of(key, "practice", composing.practice_pace))

    return routes
