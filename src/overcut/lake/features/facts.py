"""What becomes known in a session, one fact at a time: laps, flags, weather; and what is known before it begins."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from overcut.domain.circuits import CIRCUITS
from overcut.domain.events import (
    AnyEvent,
    LapAmended,
    LapCompleted,
    SessionStatusChanged,
    TrackStatusChanged,
    WeatherChanged,
)
from overcut.domain.flags import TRACK_STATUS_BY_DIGIT, SessionStatus, TrackStatus
from overcut.domain.laps import Lap
from overcut.domain.race_distances import announced_laps
from overcut.domain.session import SessionKind
from overcut.domain.tyres import Compound

DIGIT_OF: Mapping[TrackStatus, str] = {status: digit for digit, status in TRACK_STATUS_BY_DIGIT.items()}


class LapFact(msgspec.Struct, frozen=True, gc=False):
    """A lap as it was known at ``known_ms``; a later fact of the same lap replaces it.

    Times are whole milliseconds since the session's feed began, so that sums do not depend on their order.
    ``status``: the feed's digits seen during the lap ("" for none told). ``compound``: "" where unknown.
    """

    known_ms: int
    number: str
    lap: int
    end_ms: int
    lap_ms: int | None = None
    s1_ms: int | None = None
    s2_ms: int | None = None
    s3_ms: int | None = None
    position: int | None = None
    compound: str = ""
    age: int | None = None
    stint: int | None = None
    fresh: bool | None = None
    pit_in: bool = False
    pit_out: bool = False
    trap_kmh: float | None = None
    status: str = ""


class TrackFact(msgspec.Struct, frozen=True, gc=False):
    """The flag for the whole track from ``known_ms`` on, as the feed's digit."""

    known_ms: int
    digit: str


class WeatherFact(msgspec.Struct, frozen=True, gc=False):
    """A reading of the weather station; None where it was not told."""

    known_ms: int
    air_c: float | None = None
    track_c: float | None = None
    humidity_pct: float | None = None
    wind_ms: float | None = None
    rain: bool | None = None


class StartFact(msgspec.Struct, frozen=True, gc=False):
    """The session was started, or started again."""

    known_ms: int


Fact = LapFact | TrackFact | WeatherFact | StartFact


class SessionContext(msgspec.Struct, frozen=True):
    """What is known of a session before it begins.

    Attributes:
        key: the session's key. ``season``, ``round``, ``kind``: read from it; None where it does not say.
        laps: the announced distance of a race; None elsewhere or where unknown.
        grid: starting place by racing number (races); teams: team's name or id by racing number.
    """

    key: str
    season: int | None = None
    round: int | None = None
    kind: str = ""
    laps: int | None = None
    grid: Mapping[str, int] = {}
    teams: Mapping[str, str] = {}

    @property
    def is_race(self) -> bool:
        """Whether cars race each other, so that positions and gaps mean something."""
        return self.kind in (SessionKind.RACE, SessionKind.SPRINT)


def context_of_key(
    key: str, *, grid: Mapping[str, int] | None = None, teams: Mapping[str, str] | None = None
) -> SessionContext:
    """The context that a session's key tells: ``2025-06-S``, ``sim-2025-monza-7-R``.

    The distance is the announced one (`announced_laps`), of a simulated session the circuit's.
    """
    parts = key.split("-")
    kind = parts[-1] if parts[-1] in set(SessionKind) else ""
    season, number, laps = None, None, None
    if kind and parts[0] == "sim" and len(parts) > 3 and parts[1].isdecimal():
        season = int(parts[1])
        circuit = CIRCUITS.get("-".join(parts[2:-2]))
        laps = circuit.race_laps if circuit is not None and kind == SessionKind.RACE else None
    elif kind and len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal():
        season, number = int(parts[0]), int(parts[1])
        if kind in (SessionKind.RACE, SessionKind.SPRINT):
            laps = announced_laps(season, number, sprint=kind == SessionKind.SPRINT)
    return SessionContext(key, season, number, kind, laps, grid or {}, teams or {})


def fact_of_event(event: AnyEvent) -> Fact | None:
    """The fact that an event of the engine tells; None for events that no feature reads."""
    match event:
        case LapCompleted() | LapAmended():
            return _lap(event.lap, event.t_ms)
        case TrackStatusChanged():
            digit = DIGIT_OF.get(event.now)
            return None if digit is None else TrackFact(event.t_ms, digit)
        case SessionStatusChanged(now=SessionStatus.STARTED):
            return StartFact(event.t_ms)
        case WeatherChanged(weather=told):
            return WeatherFact(event.t_ms, told.air_c, told.track_c, told.humidity_pct, told.wind_ms, told.rain)
        case _:
            return None


def _lap(lap: Lap, known_ms: int) -> LapFact:
    shod = lap.compound is not Compound.UNKNOWN or lap.age_laps is not None
    return LapFact(
        known_ms=known_ms,
        number=lap.number,
        lap=lap.lap,
        end_ms=lap.end_t_ms,
        lap_ms=lap.lap_ms,
        s1_ms=lap.s1_ms,
        s2_ms=lap.s2_ms,
        s3_ms=lap.s3_ms,
        position=lap.position,
        compound="" if lap.compound is Compound.UNKNOWN else lap.compound.value,
        age=lap.age_laps,
        stint=lap.stint if shod else None,
        fresh=lap.fresh,
        pit_in=lap.pit_in,
        pit_out=lap.pit_out,
        trap_kmh=None if lap.speed_st is None else float(lap.speed_st),
        status="".join(dict.fromkeys(lap.track_status)),
    )
