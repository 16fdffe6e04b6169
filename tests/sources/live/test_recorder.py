"""What is acknowledged is on disk: through kills, torn lines, full disks, resumptions and changes of session."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.frame import Frame
from overcut.kernel.errors import OvercutError
from overcut.sources.live import SessionChanged
from overcut.sources.live import recorder as recorder_module
from overcut.sources.live.newest import AHEAD_MS, CONFIRMED_BY, Newest, newest_of
from overcut.sources.live.recorder import Recorder
from overcut.sources.live.recording_file import RecordingFile, RecordingTakenError
from overcut.sources.recording import RecordingSource
from overcut.sources.recording_lines import Message, line_of, read_line, stamp_of
from tests.sources.live.feeds import info

ZERO_MS = 1_757_249_400_000
KILLS = 60

WRITER = """
import os, signal, sys, time
from pathlib import Path
from random import Random
from overcut.sources.live.recorder import Recorder
from overcut.sources.recording_lines import Message, stamp_of

folder, zero, info, rounds = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), int(sys.argv[4])

def record(first, out):
    recorder = Recorder(folder, earlier=False)
    list(recorder.record([Message("SessionInfo", info, stamp_of(zero + first))]))
    number = first
    while True:
        lines = [
            Message("TimingData", b'{"n":%d,"pad":"%s"}' % (n, b"x" * (n * 7919 % 9000)), stamp_of(zero + n))
            for n in range(number, number + 1 + number % 5)
        ]
        for item in recorder.record(lines):  # what is yielded is acknowledged
            os.write(out, b"".join(b"%d\\n" % (frame.utc_ms - zero) for frame in item))
        number += len(lines)

