"""Does the decoder survive a million mutated lines: no exception, no hang, bounded memory?

Lines of every topic are taken from simulated sessions, from real ones where there are any, and from messages written
after the published forms of topics that none of them has. Each is damaged in its bytes or in its structure, and read by
the line decoder, the engine, and the engine that takes late frames. Seeded: the same lines every time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import cast

import msgspec

from overcut.domain.durations import format_offset
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey, SessionKind
from overcut.domain.state import Defect
from overcut.sources.archive import ArchiveSource
from overcut.sources.lines import LineDecoder
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.engine import Engine
from overcut.timing.rewind import Rewinding

ROOT = Path(__file__).resolve().parents[1]
REAL = "data/livetiming/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
LINES = 1_000_000
SLOWEST_BAR_MS, MEMORY_BAR_MB = 1_000.0, 64.0
BATCH = 50
STEP_MS, LATE_SHARE, ABSURD_SHARE = 200, 0.01, 0.0001
"""Five lines a second, as a busy feed; one in a hundred late, at times too late; one in ten thousand from nowhere."""

KEY = SessionKey("rec-fuzz")

Line = tuple[str, int, bytes]
"""Topic, stamp, payload."""

OTHER_TOPICS: dict[str, object] = {
    "TimingDataF1": {"Lines": {"44": {"NumberOfLaps": 3, "InPit": True}}},
    "TyreStintSeries": {"Stints": {"44": {"0": {"Compound": "SOFT", "New": "true", "TotalLaps": 1, "StartLaps": 0}}}},
    "CurrentTyres": {"Tyres": {"44": {"Compound": "HARD", "New": True}}},
    "DriverRaceInfo": {"44": {"Position": "3", "Gap": "+1.2", "Interval": "+0.3", "Catching": 2, "OvertakeState": 1}},
    "LapSeries": {"44": {"RacingNumber": "44", "LapPosition": {"7": "3"}}},
    "TlaRcm": {"Timestamp": "2025-10-25T21:00:00", "Message": "TRACK CLEAR"},
    "PitLaneTimeCollection": {"PitTimes": {"44": {"RacingNumber": "44", "Duration": "23.3", "Lap": "16"}}},
    "PitStop": {"RacingNumber": "44", "PitStopTime": "2.4", "PitLaneTime": "23.3", "Lap": "16"},
    "PitStopSeries": {"PitTimes": {"44": [{"Timestamp": "2025-10-25T21:00:00Z", "PitStop": {"PitStopTime": "2.4"}}]}},
    "OvertakeSeries": {"Overtakes": {"44": {"3": {"Timestamp": "2025-10-25T21:00:00Z", "count": 2}}}},
    "ChampionshipPrediction": {"Drivers": {"44": {"PredictedPoints": 12.5}}, "Teams": {"Ferrari": {"TeamName": "F"}}},
    "WeatherDataSeries": {"Series": {"1": {"Timestamp": "2025-10-25T21:00:00Z", "Weather": {"AirTemp": "20.1"}}}},
    "ArchiveStatus": {"Status": "Complete"},
    "DriverScore": {"44": 1},
}

_VALUES: tuple[bytes, ...] = (
    b"null", b"true", b"false", b"0", b"-1", b"2147483648", b"1000000000000000000000000000000", b"1.5", b"1e300",
    b'""', b'"x"', b'"1L"', b'"LAP 3"', b'"-1"', b'"1:99.9"', rb'"\u0663"', rb'"\u0000"', b'"' + b"9" * 400 + b'"',
    b"[]", b"{}", b"[[]]", b"[{}]", b'{"0":{}}', b'{"99999":{}}', b'{"_deleted":["44"]}', b'{"_deleted":7}',
    b"[" + b'"a",' * 300 + b'"a"]',
)  # fmt: skip
"""What a value may become."""


def _value(random: Random) -> object:
    return json.loads(random.choice(_VALUES))


def mutate_bytes(payload: bytes, random: Random) -> bytes:
    """One to four bytes changed, dropped, doubled or cut off."""
    damaged = bytearray(payload)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(damaged) + 1)
        match random.randrange(5):
            case 0:
                damaged[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                del damaged[at : at + random.randrange(1, 20)]
            case 2:
                damaged[at:at] = damaged[at : at + random.randrange(1, 40)]
            case 3:
                damaged[at:at] = random.choice(
                    (b"{", b"}", b"[", b"]", b'"', b",", b"\\", b"\xff", b"\r", b"\xef\xbb\xbf")
                )
            case _:
                del damaged[at:]
    return bytes(damaged)


def mutate_structure(payload: bytes, random: Random) -> bytes:
    """A value, a key or a level of the document replaced by another that is valid JSON, perhaps absurd."""
    try:
        document: object = json.loads(payload)
    except ValueError:
        return mutate_bytes(payload, random)
    for _ in range(random.randint(1, 3)):
        document = _changed(document, random)
    try:
        return msgspec.json.encode(document)
    except OverflowError:  # a number too large for it; not for the feed
        return json.dumps(document).encode()


def _changed(value: object, random: Random) -> object:
    if random.random() < 0.15:
        return _value(random)
    if isinstance(value, dict) and value:
        members = cast(dict[str, object], value)
        name = random.choice(list(members))
        match random.randrange(8):
            case 0:
                members[random.choice(("_kf", "44", "0", "63", "Lines", "Value", "x" * 50, "-1"))] = members.pop(name)
            case 1:
                members = {str(number): members[name] for number in range(random.randrange(120))}
            case _:
                members[name] = _changed(members[name], random)
        return members
    if isinstance(value, list) and value:
        elements = cast(list[object], value)
        at = random.randrange(len(elements))
        elements[at] = _changed(elements[at], random)
        return elements
    return _value(random)


def source_lines(home: Path, *, telemetry: bool = True) -> list[Line]:
    """Sound lines of every topic."""
    folders = simulate_weekend(2025, "monza", 3, home, [SessionKind.QUALIFYING, SessionKind.RACE], telemetry=telemetry)
    real = Path(os.environ.get("OVERCUT_SHARED") or ROOT.parent / "shared") / REAL
    if real.is_dir():
        folders.append(real)
    lines = [(frame.topic, frame.t_ms, frame.payload) for folder in folders for frame in ArchiveSource(folder).frames()]
    few = [line for line in lines if not line[0].endswith(".z")] + [line for line in lines if line[0].endswith(".z")][
        ::40
    ]
    others = [(topic, 1_000, json.dumps(document).encode()) for topic, document in OTHER_TOPICS.items()]
    return few + others * 200


def mutated(lines: Sequence[Line], count: int, seed: int) -> Iterator[Line]:
    """Damaged lines, stamps roughly in order, some of them absurd."""
    random = Random(seed)  # noqa: S311 -- the same lines every time
    for number in range(count):
        topic, _, payload = random.choice(lines)
        payload = random.choice((mutate_bytes, mutate_structure))(payload, random)
        t_ms = number * STEP_MS
        chance = random.random()
        if chance < LATE_SHARE:
            t_ms = max(0, t_ms - random.randrange(40_000))
        elif chance < LATE_SHARE + ABSURD_SHARE:
            t_ms = random.randrange(-(2**40), 2**40)
        yield topic, t_ms, payload


def survived(lines: Iterator[Line]) -> tuple[int, float, int]:
    """Read all lines; how many became frames, the slowest batch in ms CPU, the largest checkpoint in bytes."""
    engine, rewinding = Engine(KEY, FrameSource.ARCHIVE), Rewinding(KEY, FrameSource.ARCHIVE)
    decoders: dict[str, LineDecoder] = {}
    defects: dict[str, Defect] = {}
    frames, slowest, largest = 0, 0.0, 0
    readers: tuple[Callable[[Frame], object], ...] = (engine.advance, rewinding.advance)
    began = time.process_time()
    for number, (topic, t_ms, payload) in enumerate(lines):
        decoder = decoders.setdefault(topic, LineDecoder(topic, defects))
        stamp = format_offset(t_ms).encode() if 0 <= t_ms < 100 * 3_600_000 else b""
        for told_ms, _, told in decoder.feed(stamp + payload.replace(b"\n", b"") + b"\r\n"):
            frames += 1
            for read in readers:
                read(Frame(told_ms, topic, told, FrameSource.ARCHIVE))
        if number % BATCH == BATCH - 1:
            slowest = max(slowest, (time.process_time() - began) * 1000)
            if number % 20_000 == 19_999:
                largest = max(largest, len(engine.checkpoint()), len(rewinding.checkpoint()))
                for look in (engine.state, engine.map, engine.extras, rewinding.state, rewinding.map):
                    look()
            began = time.process_time()
    return frames, slowest, max(largest, len(engine.checkpoint()))


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        lines = source_lines(Path(home))
    survived(iter(lines[::40]))  # what is compiled at first use is compiled now
    began = time.process_time()
    frames, slowest, largest = survived(mutated(lines, chosen.lines, chosen.seed))
    took = time.process_time() - began
    note = f"{frames:,} of {chosen.lines:,} lines were frames, each read twice; {took:.0f} s CPU"
    results = {
        "exceptions": {"value": 0, "unit": "exceptions", "bar": 0, "note": note},
        "slowest": {"value": round(slowest, 1), "unit": f"ms CPU for {BATCH} lines", "bar": SLOWEST_BAR_MS},
        "memory": {"value": round(largest / 1e6, 1), "unit": "MB of engine", "bar": MEMORY_BAR_MB},
    }
    print(json.dumps({"bench": "fuzz", "results": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
