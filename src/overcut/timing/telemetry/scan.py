"""How JSON texts of telemetry become columns at the speed of memory: a compiled scanner of the usual shape.

The scanner takes members in any order, white space, nulls, truth values for the brake, missing channels and every stamp
that `wire.stamp_ms` takes, but for those that end in ``+00:00``. A message that holds anything else (an unknown member,
a fraction, an escape, a number of eight digits, a car twice, damage) is refused whole: `wire` then reads it, and
decides. The feed's own layout, written without white space in its own order, takes a shorter way.
"""

from __future__ import annotations

import numpy as np

from overcut.timing.telemetry.rows import (
    CHANNELS,
    MISSING,
    OFF_TRACK,
    ON_TRACK,
    OTHER_STATUS,
    PLACE_FIELDS,
    Bytes,
    Ints,
    Longs,
    Numbers,
)
from overcut.timing.telemetry.tokens import (
    CLOSE,
    CLOSE_LIST,
    COLON,
    COMMA,
    OPEN,
    OPEN_LIST,
    QUOTE,
    brake,
    compiled,
    eight,
    eight_of,
    first,
    number,
    number_or_null,
    racing_number,
    skip,
    stamp,
    token,
    whole,
    word,
)
from overcut.timing.telemetry.wire import MAX_CARS, MAX_NUMBER

_CHANNELS = np.frombuffer(b'"Channels"', np.uint8)
_ENTRIES = np.frombuffer(b'"Entries"', np.uint8)
_UTC = np.frombuffer(b'"Utc"', np.uint8)
_CARS = np.frombuffer(b'"Cars"', np.uint8)
_POSITION = np.frombuffer(b'"Position"', np.uint8)
_TIMESTAMP = np.frombuffer(b'"Timestamp"', np.uint8)
_STATUS = np.frombuffer(b'"Status"', np.uint8)
_IS_ON_TRACK = np.frombuffer(b'OnTrack"', np.uint8)
_IS_OFF_TRACK = np.frombuffer(b'OffTrack"', np.uint8)

# the feed's own layout of a car, {"Channels":{"0":…,"2":…,"3":…,"4":…,"5":…,"45":…}}, eight bytes at a time
_CAR_1, _CAR_2, _CAR_3 = eight_of('{"Channe'), eight_of('ls":{"0"'), eight_of(":")
_KEY_2, _KEY_3, _KEY_4, _KEY_5 = eight_of(',"2":'), eight_of(',"3":'), eight_of(',"4":'), eight_of(',"5":')
_KEY_45, _CAR_END = eight_of(',"45":'), eight_of("}}")
# and of a place, {"Status":"OnTrack","X":…,"Y":…,"Z":…}
_PLACE_1, _PLACE_2, _PLACE_3 = eight_of('{"Status'), eight_of('":"OnTra'), eight_of('ck","X":')
_KEY_Y, _KEY_Z = eight_of(',"Y":'), eight_of(',"Z":')
_FIRST_1, _FIRST_2, _FIRST_5, _FIRST_6 = first(1), first(2), first(5), first(6)
_MOST_DM = 1_000_000


@compiled
def _usual_car(buffer: Bytes, at: int, values: Ints, row: int) -> int:  # noqa: PLR0911 -- one a channel
    """A car in the feed's own layout into one row; -1 for any other."""
    if eight(buffer, at) != _CAR_1 or eight(buffer, at + 8) != _CAR_2 or eight(buffer, at + 16) & _FIRST_1 != _CAR_3:
        return -1
    rpm, at = number(buffer, at + 17)
    if at < 0 or eight(buffer, at) & _FIRST_5 != _KEY_2:
        return -1
    speed, at = number(buffer, at + 5)
    if at < 0 or eight(buffer, at) & _FIRST_5 != _KEY_3:
        return -1
    gear, at = number(buffer, at + 5)
    if at < 0 or eight(buffer, at) & _FIRST_5 != _KEY_4:
        return -1
    throttle, at = number(buffer, at + 5)
    if at < 0 or eight(buffer, at) & _FIRST_5 != _KEY_5:
        return -1
    braking, at = number(buffer, at + 5)
    if at < 0 or eight(buffer, at) & _FIRST_6 != _KEY_45:
        return -1
    drs, at = number_or_null(buffer, at + 6)
    if at < 0 or eight(buffer, at) & _FIRST_2 != _CAR_END:
        return -1
    values[0, row] = rpm
    values[1, row] = speed
    values[2, row] = gear
    values[3, row] = throttle
    values[4, row] = braking
    values[5, row] = drs
    return at + 2


