"""A server on a short race: in process for REST, on a real port for the stream."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import structlog.testing
import uvicorn
from starlette.testclient import TestClient

from overcut.runtime.catalogue import Catalogue
from overcut.runtime.sessions import Opening, Sessions
from overcut.server.app import ServerOptions, create_app
from overcut.server.origins import Origins
from overcut.server.serving import listen, server_config
from tests.runtime.short_session import write_short_session

KEY = "2025-16-R"


class Running(NamedTuple):
    """A server on a real port."""

    host: str
    http: httpx.Client

    def stream(self, query: str = "", key: str = KEY) -> str:
        return f"ws://{self.host}/api/v1/sessions/{key}/stream{query}"

    def steer(self, **command: object) -> httpx.Response:
        return self.http.post(f"/api/v1/sessions/{KEY}/playback", json=command)

    def metric(self, name: str) -> float:
        lines = self.http.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, as entries; nothing is printed."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="session")
def race_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race"
    return write_short_session(folder)


@pytest.fixture
def client(race_folder: Path) -> Iterator[TestClient]:
    """REST in process; the playback stands at the beginning."""
    sessions = Sessions(Catalogue([race_folder]), opening=Opening(paused=True, run_up_ms=None))
    with TestClient(create_app(sessions), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def server(race_folder: Path) -> Iterator[Running]:
    """A real uvicorn on a free port, with our own WebSocket protocol; the playback stands at the beginning."""
    sessions = Sessions(Catalogue([race_folder]), opening=Opening(paused=True, run_up_ms=None), tick_hz=50.0)
    options = ServerOptions(origins=Origins.of_listener("127.0.0.1"), max_clients=3)
    yield from run(create_app(sessions, options))


def run(app: object) -> Iterator[Running]:
    listener = listen("127.0.0.1", 0, exact=True)
    host, port = listener.getsockname()[:2]
    running = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=_serve, args=(running, listener), daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as http:
        http.get("/healthz")  # the socket listens already: this waits until somebody answers
        yield Running(f"{host}:{port}", http)
    running.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


def _serve(running: uvicorn.Server, listener: socket.socket) -> None:
    with listener:
        asyncio.run(running.serve(sockets=[listener]))
