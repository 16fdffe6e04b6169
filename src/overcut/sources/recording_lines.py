"""How one line of a recording is written and read: ``[topic, patch, utc]``, and lines of our own between them."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

import msgspec

from overcut.domain.durations import parse_utc_ms

OWN_TOPIC = "Overcut.Recording"
"""Lines of this topic are the recorder's own notes (where zero is, connections lost and made); no reader of the feed
mistakes them for timing."""

EARLIEST_UTC_MS = 946_684_800_000
"""2000: there was no such feed before; one clock gone wrong must not stretch the session by centuries."""

MAX_LITERAL_BYTES = 1_000_000
"""Longest line read as a Python literal; longer ones are no message of the feed."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Message(NamedTuple):
    """One message of the feed: its payload's bytes as they were sent, its stamp in text."""

    topic: str
    payload: bytes
    stamp: str

    @property
    def utc_ms(self) -> int | None:
        """The stamp in milliseconds since the Unix epoch; None for one that cannot be read or cannot be."""
        utc_ms = parse_utc_ms(self.stamp)
        return None if utc_ms is None or utc_ms < EARLIEST_UTC_MS else utc_ms


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the recorder's own.

    Attributes:
        event: begun, resumed, connected (a snapshot follows), lost, unrecorded.
        zero: the stamp at which ``t_ms`` is 0; in the first line only.
        at: when it was written, by this machine's clock. ``why``: in words.
        count: frames that are missing here (unrecorded).
    """

    event: str
    zero: str = ""
    at: str = ""
    why: str = ""
    count: int = 0


def stamp_of(utc_ms: int) -> str:
    """``2025-09-07T13:00:00.123Z``."""
    return (_EPOCH + timedelta(milliseconds=utc_ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line_of(message: Message) -> bytes:
    """The line of a message, its payload as it was sent."""
    return b"".join(
        (b"[", msgspec.json.encode(message.topic), b",", message.payload, b",", _text(message.stamp), b"]\n")
    )


def note_line(note: Note, utc_ms: int) -> bytes:
    """The line of a note."""
    return line_of(Message(OWN_TOPIC, msgspec.json.encode(note), stamp_of(utc_ms)))


def read_note(message: Message) -> Note | None:
    """The note that a line of ours holds; None for what is none."""
    try:
        return msgspec.json.decode(message.payload, type=Note) if message.topic == OWN_TOPIC else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


_read_triple = msgspec.json.Decoder(tuple[str, msgspec.Raw, str]).decode


def read_line(line: bytes) -> Message | str:
    """The message of a line, or in words why it holds none."""
    try:
        topic, payload, stamp = _read_triple(line)
        return Message(topic, bytes(payload), stamp)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    value = _loosely(line)
    if value is None:
        return "a line that is neither JSON nor a literal"
    items = cast(list[object], value) if isinstance(value, list) else []
    if len(items) != 3 or not isinstance(items[0], str) or not isinstance(items[2], str):
        return "a line that is not [topic, patch, utc]"
    return Message(items[0], msgspec.json.encode(items[1]), items[2])


def _loosely(line: bytes) -> object | None:
    """The line's value, as JSON or as a Python literal (never evaluated); None when it is neither."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    if len(line) > MAX_LITERAL_BYTES:
        return None
    try:
        value: object = ast.literal_eval(line.decode("utf-8"))
        msgspec.json.encode(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError, msgspec.MsgspecError):
        return None  # not a literal, or one that JSON cannot carry
    return value


def _text(text: str) -> bytes:
    return msgspec.json.encode(text)
