"""What is true at one instant of a session: the document that boards, servers and insights read.

Schema version 1. Times are integer milliseconds; a field that is None is not known (yet). The JSON form of these
structs *is* the wire format that clients see (``docs/reference/stream.md``).
"""

from __future__ import annotations

import msgspec

from overcut.domain.flags import CarStatus, Segment, SessionStatus, TrackStatus
from overcut.domain.frame import FrameSource
from overcut.domain.tyres import Stint

STATE_SCHEMA = 1


class Gap(msgspec.Struct, frozen=True):
    """Distance in time to another car: milliseconds, or whole laps where lapped; exactly one is set."""

    ms: int | None = None
    laps: int | None = None


class TimedLap(msgspec.Struct, frozen=True):
    """A lap time with the sport's colours: green is a personal best, purple the best of all; ``ms`` None: cleared."""

    ms: int | None = None
    lap: int | None = None
    personal_best: bool = False
    overall_best: bool = False


class SectorState(msgspec.Struct):
    """One of the three sectors of the lap in progress (or just completed).

    ``ms`` is None while the sector is not complete on this lap; ``previous_ms`` is the last value it had. ``segments``
    are the mini-sectors in order of travel (an empty list where the feed has none, as in 2018).
    """

    ms: int | None = None
    previous_ms: int | None = None
    personal_best: bool = False
    overall_best: bool = False
    stopped: bool = False
    segments: list[Segment] = msgspec.field(default_factory=list[Segment])


class TrapSpeed(msgspec.Struct, frozen=True):
    """A speed at one of the four traps, km/h; None while it is cleared for the lap in progress."""

    kmh: int | None = None
    personal_best: bool = False
    overall_best: bool = False


class CarState(msgspec.Struct):
    """One car and its driver.

    Attributes:
        number: racing number, text, the identity within a session.
        code: three-letter code. ``name`` is "First Last"; ``colour`` is "#RRGGBB".
        line: row on the board, 1-based; 0 until the feed says.
        position: classified position, None until known. ``grid``: starting position (races).
        laps: laps completed. ``pit_stops``: the feed's own counter.
        gap: to the leader, None for the leader himself; ``interval``: to the car ahead. ``catching``: the feed's flag.
        last_lap, best_lap: lap times with colours. ``best_by_part``: bests in Q1, Q2, Q3, ms (qualifying only).
        sectors: always three. ``traps``: speeds by name: I1, I2, FL (finish line), ST (longest straight).
        stints: sets of tyres in order of use; the last is on the car.
        in_pit, pit_out, stopped, retired, knocked_out, cutoff: the feed's flags as last sent.
    """

    number: str
    code: str = ""
    name: str = ""
    team: str = ""
    colour: str = "#888888"
    line: int = 0
    position: int | None = None
    grid: int | None = None
    status: CarStatus = CarStatus.GRID
    laps: int = 0
    pit_stops: int = 0
    gap: Gap | None = None
    interval: Gap | None = None
    catching: bool = False
    last_lap: TimedLap | None = None
    best_lap: TimedLap | None = None
    best_by_part: list[int | None] = msgspec.field(default_factory=list[int | None])
    sectors: list[SectorState] = msgspec.field(default_factory=lambda: [SectorState(), SectorState(), SectorState()])
    traps: dict[str, TrapSpeed] = msgspec.field(default_factory=dict[str, TrapSpeed])
    stints: list[Stint] = msgspec.field(default_factory=list[Stint])
    in_pit: bool = False
    pit_out: bool = False
    stopped: bool = False
    retired: bool = False
    knocked_out: bool = False
    cutoff: bool = False


class Meeting(msgspec.Struct):
    """Which session this is, in words."""

    name: str = ""
    official_name: str = ""
    location: str = ""
    country: str = ""
    circuit: str = ""  # the feed's short name
    circuit_key: int | None = None
    session: str = ""  # "Race", "Qualifying", "Practice 1", ...
    session_type: str = ""  # "Race", "Qualifying", "Practice"
    start_date: str = ""  # local, as sent
    gmt_offset: str = ""


