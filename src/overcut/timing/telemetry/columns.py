"""How `CarData.z` and `Position.z` messages become columns: one row per car and instant."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from overcut.domain.defects import count_defect
from overcut.domain.state import Defect
from overcut.timing.telemetry import wire
from overcut.timing.telemetry.clock import FeedTime, settled_zeros
from overcut.timing.telemetry.rows import (
    CAR_DATA,
    CHANNELS,
    MISSING,
    OFF_TRACK,
    ON_TRACK,
    OTHER_STATUS,
    PLACE_FIELDS,
    POSITION,
    Flags,
    Ints,
    Longs,
    Numbers,
    Rows,
)
from overcut.timing.values import PatchError

__all__ = ["CAR_DATA", "POSITION", "Message", "rows_of"]

BATCH = 64
"""Messages inflated before they are scanned: a quarter of a megabyte of text, which the processor's cache holds."""

WORTH_COMPILING = 20_000
"""Messages of one topic (two races) that the tolerant path takes as long for as a compiler needs for the scanner."""

Message = tuple[int, bytes]
"""When it came (``t_ms``), and its payload."""

_SCANNER = "overcut.timing.telemetry.scan"
_STATUS = {"OnTrack": ON_TRACK, "OffTrack": OFF_TRACK}
_SHORTEST_CAR = len('"1":{"Channels":{}}')
_SHORTEST_PLACE = len('"1":{}')
_SHORTEST_INSTANT = len('{"Utc":"2025-10-25T20:46:44","Cars":{}}')


@dataclass(frozen=True, slots=True)
class _Run:
    """Some messages in a row: rows as in `Rows`; per instant its stamp and how many rows; per message its instants."""

    number: Numbers
    fields: Ints
    utc_ms: Longs
    rows: Longs
    instants: Longs


def rows_of(
    topic: str, messages: Sequence[Message], defects: dict[str, Defect] | None = None, *, compiled: bool | None = None
) -> Rows:
    """The rows of messages of one topic, `CAR_DATA` or `POSITION`.

    What is damaged is counted in ``defects`` and left out; nothing raises.

    Args:
        compiled: True reads by the compiled scanner, False by the tolerant path alone, with the same result several
            times slower; None chooses the scanner where this process has loaded it already or it pays to.
    """
    if compiled is None:
        compiled = _SCANNER in sys.modules or len(messages) >= WORTH_COMPILING
    counted: dict[str, Defect] = {} if defects is None else defects
    runs: list[_Run] = []
    arrivals: list[int] = []
    for begin in range(0, len(messages), BATCH):
        came: list[int] = []
        texts: list[bytes] = []
        for t_ms, payload in messages[begin : begin + BATCH]:
            try:
                texts.append(wire.inflate(payload))
                came.append(t_ms)
            except PatchError as error:
                _count(counted, topic, t_ms, error)
        if compiled:
            run, read = _scanned(topic, texts)
        else:
            run, read = _nothing(topic), np.zeros(len(texts), np.bool_)
        if read.all():
            runs.append(run)
            arrivals += came
            continue
        taken = 0
        for text, t_ms, good in zip(texts, came, read.tolist(), strict=True):
            try:
                runs.append(_one(run, taken) if good else _read(topic, text))
                arrivals.append(t_ms)
            except PatchError as error:
                _count(counted, topic, t_ms, error)
            taken += good
    return _joined(topic, runs, arrivals)


def _scanned(topic: str, texts: list[bytes]) -> tuple[_Run, Flags]:
    """What the scanner takes of a batch, and which of its texts those are."""
    from overcut.timing.telemetry.scan import scan  # noqa: PLC0415 -- brings a compiler: not for a few messages

    places = topic == POSITION
    buffer = np.frombuffer(b"\0".join(texts) + bytes(17), np.uint8)
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=starts[1:])
    rows = len(buffer) // (_SHORTEST_PLACE if places else _SHORTEST_CAR) + 2
    instants = len(buffer) // _SHORTEST_INSTANT + 2
    number = np.empty(rows, np.int16)
    fields = np.empty((_fields(topic), rows), np.int32)
    utc_ms, row_ends = np.empty(instants, np.int64), np.zeros(instants, np.int64)
    ends = np.empty(len(texts), np.int64)
    written = scan(buffer, starts, places, number, fields, utc_ms, row_ends, ends)
    read = ends >= 0
    told = ends[read]
    count = int(told[-1]) if len(told) else 0
    return _Run(
        number=number[:written],
        fields=fields[:, :written],
        utc_ms=utc_ms[:count],
        rows=np.diff(row_ends[:count], prepend=0),
        instants=np.diff(told, prepend=0),
    ), read


