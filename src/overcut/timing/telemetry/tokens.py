"""How the pieces of telemetry's JSON are read from bytes by compiled code: numbers, stamps, racing numbers.

Every function takes a buffer and a place, and gives the place behind what it read, -1 where something else stands.
Texts end in a zero byte, which nothing here accepts, and 16 bytes may be read beyond it.

Numba keeps machine code by the age of the calling file alone: whoever changes this one must change `scan` too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
from numba.core import cgutils, types  # pyright: ignore[reportMissingTypeStubs]
from numba.extending import intrinsic  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from overcut.timing.telemetry.rows import MISSING, Bytes
from overcut.timing.telemetry.wire import MAX_NUMBER

_F = TypeVar("_F", bound=Callable[..., object])


def compiled(function: _F) -> _F:
    """``numba.njit``, its machine code kept on disk for the next process where a folder for it can be written."""
    njit = cast(Any, numba).njit
    try:
        return cast(_F, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # "no locator available": neither beside the source nor in the user's cache
        return cast(_F, njit(nogil=True, error_model="numpy")(function))


if TYPE_CHECKING:

    def eight(buffer: Bytes, at: int) -> np.uint64:
        """The eight bytes at a place, the first one lowest."""
        ...

    def trailing_zeros(value: np.uint64) -> np.uint64:
        """How many low bits are zero; 64 for zero."""
        ...

else:

    @intrinsic
    def eight(typing_context, buffer, at):  # noqa: D103 -- see above
        def generate(context, builder, signature, arguments):
            array = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=arguments[0])
            pointer = builder.gep(array.data, [arguments[1]])
            wide = builder.bitcast(pointer, context.get_value_type(types.uint64).as_pointer())
            value = builder.load(wide, align=1)
            return value if sys.byteorder == "little" else builder.bswap(value)

        return types.uint64(buffer, types.int64), generate

    @intrinsic
    def trailing_zeros(typing_context, value):  # noqa: D103 -- see above
        def generate(context, builder, signature, arguments):
            return builder.cttz(arguments[0], context.get_constant(types.boolean, False))

        return types.uint64(types.uint64), generate


def eight_of(text: str) -> np.uint64:
    """Up to eight characters as `eight` reads them, zeros behind."""
    return np.uint64(int.from_bytes(text.encode(), "little"))


def byte_of(character: str) -> np.uint8:
    """One character as a byte: not a plain number, for each of which numba would compile a function of its own."""
    return np.uint8(ord(character))


def first(count: int) -> np.uint64:
    """A mask of the first ``count`` of eight bytes."""
    return np.uint64((1 << 8 * count) - 1)


OPEN, CLOSE, OPEN_LIST, CLOSE_LIST = byte_of("{"), byte_of("}"), byte_of("["), byte_of("]")
COLON, COMMA, QUOTE = byte_of(":"), byte_of(","), byte_of('"')
_ZEROS, _NINES, _SIGNS = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_PAIRS, _FOURS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
_BY_1, _BY_2, _BY_4 = np.uint64(10 * 2**8 + 1), np.uint64(100 * 2**16 + 1), np.uint64(10_000 * 2**32 + 1)
_1, _3, _8, _16, _32, _64 = (np.uint64(bits) for bits in (1, 3, 8, 16, 32, 64))
_NULL, _TRUE, _FALSE = eight_of("null"), eight_of("true"), eight_of("false")
_FIRST_4, _FIRST_5 = first(4), first(5)


@compiled
def whole(value: np.uint8 | np.uint64 | int) -> int:
    """A byte or a word as a signed number: unsigned ones turn to floats beside signed ones."""
    return np.int64(value)  # pyright: ignore[reportReturnType]


@compiled
def skip(buffer: Bytes, at: int) -> int:
    """Past white space."""
    while buffer[at] <= 32 and (buffer[at] == 32 or buffer[at] == 9 or buffer[at] == 10 or buffer[at] == 13):
        at += 1
    return at


@compiled
def token(buffer: Bytes, at: int, byte: np.uint8) -> int:
    """Past white space and one given byte. ``at`` may be -1: so calls chain."""
    if at < 0:
        return -1
    if buffer[at] == byte:
        return at + 1
    at = skip(buffer, at)
    return at + 1 if buffer[at] == byte else -1


@compiled
def word(buffer: Bytes, at: int, expected: Bytes) -> int:
    """Past given bytes."""
    for index in range(len(expected)):
        if buffer[at + index] != expected[index]:
            return -1
    return at + len(expected)


@compiled
def digits(buffer: Bytes, at: int) -> tuple[int, int]:
    """One to seven digits, all at once in one register (after D. Lemire, "Quickly parsing eight digits", 2018)."""
    chunk = eight(buffer, at) ^ _ZEROS
    others = ((chunk + _NINES) | chunk) & _SIGNS  # a byte over nine reaches the sign bit
    count = trailing_zeros(others) >> _3
    if count == 0 or count > 7:
        return 0, -1
    chunk <<= _64 - (count << _3)
    chunk = ((chunk * _BY_1) >> _8) & _PAIRS
    chunk = ((chunk * _BY_2) >> _16) & _FOURS
    return whole((chunk * _BY_4) >> _32), at + whole(count)


@compiled
def number(buffer: Bytes, at: int) -> tuple[int, int]:
    """A whole number of at most seven digits."""
    negative = buffer[at] == 45
    begin = at + 1 if negative else at
    value, at = digits(buffer, begin)
    if buffer[begin] == 48 and (negative or at > begin + 1):
        return 0, -1  # "-0" and "007"
    return (-value if negative else value), at


@compiled
def number_or_null(buffer: Bytes, at: int) -> tuple[int, int]:
    """A whole number, or `MISSING` for null."""
    if buffer[at] == 110:
        return MISSING, (at + 4 if eight(buffer, at) & _FIRST_4 == _NULL else -1)
    return number(buffer, at)


@compiled
def brake(buffer: Bytes, at: int) -> tuple[int, int]:
    """A number, null, or a truth value as a percentage."""
    if buffer[at] == 116:
        return 100, (at + 4 if eight(buffer, at) & _FIRST_4 == _TRUE else -1)
    if buffer[at] == 102:
        return 0, (at + 5 if eight(buffer, at) & _FIRST_5 == _FALSE else -1)
    return number_or_null(buffer, at)


@compiled
def racing_number(buffer: Bytes, at: int) -> tuple[int, int]:
    """``"1"`` to ``"999"`` with its quotes."""
    at = token(buffer, at, QUOTE)
    if at < 0 or not 49 <= buffer[at] <= 57:
        return 0, -1
    value, at = digits(buffer, at)
    return value, (at + 1 if at > 0 and value <= MAX_NUMBER and buffer[at] == 34 else -1)


@compiled
def _exactly(buffer: Bytes, at: int, end: int) -> int:
    """The value of the digits up to ``end``; -1 where something else stands."""
    value = 0
    for index in range(at, end):
        if not 48 <= buffer[index] <= 57:
            return -1
        value = value * 10 + (whole(buffer[index]) - 48)
    return value


@compiled
def stamp(buffer: Bytes, at: int) -> tuple[int, int]:
    """UTC milliseconds of a quoted stamp; the rule is `durations.parse_utc_ms`."""
    at = token(buffer, at, QUOTE)
    if at < 0:
        return 0, -1
    year, month, day = _exactly(buffer, at, at + 4), -1, -1
    if year >= 0 and buffer[at + 4] == 45:
        month = _exactly(buffer, at + 5, at + 7)
    if month >= 1 and month <= 12 and buffer[at + 7] == 45:
        day = _exactly(buffer, at + 8, at + 10)
    if day < 1 or day > 31 or (buffer[at + 10] != 84 and buffer[at + 10] != 32):
        return 0, -1
    hour, minute, second = _exactly(buffer, at + 11, at + 13), -1, -1
    if hour >= 0 and hour < 24 and buffer[at + 13] == 58:
        minute = _exactly(buffer, at + 14, at + 16)
    if minute >= 0 and minute < 60 and buffer[at + 16] == 58:
        second = _exactly(buffer, at + 17, at + 19)
    if second < 0 or second > 60:
        return 0, -1
    milli, at = _milliseconds(buffer, at + 19)
    if at > 0 and buffer[at] == 90:
        at += 1
    if at < 0 or buffer[at] != 34:
        return 0, -1
    shifted = year - 1 if month <= 2 else year  # years from March, leap day last: as `durations` counts
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return ((days * 24 + hour) * 3600 + minute * 60 + second) * 1000 + milli, at + 1


@compiled
def _milliseconds(buffer: Bytes, at: int) -> tuple[int, int]:
    """Of no decimals, or one to nine behind a point; what is beyond the third is cut."""
    if buffer[at] != 46:
        return 0, at
    at += 1
    begin, milli, scale = at, 0, 100
    while 48 <= buffer[at] <= 57:
        milli += (whole(buffer[at]) - 48) * scale
        scale //= 10
        at += 1
    return milli, (at if 1 <= at - begin <= 9 else -1)
