"""A little HTTP server on this machine that gives JSON, counts what it was asked, and can be told to fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

Answer = Callable[[str, dict[str, str]], object]


class JsonServer:
    """Answers ``/v1/<path>?<query>`` with what ``answer(path, query)`` gives; None is a 404.

    Attributes:
        asked: (path, query) of each request, in order.
        fail: so many next requests answer 503. ``stop_after``: requests after so many are cut off.
    """

    def __init__(self, answer: Answer) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.fail = 0
        self.stop_after: int | None = None
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                path, query = parts.path.removeprefix("/v1/"), dict(parse_qsl(parts.query))
                server.asked.append((path, query))
                if server.stop_after is not None and len(server.asked) > server.stop_after:
                    self.connection.close()
                    return
                found = answer(path, query)
                status = 404 if found is None else 200
                if server.fail > 0:
                    server.fail -= 1
                    status = 503
                body = json.dumps({"detail": "No results found."} if found is None else found).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name in the base class
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
