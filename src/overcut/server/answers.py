"""How a REST answer is made: encoded by msgspec, described in OpenAPI, with a tag so that it need not be sent twice."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

JSON_TYPE = "application/json"


def described(answer: type[msgspec.Struct], *errors: int, many: bool = False) -> dict[int | str, dict[str, Any]]:
    """FastAPI's ``responses`` of a route that answers with ``answer`` (a list of them when ``many``) or a problem."""
    one = {"$ref": f"#/components/schemas/{answer.__module__}.{answer.__name__}"}  # `openapi` makes a short name of it
    problems = {
        status: {
            "description": "A problem (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in errors
    }
    return {
        200: {
            "description": (answer.__doc__ or "").strip().splitlines()[0],
            "content": {JSON_TYPE: {"schema": {"type": "array", "items": one} if many else one}},
        },
        **problems,
    }


def answer(request: Request, body: object, *, tag: str | None = None, max_age_s: int = 0) -> Response:
    """``body`` as JSON; 304 without a body when the client already holds it.

    Args:
        request: what is answered.
        body: a struct, or anything else that msgspec encodes.
        tag: what tells this version of the answer from another; its hash when None.
        max_age_s: how long the answer may be used without asking again.
    """
    content = msgspec.json.encode(body)
    etag = f'W/"{tag or blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": f"max-age={max_age_s}" if max_age_s else "no-cache"}
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in (candidate.strip() for candidate in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, JSON_TYPE)
