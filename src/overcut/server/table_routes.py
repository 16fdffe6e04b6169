"""What the lake's tables hold, row by row, over REST: filters, order and pages; JSON, CSV, Parquet, Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Request, Response

from overcut.domain.tables import Column, Table
from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.lake.rows import Rows, how_many, rows
from overcut.server.answers import answer, described
from overcut.server.row_answers import RowFormat, page_links, row_answer, tag_of, unchanged
from overcut.server.row_questions import question

MOST_ROWS = 100_000
USUAL_ROWS = 100

Name = Annotated[str, Path(pattern="^[a-z_]{1,40}$", description="Table, for example results")]

_FILTERS = (
    "Each column is a filter: `season=2024`, `position<=3`, `driver!=HAM`; several equalities with one column mean one "
    "of these. `order=-points,driver_id`, `columns=a,b`, `limit` (100, at most 100,000), `offset`, "
    "`format=json|csv|parquet|arrow`. The next page is in the `Link` header, the number of rows in `X-Total-Count`."
)
_ANSWER: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "Rows",
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
}


class TableAnswer(msgspec.Struct, frozen=True):
    """A table of the lake: what a row is, its key and columns, and how many sessions or seasons it has."""

    name: str
    meaning: str
    unit: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    version: int
    units: int


def table_routes(lake: Lake | None) -> APIRouter:
    """The routes under ``/api/v1/tables``. Plain functions: they run on threads, not on the event loop."""
    routes = APIRouter(prefix="/api/v1/tables", tags=["tables"], default_response_class=Response)

    @routes.get("", responses=described(TableAnswer, 404, many=True), summary="Which tables there are")
    def tables(request: Request) -> Response:
        there = present(lake)
        return answer(request, [_described(there, table) for table in there.shelf.tables.values()])

    @routes.get(
        "/{name}",
        responses={**described(TableAnswer, 404, 422), **_ANSWER},
        summary="Rows of a table",
        description=_FILTERS,
    )
    def table_rows(request: Request, name: Name) -> Response:
        there = present(lake)
        tag = tag_of(request, there.identity)
        if (same := unchanged(request, tag)) is not None:
            return same
        asked = Rows.of_table(there, name)
        wanted = question(request.scope["query_string"], most=MOST_ROWS, usual=USUAL_ROWS)
        query = wanted.rows
        if not query.order:  # pages of rows in no order could overlap
            table = there.shelf.tables[name]
            query = msgspec.structs.replace(query, order=table.order or table.key)
        found = rows(there, asked, query)
        total = how_many(there, asked, query.filters)
        links = page_links(request, limit=query.limit or 0, offset=query.offset, rows=found.height, total=total)
        return row_answer(found, wanted.form or RowFormat.JSON, tag, links)

    return routes


def present(lake: Lake | None) -> Lake:
    """The lake, where the server has one.

    Raises:
        DataMissingError: it has none.
    """
    if lake is None:
        raise DataMissingError("This server has no lake", hint="start it by `overcut serve`")
    return lake


def _described(lake: Lake, table: Table) -> TableAnswer:
    units = len(lake.units(table.name))
    return TableAnswer(table.name, table.meaning, table.unit.value, table.key, table.columns, table.version, units)
