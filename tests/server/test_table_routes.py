"""Rows over REST: filters, order, pages, forms, tags, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from overcut.domain.tables import TABLES, ColumnType
from overcut.kernel.errors import WrongUsageError
from overcut.lake import Lake
from overcut.lake.rows import Comparison, value_of
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app
from overcut.server.row_questions import question, terms


@pytest.fixture(scope="module")
def http(small_history: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=small_history), raise_server_exceptions=False) as found:
        yield found


def test_filters_choose_rows_as_the_table_itself_would(http: TestClient, small_history: Lake) -> None:
    found = http.get(
        "/api/v1/tables/results?season=2023&season=2024&position<=3&driver_id!=anna-brandt&limit=500"
    ).json()
    truth = small_history.read("results").filter(
        pl.col("season").is_in([2023, 2024]) & (pl.col("position") <= 3) & (pl.col("driver_id") != "anna-brandt")
    )
    assert truth.height > 10
    assert [(r["season"], r["round"], r["driver_id"]) for r in found] == truth.select(
        "season", "round", "driver_id"
    ).rows()


def test_pages_hold_every_row_once(http: TestClient, small_history: Lake) -> None:
    address: str | None = "/api/v1/tables/results?season=2005&columns=round,row,driver_id&limit=7"
    seen: list[tuple[int, int]] = []
    while address is not None:
        page = http.get(address)
        seen += [(row["round"], row["row"]) for row in page.json()]
        following = page.links.get("next")
        address = following["url"] if following else None
    truth = small_history.read("results", units=["2005"])
    assert seen == truth.select("round", "row").rows()
    assert page.headers["x-total-count"] == str(truth.height)


def test_every_form_holds_the_same_rows(http: TestClient) -> None:
    address = "/api/v1/tables/races?order=-season,round&columns=season,round,date,sprint,lap_km&limit=9"
    plain = pl.DataFrame(http.get(address).json())
    csv = pl.read_csv(io.BytesIO(http.get(f"{address}&format=csv").content))
    parquet = pl.read_parquet(io.BytesIO(http.get(f"{address}&format=parquet").content))
    arrow = pl.read_ipc_stream(io.BytesIO(http.get(f"{address}&format=arrow").content))
    assert parquet.rows() == arrow.rows()
    assert plain.rows() == csv.rows() == parquet.with_columns(pl.col("date").cast(pl.String)).rows()
    assert plain["season"][0] == 2024


def test_what_the_client_holds_is_not_sent_again(http: TestClient) -> None:
    first = http.get("/api/v1/tables/drivers")
    again = http.get("/api/v1/tables/drivers", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = http.get("/api/v1/tables/drivers?limit=1", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("sesaon=2024", "season"),
        ("season=two", "whole numbers"),
        ("season=99999999999999999999", "whole numbers"),
        ("limit=-1", "limit"),
        ("limit=100001", "limit"),
        ("offset=x", "offset"),
        ("order=-nothing", "nothing"),
        ("columns=season;drop", "season;drop"),
        ("format=pickle", "pickle"),
        ("limit=1&limit=2", "once"),
        ("season", "filter"),
        ("%ff=1", "UTF-8"),
        ("&".join(f"season={year}" for year in range(1950, 2000)), "many"),
        ("season=" + "1" * 9_000, "long"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(http: TestClient, query: str, word: str) -> None:
    answer = http.get(f"/api/v1/tables/results?{query}")
    assert answer.status_code == 422
    assert word in answer.json()["detail"] + answer.json().get("hint", "")


def test_nothing_can_be_smuggled_into_a_statement(http: TestClient) -> None:
    hostile = "x' OR 1=1; DROP VIEW results; --"
    assert http.get("/api/v1/tables/results", params={"driver_id": hostile}).json() == []
    assert http.get("/api/v1/tables/results", params={'season" = 1 OR "season': "2024"}).status_code == 422
    assert http.get("/api/v1/tables/sqlite_master").status_code == 422
    assert http.get("/api/v1/tables/results?limit=1").status_code == 200


def test_the_list_says_what_each_table_holds(http: TestClient) -> None:
    listed = {table["name"]: table for table in http.get("/api/v1/tables").json()}
    assert listed.keys() == TABLES.keys()
    assert listed["results"]["units"] == 5
    assert listed["results"]["columns"][0]["meaning"]


def test_no_column_hides_a_word_of_the_page() -> None:
    words = {"limit", "offset", "order", "columns", "format"}
    assert not [name for name, table in TABLES.items() if words & set(table.names)]


@given(st.sampled_from(list(ColumnType)), st.text(max_size=30))
def test_any_text_is_a_value_or_refused(kind: ColumnType, text: str) -> None:
    try:
        value = value_of("c", kind, text)
    except WrongUsageError:
        return
    assert value is not None


@given(st.binary(max_size=60))
def test_any_query_is_understood_or_refused(query: bytes) -> None:
    try:
        found = question(query, most=10, usual=5)
    except WrongUsageError:
        return
    assert found.rows.limit is not None
    assert found.rows.limit <= 10


def test_signs_after_a_plain_equals_are_understood_too() -> None:
    assert [(t.column, t.comparison, t.value) for t in terms(b"a>=1&b=%3E2&c=x=y&d!=4&e=")] == [
        ("a", Comparison.AT_LEAST, "1"),
        ("b", Comparison.ABOVE, "2"),
        ("c", Comparison.EQUAL, "x=y"),
        ("d", Comparison.UNEQUAL, "4"),
        ("e", Comparison.EQUAL, ""),
    ]
