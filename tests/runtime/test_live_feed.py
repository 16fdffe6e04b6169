"""What the live client yields gets onto the board: opened, grown, followed by the next session, healed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from overcut.domain.frame import Frame
from overcut.kernel.errors import DataMissingError, NotAllowedError
from overcut.runtime import live_session as live_session_module
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.commands import Delay, Pause, Seek
from overcut.runtime.live import FeedStatus, LiveFeed
from overcut.runtime.playback import PlaybackMode
from overcut.runtime.playing import FRAME_EVERY_S, Playing, Tick
from overcut.runtime.sessions import Sessions
from overcut.sources.live import LiveState, LiveStatus
from tests.runtime.live_frames import PlayedClient, live_frames

KEY = "2025-16-R"


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    return live_frames(tmp_path_factory.mktemp("feed"))


class House:
    """A feed played by a test, and the sessions it opens."""

    def __init__(self, *, delay_ms: int = 0, rest_s: float | None = None) -> None:
        self.clients = [PlayedClient()]
        self.sessions = Sessions(Catalogue())
        made = iter(self.clients)

        def connect() -> PlayedClient:
            client = next(made, None)
            if client is None:
                self.clients.append(client := PlayedClient())
            return client

        self.feed = LiveFeed(connect, self.sessions, delay_ms=delay_ms, rest_s=rest_s)
        self.told: list[FeedStatus] = []
        self.feed.listeners.append(self.told.append)

    @property
    def client(self) -> PlayedClient:
        return self.clients[-1]

    async def playing(self, key: str = KEY) -> Playing:
        return await self.sessions.playing(key)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.002)


def play(scenario: Callable[[House], Awaitable[None]], **options: float | None) -> None:
    async def run() -> None:
        house = House(**options)  # type: ignore[arg-type]
        running = asyncio.create_task(house.feed.run())
        await asyncio.sleep(0)
        await scenario(house)
        running.cancel()
        await asyncio.wait([running])
        await house.sessions.stop()

    asyncio.run(run())


def test_session_opens_with_its_first_frames_and_is_listed_first(frames: list[Frame]) -> None:
    async def scenario(house: House) -> None:
        assert (house.feed.status().session, house.feed.status().state) == (None, LiveState.CONNECTING)
        house.client.begin()
        await asyncio.sleep(0.01)
        with pytest.raises(DataMissingError):
            await house.playing()
        house.client.send(*frames[:20])
        await until(lambda: KEY in house.sessions.open_now())
        playing = await house.playing()
        status = playing.playback.status()
        assert (status.mode, status.following, status.start_ms) == (PlaybackMode.LIVE, True, 0)
        assert playing.playback.state().meeting.name == "Italian Grand Prix"
        assert [known.key for known in house.sessions.catalogue.all()] == [KEY]
        assert house.feed.status().session == KEY

    play(scenario)


def test_frame_is_told_at_once_and_many_are_told_together(frames: list[Frame]) -> None:
    async def scenario(house: House) -> None:
        house.client.begin()
        house.client.send(*frames[:20])
        await until(lambda: KEY in house.sessions.open_now())
        playing, ticks = await house.playing(), list[tuple[float, Tick]]()
        loop = asyncio.get_running_loop()
        playing.listeners.append(lambda tick: ticks.append((loop.time(), tick)) if tick.arrived_s is not None else None)
        await asyncio.sleep(2 * FRAME_EVERY_S)
        sent_s = loop.time()
        house.client.send(msgspec.structs.replace(frames[20], t_ms=frames[19].t_ms))
        await until(lambda: bool(ticks))
        assert ticks[0][0] - sent_s < 0.08  # the even beat alone would take up to 0.1 s
        for frame in frames[21:60]:
            house.client.send(msgspec.structs.replace(frame, t_ms=frames[19].t_ms))
        await until(lambda: playing.playback.state().cars["16"].gap is not None)
        assert len(ticks) < 10

    play(scenario)


def test_next_session_follows_and_the_old_one_stays_as_a_recording(frames: list[Frame]) -> None:
    async def scenario(house: House) -> None:
        house.client.begin()
        house.client.send(*frames)
        await until(lambda: KEY in house.sessions.open_now())
        old = await house.playing()
        await old.command(Delay(delay_ms=12_000))
        house.client.begin("2025-17-R", Path("next.jsonl"))
        house.client.send(*frames[:30])
        await until(lambda: "2025-17-R" in house.sessions.open_now())
        assert old.playback.status().mode is PlaybackMode.REPLAY
        new = await house.playing("2025-17-R")
        assert (new.playback.status().mode, new.playback.status().delay_ms) == (PlaybackMode.LIVE, 12_000)
        assert [known.key for known in house.sessions.catalogue.all()] == ["2025-17-R", KEY]
        assert [status.session for status in house.told if status.session][-1] == "2025-17-R"

    play(scenario)


def test_same_session_begun_again_gets_a_name_of_its_own(frames: list[Frame]) -> None:
    async def scenario(house: House) -> None:
        for number in (1, 2):
            house.client.begin(recording=Path(f"race-{number}.jsonl"))
            house.client.send(*frames[:30])
        await until(lambda: len(house.sessions.open_now()) == 2)
        assert set(house.sessions.open_now()) == {KEY, f"{KEY}-2"}

    play(scenario)


def test_viewers_hear_of_a_broken_connection_and_of_its_return(frames: list[Frame]) -> None:
    async def scenario(house: House) -> None:
        house.client.begin()
        house.client.send(*frames[:20])
        for stands in (
            LiveStatus(LiveState.CONNECTED),
            LiveStatus(LiveState.WAITING, why="the line broke", attempt=1, next_try_s=2.5),
            LiveStatus(LiveState.CONNECTED),
        ):
            house.client.stands = stands
            count = len(house.told)
            await until(lambda count=count: len(house.told) > count)
        told = [(status.state, status.why, status.next_try_ms) for status in house.told]
        assert (LiveState.WAITING, "the line broke", 2_500) in told
        assert told[-1][0] is LiveState.CONNECTED
        age_ms = house.told[-1].frame_age_ms
        assert age_ms is not None
        assert age_ms >= 400

    play(scenario)


def test_refusal_is_told_with_its_hint_and_tried_again(frames: list[Frame]) -> None:
    async def scenario(house: House) -> None:
        house.client.stands = LiveStatus(LiveState.REFUSED, why="no token")
        house.client.end(NotAllowedError("The live feed refused us", hint="overcut login"))
        await until(lambda: house.feed.failure is not None)
        status = house.feed.status()
        assert (status.state, status.hint, status.next_try_ms is not None) == (LiveState.REFUSED, "overcut login", True)
        await until(lambda: len(house.clients) == 2)
        house.client.stands = LiveStatus(LiveState.CONNECTED)
        house.client.begin()
        house.client.send(*frames[:20])
        await until(lambda: house.feed.status().session == KEY)
        assert (house.feed.status().hint, house.feed.failure) == ("", None)

    play(scenario, rest_s=0.05)


def test_recording_that_is_gone_on_with_comes_whole_and_the_board_is_at_its_end(
    frames: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_session_module, "BULK", 100)

    async def scenario(house: House) -> None:
        house.client.begin()
        earlier = [frame for frame in frames if frame.t_ms <= 200_000]
        house.client.send(*earlier)
        await until(lambda: KEY in house.sessions.open_now())
        playing = await house.playing()
        assert playing.playback.laps() != ()
        epoch = playing.playback.epoch
        assert playing.playback.t_ms >= 200_000
        more = [frame for frame in frames if frame.t_ms > 200_000]
        house.client.send(*more)
        await until(lambda: playing.playback.t_ms >= 300_000)
        assert playing.playback.epoch > epoch
        assert playing.playback.status().following
        assert len(playing.playback.laps()) == 9
        await playing.command(Pause())

    play(scenario)


def test_session_that_goes_on_after_it_was_over_keeps_its_viewers_where_they_are(frames: list[Frame]) -> None:
    async def begin(house: House) -> Playing:
        house.client.begin()
        house.client.send(*frames[:60])
        await until(lambda: KEY in house.sessions.open_now())
        playing = await house.playing()
        await until(lambda: playing.playback.live)
        return playing

    async def end(house: House) -> None:
        count = len(house.clients)
        house.client.end()
        await until(lambda: len(house.clients) > count)

    async def scenario(house: House) -> None:
        first, ticks = await begin(house), list[Tick]()
        first.listeners.append(ticks.append)
        tasks = len(asyncio.all_tasks())
        for _ in range(2):
            await end(house)
            assert first.playback.status().mode is PlaybackMode.REPLAY
            assert await begin(house) is first
            assert len(asyncio.all_tasks()) == tasks  # nothing of an earlier round still runs
        assert first.playback.following
        await first.command(Pause())
        await first.command(Seek(t_ms=3_000))
        await end(house)
        await begin(house)
        assert (first.playback.t_ms, first.playback.status().paused) == (3_000, True)
        modes = [tick.playback.mode for tick in ticks]
        assert PlaybackMode.LIVE in modes[modes.index(PlaybackMode.REPLAY) :]
        epochs = [tick.epoch for tick in ticks]
        assert epochs == sorted(epochs)

    play(scenario, rest_s=0.02)
