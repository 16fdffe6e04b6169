"""`overcut serve` and `overcut demo` as a person runs them: an address, a board, Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from overcut import __version__
from overcut.cli.main import main
from overcut.domain.session import SessionKey
from overcut.kernel.errors import OvercutError
from overcut.runtime import simulated_home
from overcut.runtime.simulated_home import simulated_race
from tests.runtime.short_session import LIGHTS_OUT_MS, write_short_session

ADDRESS = re.compile(r"http://[\w.\[\]:]+")


@contextmanager
def running(*arguments: str, home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, once it has told its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "overcut.cli.main", *arguments],
        env=os.environ | {"OVERCUT_HOME": str(home), "OVERCUT_LOG_LEVEL": "WARNING"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        told = ""
        for line in process.stderr:
            told += line
            if found := ADDRESS.search(line):
                yield process, found.group()
                return
        raise AssertionError(f"no address: {told}")
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


@pytest.fixture
def race(tmp_path: Path) -> Path:
    return write_short_session(tmp_path / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_demo_serves_a_moving_board_and_ends_cleanly(race: Path, tmp_path: Path, stop: signal.Signals) -> None:
    flags = ["--speed", "60", "--port", "0", "--no-browser"]
    with running("demo", str(race), *flags, home=tmp_path) as (process, address):
        with httpx.Client(base_url=f"{address}/api/v1/sessions/2025-16-R", timeout=30) as http:
            began = http.get("/playback").json()
            assert began["speed"] == 60
            assert began["t_ms"] >= LIGHTS_OUT_MS - 20_000
            while http.get("/playback").json()["t_ms"] <= began["t_ms"]:
                pass
        process.send_signal(stop)
        _, rest = process.communicate(timeout=30)
    assert process.returncode == (0 if stop is signal.SIGINT else -signal.SIGTERM)
    assert "Traceback" not in rest


def test_serve_offers_the_home_and_takes_the_next_port_when_the_usual_one_is_taken(tmp_path: Path) -> None:
    write_short_session(tmp_path / "home" / "friday")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {"OVERCUT_PORT": str(port)}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            with running("serve", "--paused", home=tmp_path / "home") as (_, address):
                assert int(address.rpartition(":")[2]) > port
                sessions = httpx.get(f"{address}/api/v1/sessions", timeout=30).json()
    assert [session["key"] for session in sessions] == ["rec-friday"]


def test_port_that_was_asked_for_and_is_taken_is_an_error(race: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", str(race), "--port", str(port)]) == 2
    told = capsys.readouterr().err
    assert f"Port {port} is taken" in told
    assert "--port 0" in told


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["serve", "absent"], 3, "nothing at absent"),
        (["serve", "--speed", "99"], 2, "speed of 99"),
        (["serve", "--host", "203.0.113.7", "--port", "0"], 2, "Cannot listen on 203.0.113.7"),
        (["demo", "--circuit", "atlantis"], 2, "atlantis"),
        (["demo", "--season", "1950"], 2, "1950"),
        (["demo", "one", "--session", "two"], 2, "Two sessions"),
        (["demo", "--speed", "0.01"], 2, "speed of 0.01"),
    ],
)
def test_wrong_usage_is_told_and_serves_nothing(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OVERCUT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    assert said in capsys.readouterr().err


class TestSimulatedRace:
    """A simulated race is made once."""

    @pytest.fixture
    def made(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Stands in for the simulator, whose own tests are elsewhere: writes a short session with its label."""
        made: list[str] = []

        def simulate(season: int, circuit: str, seed: int, out: Path, *_: object, **__: object) -> list[Path]:
            made.append(f"{season} {circuit} {seed}")
            folder = write_short_session(out / "race")
            (folder / "overcut.json").write_text(
                f'{{"season": {season}, "circuit": "{circuit}", "seed": {seed}, "kind": "R",'
                f'"generator": "overcut {__version__}"}}'
            )
            return [folder]

        monkeypatch.setattr(simulated_home, "simulate_weekend", simulate)
        return made

    def test_second_time_it_is_reused(self, made: list[str], tmp_path: Path) -> None:
        first = simulated_race(tmp_path, season=2025, circuit="monza", seed=7)
        assert simulated_race(tmp_path, season=2025, circuit="monza", seed=7) == first
        simulated_race(tmp_path, season=2025, circuit="monza", seed=8)
        assert made == ["2025 monza 7", "2025 monza 8"]

    def test_half_made_one_is_never_taken_for_whole(
        self, made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_season: int, _circuit: str, _seed: int, out: Path, *_: object, **__: object) -> list[Path]:
            write_short_session(out / "race")
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(simulated_home, "simulate_weekend", interrupted)
            with pytest.raises(KeyboardInterrupt):
                simulated_race(tmp_path, season=2025, circuit="monza", seed=7)
        assert list((tmp_path / "simulated").iterdir()) == []
        assert simulated_race(tmp_path, season=2025, circuit="monza", seed=7).is_dir()
        assert made == ["2025 monza 7"]

    def test_one_of_another_version_is_made_anew(self, made: list[str], tmp_path: Path) -> None:
        folder = simulated_race(tmp_path, season=2025, circuit="monza", seed=7)
        label = folder / "overcut.json"
        label.write_text(label.read_text().replace(__version__, "0.0.1"))
        simulated_race(tmp_path, season=2025, circuit="monza", seed=7)
        assert len(made) == 2

    def test_damaged_one_is_made_anew(self, made: list[str], tmp_path: Path) -> None:
        folder = simulated_race(tmp_path, season=2025, circuit="monza", seed=7)
        (folder / "overcut.json").write_text("{")
        assert simulated_race(tmp_path, season=2025, circuit="monza", seed=7) == folder
        assert len(made) == 2

    def test_home_that_cannot_be_written_is_told(self, made: list[str], tmp_path: Path) -> None:
        (tmp_path / "home").write_text("a file")
        with pytest.raises(OvercutError, match="cannot be written"):
            simulated_race(tmp_path / "home", season=2025, circuit="monza", seed=7)
        assert made == []

    def test_it_is_known_by_its_simulated_key(self, made: list[str], tmp_path: Path) -> None:
        folder = simulated_race(tmp_path, season=2026, circuit="monza", seed=7)
        assert str(SessionKey("sim-2026-monza-7-R")) in str(folder)
        assert made
