"""The graph's address: ``/api/v1/graphql``, by GET or POST; its schema at ``/api/v1/graphql/schema``."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, parse, print_schema, validate
from graphql import execute_sync as execute  # pyright: ignore[reportUnknownVariableType] - its plug-ins are untyped
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from overcut.kernel.errors import WrongUsageError
from overcut.lake import Lake
from overcut.server.answers import JSON_TYPE
from overcut.server.graphql.limits import check_limits
from overcut.server.graphql.resolving import Reading
from overcut.server.graphql.schema import build_schema
from overcut.server.row_answers import tag_of, unchanged
from overcut.server.table_routes import present

MAX_BODY_BYTES = 20_000
MAX_TOKENS = 2_000
MAX_ERRORS = 20

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/GraphQuestion"}}},
    }
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "data, or errors",
        "content": {JSON_TYPE: {"schema": {"$ref": "#/components/schemas/GraphAnswer"}}},
    }
}


class GraphQuestion(msgspec.Struct, frozen=True):
    """A question to the graph: its text, the values of its variables, and which of its operations is meant."""

    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 - GraphQL over HTTP calls it so
    extensions: dict[str, Any] | None = None


class GraphError(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong with a question, where in its text, and at which field of the answer."""

    message: str
    locations: list[dict[str, int]] = []
    path: list[str | int] = []


class GraphAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer: the data, errors, or both where a part could not be read."""

    data: dict[str, Any] | None = None
    errors: list[GraphError] = []


def graphql_routes(lake: Lake | None) -> APIRouter:
    """The routes under ``/api/v1/graphql``. Questions are answered on threads, not on the event loop."""
    routes = APIRouter(prefix="/api/v1/graphql", tags=["graphql"], default_response_class=Response)

    @routes.post("", responses=_ANSWER, openapi_extra=_BODY, summary="Ask the graph")
    async def ask(request: Request) -> Response:
        there, question = present(lake), _decoded(await _body(request))
        return _answer(await run_in_threadpool(answered, there, question))

    @routes.get("", responses=_ANSWER, summary="Ask the graph by an address, which may be kept and tagged")
    def ask_by_address(
        request: Request,
        query: Annotated[str, Query(max_length=8_000)],
        variables: Annotated[str | None, Query(max_length=4_000)] = None,
        operation: Annotated[str | None, Query(alias="operationName", max_length=100)] = None,
    ) -> Response:
        there = present(lake)
        tag = tag_of(request, there.identity)
        if (same := unchanged(request, tag)) is not None:
            return same
        values = _variables(variables) if variables else None
        return _answer(answered(there, GraphQuestion(query, values, operation)), tag)

    @routes.get("/schema", summary="The schema, in GraphQL's own language")
    def schema() -> Response:
        return Response(_printed(), media_type="text/plain; charset=utf-8")

    return routes


@cache
def _schema() -> GraphQLSchema:
    return build_schema()


@cache
def _printed() -> str:
    return print_schema(_schema())


def answered(lake: Lake, question: GraphQuestion) -> GraphAnswer:
    """The answer to a question; what is wrong with it is in ``errors``."""
    try:
        document = parse(question.query, max_tokens=MAX_TOKENS)
        if errors := validate(_schema(), document, max_errors=MAX_ERRORS):
            return GraphAnswer(errors=[_error(error) for error in errors])
        check_limits(document)
    except GraphQLError as error:
        return GraphAnswer(errors=[_error(error)])
    result: ExecutionResult = execute(
        _schema(),
        document,
        context_value=Reading(lake),
        variable_values=question.variables,
        operation_name=question.operationName,
    )
    return GraphAnswer(result.data, [_error(error) for error in (result.errors or [])[:MAX_ERRORS]])


def _error(error: GraphQLError) -> GraphError:
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return GraphError(error.message, places, list(error.path or ()))


def _answer(found: GraphAnswer, tag: str = "") -> Response:
    headers = {"Cache-Control": "no-cache", **({"ETag": tag} if tag and not found.errors else {})}
    return Response(msgspec.json.encode(found), 200, headers, JSON_TYPE)


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise WrongUsageError(f"A question is at most {MAX_BODY_BYTES} bytes long")
    except ClientDisconnect as gone:
        raise WrongUsageError("The question was cut short") from gone
    return body


def _decoded(body: bytes) -> GraphQuestion:
    try:
        return msgspec.json.decode(body, type=GraphQuestion)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        hint = 'for example {"query": "{ drivers(limit: 3) { name } }"}'
        raise WrongUsageError("The question is not understood", why=str(error), hint=hint) from error


def _variables(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise WrongUsageError("variables is no JSON object", why=str(error)) from error
