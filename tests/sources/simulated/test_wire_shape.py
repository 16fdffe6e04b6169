"""A simulated stream has nothing that a real one has not: its key paths and value types are a subset of theirs."""

from __future__ import annotations

import base64
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from overcut.domain.session import SessionKind
from overcut.sources.simulated.wire.folder import write_session

from .conftest import Played, race_of, session_of

# Car numbers, list positions and lap counts are digits; they are all one for the shape.
_KNOWN_ELSEWHERE: dict[str, set[tuple[str, str]]] = {
    # No recording of a race has SessionData with us; public decoders document {"Utc", "Lap"} entries in its Series.
    "SessionData": {("/Series/*/Lap", "int")},
}


def _lines(path: Path, every: int = 1) -> Iterable[Any]:
    lines = [line for line in path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\r\n") if line]
    for line in lines[::every]:
        value = msgspec.json.decode(line[12:])
        if path.name.split(".")[1] == "z":
            value = msgspec.json.decode(zlib.decompress(base64.b64decode(value), -15))
        yield value


def _walk(value: Any, at: str, shapes: set[tuple[str, str]]) -> None:
    if isinstance(value, dict):
        shapes.add((at, "dict"))
        for key, inner in value.items():
            _walk(inner, f"{at}/{'*' if key.isdigit() else key}", shapes)
    elif isinstance(value, list):
        shapes.add((at, "list"))
        for inner in value:
            _walk(inner, f"{at}/*", shapes)
    else:
        shapes.add((at, type(value).__name__))


def _shapes_of(folders: Iterable[Path], every: int = 1) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for folder in folders:
        for path in sorted(folder.glob("*.jsonStream")):
            topic = path.name.removesuffix(".jsonStream")
            step = every if topic.endswith(".z") else 1
            for value in _lines(path, step):
                _walk(value, "", found[topic])
    return found


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, set[tuple[str, str]]]:
    folders = [path.parent for path in (shared / "data/livetiming/static").glob("*/*/*/TimingData.jsonStream")]
    folders += [
        path.parent for path in (shared / "data/livetiming/static").glob("202[2-6]/*/*Race/LapCount.jsonStream")
    ]
    return _shapes_of(folders, every=50)


def _played(kind: SessionKind, season: int) -> Played:
    if kind is SessionKind.RACE:
        return race_of("monza", 3, season, 12)
    return session_of("baku", 2, kind, season)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("kind", "season"),
    [
        (SessionKind.RACE, 2025),
        (SessionKind.RACE, 2026),
        (SessionKind.QUALIFYING, 2025),
        (SessionKind.FP1, 2025),
    ],
)
def test_every_key_path_and_type_exists_in_real_streams(
    kind: SessionKind, season: int, real: dict[str, set[tuple[str, str]]], tmp_path: Path
) -> None:
    played = _played(kind, season)
    folder = write_session(played.log, played.track, played.seed, tmp_path, telemetry=season == 2025)
    ours = _shapes_of([folder], every=50)
    assert len(ours) >= 12
    strange = {
        topic: sorted(shapes - real.get(topic, set()) - _KNOWN_ELSEWHERE.get(topic, set()))
        for topic, shapes in ours.items()
    }
    assert {topic: extra for topic, extra in strange.items() if extra} == {}


def test_files_are_framed_as_the_archive_frames_them(short_race: Played, tmp_path: Path) -> None:
    folder = write_session(short_race.log, short_race.track, short_race.seed, tmp_path, telemetry=True)
    assert folder == tmp_path / "2025/2025-09-07_Italian_Grand_Prix/2025-09-07_Race"
    topics = {path.name.removesuffix(".jsonStream") for path in folder.glob("*.jsonStream")}
    assert topics >= {
        "SessionInfo",
        "SessionStatus",
        "SessionData",
        "Heartbeat",
        "TrackStatus",
        "ExtrapolatedClock",
        "LapCount",
        "DriverList",
        "TimingData",
        "TimingAppData",
        "TimingStats",
        "TopThree",
        "RaceControlMessages",
        "WeatherData",
        "CarData.z",
        "Position.z",
    }
    for path in folder.glob("*.jsonStream"):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        stamps = [line[:12] for line in data[3:].decode().split("\r\n") if line]
        assert stamps == sorted(stamps), path.name
        assert data.count(b"\n") == data.count(b"\r\n") == len(stamps)


