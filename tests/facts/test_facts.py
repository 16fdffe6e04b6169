"""What everybody who knows Formula 1 knows, asked of the public API: every answer must be right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Sessions
from overcut.server.app import create_app
from tests.facts.known import FACTS, Fact
from tests.facts.lesser_known import FACTS as LESSER_KNOWN

ALL = (*FACTS, *LESSER_KNOWN)


@pytest.fixture(scope="module")
def http(shared_history: Lake) -> Iterator[TestClient]:
    with TestClient(create_app(Sessions(Catalogue([])), lake=shared_history), raise_server_exceptions=False) as found:
        yield found


def picked(body: Any, pick: str) -> object:
    """What a path leads to: member/member, an index, or name=value for the one item of a list (dots lead deeper).

    ``#list/name=value`` counts items (``!=`` those that differ). A race is told as "1996 monaco", a list of years as
    "1994 1995", a driver's or maker's name as it stands.
    """
    counted, found = pick.startswith("#"), body
    for step in pick.removeprefix("#").split("/"):
        if isinstance(found, list):
            items: list[Any] = found
            if step.isdigit():
                found = items[int(step)]
                continue
            name, sign, value = step.replace("!=", "≠", 1).partition("≠" if "!=" in step else "=")
            chosen = [item for item in items if (_spelled(_deep(item, name)) == value) == (sign == "=")]
            found = chosen if counted else chosen[0]
        else:
            found = _deep(found, step)
    if counted:
        return len(found)
    if isinstance(found, dict) and "grand_prix" in found:
        return f"{found['season']} {found['grand_prix']['id']}"
    return " ".join(str(item) for item in found) if isinstance(found, list) else found


def _deep(value: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        value = None if value is None else value[name]
    return value


def _spelled(value: object) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.shared
@pytest.mark.parametrize("fact", ALL, ids=[fact.question for fact in ALL])
def test_a_fact_of_history_is_told_right(http: TestClient, fact: Fact) -> None:
    answer = http.get(f"/api/v1/{fact.address}")
    assert answer.status_code == 200, answer.text
    assert picked(answer.json(), fact.pick) == fact.answer, f"{fact.question} See {fact.source}"


def test_there_are_enough_facts_and_each_can_be_looked_up() -> None:
    assert len(ALL) >= 150
    assert len({(fact.address, fact.pick) for fact in ALL}) == len(ALL)
    assert all(fact.question.endswith("?") and fact.source for fact in ALL)
