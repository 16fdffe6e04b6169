"""A small archive on this machine, which serves a folder and can be told to misbehave."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from overcut.sources.hub.http_wire import Request, read_request

_RANGE = re.compile(r"^bytes=(\d+)-$")


class ArchiveServer:
    """Serves ``root`` below ``/static/`` with validators, ranges and conditions, as the real archive does.

    Attributes:
        asked: how often each path was asked for. ``bearers``: the tokens that came.
        fail: paths (by their end) that answer 500 so many times. ``cut``: that break off after so many bytes, so many
            times. ``refuse``: that answer this status. ``lie``: whose length is said so much too small or large, once.
        token: the bearer that is wanted; empty: none.
        move: everything is redirected there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.asked: Counter[str] = Counter()
        self.sent = 0
        self.bearers: set[str] = set()
        self.fail: dict[str, int] = {}
        self.cut: dict[str, list[int]] = {}
        self.refuse: dict[str, int] = {}
        self.lie: dict[str, int] = {}
        self.token = ""
        self.move = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/static/"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await read_request(reader)) is not None:
            data, whole = self._answer(request)
            writer.write(data)
            await writer.drain()
            if not whole:
                break
        writer.close()

    def _answer(self, request: Request) -> tuple[bytes, bool]:
        path = unquote(request.target.path).removeprefix("/static/")
        self.asked[path] += 1
        self.bearers.add(request.bearer)
        if self.move:
            return _head(302, {"Location": self.move + path, "Content-Length": "0"}), True
        status = self.refuse.get(_ending(path, self.refuse), 0)
        if self.token and request.bearer != self.token:
            status = 401
        key = _ending(path, self.fail)
        if self.fail.get(key, 0) > 0:
            self.fail[key] -= 1
            status = 500
        file = self._root / path
        if not status and not file.is_file():
            status = 404
        if status:
            return _head(status, {"Content-Length": "0"}), True
        return self._file(request, path, file.read_bytes())

    def _file(self, request: Request, path: str, data: bytes) -> tuple[bytes, bool]:
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return _head(304, {"ETag": tag}), True
        begin, status = 0, 200
        asked = _RANGE.match(request.headers.get("range", ""))
        if asked and request.headers.get("if-range", tag) == tag:
            begin, status = int(asked.group(1)), 206
        body = data[begin:]
        headers = {"ETag": tag, "Content-Length": str(len(body) + self.lie.pop(_ending(path, self.lie), 0))}
        if status == 206:
            headers["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
        cuts = self.cut.get(_ending(path, self.cut))
        if cuts:
            body = body[: cuts.pop(0)]
        self.sent += len(body)
        whole = len(body) == int(headers["Content-Length"])
        return _head(status, headers) + body, whole


def _ending(path: str, table: dict[str, object] | dict[str, int] | dict[str, list[int]]) -> str:
    return next((end for end in table if path.endswith(end)), "")


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()
