"""Which sessions are known, opened, and closed again."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from overcut.kernel.errors import DataMissingError
from overcut.runtime import sessions as sessions_module
from overcut.runtime.catalogue import Catalogue
from overcut.runtime.clock import VirtualClock
from overcut.runtime.commands import Pause, Seek
from overcut.runtime.playing import Tick
from overcut.runtime.sessions import IDLE_AFTER_S, Opening, Sessions, TooManySessionsError
from tests.runtime.short_session import LIGHTS_OUT_MS, write_short_session


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("one", "two", "three"):
        write_short_session(tmp_path / "home" / name)
    return tmp_path / "home"


def test_named_sessions_come_before_those_of_the_home_and_say_what_they_are(tmp_path: Path, home: Path) -> None:
    named = write_short_session(tmp_path / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race")
    catalogue = Catalogue([named], home)
    assert [known.key for known in catalogue.all()] == ["2025-16-R", "rec-one", "rec-three", "rec-two"]
    assert [known.key for known in catalogue.named()] == ["2025-16-R"]
    assert catalogue.find("2025-16-r").meeting.name == "Italian Grand Prix"


def test_folder_of_sessions_names_all_of_them_and_equal_keys_stay_apart(tmp_path: Path, home: Path) -> None:
    shutil.copytree(home / "one", tmp_path / "copy" / "one")
    catalogue = Catalogue([home, tmp_path / "copy"])
    assert [known.key for known in catalogue.named()] == ["rec-one", "rec-three", "rec-two", "rec-one-2"]


def test_session_added_later_is_found_and_unknown_one_names_its_neighbours(home: Path) -> None:
    catalogue = Catalogue([], home)
    write_short_session(home / "four")
    assert catalogue.find("rec-four").path == home / "four"
    with pytest.raises(DataMissingError) as missing:
        catalogue.find("rec-ones")
    assert "rec-one" in missing.value.hint


def test_unusable_folder_of_the_home_is_left_out_with_its_reason(home: Path) -> None:
    (home / "one" / "overcut.json").write_text("{")
    catalogue = Catalogue([], home)
    assert [known.key for known in catalogue.all()] == ["rec-three", "rec-two"]
    assert "overcut.json" in catalogue.unusable[home / "one"]


def test_named_path_without_a_session_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError):
        Catalogue([tmp_path / "absent"])


def test_opening_begins_before_the_lights_and_tells_every_listener(home: Path) -> None:
    async def scenario() -> None:
        clock = VirtualClock()
        sessions = Sessions(Catalogue([home / "one"]), clock=clock, opening=Opening(run_up_ms=20_000, paused=True))
        assert not sessions.ready
        await sessions.start()
        assert sessions.ready
        playing = await sessions.playing("rec-one")
        assert playing.playback.t_ms == LIGHTS_OUT_MS - 20_000
        ticks: list[Tick] = []
        playing.listeners.append(ticks.append)
        await playing.command(Seek(t_ms=200_000))
        assert [tick.playback.t_ms for tick in ticks] == [200_000]
        assert ticks[0].epoch > playing.recorded.timeline.end_ms
        await sessions.stop()
        assert sessions.open_now() == {}

    asyncio.run(scenario())


def test_running_session_steps_until_paused(home: Path) -> None:
    async def scenario() -> None:
        sessions = Sessions(Catalogue([home / "one"]), opening=Opening(speed=60.0), tick_hz=50.0)
        playing = await sessions.playing("rec-one")
        told = asyncio.Event()
        playing.listeners.append(lambda tick: told.set() if tick.events else None)
        async with asyncio.timeout(30):
            await told.wait()
        status = await playing.command(Pause())
        assert status.paused
        await asyncio.sleep(0.1)
        assert playing.playback.t_ms == status.t_ms
        await sessions.stop()

    asyncio.run(scenario())


def test_idle_session_is_closed_and_a_watched_or_named_one_is_not(home: Path) -> None:
    async def scenario() -> None:
        clock, closed = VirtualClock(), list[str]()
        sessions = Sessions(Catalogue([home / "one"], home), clock=clock, opening=Opening(paused=True))
        sessions.closing.append(closed.append)
        await sessions.start()
        (await sessions.playing("rec-two")).viewers = 1
        await sessions.playing("rec-three")
        clock.wind(IDLE_AFTER_S)
        await sessions.close_idle()
        assert set(sessions.open_now()) == {"rec-one", "rec-two"}
        assert closed == ["rec-three"]
        await sessions.stop()

    asyncio.run(scenario())


def test_longest_unused_session_makes_room_and_watched_ones_do_not(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        clock = VirtualClock()
        sessions = Sessions(Catalogue([], home), clock=clock, opening=Opening(paused=True))
        first = await sessions.playing("rec-one")
        clock.wind(1.0)
        second = await sessions.playing("rec-two")
        third = await sessions.playing("rec-three")
        assert set(sessions.open_now()) == {"rec-two", "rec-three"}
        second.viewers = third.viewers = 1
        with pytest.raises(TooManySessionsError):
            await sessions.playing("rec-one")
        assert first.viewers == 0
        await sessions.stop()

    monkeypatch.setattr(sessions_module, "MAX_UNNAMED_OPEN", 2)
    asyncio.run(scenario())


def test_session_without_a_frame_does_not_keep_the_others_from_opening(home: Path) -> None:
    async def scenario() -> None:
        (home / "empty").mkdir()
        (home / "empty" / "TimingData.jsonStream").write_bytes(b"")
        sessions = Sessions(Catalogue([home / "empty", home / "one"]), opening=Opening(paused=True))
        await sessions.start()
        assert sessions.ready
        assert set(sessions.open_now()) == {"rec-one"}
        await sessions.stop()

    asyncio.run(scenario())


def test_rush_of_requests_opens_no_more_sessions_than_there_is_room_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        sessions = Sessions(Catalogue([], home), opening=Opening(paused=True))
        await asyncio.gather(*(sessions.playing(key) for key in ("rec-one", "rec-two", "rec-three")))
        assert len(sessions.open_now()) == 1
        await sessions.stop()

    monkeypatch.setattr(sessions_module, "MAX_UNNAMED_OPEN", 1)
    asyncio.run(scenario())


def test_questions_after_unknown_sessions_do_not_search_the_home_each_time(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue([], home)
    searches: list[Path] = []

    def search(folder: Path) -> list[Path]:
        searches.append(folder)
        return []

    monkeypatch.setattr("overcut.runtime.catalogue.find_sessions", search)
    for _ in range(20):
        with pytest.raises(DataMissingError):
            catalogue.find("absent")
    assert len(searches) == 1
