"""Recordings of the live socket: JSON lines, older Python literals, damaged lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.domain.flags import SessionStatus
from overcut.kernel.errors import DataMissingError, NotAllowedError
from overcut.runtime.replay import replay
from overcut.sources.opening import open_source
from overcut.sources.recording import RecordingSource


def test_json_and_literal_lines_become_frames_in_order_of_their_stamps(tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text(
        "['WeatherData', {'AirTemp': '20.5', 'Note': \"it's\", '_kf': True}, '2021-03-28T14:56:43.048Z']\n"
        '["Heartbeat", {"Utc": "2021-03-28T14:56:40.1Z"}, "2021-03-28T14:56:40.1"]\n'
    )
    source = open_source(file)
    assert [(f.t_ms, f.topic) for f in source.frames()] == [(0, "Heartbeat"), (2948, "WeatherData")]
    assert source.defects == {}


def test_damaged_lines_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_bytes(
        b"['Heartbeat', {'Utc': '2021-03-28T14:52:34Z'}, '2021-03-28T14:52:32.124219Z'\n"
        b"['Heartbeat', ]\n"
        b'"whatever"\n'
        b"\xff\xfe\n"
        b"__import__('os').getcwd()\n"
        b"['Heartbeat', {}, 'yesterday']\n"
        b"['Heartbeat', {}, '0001-01-01T00:00:00Z']\n" + b"[" * 5000 + b"\n"
        b"['Heartbeat', {}, '2021-03-28T14:52:32.124219Z']\n"
    )
    source = RecordingSource(file)
    assert len(list(source.frames())) == 1
    assert sum(defect.count for defect in source.defects.values()) == 8


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello\n")
    with pytest.raises(DataMissingError, match="No message"):
        list(RecordingSource(file).frames())
    with pytest.raises(DataMissingError, match="No recording"):
        RecordingSource(tmp_path / "absent.txt")


@pytest.mark.shared
def test_a_real_saturday_recorded_from_the_socket_plays(shared: Path) -> None:
    engine = replay(open_source(shared / "data/livetiming/recordings/2025_sao_paulo_saturday_signalr.txt"))
    state = engine.state()
    assert state.defects == {}
    assert state.meeting.session == "Sprint"
    assert state.status in (SessionStatus.ENDS, SessionStatus.FINALISED)  # from SessionData: its own topic is absent
    assert len(state.cars) == 20
    assert len(engine.laps()) > 300


@pytest.mark.shared
def test_a_real_recording_with_broken_lines_plays_and_counts_them(shared: Path) -> None:
    engine = replay(open_source(shared / "data/livetiming/recordings/with_errors.txt"))
    assert sum(defect.count for defect in engine.state().defects.values()) > 0
    assert engine.state().weather is not None


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.txt"
    file.write_text("x")

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(NotAllowedError, match="cannot be read"):
        list(RecordingSource(file).frames())
