"""A live session is played like a recording that grows: at its present less a delay, or anywhere before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.frame import Frame, FrameSource
from overcut.kernel.errors import WrongUsageError
from overcut.runtime.clock import VirtualClock
from overcut.runtime.growing import Growing
from overcut.runtime.live_edge import AFTER_MS, WINDOW_S, Edge
from overcut.runtime.playback import Playback, PlaybackMode
from overcut.runtime.recorded import Recorded
from overcut.sources.opening import open_source
from overcut.timing.engine import Engine
from tests.runtime.live_frames import KEY, live_frames


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    return live_frames(tmp_path_factory.mktemp("feed"))


class Broadcast:
    """The short race as it happens: frames come when the clock reaches their stamps, some of them later."""

    def __init__(self, frames: list[Frame], *, delay_ms: int = 0, late: dict[int, int] | None = None) -> None:
        self.clock = VirtualClock(500.0)
        late = late or {}
        due = sorted((frame.t_ms + late.get(index, 0), index) for index, frame in enumerate(frames))
        self._coming = [(due_ms, frames[index]) for due_ms, index in due]
        self.growing = Growing(KEY, FrameSource.LIVE, simulated=False)
        self.edge = Edge(self.clock)
        self.playback: Playback | None = None
        self.now_ms = 0
        self.pass_until(1_000)
        self.playback = Playback(self.growing, self.clock, edge=self.edge, delay_ms=delay_ms)

    @property
    def play(self) -> Playback:
        assert self.playback is not None
        return self.playback

    def pass_until(self, now_ms: int) -> None:
        while self._coming and self._coming[0][0] <= now_ms:
            due_ms, frame = self._coming.pop(0)
            self._wind(due_ms)
            for placed in self.growing.add(frame, self.edge.now_ms()):
                self.edge.arrived(placed.t_ms)
                if self.playback is not None:
                    self.playback.arrived(placed)
        self._wind(now_ms)
        if self.playback is not None:
            self.playback.advance()

    def pass_ms(self, by_ms: int) -> None:
        self.pass_until(self.now_ms + by_ms)

    def _wind(self, now_ms: int) -> None:
        self.clock.wind(max(0, now_ms - self.now_ms) / 1000)
        self.now_ms = max(self.now_ms, now_ms)


def straight(growing: Recorded, t_ms: int) -> Engine:
    engine = Engine(growing.key, growing.kind, growing.simulated)
    for frame in growing.frames:
        if frame.t_ms <= t_ms:
            engine.advance(frame)
    return engine


acts = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 25_000)),
        st.tuples(st.just("seek"), st.integers(-1_000, 320_000)),
        st.tuples(st.just("speed"), st.sampled_from([0.0, 0.25, 1.0, 7.3, 60.0])),
        st.tuples(st.just("delay"), st.integers(0, 120_000)),
        st.tuples(st.sampled_from(["pause", "play", "live"]), st.just(0)),
    ),
    max_size=14,
)


def perform(house: Broadcast, act: str, value: float) -> None:
    play = house.play
    match act:
        case "wait":
            house.pass_ms(int(value))
        case "seek":
            play.seek(int(value))
        case "delay":
            play.set_delay(int(value))
        case "pause":
            play.pause()
        case "play":
            play.play()
        case "live":
            play.go_live()
        case _:
            if play.following and not 0.25 <= value <= 1.0:
                with pytest.raises(WrongUsageError, match="outrun"):
                    play.set_speed(value)
            else:
                play.set_speed(value)


@given(acts=acts, late=st.dictionaries(st.integers(20, 400), st.integers(1, 9_000), max_size=30))
@settings(max_examples=60)
def test_any_commands_while_frames_come_late_leave_the_state_of_a_straight_run(
    frames: list[Frame], acts: list[tuple[str, float]], late: dict[int, int]
) -> None:
    house = Broadcast(frames, late=late)
    for act, value in acts:
        before_ms, epoch = house.play.t_ms, house.play.epoch
        perform(house, act, value)
        play, status = house.play, house.play.status()
        assert play.t_ms >= before_ms or play.epoch > epoch
        assert status.start_ms <= status.t_ms <= status.end_ms
        if status.following:
            assert status.t_ms <= max(status.end_ms - status.delay_ms, status.start_ms, before_ms)
        truth = straight(house.growing, play.t_ms)
        assert play.state() == truth.state()
        assert play.laps() == truth.laps()


def test_delay_holds_everything_back_and_a_smaller_one_tells_what_it_held(frames: list[Frame]) -> None:
    house = Broadcast(frames, delay_ms=30_000)
    house.pass_until(170_000)
    assert house.play.t_ms == 140_000
    assert str(house.play.state().track) == "clear"
    house.play.take_events()
    epoch = house.play.epoch
    house.play.set_delay(10_000)
    assert (house.play.t_ms, house.play.epoch) == (160_000, epoch)
    assert "TrackStatusChanged" in {type(event).__name__ for event in house.play.take_events()}
    house.play.set_delay(40_000)
    assert (house.play.t_ms, house.play.epoch) == (130_000, epoch + 1)
    house.pass_ms(5_000)
    assert (house.play.t_ms, house.play.status().following) == (135_000, True)


def test_delay_holds_back_the_marks_of_the_replay_bar_too(frames: list[Frame]) -> None:
    house = Broadcast(frames, delay_ms=30_000)
    house.pass_until(175_000)
    assert [str(flag) for _, _, flag in house.play.timeline().flags] == ["clear"]
    house.play.set_delay(0)
    assert [str(flag) for _, _, flag in house.play.timeline().flags][:2] == ["clear", "yellow"]


def test_one_who_went_back_catches_up_at_speed_and_is_live_again(frames: list[Frame]) -> None:
    house = Broadcast(frames)
    house.pass_until(200_000)
    house.play.seek(100_000)
    house.pass_ms(10_000)
    assert (house.play.t_ms, house.play.status().following) == (110_000, False)
    house.play.set_speed(10.0)
    house.pass_ms(12_000)
    status = house.play.status()
    assert (status.following, status.speed, status.t_ms) == (True, 1.0, 222_000)


def test_pause_stays_where_it_is_until_somebody_goes_live(frames: list[Frame]) -> None:
    house = Broadcast(frames)
    house.pass_until(150_000)
    house.play.pause()
    house.pass_until(250_000)
    status = house.play.status()
    assert (status.t_ms, status.end_ms, status.following, status.ended) == (150_000, 250_000, False, False)
    house.play.play()
    house.pass_ms(5_000)
    assert house.play.t_ms == 155_000
    house.play.go_live()
    assert (house.play.t_ms, house.play.status().following) == (255_000, True)


def test_frame_later_than_the_board_is_told_at_the_present_and_behind_it(frames: list[Frame]) -> None:
    yellow = next(index for index, frame in enumerate(frames) if frame.topic == "TrackStatus" and frame.t_ms == 150_000)
    for delay_ms in (0, 4_000):
        house = Broadcast(frames, delay_ms=delay_ms, late={yellow: 8_000})
        house.pass_until(157_999)
        assert str(house.play.state().track) == "clear"
        house.pass_until(158_000)
        assert str(house.play.state().track) == "yellow"
        changed = [event for event in house.play.take_events() if type(event).__name__ == "TrackStatusChanged"]
        assert [event.t_ms for event in changed][-1] == 150_000


def test_session_that_is_over_is_a_recording(frames: list[Frame]) -> None:
    house = Broadcast(frames, delay_ms=20_000)
    house.pass_until(300_000)
    epoch = house.play.epoch
    house.growing.finish()
    house.edge.fix(house.growing.end_ms)
    house.play.finish()
    status = house.play.status()
    assert (status.mode, status.t_ms, status.end_ms, status.ended) == (PlaybackMode.REPLAY, 280_000, 300_000, False)
    assert house.play.epoch > epoch
    house.pass_ms(30_000)
    assert house.play.status().ended
    with pytest.raises(WrongUsageError, match="no present"):
        house.play.go_live()


def test_delay_of_a_recording_shifts_it_by_the_change(frames: list[Frame]) -> None:
    recorded = Recorded(KEY, FrameSource.LIVE, simulated=False)
    recorded.frames.extend(frames)
    recorded.settle(len(frames))
    playback = Playback(recorded, VirtualClock(), start_at_ms=200_000)
    playback.set_delay(5_000)
    assert (playback.t_ms, playback.status().delay_ms) == (195_000, 5_000)
    playback.set_delay(2_000)
    assert playback.t_ms == 198_000
    with pytest.raises(WrongUsageError, match="121 s"):
        playback.set_delay(121_000)
    assert (playback.t_ms, playback.status().delay_ms) == (198_000, 2_000)


def test_present_runs_on_between_frames_and_never_back() -> None:
    clock = VirtualClock(1_000.0)
    edge = Edge(clock)
    assert edge.now_ms() == 0
    edge.arrived(60_000)
    clock.wind(2.0)
    assert edge.now_ms() == 62_000
    edge.arrived(61_500)  # half a second late: no reason to go back
    assert edge.now_ms() == 62_000
    clock.wind(1.0)
    edge.arrived(64_000)  # a sender's clock that runs a second ahead
    assert edge.now_ms() == 64_000
    for _ in range(int(WINDOW_S) + 2):
        clock.wind(1.0)
        edge.arrived(63_000 + int((clock.now_s() - 1_003.0) * 1000))
    assert edge.now_ms() == 63_000 + int((clock.now_s() - 1_003.0) * 1000)
    edge.fix(70_000)
    clock.wind(100.0)
    assert edge.now_ms() == 70_000


@pytest.mark.shared
def test_real_race_followed_live_ends_as_the_recording_does(baku_2018: Path) -> None:
    frames = [frame for frame in open_source(baku_2018).frames() if 0 <= frame.t_ms <= 1_800_000]
    distinct = list(dict.fromkeys(frames))
    stamps: dict[tuple[int, str], int] = {}
    for index, frame in enumerate(distinct):  # of one stamp and topic, the order stays: which is right cannot be told
        stamps.setdefault((frame.t_ms, frame.topic), 3_000 if index % 50 == 0 else 0)
    late = {index: stamps[frame.t_ms, frame.topic] for index, frame in enumerate(distinct)}
    house = Broadcast(distinct, late=late)
    for now_ms in range(10_000, 1_820_000, 10_000):
        house.pass_until(now_ms)
    truth = Engine(KEY, FrameSource.LIVE, simulated=False)
    for frame in distinct:
        truth.advance(frame)
    assert house.play.state() == truth.state()
    assert house.play.laps() == truth.laps()


def test_present_of_a_session_that_is_over_stands_still_until_a_late_word() -> None:
    clock = VirtualClock()
    edge = Edge(clock)
    edge.arrived(100_000)
    edge.over(True)
    clock.wind(20.0)
    assert edge.now_ms() == 120_000
    clock.wind(3_600.0)
    assert (edge.now_ms(), edge.by_clock_ms()) == (100_000 + AFTER_MS, 3_720_000)
    edge.arrived(3_720_000)
    assert edge.now_ms() == 3_720_000
    edge.over(False)
    clock.wind(100.0)
    assert edge.now_ms() == 3_820_000
