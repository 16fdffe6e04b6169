"""History over REST: every address answers, pages, tags, and says what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overcut.lake import Lake
from overcut.lake.history.records import records
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app

API = "/api/v1/history"


@pytest.fixture(scope="module")
def http(small_history: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=small_history), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=brandt", "/seasons", "/seasons/2019", "/seasons/2019/standings", "/seasons/2019/progress",
        "/seasons/2019/standings?of=constructors&after=3", "/seasons/2019/progress?of=constructors",
        "/seasons/2019/team-mates", "/races/2019/3", "/races/2024/8", "/drivers", "/drivers/anna-brandt",
        "/drivers/anna-brandt/results", "/drivers/anna-brandt/results?session=S&season=2023&limit=5", "/constructors",
        "/constructors/aurora", "/circuits", "/circuits/saltmarsh", "/grands-prix", "/grands-prix/saltmarsh",
        "/records", "/records/wins?of=constructors&from=2000&to=2020", "/records/wins?circuit=saltmarsh",
        "/head-to-head?a=anna-brandt&b=bjorn-aalto", "/eras", "/eras?metric=podiums&of=constructors&least=3",
    ],
)  # fmt: skip
def test_an_address_answers_and_is_not_sent_twice(http: TestClient, address: str) -> None:
    answer = http.get(API + address)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    if isinstance(body, dict):
        assert "F1DB" in body["source"]
    again = http.get(API + address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/seasons/1981", 404), ("/races/2019/30", 404), ("/drivers/nobody", 404), ("/constructors/nobody", 404),
        ("/circuits/nowhere", 404), ("/grands-prix/nowhere", 404), ("/records/nothing", 404),
        ("/records/titles?of=tyres", 422), ("/records/wins?from=2020&to=2000", 422), ("/eras?metric=luck", 422),
        ("/head-to-head?a=anna-brandt", 422), ("/head-to-head?a=anna-brandt&b=nobody", 404), ("/search", 422),
        ("/seasons?limit=0", 422), ("/seasons/1800", 422), ("/seasons/2019/standings?after=20", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem_with_a_hint(http: TestClient, address: str, status: int) -> None:
    answer = http.get(API + address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["hint"]


def test_lists_go_page_by_page(http: TestClient) -> None:
    everything = http.get(f"{API}/drivers?limit=1000").json()
    assert everything["total"] == len(everything["items"]) == 12
    pages = [http.get(f"{API}/drivers?limit=5&offset={offset}").json()["items"] for offset in (0, 5, 10)]
    assert [item for page in pages for item in page] == everything["items"]


def test_every_list_of_records_answers(http: TestClient) -> None:
    for item in records().items:
        for of in item.of:
            answer = http.get(f"{API}/records/{item.name}?limit=3&of={of}")
            assert answer.status_code == 200, answer.text
            assert answer.json()["of"] == of
            assert len(answer.json()["rows"]) <= 3


@pytest.mark.parametrize("lake", ["none", "empty"])
def test_without_history_the_problem_says_how_to_get_it(lake: str, tmp_path: Path) -> None:
    held = None if lake == "none" else Lake(tmp_path / "lake")
    with TestClient(create_app(Sessions(Catalogue([])), lake=held), raise_server_exceptions=False) as http:
        answer = http.get(f"{API}/seasons")
        assert answer.status_code == 404
        assert "overcut history import" in answer.json()["hint"]


def test_the_interface_describes_every_answer(http: TestClient) -> None:
    document = http.get("/api/v1/openapi.json").json()
    addresses = [path for path in document["paths"] if path.startswith(API)]
    assert len(addresses) == 20
    for address in addresses:
        schema = document["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        name = (schema.get("items") or schema)["$ref"].rpartition("/")[2]
        assert name in document["components"]["schemas"]
