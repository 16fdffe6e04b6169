"""The optimiser and hindsight over REST: lines that get sharper, nonsense refused, looks back kept."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from overcut.kernel.errors import OvercutError
from overcut.runtime import hindsight as composing
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Opening, Sessions
from overcut.server import optimiser_routes
from overcut.server.app import create_app
from overcut.server.strategy_records import RaceAtLap, StrategyRecords
from overcut.strategy.hindsight import LookingBack, look_back
from overcut.strategy.optimiser import Effort, OptimiserAnswer, Question, asking
from overcut.strategy.optimiser.asking import EffortAsked
from tests.strategy.hindsight.invented import invented_past, invented_race

TINY = Effort(8, ((16, 4), (32, 2)), 1, 8, 32, 8)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose one race is invented, searched with little effort."""

    async def at(_self: StrategyRecords, _key: str, _lap: int | None = None) -> RaceAtLap:
        return RaceAtLap(invented_race(), invented_past(), None, "1")  # type: ignore[arg-type]

    monkeypatch.setattr(StrategyRecords, "at", at)
    monkeypatch.setattr(asking, "EFFORTS", dict.fromkeys(EffortAsked, TINY))
    sessions = Sessions(Catalogue([]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions), raise_server_exceptions=False) as client:
        yield client


def test_best_plan_is_answered_once_it_is_final(served: TestClient) -> None:
    answer = served.post("/api/v1/strategy/2024-01-R/optimise", json={"driver": "D03"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["final"]
    assert told["driver_number"] == "3"
    assert told["plans"][0]["plan"]["stops"]


def test_stream_begins_in_free_air_and_ends_final(served: TestClient) -> None:
    with served.stream("POST", "/api/v1/strategy/2024-01-R/optimise/stream", json={"driver": "3"}) as answer:
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        lines: list[dict[str, Any]] = [msgspec.json.decode(line) for line in answer.iter_lines() if line]
    stages = [line["answer"]["stage"]["name"] for line in lines]
    assert stages[0] == "free air"
    assert stages[-1] == "final"
    assert lines[-1]["answer"]["final"]


def test_a_client_that_leaves_ends_the_search_and_is_no_error(
    served: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended, surprises = threading.Event(), threading.Event(), list[object]()

    def endless(_asked: Question, cancelled: Callable[[], bool] | None = None) -> Iterator[OptimiserAnswer]:
        yield first
        begun.set()
        while cancelled is not None and not cancelled():
            time.sleep(0.01)
        ended.set()
        raise OvercutError("Cancelled")

    first = msgspec.convert(
        served.post("/api/v1/strategy/2024-01-R/optimise", json={"driver": "3"}).json(), OptimiserAnswer
    )
    monkeypatch.setattr(optimiser_routes, "optimise", endless)

    async def leave() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: surprises.append(context))
        body, sent = json.dumps({"driver": "3"}).encode(), asyncio.Event()
        heard = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, object]:
            if heard:
                return heard.pop()
            await sent.wait()
            await asyncio.to_thread(begun.wait, 5.0)
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                sent.set()

        path = "/api/v1/strategy/2024-01-R/optimise/stream"
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
            "client": ("testclient", 50000), "server": ("testserver", 80), "state": {},
        }  # fmt: skip
        await served.app(scope, receive, send)
        await asyncio.to_thread(ended.wait, 5.0)
        await asyncio.sleep(0.05)
        gc.collect()

    asyncio.run(leave())
    assert ended.is_set()
    assert surprises == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"driver": "XXX"}, "XXX"),
        ({"driver": "3", "most_stops": 41}, "41 stops"),
        ({"driver": "3", "sets": [{"compound": "CHEESE"}]}, "CHEESE"),
        ({"driver": "3", "sets": [{"compound": "HYPERSOFT"}]}, "HYPERSOFT"),
        ({"driver": "3", "fuel": -5}, "fuel"),
        ({"driver": "3", "sets": [{"compound": "SOFT", "count": 1}], "most_stops": 0}, "No plan keeps the rules"),
    ],
)
@pytest.mark.parametrize("stream", ["", "/stream"])
def test_nonsense_is_refused_before_anything_is_simulated(
    served: TestClient, question: dict[str, object], said: str, stream: str
) -> None:
    answer = served.post(f"/api/v1/strategy/2024-01-R/optimise{stream}", json=question)
    assert answer.status_code == 422
    assert said in answer.text


def test_look_back_is_made_once_and_kept(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    class Record:
        """Stands for a race in the lake."""

        version = "1"

        class session:  # noqa: N801 -- an attribute
            """Which."""

            session_key = "2024-01-R"

        def race(self, *_: object) -> object:
            return invented_race()

    async def record(_self: StrategyRecords, _key: str) -> Record:
        return Record()

    def looked(_record: Record, _how: LookingBack, *, drivers: list[str] | None, cancelled: object) -> object:
        made.append(cancelled)
        how = LookingBack(Effort(6, ((16, 2),), 1, 0, 0, 0, replies=False), races=64)
        return look_back(invented_race(), invented_past(), how, drivers=drivers)

    monkeypatch.setattr(StrategyRecords, "record", record)
    monkeypatch.setattr(optimiser_routes, "race_hindsight", looked)
    first = served.get("/api/v1/strategy/2024-01-R/hindsight?driver=D01")
    again = served.get("/api/v1/strategy/2024-01-R/hindsight?driver=d01")
    assert first.status_code == 200
    assert first.json() == again.json()
    assert len(made) == 1
    assert [car["driver"] for car in first.json()["drivers"]] == ["D01"]


def test_season_is_looked_back_at_race_by_race_and_says_what_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    how = LookingBack(Effort(6, ((16, 2),), 1, 0, 0, 0, replies=False), races=64)

    class Record:
        """Stands for a race in the lake."""

        def race(self, *_: object) -> object:
            return invented_race()

        def happened(self) -> object:
            return invented_past()

    def in_lake(_lake: object, key: str) -> Record | None:
        return Record() if key == "2024-01-R" else None

    monkeypatch.setattr(composing, "record_in_lake", in_lake)
    monkeypatch.setattr(composing, "races_of", lambda _lake, _season: ["2024-01-R", "2024-02-R"])
    seen: list[tuple[int, int, str]] = []
    season = composing.season_of(None, 2024, how, progress=lambda *told: seen.append(told))  # type: ignore[arg-type]
    assert len(season.races) == 1
    assert season.left_out == (("2024-02-R", "the lake has no laps of it"),)
    assert seen == [(1, 2, "2024-01-R"), (2, 2, "2024-02-R")]
    assert {team.team for team in season.teams} == {"Team 1", "Team 2", "Team 3"}
