"""What a hub plays, and in which order and when: a session's messages with stamps, disturbed as the faults say."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec

from overcut.domain.durations import parse_utc_ms
from overcut.domain.frame import Frame
from overcut.sources.hub.faults import Faults
from overcut.sources.recording_lines import stamp_of
from overcut.sources.source import Source

FALLBACK_ZERO_MS = 1_735_689_600_000
"""2025-01-01: the zero of a session none of whose messages says its time."""

LOOK_FOR_ZERO = 5_000
DATED_TOPICS = ("SessionData", "ExtrapolatedClock", "RaceControlMessages")


class TapeFrame(msgspec.Struct, frozen=True, gc=False):
    """One message as the hub sends it.

    Attributes:
        t_ms: its place in the session. ``due_ms``: when it is sent, on the same clock (later for a delayed one).
        number: its place on the undisturbed tape, from 0.
        record: ``{"type":1,"target":"feed","arguments":[topic, patch, utc]}``, without the record's end.
    """

    t_ms: int
    due_ms: int
    number: int
    topic: str
    payload: bytes
    record: bytes


def read_tape(source: Source) -> list[TapeFrame]:
    """All messages of a session, with stamps that count from its own zero.

    Raises:
        DataMissingError: the source holds nothing.
    """
    frames = list(source.frames())
    zero_ms = zero_of(frames)
    return [_tape_frame(number, frame, zero_ms) for number, frame in enumerate(frames)]


def zero_of(frames: Sequence[Frame]) -> int:
    """UTC of ``t_ms`` 0, from the first message that says its time."""
    for frame in frames[:LOOK_FOR_ZERO]:
        if frame.utc_ms is not None:
            return frame.utc_ms - frame.t_ms
    for topic in DATED_TOPICS:
        for frame in frames:
            if frame.topic == topic and (utc_ms := _first_utc_ms(frame.payload)) is not None:
                return utc_ms - frame.t_ms
    return FALLBACK_ZERO_MS


def disturbed(tape: Sequence[TapeFrame], now: Callable[[], Faults]) -> Iterator[TapeFrame]:
    """The messages in the order in which they are sent: some twice, some late with their own stamp, some never.

    ``now`` gives the faults as they stand, so that they can be changed while the tape runs. The session's very first
    message is spared: a recording's time counts from it.
    """
    random = Random(now().seed)  # noqa: S311 - which messages suffer, not a secret
    late: list[tuple[int, int, TapeFrame]] = []
    for order, frame in enumerate(tape):
        faults = now() if frame.number else Faults()
        while late and late[0][0] <= frame.t_ms:
            yield heapq.heappop(late)[2]
        if random.random() < faults.lose:
            continue
        if random.random() < faults.delay:
            due_ms = frame.t_ms + random.randint(1, max(1, faults.delay_ms))
            heapq.heappush(late, (due_ms, order, msgspec.structs.replace(frame, due_ms=due_ms)))
        else:
            yield frame
        if random.random() < faults.repeat:
            yield frame
    while late:
        yield heapq.heappop(late)[2]


def _tape_frame(number: int, frame: Frame, zero_ms: int) -> TapeFrame:
    stamp = stamp_of(zero_ms + frame.t_ms if frame.utc_ms is None else frame.utc_ms)
    record = b'{"type":1,"target":"feed","arguments":[%s,%s,"%s"]}' % (
        msgspec.json.encode(frame.topic),
        frame.payload if _is_json(frame.payload) else b"null",
        stamp.encode(),
    )
    return TapeFrame(frame.t_ms, frame.t_ms, number, frame.topic, frame.payload, record)


def _is_json(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _first_utc_ms(payload: bytes) -> int | None:
    begin = payload.find(b'"Utc":"')
    if begin < 0:
        return None
    text = payload[begin + 7 : payload.find(b'"', begin + 7)]
    return parse_utc_ms(text.decode("ascii", "replace"))
