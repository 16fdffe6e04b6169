"""What one can ask of a session, once, over REST."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from starlette.requests import ClientDisconnect

from overcut.domain.track_map import TrackOutline
from overcut.kernel.errors import WrongUsageError
from overcut.runtime.catalogue import KnownSession
from overcut.runtime.commands import PlaybackCommand
from overcut.runtime.playback import PlaybackMode, PlaybackStatus
from overcut.runtime.timeline import Timeline
from overcut.server.answers import answer, described
from overcut.server.board import Board
from overcut.server.wire import (
    LapsAnswer,
    MessagesAnswer,
    SessionSummary,
    StateAnswer,
    WeatherAnswer,
)

MAX_COMMAND_BYTES = 1_024

Key = Annotated[str, Path(min_length=1, max_length=120, description="The session's key, for example 2018-04-R")]
Number = Annotated[str, Query(pattern=r"^\d{1,3}$")]
Drivers = Annotated[
    list[Number], Query(max_length=30, description="Racing numbers; all drivers when left out", examples=[["44"]])
]

_COMMAND_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/PlaybackCommand"}},
        },
    }
}
_decode_command = msgspec.json.Decoder(PlaybackCommand).decode


def session_routes(board: Board) -> APIRouter:
    """The routes under ``/api/v1/sessions``."""
    routes = APIRouter(prefix="/api/v1/sessions", tags=["sessions"], default_response_class=Response)

    @routes.get("", responses=described(SessionSummary, many=True), summary="Sessions that can be watched")
    async def sessions(request: Request) -> Response:
        found = board.sessions.catalogue.all()  # named ones first
        return answer(request, [_summary(board, known) for known in found])

    @routes.get("/{key}", responses=described(SessionSummary, 404), summary="One session")
    async def session(request: Request, key: Key) -> Response:
        return answer(request, _summary(board, board.sessions.catalogue.find(key)))

    @routes.get("/{key}/state", responses=described(StateAnswer, 404, 503), summary="The state now")
    async def state(request: Request, key: Key) -> Response:
        playing, broadcast = await board.open(key)
        now = broadcast.now
        body = {
            "seq": now.seq,
            "epoch": broadcast.epoch,
            "t_ms": now.t_ms,
            "playback": playing.playback.status(),
            "state": now.document,
        }
        return answer(request, body)

    @routes.get("/{key}/laps", responses=described(LapsAnswer, 404, 422, 503), summary="Completed laps so far")
    async def laps(request: Request, key: Key, driver: Drivers = []) -> Response:  # noqa: B006 - FastAPI copies it
        playing, _ = await board.open(key)
        completed = playing.playback.laps()
        wanted = [lap for lap in completed if lap.number in driver] if driver else list(completed)
        return answer(request, LapsAnswer(playing.playback.t_ms, wanted))

    @routes.get("/{key}/messages", responses=described(MessagesAnswer, 404, 503), summary="Race control so far")
    async def messages(request: Request, key: Key) -> Response:
        playing, _ = await board.open(key)
        told = playing.playback.state().messages
        return answer(request, MessagesAnswer(playing.playback.t_ms, [told[order] for order in sorted(told)]))

    @routes.get("/{key}/weather", responses=described(WeatherAnswer, 404, 503), summary="Weather readings so far")
    async def weather(request: Request, key: Key) -> Response:
        playing, _ = await board.open(key)
        t_ms = playing.playback.t_ms
        readings = [reading for reading in playing.recorded.weather if reading.t_ms <= t_ms]
        return answer(request, WeatherAnswer(t_ms, readings))

    @routes.get("/{key}/track", responses=described(TrackOutline, 404, 503), summary="The circuit's outline")
    async def track(request: Request, key: Key) -> Response:
        playing, _ = await board.open(key)
        return answer(request, playing.recorded.outline())

    @routes.get("/{key}/timeline", responses=described(Timeline, 404, 503), summary="Marks of the whole session")
    async def timeline(request: Request, key: Key) -> Response:
        playing, _ = await board.open(key)
        return answer(request, playing.playback.timeline())

    @routes.get("/{key}/playback", responses=described(PlaybackStatus, 404, 503), summary="Where the playback is")
    async def playback(request: Request, key: Key) -> Response:
        playing, _ = await board.open(key)
        return answer(request, playing.playback.status())

    @routes.post(
        "/{key}/playback",
        responses=described(PlaybackStatus, 403, 404, 422, 503),
        summary="Play, pause, seek, change speed or delay, go live: for everybody who watches",
        openapi_extra=_COMMAND_BODY,
    )
    async def command(request: Request, key: Key) -> Response:
        wanted = _command(await _short_body(request))
        playing, _ = await board.open(key)
        return answer(request, await playing.command(wanted))

    return routes


def _summary(board: Board, known: KnownSession) -> SessionSummary:
    playing = board.sessions.open_now().get(known.key)
    timeline = playing.recorded.timeline if playing else None
    return SessionSummary(
        key=known.key,
        source=known.source,
        simulated=known.simulated,
        meeting=playing.recorded.meeting if playing else known.meeting,
        start_ms=timeline.start_ms if timeline else None,
        end_ms=timeline.end_ms if timeline else None,
        mode=PlaybackMode.LIVE if playing and playing.playback.live else PlaybackMode.REPLAY,
    )


async def _short_body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_COMMAND_BYTES:
                raise WrongUsageError(f"A command is at most {MAX_COMMAND_BYTES} bytes long")
    except ClientDisconnect as gone:
        raise WrongUsageError("The command was cut short") from gone
    return body


def _command(body: bytes) -> PlaybackCommand:
    try:
        return _decode_command(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise WrongUsageError(
            "The playback command is not understood",
            why=str(error),
            hint=_choices(),
        ) from error


def _choices(examples: Sequence[str] = ('{"action": "play"}', '{"action": "seek", "t_ms": 3600000}')) -> str:
    actions = "play, pause, seek (t_ms), speed (speed), delay (delay_ms) and go_live"
    return f"actions are {actions}; for example {' or '.join(examples)}"
