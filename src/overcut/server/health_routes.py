"""Whether the server lives, is ready, and what it measures."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request, Response

from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.metrics import CONTENT_TYPE
from overcut.server.problems import problem


class Health(msgspec.Struct, frozen=True):
    """The process lives; when ready, how many sessions are open."""

    status: str
    open_sessions: int


def health_routes(board: Board) -> APIRouter:
    """The routes without a prefix."""
    routes = APIRouter(tags=["operations"], default_response_class=Response)

    @routes.get("/healthz", responses=described(Health), summary="Alive")
    async def healthz(request: Request) -> Response:
        return answer(request, Health("alive", len(board.sessions.open_now())))

    @routes.get("/readyz", responses=described(Health, 503), summary="Ready: the named sessions are open")
    async def readyz(request: Request) -> Response:
        if not board.sessions.ready:
            return problem(503, "Sessions are still being read", "ask again in a second")
        return answer(request, Health("ready", len(board.sessions.open_now())))

    @routes.get("/metrics", summary="Prometheus text", responses={200: {"content": {"text/plain": {}}}})
    async def metrics() -> Response:
        return Response(board.metrics.text(), headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE)

    return routes
