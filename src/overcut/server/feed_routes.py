"""What one can ask of the live feed, once, over REST."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from overcut.kernel.errors import DataMissingError
from overcut.runtime.live import FeedStatus
from overcut.server.answers import answer, described
from overcut.server.board import Board


def feed_routes(board: Board) -> APIRouter:
    """The route ``/api/v1/feed``."""
    routes = APIRouter(prefix="/api/v1", tags=["live"], default_response_class=Response)

    @routes.get("/feed", responses=described(FeedStatus, 404), summary="How the live feed stands")
    async def feed(request: Request) -> Response:
        if board.feed is None:
            raise DataMissingError(
                "This server follows no live feed",
                why="it serves recordings and simulated sessions",
                hint="start it with: overcut live",
            )
        return answer(request, board.feed.status())

    return routes
