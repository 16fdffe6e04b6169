"""Pacing changes when frames are read, never what comes of them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from overcut.kernel.errors import DataMissingError
from overcut.runtime.classification import classify
from overcut.runtime.clock import VirtualClock
from overcut.runtime.replay import paced, replay
from overcut.sources.archive import ArchiveSource
from tests.timing.feeding import frame


class Sleeper:
    """A clock that sleeping moves on, a little too far each time, as real ones do."""

    def __init__(self) -> None:
        self.clock = VirtualClock(1000.0)
        self.slept_s = 0.0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept_s += seconds
        self.clock.wind(seconds + 0.0007)


def test_frames_come_no_earlier_than_their_stamps() -> None:
    sleeper = Sleeper()
    frames = [frame(t_ms, "Heartbeat", {}) for t_ms in (500, 500, 1500, 61_500)]
    seen = [
        (sleeper.clock.now_s() - 1000.0, given.t_ms) for given in paced(iter(frames), 2.0, sleeper.clock, sleeper.sleep)
    ]
    assert [t_ms for _, t_ms in seen] == [500, 500, 1500, 61_500]
    for at_s, t_ms in seen:
        assert at_s >= (t_ms - 500) / 1000 / 2.0 - 1e-9
    assert sleeper.slept_s == pytest.approx(30.5, abs=0.01)


@pytest.mark.shared
def test_a_real_race_at_fifty_times_gives_the_same_bytes(baku_2018: Path) -> None:
    sleeper = Sleeper()
    fast = replay(ArchiveSource(baku_2018))
    slow = replay(ArchiveSource(baku_2018), speed=50, clock=sleeper.clock, sleep=sleeper.sleep)
    assert msgspec.json.encode(classify(slow.state())) == msgspec.json.encode(classify(fast.state()))
    assert slow.laps() == fast.laps()
    assert sleeper.clock.now_s() - 1000 == pytest.approx(6889.7 / 50, abs=0.5)


def test_a_source_without_a_frame_is_no_session(tmp_path: Path) -> None:
    (tmp_path / "TimingData.jsonStream").write_bytes(b"nonsense\n")
    with pytest.raises(DataMissingError, match="no timing message") as missing:
        replay(ArchiveSource(tmp_path))
    assert "nonsense" in missing.value.why
