"""Where a session's files go: the archive's own folders, one file a topic, and a note that it was simulated."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import msgspec

from overcut.domain.calendar import race_day
from overcut.domain.rules import RULES
from overcut.domain.session import SessionKind
from overcut.sources.simulated.chance import stream
from overcut.sources.simulated.log import SessionLog
from overcut.sources.simulated.track import Track
from overcut.sources.simulated.wire import session
from overcut.sources.simulated.wire.measured import measure
from overcut.sources.simulated.wire.patch import Lines
from overcut.sources.simulated.wire.people import driver_list, top_three
from overcut.sources.simulated.wire.race_board import RaceBoard
from overcut.sources.simulated.wire.stats import timing_stats
from overcut.sources.simulated.wire.telemetry import write_telemetry
from overcut.sources.simulated.wire.timed_board import TimedBoard
from overcut.sources.simulated.wire.tyre_data import tyre_data


def session_path(log: SessionLog, track: Track) -> str:
    """``2025/2025-09-07_Italian_Grand_Prix/2025-09-06_Qualifying``, as the archive names it."""
    day = race_day(log.season, track.circuit.id).isoformat()
    meeting = track.circuit.grand_prix.replace(" ", "_")
    name = session.SESSION_NAMES[log.kind][1].replace(" ", "_")
    return f"{log.season}/{day}_{meeting}/{log.scheduled.date().isoformat()}_{name}"


def write_session(log: SessionLog, track: Track, seed: int, out: Path, *, telemetry: bool = True) -> Path:
    """Write every topic of a session under ``out``; returns its folder. What is already there is replaced."""
    path = session_path(log, track)
    folder = out / path
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.jsonStream"), *folder.glob("overcut.json")):
        old.unlink()
    for topic, lines in topics(log, track, seed, telemetry=telemetry).items():
        lines.write(folder / f"{topic}.jsonStream")
    note = {
        "simulated": True,
        "season": log.season,
        "circuit": track.circuit.id,
        "seed": seed,
        "kind": log.kind.value,
        "generator": f"overcut {version('overcut')}",
    }
    (folder / "overcut.json").write_bytes(msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n")
    return folder


def topics(log: SessionLog, track: Track, seed: int, *, telemetry: bool = True) -> dict[str, Lines]:
    """Every topic's lines."""
    chance = stream("wire", log.season, track.circuit.id, seed, log.kind.value)
    cars = measure(log, track)
    race = log.kind is SessionKind.RACE
    rules = RULES[log.season]
    board = (RaceBoard(log, track, cars, chance) if race else TimedBoard(log, track, cars, chance, rules)).build()
    logs = [car.car for car in cars]
    found = {
        "SessionInfo": session.session_info(log, track.circuit, session_path(log, track) + "/"),
        "SessionStatus": session.session_status(log),
        "SessionData": session.session_data(log, board.leader_laps),
        "Heartbeat": session.heartbeat(log),
        "TrackStatus": session.track_status(log),
        "ExtrapolatedClock": session.clock(log),
        "LapCount": session.lap_count(log, board.leader_laps),
        "DriverList": driver_list([car.entry for car in sorted(logs, key=lambda c: c.grid)], board.placings),
        "TimingData": board.lines,
        "TimingAppData": tyre_data(logs, board, race, chance),
        "TimingStats": timing_stats(logs, board),
        "TopThree": top_three(board.top, 1 if log.kind is SessionKind.QUALIFYING else None),
        "RaceControlMessages": session.race_control(log),
        "WeatherData": session.weather(log),
    }
    if telemetry:
        sampled = stream("telemetry", log.season, track.circuit.id, seed, log.kind.value)
        found["CarData.z"], found["Position.z"] = write_telemetry(log, track, cars, sampled, rules.drs)
    return found
