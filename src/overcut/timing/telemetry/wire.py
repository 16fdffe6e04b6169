"""What one `CarData.z` or `Position.z` message holds, read value by value: the tolerant path, and the rule for both.

`scan` reads the same messages many times faster where they have the usual shape; what it yields equals what is read
here.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Protocol, TypeVar, cast

import msgspec
from isal import igzip_lib, isal_zlib

from overcut.domain.durations import parse_utc_ms
from overcut.timing.values import PatchError

MAX_INFLATED_BYTES = 8 * 1024 * 1024
"""A message inflates to some 30 kB; one that grows past this is damaged or hostile."""

_DEFLATE_RATIO = 1032
"""Deflate shrinks nothing further than this (zlib's technical notes): shorter data cannot pass the limit above."""

_USUAL_BYTES = 16_384

NO_DATA = 104
"""Throttle and brake of a car that sends nothing (seen in the garage, 2025 Mexico qualifying)."""

MAX_CARS = 99
"""More cars than that at once are no field of cars."""

MAX_NUMBER = 999
"""Racing numbers have one to three digits (the safety and medical cars of `Position.z` have three)."""

_RACING_NUMBERS = frozenset(str(number) for number in range(1, MAX_NUMBER + 1))

_Channel = Annotated[int, msgspec.Meta(gt=-(2**31), lt=2**31)]
_FAR_DM = 1_000_000  # 100 km from the map's middle
_Coordinate = (
    Annotated[int, msgspec.Meta(ge=-_FAR_DM, le=_FAR_DM)] | Annotated[float, msgspec.Meta(ge=-_FAR_DM, le=_FAR_DM)]
)


class Channels(msgspec.Struct, gc=False, omit_defaults=True):
    """One car's channels at one instant, as sent."""

    rpm: _Channel | None = msgspec.field(name="0", default=None)
    speed: _Channel | None = msgspec.field(name="2", default=None)
    gear: _Channel | None = msgspec.field(name="3", default=None)
    throttle: _Channel | None = msgspec.field(name="4", default=None)
    brake: _Channel | bool | None = msgspec.field(name="5", default=None)
    drs: _Channel | None = msgspec.field(name="45", default=None)


class Car(msgspec.Struct, gc=False):
    """A car's entry."""

    channels: Channels = msgspec.field(name="Channels")


class CarInstant(msgspec.Struct, gc=False):
    """All cars at one instant."""

    utc: str = msgspec.field(name="Utc")
    cars: dict[str, Car] = msgspec.field(name="Cars")


class _CarData(msgspec.Struct, gc=False):
    entries: list[CarInstant] = msgspec.field(name="Entries")


class Place(msgspec.Struct, gc=False, omit_defaults=True):
    """Where one car is at one instant, decimetres, as sent."""

    x: _Coordinate = msgspec.field(name="X", default=0)
    y: _Coordinate = msgspec.field(name="Y", default=0)
    z: _Coordinate = msgspec.field(name="Z", default=0)
    status: str = msgspec.field(name="Status", default="OnTrack")


class PlaceInstant(msgspec.Struct, gc=False):
    """All places at one instant."""

    stamp: str = msgspec.field(name="Timestamp")
    entries: dict[str, Place] = msgspec.field(name="Entries")


class _Position(msgspec.Struct, gc=False):
    positions: list[PlaceInstant] = msgspec.field(name="Position")


class _Inflating(Protocol):
    """What isal's decompressor has; its own stubs leave types open."""

    unconsumed_tail: bytes
    eof: bool

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_inflate_whole = cast(Callable[[bytes, int, int], bytes], isal_zlib.decompress)  # pyright: ignore[reportUnknownMemberType]
_inflating = cast(Callable[[int], _Inflating], isal_zlib.decompressobj)  # pyright: ignore[reportUnknownMemberType]
_IsalError = cast(type[Exception], igzip_lib.IsalError)

_T = TypeVar("_T")

_CAR_DATA = msgspec.json.Decoder(_CarData)
_POSITION = msgspec.json.Decoder(_Position)


def inflate(payload: bytes) -> bytes:
    """The JSON inside a ``*.z`` payload: quoted base64 of raw deflate. PatchError where it is damaged."""
    try:
        packed = binascii.a2b_base64(payload.strip(b'"'), strict_mode=True)
    except binascii.Error as error:
        raise PatchError(f"not base64: {error}") from None
    try:
        if len(packed) <= MAX_INFLATED_BYTES // _DEFLATE_RATIO:
            return _inflate_whole(packed, -15, _USUAL_BYTES)
        stream = _inflating(-15)
        data = stream.decompress(packed, MAX_INFLATED_BYTES)
    except _IsalError as error:
        cut = "truncated" in str(error)
        raise PatchError("the compressed data is cut short" if cut else f"not deflated data: {error}") from None
    if stream.unconsumed_tail:
        raise PatchError(f"inflates to more than {MAX_INFLATED_BYTES} bytes")
    if not stream.eof:
        raise PatchError("the compressed data is cut short")
    return data


def car_instants(text: bytes) -> list[tuple[int, dict[str, Car]]]:
    """(UTC in ms, cars) of each instant in the JSON of a `CarData.z` message. PatchError where it is damaged."""
    return [(stamp_ms(entry.utc), _cars(entry.cars)) for entry in _decoded(_CAR_DATA, text).entries]


def place_instants(text: bytes) -> list[tuple[int, dict[str, Place]]]:
    """(UTC in ms, places) of each instant in the JSON of a `Position.z` message. PatchError where it is damaged."""
    return [(stamp_ms(entry.stamp), _cars(entry.entries)) for entry in _decoded(_POSITION, text).positions]


def stamp_ms(text: str) -> int:
    """UTC milliseconds of an instant's stamp (wire.md, trap 13). PatchError where it is none."""
    fraction = text[20:-1]
    if text[16:17] == ":" and text[19:20] == "." and text[-1:] == "Z" and len(fraction) <= 9:
        minute_ms, digits = _minute_ms(text[:16]), text[17:19] + fraction
        if minute_ms is not None and fraction and digits.isdecimal() and digits.isascii() and text[17] < "6":
            return minute_ms + int((digits + "00")[:5])
    utc_ms = parse_utc_ms(text)
    if utc_ms is None:
        raise PatchError(f"expected a time stamp, got {text[:40]!r}")
    return utc_ms


@lru_cache(maxsize=8)
def _minute_ms(text: str) -> int | None:
    """UTC milliseconds of ``2025-10-25T20:46``: stamps of one minute come by the thousand."""
    return parse_utc_ms(f"{text}:00Z")


def brake_of(value: int | bool | None) -> int | None:
    """The brake channel as a percentage where it was sent as a truth value."""
    return (100 if value else 0) if isinstance(value, bool) else value


def percent_of(value: int | None) -> int | None:
    """Throttle or brake; None where the car sends nothing."""
    return None if value is None or value >= NO_DATA or value < 0 else min(value, 100)


def _decoded(decoder: msgspec.json.Decoder[_T], text: bytes) -> _T:
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PatchError(f"not the expected shape: {error}") from None


_M = TypeVar("_M", bound=Mapping[str, object])


def _cars(cars: _M) -> _M:
    if len(cars) > MAX_CARS:
        raise PatchError(f"{len(cars)} cars at once")
    if not _RACING_NUMBERS.issuperset(cars):
        raise PatchError(
            f"{next(number for number in cars if number not in _RACING_NUMBERS)[:20]!r} is no racing number"
        )
    return cars
