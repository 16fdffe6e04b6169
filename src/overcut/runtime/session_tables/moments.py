"""What changed when, while a session is read: gaps, weather, flags, statuses, words of race control, events."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from overcut.domain.events import (
    AnyEvent,
    LapAmended,
    LapCompleted,
    RaceControlIssued,
    SessionStatusChanged,
    TrackStatusChanged,
)
from overcut.domain.flags import TRACK_STATUS_BY_DIGIT, TrackStatus
from overcut.domain.frame import Frame
from overcut.domain.state import CarState, Gap, SessionState
from overcut.timing.engine import Engine

Row = tuple[object, ...]
_DIGITS = {status: digit for digit, status in TRACK_STATUS_BY_DIGIT.items()}
_WORDS = {
    TrackStatus.CLEAR: "AllClear",
    TrackStatus.YELLOW: "Yellow",
    TrackStatus.SAFETY_CAR: "SCDeployed",
    TrackStatus.RED: "Red",
    TrackStatus.VSC: "VSCDeployed",
    TrackStatus.VSC_ENDING: "VSCEnding",
}
_TOLD_GAPS = frozenset({"TimingData", "TimingDataF1", "TopThree", "LapSeries", "DriverRaceInfo"})
"""Topics by which a car's position, gap or interval may change."""

_encode = msgspec.json.Encoder().encode


class _Word(msgspec.Struct):
    status: str = msgspec.field(default="", name="Status")


class _Words(msgspec.Struct):
    messages: dict[str, _Word] | list[_Word] = msgspec.field(default_factory=list[_Word], name="Messages")


_decode_words = msgspec.json.Decoder(_Words).decode


@dataclass(slots=True)
class Moments:
    """Rows gathered frame by frame, without the session's key, each tuple in the order of its table's columns.

    ``positions``: t_ms, number, position, gap_s, interval_s, gap_laps, interval_laps, leader_lap.
    ``weather``: by t_ms. ``track``: t_ms, digit, word, leader's lap. ``statuses``: t_ms, status.
    ``words``: race control's own status by the message's index. ``events``: number, t_ms, kind, car, lap, JSON.
    """

    positions: list[Row] = field(default_factory=list[Row])
    weather: dict[int, Row] = field(default_factory=dict[int, Row])
    track: list[tuple[int, str, str, int | None]] = field(default_factory=list[tuple[int, str, str, int | None]])
    statuses: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    words: dict[int, str] = field(default_factory=dict[int, str])
    events: list[Row] = field(default_factory=list[Row])
    first_t_ms: int | None = None
    frames: int = 0
    sessions: int = 0
    _seen: dict[str, tuple[int | None, Gap | None, Gap | None]] = field(
        default_factory=dict[str, tuple[int | None, Gap | None, Gap | None]]
    )

    def take(self, engine: Engine, frame: Frame) -> None:
        """Let the engine read a frame, and note what it changed."""
        happened = engine.advance(frame)
        if engine.session != self.sessions:  # another session on the same connection: the engine starts anew as well
            self._begin_another(engine.session)
        if self.first_t_ms is None:
            self.first_t_ms = frame.t_ms
        self.frames += 1
        state = engine.peek()
        if frame.topic in _TOLD_GAPS:
            self._note_gaps(frame.t_ms, state)
        elif frame.topic == "WeatherData" and state.weather is not None:
            told = state.weather
            self.weather[frame.t_ms] = (
                told.air_c, told.track_c, told.humidity_pct, told.pressure_hpa, told.rain, told.wind_deg, told.wind_ms
            )  # fmt: skip
        elif frame.topic == "RaceControlMessages":
            self._note_words(frame)
        for event in happened:
            self._note(event, state)

    def pass_over(self, frame: Frame) -> None:
        """Count a frame that the engine need not read."""
        if self.first_t_ms is None:
            self.first_t_ms = frame.t_ms
        self.frames += 1

    def _begin_another(self, session: int) -> None:
        self.sessions = session
        self.positions.clear()
        self.weather.clear()
        self.track.clear()
        self.statuses.clear()
        self.words.clear()
        self._seen.clear()

    def _note_gaps(self, t_ms: int, state: SessionState) -> None:
        leader_lap: int | None = None
        for number, car in state.cars.items():
            now = (car.position, car.gap, car.interval)
            was = self._seen.get(number)
            if was is not None and was[0] == now[0] and was[1] is now[1] and was[2] is now[2]:
                continue
            self._seen[number] = now
            if now in (was, (None, None, None)):
                continue
            if leader_lap is None:
                leader_lap = _leader_lap(state)
            self.positions.append((t_ms, number, car.position, *_seconds(car), *_laps(car), leader_lap))

    def _note_words(self, frame: Frame) -> None:
        """Race control's status ("DEPLOYED", "ENABLED"), which the board has no use for."""
        try:
            told = _decode_words(frame.payload).messages
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # the engine has counted it
        for index, word in told.items() if isinstance(told, dict) else enumerate(told):
            if word.status and str(index).isdecimal():
                self.words[int(index)] = word.status

    def _note(self, event: AnyEvent, state: SessionState) -> None:
        number: str | None = getattr(event, "number", None)
        lap: int | None = getattr(event, "lap", None)
        match event:
            case LapCompleted(lap=done) | LapAmended(lap=done):
                number, lap = done.number, done.lap
            case RaceControlIssued(message=message):
                number, lap = message.number or None, message.lap
            case TrackStatusChanged(t_ms=t_ms, now=now):
                if now in _DIGITS:
                    self.track.append((t_ms, _DIGITS[now], _WORDS[now], _leader_lap(state)))
            case SessionStatusChanged(t_ms=t_ms, now=now):
                self.statuses.append((t_ms, now.value.capitalize()))
            case _:
                pass
        self.events.append((event.n, event.t_ms, type(event).__name__, number, lap, _encode(event).decode()))


def _leader_lap(state: SessionState) -> int | None:
    if state.lap is not None and state.lap.current:
        return state.lap.current
    return None


def _seconds(car: CarState) -> tuple[float | None, float | None]:
    gap = car.gap.ms / 1000 if car.gap is not None and car.gap.ms is not None else None
    interval = car.interval.ms / 1000 if car.interval is not None and car.interval.ms is not None else None
    if car.position == 1 and car.gap is None:
        gap = 0.0
    return gap, interval


def _laps(car: CarState) -> tuple[int | None, int | None]:
    return (car.gap.laps if car.gap else None), (car.interval.laps if car.interval else None)
