"""The graph: links both ways, filters, pages, limits that hold, and refusals in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from graphql import build_schema, validate_schema
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from overcut.domain.tables import TABLES
from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app
from overcut.server.graphql.routes import GraphQuestion, answered

ADDRESS = "/api/v1/graphql"


@pytest.fixture(scope="module")
def http(small_history: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=small_history), raise_server_exceptions=False) as found:
        yield found


def ask(http: TestClient, query: str, **variables: object) -> dict[str, Any]:
    answer = http.post(ADDRESS, json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert "errors" not in told, told
    return told["data"]


def refused(http: TestClient, query: str) -> str:
    answer = http.post(ADDRESS, json={"query": query})
    assert answer.status_code == 200
    return answer.json()["errors"][0]["message"]


def test_a_row_leads_to_what_it_names_and_to_what_names_it(http: TestClient, small_history: Lake) -> None:
    told = ask(
        http,
        "query($year: Int) { races(season: $year, limit: 3) { round grand_prix { name } circuit { country { name } }"
        ' results(where: [{column: "position", is: AT_MOST, value: "3"}], order: ["position"])'
        " { position driver { name country { name } } } } }",
        year=2023,
    )
    names = dict(small_history.read("drivers").select("driver_id", "name").rows())
    truth = small_history.read("results").filter((pl.col("season") == 2023) & (pl.col("position") <= 3))
    assert len(told["races"]) == 3
    for race in told["races"]:
        of_race = truth.filter(pl.col("round") == race["round"]).sort("position")
        assert [row["driver"]["name"] for row in race["results"]] == [names[i] for i in of_race["driver_id"]]
        assert race["grand_prix"]["name"]
        assert race["circuit"]["country"]["name"]


def test_lists_are_filtered_ordered_and_paged(http: TestClient, small_history: Lake) -> None:
    query = 'query($o: Int) { results(season: 2005, order: ["-points", "row"], limit: 10, offset: $o) { points } }'
    found = [row["points"] for start in (0, 10) for row in ask(http, query, o=start)["results"]]
    truth = small_history.read("results", ["2005"])["points"].sort(descending=True, nulls_last=True)
    assert found == truth.to_list()[:20]


def test_days_are_iso_and_what_is_unknown_is_null(http: TestClient) -> None:
    told = ask(http, "{ races(season: 2024) { date laps } drivers(limit: 1) { died } }")
    assert told["races"][0]["date"].startswith("2024-")
    assert told["races"][-1]["laps"] is None
    assert told["drivers"][0]["died"] is None


def test_the_schema_has_every_table_and_is_valid(http: TestClient) -> None:
    schema = build_schema(http.get(f"{ADDRESS}/schema").text)
    assert validate_schema(schema) == []
    assert schema.query_type is not None
    assert set(schema.query_type.fields) == set(TABLES)


def test_tools_can_ask_for_the_schema(http: TestClient) -> None:
    kinds = "{ kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }"
    told = ask(http, f"{{ __schema {{ types {{ name fields {{ name args {{ type {kinds} }} type {kinds} }} }} }} }}")
    assert any(kind["name"] == "ResultsRow" for kind in told["__schema"]["types"])


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("{ nothing }", "nothing"),
        ("{ drivers", "Syntax"),
        ("mutation { drivers { name } }", "mutation"),
        ("{ drivers(limit: 1001) { name } }", "1000"),
        ("{ drivers(limit: -1) { name } }", "limit"),
        ('{ drivers(order: ["wins"]) { name } }', "wins"),
        ('{ drivers(where: [{column: "born", is: BELOW, value: "long ago"}]) { name } }', "days"),
        ("{ drivers(limit: 900) { results { race { results { points } } } } }", "queries"),
        ("{drivers{results{driver{results{driver{results{driver{results{driver{name}}}}}}}}}}", "deep"),
        ("{ drivers { " + " ".join(f"a{i}: name" for i in range(501)) + " } }", "fields"),
        ("{ drivers { ...a } } fragment a on DriversRow { ...b } fragment b on DriversRow { ...a }", "fragment"),
        ("{ " + "a " * 3_000 + "}", "tokens"),
    ],
)
def test_what_asks_for_too_much_or_nonsense_is_refused_in_words(http: TestClient, query: str, word: str) -> None:
    assert word.lower() in refused(http, query).lower()


def test_a_fragment_that_spreads_itself_wide_is_counted_where_it_is_used(http: TestClient) -> None:
    wide = "{ drivers { ...f0 } } " + " ".join(
        f"fragment f{i} on DriversRow {{ ...f{i + 1} country_id ...f{i + 1} }}" for i in range(30)
    )
    assert "500 fields" in refused(http, wide + " fragment f30 on DriversRow { name }")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"query": 1}', b"\xff", b'{"query": "' + b"a" * 30_000 + b'"}'])
def test_a_body_that_is_no_question_is_a_problem(http: TestClient, body: bytes) -> None:
    answer = http.post(ADDRESS, content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_address_is_answered_and_tagged(http: TestClient) -> None:
    asked = {"query": "query($n: Int) { drivers(limit: $n) { name } }", "variables": json.dumps({"n": 2})}
    first = http.get(ADDRESS, params=asked)
    assert len(first.json()["data"]["drivers"]) == 2
    again = http.get(ADDRESS, params=asked, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert http.get(ADDRESS, params={"query": "{x}", "variables": "{"}).status_code == 422


@given(st.text(max_size=80))
def test_any_text_is_answered_or_refused(small_history: Lake, text: str) -> None:
    told = answered(small_history, GraphQuestion(text))
    assert told.errors or told.data is not None
