"""A session that grows holds what the same session recorded holds, in whatever order its frames came."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.runtime.growing import CONFIRMED_BY, Growing
from overcut.runtime.recorded import Recorded, record
from overcut.sources.opening import open_source
from overcut.timing.engine import Engine
from overcut.timing.rewind import REWIND_MS
from tests.runtime.live_frames import KEY, live_frames
from tests.runtime.short_session import END_MS, write_short_session


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    return live_frames(tmp_path_factory.mktemp("feed"))


def grown(frames: list[Frame]) -> Growing:
    """As they come when none is early: by the clock it is never before a frame's stamp."""
    growing = Growing(KEY, FrameSource.LIVE, simulated=False)
    for frame in frames:
        growing.add(frame, growing.end_ms if frame.t_ms > END_MS * 100 else frame.t_ms)
    return growing


def whole(frames: list[Frame]) -> Recorded:
    recorded = Recorded(KEY, FrameSource.LIVE, simulated=False)
    recorded.frames.extend(frames)
    recorded.settle(len(frames))
    return recorded


def as_received(frames: list[Frame], delays: list[int], twice: set[int]) -> list[Frame]:
    """Some late, some twice; of one topic and stamp, the order stays (which is right cannot be told)."""
    stamped = list(enumerate(frames))
    late = {index: delays[index % len(delays)] for index, _ in stamped} if delays else {}
    groups: dict[tuple[int, str], int] = {}
    for index, frame in stamped:
        late[index] = groups.setdefault((frame.t_ms, frame.topic), late.get(index, 0))
    order = sorted(stamped, key=lambda item: (item[1].t_ms + late[item[0]], item[0]))
    received: list[Frame] = []
    for index, frame in order:
        received += [frame, frame] if index in twice else [frame]
    return received


@given(
    delays=st.lists(st.integers(0, 10_000), max_size=40),
    twice=st.sets(st.integers(0, 400), max_size=20),
)
@settings(max_examples=25)
def test_late_and_repeated_frames_leave_the_session_that_was_recorded(
    frames: list[Frame], delays: list[int], twice: set[int]
) -> None:
    growing, recorded = grown(as_received(frames, delays, twice)), whole(frames)
    growing.finish()
    assert growing.frames == recorded.frames
    assert (growing.timeline, list(growing.weather)) == (recorded.timeline, list(recorded.weather))
    assert growing.meeting == recorded.meeting
    assert growing.defects == {}
    read = len(frames) * 2 // 3
    assert growing.engine_after(read).checkpoint() == recorded.engine_after(read).checkpoint()


def test_frames_are_settled_once_none_can_come_before_them(frames: list[Frame]) -> None:
    growing = grown([frame for frame in frames if frame.t_ms <= 200_000])
    newest = growing.end_ms
    assert growing.frames[growing.settled - 1].t_ms < newest - REWIND_MS
    assert growing.frames[growing.settled].t_ms >= newest - REWIND_MS
    late = msgspec.structs.replace(frames[0], t_ms=newest - REWIND_MS, topic="Heartbeat", payload=b'{"Utc":"x"}')
    assert growing.add(late, newest) == [late]
    assert growing.frames[growing.settled :][0] == late


def test_frame_too_late_to_be_placed_is_counted_and_changes_nothing(frames: list[Frame]) -> None:
    growing = grown([frame for frame in frames if frame.t_ms <= 200_000])
    before = list(growing.frames)
    late = msgspec.structs.replace(frames[0], t_ms=growing.end_ms - REWIND_MS - 1)
    assert growing.add(late, growing.end_ms) == []
    assert growing.frames == before
    assert [(defect.count, defect.example) for defect in growing.defects.values()] == [(1, "30.0 s late")]


def test_lone_stamp_of_the_future_is_kept_out_and_counted(frames: list[Frame]) -> None:
    early, rest = frames[:200], frames[200:]
    assert rest[0].t_ms - early[-1].t_ms < REWIND_MS
    stray = msgspec.structs.replace(frames[0], t_ms=359_999_000)
    growing = grown([*early, stray, *rest])
    assert growing.frames == frames
    assert [defect.kind for defect in growing.defects.values()] == ["a stamp far from all others"]


def test_time_that_did_jump_is_believed_once_several_frames_agree(frames: list[Frame]) -> None:
    growing = grown(frames)
    later = [msgspec.structs.replace(frames[1], t_ms=END_MS + 7_200_000 + step) for step in range(CONFIRMED_BY)]
    placed = [growing.add(frame, growing.end_ms) for frame in later]
    assert placed == [[]] * (CONFIRMED_BY - 1) + [later]
    assert growing.end_ms == later[-1].t_ms
    assert growing.defects == {}


def test_frame_after_a_silence_as_long_as_the_clock_says_is_no_stray(frames: list[Frame]) -> None:
    growing = grown(frames)
    later = msgspec.structs.replace(frames[1], t_ms=END_MS + 7_200_000)
    assert growing.add(later, END_MS + 7_199_000) == [later]


def test_marks_of_the_last_seconds_are_there_before_they_are_settled(frames: list[Frame]) -> None:
    growing = grown([frame for frame in frames if frame.t_ms <= 161_000])
    assert growing.frames[growing.settled - 1].t_ms < 150_000
    timeline = growing.timeline
    assert [str(flag) for _, _, flag in timeline.flags] == ["clear", "yellow"]
    assert timeline.laps[-1] == (160_000, 2)
    assert [mark for mark in timeline.until(155_000).laps if mark[0] > 155_000] == []
    assert timeline.until(155_000).flags[-1][:2] == (150_000, 155_000)


def test_line_stamped_ninety_nine_hours_does_not_stretch_a_recording(tmp_path: Path) -> None:
    write_short_session(tmp_path)
    with (tmp_path / "SessionStatus.jsonStream").open("ab") as stream:
        stream.write(b'99:59:59.000{"Status":"Ends"}\r\n')
    recorded = record(open_source(tmp_path))
    assert recorded.timeline.end_ms == END_MS
    assert [(defect.kind, defect.topic, defect.count) for defect in recorded.defects.values()] == [
        ("a stamp far from all others", "SessionStatus", 1)
    ]


def test_long_pause_before_many_frames_is_part_of_the_session(tmp_path: Path) -> None:
    write_short_session(tmp_path)
    with (tmp_path / "WeatherData.jsonStream").open("ab") as stream:
        for minute in range(10):
            stream.write(f'02:{minute:02d}:00.000{{"AirTemp":"2{minute}.0"}}\r\n'.encode())
    assert record(open_source(tmp_path)).timeline.end_ms == 7_740_000


@pytest.mark.shared
def test_real_race_received_late_and_twice_is_the_race(baku_2018: Path) -> None:
    frames = list(open_source(baku_2018).frames())
    received = as_received(frames, [0, 0, 0, 4_000, 0, 9_500, 0, 0, 100], set(range(0, len(frames), 97)))
    growing = grown(received)
    growing.finish()
    distinct = {(frame.t_ms, frame.topic, frame.payload) for frame in frames}
    assert len(growing.frames) == len(distinct)
    straight = Engine(KEY, FrameSource.LIVE, simulated=False)
    seen: set[tuple[int, str, bytes]] = set()
    for frame in sorted(frames, key=lambda frame: (frame.t_ms, topic_rank(frame.topic))):
        if (identity := (frame.t_ms, frame.topic, frame.payload)) not in seen:
            seen.add(identity)
            straight.advance(frame)
    assert growing.engine_after(len(growing.frames)).laps() == straight.laps()
