"""How one connection to the hub lives: negotiated, shaken hands on, kept alive by pings, guarded against silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.frames import CloseCode

from overcut.kernel.errors import DataMissingError, NotAllowedError, OvercutError
from overcut.kernel.http import USER_AGENT, HttpClient, HttpPolicy, UnreachableError, in_words, is_loopback
from overcut.sources.live.protocol import (
    HANDSHAKE,
    MAX_RECORD_BYTES,
    PING,
    HubMessage,
    ProtocolError,
    RecordSplitter,
    read_handshake,
    read_message,
)
from overcut.sources.live.token import Token

_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.INFO)  # at DEBUG the library logs the request's headers, and the token is one of them

COOKIE = "AWSALBCORS"
"""The load balancer's cookie: with it the WebSocket reaches the machine that negotiated."""


class LiveTimes(msgspec.Struct, frozen=True):
    """Seconds; shorter ones are for tests.

    Attributes:
        ping_s: between our pings (the hub drops who is silent for 30). ``guard_s``: of silence, then we reconnect.
        open_s: for negotiating, and for each step of opening. ``first_s``, ``most_s``: bounds of the waits between
            attempts. ``settled_s``: a connection that held so long was good: waits begin small again.
        sync_s: between writes of the recording to the disk itself.
        hold_s: how long a snapshot that says no time waits for the first message that does.
    """

    ping_s: float = 15.0
    guard_s: float = 45.0
    open_s: float = 15.0
    first_s: float = 1.0
    most_s: float = 30.0
    settled_s: float = 10.0
    sync_s: float = 1.0
    hold_s: float = 20.0