@compiled
def _usual_place(buffer: Bytes, at: int, values: Ints, row: int) -> int:
    """A place in the feed's own layout into one row; -1 for any other."""
    if eight(buffer, at) != _PLACE_1 or eight(buffer, at + 8) != _PLACE_2 or eight(buffer, at + 16) != _PLACE_3:
        return -1
    x, at = number(buffer, at + 24)
    if at < 0 or eight(buffer, at) & _FIRST_5 != _KEY_Y:
        return -1
    y, at = number(buffer, at + 5)
    if at < 0 or eight(buffer, at) & _FIRST_5 != _KEY_Z:
        return -1
    z, at = number(buffer, at + 5)
    if at < 0 or buffer[at] != 125 or max(abs(x), abs(y), abs(z)) > _MOST_DM:
        return -1
    values[0, row] = x
    values[1, row] = y
    values[2, row] = z
    values[3, row] = ON_TRACK
    return at + 1


@compiled
def _channel(buffer: Bytes, at: int) -> tuple[int, int]:
    """Which field a channel's quoted number names, with the colon behind it."""
    at = token(buffer, at, QUOTE)
    if at < 0:
        return 0, -1
    key, field = buffer[at], 0
    if key == 52 and buffer[at + 1] == 53:
        field = 5
        at += 1
    elif 50 <= key <= 53:
        field = whole(key) - 49
    elif key != 48:
        return 0, -1
    return field, (token(buffer, at + 2, COLON) if buffer[at + 1] == 34 else -1)


@compiled
def _car(buffer: Bytes, at: int, values: Ints, row: int) -> int:
    """``{"Channels":{"0":…,"2":…}}`` into one row."""
    for field in range(CHANNELS):
        values[field, row] = MISSING
    at = token(buffer, at, OPEN)
    if at < 0:
        return -1
    at = word(buffer, skip(buffer, at), _CHANNELS)
    at = token(buffer, token(buffer, at, COLON), OPEN)
    empty = token(buffer, at, CLOSE)
    if empty > 0:
        return token(buffer, empty, CLOSE)
    while at > 0:
        field, at = _channel(buffer, at)
        if at < 0:
            return -1
        at = skip(buffer, at)
        value, at = brake(buffer, at) if field == 4 else number_or_null(buffer, at)
        if at < 0:
            return -1
        values[field, row] = value
        end = token(buffer, at, CLOSE)
        if end > 0:
            return token(buffer, end, CLOSE)
        at = token(buffer, at, COMMA)
    return -1


@compiled
def _place(buffer: Bytes, at: int, values: Ints, row: int) -> int:
    """``{"Status":"OnTrack","X":…,"Y":…,"Z":…}`` into one row."""
    for field in range(PLACE_FIELDS):
        values[field, row] = 0
    at = token(buffer, at, OPEN)
    empty = token(buffer, at, CLOSE)
    if empty > 0:
        return empty
    while at > 0:
        at = skip(buffer, at)
        key = buffer[at + 1] if buffer[at] == 34 else buffer[at]
        if 88 <= key <= 90 and buffer[at + 2] == 34:
            at = token(buffer, at + 3, COLON)
            if at < 0:
                return -1
            value, at = number(buffer, skip(buffer, at))
            if at < 0 or abs(value) > _MOST_DM:
                return -1
            values[whole(key) - 88, row] = value
        else:
            values[3, row], at = _status(buffer, token(buffer, word(buffer, at, _STATUS), COLON))
        end = token(buffer, at, CLOSE)
        if end > 0:
            return end
        at = token(buffer, at, COMMA)
    return -1


@compiled
def _status(buffer: Bytes, at: int) -> tuple[int, int]:
    at = token(buffer, at, QUOTE)
    if at < 0:
        return 0, -1
    behind = word(buffer, at, _IS_ON_TRACK)
    if behind > 0:
        return ON_TRACK, behind
    behind = word(buffer, at, _IS_OFF_TRACK)
    if behind > 0:
        return OFF_TRACK, behind
    while 32 <= buffer[at] < 127 and buffer[at] != 34 and buffer[at] != 92:
        at += 1
    return OTHER_STATUS, (at + 1 if buffer[at] == 34 else -1)


