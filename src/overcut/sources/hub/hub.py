"""How our hub serves: negotiate and the WebSocket on one port, one session played to all who subscribed."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

import msgspec

from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.sources.hub.faults import Faults
from overcut.sources.hub.http_wire import MAX_HEAD, Request, answer, read_request
from overcut.sources.hub.player import Player
from overcut.sources.hub.subscriber import PING, Subscriber
from overcut.sources.hub.tape import read_tape
from overcut.sources.source import Source

PATH = "/signalrcore"
CONTROL, STATUS = "/hub/control", "/hub/status"
PING_S = 15.0
SILENT_S = 30.0
"""A client that sends nothing for so long is dropped, as the real hub does."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class HubStatus(msgspec.Struct, frozen=True):
    """The hub now, as ``GET /hub/status`` tells it."""

    session: str
    position_ms: int
    played: int
    frames: int
    subscribers: int
    connections: int
    negotiations: int
    refused: int
    ended: bool
    paused: bool
    faults: Faults


class _Order(msgspec.Struct, frozen=True):
    """What ``POST /hub/control`` takes: an act, or faults from now on, or both."""

    do: str = ""
    faults: dict[str, msgspec.Raw] = {}


class _Call(msgspec.Struct, frozen=True):
    """What a client says."""

    type: int = 0
    target: str = ""
    invocation_id: str | None = msgspec.field(name="invocationId", default=None)
    arguments: list[list[str]] = []
    protocol: str = ""


