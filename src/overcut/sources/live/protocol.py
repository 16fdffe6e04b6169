"""How SignalR Core's JSON protocol looks on the wire: records, handshake, calls, pings, closes (wire.md, Live)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import msgspec

RECORD_END = b"\x1e"
HANDSHAKE = b'{"protocol":"json","version":1}' + RECORD_END
PING = b'{"type":6}' + RECORD_END
FEED = "feed"
MAX_RECORD_BYTES = 64 * 2**20
"""A record longer than this is no message of the feed: a full snapshot of a race is about 2 MB."""


class MessageType(IntEnum):
    """The protocol's message types that a client meets."""

    INVOCATION = 1
    STREAM_ITEM = 2
    COMPLETION = 3
    PING = 6
    CLOSE = 7


class HubMessage(msgspec.Struct, frozen=True):
    """One record; what a type does not carry stays at its default."""

    type: int
    target: str | None = None
    invocation_id: str | None = msgspec.field(name="invocationId", default=None)
    arguments: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    result: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    error: str | None = None
    allow_reconnect: bool = msgspec.field(name="allowReconnect", default=False)


class HandshakeAnswer(msgspec.Struct, frozen=True):
    """The hub's answer to the handshake: empty when it agrees."""

    error: str | None = None


class ProtocolError(ValueError):
    """The other side does not speak the protocol."""


read_message = msgspec.json.Decoder(HubMessage).decode
read_handshake = msgspec.json.Decoder(HandshakeAnswer).decode


class RecordSplitter:
    """Puts records together from WebSocket messages: several in one message, or one over several messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The records that ``data`` completes.

        Raises:
            ProtocolError: a record grows beyond any of the feed.
        """
        *whole, self._rest = (self._rest + data).split(RECORD_END) if self._rest else data.split(RECORD_END)
        if len(self._rest) > MAX_RECORD_BYTES:
            raise ProtocolError(f"a record of more than {MAX_RECORD_BYTES // 2**20} MiB")
        return [record for record in whole if record.strip()]


def subscribe(topics: Sequence[str], invocation_id: str) -> bytes:
    """The call of ``Subscribe``. Without an invocation id it would never be answered."""
    call = {"type": 1, "invocationId": invocation_id, "target": "Subscribe", "arguments": [list(topics)]}
    return msgspec.json.encode(call) + RECORD_END
