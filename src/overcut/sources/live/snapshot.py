"""How the answer to Subscribe, which has no stamps, becomes messages that stand where they belong in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import msgspec

from overcut.domain.durations import parse_utc_ms
from overcut.domain.frame import topic_rank
from overcut.sources.recording_lines import EARLIEST_UTC_MS, OWN_TOPIC, Message, stamp_of

HEARTBEAT = "Heartbeat"
HEARTBEAT_AHEAD_MS = 3_000
"""A heartbeat's ``Utc`` is 2.0 to 2.4 s later than the stamp it is sent with (recordings of 2021 and 2025)."""

BEATS_EVERY_MS = 20_000
"""Heartbeats come every 15 s; what a snapshot dates later than one and this is dated wrongly."""

DATED_TOPICS = ("SessionData", "ExtrapolatedClock", "RaceControlMessages", "TeamRadio")
"""Topics whose ``Utc`` values are, to the second, the stamps of the messages that brought them."""

_documents: msgspec.json.Decoder[dict[str, msgspec.Raw] | None] = msgspec.json.Decoder(dict[str, msgspec.Raw] | None)
_read_documents = _documents.decode


class Snapshot(msgspec.Struct, frozen=True):
    """Every topic's document as the hub holds it, undecoded."""

    documents: dict[str, bytes]

    @classmethod
    def read(cls, result: msgspec.Raw) -> Snapshot:
        """The answer to Subscribe; empty when it holds nothing.

        Raises:
            msgspec.MsgspecError: it is no object of topics.
        """
        found = _read_documents(bytes(result) or b"{}") or {}
        return cls(
            {
                topic: bytes(raw)
                for topic, raw in found.items()
                if bytes(raw) not in (b"null", b"{}") and topic != OWN_TOPIC
            }
        )

    def heartbeat_ms(self) -> int | None:
        """When the last heartbeat before this snapshot was sent; the feed's now is at most 15 s later."""
        beats = _times_in(self.documents.get(HEARTBEAT, b""))
        return max(beats) - HEARTBEAT_AHEAD_MS if beats else None

    def earliest_now_ms(self) -> int | None:
        """A time of the feed that this snapshot is not older than, from its own contents; None where they tell none.

        It must not be later than the feed's now: the messages that follow would seem older than the snapshot.
        """
        beat_ms = self.heartbeat_ms()
        times = [] if beat_ms is None else [beat_ms]
        for topic in DATED_TOPICS:
            times += _times_in(self.documents.get(topic, b""))
        if beat_ms is not None:
            times = [utc_ms for utc_ms in times if utc_ms <= beat_ms + BEATS_EVERY_MS]
        return max(times, default=None)

    def messages(self, utc_ms: int) -> list[Message]:
        """One message a topic, all with the stamp ``utc_ms``, in the fixed order of topics."""
        stamp = stamp_of(utc_ms)
        topics = sorted(self.documents, key=topic_rank)
        return [Message(topic, self.documents[topic], stamp) for topic in topics]


def _times_in(payload: bytes) -> list[int]:
    """Every ``Utc`` of a document that can be read, in milliseconds."""
    try:
        document: object = msgspec.json.decode(payload or b"null")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    times = (parse_utc_ms(text) for text in _utcs(document))
    return [utc_ms for utc_ms in times if utc_ms is not None and utc_ms >= EARLIEST_UTC_MS]


def _utcs(value: object, depth: int = 0) -> Iterator[str]:
    if depth > 6:
        return
    if isinstance(value, dict):
        for key, member in cast(dict[str, object], value).items():
            if key == "Utc" and isinstance(member, str):
                yield member
            else:
                yield from _utcs(member, depth + 1)
    elif isinstance(value, list):
        for member in cast(list[object], value):
            yield from _utcs(member, depth + 1)
