"""Seeks: to any moment at once, many at a time for the price of one, from checkpoints that stay small."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from pathlib import Path

import pytest

from overcut.runtime.checkpoints import Checkpoints
from overcut.runtime.clock import MonotonicClock
from overcut.runtime.commands import Pause, Seek
from overcut.runtime.playback import Playback
from overcut.runtime.playing import SEEK_EVERY_S, Playing, Tick
from overcut.runtime.recorded import Recorded, record
from overcut.sources.opening import open_source
from overcut.timing.engine import Engine
from tests.runtime.short_session import END_MS, recorded_short_session


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded_short_session(tmp_path_factory.mktemp("race"), checkpoint_every_ms=10_000)


def opened(race: Recorded) -> Playing:
    clock = MonotonicClock()
    return Playing(race, Playback(race, clock, paused=True), clock)


def test_of_twenty_seeks_at_once_the_last_is_done_and_all_are_told_so(race: Recorded) -> None:
    async def scenario() -> None:
        playing, ticks = opened(race), list[Tick]()
        playing.listeners.append(ticks.append)
        answers = await asyncio.gather(*(playing.command(Seek(t_ms=1_000 * number)) for number in range(1, 21)))
        assert [tick.playback.t_ms for tick in ticks] == [20_000]
        assert {answer.t_ms for answer in answers} == {20_000}

    asyncio.run(scenario())


def test_seeks_that_follow_each_other_wait_for_their_turn_and_other_commands_do_not(race: Recorded) -> None:
    async def scenario() -> None:
        playing = opened(race)
        await playing.command(Seek(t_ms=50_000))
        began_s = time.monotonic()
        second = asyncio.create_task(playing.command(Seek(t_ms=60_000)))
        await asyncio.sleep(0)
        paused = await playing.command(Pause())
        assert (paused.t_ms, time.monotonic() - began_s < SEEK_EVERY_S) == (50_000, True)
        assert (await second).t_ms == 60_000
        assert time.monotonic() - began_s >= SEEK_EVERY_S * 0.9

    asyncio.run(scenario())


def test_viewer_who_leaves_while_a_seek_waits_does_not_take_it_from_the_others(race: Recorded) -> None:
    async def scenario() -> None:
        playing = opened(race)
        await playing.command(Seek(t_ms=10_000))
        leaving = asyncio.create_task(playing.command(Seek(t_ms=20_000)))
        staying = asyncio.create_task(playing.command(Seek(t_ms=30_000)))
        await asyncio.sleep(0)
        leaving.cancel()
        assert (await staying).t_ms == 30_000

    asyncio.run(scenario())


def test_checkpoints_stay_within_their_budget_and_still_lead_everywhere(race: Recorded) -> None:
    dense = len(race.checkpoints)
    budget = race.checkpoints.bytes // 3
    engine = Engine(race.key, race.kind)
    few = Checkpoints(engine, every_ms=10_000, budget_bytes=budget)
    for read, frame in enumerate(race.frames):
        few.before(read, frame.t_ms, engine)
        engine.advance(frame)
    assert few.bytes <= budget
    assert 2 <= len(few) <= dense // 2
    assert few.every_ms > 10_000
    assert few.at_most(0).frames == 0
    for frames in (1, 100, len(race.frames) // 2, len(race.frames)):
        found = few.at_most(frames)
        assert found.frames <= frames
        again = Engine(race.key, race.kind)
        again.back_to(found.snapshot())
        for frame in race.frames[found.frames : frames]:
            again.advance(frame)
        straight = race.engine_after(frames)
        assert again.checkpoint() == straight.checkpoint()


def test_stated_size_of_checkpoints_is_about_what_they_take(race: Recorded) -> None:
    engine = race.engine_after(len(race.frames) // 2)
    tracemalloc.start()
    kept = Checkpoints(engine, every_ms=1)
    before, _ = tracemalloc.get_traced_memory()
    for read, frame in enumerate(race.frames[len(race.frames) // 2 :], start=1):
        kept.before(read, frame.t_ms, engine)
        engine.advance(frame)
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert taken < 2 * kept.bytes


@pytest.mark.shared
@pytest.mark.parametrize("session", ["baku_2018", "mexico_2025_q"])
def test_real_session_keeps_its_checkpoints_small_and_seeks_fast(session: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(session)
    race = record(open_source(folder))
    assert race.checkpoints.bytes < 32 * 2**20
    playback = Playback(race, MonotonicClock(), paused=True)
    costs_s: list[float] = []
    for number in range(40):
        began_s = time.process_time()
        playback.seek(race.start_ms + (race.end_ms - race.start_ms) * (number * 7 % 40) // 40)
        costs_s.append(time.process_time() - began_s)
    assert sorted(costs_s)[35] < 0.05


def test_end_of_the_recording_is_sought_like_any_other_moment(race: Recorded) -> None:
    playback = Playback(race, MonotonicClock(), paused=True)
    playback.seek(END_MS + 1)
    assert (playback.t_ms, playback.status().ended) == (END_MS, True)