def test_a_2026_race_has_no_drag_reduction(tmp_path: Path) -> None:
    played = race_of("monza", 3, 2026, 6)
    folder = write_session(played.log, played.track, played.seed, tmp_path)
    sample = next(_lines(folder / "CarData.z.jsonStream"))
    cars = sample["Entries"][0]["Cars"]
    assert len(cars) == 22
    assert all(car["Channels"]["45"] is None for car in cars.values())
    texts = [m.text for m in played.log.messages]
    assert not any("DRS" in text for text in texts)
    assert "OVERTAKE DISABLED" in texts


FACTOR = 2.0
"""Within this factor of the real streams lie our lines per car and minute of each topic."""


def _rates(folder: Path, cars: int, minutes: float, from_stamp: str, to_stamp: str) -> dict[str, float]:
    """Lines per car and minute of the topics that cars send, per minute of the others, between two stamps."""
    rates: dict[str, float] = {}
    for path in folder.glob("*.jsonStream"):
        topic = path.name.removesuffix(".jsonStream")
        stamps = [line[:12].decode() for line in path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\r\n")]
        count = sum(1 for stamp in stamps if from_stamp <= stamp <= to_stamp)
        rates[topic] = count / minutes / (cars if topic.startswith("Timing") else 1)
    return rates


def _compare(ours: dict[str, float], real: dict[str, float], topics: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    return {
        topic: (round(ours[topic], 2), round(real[topic], 2))
        for topic in topics
        if not 1 / FACTOR <= ours[topic] / real[topic] <= FACTOR
    }


@pytest.mark.shared
def test_qualifying_sends_each_topic_at_the_real_rate(mexico_2025_q: Path, tmp_path: Path) -> None:
    played = session_of("mexico-city", 5, SessionKind.QUALIFYING)
    folder = write_session(played.log, played.track, played.seed, tmp_path)
    real = _rates(mexico_2025_q, 20, 60.0, "00:13:36.000", "01:13:36.000")
    ours = _rates(folder, 20, 59.0, "00:10:00.000", "01:09:00.000")
    topics = ("TimingData", "TimingAppData", "TimingStats", "TopThree", "Heartbeat", "WeatherData", "DriverList")
    assert _compare(ours, real, (*topics, "CarData.z", "Position.z")) == {}


@pytest.mark.shared
def test_telemetry_has_the_real_samples_a_second(mexico_2025_q: Path, tmp_path: Path) -> None:
    played = race_of("mexico-city", 5, 2025, 6)
    folder = write_session(played.log, played.track, played.seed, tmp_path)
    for topic, field in (("CarData.z", "Entries"), ("Position.z", "Position")):
        rates: list[float] = []
        for where in (mexico_2025_q, folder):
            lines = list(_lines(where / f"{topic}.jsonStream"))
            stamps = (where / f"{topic}.jsonStream").read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\r\n")
            seconds = _seconds(stamps[-2]) - _seconds(stamps[0])
            rates.append(sum(len(value[field]) for value in lines) / seconds)
        assert rates[1] == pytest.approx(rates[0], rel=0.25), topic


def _seconds(line: bytes) -> float:
    hours, minutes, seconds = line[:12].decode().split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


@pytest.mark.shared
def test_a_race_sends_timing_at_the_rate_of_the_real_sprint(shared: Path, tmp_path: Path) -> None:
    sprint = shared / "data/livetiming/static/2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-29_Sprint"
    played = race_of("baku", 6, 2025, 17)
    folder = write_session(played.log, played.track, played.seed, tmp_path, telemetry=False)
    minutes = (played.log.flag_t - played.log.start_t) / 60
    ours = _rates(folder, 20, minutes, _stamp(played.log.start_t), _stamp(played.log.flag_t))
    real = _rates(sprint, 20, 33.3, "00:45:16.000", "01:18:34.000")
    assert _compare(ours, real, ("TimingData", "TimingAppData", "LapCount")) == {}


def _stamp(t: float) -> str:
    return f"{int(t // 3600):02d}:{int(t % 3600 // 60):02d}:{t % 60:06.3f}"
