"""How the hub's records become recorded frames: the snapshot and the messages that follow, in order of their stamps."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec
import structlog

from overcut.domain.frame import Frame
from overcut.kernel.errors import NotAllowedError
from overcut.sources.live.connection import LinkLostError, refusal_in
from overcut.sources.live.protocol import FEED, HubMessage, MessageType
from overcut.sources.live.recorder import BACKWARDS_MS, Recorder, SessionChanged
from overcut.sources.live.snapshot import Snapshot
from overcut.sources.recording_lines import OWN_TOPIC, Message

log = structlog.stdlib.get_logger(__name__)

STATUS_TOPIC, OVER = "SessionStatus", "Ends"

_read_arguments = msgspec.json.Decoder(tuple[str, msgspec.Raw, str]).decode


class _Status(msgspec.Struct, frozen=True):
    status: str = msgspec.field(name="Status", default="")


class Feed:
    """One hub's messages over all connections to it.

    Args:
        recorder: takes each message before anything reads it.
        hold_s: how long a snapshot that says no time waits for a message that does.
        now_s: a monotonic clock.
    """

    def __init__(self, recorder: Recorder, *, hold_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._recorder = recorder
        self._hold_s = hold_s
        self._now_s = now_s
        self._call = 0
        self._held: Snapshot | None = None
        self._held_at_s = 0.0
        self._fed_at_s: float | None = None
        self._seen: set[str] = set()
        self.answered = False
        self.closing: LinkLostError | NotAllowedError | None = None
        self.session_over = False
        self.counts: Counter[str] = Counter()
        self.unreadable = 0

    def connected(self) -> None:
        """A new connection: what the last one had not finished is forgotten."""
        self.answered, self.closing, self._held, self._fed_at_s = False, None, None, None
        self._seen.clear()

    def next_call(self) -> str:
        """The invocation id of the next call."""
        self._call += 1
        return str(self._call)

    def absent(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Which of ``topics`` this connection has brought nothing of."""
        return tuple(topic for topic in topics if topic not in self._seen) if self.answered else ()

    def silent_for_s(self) -> float:
        """Seconds since this connection's last feed message; 0 where none came yet, or none is expected any more."""
        if self._fed_at_s is None or self.session_over:
            return 0.0
        return self._now_s() - self._fed_at_s

    def take(self, records: Sequence[HubMessage | bytes]) -> list[SessionChanged | list[Frame]]:
        """Record what came in one WebSocket message; the frames of it.

        A hub that closes, or that refuses the subscription or us, leaves why in ``closing``: what came before that in
        the same message still counts.
        """
        fresh: list[Message] = []
        items: list[SessionChanged | list[Frame]] = []
        for record in records:
            if isinstance(record, bytes):
                self._damaged("a record that is no message", record)
            elif record.type == MessageType.INVOCATION and record.target == FEED:
                fresh += self._message(record)
            elif record.type == MessageType.COMPLETION:
                items += self._record(fresh)
                fresh = []
                items += self._answer(record)
            elif record.type == MessageType.CLOSE:
                self.closing = _closing(record.error, invited=record.allow_reconnect)
        return items + self._record(fresh)

    def release_held(self) -> list[SessionChanged | list[Frame]]:
        """A snapshot that waited long enough for a message with a time: it gets this machine's."""
        if self._held is None or self._now_s() - self._held_at_s < self._hold_s:
            return []
        log.warning("a snapshot says no time of its own; this machine's is taken")
        held, self._held = self._held, None
        return self._record(held.messages(time.time_ns() // 1_000_000))

    def _message(self, record: HubMessage) -> list[Message]:
        try:
            topic, payload, stamp = _read_arguments(record.arguments)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._damaged("a feed message that is not [topic, patch, utc]", bytes(record.arguments))
            return []
        if topic == OWN_TOPIC:  # what stands in a recording under this name is the recorder's own
            self._damaged("a feed message in the name of our own notes", bytes(record.arguments))
            return []
        self._fed_at_s = self._now_s()
        return [Message(topic, bytes(payload), stamp)]

    def _answer(self, record: HubMessage) -> list[SessionChanged | list[Frame]]:
        if record.error:
            self.closing = _closing(record.error, invited=False)
            return []
        try:
            snapshot = Snapshot.read(record.result)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._damaged("a snapshot that is no object", bytes(record.result))
            snapshot = Snapshot({})
        self.answered = True
        self._seen.update(snapshot.documents)
        self._recorder.note("connected")
        if not snapshot.documents:  # the hub has nothing yet: what comes may be the session from its beginning
            self._recorder.expect_another()
            return []
        utc_ms = self._time_of(snapshot)
        if utc_ms is None:
            self._held, self._held_at_s = snapshot, self._now_s()
            return []
        return self._record(snapshot.messages(utc_ms))

    def _time_of(self, snapshot: Snapshot) -> int | None:
        """The stamp of a snapshot: not before anything received (it holds all of that), not after the feed's now."""
        own_ms, beat_ms, newest_ms = snapshot.earliest_now_ms(), snapshot.heartbeat_ms(), self._recorder.newest_utc_ms
        if own_ms is None or newest_ms is None:
            return newest_ms if own_ms is None else own_ms
        if beat_ms is not None and beat_ms < newest_ms - BACKWARDS_MS:
            self._recorder.expect_another()
            return own_ms
        return max(own_ms, newest_ms)

    def _record(self, messages: list[Message]) -> list[SessionChanged | list[Frame]]:
        if not messages:
            return []
        if self._held is not None:
            times = [ms for ms in (message.utc_ms for message in messages) if ms is not None]
            if times:
                messages = [*self._held.messages(min(times)), *messages]
                self._held = None
        for message in messages:
            self._seen.add(message.topic)
            self.counts[message.topic] += 1
        items = list(self._recorder.record(messages))
        for item in items:
            if isinstance(item, SessionChanged):
                self.session_over = False
            else:
                self._watch_status(item)
        return items

    def _watch_status(self, frames: list[Frame]) -> None:
        for frame in frames:
            if frame.topic == STATUS_TOPIC:
                with_status = _status_of(frame.payload)
                self.session_over = with_status == OVER if with_status else self.session_over

    def _damaged(self, kind: str, record: bytes) -> None:
        self.unreadable += 1
        log.warning(kind, begins=record[:80].decode("utf-8", "backslashreplace"))


def _closing(error: str | None, *, invited: bool) -> LinkLostError | NotAllowedError:
    """Why the hub closes. Not even a close for good ends a session that still runs: hubs are restarted in races too."""
    if not error:
        return LinkLostError("the hub closes", invited=invited, final=not invited)
    refused = refusal_in(error)
    return refused or LinkLostError(f"the hub says: {error[:200]}", invited=invited)


def _status_of(payload: bytes) -> str:
    try:
        return msgspec.json.decode(payload, type=_Status).status
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
