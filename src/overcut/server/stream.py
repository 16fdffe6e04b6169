"""The WebSocket: who is let in, what they asked for, and how they are kept up to date."""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import parse_qsl

import msgspec
import structlog
from starlette.types import Receive, Scope, Send

from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.server.board import Board, HouseFullError
from overcut.server.broadcast import Broadcast, Viewer
from overcut.server.frames import wire_of
from overcut.server.problems import problem_of

CHANNELS = frozenset({"board", "map", "events"})
DEFAULT_CHANNELS = frozenset({"board", "map"})
MAX_NUMBER = 2**53 - 1
"""The largest integer that a browser's number holds exactly."""

POLICY_VIOLATION = 1008
GOING_AWAY = 1001

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.stream")


class StreamQuery(msgspec.Struct, frozen=True):
    """What a connection asks for."""

    channels: frozenset[str] = DEFAULT_CHANNELS
    since: int | None = None
    epoch: int | None = None


def parse_query(query: bytes) -> StreamQuery:
    """Read a stream's query string.

    Raises:
        WrongUsageError: a parameter is unknown, repeated, or its value not possible.
    """
    hint = "a stream takes channels=board,map,events and, together, since=<seq> and epoch=<epoch>"
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=8)
    except ValueError as error:
        raise WrongUsageError("The query cannot be read", why=str(error), hint=hint) from error
    given = dict(pairs)
    if len(given) != len(pairs):
        raise WrongUsageError("A query parameter is repeated", hint=hint)
    if unknown := given.keys() - {"channels", "since", "epoch"}:
        raise WrongUsageError(f"Unknown query parameter {sorted(unknown)[0][:40]!r}", hint=hint)
    channels = DEFAULT_CHANNELS
    if "channels" in given:
        channels = frozenset(given["channels"].split(","))
        if not channels <= CHANNELS:
            raise WrongUsageError(f"Unknown channel {sorted(channels - CHANNELS)[0][:40]!r}", hint=hint)
        if "events" in channels:
            channels |= {"board"}  # events travel in deltas
    if ("since" in given) != ("epoch" in given):
        raise WrongUsageError("since and epoch belong together", hint=hint)
    return StreamQuery(channels, _number(given, "since", hint), _number(given, "epoch", hint))


def _number(given: dict[str, str], name: str, hint: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:17]) > MAX_NUMBER or len(text) > 16:
        raise WrongUsageError(f"{name} is not a whole number from 0 to 2^53 - 1: {text[:40]!r}", hint=hint)
    return int(text)


class StreamEndpoint:
    """``/api/v1/sessions/{key}/stream`` as a bare ASGI application: nothing between a message and the socket.

    A refusal is an HTTP answer (problem details) in place of the upgrade: 403 origin, 404 session, 422 query, 503 full.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        await receive()  # websocket.connect
        try:
            with self._board.seat():
                await self._serve(scope, receive, send)
        except HouseFullError as full:
            await problem_of(full)(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            query = parse_query(scope["query_string"])
            playing, broadcast = await self._board.open(scope["path_params"]["key"])
        except OvercutError as error:
            self._board.metrics.refused.labels("request").inc()
            await problem_of(error)(scope, receive, send)
            return
        playing.viewers += 1
        viewer = viewer_of(query)
        broadcast.join(viewer)
        try:
            await send({"type": "websocket.accept"})
            log.debug("stream opened", session=str(playing.recorded.key), channels=sorted(query.channels))
            viewer.wire = wire_of(scope)
            await _converse(broadcast, viewer, receive, send)
        except OSError:
            pass  # the connection broke while we wrote
        finally:
            broadcast.leave(viewer)
            playing.viewers -= 1


def viewer_of(query: StreamQuery) -> Viewer:
    """A cursor where the query says that the client stands."""
    if query.since is not None:
        return Viewer(query.channels, seq=query.since, epoch=query.epoch)
    return Viewer(query.channels)


async def _converse(broadcast: Broadcast, viewer: Viewer, receive: Receive, send: Send) -> None:
    """Send until the client leaves, or says something: the stream takes no messages."""
    writer = asyncio.create_task(_write(broadcast, viewer, send))
    try:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if message["type"] == "websocket.receive":
                with contextlib.suppress(OSError):
                    reason = "this stream takes no messages; steer the playback over REST"
                    await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": reason})
                return
    finally:
        writer.cancel()
        await asyncio.wait([writer])
        if not writer.cancelled() and (error := writer.exception()) is not None and not isinstance(error, OSError):
            raise error


async def _write(broadcast: Broadcast, viewer: Viewer, send: Send) -> None:
    """Bring the viewer to the present whenever the broadcast could not do so at once."""
    while True:
        viewer.idle = True
        await viewer.ready.wait()
        viewer.idle = False
        viewer.ready.clear()
        while (batch := broadcast.next_batch(viewer)) is not None:
            if viewer.wire is not None:
                await send({"type": "websocket.send", "frames": batch.frames})
            else:
                for text in batch.texts():
                    await send({"type": "websocket.send", "text": text})
