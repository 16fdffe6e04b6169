"""OpenF1's addresses: ``/openf1/v1/laps?session_key=20240507&driver_number=4&lap_duration<75``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
import polars as pl
from fastapi import APIRouter, Path, Request, Response

from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.lake import Lake
from overcut.lake.rows import Comparison, Filter, RowQuery, how_many, rows
from overcut.server.openf1.endpoints import ENDPOINTS
from overcut.server.row_answers import RowFormat, row_answer, tag_of, unchanged
from overcut.server.row_questions import terms
from overcut.server.table_routes import present

MOST_ROWS = 200_000
"""An answer is whole or refused, as with OpenF1: its clients know no pages."""

_KEYS = ("session_key", "meeting_key")
Endpoint = Annotated[str, Path(pattern="^[a-z_]{1,30}$", description=f"One of {', '.join(ENDPOINTS)}")]


def openf1_routes(lake: Lake | None) -> APIRouter:
    """The routes under ``/openf1/v1``. Plain functions: they run on threads, not on the event loop."""
    routes = APIRouter(prefix="/openf1/v1", tags=["openf1"], default_response_class=Response)

    @routes.get("/{endpoint}", summary="Rows in the shape of OpenF1", response_class=Response)
    def openf1(request: Request, endpoint: Endpoint) -> Response:
        there = present(lake)
        tag = tag_of(request, there.identity)
        if (same := unchanged(request, tag)) is not None:
            return same
        asked = ENDPOINTS.get(endpoint)
        if asked is None:
            raise DataMissingError(f"There is no endpoint {endpoint!r}", hint=f"there are {', '.join(ENDPOINTS)}")
        filters, form = _asked(request.scope["query_string"])
        filters = _resolved(there, filters)
        if (wanted := how_many(there, asked, filters)) > MOST_ROWS:
            raise WrongUsageError(
                f"{wanted:,} rows are too many for one answer",
                hint="narrow it by session_key, driver_number or date, for example date>2024-05-26T13:00",
            )
        order = [name for name in ("date", "date_start", "session_key", "driver_number") if name in asked.types]
        found = row_answer(rows(there, asked, RowQuery(filters, order=order)), form, tag)
        return _mixed(found) if endpoint == "intervals" and form is RowFormat.JSON else found

    return routes


def _asked(query: bytes) -> tuple[list[Filter], RowFormat]:
    """The filters, and whether CSV is wanted (``csv=true``)."""
    given = list(terms(query))
    csv = [term.value.lower() == "true" for term in given if term.column == "csv"]
    return [term for term in given if term.column != "csv"], RowFormat.CSV if any(csv) else RowFormat.JSON


def _resolved(lake: Lake, given: Sequence[Filter]) -> list[Filter]:
    """``latest`` becomes the newest session or meeting, a key in our own words (2024-05-R) its number.

    A session asked for by its number is asked for by our key too: by that the lake finds its file.
    """
    found: list[Filter] = []
    for term in given:
        if term.column not in _KEYS or term.comparison is not Comparison.EQUAL:
            found.append(term)
            continue
        one = _session(lake, term)
        number = str(one[term.column][0]) if one.height else term.value
        found.append(msgspec.structs.replace(term, value=number))
        if term.column == "session_key" and one.height:
            found.append(Filter("overcut_key", Comparison.EQUAL, one["overcut_key"][0]))
    return found


def _session(lake: Lake, term: Filter) -> pl.DataFrame:
    """The session, or one of the meeting's, that a key names: no row where a number names none.

    Raises:
        DataMissingError: the key is a word, and the lake has no such session.
    """
    columns = (*_KEYS, "overcut_key")
    if term.value == "latest":
        query = RowQuery(columns=columns, order=("-date_start", "-session_key"), limit=1)
    elif term.value.isascii() and term.value.isdigit():
        query = RowQuery((term,), columns=columns, limit=1)
    else:
        query = RowQuery((Filter("overcut_key", Comparison.EQUAL, term.value),), columns=columns, limit=1)
    one = rows(lake, ENDPOINTS["sessions"], query)
    if one.is_empty() and not term.value.isdigit():
        hint = "overcut lake add SESSION brings one in"
        raise DataMissingError(f"The lake has no session {term.value[:60]!r}", hint=hint)
    return one


_NUMBERS_IN_QUOTES = re.compile(rb'"(gap_to_leader|interval)":"(-?[0-9]+(?:[.][0-9]+)?)"')


def _mixed(answered: Response) -> Response:
    """Gaps as OpenF1 has them: numbers of seconds, but words for lapped cars."""
    body = _NUMBERS_IN_QUOTES.sub(rb'"\1":\2', bytes(answered.body))
    headers = {name: value for name, value in answered.headers.items() if name != "content-length"}
    return Response(body, answered.status_code, headers)
