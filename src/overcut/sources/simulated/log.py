"""What happened in a simulated session: every crossing, stop, message and flag, before any of it is written as a feed.

Times are seconds since the session's feed began, rounded to milliseconds; laps are 1-based.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from overcut.domain.entries import Entry
from overcut.domain.session import SessionKind
from overcut.domain.tyres import Compound


class Crossing(NamedTuple):
    """A car completed a mini-sector: ``node`` of lap ``lap`` (1 to the count; the last is the line)."""

    t: float
    lap: int
    node: int
    in_pit: bool


@dataclass
class PitVisit:
    """One way through the pit lane; ``exit_t`` is None for a car that stayed. ``counted``: the stop counter rose."""

    entry_t: float
    lap: int
    exit_t: float | None = None
    stop_t: float = 0.0
    leave_t: float = 0.0
    counted: bool = True


@dataclass
class TyreStint:
    """One set of tyres: fitted before ``first_lap`` at ``t`` with ``start_age`` laps on it."""

    t: float
    compound: Compound
    first_lap: int
    start_age: int = 0

    @property
    def new(self) -> bool:
        """Whether the set was fresh."""
        return self.start_age == 0


@dataclass
class LapMark:
    """What is to be known of a lap beside its crossings.

    Attributes:
        lap: the feed's number. ``start_t``: when it began (pit exit for an out-lap of a timed session).
        base: lines crossed on the trajectory before it began; in a race one less than its number.
        deleted_t: when its time was deleted, if it was.
    """

    lap: int
    start_t: float
    base: int
    out_lap: bool = False
    deleted_t: float | None = None


@dataclass
class CarLog:
    """One car's session.

    Attributes:
        knots: (seconds, reference seconds) for the trajectory. ``team``: index of the team (its box).
        help: intervals (lap, zone) in which drag reduction was open.
        stopped_t, retired_t: when the car halted on track, and when it was given up.
        flag_t: when it took the chequered flag. ``penalty_s``: seconds added after the flag.
        lapped_by_end: laps behind the winner at the end.
    """

    entry: Entry
    team: int
    grid: int = 0
    crossings: list[Crossing] = field(default_factory=list[Crossing])
    laps: list[LapMark] = field(default_factory=list[LapMark])
    knots: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    visits: list[PitVisit] = field(default_factory=list[PitVisit])
    stints: list[TyreStint] = field(default_factory=list[TyreStint])
    help: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    stopped_t: float | None = None
    stopped_side: int = 0
    retired_t: float | None = None
    flag_t: float | None = None
    penalty_s: float = 0.0


@dataclass(frozen=True)
class Message:
    """A race-control message; fields are the feed's own, None where it leaves them out."""

    t: float
    category: str
    text: str
    flag: str | None = None
    scope: str | None = None
    sector: int | None = None
    number: str | None = None
    status: str | None = None
    mode: str | None = None
    lap: int | None = None


@dataclass(frozen=True)
class WeatherReading:
    """Trackside weather: degrees Celsius, percent, hPa, m/s, degrees from north."""

    t: float
    air_c: float
    track_c: float
    humidity_pct: float
    pressure_hpa: float
    wind_ms: float
    wind_deg: int
    rain: bool


@dataclass
class SessionLog:
    """A whole session.

    Attributes:
        zero: UTC of the feed's second zero. ``scheduled``: local start by the timetable.
        start_t: lights out, or pit exit open. ``flag_t``: the chequered flag. ``end_t``: the feed's last second.
        track_status: (t, digit). ``status``: (t, session status). ``parts``: (t, part) of qualifying.
        clock: (t, remaining seconds, running). ``laps_total``: distance of a race, else 0.
        order: classification, racing numbers. ``neutral``: when safety cars were deployed.
    """

    kind: SessionKind
    season: int
    zero: datetime
    scheduled: datetime
    start_t: float
    cars: list[CarLog]
    flag_t: float = 0.0
    finalised_t: float = 0.0
    end_t: float = 0.0
    laps_total: int = 0
    messages: list[Message] = field(default_factory=list[Message])
    track_status: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    status: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    parts: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    clock: list[tuple[float, int, bool]] = field(default_factory=list[tuple[float, int, bool]])
    weather: list[WeatherReading] = field(default_factory=list[WeatherReading])
    order: list[str] = field(default_factory=list[str])
    neutral: list[float] = field(default_factory=list[float])
