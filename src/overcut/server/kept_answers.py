"""Which answers need not be made again: a bounded store of encoded ones, for as long as the lake stays as it is."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from overcut.server.answers import JSON_TYPE
from overcut.server.row_answers import tag_of, tagged, unchanged

MOST_BYTES = 32 * 1024 * 1024
"""Of all that is kept; the ones that were asked for longest ago go first."""
PACKED_FROM = 1_000
"""Bytes from which an answer is sent packed, as everywhere in the server."""
PACKING = 6
_PACKED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


class _Kept(msgspec.Struct, frozen=True, gc=False):
    plain: bytes
    packed: bytes | None

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed or b"")


class KeptAnswers:
    """Encoded answers by their tag, which names the state of the lake and the whole address. Threads may share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._bytes

    def answer(self, request: Request, identity: str, make: Callable[[], object]) -> Response:
        """What ``make`` gives, as JSON, made once; 304 before anything is made where the client holds it.

        Args:
            request: what is answered.
            identity: the state of the lake that ``make`` reads.
            make: gives a struct, or raises: errors are not kept.
        """
        tag = tag_of(request, identity)
        if (same := unchanged(request, tag)) is not None:
            return same
        kept = self._found(tag)
        if kept is None:
            plain = msgspec.json.encode(make())
            kept = _Kept(plain, gzip.compress(plain, PACKING, mtime=0) if len(plain) >= PACKED_FROM else None)
            self._keep(tag, kept)
        if kept.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(kept.packed, 200, {**tagged(tag), **_PACKED}, JSON_TYPE)
        return Response(kept.plain, 200, tagged(tag), JSON_TYPE)

    def _found(self, tag: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(tag)
            if kept is not None:
                self._kept.move_to_end(tag)
            return kept

    def _keep(self, tag: str, kept: _Kept) -> None:
        with self._lock:
            before = self._kept.pop(tag, None)
            self._bytes += kept.size - (before.size if before else 0)
            self._kept[tag] = kept
            while self._bytes > self._most and self._kept:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= dropped.size
