"""Where a playback stands after any sequence of commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.kernel.errors import WrongUsageError
from overcut.runtime.clock import VirtualClock
from overcut.runtime.playback import Playback
from overcut.runtime.recorded import Recorded, record
from overcut.sources.opening import open_source
from overcut.timing.engine import Engine
from tests.runtime.short_session import END_MS, LIGHTS_OUT_MS, recorded_short_session


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded_short_session(tmp_path_factory.mktemp("race"))


def straight_run(recorded: Recorded, t_ms: int) -> bytes:
    engine = Engine(recorded.key, recorded.kind, recorded.simulated)
    for frame in recorded.frames:
        if frame.t_ms <= t_ms:
            engine.advance(frame)
    return engine.checkpoint()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0.0, 40.0)),
        st.tuples(st.just("seek"), st.integers(-1_000, END_MS + 50_000)),
        st.tuples(st.just("speed"), st.sampled_from([0.0, 0.25, 1.0, 7.3, 60.0])),
        st.tuples(st.just("pause"), st.none()),
        st.tuples(st.just("play"), st.none()),
    ),
    max_size=12,
)


def perform(playback: Playback, clock: VirtualClock, commands: list[tuple[str, float | int | None]]) -> None:
    for name, value in commands:
        match name, value:
            case "wait", float(seconds):
                clock.wind(seconds)
                playback.advance()
            case "seek", int(t_ms):
                playback.seek(t_ms)
            case "speed", float(speed):
                playback.set_speed(speed)
            case "pause", _:
                playback.pause()
            case _:
                playback.play()


@given(commands=steps)
@settings(max_examples=60, deadline=None)
def test_any_commands_leave_the_engine_as_a_straight_run_would(
    race: Recorded, commands: list[tuple[str, float | int | None]]
) -> None:
    clock = VirtualClock()
    playback = Playback(race, clock)
    perform(playback, clock, commands)
    assert playback.checkpoint() == straight_run(race, playback.t_ms)


@pytest.mark.shared
def test_seeking_about_the_real_race_ends_where_a_straight_run_does(baku_2018: Path) -> None:
    recorded = record(open_source(baku_2018))
    clock = VirtualClock()
    playback = Playback(recorded, clock, start_at_ms=3_000_000, speed=30)
    for target in (100_000, 5_000_000, 4_999_000, 1_234_567):
        playback.seek(target)
        clock.wind(9.0)
        playback.advance()
    assert playback.t_ms == 1_234_567 + 270_000
    assert playback.checkpoint() == straight_run(recorded, playback.t_ms)


def test_time_passes_at_the_chosen_speed_and_not_while_paused(race: Recorded) -> None:
    clock = VirtualClock()
    playback = Playback(race, clock, start_at_ms=10_000, speed=2.0)
    clock.wind(5.0)
    playback.advance()
    assert playback.t_ms == 20_000
    playback.set_speed(10.0)
    clock.wind(1.0)
    playback.pause()
    assert playback.t_ms == 30_000
    clock.wind(100.0)
    assert not playback.advance()
    playback.play()
    clock.wind(0.5)
    playback.advance()
    assert playback.t_ms == 35_000


def test_events_are_told_once_and_none_across_a_jump(race: Recorded) -> None:
    clock = VirtualClock()
    playback = Playback(race, clock, speed=60.0)
    clock.wind(2.0)
    playback.advance()
    told = playback.take_events()
    assert [event.n for event in told] == list(range(1, len(told) + 1))
    assert playback.take_events() == ()
    playback.seek(280_000)
    assert playback.take_events() == ()


def test_jump_changes_the_epoch_and_playing_on_does_not(race: Recorded) -> None:
    clock = VirtualClock()
    playback = Playback(race, clock, first_epoch=41)
    clock.wind(3.0)
    playback.advance()
    playback.pause()
    playback.play()
    assert playback.epoch == 41
    playback.seek(5_000)
    assert playback.epoch == 42


def test_play_at_the_end_starts_anew(race: Recorded) -> None:
    clock = VirtualClock()
    playback = Playback(race, clock, speed=60.0)
    clock.wind(3_600.0)
    playback.advance()
    assert playback.status().ended
    assert not playback.running
    playback.play()
    assert (playback.t_ms, playback.status().ended) == (0, False)
    assert playback.checkpoint() == straight_run(race, 0)


def test_unlimited_speed_goes_in_bursts_to_the_end(race: Recorded) -> None:
    playback = Playback(race, VirtualClock(), speed=0.0)
    bursts = 0
    while playback.running:
        assert playback.advance()
        bursts += 1
    assert bursts > 1
    assert playback.t_ms == END_MS


@pytest.mark.parametrize("speed", [-1.0, 0.1, 61.0, float("nan"), float("inf")])
def test_impossible_speed_is_refused_and_changes_nothing(race: Recorded, speed: float) -> None:
    playback = Playback(race, VirtualClock(), speed=3.0)
    with pytest.raises(WrongUsageError, match="not possible"):
        playback.set_speed(speed)
    assert playback.status().speed == 3.0


def test_marks_of_the_replay_bar_are_those_of_the_race(race: Recorded) -> None:
    timeline = race.timeline
    assert (timeline.start_ms, timeline.end_ms) == (0, END_MS)
    assert timeline.lights_out_ms() == LIGHTS_OUT_MS
    assert timeline.laps == ((1_000, 1), (160_000, 2), (220_000, 3))
    assert [(begin, end, str(flag)) for begin, end, flag in timeline.flags] == [
        (600, 150_000, "clear"),
        (150_000, 170_000, "yellow"),
        (170_000, END_MS, "clear"),
    ]
    assert [str(status) for _, status in timeline.session] == ["inactive", "started", "finished"]
    assert [(reading.t_ms, reading.weather.air_c) for reading in race.weather] == [
        (1_500, 24.1),
        (61_500, 24.5),
        (END_MS, 24.9),
    ]


def test_lines_that_never_became_frames_are_seen_in_the_state(tmp_path: Path) -> None:
    recorded_short_session(tmp_path)
    with (tmp_path / "TimingData.jsonStream").open("ab") as stream:
        stream.write(b"no stamp at all\r\n")
    playback = Playback(record(open_source(tmp_path)), VirtualClock())
    for _ in range(2):
        assert sum(defect.count for defect in playback.state().defects.values()) == 1
