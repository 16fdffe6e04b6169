"""Where cars are shown: on the feed's positions, or estimated and said so; and the outline learned from them."""

from __future__ import annotations

import base64
import json
import math
import zlib
from itertools import pairwise
from pathlib import Path

import pytest

from overcut.domain.circuits import CIRCUITS
from overcut.domain.circuits.geometry import place
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.state import CarPlace, SessionState
from overcut.domain.track_map import OutlineOrigin
from overcut.sources.archive import ArchiveSource
from overcut.timing.engine import Engine
from overcut.timing.memory import Memory
from overcut.timing.outline import OutlineLearner
from overcut.timing.places import DISPLAY_DELAY_MS
from overcut.timing.schematic import ring
from overcut.timing.telemetry.recent import apply_car_data, apply_position, places_at, samples_at, samples_of, trail_of
from overcut.timing.telemetry.wire import inflate
from overcut.timing.values import PatchError
from tests.timing.feeding import engine, feed, line


def _packed(document: object) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    data = stream.compress(json.dumps(document).encode()) + stream.flush()
    return json.dumps(base64.b64encode(data).decode()).encode()


def _positions(*instants: tuple[str, dict[str, tuple[int, int]]]) -> bytes:
    entries = [
        {
            "Timestamp": f"2025-10-25T20:46:{stamp}Z",
            "Entries": {number: {"Status": "OnTrack", "X": x, "Y": y, "Z": 0} for number, (x, y) in cars.items()},
        }
        for stamp, cars in instants
    ]
    return _packed({"Position": entries})


def _position_frame(t_ms: int, payload: bytes) -> Frame:
    return Frame(t_ms, "Position.z", payload, FrameSource.ARCHIVE)


def _heard(*messages: tuple[int, bytes]) -> Memory:
    """An engine's memory after `Position.z` messages of (t_ms, payload)."""
    memory = Memory(state=SessionState(key="rec-test", source=FrameSource.ARCHIVE))
    for t_ms, payload in messages:
        apply_position(memory, t_ms, payload)
    return memory


def test_a_batch_ends_when_it_was_received() -> None:
    memory = _heard((9_000, _positions(("44.1", {"4": (10, 20)}), ("44.3148273", {"4": (30, 40), "1": (0, 0)}))))
    assert [(point.t_ms, places_at(point)) for point in trail_of(memory)] == [
        (8_786, {"4": CarPlace(x=10, y=20)}),
        (9_000, {"4": CarPlace(x=30, y=40)}),
    ]


def test_delayed_batches_keep_their_distance_in_time() -> None:
    arrivals = (("10.0", 5_300), ("11.0", 6_000), ("12.0", 7_450), ("13.0", 8_100))
    memory = _heard(*((t_ms, _positions((stamp, {"4": (1, 1)}))) for stamp, t_ms in arrivals))
    assert [point.t_ms for point in trail_of(memory)][1:] == [6_000, 7_000, 8_000]


def test_cars_move_between_two_positions() -> None:
    session = engine()
    session.advance(_position_frame(1_000, _positions(("01.0", {"4": (0, 100)}), ("02.0", {"4": (1000, 100)}))))
    seen = [session.map(t_ms + DISPLAY_DELAY_MS).places["4"].x for t_ms in (0, 250, 500, 1_000, 5_000)]
    assert seen == [0, 250, 500, 1_000, 1_000]
    assert not session.map().estimated


def test_a_car_that_jumps_is_not_drawn_across_the_map() -> None:
    session = engine()
    session.advance(_position_frame(1_000, _positions(("01.0", {"4": (1, 1)}), ("02.0", {"4": (50_000, 1)}))))
    assert session.map(500 + DISPLAY_DELAY_MS).places["4"].x == 50_000


def test_channels_are_read_and_no_data_is_not_zero() -> None:
    entry = {
        "Utc": "2025-10-25T20:47:27.87Z",
        "Cars": {"1": {"Channels": {"0": 10590, "2": 240, "3": 6, "4": 104, "5": 104}}},
    }
    memory = _heard()
    apply_car_data(memory, 5, _packed({"Entries": [entry]}))
    [point] = samples_of(memory)
    sample = samples_at(point)["1"]
    assert (sample.rpm, sample.speed_kmh, sample.gear) == (10590, 240, 6)
    assert (sample.throttle_pct, sample.brake_pct, sample.drs) == (None, None, None)


def test_a_bomb_is_not_inflated() -> None:
    stream = zlib.compressobj(9, wbits=-15)
    data = stream.compress(b"0" * 50_000_000) + stream.flush()
    with pytest.raises(PatchError, match="more than"):
        inflate(b'"' + base64.b64encode(data) + b'"')
    with pytest.raises(PatchError, match="cut short"):
        inflate(b'"' + base64.b64encode(data[:100]) + b'"')


