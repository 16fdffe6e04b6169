"""What travels: the stream's messages and the REST answers, as types (their JSON schema is in the OpenAPI document)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from overcut.domain.circuits.circuit import Circuit
from overcut.domain.events import AnyEvent
from overcut.domain.frame import FrameSource
from overcut.domain.laps import Lap
from overcut.domain.state import CarPlace, CarSample, Meeting, RaceControlMessage, SessionState
from overcut.domain.track_map import TrackOutline
from overcut.runtime.live import FeedStatus
from overcut.runtime.playback import PlaybackMode, PlaybackStatus
from overcut.runtime.timeline import WeatherReading

STREAM_SCHEMA = 1

Place = Annotated[tuple[int, int, int], Meta(description="[x, y, on_track 0 or 1], decimetres")]
Sample = Annotated[
    tuple[int, int, int, int | None, int | None, int | None],
    Meta(description="[rpm, speed_kmh, gear, throttle_pct, brake_pct, drs]; the last three are null where not known"),
]
LiveEnd = Annotated[int, Meta(description="The session's present, which moves on; only while it is live")]
MadeNs = Annotated[int, Meta(description="Monotonic nanoseconds of the tick; only for measurements on one machine")]

HeardNs = Annotated[
    int, Meta(description="The same clock when the oldest live frame told here arrived; only for measurements")
]


class Snapshot(msgspec.Struct, tag="snapshot", tag_field="type", frozen=True, forbid_unknown_fields=True):
    """The whole state: the first message, and again after a jump or when a resume is not possible."""

    v: int
    seq: int
    epoch: int
    t_ms: int
    playback: PlaybackStatus
    state: SessionState


class Delta(msgspec.Struct, tag="delta", tag_field="type", frozen=True, forbid_unknown_fields=True):
    """What changed since ``from``: an RFC 7396 merge patch on the state."""

    seq: int
    since: int = msgspec.field(name="from")
    epoch: int
    t_ms: int
    patch: dict[str, Any]
    playback: PlaybackStatus | UnsetType = UNSET
    end_ms: LiveEnd | UnsetType = UNSET
    events: list[AnyEvent] | UnsetType = UNSET
    made_ns: MadeNs | UnsetType = UNSET
    heard_ns: HeardNs | UnsetType = UNSET


class MapUpdate(msgspec.Struct, tag="map", tag_field="type", frozen=True, forbid_unknown_fields=True):
    """Where the cars are. Whole each time, never resent, not numbered."""

    epoch: int
    t_ms: int
    estimated: bool
    places: dict[str, Place]
    samples: dict[str, Sample] | UnsetType = UNSET
    made_ns: MadeNs | UnsetType = UNSET


class FeedUpdate(FeedStatus, tag="feed", tag_field="type", frozen=True, forbid_unknown_fields=True):
    """How the live feed stands. Whole each time, on the board's channel of a session that is or was live."""


StreamMessage = Snapshot | Delta | MapUpdate | FeedUpdate


class SessionSummary(msgspec.Struct, frozen=True):
    """One session of the catalogue. ``start_ms`` and ``end_ms`` are null until it has been opened once."""

    key: str
    source: FrameSource
    simulated: bool
    meeting: Meeting
    start_ms: int | None
    end_ms: int | None
    mode: PlaybackMode


class StateAnswer(msgspec.Struct, frozen=True):
    """The state at the playback's moment, as in a snapshot."""

    seq: int
    epoch: int
    t_ms: int
    playback: PlaybackStatus
    state: SessionState


class LapsAnswer(msgspec.Struct, frozen=True):
    """Completed laps up to the playback's moment, in order of completion."""

    t_ms: int
    laps: list[Lap]


class MessagesAnswer(msgspec.Struct, frozen=True):
    """Race-control messages up to the playback's moment, oldest first."""

    t_ms: int
    messages: list[RaceControlMessage]


class WeatherAnswer(msgspec.Struct, frozen=True):
    """Weather readings up to the playback's moment, oldest first."""

    t_ms: int
    weather: list[WeatherReading]


class CircuitSummary(msgspec.Struct, frozen=True):
    """A circuit in one line."""

    id: str
    name: str
    location: str
    country: str
    length_m: float
    race_laps: int


class CircuitAnswer(msgspec.Struct, frozen=True):
    """A circuit and its outline."""

    circuit: Circuit
    outline: TrackOutline


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as RFC 9457 has it. ``hint`` says what to do next."""

    type: str
    title: str
    status: int
    detail: str = ""
    hint: str = ""
    request_id: str = ""


def feed_update(status: FeedStatus) -> FeedUpdate:
    """How the feed stands, as a message."""
    return FeedUpdate(**msgspec.structs.asdict(status))


def place_of(place: CarPlace) -> tuple[int, int, int]:
    """A place in its short form."""
    return (place.x, place.y, int(place.on_track))


def sample_of(sample: CarSample) -> tuple[int, int, int, int | None, int | None, int | None]:
    """A telemetry sample in its short form."""
    return (sample.rpm, sample.speed_kmh, sample.gear, sample.throttle_pct, sample.brake_pct, sample.drs)
