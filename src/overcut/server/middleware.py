"""What every request passes: a correlation id, the origin rule, security headers, a count and a log line."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overcut.kernel.logs import request_id
from overcut.server.metrics import Metrics
from overcut.server.origins import Origins
from overcut.server.problems import problem

REQUEST_ID_HEADER = "X-Request-ID"
_ACCEPTED_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
COUNTED_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
"""Counted by name; any word is a method to HTTP, and every name would stay in memory."""

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.http")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""For answers that do not bring their own; the app's pages bring a policy that lets them run."""


class EveryRequest:
    """The outermost layer, for HTTP and WebSocket alike.

    Args:
        app: the application within.
        origins: who may act from a browser.
        metrics: counters.
    """

    def __init__(self, app: ASGIApp, origins: Origins, metrics: Metrics) -> None:
        self._app = app
        self._origins = origins
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID_HEADER, "")
        identity = given if _ACCEPTED_ID.match(given) else uuid.uuid4().hex[:16]
        token = request_id.set(identity)
        began_s, status = time.perf_counter(), 0

        async def finish(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer[REQUEST_ID_HEADER] = identity
                for name, value in SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        try:
            refusal = self._refusal(scope, headers)
            await (refusal or self._app)(scope, receive, finish)
        finally:
            request_id.reset(token)
            if scope["type"] == "http":
                method = scope["method"] if scope["method"] in COUNTED_METHODS else "other"
                self._metrics.requests.labels(method, str(status)).inc()
                log.debug(
                    "request",
                    request_id=identity,
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - began_s) * 1000, 2),
                )

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        host = headers.get("host")
        if not self._origins.host_allowed(host):
            self._metrics.refused.labels("host").inc()
            return problem(
                403,
                f"This server does not answer to the name {host}",
                "use its own address, or set OVERCUT_ALLOWED_ORIGINS",
            )
        acts = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if acts and not self._origins.origin_allowed(headers.get("origin"), host):
            self._metrics.refused.labels("origin").inc()
            return problem(
                403,
                f"A page of {headers.get('origin')} may not act on this server",
                "open the server's own address, or add the origin to OVERCUT_ALLOWED_ORIGINS",
            )
        return None
