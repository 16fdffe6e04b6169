"""What one pass over a session's frames shows that its final state does not: topics, silences, counters, clocks."""

from __future__ import annotations

from typing import cast

import msgspec

from overcut.domain.durations import parse_utc_ms
from overcut.domain.events import (
    AnyEvent,
    LapAmended,
    LapCompleted,
    SessionStatusChanged,
    StintStarted,
    TrackStatusChanged,
    WeatherChanged,
)
from overcut.domain.flags import SessionStatus, TrackStatus
from overcut.domain.frame import Frame
from overcut.domain.laps import Lap
from overcut.timing.telemetry.rows import CAR_DATA, POSITION

TELEMETRY = (CAR_DATA, POSITION)
JUMP_MS = 5_000
"""The feed's heartbeat and its stamps stay within three seconds of each other; more, and for good, is a jump."""

QUIET_MS: dict[str, int] = {
    "TimingData": 60_000,
    "WeatherData": 300_000,
    "Heartbeat": 120_000,
    CAR_DATA: 10_000,
    POSITION: 10_000,
}
"""Longer than this, a topic that is usually never silent while cars run was silent."""

_decode = msgspec.json.Decoder().decode


class TopicSeen(msgspec.Struct):
    """One topic of a session: how many messages, and from when to when. ``repeated``: equal to the one before."""

    messages: int = 0
    first_t_ms: int = 0
    last_t_ms: int = 0
    repeated: list[int] = msgspec.field(default_factory=list[int])
    silences: list[tuple[int, int]] = msgspec.field(default_factory=list[tuple[int, int]])


class StepBack(msgspec.Struct, frozen=True):
    """A car's lap counter that went from ``was`` to ``now``."""

    number: str
    t_ms: int
    was: int
    now: int


