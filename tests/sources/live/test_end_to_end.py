"""Hub, client, recorder, engine, over real sockets: whatever the hub does, the session comes out as it was."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.laps import Lap
from overcut.domain.state import SessionState
from overcut.sources.archive import ArchiveSource
from overcut.sources.hub import Every, Faults, Hub
from overcut.sources.live import LiveState
from overcut.sources.recording import RecordingSource
from overcut.sources.simulated.wire.folder import write_session
from overcut.sources.source import Source
from overcut.timing.engine import Engine
from tests.sources.live.feeds import client_of, collect, play, session, state_of
from tests.sources.simulated.conftest import race_of

pytestmark = pytest.mark.anyio

MENDED = {
    "batched": Faults(batch=7),
    "split": Faults(split=50),
    "batched and split": Faults(batch=5, split=333),
    "repeated": Faults(repeat=0.3),
    "reordered": Faults(delay=0.2, delay_ms=10_000),
    "dropped": Faults(drop=Every(frames=150), repeat_last=40),
    "stalled": Faults(stall=Every(frames=200), repeat_last=40),
    "closed and invited back": Faults(close=Every(frames=200), invite=True, repeat_last=40),
    "closed with an error": Faults(close=Every(frames=300), close_error="Server is restarting", repeat_last=40),
    "everything at once": Faults(
        batch=3, split=700, repeat=0.1, delay=0.1, delay_ms=5_000, drop=Every(frames=250), repeat_last=40
    ),
}
"""Faults after which every frame has arrived at least once."""


WORSE = Faults(batch=4, split=900, repeat=0.02, delay=0.01, drop=Every(frames=7_000), repeat_last=100)


def direct(source: Source) -> Engine:
    engine = Engine(source.key, source.kind, source.simulated)
    for frame in source.frames():
        engine.advance(frame)
    return engine


def told(state: SessionState) -> dict[str, object]:
    """What a state says of the session, without how its frames came."""
    return {
        "cars": state.cars, "status": state.status, "track": state.track, "lap": state.lap, "weather": state.weather,
        "clock": state.clock, "meeting": state.meeting, "messages": state.messages, "t_ms": state.t_ms,
    }  # fmt: skip


def lap_rows(laps: tuple[Lap, ...]) -> list[Lap]:
    return sorted(laps, key=lambda lap: (lap.number, lap.lap))


async def test_a_clean_stream_brings_every_frame_in_order_with_its_bytes(tmp_path: Path) -> None:
    source = session(tmp_path)
    frames, client = await play(tmp_path, source)
    sent = list(source.frames())
    assert [(f.t_ms, f.topic, f.payload) for f in frames] == [(f.t_ms, f.topic, f.payload) for f in sent]
    assert {frame.source for frame in frames} == {FrameSource.LIVE}
    status = client.status()
    assert (status.state, status.frames, status.reconnects, status.unrecorded) == (LiveState.ENDED, len(sent), 0, 0)
    assert status.recording is not None
    assert status.recording.name == "2025-09-07_Italian_Grand_Prix_Race.jsonl"


@pytest.mark.parametrize("name", MENDED)
async def test_state_and_laps_are_those_of_the_direct_replay(tmp_path: Path, name: str) -> None:
    source = session(tmp_path)
    frames, client = await play(tmp_path, source, MENDED[name], hold=True)
    clean, live = direct(source), state_of(source, frames)
    assert told(live.state()) == told(clean.state())
    assert lap_rows(live.laps()) == lap_rows(clean.laps())
    assert len(live.laps()) == 9
    assert client.status().unrecorded == 0
    if "drop" in name or "stall" in name or "clos" in name:
        assert client.status().reconnects > 0


@pytest.mark.parametrize("name", ["clean", "reordered", "dropped", "everything at once"])
async def test_the_recording_replays_to_the_same_frames_as_live(tmp_path: Path, name: str) -> None:
    frames, client = await play(tmp_path, session(tmp_path), MENDED.get(name), hold=True)
    recording = client.status().recording
    assert recording is not None
    source = RecordingSource(recording)
    replayed = list(source.frames())
    assert sorted(map(_same, frames)) == sorted(map(_same, replayed))
    assert source.defects == {}
    assert str(source.key) == "2025-16-R"


def _same(frame: Frame) -> tuple[int, int, str, bytes]:
    return frame.t_ms, frame.utc_ms or 0, frame.topic, frame.payload


async def test_what_passed_while_the_connection_was_down_is_in_the_snapshot(tmp_path: Path) -> None:
    """The hub plays on: frames are lost for good, the state is not."""
    source = session(tmp_path)
    async with Hub(source, speed=200.0, ping_s=0.2, faults=Faults(drop=Every(frames=400))) as hub:
        client = client_of(tmp_path, hub)
        frames, _ = await collect(client)
    clean, live = direct(source).state(), state_of(source, frames).state()
    assert client.status().reconnects > 0
    assert live.status == clean.status
    assert live.track == clean.track
    assert live.lap == clean.lap
    assert live.weather == clean.weather
    for number, car in clean.cars.items():
        assert live.cars[number].gap == car.gap
        assert live.cars[number].laps == car.laps
        assert live.cars[number].position == car.position
        assert live.cars[number].last_lap == car.last_lap


async def test_joining_late_begins_with_a_snapshot_of_all_that_was(tmp_path: Path) -> None:
    source = session(tmp_path)
    async with Hub(source, speed=None, begin_ms=200_000, ping_s=0.2) as hub:
        frames, _ = await collect(client_of(tmp_path, hub))
    assert frames[0].topic == "SessionInfo"
    assert b'"_kf":true' in frames[0].payload
    assert frames[0].t_ms == 0
    live, clean = state_of(source, frames).state(), direct(source).state()
    assert live.status == clean.status
    assert {number: car.laps for number, car in live.cars.items()} == {n: car.laps for n, car in clean.cars.items()}
    assert {number: car.code for number, car in live.cars.items()} == {n: car.code for n, car in clean.cars.items()}


async def test_a_silent_hub_is_left_for_a_new_connection(tmp_path: Path) -> None:
    source = session(tmp_path)
    async with Hub(source, speed=60.0, ping_s=0.2, hold=True) as hub:
        client = client_of(tmp_path, hub)
        following = asyncio.create_task(collect(client))
        while client.status().frames < 50:
            await asyncio.sleep(0.01)
        await hub.player.act("stall")
        frames, _ = await following
    assert client.status().reconnects == 1
    assert told(state_of(source, frames).state())["cars"] == told(direct(source).state())["cars"]


async def test_a_hub_that_pings_without_feeding_is_left_too(tmp_path: Path) -> None:
    async with Hub(session(tmp_path), speed=60.0, ping_s=0.2, stay=True) as hub:
        client = client_of(tmp_path, hub)
        following = asyncio.create_task(collect(client))
        while client.status().frames < 50:
            await asyncio.sleep(0.01)
        await hub.player.act("pause")
        async with asyncio.timeout(10):
            while client.status().reconnects == 0:
                await asyncio.sleep(0.05)
        client.stop()
        await following


async def test_the_slowest_reader_loses_nothing_and_holds_up_no_recording(tmp_path: Path) -> None:
    source = session(tmp_path)
    count = len(list(source.frames()))
    async with Hub(source, speed=None) as hub:
        client = client_of(tmp_path, hub)
        read = client.batches()
        first = await anext(read)
        async with asyncio.timeout(10):
            while client.status().frames < count:  # nobody reads, all is recorded
                await asyncio.sleep(0.02)
        rest = [item async for item in read]
    assert first is not None
    assert sum(len(item) for item in rest if isinstance(item, list)) == count


LAPS = 12


@pytest.fixture(scope="session")
def simulated_race(tmp_path_factory: pytest.TempPathFactory) -> ArchiveSource:
    race = race_of("monza", 7, laps=LAPS)
    return ArchiveSource(write_session(race.log, race.track, 7, tmp_path_factory.mktemp("race"), telemetry=True))


@pytest.mark.parametrize(
    "faults",
    [Faults(), Faults(batch=4, split=900, repeat=0.02, delay=0.01, drop=Every(frames=9_000), repeat_last=40)],
    ids=["clean", "damaged"],
)
async def test_a_simulated_race_with_telemetry_comes_through(
    tmp_path: Path, simulated_race: ArchiveSource, faults: Faults
) -> None:
    frames, client = await play(tmp_path, simulated_race, faults, hold=True)
    clean, live = direct(simulated_race), state_of(simulated_race, frames)
    assert told(live.state()) == told(clean.state())
    assert lap_rows(live.laps()) == lap_rows(clean.laps())
    recording = client.status().recording
    assert recording is not None
    source = RecordingSource(recording)
    assert source.simulated
    assert str(source.key) == "rec-sim-2025-09-07-italian-grand-prix-race"


@pytest.mark.shared
@pytest.mark.parametrize("faults", [Faults(), WORSE], ids=["clean", "damaged"])
async def test_the_race_of_baku_comes_through(tmp_path: Path, baku_2018: Path, faults: Faults) -> None:
    source = ArchiveSource(baku_2018)
    frames, client = await play(tmp_path, source, faults, hold=True)
    clean, live = direct(source), state_of(source, frames)
    assert told(live.state())["cars"] == told(clean.state())["cars"]
    assert lap_rows(live.laps()) == lap_rows(clean.laps())
    assert str(RecordingSource(client.status().recording or tmp_path).key) == "2018-04-R"
