"""How one encoded message reaches a thousand sockets without being framed, and without waking a task, a thousand times.

ASGI hands a server text, which it encodes and frames for each connection anew. Our uvicorn protocol also takes frames
that are finished already (RFC 6455, section 5.2: a server does not mask, so all clients get the same bytes), and lets
them be written at once where the connection has room. With 1,000 clients on two shared cores that brought 39 us of CPU
a message and client down to 12 (``benchmarks/websocket_load.py``).
"""

from __future__ import annotations

from typing import Any, Protocol

from starlette.types import Scope
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "overcut.frames"
"""In a scope's ``extensions`` when the server takes ``{"type": "websocket.send", "frames": bytes}``."""

_FINAL_TEXT = 0x81


def text_frame(payload: bytes) -> bytes:
    """``payload`` (UTF-8) as one unmasked, final text frame."""
    size = len(payload)
    if size < 126:
        head = bytes((_FINAL_TEXT, size))
    elif size < 65_536:
        head = bytes((_FINAL_TEXT, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_FINAL_TEXT, 127)) + size.to_bytes(8, "big")
    return head + payload


class Wire(Protocol):
    """One open connection that takes finished frames."""

    def has_room(self) -> bool:
        """Whether it can take more without waiting."""
        ...

    def write_frames(self, frames: bytes) -> None:
        """Write frames that are finished; nothing happens on a connection that is closing."""
        ...


def wire_of(scope: Scope) -> Wire | None:
    """The connection's wire, where the server has one (None under another server)."""
    extensions: dict[str, Any] = scope.get("extensions") or {}
    return extensions.get(EXTENSION, {}).get("wire")


class FramesProtocol(WebSocketsSansIOProtocol):
    """Uvicorn's WebSocket protocol, which also takes finished frames. Compression must be off."""

    async def run_asgi(self) -> None:
        """Tell the application what we take, then run it."""
        self.scope["extensions"] = {**(self.scope.get("extensions") or {}), EXTENSION: {"wire": self}}
        await super().run_asgi()

    async def send(self, message: Any) -> None:
        """As in ASGI; and frames, once the connection is open."""
        frames: bytes | None = message.get("frames")
        if frames is None:
            await super().send(message)
            if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
                self.handshake_complete = True  # uvicorn forgets to say so, and logs each refusal as a failure of ours
            return
        await self.writable.wait()  # the client's share of patience: beyond the buffer, we wait
        if self.disconnected or self.close_sent or self.transport.is_closing():
            raise ClientDisconnected
        self.transport.write(frames)

    def has_room(self) -> bool:
        """Whether the connection can take more without waiting."""
        return self.writable.is_set()

    def write_frames(self, frames: bytes) -> None:
        """Write finished frames now; nothing happens on a connection that is closing."""
        if not (self.disconnected or self.close_sent or self.transport.is_closing()):
            self.transport.write(frames)
