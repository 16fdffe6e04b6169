"""What happened, in the past tense: typed, numbered per session, ordered."""

from __future__ import annotations

import msgspec

from overcut.domain.flags import SessionStatus, TrackStatus
from overcut.domain.laps import Lap
from overcut.domain.state import RaceControlMessage, Weather
from overcut.domain.tyres import Compound


class Event(msgspec.Struct, frozen=True, tag_field="event"):
    """What every event carries: its number within the session (1-based, no holes) and its time."""

    n: int
    t_ms: int


class LapCompleted(Event, frozen=True, tag=True):
    """A car crossed the line."""

    lap: Lap


class LapAmended(Event, frozen=True, tag=True):
    """A late value changed a lap already reported; ``lap`` is the whole lap as it is now known."""

    lap: Lap


class PitEntered(Event, frozen=True, tag=True):
    """A car entered the pit lane."""

    number: str
    lap: int


class PitExited(Event, frozen=True, tag=True):
    """A car left the pit lane."""

    number: str
    lap: int


class PositionChanged(Event, frozen=True, tag=True):
    """A car's position changed, by a pass, a stop or a retirement alike."""

    number: str
    was: int
    now: int


class StintStarted(Event, frozen=True, tag=True):
    """A set of tyres was fitted (reported when the feed names it)."""

    number: str
    stint: int
    compound: Compound
    new: bool | None


class CarStopped(Event, frozen=True, tag=True):
    """A car halted on track; it may come back."""

    number: str


class DriverRetired(Event, frozen=True, tag=True):
    """The feed marked a car as retired."""

    number: str


class TrackStatusChanged(Event, frozen=True, tag=True):
    """The flag changed."""

    was: TrackStatus
    now: TrackStatus


class SessionStatusChanged(Event, frozen=True, tag=True):
    """The session started, was stopped, finished or ended."""

    was: SessionStatus
    now: SessionStatus


class RaceControlIssued(Event, frozen=True, tag=True):
    """Race control said something."""

    message: RaceControlMessage


class WeatherChanged(Event, frozen=True, tag=True):
    """The trackside weather changed (duplicates are not reported)."""

    weather: Weather


AnyEvent = (
    LapCompleted
    | LapAmended
    | PitEntered
    | PitExited
    | PositionChanged
    | StintStarted
    | CarStopped
    | DriverRetired
    | TrackStatusChanged
    | SessionStatusChanged
    | RaceControlIssued
    | WeatherChanged
)
"""Every event there is; JSON carries the class name in the field ``event``."""
