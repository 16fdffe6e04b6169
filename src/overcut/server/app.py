"""How the server is put together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import msgspec
import structlog
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, WebSocketRoute
from starlette.types import ASGIApp, Lifespan

from overcut.kernel.version import __version__
from overcut.lake import Lake
from overcut.runtime.live import LiveFeed
from overcut.runtime.sessions import Sessions
from overcut.server.board import Board
from overcut.server.championship_routes import championship_routes
from overcut.server.circuit_routes import circuit_routes
from overcut.server.circuit_strategy_routes import circuit_strategy_routes
from overcut.server.event_stream import event_stream_routes
from overcut.server.feature_routes import feature_routes
from overcut.server.feed_routes import feed_routes
from overcut.server.graphql import graphql_routes
from overcut.server.health_routes import health_routes
from overcut.server.history_routes import history_routes
from overcut.server.lake_routes import lake_routes
from overcut.server.metrics import Metrics
from overcut.server.middleware import EveryRequest
from overcut.server.openapi import describe
from overcut.server.openf1 import openf1_routes
from overcut.server.optimiser_routes import optimiser_routes
from overcut.server.origins import Origins
from overcut.server.pace_routes import pace_routes
from overcut.server.problems import answer_errors
from overcut.server.quality_routes import quality_routes
from overcut.server.session_routes import session_routes
from overcut.server.stop_routes import stop_routes
from overcut.server.strategy_routes import strategy_routes
from overcut.server.stream import StreamEndpoint
from overcut.server.table_routes import table_routes
from overcut.server.telemetry_routes import telemetry_routes
from overcut.server.web_app import WebApp

TIDY_EVERY_S = 60.0

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.server")


class ServerOptions(msgspec.Struct, frozen=True):
    """What the server is told from outside.

    Attributes:
        web_app: folder of the built web app, None when there is none.
        origins: who may act on us from a browser.
        max_clients: WebSocket connections held at once.
        stamp: whether stream messages carry ``made_ns``, for measuring delivery on one machine.
    """

    web_app: Path | None = None
    origins: Origins = msgspec.field(default_factory=Origins)
    max_clients: int = 2_000
    stamp: bool = False


class OvercutApp(FastAPI):
    """FastAPI within `EveryRequest`: even the answer to an unexpected failure passes it."""

    def __init__(self, origins: Origins, metrics: Metrics, lifespan: Lifespan[FastAPI]) -> None:
        self._origins = origins
        self._metrics = metrics
        super().__init__(
            title="Overcut",
            version=__version__,
            lifespan=lifespan,
            openapi_url="/api/v1/openapi.json",
            docs_url=None,  # both pages load scripts from elsewhere
            redoc_url=None,
        )

    def build_middleware_stack(self) -> ASGIApp:
        """Starlette's own layers, and ours around them all."""
        return EveryRequest(super().build_middleware_stack(), self._origins, self._metrics)


def create_app(
    sessions: Sessions,
    options: ServerOptions | None = None,
    feed: LiveFeed | None = None,
    lake: Lake | None = None,
) -> FastAPI:
    """The application: REST, stream, health, and the board itself.

    It opens the named sessions when it starts, and follows the live feed, if there is one, as long as it runs. What is
    asked of history and of past sessions is answered from the lake; without one, by an error that says so.
    """
    options = options or ServerOptions()
    metrics = Metrics()
    metrics.watch(sessions)
    board = Board(sessions, metrics, max_clients=options.max_clients, stamp=options.stamp, feed=feed)
    app = OvercutApp(options.origins, metrics, _lifespan(sessions, feed))
    answer_errors(app)
    app.include_router(session_routes(board))
    app.include_router(event_stream_routes(board))
    app.include_router(quality_routes(board))
    app.include_router(pace_routes(board, lake))
    app.include_router(feed_routes(board))
    app.include_router(circuit_routes())
    app.include_router(history_routes(lake))
    app.include_router(championship_routes(lake))
    app.include_router(telemetry_routes(board, lake))
    app.include_router(table_routes(lake))
    app.include_router(lake_routes(lake))
    app.include_router(openf1_routes(lake))
    app.include_router(graphql_routes(lake))
    app.include_router(feature_routes(board, lake))
    app.include_router(circuit_strategy_routes())
    app.include_router(strategy_routes(board, lake))
    app.include_router(optimiser_routes(board, lake))
    app.include_router(stop_routes(board, lake))
    app.include_router(health_routes(board))
    app.router.routes.append(WebSocketRoute("/api/v1/sessions/{key}/stream", StreamEndpoint(board)))
    app.router.routes.append(Mount("/", WebApp(options.web_app)))
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=6)
    describe(app)
    return app


def _lifespan(
    sessions: Sessions, feed: LiveFeed | None
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        """Answer at once; open the named sessions meanwhile."""
        tasks = [asyncio.create_task(sessions.start()), asyncio.create_task(_tidy(sessions))]
        if feed is not None:
            tasks.append(asyncio.create_task(feed.run(), name="the live feed"))
        for task in tasks:
            task.add_done_callback(_report_failure)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await sessions.stop()

    return lifespan


def _report_failure(task: asyncio.Task[None]) -> None:
    """What ends in silence would be missed: a task that fails is a defect of ours."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a task of the server failed", task=task.get_name(), exc_info=error)


async def _tidy(sessions: Sessions) -> None:
    while True:
        await asyncio.sleep(TIDY_EVERY_S)
        await sessions.close_idle()
