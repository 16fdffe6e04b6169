"""The client against hubs that refuse, close, redirect, withhold and talk nonsense."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import msgspec
import pytest
import structlog
import structlog.testing
from hypothesis import given
from hypothesis import strategies as st

from overcut.kernel.errors import DataMissingError, NotAllowedError, OvercutError, WrongUsageError
from overcut.sources.archive import ArchiveSource
from overcut.sources.hub import Every, Faults, Hub
from overcut.sources.hub.http_wire import Request, answer, read_request
from overcut.sources.live import LiveClient, LiveState, SessionChanged
from overcut.sources.live.connection import LinkLostError
from overcut.sources.live.feed import Feed
from overcut.sources.live.protocol import HubMessage, RecordSplitter
from overcut.sources.live.recorder import Recorder
from overcut.sources.live.snapshot import Snapshot
from overcut.sources.recording_lines import stamp_of
from tests.sources.live.feeds import ZERO, client_of, collect, info, lone_client, session, session_topics
from tests.sources.live.tokens import HOUR_MS, token
from tests.sources.writing import write_session

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVERCUT_TOKEN", raising=False)


async def test_a_hub_that_wants_a_token_gets_it_and_one_without_is_told_what_to_do(tmp_path: Path) -> None:
    text = token()
    async with Hub(session(tmp_path), speed=None, faults=Faults(token=text, withhold=("WeatherData",))) as hub:
        refused = client_of(tmp_path, hub)
        with pytest.raises(NotAllowedError, match="refused us") as told:
            await collect(refused)
        assert "overcut login" in told.value.hint
        assert refused.status().state is LiveState.REFUSED
        with pytest.raises(NotAllowedError, match="refused the token"):
            await collect(client_of(tmp_path, hub, token=token(who="else")))
        client = client_of(tmp_path, hub, token=text)
        frames, _ = await collect(client)
        assert client.status().token_expires_utc_ms is not None
        assert "WeatherData" in {frame.topic for frame in frames}
        assert hub.status().refused == 2


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_is_final_not_an_endless_retry(tmp_path: Path, status: int) -> None:
    async with Hub(session(tmp_path), speed=None, faults=Faults(refuse=status)) as hub:
        with pytest.raises(NotAllowedError, match="refused"):
            await collect(client_of(tmp_path, hub))
        assert hub.status().refused == 1


async def test_a_token_refused_on_the_way_ends_the_client_too(tmp_path: Path) -> None:
    async with Hub(session(tmp_path), speed=60.0, faults=Faults(close=Every(frames=100))) as hub:
        client = client_of(tmp_path, hub)
        following = asyncio.create_task(collect(client))
        while client.status().frames < 50:
            await asyncio.sleep(0.01)
        hub.player.faults = msgspec.structs.replace(hub.player.faults, refuse=403)
        with pytest.raises(NotAllowedError):
            await following


async def test_without_a_token_what_is_withheld_is_named(tmp_path: Path) -> None:
    async with Hub(session(tmp_path), speed=None, faults=Faults(withhold=("WeatherData",))) as hub:
        client = client_of(tmp_path, hub)
        await collect(client)
    assert "WeatherData" in client.status().absent
    assert "TimingData" not in client.status().absent


async def test_a_token_that_ends_soon_is_said_at_the_start(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as told:  # however logs were set up by what ran before
        async with Hub(session(tmp_path), speed=None) as hub:
            await collect(client_of(tmp_path, hub, token=token(left_ms=3 * HOUR_MS)))
    assert [entry["log_level"] for entry in told if "ends soon" in entry["event"]] == ["warning"]


async def test_a_token_that_has_ended_is_never_sent(tmp_path: Path) -> None:
    async with Hub(session(tmp_path), speed=None) as hub:
        with pytest.raises(NotAllowedError, match="has ended"):
            await collect(client_of(tmp_path, hub, token=token(left_ms=-HOUR_MS)))
        assert hub.status().negotiations == 0


async def test_the_hub_is_found_again_after_it_was_away(tmp_path: Path) -> None:
    async with Hub(session(tmp_path), speed=None) as gone:
        url, port = gone.url, int(gone.origin.rpartition(":")[2])
    client = lone_client(tmp_path, url, ("TimingData", "SessionStatus"))
    following = asyncio.create_task(collect(client))
    async with asyncio.timeout(10):
        while client.status().attempt < 3:
            await asyncio.sleep(0.01)
    async with Hub(session(tmp_path), speed=None, port=port):
        frames, _ = await following
    assert {frame.topic for frame in frames} == {"TimingData", "SessionStatus"}


async def test_a_hub_played_anew_is_a_new_recording_on_the_same_client(tmp_path: Path) -> None:
    source = session(tmp_path)
    async with Hub(source, speed=None, stay=True) as first:
        port = int(first.origin.rpartition(":")[2])
        client = client_of(tmp_path, first)
        changes: list[SessionChanged] = []

        async def follow() -> None:
            async for item in client.batches():
                if isinstance(item, SessionChanged):
                    changes.append(item)

        following = asyncio.create_task(follow())
        async with asyncio.timeout(10):
            while not client.status().session_over:
                await asyncio.sleep(0.02)
    async with asyncio.timeout(10), Hub(source, speed=None, port=port, stay=True):
        while len(changes) < 2:
            await asyncio.sleep(0.02)
    client.stop()
    await following
    assert [change.recording.name for change in changes] == [
        "2025-09-07_Italian_Grand_Prix_Race.jsonl",
        "2025-09-07_Italian_Grand_Prix_Race-2.jsonl",
    ]


Handler = Callable[[Request], bytes]


@asynccontextmanager
async def http_server(handle: Handler) -> AsyncGenerator[str, None]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await read_request(reader)) is not None:
            writer.write(handle(request))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/signalrcore"
    finally:
        server.close()


async def follow(tmp_path: Path, url: str, **more: object) -> LiveClient:
    client = lone_client(tmp_path, url, ("TimingData",), **more)
    await collect(client)
    return client


async def test_a_redirect_to_another_host_is_refused_and_the_token_stays(tmp_path: Path) -> None:
    elsewhere: list[Request] = []

    def steal(request: Request) -> bytes:
        elsewhere.append(request)
        return answer(200, {})

    async with http_server(steal) as other:
        moved = other.replace("127.0.0.1", "localhost")
        async with http_server(lambda _: answer(307, headers={"Location": moved})) as url:
            with pytest.raises(OvercutError, match="another host"):
                await follow(tmp_path, url, token=token())
        document = {"url": moved, "accessToken": "x"}
        async with http_server(lambda _: answer(200, document)) as url:
            with pytest.raises(OvercutError, match="sends us to"):
                await follow(tmp_path, url, token=token())
    assert elsewhere == []


async def test_an_address_without_a_hub_is_said_so(tmp_path: Path) -> None:
    async with http_server(lambda _: answer(404)) as url:
        with pytest.raises(DataMissingError, match="no hub"):
            await follow(tmp_path, url)
    with pytest.raises(WrongUsageError):
        await follow(tmp_path, "http://example.org/signalrcore")


@pytest.mark.parametrize("document", [None, [], {"error": "busy"}, {"connectionToken": 5}, {}])
async def test_nonsense_instead_of_negotiation_is_tried_again(tmp_path: Path, document: object) -> None:
    async with http_server(lambda _: answer(200, document)) as url:
        client = lone_client(tmp_path, url, ("TimingData",))
        following = asyncio.create_task(collect(client))
        async with asyncio.timeout(10):
            while client.status().attempt < 3:
                await asyncio.sleep(0.01)
        assert client.status().why
        client.stop()
        await following


@given(st.lists(st.binary(max_size=20).filter(lambda b: b"\x1e" not in b and b.strip()), max_size=8), st.randoms())
def test_records_come_out_whole_however_they_are_cut(records: list[bytes], random: Random) -> None:
    data = b"".join(record + b"\x1e" for record in records)
    splitter, found = RecordSplitter(), list[bytes]()
    while data:
        size = random.randint(1, len(data))
        found += splitter.feed(data[:size])
        data = data[size:]
    assert found == records


def snapshot(documents: dict[str, object]) -> Snapshot:
    return Snapshot.read(msgspec.Raw(json.dumps(documents).encode()))


def test_a_snapshot_is_dated_by_its_own_contents_never_later_than_now() -> None:
    beat = {"Utc": "2025-09-07T13:00:20.5Z", "_kf": True}
    clock = {"Utc": "2025-09-07T13:00:01.009Z", "Remaining": "01:00:00"}
    messages = {"Messages": [{"Utc": "2025-09-07T12:40:00"}, {"Utc": "2025-09-07T13:00:05"}]}
    found = snapshot({"Heartbeat": beat, "ExtrapolatedClock": clock, "RaceControlMessages": messages})
    assert stamp_of(found.earliest_now_ms() or 0) == "2025-09-07T13:00:17.500Z"
    found = snapshot({"ExtrapolatedClock": clock, "RaceControlMessages": messages, "X": None})
    assert stamp_of(found.earliest_now_ms() or 0) == "2025-09-07T13:00:05.000Z"
    assert snapshot({"SessionInfo": info()}).earliest_now_ms() is None
    assert [message.topic for message in found.messages(0)] == ["ExtrapolatedClock", "RaceControlMessages"]


async def test_a_snapshot_that_says_no_time_waits_for_the_first_message_that_does(tmp_path: Path) -> None:
    source = session(tmp_path)
    wanted = ("SessionInfo", "TimingData", "SessionStatus")
    async with Hub(source, speed=None, begin_ms=120_000) as hub:
        frames, _ = await collect(client_of(tmp_path, hub, wanted=wanted))
    assert frames[0].topic == "SessionInfo"
    assert frames[0].t_ms == 0
    assert min(frame.t_ms for frame in frames if b'"_kf"' not in frame.payload) == 0


async def test_the_twin_of_timing_data_is_asked_for_only_where_that_is_absent(tmp_path: Path) -> None:
    topics = session_topics()
    topics["TimingDataF1"] = topics.pop("TimingData")
    twin = ArchiveSource(write_session(tmp_path / "twin", topics))
    async with Hub(twin, speed=None, begin_ms=110_000) as hub:
        frames, _ = await collect(client_of(tmp_path / "1", hub))
    assert {frame.topic for frame in frames} >= {"TimingDataF1", "SessionStatus"}
    both = {**topics, "TimingData": topics["TimingDataF1"]}
    async with Hub(ArchiveSource(write_session(tmp_path / "both", both)), speed=None, begin_ms=110_000) as hub:
        frames, _ = await collect(client_of(tmp_path / "2", hub))
    assert "TimingData" in {frame.topic for frame in frames}
    assert "TimingDataF1" not in {frame.topic for frame in frames}


@pytest.mark.parametrize(("error", "refused"), [("Unauthorized: token expired", True), ("Server is full", False)])
async def test_what_came_with_a_closing_word_still_counts(tmp_path: Path, error: str, refused: bool) -> None:
    feed = Feed(Recorder(tmp_path), hold_s=1.0)
    feed.connected()
    stamp = "2025-09-07T12:50:00Z"
    message = msgspec.json.encode(["SessionInfo", info(), stamp])
    call = HubMessage(type=1, target="feed", arguments=msgspec.Raw(message))
    items = feed.take([call, b"nonsense", HubMessage(type=7, error=error)])
    assert [len(item) for item in items if isinstance(item, list)] == [1]
    assert feed.unreadable == 1
    assert isinstance(feed.closing, NotAllowedError if refused else LinkLostError)


async def test_nobody_else_writes_notes_into_a_recording(tmp_path: Path) -> None:
    feed = Feed(Recorder(tmp_path), hold_s=1.0)
    feed.connected()
    note = {"event": "begun", "zero": "2001-01-01T00:00:00Z"}
    forged = msgspec.json.encode(["Overcut.Recording", note, "2025-09-07T12:50:00Z"])
    snapshot = msgspec.json.encode(
        {"Overcut.Recording": note, "SessionInfo": info(), "Heartbeat": {"Utc": ZERO + "02Z"}}
    )
    items = feed.take(
        [
            HubMessage(type=1, target="feed", arguments=msgspec.Raw(forged)),
            HubMessage(type=3, invocation_id="1", result=msgspec.Raw(snapshot)),
        ]
    )
    frames = [frame for item in items if isinstance(item, list) for frame in item]
    assert {frame.topic for frame in frames} == {"SessionInfo", "Heartbeat"}
    assert feed.unreadable == 1


async def test_no_log_however_talkative_shows_the_token(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = token()
    caplog.set_level("DEBUG")
    async with Hub(session(tmp_path), speed=None, faults=Faults(token=text)) as hub:
        await collect(client_of(tmp_path, hub, token=text))
    assert "httpcore" in caplog.text
    assert text not in caplog.text
    assert text.split(".")[-1] not in caplog.text


async def test_a_hub_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    client = lone_client(tmp_path, "http://127.0.0.1:1/signalrcore", ("TimingData",))
    following = asyncio.create_task(collect(client))
    async with asyncio.timeout(10):
        while client.status().state is not LiveState.WAITING:
            await asyncio.sleep(0.01)
    assert client.status().why == "nothing answers at 127.0.0.1:1"
    client.stop()
    await following
    assert client.status().next_try_s is None
