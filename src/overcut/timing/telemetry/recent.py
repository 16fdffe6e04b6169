"""What the engine keeps of `CarData.z` and `Position.z`: the last seconds, for the map.

A message is read when it comes, so that a damaged one is counted there and then, and kept as it came: what it holds is
made into objects only when someone looks.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from overcut.domain.state import CarPlace, CarSample
from overcut.timing.memory import Memory, TelemetryMessage
from overcut.timing.telemetry.clock import FeedTime
from overcut.timing.telemetry.wire import (
    Car,
    Channels,
    Place,
    brake_of,
    car_instants,
    inflate,
    percent_of,
    place_instants,
)
from overcut.timing.values import PatchError

KEPT_MS = 4_000
"""How much of the recent past is kept to place cars between two messages."""

MOST_INSTANTS = 128
"""Instants kept at most: ``KEPT_MS`` at the feed's pace are some twenty; more stamped alike are damage."""

MOST_BYTES = 4 * 1024 * 1024
"""Of messages kept; ``KEPT_MS`` at the feed's pace are some 4 kB."""


class PlacesAt(NamedTuple):
    """All cars' places at one instant, in session time, as sent."""

    t_ms: int
    places: dict[str, Place]


class CarsAt(NamedTuple):
    """All cars' channels at one instant, in session time, as sent."""

    t_ms: int
    cars: dict[str, Car]


def apply_position(memory: Memory, t_ms: int, payload: bytes) -> None:
    """Take in one ``Position.z`` message. PatchError where it is damaged."""
    stamps = [stamp for stamp, _ in place_instants(inflate(payload))]
    memory.trail = _with(memory, memory.trail, t_ms, payload, stamps)


def apply_car_data(memory: Memory, t_ms: int, payload: bytes) -> None:
    """Take in one ``CarData.z`` message. PatchError where it is damaged."""
    stamps = [stamp for stamp, _ in car_instants(inflate(payload))]
    memory.samples = _with(memory, memory.samples, t_ms, payload, stamps)


def _with(
    memory: Memory, kept: list[TelemetryMessage], t_ms: int, payload: bytes, stamps: list[int]
) -> list[TelemetryMessage]:
    """The messages to keep once another came."""
    if not stamps:
        return kept
    if len(stamps) > MOST_INSTANTS:
        raise PatchError(f"{len(stamps)} instants at once")
    feed_time = FeedTime(memory.telemetry_zero_ms)
    last_utc_ms = max(stamps)
    zero_ms = memory.telemetry_zero_ms = feed_time.received(last_utc_ms, t_ms)
    now = [message for message in kept if message.last_t_ms > t_ms - KEPT_MS]
    now.append(TelemetryMessage(zero_ms, last_utc_ms - zero_ms, len(stamps), payload))
    while len(now) > 1 and (
        sum(message.instants for message in now) > MOST_INSTANTS
        or sum(len(message.payload) for message in now) > MOST_BYTES
    ):
        del now[0]
    return now


def trail_of(memory: Memory) -> list[PlacesAt]:
    """The kept instants of all cars' places, in order of time."""
    points = [
        PlacesAt(stamp - message.zero_ms, places)
        for message in memory.trail
        for stamp, places in _places(message.payload)
    ]
    return sorted(points, key=_t_ms)


def samples_of(memory: Memory) -> list[CarsAt]:
    """The kept instants of all cars' channels, in order of time."""
    points = [
        CarsAt(stamp - message.zero_ms, cars) for message in memory.samples for stamp, cars in _cars(message.payload)
    ]
    return sorted(points, key=_t_ms)


@lru_cache(maxsize=64)
def _places(payload: bytes) -> list[tuple[int, dict[str, Place]]]:
    return place_instants(inflate(payload))


@lru_cache(maxsize=64)
def _cars(payload: bytes) -> list[tuple[int, dict[str, Car]]]:
    return car_instants(inflate(payload))


def places_at(point: PlacesAt) -> dict[str, CarPlace]:
    """Places at one instant, whole decimetres. A car at (0, 0) has no place yet and is left out."""
    return {
        number: CarPlace(x=round(place.x), y=round(place.y), on_track=place.status == "OnTrack")
        for number, place in point.places.items()
        if place.x or place.y
    }


def samples_at(point: CarsAt) -> dict[str, CarSample]:
    """Samples at one instant."""
    return {number: _sample(car.channels) for number, car in point.cars.items()}


def _sample(channels: Channels) -> CarSample:
    return CarSample(
        rpm=channels.rpm or 0,
        speed_kmh=channels.speed or 0,
        gear=channels.gear or 0,
        throttle_pct=percent_of(channels.throttle),
        brake_pct=percent_of(brake_of(channels.brake)),
        drs=channels.drs,
    )


def _t_ms(point: PlacesAt | CarsAt) -> int:
    return point.t_ms
