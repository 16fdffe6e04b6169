"""`overcut replay` as its users call it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from overcut.cli.board import board
from overcut.cli.main import main
from overcut.cli.replay import parse_speed
from overcut.domain.flags import TrackStatus
from overcut.domain.frame import FrameSource
from overcut.domain.state import CarState, RaceControlMessage, SessionState
from overcut.kernel.errors import WrongUsageError
from tests.sources.writing import write_session

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


@pytest.fixture
def session(tmp_path: Path) -> Path:
    cars = {"4": {"Line": 1, "Position": "1"}, "81": {"Line": 2, "Position": "2", "GapToLeader": "+1.500"}}
    return write_session(
        tmp_path / "2025-07-27_Belgian_Grand_Prix" / "2025-07-27_Race",
        {
            "SessionInfo": [(0, {"Meeting": {"Name": "Belgian Grand Prix"}, "Name": "Race", "Type": "Race"})],
            "DriverList": [(1, {"4": {"Tla": "NOR"}, "81": {"Tla": "PIA"}})],
            "TimingData": [(2, {"Lines": cars}), (90_000, {"Lines": {"4": {"NumberOfLaps": 1}}})],
            "Mystery": [(3, {})],
        },
    )


def test_json_is_one_object_with_the_classification(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(session), "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["session"] == "2025-13-R"
    assert [(car["position"], car["code"], car["laps"]) for car in table["cars"]] == [(1, "NOR", 1), (2, "PIA", 0)]
    assert [defect["topic"] for defect in table["defects"].values()] == ["Mystery"]


def test_events_are_json_lines_as_they_happened(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(session), "--events", "--speed", "1000"]) == 0
    [only] = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert (only["event"], only["lap"]["number"], only["t_ms"]) == ("LapCompleted", "4", 90_000)


def test_a_paced_replay_hands_each_event_on_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laps = [(t_ms, {"Lines": {"4": {"NumberOfLaps": t_ms}}}) for t_ms in (1, 2, 3)]
    info = [(0, {"Type": "Race"})]
    folder = write_session(tmp_path, {"SessionInfo": info, "TimingData": laps})
    written: list[bytes] = []

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Buffer) -> int:
            written.append(bytes(data))
            return len(written[-1])

    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BufferedWriter(Pipe())))
    assert main(["replay", str(folder), "--events", "--speed", "1000"]) == 0
    assert len(written) == 3


def test_the_board_names_cars_gaps_and_defects(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(session)]) == 0
    out = capsys.readouterr().out
    assert "Belgian Grand Prix" in out
    assert "NOR" in out
    assert "+1.500" in out
    assert "1 unusable piece" in out


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("10", 10.0), ("0.25x", 0.25)])
def test_speeds_are_read(text: str, speed: float | None) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["fast", "0", "-1", "nan", "1e9"])
def test_other_speeds_are_refused(text: str) -> None:
    with pytest.raises(WrongUsageError, match="not a speed"):
        parse_speed(text)


def _text_file(folder: Path) -> Path:
    file = folder / "notes.txt"
    file.write_text("not timing\n")
    return file


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (lambda folder: folder / "absent", 3, "nothing at"),
        (lambda folder: folder, 3, "No timing streams"),
        (_text_file, 3, "No message"),
    ],
)
def test_bad_paths_end_with_a_reason_and_a_hint(
    make: object, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(make)
    assert main(["replay", str(make(tmp_path))]) == code
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "Traceback" not in error


def test_every_flag_has_a_colour_and_a_simulation_says_so() -> None:
    for status in TrackStatus:
        console = Console(width=120, record=True, file=io.StringIO())
        console.print(board(SessionState(key="k", source=FrameSource.SIMULATED, track=status, simulated=True)))
        assert status.value.replace("_", " ").upper() in console.export_text(clear=False)
        assert "SIMULATED" in console.export_text()


def test_words_of_the_feed_cannot_command_the_terminal() -> None:
    state = SessionState(key="k", source=FrameSource.ARCHIVE)
    state.meeting.name = "\x1b[2JGrand Prix"
    state.cars["4"] = CarState(number="4", code="N\x1b[31mR", name="Lando\nNorris")
    state.messages[0] = RaceControlMessage(t_ms=0, text="GREEN\x1b]0;owned\x07 LIGHT")
    out = io.StringIO()
    Console(width=120, file=out).print(board(state))
    shown = out.getvalue()
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "Grand Prix" in shown
