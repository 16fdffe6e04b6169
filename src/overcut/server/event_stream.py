"""The same stream as server-sent events: for curl, notebooks, and networks that let no WebSocket through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from overcut.kernel.errors import WrongUsageError
from overcut.runtime.playing import Playing
from overcut.server.board import Board
from overcut.server.broadcast import Broadcast, Viewer
from overcut.server.session_routes import Key
from overcut.server.stream import StreamQuery, parse_query, viewer_of

PING_EVERY_S = 15.0
"""A comment is sent at least this often, so that proxies keep a quiet connection open."""

RETRY_MS = 2_000
"""When a browser tries again after a break."""


def event_stream_routes(board: Board) -> APIRouter:
    """The route ``/api/v1/sessions/{key}/events``."""
    routes = APIRouter(prefix="/api/v1/sessions", tags=["sessions"], default_response_class=Response)

    @routes.get(
        "/{key}/events",
        responses={200: {"description": "Messages as of the stream", "content": {"text/event-stream": {}}}},
        summary="The stream as server-sent events; takes channels, and resumes by Last-Event-ID",
    )
    async def events(request: Request, key: Key) -> Response:
        query = _query(request)
        with ExitStack() as stack:
            stack.enter_context(board.seat())
            playing, broadcast = await board.open(key)
            return _Seated(_tell(playing, broadcast, viewer_of(query)), stack.pop_all())

    return routes


class _Seated(StreamingResponse):
    """An answer that holds its place until it is over, even where it never began."""

    def __init__(self, telling: AsyncIterator[str], seat: ExitStack) -> None:
        super().__init__(telling, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self._seat = seat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client leaves."""
        with self._seat:
            await super().__call__(scope, receive, send)


def _query(request: Request) -> StreamQuery:
    """What is asked for; a browser that comes back says what it heard last in a header.

    Raises:
        WrongUsageError: a parameter or the header cannot be read.
    """
    query = parse_query(request.scope["query_string"])
    last = request.headers.get("last-event-id")
    if last is None or query.since is not None:
        return query
    epoch, _, seq = last.partition(".")
    if not (epoch.isascii() and epoch.isdigit() and seq.isascii() and seq.isdigit() and len(last) <= 34):
        raise WrongUsageError(f"Last-Event-ID {last[:40]!r} is none of ours", hint="leave it out to begin anew")
    return msgspec.structs.replace(query, epoch=int(epoch), since=int(seq))


async def _tell(playing: Playing, broadcast: Broadcast, viewer: Viewer) -> AsyncIterator[str]:
    """Messages until the client leaves. One who reads slowly holds this up, and gets fewer and larger ones."""
    playing.viewers += 1
    broadcast.join(viewer)
    try:
        yield f"retry: {RETRY_MS}\n\n"
        while True:
            viewer.ready.clear()
            if (batch := broadcast.next_batch(viewer)) is not None:
                mark = f"id: {viewer.epoch}.{viewer.seq}\n" if viewer.seq is not None else ""
                yield "".join(f"{mark}data: {text}\n\n" for text in batch.texts())
            elif not await _woken(viewer):
                yield ": still here\n\n"
    finally:
        broadcast.leave(viewer)
        playing.viewers -= 1


async def _woken(viewer: Viewer) -> bool:
    """Wait until there may be something new; False when nothing came for a while."""
    try:
        async with asyncio.timeout(PING_EVERY_S):
            await viewer.ready.wait()
    except TimeoutError:
        return False
    return True