random, first = Random(7), 0
for _ in range(rounds):
    inward, outward = os.pipe()
    if (child := os.fork()) == 0:
        record(first, outward)
    os.close(outward)
    heard = os.read(inward, 65536)
    time.sleep(random.uniform(0.0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while data := os.read(inward, 65536):
        heard += data
    os.close(inward)
    numbers = [int(line) for line in heard.split(b"\\n")[:-1]]
    print(*numbers, sep="\\n", flush=True)
    first = numbers[-1] + 1
"""
"""Records in a child of its own, kills it at a random instant, and so on; prints what was acknowledged."""


def message(topic: str, document: object, t_ms: int) -> Message:
    return Message(topic, json.dumps(document).encode(), stamp_of(ZERO_MS + t_ms))


def take(recorder: Recorder, *messages: Message) -> tuple[list[Frame], list[SessionChanged]]:
    items = list(recorder.record(messages))
    frames = [frame for item in items if isinstance(item, list) for frame in item]
    return frames, [item for item in items if isinstance(item, SessionChanged)]


def beats(recorder: Recorder, *times: int) -> list[Frame]:
    return take(recorder, *(message("Heartbeat", {"n": t_ms}, t_ms) for t_ms in times))[0]


def numbers(file: Path) -> list[int]:
    frames = RecordingSource(file).frames()
    return [json.loads(frame.payload)["n"] for frame in frames if frame.topic != "SessionInfo"]


def test_no_acknowledged_frame_is_lost_however_often_the_recorder_is_killed(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WRITER, str(tmp_path), str(ZERO_MS), json.dumps(info()), str(KILLS)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    acknowledged = [int(line) for line in run.stdout.split()]
    assert len(acknowledged) > KILLS
    (file,) = tmp_path.glob("*.jsonl")  # each start resumed it
    recorded = set(numbers(file))
    assert [number for number in acknowledged if number not in recorded] == []
    last = Recorder(tmp_path)
    take(last, message("SessionInfo", info(), acknowledged[-1] + 10))
    last.finish()
    assert last.path == file
    assert [line for line in file.read_bytes().split(b"\n")[:-1] if isinstance(read_line(line), str)] == []


@given(cut=st.integers(min_value=1, max_value=400))
def test_a_line_torn_anywhere_is_moved_aside_and_the_rest_stays(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    file = folder / "r.jsonl"
    lines = [line_of(message("Heartbeat", {"n": n, "pad": "é" * 20}, n)) for n in range(6)]
    whole = b"".join(lines)
    file.write_bytes(whole[: max(1, len(whole) - cut)])
    kept = whole[: max(1, len(whole) - cut)].rpartition(b"\n")[0]
    torn = whole[len(kept) + bool(kept) : max(1, len(whole) - cut)]
    opened = RecordingFile(file)
    opened.append(b"next\n")
    opened.close()
    assert file.read_bytes() == (kept + b"\n" if kept else b"") + b"next\n"
    assert opened.torn_bytes == len(torn)
    aside = folder / "r.jsonl.torn"
    assert (aside.read_bytes() if aside.exists() else b"") == (torn + b"\n" if torn else b"")


def test_zeros_that_a_power_cut_leaves_are_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    line = line_of(message("Heartbeat", {"n": 1}, 1))
    file.write_bytes(line + line[:20] + b"\0" * 5000)
    opened = RecordingFile(file)
    opened.close()
    assert file.read_bytes() == line


def test_a_session_is_resumed_in_its_file_with_its_zero_and_its_earlier_frames(tmp_path: Path) -> None:
    first = Recorder(tmp_path)
    _, (begun,) = take(first, message("SessionInfo", info(), 0))
    beats(first, 100, 200)
    first.finish()
    second = Recorder(tmp_path)
    frames, (changed,) = take(second, message("SessionInfo", info(), 5_000))
    beats(second, 5_100)
    second.finish()
    assert (begun.resumed, changed.resumed, changed.recording) == (False, True, begun.recording)
    assert [(frame.topic, frame.t_ms) for frame in frames] == [
        ("SessionInfo", 0), ("Heartbeat", 100), ("Heartbeat", 200), ("SessionInfo", 5_000)
    ]  # fmt: skip
    assert [frame.t_ms for frame in RecordingSource(changed.recording).frames()] == [0, 100, 200, 5_000, 5_100]


def test_another_session_begins_another_file_in_the_middle_of_a_batch(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    other = {**info(9905, "2025/2025-09-07_Italian_Grand_Prix/2025-09-06_Qualifying/"), "Name": "Qualifying"}
    items = list(
        recorder.record(
            [
                message("Heartbeat", {"n": 1}, 900_000),
                message("SessionInfo", other, 900_100),
                message("Heartbeat", {"n": 2}, 900_200),
            ]
        )
    )
    recorder.finish()
    before, changed, after = items
    assert isinstance(before, list)
    assert isinstance(changed, SessionChanged)
    assert isinstance(after, list)
    assert [frame.t_ms for frame in before] == [900_000]
    assert [frame.t_ms for frame in after] == [0, 100]
    assert str(changed.key) == "2025-16-Q"
    assert len(list(tmp_path.glob("*.jsonl"))) == 2


def test_a_session_that_is_only_renamed_stays_in_its_file(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    _, changes = take(recorder, message("SessionInfo", {**info(), "StartDate": "2025-09-07T16:00:00"}, 10))
    assert changes == []


def test_the_same_session_played_anew_gets_a_file_of_its_own(tmp_path: Path) -> None:
    first = Recorder(tmp_path)
    take(first, message("SessionInfo", info(), 0))
    beats(first, *range(15_000, 3_600_001, 15_000))
    first.finish()
    again = Recorder(tmp_path)
    _, (changed,) = take(again, message("SessionInfo", info(), 0))
    again.finish()
    assert changed.recording.name == "2025-09-07_Italian_Grand_Prix_Race-2.jsonl"


def test_two_recorders_never_write_into_one_file(tmp_path: Path) -> None:
    first, second = Recorder(tmp_path), Recorder(tmp_path)
    take(first, message("SessionInfo", info(), 0))
    take(second, message("SessionInfo", info(), 0))
    assert first.path is not None
    assert first.path != second.path
    with pytest.raises(RecordingTakenError):
        RecordingFile(first.path)
    first.finish()
    second.finish()


def test_frames_before_the_first_session_information_are_recorded_and_named_later(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    _, (changed,) = take(recorder, message("Heartbeat", {"n": 1}, 0))
    assert str(changed.key).startswith("rec-")
    take(recorder, message("SessionInfo", info(), 50))
    recorder.finish()
    (file,) = tmp_path.glob("*.jsonl")
    assert file.name == "2025-09-07_Italian_Grand_Prix_Race.jsonl"
    assert [frame.t_ms for frame in RecordingSource(file).frames()] == [0, 50]


def test_a_message_late_at_the_very_beginning_counts_at_zero_live_and_replayed(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    live = take(recorder, message("SessionInfo", info(), 5_000))[0] + beats(recorder, 1_000)
    recorder.finish()
    assert recorder.path is not None
    assert [frame.t_ms for frame in live] == [0, 0]
    assert {frame.t_ms for frame in RecordingSource(recorder.path).frames()} == {0}


def test_messages_that_cannot_become_frames_are_recorded_all_the_same(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    frames, _ = take(recorder, Message("TimingData", b'{"Lines":{}}', "yesterday"))
    recorder.finish()
    assert frames == []
    assert recorder.unreadable == 1
    assert recorder.path is not None
    assert b'["TimingData",{"Lines":{}},"yesterday"]\n' in recorder.path.read_bytes()


def test_json_over_several_lines_becomes_one_line(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    (frame,), _ = take(recorder, Message("Heartbeat", b'{\r\n  "n": 1\n}', stamp_of(ZERO_MS + 1)))
    recorder.finish()
    assert recorder.path is not None
    assert json.loads(frame.payload) == {"n": 1}
    assert list(RecordingSource(recorder.path).frames())[-1].payload == frame.payload


class FullDisk:
    """Takes what fits; after that it is full, and may have written a part."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._write = os.write

    def __call__(self, fd: int, data: memoryview) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._write(fd, data[: self.room])
        self.room -= written
        return written


def test_a_full_disk_stops_no_stream_and_what_waited_is_written_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    disk = FullDisk(30)
    monkeypatch.setattr(os, "write", disk)
    frames = beats(recorder, 1, 2, 3)
    assert [frame.t_ms for frame in frames] == [1, 2, 3]
    assert recorder.unrecorded == 3
    assert "No space left" in recorder.problem
    assert recorder.path is not None
    assert recorder.path.read_bytes().endswith(b"\n")
    disk.room = 10_000
    beats(recorder, 4)
    assert (recorder.unrecorded, recorder.problem) == (0, "")
    recorder.finish()
    assert numbers(recorder.path) == [1, 2, 3, 4]


def test_what_no_memory_could_hold_is_counted_not_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "BACKLOG_BYTES", 150)
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    monkeypatch.setattr(os, "write", disk := FullDisk(0))
    beats(recorder, *range(1, 11))
    assert recorder.lost > 0
    assert recorder.unrecorded == 10
    disk.room = 10_000
    recorder.retry()
    recorder.finish()
    assert recorder.path is not None
    assert len(numbers(recorder.path)) == 10 - recorder.lost
    assert recorder.unrecorded == recorder.lost


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OvercutError, match="cannot be begun"):
        take(Recorder(tmp_path / "file" / "recordings"), message("SessionInfo", info(), 0))


