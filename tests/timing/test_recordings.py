"""What is true of real sessions, whatever the way they are fed."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from overcut.domain.flags import CarStatus
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.runtime.classification import classify
from overcut.runtime.replay import replay
from overcut.sources.archive import ArchiveSource
from overcut.timing.engine import Engine

pytestmark = pytest.mark.shared

FINISHERS = "HAM RAI PER VET SAI LEC ALO STR VAN HAR ERI GAS MAG".split()  # noqa: SIM905 -- reads as a result does
ORDER = [*FINISHERS, "BOT", "GRO", "VER", "RIC", "HUL", "OCO", "SIR"]
STOPS = dict(zip(ORDER, [2, 2, 2, 2, 2, 2, 2, 2, 4, 3, 4, 2, 2, 1, 2, 1, 1, 0, 0, 0], strict=True))
"""The feed's own counters at the end of its last keyframe: passes through the pit lane behind the safety car count."""
TYRES = {
    "HAM": "SS S US",
    "RAI": "US S US",
    "PER": "US S SS",
    "VET": "SS S US",
    "SAI": "US S US",
    "LEC": "SS S US",
    "ALO": "SS S US",
    "STR": "SS S US",
    "VAN": "SS S US US US",
    "HAR": "S US SS US",
    "ERI": "SS S US US US",
    "GAS": "US S US",
    "MAG": "SS S US",
    "BOT": "SS US",
    "GRO": "S SS US",
    "VER": "SS US",
    "RIC": "SS US",
    "HUL": "US",
    "OCO": "US",
    "SIR": "SS",
}
SHORT = {"SUPERSOFT": "SS", "ULTRASOFT": "US", "SOFT": "S"}


@pytest.fixture(scope="module")
def baku(baku_2018: Path) -> Engine:
    return replay(ArchiveSource(baku_2018))


@pytest.fixture(scope="module")
def baku_frames(baku_2018: Path) -> list[Frame]:
    return list(ArchiveSource(baku_2018).frames())


def _json(engine: Engine) -> bytes:
    return msgspec.json.encode((classify(engine.state()), engine.laps()))


def test_the_2018_race_ends_with_the_true_classification(baku: Engine) -> None:
    table = classify(baku.state())
    assert [car.code for car in table.cars] == ORDER
    assert [car.position for car in table.cars] == list(range(1, 21))
    assert (table.session, table.laps, table.simulated, table.defects) == ("2018-04-R", 51, False, {})
    assert {car.code: car.pit_stops for car in table.cars} == STOPS
    assert {car.code: " ".join(SHORT[s.compound] for s in car.stints) for car in table.cars} == TYRES
    finished = {car.code for car in table.cars if car.status is CarStatus.FINISHED}
    assert finished == set(FINISHERS)
    assert all(car.status is CarStatus.RETIRED for car in table.cars if car.code not in finished)


def test_the_2018_race_has_every_lap_of_every_car_once(baku: Engine) -> None:
    laps = baku.laps()
    assert len(laps) == len({(lap.number, lap.lap) for lap in laps})
    for car in baku.state().cars.values():
        assert sorted(lap.lap for lap in laps if lap.number == car.number) == list(range(1, car.laps + 1))
    timed = [lap for lap in laps if lap.lap > 1]
    assert all(lap.lap_ms is not None for lap in timed)
    for lap in timed:
        assert lap.lap_ms is not None
        if lap.s1_ms and lap.s2_ms and lap.s3_ms:
            assert abs(lap.s1_ms + lap.s2_ms + lap.s3_ms - lap.lap_ms) <= 3, lap


def test_the_2018_race_has_its_fastest_lap(baku: Engine) -> None:
    [fastest] = [car for car in baku.state().cars.values() if car.best_lap and car.best_lap.overall_best]
    assert (fastest.code, fastest.best_lap and fastest.best_lap.ms, fastest.best_lap and fastest.best_lap.lap) == (
        "BOT",
        105_149,
        37,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_output_does_not_depend_on_chunk_sizes(baku: Engine, baku_2018: Path, seed: int) -> None:
    chunk = random.Random(seed).choice([1, 13, 977, 65_536])  # noqa: S311 -- not for secrets
    chunk = max(chunk, 97)  # single bytes take minutes; the line decoder's own property test has them
    assert _json(replay(ArchiveSource(baku_2018, chunk_bytes=chunk))) == _json(baku)


def test_a_checkpoint_anywhere_changes_nothing(baku: Engine, baku_frames: list[Frame]) -> None:
    rng = random.Random(3)  # noqa: S311
    cuts = sorted(rng.sample(range(len(baku_frames)), 12))
    engine = replay_frames(baku_frames[: cuts[0]])
    for start, end in zip(cuts, [*cuts[1:], len(baku_frames)], strict=True):
        data = engine.checkpoint()
        engine = Engine.restore(data)
        assert engine.checkpoint() == data
        for frame in baku_frames[start:end]:
            engine.advance(frame)
    assert _json(engine) == _json(baku)


def test_events_are_numbered_without_holes(baku_frames: list[Frame]) -> None:
    engine = replay_frames([])
    numbers = [event.n for frame in baku_frames for event in engine.advance(frame)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_mutated_lines_never_stop_the_engine(baku_frames: list[Frame]) -> None:
    rng = random.Random(5)  # noqa: S311
    engine = replay_frames([])
    for frame in baku_frames[::7]:
        payload = bytearray(frame.payload)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(payload))
            match rng.randrange(3):
                case 0:
                    payload[at] = rng.randrange(256)
                case 1:
                    del payload[at:]
                case _:
                    payload[at:at] = rng.choice([b'"', b"{", b"]", b"9" * 30, b"null", b"\xff"])
            payload = payload or bytearray(b" ")
        engine.advance(Frame(frame.t_ms, frame.topic, bytes(payload), frame.source))
    assert Engine.restore(engine.checkpoint()).state() == engine.state()
    assert sum(defect.count for defect in engine.state().defects.values()) > 100


def test_the_2025_qualifying_knows_its_parts_and_cars(mexico_2025_q: Path) -> None:
    engine = replay(ArchiveSource(mexico_2025_q))
    state = engine.state()
    assert state.defects == {}
    assert state.part == 3
    order = state.order()
    assert [car.code for car in order[:4]] == ["NOR", "LEC", "HAM", "RUS"]
    assert (order[0].best_lap and order[0].best_lap.ms) == 75_586
    assert sum(car.status is CarStatus.KNOCKED_OUT for car in order) == 10
    places = engine.map()
    assert not places.estimated
    assert len(places.places) == 20
    assert state.utc_ms is not None


def replay_frames(frames: list[Frame]) -> Engine:
    """A fresh engine, advanced through ``frames``."""
    engine = Engine(SessionKey("2018-04-R"), FrameSource.ARCHIVE)
    for frame in frames:
        engine.advance(frame)
    return engine
