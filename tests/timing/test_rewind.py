"""Frames in any order give the session that they give in order."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.events import AnyEvent, LapAmended, LapCompleted
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.laps import Lap
from overcut.domain.session import SessionKey, SessionKind
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.engine import Engine
from overcut.timing.rewind import REWIND_MS, TOO_LATE, Rewinding
from tests.timing.feeding import frame, line

KEY = SessionKey("rec-test")


@pytest.fixture(scope="module")
def race_frames(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Some minutes of a simulated race, from before the start."""
    home = tmp_path_factory.mktemp("rewind")
    [folder] = simulate_weekend(2025, "monza", 11, home, [SessionKind.RACE], telemetry=False)
    return list(ArchiveSource(folder).frames())[:1_500]


def in_order(frames: list[Frame]) -> Engine:
    engine = Engine(KEY, FrameSource.ARCHIVE)
    for one in frames:
        engine.advance(one)
    return engine


def rewound(frames: list[Frame]) -> tuple[Rewinding, list[AnyEvent]]:
    session = Rewinding(KEY, FrameSource.ARCHIVE)
    return session, [event for one in frames for event in session.advance(one)]


def laps_as_told(events: list[AnyEvent]) -> dict[tuple[str, int], Lap]:
    told: dict[tuple[str, int], Lap] = {}
    for event in events:
        if isinstance(event, LapCompleted):
            assert (event.lap.number, event.lap.lap) not in told
        if isinstance(event, LapCompleted | LapAmended):
            told[event.lap.number, event.lap.lap] = event.lap
    return told


def test_in_order_it_is_the_engine(race_frames: list[Frame]) -> None:
    engine = Engine(KEY, FrameSource.ARCHIVE)
    expected = [event for one in race_frames for event in engine.advance(one)]
    session, events = rewound(race_frames)
    assert events == expected
    assert session.state() == engine.state()
    assert session.laps() == engine.laps()
    assert session.extras() == engine.extras()
    assert session.map() == engine.map()
    assert session.checkpoint() == engine.checkpoint()
    assert (session.t_ms, session.circuit_id) == (engine.t_ms, engine.circuit_id)


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.02, 0.3, 1.0]))
def test_late_frames_are_put_in_their_place(race_frames: list[Frame], seed: int, share: float) -> None:
    random = Random(seed)  # noqa: S311
    late: dict[tuple[int, str], float] = {}
    for one in race_frames:
        late.setdefault((one.t_ms, one.topic), random.uniform(0, REWIND_MS - 1) if random.random() < share else 0.0)
    shuffled = sorted(race_frames, key=lambda one: one.t_ms + late[one.t_ms, one.topic])[-500:]
    kept = set(map(id, shuffled))
    engine = in_order([one for one in race_frames if id(one) in kept])
    session, events = rewound(shuffled)
    assert session.state() == engine.state()
    assert session.laps() == engine.laps()
    assert [event.n for event in events] == list(range(1, len(events) + 1))
    assert laps_as_told(events) == {(lap.number, lap.lap): lap for lap in engine.laps()}


def test_exact_duplicates_change_nothing(race_frames: list[Frame]) -> None:
    random = Random(1)  # noqa: S311
    again = [(one.t_ms + random.uniform(0, REWIND_MS - 1), one) for one in race_frames if random.random() < 0.5]
    arrivals = sorted([*((float(one.t_ms), one) for one in race_frames), *again], key=lambda pair: pair[0])
    session, events = rewound([one for _, one in arrivals])
    clean, told = rewound(race_frames)
    assert session.state() == clean.state()
    assert events == told


def test_a_frame_that_is_too_late_is_counted_and_not_applied() -> None:
    session, _ = rewound([frame(0, "Heartbeat", {}), frame(REWIND_MS + 1_000, "TrackStatus", {"Status": "1"})])
    assert session.advance(frame(500, "TrackStatus", {"Status": "5"})) == []
    state = session.state()
    assert state.track == "clear"
    assert [(defect.kind, defect.count) for defect in state.defects.values()] == [(TOO_LATE, 1)]


def test_a_lap_that_comes_out_otherwise_is_told_as_amended() -> None:
    start = frame(0, "SessionInfo", {"Type": "Race"})
    time = frame(90_000, "TimingData", line("44", {"LastLapTime": {"Value": "1:29.000"}}))
    ended = frame(90_001, "TimingData", line("44", {"NumberOfLaps": 2}))
    session, events = rewound([start, frame(1, "TimingData", line("44", {"NumberOfLaps": 1})), ended])
    assert laps_as_told(events)["44", 2].lap_ms is None
    [amended] = session.advance(time)
    assert isinstance(amended, LapAmended)
    assert (amended.n, amended.lap.lap_ms) == (len(events) + 1, 89_000)


def test_what_was_told_is_not_told_again_when_it_proves_true_after_all() -> None:
    green = frame(10_000, "TrackStatus", {"Status": "1"})
    session, events = rewound([frame(0, "Heartbeat", {}), green])
    assert len(events) == 1
    assert session.advance(frame(9_000, "TrackStatus", {"Status": "1"})) != []  # the flag changed earlier than told
    assert session.advance(frame(9_500, "TrackStatus", {"Status": "2"})) != []  # now green is a change again
    assert session.state().track == "clear"


def test_the_sources_defects_survive_going_back() -> None:
    session, _ = rewound([frame(0, "Heartbeat", {}), frame(5_000, "Heartbeat", {})])
    broken = Rewinding(KEY, FrameSource.ARCHIVE)
    broken.advance(frame(1, "TrackStatus", {"Status": "9"}))
    session.report(broken.state().defects)
    session.advance(frame(2_000, "TrackStatus", {"Status": "1"}))
    assert len(session.state().defects) == 1
    assert Engine.restore(session.checkpoint()).state().defects == session.state().defects


def test_it_goes_on_from_a_checkpoint(race_frames: list[Frame]) -> None:
    half = len(race_frames) // 2
    first, told = rewound(race_frames[:half])
    second = Rewinding.restore(first.checkpoint())
    more = [event for one in race_frames[half:] for event in second.advance(one)]
    engine = in_order(race_frames)
    assert second.state() == engine.state()
    assert [event.n for event in told + more] == list(range(1, len(told) + len(more) + 1))
    assert second.advance(frame(race_frames[half].t_ms - 60_000, "TrackStatus", {"Status": "5"})) == []


def test_nothing_of_a_session_goes_on_in_the_next() -> None:
    lap = {"NumberOfLaps": 1}
    session, _ = rewound([frame(0, "SessionInfo", {"Key": 1, "Type": "Race"}), frame(1, "TimingData", line("44", lap))])
    events = session.advance(frame(2, "SessionInfo", {"Key": 2, "Type": "Race"}))
    events += session.advance(frame(3, "TimingData", line("44", lap)))
    assert [type(event) for event in events] == [LapCompleted]  # its own first lap, not an amendment of the other's


@pytest.mark.shared
def test_a_real_race_with_every_frame_late_is_the_race(baku_2018: Path) -> None:
    frames = [one for one in ArchiveSource(baku_2018).frames() if one.t_ms < 1_500_000]
    random = Random(3)  # noqa: S311
    late: dict[tuple[int, str], float] = {}
    for one in frames:
        late.setdefault((one.t_ms, one.topic), random.uniform(0, 10_000))
    session, _ = rewound(sorted(frames, key=lambda one: one.t_ms + late[one.t_ms, one.topic]))
    engine = in_order(frames)
    assert session.state() == engine.state()
    assert session.laps() == engine.laps()
    assert len(session.laps()) > 30
