"""How an error is answered: RFC 9457 problem details, with a hint."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from overcut.kernel.errors import DataMissingError, NotAllowedError, OvercutError, WrongUsageError
from overcut.kernel.logs import request_id
from overcut.runtime.sessions import TooManySessionsError
from overcut.server.board import HouseFullError
from overcut.server.wire import Problem

PROBLEM_TYPE = "application/problem+json"
log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.server")

_STATUS: tuple[tuple[type[OvercutError], HTTPStatus], ...] = (
    (TooManySessionsError, HTTPStatus.SERVICE_UNAVAILABLE),
    (HouseFullError, HTTPStatus.SERVICE_UNAVAILABLE),
    (DataMissingError, HTTPStatus.NOT_FOUND),
    (WrongUsageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotAllowedError, HTTPStatus.FORBIDDEN),
)


def status_of(error: OvercutError) -> HTTPStatus:
    """The HTTP status that fits an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(status: int, detail: str = "", hint: str = "", headers: dict[str, str] | None = None) -> Response:
    """An error's answer. 503 says when to try again."""
    title = HTTPStatus(status).phrase
    body = Problem("about:blank", title, int(status), detail, hint, request_id.get() or "")
    more = {"Cache-Control": "no-store", **(headers or {})}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        more.setdefault("Retry-After", "5")
    return Response(msgspec.json.encode(body), int(status), more, PROBLEM_TYPE)


def problem_of(error: OvercutError) -> Response:
    """The answer to one of our own errors."""
    detail = f"{error.what}: {error.why}" if error.why else error.what
    return problem(status_of(error), detail, error.hint)


def answer_errors(app: FastAPI) -> None:
    """Make every error of the app a problem."""

    async def ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, OvercutError)  # noqa: S101 - registered for this type alone
        return problem_of(error)

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        told = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, told, "/api/v1/openapi.json lists what each address takes")

    async def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        headers = dict(error.headers) if error.headers else None
        hint = "/api/v1/openapi.json lists every address" if error.status_code == HTTPStatus.NOT_FOUND else ""
        return problem(error.status_code, error.detail, hint, headers)

    async def unexpected(_request: Request, error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Something went wrong on our side",
            "the server's log has the details under this request_id",
        )

    app.add_exception_handler(OvercutError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
