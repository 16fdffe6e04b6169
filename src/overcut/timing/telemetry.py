"""What `CarData.z` and `Position.z` say: channels and places of all cars, several instants a message."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Annotated, TypeVar

import msgspec

from overcut.domain.durations import parse_utc_ms
from overcut.domain.state import CarPlace, CarSample
from overcut.timing.memory import MAX_CARS, Memory, SamplePoint, TrailPoint
from overcut.timing.values import PatchError

TOPICS = ("CarData.z", "Position.z")

MAX_INFLATED_BYTES = 8 * 1024 * 1024
"""A message inflates to some 30 kB; one that grows past this is damaged or hostile."""

KEPT_MS = 4_000
"""How much of the recent past is kept to place cars between two messages."""

MOST_POINTS = 512
"""Instants kept at most: ``KEPT_MS`` at the feed's pace are under fifty; more stamped alike are damage."""

SAME_FEED_MS = 60_000
"""No delivery is delayed by this much: stamps that disagree by more are damaged, or the feed was started anew."""

NO_DATA = 104
"""Throttle and brake of a car that sends nothing (seen in the garage, 2025 Mexico qualifying)."""


_Channel = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]
_Coordinate = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]  # decimetres: 100 km around the map's middle


class _Channels(msgspec.Struct, gc=False):
    rpm: _Channel | None = msgspec.field(name="0", default=None)
    speed: _Channel | None = msgspec.field(name="2", default=None)
    gear: _Channel | None = msgspec.field(name="3", default=None)
    throttle: _Channel | None = msgspec.field(name="4", default=None)
    brake: _Channel | bool | None = msgspec.field(name="5", default=None)
    drs: _Channel | None = msgspec.field(name="45", default=None)


class _Car(msgspec.Struct, gc=False):
    channels: _Channels = msgspec.field(name="Channels")


class _CarEntry(msgspec.Struct):
    utc: str = msgspec.field(name="Utc")
    cars: dict[str, _Car] = msgspec.field(name="Cars")


class _CarData(msgspec.Struct):
    entries: list[_CarEntry] = msgspec.field(name="Entries")


class _Place(msgspec.Struct, gc=False):
    x: _Coordinate = msgspec.field(name="X", default=0)
    y: _Coordinate = msgspec.field(name="Y", default=0)
    status: str = msgspec.field(name="Status", default="OnTrack")


class _PlaceEntry(msgspec.Struct):
    stamp: str = msgspec.field(name="Timestamp")
    entries: dict[str, _Place] = msgspec.field(name="Entries")


class _Position(msgspec.Struct):
    positions: list[_PlaceEntry] = msgspec.field(name="Position")


_T = TypeVar("_T")

_CAR_DATA = msgspec.json.Decoder(_CarData)
_POSITION = msgspec.json.Decoder(_Position)