class Watch:
    """Notes what passes by.

    ``telemetry`` keeps the messages of `CarData.z` and `Position.z`, with their stamps; ``running`` has the periods in
    which the session ran; ``late_times`` and ``late_tyres`` say of (car, lap) how long after its end its times or its
    compound last changed.
    """

    def __init__(self) -> None:
        self.topics: dict[str, TopicSeen] = {}
        self.telemetry: dict[str, list[tuple[int, bytes]]] = {topic: [] for topic in TELEMETRY}
        self.steps_back: list[StepBack] = []
        self.jumps: list[tuple[int, int]] = []
        self.running: list[tuple[int, int]] = []
        self.stints: list[StintStarted] = []
        self.weather: list[WeatherChanged] = []
        self.late_times: dict[tuple[str, int], int] = {}
        self.late_tyres: dict[tuple[str, int], int] = {}
        self.renamed: list[tuple[int, tuple[str, ...]]] = []
        self.frames = 0
        self.start_ms = 0
        self.end_ms = 0
        self.ended_ms: int | None = None
        self._last: dict[str, bytes] = {}
        self._counts: dict[str, int] = {}
        self._offset_ms: int | None = None
        self._strange: tuple[int, int] | None = None
        self._since: int | None = None
        self._red = False
        self._names: dict[str, str] = {}
        self._status = SessionStatus.UNKNOWN
        self._laps: dict[tuple[str, int], Lap] = {}

    def observe(self, frame: Frame, events: list[AnyEvent]) -> None:
        """Take in one frame and what the engine made of it."""
        if not self.frames:
            self.start_ms = frame.t_ms
        self.frames += 1
        self.end_ms = max(self.end_ms, frame.t_ms)
        self._topic(frame)
        if frame.topic in self.telemetry:
            self.telemetry[frame.topic].append((frame.t_ms, frame.payload))
        elif frame.topic in ("TimingData", "TimingDataF1"):
            if b'"NumberOfLaps"' in frame.payload:
                self._lap_counts(frame)
        elif frame.topic == "DriverList":
            self._drivers(frame)
        elif frame.topic == "Heartbeat":
            self._clock(frame)
        for event in events:
            self._event(event)

    def finish(self) -> None:
        """The session is over: what was open is closed."""
        if self._since is not None:
            self.running.append((self._since, self.end_ms))
            self._since = None

    def seen(self, topic: str) -> bool:
        """Whether the topic was ever sent."""
        return topic in self.topics

    def _topic(self, frame: Frame) -> None:
        seen = self.topics.get(frame.topic)
        if seen is None:
            seen = self.topics[frame.topic] = TopicSeen(first_t_ms=frame.t_ms, last_t_ms=frame.t_ms)
        elif frame.payload == self._last.get(frame.topic) and frame.t_ms == seen.last_t_ms:
            seen.repeated.append(frame.t_ms)
        quiet_ms = QUIET_MS.get(frame.topic)
        if quiet_ms is not None and seen.messages and frame.t_ms - seen.last_t_ms > quiet_ms:
            seen.silences.append((seen.last_t_ms, frame.t_ms))
        seen.messages += 1
        seen.last_t_ms = frame.t_ms
        self._last[frame.topic] = frame.payload

    def _lap_counts(self, frame: Frame) -> None:
        lines = _object(_document(frame).get("Lines"))
        for number, line in lines.items():
            count = _object(line).get("NumberOfLaps")
            if not isinstance(count, int) or isinstance(count, bool):
                continue
            was = self._counts.get(number)
            if was is not None and count < was:
                self.steps_back.append(StepBack(number, frame.t_ms, was, count))
            self._counts[number] = count

    def _drivers(self, frame: Frame) -> None:
        named: dict[str, str] = {}
        for number, person in _document(frame).items():
            code = _object(person).get("Tla")
            if isinstance(code, str) and code:
                named[number] = code
        changed = tuple(number for number, code in named.items() if self._names.get(number, code) != code)
        if changed:
            self.renamed.append((frame.t_ms, changed))
        else:
            self._names.update(named)

    def _clock(self, frame: Frame) -> None:
        utc = _document(frame).get("Utc")
        utc_ms = parse_utc_ms(utc) if isinstance(utc, str) else None
        if utc_ms is None:
            return
        offset = utc_ms - frame.t_ms
        known, before = self._offset_ms, self._strange
        if known is None or abs(offset - known) <= JUMP_MS:
            self._offset_ms, self._strange = offset, None
        elif before is not None and abs(offset - before[1]) <= JUMP_MS:  # twice alike: it stays so
            self.jumps.append((before[0], before[1] - known))
            self._offset_ms, self._strange = offset, None
        else:
            self._strange = (frame.t_ms, offset)

    def _event(self, event: AnyEvent) -> None:
        if isinstance(event, StintStarted):
            self.stints.append(event)
        elif isinstance(event, WeatherChanged):
            self.weather.append(event)
        elif isinstance(event, LapCompleted):
            self._laps[event.lap.number, event.lap.lap] = event.lap
        elif isinstance(event, LapAmended):
            self._amended(event)
        elif isinstance(event, TrackStatusChanged):
            self._red = event.now is TrackStatus.RED
            self._running(event.t_ms)
        elif isinstance(event, SessionStatusChanged):
            if event.now in (SessionStatus.FINALISED, SessionStatus.ENDS) and self.ended_ms is None:
                self.ended_ms = event.t_ms
            self._status = event.now
            self._running(event.t_ms)

    def _amended(self, event: LapAmended) -> None:
        """Note what of a lap came late: its times, or its tyres."""
        now, was = event.lap, self._laps.get((event.lap.number, event.lap.lap))
        self._laps[now.number, now.lap] = now
        if was is None:
            return
        delay = event.t_ms - now.end_t_ms
        if (was.lap_ms, was.s1_ms, was.s2_ms, was.s3_ms) != (now.lap_ms, now.s1_ms, now.s2_ms, now.s3_ms):
            self.late_times[now.number, now.lap] = delay
        if was.compound is not now.compound:
            self.late_tyres[now.number, now.lap] = delay

    def _running(self, t_ms: int) -> None:
        """Cars run while the session is started and no red flag is out."""
        runs = self._status is SessionStatus.STARTED and not self._red
        if runs and self._since is None:
            self._since = t_ms
        elif not runs and self._since is not None:
            self.running.append((self._since, t_ms))
            self._since = None


def _document(frame: Frame) -> dict[str, object]:
    try:
        return _object(_decode(frame.payload))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}  # the engine counts it


def _object(value: object) -> dict[str, object]:
    return cast(dict[str, object], value) if isinstance(value, dict) else {}
