"""How the hub reads an HTTP request and writes an answer: the little of HTTP/1.1 that its clients use."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

import msgspec

MAX_HEAD, MAX_BODY = 64 * 1024, 64 * 1024


class Request(msgspec.Struct, frozen=True):
    """A request: its head as it came, header names in lower case."""

    method: str
    target: SplitResult
    headers: dict[str, str]
    head: bytes
    body: bytes = b""

    @property
    def upgrades(self) -> bool:
        """Whether it asks for a WebSocket."""
        return self.headers.get("upgrade", "").lower() == "websocket"

    @property
    def bearer(self) -> str:
        """The token that it carries; empty without one."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request; None at the end of the connection, or for what is no request."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        named = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in named}
        length = int(headers.get("content-length", "0"))
        body = await reader.readexactly(length) if 0 < length <= MAX_BODY else b""
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, ConnectionError):
        return None
    return Request(method, urlsplit(target), headers, head, body)


def answer(status: int, document: object = None, headers: dict[str, str] | None = None) -> bytes:
    """A whole answer; ``document`` is sent as JSON."""
    body = b"" if document is None else msgspec.json.encode(document)
    named = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
