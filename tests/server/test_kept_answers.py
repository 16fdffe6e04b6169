"""Answers that are kept: made once, told by tag, bounded, and never of a lake that is no more."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from overcut.kernel.errors import DataMissingError
from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.imports.history import import_f1db
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app
from overcut.server.kept_answers import KeptAnswers
from tests.history_data import write_f1db

API = "/api/v1/history"


def asking(path: str, **headers: str) -> Request:
    spelled = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": spelled,
             "server": ("localhost", 80), "scheme": "http"}  # fmt: skip
    return Request(scope)


class Making:
    def __init__(self, size: int = 10) -> None:
        self.made, self._size = 0, size

    def __call__(self) -> str:
        self.made += 1
        return "x" * self._size


def test_an_answer_is_made_once_for_each_state_of_the_lake() -> None:
    kept, make = KeptAnswers(), Making()
    first = kept.answer(asking("/a"), "lake 1", make)
    assert kept.answer(asking("/a"), "lake 1", make).body == first.body
    assert make.made == 1
    other = kept.answer(asking("/a"), "lake 2", make)
    assert make.made == 2
    assert other.headers["etag"] != first.headers["etag"]


def test_who_holds_the_answer_is_told_so_before_it_is_made() -> None:
    tag = KeptAnswers().answer(asking("/a"), "lake 1", Making()).headers["etag"]
    fresh, make = KeptAnswers(), Making()
    answer = fresh.answer(asking("/a", if_none_match=f'"other", {tag}'), "lake 1", make)
    assert (answer.status_code, answer.body, make.made) == (304, b"", 0)


def test_what_is_kept_is_bounded_and_the_longest_unasked_goes_first() -> None:
    kept = KeptAnswers(most_bytes=3_000)
    makes = {name: Making(900) for name in "abcd"}
    for name in ("a", "b", "c", "a", "d", "a"):
        kept.answer(asking(f"/{name}"), "lake", makes[name])
    assert kept.size <= 3_000
    assert makes["a"].made == 1
    kept.answer(asking("/b"), "lake", makes["b"])
    assert makes["b"].made == 2
    huge = Making(50_000)
    kept.answer(asking("/huge"), "lake", huge)
    assert kept.size <= 3_000


def test_errors_are_not_kept() -> None:
    kept = KeptAnswers()

    def missing() -> object:
        raise DataMissingError("nothing")

    with pytest.raises(DataMissingError):
        kept.answer(asking("/a"), "lake", missing)
    assert kept.answer(asking("/a"), "lake", Making()).status_code == 200


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    fill(lake, tmp_path / "first.db", "Anna")
    return lake


def fill(lake: Lake, source: Path, first_name: str) -> None:
    write_f1db(source)
    with sqlite3.connect(source) as database:
        database.execute("UPDATE driver SET name = ? || ' Brandt' WHERE id = 'anna-brandt'", (first_name,))
    import_f1db(lake, source)


def test_packed_and_plain_answers_are_the_same(lake: Lake) -> None:
    with TestClient(create_app(Sessions(Catalogue([])), lake=lake)) as http:
        packed = http.get(f"{API}/drivers/anna-brandt", headers={"Accept-Encoding": "gzip"})
        plain = http.get(f"{API}/drivers/anna-brandt", headers={"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.json() == plain.json()
        assert packed.headers["vary"] == plain.headers["vary"]


def test_a_lake_made_anew_is_read_anew_though_it_counts_the_same(lake: Lake, tmp_path: Path) -> None:
    with TestClient(create_app(Sessions(Catalogue([])), lake=lake), raise_server_exceptions=False) as http:
        before = http.get(f"{API}/drivers/anna-brandt")
        generation = lake.generation
        shutil.rmtree(lake.folder)
        assert http.get(f"{API}/drivers/anna-brandt").status_code == 404
        fill(Lake(lake.folder), tmp_path / "second.db", "Berta")
        assert lake.generation == generation
        after = http.get(f"{API}/drivers/anna-brandt", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json()["driver"]["name"] == "Berta Brandt"
        rows = http.get("/api/v1/tables/drivers?driver_id=anna-brandt").json()
        assert rows[0]["name"] == "Berta Brandt"