class LinkLostError(Exception):
    """The connection is gone, or never came; another attempt may succeed.

    Args:
        why: in words.
        invited: whether the hub said that we may come back at once.
        final: whether it closed in good order, without inviting us back.
    """

    def __init__(self, why: str, *, invited: bool = False, final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.invited = invited
        self.final = final


class _Negotiated(msgspec.Struct, frozen=True):
    connection_token: str = msgspec.field(name="connectionToken", default="")
    connection_id: str = msgspec.field(name="connectionId", default="")
    url: str = ""
    error: str = ""


class Link:
    """An open connection, hands shaken."""

    def __init__(self, socket: ClientConnection, times: LiveTimes) -> None:
        self._socket = socket
        self._times = times
        self._records = RecordSplitter()
        self._early: list[bytes] = []
        self._given_up = ""

    async def send(self, data: bytes) -> None:
        """Send one record."""
        try:
            await self._socket.send(data, text=True)
        except ConnectionClosed as closed:
            raise self._lost(closed) from closed

    async def shake_hands(self) -> None:
        """Agree on the protocol.

        Raises:
            LinkLostError: the hub does not.
        """
        await self.send(HANDSHAKE)
        records: list[bytes] = []
        while not records:
            records = await self._receive(self._times.open_s)
        try:
            error = read_handshake(records[0]).error
        except (msgspec.MsgspecError, UnicodeDecodeError) as garbled:
            raise LinkLostError("the hub's handshake cannot be read") from garbled
        if error:
            raise refusal_in(error) or LinkLostError(f"the hub refused the handshake: {error[:200]}")
        self._early = records[1:]

    async def incoming(self) -> AsyncIterator[list[HubMessage | bytes]]:
        """What comes, one list a WebSocket message; a record that is no message of the protocol comes as bytes.

        Raises:
            LinkLostError: the connection ended, or was silent for too long.
        """
        records = self._early
        while True:
            yield [_read(record) for record in records]
            records = await self._receive(self._times.guard_s)

    async def give_up(self, why: str) -> None:
        """Close, for a reason of ours."""
        self._given_up = why
        await self._socket.close()

    async def keep_alive(self) -> None:
        """Ping until cancelled."""
        while True:
            await asyncio.sleep(self._times.ping_s)
            try:
                await self.send(PING)
            except LinkLostError:
                return  # whoever listens learns it too

    async def _receive(self, within_s: float) -> list[bytes]:
        try:
            async with asyncio.timeout(within_s):
                return self._records.feed(await self._socket.recv(decode=False))
        except TimeoutError as silent:
            raise LinkLostError(f"silence for {within_s:g} s") from silent
        except ConnectionClosed as closed:
            raise self._lost(closed) from closed
        except ProtocolError as error:
            raise LinkLostError(str(error)) from error

    def _lost(self, closed: ConnectionClosed) -> LinkLostError:
        received = closed.rcvd
        if self._given_up:
            return LinkLostError(self._given_up)
        if received is None:
            return LinkLostError("the connection broke off")
        reason = f": {received.reason}" if received.reason else ""
        return LinkLostError(
            f"the hub closed the connection ({received.code}{reason})", final=received.code == CloseCode.NORMAL_CLOSURE
        )


@asynccontextmanager
async def opened(url: str, token: Token | None, times: LiveTimes) -> AsyncGenerator[Link, None]:
    """A connection to the hub at ``url``, closed at the end.

    Raises:
        LinkLostError: it could not be made this time.
        NotAllowedError: the hub refuses us.
        DataMissingError: there is no hub at that address.
    """
    bearer = token.text if token else None
    negotiated, cookie = await _negotiate(url, token, times)
    headers = {"Cookie": cookie} if cookie else {}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    opening = _Unredirected(
        _socket_url(url, negotiated),
        additional_headers=headers,
        user_agent_header=USER_AGENT,
        max_size=MAX_RECORD_BYTES,
        max_queue=64,
        ping_interval=None,  # the hub's own pings and our guard do that
        open_timeout=times.open_s,
        close_timeout=1.0,
        logger=_wire_log,
        proxy=None if is_loopback(url) else True,
    )
    try:
        socket = await opening
    except InvalidStatus as refused:
        status = refused.response.status_code
        if status in (401, 403):
            raise refusal(status, token) from refused
        raise LinkLostError(f"the hub answered {status}") from refused
    except (OSError, InvalidHandshake, WebSocketException, TimeoutError, EOFError) as error:
        raise LinkLostError(in_words(error, url)) from error
    link = Link(socket, times)
    alive: asyncio.Task[None] | None = None
    try:
        await link.shake_hands()
        alive = asyncio.create_task(link.keep_alive())
        yield link
    finally:
        if alive is not None:
            alive.cancel()
        await socket.close()


class _Unredirected(connect):
    """Follows no redirect: the token goes to the host of the settings and to no other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def _negotiate(url: str, token: Token | None, times: LiveTimes) -> tuple[str, str]:
    """The connection token, and the load balancer's cookie (as a header's value, empty without one)."""
    policy = HttpPolicy(connect_s=times.open_s, read_s=times.open_s, attempts=1)
    path = f"{url.rstrip('/')}/negotiate?negotiateVersion=1"
    async with HttpClient(url, bearer=token.text if token else None, policy=policy) as client:
        try:
            first = await client.ask("OPTIONS", path)
            cookie = first.cookies.get(COOKIE, "")
            headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
            answer = await client.ask("POST", path, headers=headers)
        except UnreachableError as error:
            raise LinkLostError(error.why or error.what) from error
    if answer.status in (401, 403):
        raise refusal(answer.status, token)
    if answer.status == 404:
        raise DataMissingError(
            f"There is no hub at {url}", why="it answered 404", hint="check OVERCUT_LIVE_URL or --url"
        )
    try:
        found = msgspec.json.decode(answer.body, type=_Negotiated)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LinkLostError(f"the hub's answer to negotiate ({answer.status}) cannot be read") from error
    if found.url:
        raise OvercutError(
            f"The hub sends us to {urlsplit(found.url).hostname or found.url[:80]}",
            why="nothing is asked of hosts that are not in the settings, and no token goes there",
            hint="if that host is right, set OVERCUT_LIVE_URL to it",
        )
    connection_token = found.connection_token or found.connection_id
    if answer.status != 200 or found.error or not connection_token:
        raise LinkLostError(f"the hub does not negotiate ({answer.status}): {found.error[:200]}")
    cookie = answer.cookies.get(COOKIE, cookie)
    return connection_token, f"{COOKIE}={cookie}" if cookie else ""


def refusal(status: int | str, token: Token | None) -> NotAllowedError:
    """What to say when the hub refuses us."""
    if token is not None:
        return NotAllowedError(
            "The live feed refused the token",
            why=f"it answered {status}; the token is from {token.origin or 'the settings'}",
            hint="sign in at formula1.com and `overcut login` anew; `overcut login --status` shows when a token ends",
        )
    return NotAllowedError(
        "The live feed refused us",
        why=f"it answered {status} to a client without a token; addresses of cloud providers are refused too",
        hint="`overcut login` takes the token of an F1TV Access account; from a data centre, try another network",
    )


def refusal_in(error: str) -> NotAllowedError | None:
    """What to raise when the hub's words mean that we may not listen; None when they mean something else."""
    lowered = error.lower()
    if any(word in lowered for word in ("unauthorized", "unauthorised", "forbidden", "401", "403")):
        return refusal(error[:80], None)
    return None


def _socket_url(url: str, connection_token: str) -> str:
    parts = urlsplit(url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path, f"id={quote(connection_token, safe='')}", ""))


def _read(record: bytes) -> HubMessage | bytes:
    try:
        return read_message(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return record
