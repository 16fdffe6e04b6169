"""The hub: its merge, its tape, its control, its manners towards clients that have none."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.frame import Frame, FrameSource
from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.sources.hub import Every, Faults, Hub
from overcut.sources.hub.merging import Documents, merged
from overcut.sources.hub.tape import disturbed, read_tape, zero_of
from tests.sources.live.feeds import client_of, collect, session

pytestmark = pytest.mark.anyio


def test_a_list_is_patched_by_index_and_padded_and_replaced_by_a_list() -> None:
    assert merged({"S": [{"a": 1}, {"a": 2}]}, {"S": {"1": {"b": 3}}}) == {"S": [{"a": 1}, {"a": 2, "b": 3}]}
    assert merged({"S": []}, {"S": {"2": {"x": 1}}}) == {"S": [{}, {}, {"x": 1}]}
    assert merged({"S": [1, 2, 3]}, {"S": [4]}) == {"S": [4]}
    assert merged({}, {"S": {"0": {"x": 1}}}) == {"S": {"0": {"x": 1}}}


def test_deleted_members_go_and_a_keyframe_replaces_but_is_no_member() -> None:
    known = {"Best": {"Value": "1:20.1", "Lap": 4}, "Other": 1}
    assert merged(known, {"Best": {"Value": "", "_deleted": ["Lap"]}}) == {"Best": {"Value": ""}, "Other": 1}
    assert merged({"44": {"Tla": "HAM"}, "1": {}}, {"44": {"Tla": "X"}, "_kf": True}) == {"44": {"Tla": "X"}}
    assert merged({"M": [{"a": 1}, {"b": 2}]}, {"M": {"_deleted": ["0"]}}) == {"M": [{"b": 2}]}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "0", "1"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values, json_values)
def test_merging_leaves_the_patch_alone_and_merging_it_again_changes_nothing(document: object, patch: object) -> None:
    before = json.dumps(patch)
    once = merged(json.loads(json.dumps(document)), patch)
    again = merged(json.loads(json.dumps(once)), patch)
    assert json.dumps(patch) == before
    assert again == once


def test_a_snapshot_marks_keyframes_and_survives_damaged_messages() -> None:
    documents = Documents()
    documents.apply("TimingData", b'{"Lines":{"1":{"Sectors":[{"Value":"1"}]}}}')
    documents.apply("TimingData", b'{"Lines":{"1":{"Sectors":{"0":{"Value":"2"}}}}}')
    documents.apply("TimingData", b'{"Lines":')
    documents.apply("CarData.z", b'"abc"')
    found = {
        topic: json.loads(bytes(raw)) for topic, raw in documents.snapshot(["TimingData", "CarData.z", "X"]).items()
    }
    assert found == {"TimingData": {"Lines": {"1": {"Sectors": [{"Value": "2"}]}}, "_kf": True}, "CarData.z": "abc"}


def test_stamps_count_from_the_sessions_own_time() -> None:
    heartbeat = Frame(15_110, "Heartbeat", b'{"Utc":"2025-10-25T20:46:41.111Z"}', FrameSource.ARCHIVE)
    clock = Frame(3_110, "ExtrapolatedClock", b'{"Utc":"2025-10-25T20:46:27.009Z"}', FrameSource.ARCHIVE)
    zero = zero_of([heartbeat, clock])
    assert zero == zero_of([clock])  # heartbeats run ahead by two seconds, clocks do not
    assert zero_of([Frame(100, "X", b"{}", FrameSource.RECORDING, 1_000_000_000_100)]) == 1_000_000_000_000


def test_the_tape_is_disturbed_as_the_seed_says(tmp_path: Path) -> None:
    tape = read_tape(session(tmp_path))
    faults = Faults(repeat=0.1, lose=0.1, delay=0.2, delay_ms=5_000)
    sent = list(disturbed(tape, lambda: faults))
    assert sent == list(disturbed(tape, lambda: faults))
    assert sent != list(disturbed(tape, lambda: msgspec.structs.replace(faults, seed=8)))
    assert [frame.due_ms for frame in sent] == sorted(frame.due_ms for frame in sent)
    assert all(0 <= frame.due_ms - frame.t_ms <= 5_000 for frame in sent)
    numbers = {frame.number for frame in sent}
    assert 0.8 * len(tape) < len(numbers) < 0.97 * len(tape)
    assert len(sent) > len(numbers)
    assert list(disturbed(tape, Faults)) == tape


@pytest.mark.parametrize(
    ("text", "every"),
    [("30s", Every(seconds=30)), ("2.5s", Every(seconds=2.5)), ("500f", Every(frames=500)), ("never", Every())],
)
def test_how_often_is_read(text: str, every: Every) -> None:
    assert Every.read(text) == every


@pytest.mark.parametrize("text", ["", "30", "s", "-1s", "0f", "1.5f", "nans", "often"])
def test_what_says_not_how_often_is_refused(text: str) -> None:
    with pytest.raises(WrongUsageError):
        Every.read(text)


async def test_a_hub_is_for_this_machine_alone_and_says_when_its_port_is_taken(tmp_path: Path) -> None:
    source = session(tmp_path)
    with pytest.raises(WrongUsageError):
        Hub(source, host="0.0.0.0")  # noqa: S104
    async with Hub(source) as hub:
        port = int(hub.origin.rpartition(":")[2])
        with pytest.raises(OvercutError, match="cannot listen"):
            async with Hub(source, port=port):
                pass


async def test_status_and_control_are_there_for_scripts(tmp_path: Path) -> None:
    async with Hub(session(tmp_path), speed=60.0, ping_s=0.2, hold=True) as hub, httpx.AsyncClient() as http:
        client = client_of(tmp_path, hub)
        following = asyncio.create_task(collect(client))
        while client.status().frames < 20:
            await asyncio.sleep(0.01)

        async def order(**document: object) -> httpx.Response:
            return await http.post(f"{hub.origin}/hub/control", json=document)

        assert (await order(do="pause")).json()["paused"]
        assert (await order(do="resume", faults={"batch": 3, "drop": {"frames": 0}})).json()["faults"]["batch"] == 3
        assert (await order(do="drop")).status_code == 200
        async with asyncio.timeout(10):
            while client.status().reconnects < 1:
                await asyncio.sleep(0.01)
        assert (await order(do="explode")).status_code == 400
        assert (await order(faults={"batch": "many"})).status_code == 400
        assert (await http.post(f"{hub.origin}/hub/control", content=b"{")).status_code == 400
        status = (await http.get(f"{hub.origin}/hub/status")).json()
        assert status["connections"] == 2
        assert status["session"] == "rec-session"
        assert (await http.get(f"{hub.origin}/nothing")).status_code == 404
        page = {"Origin": "https://example.org"}
        assert (await http.post(f"{hub.origin}/hub/control", json={"do": "drop"}, headers=page)).status_code == 403
        client.stop()
        await following


async def test_clients_without_manners_do_not_disturb_the_others(tmp_path: Path) -> None:
    source = session(tmp_path)
    async with Hub(source, speed=None, ping_s=0.2) as hub:
        port = int(hub.origin.rpartition(":")[2])
        for words in (b"hello\r\n\r\n", b"\x00" * 100, b"GET /signalrcore HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", b""):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(words)
            writer.write_eof()
            await reader.read()
            writer.close()
        frames, _ = await collect(client_of(tmp_path, hub))
    assert len(frames) == len(list(source.frames()))


async def test_two_clients_hear_the_same(tmp_path: Path) -> None:
    source = session(tmp_path)
    async with Hub(source, speed=60.0, ping_s=0.2) as hub:
        one, two = await asyncio.gather(
            collect(client_of(tmp_path / "1", hub)), collect(client_of(tmp_path / "2", hub))
        )
    assert one[0][-1].payload == two[0][-1].payload
    assert abs(len(one[0]) - len(two[0])) < 60  # the second may join a moment later
