"""A damaged feed gives the same session in every cell whose frames arrived; a million mutated lines harm nothing."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaos import weathered
from chaos_oracle import KEY, Clean
from chaos_storms import STORMS, Storm, delayed, snapshot
from fuzz import mutated, source_lines, survived
from overcut.domain.frame import Frame
from overcut.domain.session import SessionKind
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.engine import Engine
from overcut.timing.rewind import Rewinding

ARCHIVE = "data/livetiming/static"
SLICE = 900


def slice_of(folder: Path, begin: int) -> list[Frame]:
    """The session's first words, and a slice of its middle."""
    frames = [frame for frame in ArchiveSource(folder).frames() if not frame.topic.endswith(".z")]
    return frames[: begin + SLICE]


@cache
def simulated(kind: SessionKind) -> Clean:
    with tempfile.TemporaryDirectory() as home:
        [folder] = simulate_weekend(2025, "monza", 5, Path(home), [kind], telemetry=False)
        return Clean(slice_of(folder, 400))


@cache
def recorded(folder: Path) -> Clean:
    return Clean(slice_of(folder, 1_200))


def check(clean: Clean, storm: Storm) -> None:
    verdict = clean.judge(weathered(storm), storm.arrived)
    assert verdict.wrong == []
    assert verdict.compared > 0


@pytest.mark.parametrize("storm", STORMS)
@pytest.mark.parametrize("kind", [SessionKind.RACE, SessionKind.QUALIFYING])
@settings(max_examples=2, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_simulated_session_weathers_every_storm(kind: SessionKind, storm: str, seed: int) -> None:
    clean = simulated(kind)
    check(clean, STORMS[storm](clean.frames, Random(seed)))  # noqa: S311


@pytest.mark.shared
@pytest.mark.parametrize("storm", STORMS)
@pytest.mark.parametrize(
    "session",
    [
        "2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race",
        "2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying",
    ],
)
@settings(max_examples=2, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_recorded_session_weathers_every_storm(shared: Path, session: str, storm: str, seed: int) -> None:
    clean = recorded(shared / ARCHIVE / session)
    check(clean, STORMS[storm](clean.frames, Random(seed)))  # noqa: S311


def test_the_judge_sees_what_an_engine_without_rewinding_does_to_late_frames() -> None:
    clean = simulated(SessionKind.RACE)
    storm = delayed(clean.frames, Random(1))  # noqa: S311
    engine = Engine(KEY, storm.arrivals[0].source)
    for frame in storm.arrivals:
        engine.advance(frame)
    assert len(clean.judge(Rewinding.from_engine(engine), storm.arrived).wrong) > 10


def test_a_snapshot_in_a_running_session_changes_nothing() -> None:
    clean = simulated(SessionKind.RACE)
    half = len(clean.frames) // 2
    told = clean.frames[:half]
    again = [*told, *snapshot(told, told[-1].t_ms), *clean.frames[half:]]
    verdict = clean.judge(weathered(Storm(again, set())), set(range(len(clean.frames))))
    assert verdict.wrong == []


def test_mutated_lines_raise_nothing_and_fill_nothing(tmp_path: Path) -> None:
    lines = source_lines(tmp_path, telemetry=False)
    frames, _, largest = survived(mutated(lines, 1_500, seed=2))
    assert frames > 1_400
    assert largest < 4_000_000