def test_payload_bytes_are_kept_as_they_were_sent(tmp_path: Path) -> None:
    payload = '{"a" : 1.50, "b":"\\u00e9é", "_kf":true,"c":[ ]}'.encode()
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0), Message("New", payload, stamp_of(ZERO_MS + 1)))
    recorder.finish()
    assert recorder.path is not None
    assert list(RecordingSource(recorder.path).frames())[-1].payload == payload


def ordered(frames: Sequence[Frame]) -> bool:
    return all(a.t_ms <= b.t_ms for a, b in pairwise(frames))


@given(times=st.lists(st.integers(min_value=0, max_value=5_000), min_size=1, max_size=30))
def test_messages_of_one_batch_come_out_in_order_of_their_stamps(
    tmp_path_factory: pytest.TempPathFactory, times: list[int]
) -> None:
    recorder = Recorder(tmp_path_factory.mktemp("batch"))
    take(recorder, message("SessionInfo", info(), 0))
    frames = beats(recorder, *times)
    recorder.finish()
    assert ordered(frames)
    assert sorted(json.loads(frame.payload)["n"] for frame in frames) == sorted(times)


def test_one_stamp_of_the_far_future_splits_no_session_neither_connected_anew_nor_started_anew(tmp_path: Path) -> None:
    far_ms = 75 * 365 * 86_400_000
    first = Recorder(tmp_path)
    take(first, message("SessionInfo", info(), 0))
    beats(first, 15_000, far_ms, 30_000, 20 * far_ms, 45_000)
    assert first.newest_utc_ms == ZERO_MS + 45_000
    first.expect_another()  # as the client does when a snapshot is older than what it had
    _, changes = take(first, message("SessionInfo", info(), 60_000))
    assert changes == []
    first.finish()
    second = Recorder(tmp_path)
    _, (changed,) = take(second, message("SessionInfo", info(), 75_000))
    second.finish()
    assert changed.resumed
    assert [file.name for file in tmp_path.iterdir()] == ["2025-09-07_Italian_Grand_Prix_Race.jsonl"]


def test_time_that_did_jump_far_is_believed_once_several_stamps_agree(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    take(recorder, message("SessionInfo", info(), 0))
    beats(recorder, *range(7_200_000, 7_200_000 + CONFIRMED_BY))
    assert recorder.newest_utc_ms == ZERO_MS + 7_200_000 + CONFIRMED_BY - 1
    recorder.finish()


@given(st.lists(st.integers(0, 5_000_000_000), min_size=1, max_size=40))
def test_newest_stamp_is_one_of_those_seen_whatever_they_are(stamps: list[int]) -> None:
    newest = Newest()
    for stamp in stamps:
        newest.saw(stamp)
    assert newest.utc_ms in stamps
    assert newest_of(stamps) in stamps
    near = [stamp % AHEAD_MS for stamp in stamps]
    assert newest_of(near) == max(near)


@pytest.mark.parametrize("place", ["file", "folder", "device"])
def test_a_recording_that_cannot_be_begun_is_told_before_the_first_message(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    wanted = {"file": tmp_path / "file" / "new.jsonl", "folder": tmp_path, "device": Path("/dev/full")}[place]
    with pytest.raises(OvercutError, match="cannot be begun") as told:
        Recorder(wanted.parent, file=wanted).prepare()
    assert "--out" in told.value.hint
    assert str(wanted) in told.value.what
