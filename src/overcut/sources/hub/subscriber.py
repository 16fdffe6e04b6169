"""How the hub talks to one client over its WebSocket."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import cast

import msgspec
from websockets.frames import Frame, Opcode
from websockets.http11 import Request as UpgradeRequest
from websockets.protocol import State
from websockets.server import ServerProtocol

from overcut.sources.hub.faults import Faults
from overcut.sources.hub.http_wire import Request

_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.INFO)  # at DEBUG the library logs the request's headers, a client's token among them

END = b"\x1e"
PING = b'{"type":6}'
MAX_WAITING = 2_000
"""Records waiting for a client before the player waits for it (when it plays as fast as possible)."""


class Subscriber:
    """One WebSocket connection, from the upgrade on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = ServerProtocol(max_size=2**20, logger=_wire_log)
        self._protocol.receive_data(request.head)
        self._waiting: deque[bytes] = deque()
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.bearer = request.bearer
        self.topics: frozenset[str] = frozenset()
        self.stalled = False
        self.sent = 0
        self.heard_s = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether it can still be sent to."""
        return self._protocol.state is State.OPEN and not self._writer.is_closing()

    async def accept(self) -> bool:
        """Answer the upgrade; whether the WebSocket is open."""
        for event in self._protocol.events_received():
            if isinstance(event, UpgradeRequest):
                self._protocol.send_response(self._protocol.accept(event))
        await self._flush()
        return self.is_open

    async def messages(self) -> AsyncIterator[bytes]:
        """Records from the client, until it is gone."""
        rest: bytes = b""
        while data := await self._read():
            self.heard_s = time.monotonic()
            self._protocol.receive_data(data)
            for event in self._protocol.events_received():
                if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                    records: list[bytes] = (rest + bytes(cast(bytes, event.data))).split(END)
                    rest = records.pop()
                    for record in records:
                        yield record
            await self._flush()
            if not self.is_open:
                return

    def put(self, record: bytes) -> None:
        """Send a record when it is its turn; what comes while the hub stalls is lost to this client."""
        if self.stalled or not self.is_open:
            return
        self._waiting.append(record)
        self._some.set()
        if len(self._waiting) > MAX_WAITING:
            self._room.clear()

    async def room(self) -> None:
        """Wait until the client has taken most of what waits for it."""
        if self.is_open and not self.stalled:
            await self._room.wait()

    async def sent_all(self) -> None:
        """Wait until everything that was put has gone out, or the client is gone."""
        while self._waiting and self.is_open and not self.stalled:
            await asyncio.sleep(0)

    async def send_waiting(self, faults: Faults) -> None:
        """Send what waits, as many records in a WebSocket message, and as many messages a record, as the faults say."""
        await self._some.wait()
        while self._waiting and self.is_open:
            count = min(len(self._waiting), max(1, faults.batch))
            data = b"".join(self._waiting.popleft() + END for _ in range(count))
            for piece in _pieces(data, faults.split):
                self._protocol.send_text(piece)
            self.sent += count
            await self._flush()
            if len(self._waiting) < MAX_WAITING // 2:
                self._room.set()
        self._some.clear()

    def drop(self) -> None:
        """Break off, without a word."""
        self._writer.transport.abort()
        self._let_go()

    async def close(self, *, error: str = "", invite: bool = False) -> None:
        """Say why in the protocol's own words, then close the WebSocket in good order."""
        if not self.is_open:
            return
        goodbye: dict[str, object] = {"type": 7, "allowReconnect": invite}
        if error:
            goodbye["error"] = error
        while self._waiting and not self.stalled:
            self._protocol.send_text(self._waiting.popleft() + END)
        self._protocol.send_text(msgspec.json.encode(goodbye) + END)
        self._protocol.send_close(1000)
        await self._flush()
        self._let_go()

    def _let_go(self) -> None:
        self._waiting.clear()
        self._some.set()
        self._room.set()

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(65536)
        except ConnectionError:
            return b""

    async def _flush(self) -> None:
        try:
            for data in self._protocol.data_to_send():
                if data:
                    self._writer.write(data)
                elif self._writer.can_write_eof():
                    self._writer.write_eof()
            await self._writer.drain()
        except (ConnectionError, RuntimeError, OSError):
            self._let_go()


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    """``data`` in pieces of about ``size`` bytes (0: whole), cut between characters: each is a text message."""
    begin = 0
    while size and len(data) - begin > size:
        end = begin + size
        while data[end] & 0xC0 == 0x80:
            end += 1
        yield data[begin:end]
        begin = end
    yield data[begin:]