@compiled
def _cars(
    buffer: Bytes, at: int, places: bool, numbers: Numbers, values: Ints, row: int, seen: Longs, instant: int
) -> tuple[int, int]:
    """``{"1":…,"4":…}``: the place behind it, and the row behind its last. ``seen``: by number, the last instant."""
    at = token(buffer, at, OPEN)
    empty = token(buffer, at, CLOSE)
    if empty > 0:
        return empty, row
    begin = row
    while at > 0:
        racing, at = racing_number(buffer, at)
        at = token(buffer, at, COLON)
        if at < 0 or seen[racing] == instant + 1 or row - begin >= MAX_CARS:
            return -1, row
        seen[racing] = instant + 1
        behind = _usual_place(buffer, at, values, row) if places else _usual_car(buffer, at, values, row)
        if behind < 0:
            behind = _place(buffer, at, values, row) if places else _car(buffer, at, values, row)
        numbers[row] = racing
        row += 1
        end = token(buffer, behind, CLOSE)
        if end > 0:
            return end, row
        at = token(buffer, behind, COMMA)
    return -1, row


@compiled
def _instant(
    buffer: Bytes,
    at: int,
    places: bool,
    numbers: Numbers,
    values: Ints,
    utc: Longs,
    row: int,
    instant: int,
    seen: Longs,
) -> tuple[int, int]:
    """One instant of all cars: the place behind it, and the row behind its last."""
    at = token(buffer, at, OPEN)
    stamped = listed = False
    while at > 0:
        at = skip(buffer, at)
        behind = word(buffer, at, _TIMESTAMP if places else _UTC)
        if behind > 0 and not stamped:
            stamped = True
            utc[instant], at = stamp(buffer, token(buffer, behind, COLON))
        else:
            behind = word(buffer, at, _ENTRIES if places else _CARS)
            if behind < 0 or listed:
                return -1, row
            listed = True
            behind = token(buffer, behind, COLON)
            at, row = _cars(buffer, behind, places, numbers, values, row, seen, instant)
        end = token(buffer, at, CLOSE)
        if end > 0:
            return (end if stamped and listed else -1), row
        at = token(buffer, at, COMMA)
    return -1, row


@compiled
def _message(
    buffer: Bytes,
    at: int,
    places: bool,
    numbers: Numbers,
    values: Ints,
    utc: Longs,
    row_ends: Longs,
    row: int,
    instant: int,
    seen: Longs,
) -> tuple[int, int, int]:
    """One text: the place behind it, the row and the instant behind its last."""
    at = token(buffer, at, OPEN)
    if at < 0:
        return -1, row, instant
    at = word(buffer, skip(buffer, at), _POSITION if places else _ENTRIES)
    at = token(buffer, token(buffer, at, COLON), OPEN_LIST)
    empty = token(buffer, at, CLOSE_LIST)
    if empty > 0:
        return token(buffer, empty, CLOSE), row, instant
    while at > 0:
        at, row = _instant(buffer, at, places, numbers, values, utc, row, instant, seen)
        row_ends[instant] = row
        instant += 1
        end = token(buffer, at, CLOSE_LIST)
        if end > 0:
            return token(buffer, end, CLOSE), row, instant
        at = token(buffer, at, COMMA)
    return -1, row, instant


@compiled
def scan(
    buffer: Bytes,
    starts: Longs,
    places: bool,
    numbers: Numbers,
    values: Ints,
    utc: Longs,
    row_ends: Longs,
    instant_ends: Longs,
) -> int:
    """Every text in ``buffer`` into columns; how many rows were written.

    Args:
        buffer: the texts, a zero byte behind each and 16 behind the last.
        starts: where each text begins, and where one behind the last would.
        places: whether they are `Position.z` (else `CarData.z`).
        numbers, values: per row the racing number and (field, row) the fields: channels 0, 2, 3, 4, 5, 45, or X, Y, Z
            and a status code.
        utc, row_ends: per instant its UTC milliseconds, and the row behind its last.
        instant_ends: per text the instant behind its last; -1 where the text was refused.
    """
    seen = np.zeros(MAX_NUMBER + 1, np.int64)
    row = instant = whole(buffer[-1])  # a zero that is no literal, for which numba would compile all anew
    for text in range(len(starts) - 1):
        at, rows, instants = _message(buffer, starts[text], places, numbers, values, utc, row_ends, row, instant, seen)
        if at > 0 and skip(buffer, at) == starts[text + 1] - 1:
            row, instant, instant_ends[text] = rows, instants, instants
        else:
            instant_ends[text] = -1
            seen[:] = 0  # the instants after this are numbered as those in it were
    return row