def _one(run: _Run, message: int) -> _Run:
    """The ``message``-th message of a run."""
    first = int(run.instants[:message].sum())
    last = first + int(run.instants[message])
    low, high = int(run.rows[:first].sum()), int(run.rows[:last].sum())
    return _Run(
        number=run.number[low:high],
        fields=run.fields[:, low:high],
        utc_ms=run.utc_ms[first:last],
        rows=run.rows[first:last],
        instants=run.instants[message : message + 1],
    )


def _read(topic: str, text: bytes) -> _Run:
    """One message on the tolerant path. PatchError where it is damaged."""
    number: list[int] = []
    fields: list[tuple[int, ...]] = []
    utc_ms: list[int] = []
    rows: list[int] = []
    if topic == POSITION:
        for stamp, places in wire.place_instants(text):
            utc_ms.append(stamp)
            rows.append(_take(places, number))
            fields += [_place_fields(place) for place in places.values()]
    else:
        for stamp, cars in wire.car_instants(text):
            utc_ms.append(stamp)
            rows.append(_take(cars, number))
            fields += [_car_fields(car.channels) for car in cars.values()]
    return _Run(
        number=np.array(number, np.int16),
        fields=np.array(fields, np.int32).reshape(len(fields), _fields(topic)).T,
        utc_ms=np.array(utc_ms, np.int64),
        rows=np.array(rows, np.int64),
        instants=np.array([len(utc_ms)], np.int64),
    )


def _take(cars: Mapping[str, object], number: list[int]) -> int:
    number += [int(text) for text in cars]
    return len(cars)


def _car_fields(channels: wire.Channels) -> tuple[int, ...]:
    values = (
        channels.rpm,
        channels.speed,
        channels.gear,
        channels.throttle,
        wire.brake_of(channels.brake),
        channels.drs,
    )
    return tuple(MISSING if value is None else value for value in values)


def _place_fields(place: wire.Place) -> tuple[int, ...]:
    return round(place.x), round(place.y), round(place.z), _STATUS.get(place.status, OTHER_STATUS)


def _fields(topic: str) -> int:
    return PLACE_FIELDS if topic == POSITION else CHANNELS


def _nothing(topic: str) -> _Run:
    none = np.empty(0, np.int64)
    return _Run(np.empty(0, np.int16), np.empty((_fields(topic), 0), np.int32), none, none, none)


def _joined(topic: str, runs: list[_Run], arrivals: list[int]) -> Rows:
    """All runs behind one another, their instants placed in session time."""
    parts = runs or [_nothing(topic)]
    utc_ms = np.concatenate([run.utc_ms for run in parts])
    rows = np.concatenate([run.rows for run in parts])
    instants = np.concatenate([run.instants for run in parts])
    t_ms = utc_ms - np.repeat(_zeros(utc_ms, instants, arrivals), instants)
    return Rows(
        utc_ms=np.repeat(utc_ms, rows),
        t_ms=np.repeat(t_ms, rows),
        number=np.concatenate([run.number for run in parts]),
        fields=np.concatenate([run.fields for run in parts], axis=1),
    )


def _zeros(utc_ms: Longs, instants: Longs, arrivals: list[int]) -> Longs:
    """Per message, UTC at ``t_ms`` 0."""
    feed_time = FeedTime()
    zeros = np.zeros(len(arrivals), np.int64)
    told = np.flatnonzero(instants)
    if not len(told):
        return zeros
    begins = np.cumsum(instants) - instants
    latest = np.maximum.reduceat(utc_ms, begins[told])
    zeros[told] = settled_zeros(
        np.array([feed_time.received(int(last), arrivals[at]) for last, at in zip(latest, told, strict=True)], np.int64)
    )
    return zeros


def _count(defects: dict[str, Defect], topic: str, t_ms: int, error: PatchError) -> None:
    count_defect(defects, kind="an unreadable message", topic=topic, t_ms=t_ms, example=str(error))
