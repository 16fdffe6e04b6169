"""What each viewer of a session must be sent next: made once, shared by all, never queued.

There are no outboxes. A viewer is a cursor (the ``seq`` and the map they hold); when their socket can take more, they
ask for what leads from there to the present. Those who keep up share one encoded message; one who fell behind gets the
difference between the document they hold and the present one. Memory is therefore bounded by the history alone.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import cast

import msgspec

from overcut.domain.events import AnyEvent
from overcut.domain.state import MapState
from overcut.runtime.live import FeedStatus
from overcut.runtime.playback import PlaybackMode, PlaybackStatus
from overcut.runtime.playing import Tick
from overcut.server.frames import Wire, text_frame
from overcut.server.merge_patch import Document, Json, difference, without_nulls
from overcut.server.metrics import Metrics
from overcut.server.wire import STREAM_SCHEMA, MapUpdate, feed_update, place_of, sample_of

HISTORY = 600
"""Moments kept for resuming: a minute at ten a second. They share what did not change between them."""

QUIET_S = 1.0
"""While time runs, viewers hear of it at least this often, even when nothing changed."""

UP_TO_DATE, ANEW = -1, -2
"""In place of the ``seq`` from which a delta leads: nothing to send, or a snapshot."""

_encode = msgspec.json.Encoder().encode


class Moment(msgspec.Struct, frozen=True):
    """The session as it was told under one ``seq``."""

    seq: int
    t_ms: int
    document: Document
    playback: PlaybackStatus
    events: tuple[AnyEvent, ...]


class Batch:
    """Messages that go out together, in order.

    Attributes:
        frames: them as finished WebSocket frames, in one piece.
    """

    __slots__ = ("_payloads", "frames")

    def __init__(self, payloads: list[bytes]) -> None:
        self._payloads = payloads
        self.frames = b"".join(text_frame(payload) for payload in payloads)

    def texts(self) -> list[str]:
        """Them as text, for a server that frames them itself."""
        return [payload.decode() for payload in self._payloads]


class Viewer:
    """One connection's cursor.

    Attributes:
        ready: set when there may be something new that was not written at once.
        wire: where to write at once; None when only the connection's own task may write.
        idle: whether that task waits for ``ready`` (it alone writes while it is not).
        seq, epoch: what they hold; None before the first snapshot.
        map_count: the number of the last map they were sent. ``feed_count``: the same of the feed's state.
    """

    def __init__(self, channels: frozenset[str], *, seq: int | None = None, epoch: int | None = None) -> None:
        self.channels = channels
        self.seq = seq
        self.epoch = epoch
        self.map_count = 0
        self.feed_count = 0
        self.wire: Wire | None = None
        self.idle = False
        self.ready = asyncio.Event()
        self.ready.set()


class Tally:
    """Counts what is sent within one tick, and tells the metrics once: a thousand viewers make a thousand counts."""

    def __init__(self, metrics: Metrics) -> None:
        self._sent = tuple(metrics.sent.labels(kind) for kind in ("snapshot", "delta", "map", "feed"))
        self._late = (metrics.coalesced, metrics.maps_dropped)
        self._clear()

    def _clear(self) -> None:
        self.snapshots = self.deltas = self.maps = self.feeds = self.coalesced = self.maps_dropped = 0

    def tell(self) -> None:
        """Hand the counts on and begin anew."""
        counts = (self.snapshots, self.deltas, self.maps, self.feeds, self.coalesced, self.maps_dropped)
        for counter, count in zip((*self._sent, *self._late), counts, strict=True):
            if count:
                counter.inc(count)
        self._clear()


class Broadcast:
    """The messages of one session. Listen to its ticks with ``publish``.

    Args:
        key: the session's name, for metrics.
        first: the present moment.
        metrics: counters.
        stamp: whether messages carry ``made_ns`` (for measuring delivery on one machine).
        feed: how the live feed stands; None for a recording.
    """

    def __init__(
        self, key: str, first: Tick, metrics: Metrics, *, stamp: bool = False, feed: FeedStatus | None = None
    ) -> None:
        self._key = key
        self._metrics = metrics
        self._stamp = stamp
        self._viewers: set[Viewer] = set()
        self._moments: deque[Moment] = deque(maxlen=HISTORY)
        self._epoch = first.epoch
        self._seq = 0
        self._map: MapState = first.map
        self._map_count = 1
        self._feed = feed
        self._feed_count = int(feed is not None)
        self._made_ns = 0
        self._heard_ns: int | None = None
        self._told_s = 0.0
        self._batches: dict[tuple[int, bool, bool, bool], Batch] = {}
        self._tally = Tally(metrics)
        self._playback = first.playback
        self._begin(first)

    @property
    def now(self) -> Moment:
        """The latest moment told."""
        return self._moments[-1]

    @property
    def epoch(self) -> int:
        """The epoch of the moments held."""
        return self._epoch

    def publish(self, tick: Tick) -> None:
        """Take in a tick and wake every viewer, when there is something to tell."""
        began_s = time.perf_counter()
        self._made_ns = time.monotonic_ns()
        self._heard_ns = None
        if tick.arrived_s is not None:
            self._heard_ns = int(tick.arrived_s * 1e9)
            self._metrics.live_seconds.observe(max(0.0, time.monotonic() - tick.arrived_s))
        self._batches.clear()
        self._playback = tick.playback
        if tick.epoch != self._epoch:
            self._begin(tick)
            news = True
        else:
            news = self._continue(tick)
        if self._take_map(tick.map) or news:
            for viewer in self._viewers:
                self._tell(viewer)
            self._tally.tell()
        self._metrics.tick_seconds.observe(time.perf_counter() - began_s)

    def tell_feed(self, status: FeedStatus) -> None:
        """Tell how the live feed stands; a session that never was live has none."""
        if self._feed is None and self._playback.mode is not PlaybackMode.LIVE:
            return
        self._feed = status
        self._feed_count += 1
        self._batches.clear()
        for viewer in self._viewers:
            self._tell(viewer)
        self._tally.tell()

    def _tell(self, viewer: Viewer) -> None:
        """Write at once where there is room; else the connection's task will, when there is."""
        if viewer.wire is None or not viewer.idle or not viewer.wire.has_room():
            viewer.ready.set()
        elif (batch := self._next_batch(viewer)) is not None:
            viewer.wire.write_frames(batch.frames)

    def join(self, viewer: Viewer) -> None:
        """Begin to wake a viewer."""
        self._viewers.add(viewer)

    def leave(self, viewer: Viewer) -> None:
        """Stop waking a viewer."""
        self._viewers.discard(viewer)

    def next_batch(self, viewer: Viewer) -> Batch | None:
        """What leads a viewer to the present, moving their cursor there; None when they are up to date."""
        batch = self._next_batch(viewer)
        self._tally.tell()
        return batch

    def _next_batch(self, viewer: Viewer) -> Batch | None:
        since = self._step(viewer) if "board" in viewer.channels else UP_TO_DATE
        with_map = "map" in viewer.channels and viewer.map_count != self._map_count
        if with_map:
            if viewer.map_count:
                self._tally.maps_dropped += self._map_count - viewer.map_count - 1
            viewer.map_count = self._map_count
            self._tally.maps += 1
        with_feed = "board" in viewer.channels and viewer.feed_count != self._feed_count
        if with_feed:
            viewer.feed_count = self._feed_count
            self._tally.feeds += 1
        if since == UP_TO_DATE and not with_map and not with_feed:
            return None
        wanted = (since, "events" in viewer.channels, with_map, with_feed)
        batch = self._batches.get(wanted)
        if batch is None:
            batch = self._batches[wanted] = Batch(self._payloads(*wanted))
        return batch

    def _step(self, viewer: Viewer) -> int:
        """Move the cursor to the present; from which ``seq``, or one of the two special values."""
        if viewer.epoch != self._epoch or viewer.seq is None or not self._holds(viewer.seq):
            viewer.epoch, viewer.seq = self._epoch, self._seq
            self._tally.snapshots += 1
            return ANEW
        if viewer.seq == self._seq:
            return UP_TO_DATE
        since, viewer.seq = viewer.seq, self._seq
        if self._seq - since > 1:
            self._tally.coalesced += 1
        self._tally.deltas += 1
        return since

    def _payloads(self, since: int, with_events: bool, with_map: bool, with_feed: bool) -> list[bytes]:
        payloads: list[bytes] = []
        if since == ANEW:
            payloads.append(self._snapshot_message())
        elif since != UP_TO_DATE:
            payloads.append(self._delta_message(since, with_events))
        if with_map:
            payloads.append(self._map_message())
        if with_feed and self._feed is not None:
            payloads.append(_encode(feed_update(self._feed)))
        return payloads

    def _holds(self, seq: int) -> bool:
        return self._moments[0].seq <= seq <= self._seq

    def _begin(self, tick: Tick) -> None:
        self._epoch = tick.epoch
        self._seq += 1
        self._moments.clear()
        self._append(tick, _document(tick))

    def _continue(self, tick: Tick) -> bool:
        now, document = self.now, _document(tick)
        changed = difference(now.document, document) or tick.events or _commanded(now.playback, tick.playback)
        quiet = time.monotonic() - self._told_s < QUIET_S
        if not changed and (quiet or tick.playback.t_ms == now.t_ms):
            return False
        self._seq += 1
        self._append(tick, document)
        return True

    def _append(self, tick: Tick, document: Document) -> None:
        self._told_s = time.monotonic()
        self._moments.append(Moment(self._seq, tick.playback.t_ms, document, tick.playback, tick.events))

    def _take_map(self, now: MapState) -> bool:
        if now.places == self._map.places and now.samples == self._map.samples:
            return False
        self._map = now
        self._map_count += 1
        return True

    def _snapshot_message(self) -> bytes:
        now = self.now
        return _encode(
            {
                "type": "snapshot",
                "v": STREAM_SCHEMA,
                "seq": now.seq,
                "epoch": self._epoch,
                "t_ms": self._playback.t_ms,
                "playback": self._playback,
                "state": now.document,
            }
        )

    def _delta_message(self, since: int, with_events: bool) -> bytes:
        before, now = self._moments[since - self._moments[0].seq], self.now
        message: dict[str, object] = {
            "type": "delta",
            "seq": now.seq,
            "from": since,
            "epoch": self._epoch,
            "t_ms": now.t_ms,
            "patch": difference(before.document, now.document),
        }
        if _commanded(before.playback, now.playback):
            message["playback"] = now.playback
        if with_events:
            first = since + 1 - self._moments[0].seq
            message["events"] = [
                event for index in range(first, len(self._moments)) for event in self._moments[index].events
            ]
        if now.playback.mode is PlaybackMode.LIVE:
            message["end_ms"] = self._playback.end_ms
        if self._stamp:
            if self._heard_ns is not None:
                message["heard_ns"] = self._heard_ns
            message["made_ns"] = self._made_ns
        return _encode(message)

    def _map_message(self) -> bytes:
        now = self._map
        return _encode(
            MapUpdate(
                epoch=self._epoch,
                t_ms=now.t_ms,
                estimated=now.estimated,
                places={number: place_of(place) for number, place in now.places.items()},
                samples={number: sample_of(sample) for number, sample in now.samples.items()} or msgspec.UNSET,
                made_ns=self._made_ns if self._stamp else msgspec.UNSET,
            )
        )


def _commanded(before: PlaybackStatus, now: PlaybackStatus) -> bool:
    """Whether somebody changed the playback, or it ended; that its time moved on is in every delta anyway."""
    return (before.mode, before.paused, before.speed, before.ended, before.delay_ms, before.following) != (
        now.mode, now.paused, now.speed, now.ended, now.delay_ms, now.following
    )  # fmt: skip


def _document(tick: Tick) -> Document:
    return cast("Document", without_nulls(cast("Json", msgspec.to_builtins(tick.state, str_keys=True))))