def inflate(payload: bytes) -> bytes:
    """The JSON inside a ``*.z`` payload: quoted base64 of raw deflate. PatchError where it is damaged."""
    try:
        packed = base64.b64decode(payload.strip(b'"'), validate=True)
    except binascii.Error as error:
        raise PatchError(f"not base64: {error}") from None
    stream = zlib.decompressobj(wbits=-15)
    try:
        data = stream.decompress(packed, MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise PatchError(f"not deflated data: {error}") from None
    if stream.unconsumed_tail:
        raise PatchError(f"inflates to more than {MAX_INFLATED_BYTES} bytes")
    if not stream.eof:
        raise PatchError("the compressed data is cut short")
    return data


class FeedTime:
    """Turns the UTC stamps of one topic's instants into session time, by the quickest delivery seen so far.

    A batch is sent as soon as it is full: in the archive its line stamp is that of its last instant (2025 Mexico
    qualifying, all 9,332 messages). Where messages are delayed by varying amounts, the least delayed one tells.

    Args:
        zero_ms: UTC at ``t_ms`` 0 so far; None before the first message.
    """

    def __init__(self, zero_ms: int | None = None) -> None:
        self.zero_ms = zero_ms

    def received(self, last_utc_ms: int, t_ms: int) -> int:
        """UTC at ``t_ms`` 0, once a batch that ends at ``last_utc_ms`` was received at ``t_ms``."""
        zero_ms = last_utc_ms - t_ms
        if self.zero_ms is None or zero_ms > self.zero_ms or zero_ms < self.zero_ms - SAME_FEED_MS:
            self.zero_ms = zero_ms
        return self.zero_ms


def places_of(payload: bytes, t_ms: int, feed_time: FeedTime) -> list[TrailPoint]:
    """Places of all cars at each instant of a ``Position.z`` payload received at ``t_ms``, decimetres.

    A car at (0, 0) has no place yet and is left out.
    """
    message = _decode(_POSITION, payload)
    if not message.positions:
        return []
    stamps = [_stamp(entry.stamp) for entry in message.positions]
    zero_ms = feed_time.received(max(stamps), t_ms)
    points: list[TrailPoint] = []
    for stamp, entry in zip(stamps, message.positions, strict=True):
        placed = {
            number: CarPlace(x=round(place.x), y=round(place.y), on_track=place.status == "OnTrack")
            for number, place in _few(entry.entries).items()
            if place.x or place.y
        }
        points.append(TrailPoint(t_ms=stamp - zero_ms, places=placed))
    return points


def samples_of(payload: bytes, t_ms: int, feed_time: FeedTime) -> list[SamplePoint]:
    """Channels of all cars at each instant of a ``CarData.z`` payload received at ``t_ms`` (see ``places_of``)."""
    message = _decode(_CAR_DATA, payload)
    if not message.entries:
        return []
    stamps = [_stamp(entry.utc) for entry in message.entries]
    zero_ms = feed_time.received(max(stamps), t_ms)
    return [
        SamplePoint(
            t_ms=stamp - zero_ms,
            samples={number: _sample(car.channels) for number, car in _few(entry.cars).items()},
        )
        for stamp, entry in zip(stamps, message.entries, strict=True)
    ]


def apply_position(memory: Memory, t_ms: int, payload: bytes) -> None:
    """Take in one ``Position.z`` message."""
    feed_time = FeedTime(memory.telemetry_zero_ms)
    points = places_of(payload, t_ms, feed_time)
    memory.telemetry_zero_ms = feed_time.zero_ms
    memory.trail = [point for point in memory.trail if point.t_ms > t_ms - KEPT_MS] + points
    memory.trail.sort(key=lambda point: point.t_ms)
    del memory.trail[:-MOST_POINTS]


def apply_car_data(memory: Memory, t_ms: int, payload: bytes) -> None:
    """Take in one ``CarData.z`` message."""
    feed_time = FeedTime(memory.telemetry_zero_ms)
    points = samples_of(payload, t_ms, feed_time)
    memory.telemetry_zero_ms = feed_time.zero_ms
    memory.samples = [point for point in memory.samples if point.t_ms > t_ms - KEPT_MS] + points
    memory.samples.sort(key=lambda point: point.t_ms)
    del memory.samples[:-MOST_POINTS]


def _decode(decoder: msgspec.json.Decoder[_T], payload: bytes) -> _T:
    try:
        return decoder.decode(inflate(payload))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PatchError(f"not the expected shape: {error}") from None


def _few(cars: Mapping[str, _T]) -> Mapping[str, _T]:
    if len(cars) > MAX_CARS:
        raise PatchError(f"{len(cars)} cars at once")
    return cars


def _stamp(text: str) -> int:
    utc_ms = parse_utc_ms(text)
    if utc_ms is None:
        raise PatchError(f"expected a time stamp, got {text[:40]!r}")
    return utc_ms


def _sample(channels: _Channels) -> CarSample:
    return CarSample(
        rpm=channels.rpm or 0,
        speed_kmh=channels.speed or 0,
        gear=channels.gear or 0,
        throttle_pct=_percent(channels.throttle),
        brake_pct=_percent(channels.brake),
        drs=channels.drs,
    )


def _percent(value: int | None) -> int | None:
    if value is None or value >= NO_DATA or value < 0:
        return None
    return 100 if value is True else min(int(value), 100)
