"""How rows are answered: JSON, CSV, Parquet or Arrow, tagged by the lake's generation, linked to the next page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b

import polars as pl
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from overcut.kernel.version import __version__


class RowFormat(StrEnum):
    """In which form rows are answered."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


MEDIA_TYPES: Mapping[RowFormat, str] = {
    RowFormat.JSON: "application/json",
    RowFormat.CSV: "text/csv; charset=utf-8",
    RowFormat.PARQUET: "application/vnd.apache.parquet",
    RowFormat.ARROW: "application/vnd.apache.arrow.stream",
}


def tag_of(request: Request, identity: str) -> str:
    """The ETag of what a request asks of a state of the lake (`Lake.identity`): known before anything is read.

    Another version of Overcut may answer otherwise, so it is part of the tag.
    """
    asked = f"{__version__} {identity} {request.url.path}?{request.url.query}".encode()
    return f'W/"{blake2b(asked, digest_size=12).hexdigest()}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """304 without a body when the client already holds what is tagged so.

    ``*`` (whatever there is) does not count: before anything is read, nobody knows whether there is anything.
    """
    known = request.headers.get("if-none-match", "")
    if tag in (candidate.strip() for candidate in known.split(",")):
        return Response(status_code=304, headers=tagged(tag))
    return None


def row_answer(frame: pl.DataFrame, form: RowFormat, tag: str, more: Mapping[str, str] | None = None) -> Response:
    """Rows in the form that was asked for. Instants are ISO 8601 in UTC; JSON is a list of objects."""
    headers = {**tagged(tag), **(more or {})}
    return Response(_encoded(frame, form), 200, headers, MEDIA_TYPES[form])


def page_links(request: Request, *, limit: int, offset: int, rows: int, total: int) -> dict[str, str]:
    """``Link`` (RFC 8288: next, prev) and ``X-Total-Count`` for a page of rows."""
    links: list[str] = []
    if offset + rows < total:
        links.append(f'<{_paged(request.url, limit, offset + limit)}>; rel="next"')
    if offset:
        links.append(f'<{_paged(request.url, limit, max(0, offset - limit))}>; rel="prev"')
    return {"X-Total-Count": str(total), **({"Link": ", ".join(links)} if links else {})}


def _paged(url: URL, limit: int, offset: int) -> str:
    there = url.include_query_params(limit=limit, offset=offset)
    return f"{there.path}?{there.query}"


def tagged(tag: str) -> dict[str, str]:
    """The headers of an answer that may be kept, but not used again unasked."""
    return {"ETag": tag, "Cache-Control": "no-cache"}


def _encoded(frame: pl.DataFrame, form: RowFormat) -> bytes:
    out = io.BytesIO()
    match form:
        case RowFormat.JSON:
            _spelled(frame).write_json(out)
        case RowFormat.CSV:
            _spelled(frame).write_csv(out)
        case RowFormat.PARQUET:
            frame.write_parquet(out)
        case RowFormat.ARROW:
            frame.write_ipc_stream(out)
    return out.getvalue()


def _spelled(frame: pl.DataFrame) -> pl.DataFrame:
    """Instants and days as ISO 8601; numbers that are none (NaN, infinite) as null, which JSON needs."""
    kinds = frame.schema
    instants = [name for name, kind in kinds.items() if isinstance(kind, pl.Datetime)]
    days = [name for name, kind in kinds.items() if isinstance(kind, pl.Date)]
    reals = [name for name, kind in kinds.items() if kind.is_float()]
    return frame.with_columns(
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00") for name in instants),
        *(pl.col(name).dt.strftime("%Y-%m-%d") for name in days),
        *(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in reals),
    )