class Hub:
    """A hub on loopback that plays one session.

    Args:
        source: the session. ``speed``: times real time; None for as fast as the clients take it.
        faults: what goes wrong.
        host, port: where to listen; port 0 takes any free one. Only this machine can reach it.
        wait, hold, begin_ms: as for `Player`.
        stay: keep connections open, with pings, after the session; else say close.
        ping_s: seconds between pings.

    Use it as an asynchronous context manager; ``url`` is then what a client connects to.

    Raises:
        WrongUsageError: the host is not this machine.
        DataMissingError: the session holds nothing.
    """

    def __init__(
        self,
        source: Source,
        *,
        speed: float | None = 1.0,
        faults: Faults | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        wait: bool = True,
        hold: bool = False,
        begin_ms: int = 0,
        stay: bool = False,
        ping_s: float = PING_S,
    ) -> None:
        if host not in _LOOPBACK:
            raise WrongUsageError(f"A hub does not listen on {host}", hint="127.0.0.1 or ::1: it is for this machine")
        self._host, self._port = host, port
        self._stay, self._ping_s = stay, ping_s
        self._session = str(source.key)
        self._tape = read_tape(source)
        self.player = Player(
            self._tape, speed=speed, faults=faults or Faults(), wait=wait, hold=hold, begin_ms=begin_ms
        )
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._negotiated: dict[str, str] = {}
        self._negotiations = self._connections = self._refused = 0

    async def __aenter__(self) -> Self:
        try:
            self._server = await asyncio.start_server(self._serve, self._host, self._port, limit=MAX_HEAD)
        except OSError as error:
            raise OvercutError(
                f"The hub cannot listen on port {self._port}", why=error.strerror or str(error), hint="choose another"
            ) from error
        self._spawn(self._play())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None  # noqa: S101 - set on entering
        self._server.close()
        for subscriber in list(self.player.subscribers):
            subscriber.drop()
        for task in list(self._tasks):
            task.cancel()
        for task in list(self._tasks):
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def url(self) -> str:
        """What a client connects to: the setting ``live_url``."""
        return f"{self.origin}{PATH}"

    @property
    def origin(self) -> str:
        """The hub's own address; ``/hub/status`` and ``/hub/control`` are below it."""
        assert self._server is not None  # noqa: S101 - as the class says
        port = self._server.sockets[0].getsockname()[1]
        return f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{port}"

    def status(self) -> HubStatus:
        """How the hub is doing."""
        player = self.player
        return HubStatus(
            session=self._session,
            position_ms=max(0, player.position_ms),
            played=player.played,
            frames=len(self._tape),
            subscribers=len(player.subscribers),
            connections=self._connections,
            negotiations=self._negotiations,
            refused=self._refused,
            ended=player.ended.is_set(),
            paused=player.paused,
            faults=player.faults,
        )

    async def _play(self) -> None:
        await self.player.play()
        if not self._stay:
            for subscriber in list(self.player.subscribers):
                await subscriber.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while (request := await read_request(reader)) is not None:
                if request.upgrades:
                    await self._socket(reader, writer, request)
                    return
                writer.write(await self._answer(request))
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _answer(self, request: Request) -> bytes:
        path = request.target.path
        if path == f"{PATH}/negotiate":
            return self._negotiate(request)
        if path == STATUS and request.method == "GET":
            return answer(200, self.status())
        if path == CONTROL and request.method == "POST":
            return await self._control(request)
        return answer(404, {"error": f"there is nothing at {path}"})

    def _negotiate(self, request: Request) -> bytes:
        refused = self._refusal(request)
        cookie = {"Set-Cookie": f"AWSALBCORS={secrets.token_hex(16)}; Path=/; SameSite=None"}
        if request.method == "OPTIONS":
            return answer(200, headers=cookie)
        if refused:
            self._refused += 1
            return answer(refused, {"error": "not allowed"})
        self._negotiations += 1
        token = secrets.token_urlsafe(16)
        self._negotiated[token] = request.headers.get("cookie", "")
        transports = [{"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}]
        document = {"negotiateVersion": 1, "connectionId": secrets.token_hex(8), "connectionToken": token}
        return answer(200, {**document, "availableTransports": transports}, cookie)

    def _refusal(self, request: Request) -> int:
        faults = self.player.faults
        if faults.refuse:
            return faults.refuse
        if faults.token and not (request.bearer if faults.token == "any" else request.bearer == faults.token):  # noqa: S105
            return 401
        return 0

    async def _control(self, request: Request) -> bytes:
        if "origin" in request.headers:  # a web page that the user has open must not steer anything
            return answer(403, {"error": "not for web pages"})
        try:
            order = msgspec.json.decode(request.body, type=_Order)
            if order.faults:
                now = msgspec.json.decode(msgspec.json.encode(self.player.faults), type=dict[str, msgspec.Raw])
                changed = msgspec.json.encode({**now, **order.faults})
                self.player.faults = msgspec.json.decode(changed, type=Faults, strict=False)
        except msgspec.MsgspecError as error:
            return answer(400, {"error": str(error)})
        if order.do:
            if order.do not in ("drop", "stall", "close", "pause", "resume"):
                return answer(400, {"error": "do is drop, stall, close, pause or resume"})
            await self.player.act(order.do)
        return answer(200, self.status())

    async def _socket(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        """One client's WebSocket, to its end."""
        token = parse_qs(request.target.query).get("id", [""])[0]
        if request.target.path != PATH or token not in self._negotiated or self._refusal(request):
            refused = self._refusal(request) or (400 if request.target.path == PATH else 404)
            writer.write(answer(refused, {"error": "negotiate first"}))
            return
        del self._negotiated[token]
        self._connections += 1
        subscriber = Subscriber(reader, writer, request)
        if not await subscriber.accept():
            return
        sending, pinging = self._spawn(self._send(subscriber)), self._spawn(self._ping(subscriber))
        try:
            await self._listen(subscriber)
        finally:
            self.player.subscribers.discard(subscriber)
            sending.cancel()
            pinging.cancel()

    async def _listen(self, subscriber: Subscriber) -> None:
        shaken = False
        async for record in subscriber.messages():
            try:
                call = msgspec.json.decode(record, type=_Call)
            except msgspec.MsgspecError:
                await subscriber.close(error="a record that cannot be read")
                return
            if not shaken:
                if call.protocol != "json":
                    subscriber.put(b'{"error":"only the protocol json is spoken here"}')
                    return
                shaken = True
                subscriber.put(b"{}")
            elif call.type == 1 and call.target == "Subscribe" and call.arguments:
                self.player.subscribe(subscriber, self._given(call.arguments[0], subscriber), call.invocation_id)

    def _given(self, topics: Sequence[str], subscriber: Subscriber) -> list[str]:
        """The topics that this client is given of those it asks for."""
        withheld = () if subscriber.bearer else self.player.faults.withhold
        return [topic for topic in topics if topic not in withheld]

    async def _send(self, subscriber: Subscriber) -> None:
        while subscriber.is_open:
            await subscriber.send_waiting(self.player.faults)

    async def _ping(self, subscriber: Subscriber) -> None:
        while subscriber.is_open:
            await asyncio.sleep(self._ping_s)
            if time.monotonic() - subscriber.heard_s > max(SILENT_S, 2 * self._ping_s):
                subscriber.drop()
            subscriber.put(PING)

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
