"""What-if over REST: races found, questions answered, lines streamed, nonsense refused, and a client that leaves."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from overcut.kernel.errors import OvercutError
from overcut.lake import Lake
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Opening, Sessions
from overcut.runtime.strategy import record_in_lake
from overcut.server import strategy_routes
from overcut.server.app import create_app
from overcut.server.strategy_records import RaceAtLap
from overcut.strategy.whatif.answering import what_if
from overcut.strategy.whatif.answers import WhatIfAnswer
from overcut.strategy.whatif.questions import ScenarioAsked, WhatIfQuestion
from tests.strategy.invented_races import lake_of_races

KEY = "2031-02-R"
HERE = f"/api/v1/strategy/{KEY}"
QUESTION: dict[str, Any] = {
    "lap": 4,
    "driver": "D02",
    "races": 300,
    "seed": 2,
    "scenarios": [
        {"name": "as it was", "plans": {"D02": {}}},
        {"name": "late", "plans": {"2": {"stops": [{"lap": 10, "compound": "SOFT"}]}}},
    ],
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of_races(tmp_path_factory.mktemp("strategy-served") / "lake", 2)


@pytest.fixture(scope="module")
def served(lake: Lake) -> Iterator[TestClient]:
    sessions = Sessions(Catalogue([]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions, lake=lake), raise_server_exceptions=False) as client:
        yield client


def test_races_that_can_be_asked_about_are_listed(served: TestClient) -> None:
    listed = served.get("/api/v1/strategy/sessions").json()
    assert [one["session_key"] for one in listed] == [KEY, "2031-01-R"]


def test_race_at_a_lap_has_cars_tyres_and_what_happened(served: TestClient) -> None:
    answer = served.get(HERE, params={"lap": 4})
    told = answer.json()
    assert told["lap"] == 4
    assert [car["position"] for car in told["cars"] if not car["retired"]][:3] == [1, 2, 3]
    assert len(told["actual"]) == 6
    assert told["finished"]
    assert {tyre["compound"] for tyre in told["tyres"]} >= {"SOFT", "MEDIUM", "HARD"}
    again = served.get(HERE, params={"lap": 4}, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_race_without_a_lap_is_at_its_last_one(served: TestClient) -> None:
    assert served.get(HERE).json()["lap"] == 11


def test_answer_is_the_same_in_one_piece_and_as_the_last_line(served: TestClient) -> None:
    whole = served.post(f"{HERE}/whatif", json=QUESTION)
    assert whole.status_code == 200
    streamed = served.post(f"{HERE}/whatif/stream", json=QUESTION)
    assert streamed.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in streamed.text.splitlines()]
    assert lines[-1]["answer"] == whole.json()
    assert lines[0]["answer"]["races"] == 250
    assert [line["races"] for line in lines] == sorted(line["races"] for line in lines)
    assert lines[-1]["races"] == lines[-1]["of"] == 2 * (250 + 300)
    assert any("answer" not in line for line in lines[1:-1])  # progress


def test_sweep_is_answered(served: TestClient) -> None:
    question = {"lap": 4, "driver": "D02", "scenario": QUESTION["scenarios"][1], "within": 2, "races": 50}
    told = served.post(f"{HERE}/sweep", json=question).json()
    assert [one["lap"] for one in told["laps"]] == [8, 9, 10, 11]


NONSENSE: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"lap": 99}, 422, "Lap 99"),
    ({"lap": -1}, 422, "Lap -1"),
    ({"lap": "soon"}, 422, "lap"),
    ({"driver": "XXX"}, 422, "XXX"),
    ({"races": 0}, 422, "0 races"),
    ({"races": 10**9}, 422, "1000000000 races"),
    ({"seed": -4}, 422, "seed"),
    ({"scenarios": []}, 422, "0 scenarios"),
    ({"fuel": -3}, 422, "fuel"),
    ({"scenarios": [{"plans": {"D02": {"stops": [{"lap": 9, "compound": "PURPLE"}]}}}]}, 422, "PURPLE"),
    ({"scenarios": [{"plans": {"D02": {"stops": [{"lap": 99, "compound": "SOFT"}]}}}]}, 422, "lap 99"),
    (
        {"scenarios": [{"plans": {"D02": {"stops": [{"lap": 5 + n % 6, "compound": "SOFT"} for n in range(41)]}}}]},
        422,
        "41 stops",
    ),
    ({"scenarios": [{"plans": {"D02": {"stops": [], "fuel_kg": -1}}}]}, 422, "-1 kg"),
    ({"scenarios": [{"interruptions": [{"kind": "PARTY", "lap": 6}]}]}, 422, "PARTY"),
)


@pytest.mark.parametrize(("change", "status", "words"), NONSENSE, ids=[words for _, _, words in NONSENSE])
@pytest.mark.parametrize("path", ["whatif", "whatif/stream"])
def test_nonsense_is_a_problem_with_a_hint(
    served: TestClient, path: str, change: dict[str, Any], status: int, words: str
) -> None:
    answer = served.post(f"{HERE}/{path}", json={**QUESTION, **change})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert answer.json()["hint"]


def test_unreadable_and_endless_questions_are_refused(served: TestClient) -> None:
    assert served.post(f"{HERE}/whatif", content=b"\xff{").status_code == 422
    long = served.post(f"{HERE}/whatif", content=b" " * 70_000)
    assert long.status_code == 422
    assert "bytes" in long.json()["detail"]


def test_unknown_sessions_and_those_that_are_no_race_are_told(served: TestClient) -> None:
    assert served.get("/api/v1/strategy/2031-09-R").status_code == 404
    assert served.post("/api/v1/strategy/2031-09-R/whatif", json=QUESTION).status_code == 404


def test_every_answer_is_described(served: TestClient) -> None:
    document = served.get("/api/v1/openapi.json").json()
    names = set(document["components"]["schemas"])
    assert {"WhatIfQuestion", "WhatIfAnswer", "StreamLine", "SweepAnswer", "StrategySession"} <= names
    assert f"{'/api/v1/strategy/{key}'}/whatif/stream" in document["paths"]


@pytest.fixture(scope="module")
def at_lap(lake: Lake) -> RaceAtLap:
    record = record_in_lake(lake, KEY)
    assert record is not None
    return RaceAtLap(record.race(4), record.happened(), record.answer(4), record.version)


def stream_of(at: RaceAtLap, question: WhatIfQuestion) -> Any:
    begun = what_if(at.race, at.happened, question, races=20)
    return strategy_routes._lines(at, question, begun, [question.races], asyncio.Semaphore(1))


def slow(ended: threading.Event) -> Callable[..., WhatIfAnswer]:
    """A simulation that goes on until it is told to stop."""

    def run(*_args: object, cancelled: Callable[[], bool], progress: Callable[[int, int], None], **_: object) -> Any:
        while not cancelled():
            progress(1, 2)
        ended.set()
        raise OvercutError("the simulation was cancelled")

    return run


def test_a_client_that_leaves_ends_the_simulation(at_lap: RaceAtLap, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    async def leave() -> None:
        lines = stream_of(at_lap, WhatIfQuestion(4, "D02", (ScenarioAsked(),), races=100))
        monkeypatch.setattr(strategy_routes, "what_if", slow(ended))
        first = json.loads(await anext(lines))
        assert first["answer"]["races"] == 20
        assert "answer" not in json.loads(await anext(lines))
        await lines.aclose()

    asyncio.run(leave())
    assert ended.wait(10)


def test_an_error_on_the_way_is_the_last_line(at_lap: RaceAtLap, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_: object) -> WhatIfAnswer:
        raise OvercutError("It broke", why="a test wants it", hint="never mind")

    async def read() -> list[dict[str, Any]]:
        lines = stream_of(at_lap, WhatIfQuestion(4, "D02", (ScenarioAsked(),), races=100))
        monkeypatch.setattr(strategy_routes, "what_if", fail)
        return [json.loads(line) async for line in lines]

    told = asyncio.run(read())
    assert len(told) == 2
    assert told[1]["problem"] == "It broke: a test wants it"
    assert told[1]["hint"] == "never mind"


def test_session_on_the_board_is_listed_and_one_that_has_no_laps_yet_says_so(race_folder: Path) -> None:
    sessions = Sessions(Catalogue([race_folder]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions), raise_server_exceptions=False) as client:
        listed = client.get("/api/v1/strategy/sessions").json()
        assert [one["session_key"] for one in listed] == ["2025-16-R"]
        answer = client.get("/api/v1/strategy/2025-16-R", params={"lap": 1})
        assert answer.status_code == 200
        assert len(answer.json()["cars"]) == 3