def _race(session: Engine) -> None:
    info = {"Meeting": {"Circuit": {"ShortName": "Baku", "Key": 144}}, "Type": "Race", "Name": "Race"}
    feed(session, (0, "SessionInfo", info), (1, "SessionStatus", {"Status": "Started"}))
    for number, position in (("44", 1), ("7", 2)):
        times = (("0", "37.000"), ("1", "43.000"), ("2", "26.000"))
        at = 1_000
        feed(session, (at, "TimingData", line(number, {"Position": str(position), "NumberOfLaps": 1})))
        for index, value in times:
            at += int(float(value) * 1000)
            feed(session, (at, "TimingData", line(number, {"Sectors": {index: {"Value": value}}})))
        feed(session, (at, "TimingData", line(number, {"NumberOfLaps": 2, "LastLapTime": {"Value": "1:46.000"}})))


def test_an_estimated_car_moves_on_from_the_line_and_waits_before_the_next_sector_end() -> None:
    session = engine()
    _race(session)
    circuit = CIRCUITS["baku"]
    now = session.t_ms
    for seconds, fraction in ((0, 0.0), (18.5, circuit.sector_ends[0] / 2), (600, circuit.sector_ends[0] * 0.98)):
        shown = session.map(now + int(seconds * 1000))
        x, y = place(circuit, fraction)
        assert shown.estimated
        assert math.dist((shown.places["44"].x, shown.places["44"].y), (x * 10, y * 10)) < 200, seconds


def test_an_estimated_car_is_its_gap_behind_the_leader() -> None:
    session = engine()
    _race(session)
    now = session.t_ms
    feed(session, (now, "TimingData", line("7", {"GapToLeader": "+5.000"})))
    shown = session.map(now + 20_000)
    circuit = CIRCUITS["baku"]
    x, y = place(circuit, circuit.sector_ends[0] * 15 / 37)
    assert math.dist((shown.places["7"].x, shown.places["7"].y), (x * 10, y * 10)) < 200


def test_a_retired_car_leaves_the_map() -> None:
    session = engine()
    _race(session)
    feed(session, (session.t_ms, "TimingData", line("7", {"Retired": True})))
    assert set(session.map().places) == {"44"}


def test_an_unknown_circuit_is_a_ring_and_says_so() -> None:
    session = engine()
    feed(session, (0, "TimingData", line("44", {"Position": "1", "NumberOfLaps": 1})))
    outline = ring("Nowhere")
    shown = session.map().places["44"]
    assert outline.origin is OutlineOrigin.SCHEMATIC
    assert min(math.dist((shown.x, shown.y), point) for point in outline.points) < 100


@pytest.mark.shared
def test_the_outline_of_a_real_circuit_is_learned(mexico_2025_q: Path) -> None:
    source = ArchiveSource(mexico_2025_q)
    session, learner = Engine(source.key, source.kind), OutlineLearner()
    assert learner.outline("Mexico City") is None
    for given in source.frames():
        learner.observe(given, session.advance(given))
    outline = learner.outline("Mexico City")
    assert outline is not None
    closed = [*outline.points, outline.points[0]]
    steps = [math.dist(before, after) for before, after in pairwise(closed)]
    assert sum(steps) / 10 == pytest.approx(4_304, rel=0.02)  # the official length, metres
    assert max(steps) < 2 * min(steps)
    assert outline.sector_ends is not None
    first, second = outline.sector_ends
    assert 0.3 < first / len(outline.points) < second / len(outline.points) < 0.95


def test_numbers_that_no_car_sends_are_refused_and_the_engine_goes_on() -> None:
    stamp = "2025-10-25T20:46:00Z"
    channels = {"0": 10**30, "2": 300, "3": 8, "4": 100, "5": 0, "45": 12}
    session = engine()
    for topic, document in (
        ("Position.z", {"Position": [{"Timestamp": stamp, "Entries": {"4": {"X": 1e308, "Y": 1, "Z": 1}}}]}),
        ("CarData.z", {"Entries": [{"Utc": stamp, "Cars": {"4": {"Channels": channels}}}]}),
        ("Position.z", {"Position": [{"Timestamp": stamp, "Entries": {str(n): {"X": 1} for n in range(200)}}]}),
    ):
        session.advance(Frame(0, topic, _packed(document), FrameSource.ARCHIVE))
    assert sum(defect.count for defect in session.state().defects.values()) == 3
    assert Engine.restore(session.checkpoint()).map() == session.map()


def test_positions_stamped_alike_do_not_pile_up() -> None:
    session = engine()
    for _ in range(2_000):
        session.advance(_position_frame(1_000, _positions(("44.1", {"4": (10, 20)}), ("44.3", {"4": (30, 40)}))))
    assert len(session.checkpoint()) < 20_000


def test_one_wrong_stamp_does_not_part_positions_from_the_session_for_good() -> None:
    session = engine()
    session.advance(_position_frame(1_000, _positions(("01", {"4": (10, 10)}))))
    far = _packed({"Position": [{"Timestamp": "2099-01-01T00:00:00Z", "Entries": {"4": {"X": 5, "Y": 5}}}]})
    session.advance(_position_frame(2_000, far))
    for second in range(3, 9):
        session.advance(_position_frame(second * 1_000, _positions((f"0{second}", {"4": (second * 10, 0)}))))
    assert session.map(6_000 + DISPLAY_DELAY_MS).places["4"] == CarPlace(x=60, y=0)
