"""What happened when in a whole recording: the marks of a replay bar."""

from __future__ import annotations

import msgspec

from overcut.domain.events import AnyEvent, SessionStatusChanged, TrackStatusChanged, WeatherChanged
from overcut.domain.flags import SessionStatus, TrackStatus
from overcut.domain.state import LapCounter, Weather


class Timeline(msgspec.Struct, frozen=True):
    """A recording at a glance; times are milliseconds since the session's feed began.

    Attributes:
        start_ms, end_ms: the first and the last frame.
        laps: (t_ms, lap): from when the leader is on a lap. Empty where there are no laps to count (qualifying).
        flags: (from_ms, to_ms, status): periods with one track status, in order, without holes after the first.
        session: (t_ms, status): when the session's status changed.
    """

    start_ms: int
    end_ms: int
    laps: tuple[tuple[int, int], ...] = ()
    flags: tuple[tuple[int, int, TrackStatus], ...] = ()
    session: tuple[tuple[int, SessionStatus], ...] = ()

    def until(self, t_ms: int) -> Timeline:
        """The same without what comes after ``t_ms``; the end stays."""
        return Timeline(
            self.start_ms,
            self.end_ms,
            tuple(mark for mark in self.laps if mark[0] <= t_ms),
            tuple((begin, min(end, t_ms), flag) for begin, end, flag in self.flags if begin < t_ms),
            tuple(mark for mark in self.session if mark[0] <= t_ms),
        )

    def lights_out_ms(self) -> int:
        """When the session first started; the beginning of the recording where it never did."""
        return next((t_ms for t_ms, status in self.session if status is SessionStatus.STARTED), self.start_ms)


class WeatherReading(msgspec.Struct, frozen=True):
    """The weather from ``t_ms`` on."""

    t_ms: int
    weather: Weather


class TimelineWriter:
    """Collects a timeline from events and lap counters, in order of time."""

    def __init__(self) -> None:
        self._laps: list[tuple[int, int]] = []
        self._flags: list[tuple[int, TrackStatus]] = []
        self._session: list[tuple[int, SessionStatus]] = []
        self.weather: list[WeatherReading] = []

    def copy(self) -> TimelineWriter:
        """The same marks, to be gone on with apart."""
        other = TimelineWriter()
        other._laps, other._flags, other._session = self._laps.copy(), self._flags.copy(), self._session.copy()
        other.weather = self.weather.copy()
        return other

    def note(self, event: AnyEvent) -> None:
        """Take what matters from an event."""
        match event:
            case TrackStatusChanged(t_ms=t_ms, now=flag):
                self._flags.append((t_ms, flag))
            case SessionStatusChanged(t_ms=t_ms, now=status):
                self._session.append((t_ms, status))
            case WeatherChanged(t_ms=t_ms, weather=weather):
                self.weather.append(WeatherReading(t_ms, weather))
            case _:
                pass

    def note_lap(self, t_ms: int, counter: LapCounter | None) -> None:
        """Take the leader's lap; a repeated one is not a new mark."""
        if counter is not None and counter.current > 0 and (not self._laps or self._laps[-1][1] != counter.current):
            self._laps.append((t_ms, counter.current))

    def finish(self, start_ms: int, end_ms: int) -> Timeline:
        """The whole timeline of a recording that spans ``start_ms`` to ``end_ms``."""
        ends = [t_ms for t_ms, _ in self._flags[1:]] + [end_ms]
        flags = tuple((begin, end, flag) for (begin, flag), end in zip(self._flags, ends, strict=False) if end > begin)
        return Timeline(start_ms, end_ms, tuple(self._laps), flags, tuple(self._session))
