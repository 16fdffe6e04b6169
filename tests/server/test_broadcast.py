"""What each viewer is sent: those who keep up, those who fall behind, those who come back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.runtime.clock import VirtualClock
from overcut.runtime.commands import Pause, Play, PlaybackCommand, Seek, Speed
from overcut.runtime.playback import Playback
from overcut.runtime.playing import Playing
from overcut.runtime.recorded import Recorded, record
from overcut.server import broadcast as broadcast_module
from overcut.server.broadcast import Broadcast, Viewer
from overcut.server.merge_patch import Document, Json, apply, without_nulls
from overcut.server.metrics import Metrics
from overcut.server.wire import StreamMessage
from overcut.sources.opening import open_source
from tests.runtime.short_session import recorded_short_session

BOARD = frozenset({"board"})


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded_short_session(tmp_path_factory.mktemp("race"))


class House:
    """A playing session, its clock and its broadcast."""

    def __init__(self, race: Recorded, *, speed: float = 10.0) -> None:
        self.clock = VirtualClock()
        self.playing = Playing(race, Playback(race, self.clock, speed=speed), self.clock)
        self.broadcast = Broadcast("rec", self.playing.now(), Metrics())
        self.playing.listeners.append(self.broadcast.publish)

    def tick(self, seconds: float = 0.1, times: int = 1) -> None:
        for _ in range(times):
            self.clock.wind(seconds)
            self.playing.step()

    def command(self, command: PlaybackCommand) -> None:
        asyncio.run(self.playing.command(command))

    def read(self, viewer: Viewer) -> list[dict[str, Any]]:
        """Everything there is for a viewer; each message must have the documented shape."""
        texts: list[str] = []
        while (batch := self.broadcast.next_batch(viewer)) is not None:
            texts += batch.texts()
        for text in texts:
            msgspec.json.decode(text, type=StreamMessage)
        return [json.loads(text) for text in texts]

    def document(self) -> Json:
        return without_nulls(cast("Json", msgspec.to_builtins(self.playing.playback.state(), str_keys=True)))


class Reader:
    """A careful client: applies what it may, as the contract says."""

    def __init__(self) -> None:
        self.state: Json = None
        self.seq = self.epoch = -1
        self.events: list[int] = []

    def take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "snapshot":
                self.state, self.epoch = message["state"], message["epoch"]
                self.events.clear()
            case "delta":
                assert (message["from"], message["epoch"]) == (self.seq, self.epoch)
                self.state = apply(self.state, message["patch"])
                self.events += [event["n"] for event in message.get("events", [])]
            case _:
                return
        self.seq = message["seq"]


def test_first_message_is_a_snapshot_and_then_come_deltas_in_sequence(race: Recorded) -> None:
    house, viewer = House(race), Viewer(BOARD)
    assert [message["type"] for message in house.read(viewer)] == ["snapshot"]
    for _ in range(50):
        before = viewer.seq
        house.tick()
        for message in house.read(viewer):
            assert (message["type"], message["from"]) == ("delta", before)
    assert house.read(viewer) == []


@given(reads=st.lists(st.integers(0, 12), min_size=1, max_size=30), jumps=st.sets(st.integers(0, 29), max_size=2))
@settings(max_examples=40, deadline=None)
def test_reader_of_any_pace_holds_the_engine_s_own_state(race: Recorded, reads: list[int], jumps: set[int]) -> None:
    house, viewer, reader = House(race), Viewer(frozenset({"board", "events", "map"})), Reader()
    for turn, ticks in enumerate(reads):
        if turn in jumps:
            house.command(Seek(t_ms=turn * 9_000))
        house.tick(0.7, ticks)
        for message in house.read(viewer):
            reader.take(message)
        assert reader.state == house.document()
    assert reader.events == sorted(set(reader.events))


def test_all_who_keep_up_share_one_encoded_message(race: Recorded) -> None:
    house, one, two = House(race), Viewer(BOARD), Viewer(BOARD)
    house.read(one)
    house.read(two)
    house.tick(8.0)
    first, second = house.broadcast.next_batch(one), house.broadcast.next_batch(two)
    assert first is not None
    assert first is second


def test_slow_reader_gets_one_delta_with_every_event_and_the_newest_map(race: Recorded) -> None:
    house = House(race)
    quick, slow = (Viewer(frozenset({"board", "events", "map"})) for _ in range(2))
    house.read(quick)
    began = house.read(slow)[0]["seq"]
    events: list[Any] = []
    for _ in range(300):
        house.tick()
        events += [event for message in house.read(quick) for event in message.get("events", [])]
    delta, places = house.read(slow)
    assert (delta["type"], delta["from"], delta["seq"]) == ("delta", began, quick.seq)
    assert delta["events"] == events != []
    assert (places["type"], places["t_ms"]) == ("map", house.playing.playback.t_ms)


def test_late_delta_does_not_keep_members_of_an_object_that_was_gone_in_between(race: Recorded) -> None:
    """A gap of "1 lap" that becomes "+7.2 s": composing patches instead would leave both."""
    house, slow, reader = House(race), Viewer(BOARD), Reader()
    for _ in range(600):
        house.tick()
        if house.broadcast.now.seq % 7 == 0:
            for message in house.read(slow):
                reader.take(message)
            gap = cast("Document", house.document())["cars"]["4"].get("gap", {})  # type: ignore[index,call-overload,union-attr]
            assert cast("Any", reader.state)["cars"]["4"].get("gap", {}) == gap


def test_resume_gets_what_was_missed_or_a_snapshot(race: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_module, "HISTORY", 20)
    house, viewer = House(race), Viewer(BOARD)
    house.read(viewer)
    house.tick(4.0, 3)
    back = Viewer(BOARD, seq=viewer.seq, epoch=viewer.epoch)
    assert [(message["type"], message["from"]) for message in house.read(back)] == [("delta", viewer.seq)]
    for wrong in (
        Viewer(BOARD, seq=viewer.seq, epoch=99),
        Viewer(BOARD, seq=10_000, epoch=viewer.epoch),
        Viewer(BOARD, seq=0, epoch=viewer.epoch),
    ):
        assert [message["type"] for message in house.read(wrong)] == ["snapshot"]
    house.tick(0.2, 40)
    assert house.broadcast.now.seq > 20
    assert [message["type"] for message in house.read(Viewer(BOARD, seq=viewer.seq, epoch=viewer.epoch))] == [
        "snapshot"
    ]


def test_jump_sends_a_snapshot_to_everybody_and_the_map_of_the_new_time(race: Recorded) -> None:
    house, viewer = House(race), Viewer(frozenset({"board", "map"}))
    house.tick(12.0)
    house.read(viewer)
    house.command(Seek(t_ms=250_000))
    snapshot, places = house.read(viewer)
    assert (snapshot["type"], places["type"]) == ("snapshot", "map")
    assert snapshot["epoch"] == places["epoch"] == house.playing.playback.epoch
    assert snapshot["t_ms"] == 250_000


def test_command_is_told_at_once_even_when_nothing_else_changed(race: Recorded) -> None:
    house, viewer = House(race), Viewer(BOARD)
    house.read(viewer)
    for command, expected in ((Pause(), (True, 10.0)), (Speed(speed=3.0), (True, 3.0)), (Play(), (False, 3.0))):
        house.command(command)
        (delta,) = house.read(viewer)
        assert (delta["playback"]["paused"], delta["playback"]["speed"]) == expected


def test_paused_session_says_nothing(race: Recorded) -> None:
    house, viewer = House(race), Viewer(frozenset({"board", "map"}))
    house.command(Pause())
    house.read(viewer)
    house.tick(1.0, 5)
    assert house.read(viewer) == []


def test_viewer_of_the_map_alone_gets_maps_alone(race: Recorded) -> None:
    house, viewer = House(race), Viewer(frozenset({"map"}))
    kinds = {message["type"] for message in house.read(viewer)}
    house.tick(15.0)
    kinds |= {message["type"] for message in house.read(viewer)}
    assert kinds == {"map"}


def test_history_shares_what_did_not_change(race: Recorded) -> None:
    house = House(race)
    house.tick(11.0)
    first = house.broadcast.now
    house.tick(0.1, 5)
    second = house.broadcast.now
    assert second.seq > first.seq
    assert second.document["meeting"] is first.document["meeting"]


@pytest.mark.shared
def test_reader_of_the_real_race_holds_the_engine_s_own_state(baku_2018: Path) -> None:
    house, viewer, reader = House(record(open_source(baku_2018)), speed=60.0), Viewer(BOARD), Reader()
    for turn in range(200):
        house.tick(0.5, 1 + turn % 4)
        for message in house.read(viewer):
            reader.take(message)
        assert reader.state == house.document()
