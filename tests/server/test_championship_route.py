"""The championship over REST: the same answer as in process, tags, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from starlette.testclient import TestClient

from overcut.domain.championship import Championship
from overcut.insights.championship.answers import ChampionshipAnswer
from overcut.insights.championship.picture import championship_of
from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app

AT = "/api/v1/championship"


@pytest.fixture(scope="module")
def http(small_history: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=small_history), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("championship", list(Championship))
def test_answer_is_the_one_in_process(http: TestClient, small_history: Lake, championship: Championship) -> None:
    found = http.get(f"{AT}/2023?after=6&of={championship.value}")
    assert found.status_code == 200
    answer = msgspec.json.decode(found.content, type=ChampionshipAnswer)
    assert answer == championship_of(small_history, 2023, championship, 6)
    assert "F1DB" in answer.source


def test_same_answer_is_not_sent_twice(http: TestClient) -> None:
    tag = http.get(f"{AT}/2023").headers["etag"]
    assert http.get(f"{AT}/2023", headers={"If-None-Match": tag}).status_code == 304


def test_order_says_what_would_be(http: TestClient) -> None:
    found = http.get(f"{AT}/2024", params={"order": "anna-brandt, Bjørn Aalto", "fastest_lap": "anna-brandt"}).json()
    assert (found["supposed"], found["after"]) == (True, 6)


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("2010", 404, "overcut history import"),
        ("1949", 422, ""),
        ("2024?after=8", 422, "0 to 5"),
        ("2024?of=teams", 422, ""),
        ("2024?order=nobody", 422, "called 'nobody'"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(http: TestClient, query: str, status: int, word: str) -> None:
    found = http.get(f"{AT}/{query}")
    assert found.status_code == status
    assert found.headers["content-type"] == "application/problem+json"
    assert word in found.text


def test_server_without_a_lake_says_so() -> None:
    with TestClient(create_app(Sessions(Catalogue([]))), raise_server_exceptions=False) as bare:
        found = bare.get(f"{AT}/2024")
    assert found.status_code == 404
    assert "overcut history import" in found.text


def test_openapi_describes_the_answer(http: TestClient) -> None:
    document = http.get("/api/v1/openapi.json").json()
    assert "ChampionshipAnswer" in document["components"]["schemas"]
    assert f"{AT}/{{year}}" in document["paths"]