class SessionClock(msgspec.Struct):
    """Time left: ``remaining_ms`` was true at ``at_t_ms`` and runs down from there while ``running``."""

    remaining_ms: int
    at_t_ms: int
    running: bool = False


class LapCounter(msgspec.Struct):
    """Laps of a race: the leader's current lap, and the distance."""

    current: int = 0
    total: int = 0


class Weather(msgspec.Struct, frozen=True):
    """Trackside weather: degrees Celsius, percent, hPa, m/s, degrees from north."""

    air_c: float | None = None
    track_c: float | None = None
    humidity_pct: float | None = None
    pressure_hpa: float | None = None
    wind_ms: float | None = None
    wind_deg: float | None = None
    rain: bool = False


class RaceControlMessage(msgspec.Struct, frozen=True):
    """One message of race control, as sent. ``sector`` is a marshal sector, ``lap`` the leader's lap."""

    t_ms: int
    text: str
    utc: str = ""
    category: str = ""
    flag: str = ""
    scope: str = ""
    sector: int | None = None
    lap: int | None = None
    number: str = ""


class RadioClip(msgspec.Struct, frozen=True):
    """A team-radio recording that the feed lists: who, when, and its path in the archive."""

    t_ms: int
    number: str
    path: str
    utc: str = ""


class Defect(msgspec.Struct):
    """Something in the input that could not be used: how often, and the first time with its reason."""

    kind: str
    topic: str
    count: int
    first_t_ms: int
    example: str


class SessionState(msgspec.Struct):
    """The session at ``t_ms``. ``cars`` is keyed by racing number, ``messages`` and ``radio`` by order of arrival."""

    key: str
    source: FrameSource
    schema: int = STATE_SCHEMA
    simulated: bool = False
    t_ms: int = 0
    utc_ms: int | None = None
    meeting: Meeting = msgspec.field(default_factory=Meeting)
    status: SessionStatus = SessionStatus.UNKNOWN
    part: int = 0
    track: TrackStatus = TrackStatus.UNKNOWN
    clock: SessionClock | None = None
    lap: LapCounter | None = None
    weather: Weather | None = None
    cars: dict[str, CarState] = msgspec.field(default_factory=dict[str, CarState])
    messages: dict[int, RaceControlMessage] = msgspec.field(default_factory=dict[int, RaceControlMessage])
    radio: dict[int, RadioClip] = msgspec.field(default_factory=dict[int, RadioClip])
    defects: dict[str, Defect] = msgspec.field(default_factory=dict[str, Defect])

    def order(self) -> list[CarState]:
        """The cars in board order: by line, those without one last, by number."""
        return sorted(self.cars.values(), key=lambda car: (car.line or 999, car.number.zfill(3)))


class CarSample(msgspec.Struct, frozen=True):
    """One car's telemetry channels at one instant: rpm, km/h, gear, throttle %, brake %, DRS code (None in 2026).

    Throttle and brake are None where the car sends nothing.
    """

    rpm: int
    speed_kmh: int
    gear: int
    throttle_pct: int | None = None
    brake_pct: int | None = None
    drs: int | None = None


class CarPlace(msgspec.Struct, frozen=True):
    """Where a car is, decimetres: from the feed, or estimated on our outline (``MapState.estimated``)."""

    x: int
    y: int
    on_track: bool = True


class MapState(msgspec.Struct):
    """Places and telemetry of all cars at one instant; ``estimated`` when worked out from sectors and gaps."""

    t_ms: int
    estimated: bool
    places: dict[str, CarPlace] = msgspec.field(default_factory=dict[str, CarPlace])
    samples: dict[str, CarSample] = msgspec.field(default_factory=dict[str, CarSample])
