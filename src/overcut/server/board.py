"""What the server's doors share: the open sessions, one broadcast for each, and the house rules."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from overcut.kernel.errors import OvercutError
from overcut.runtime.live import FeedStatus, LiveFeed
from overcut.runtime.playing import Playing
from overcut.runtime.sessions import Sessions
from overcut.server.broadcast import Broadcast
from overcut.server.metrics import Metrics


class HouseFullError(OvercutError):
    """Every place on the streams is taken."""


class Board:
    """One per server.

    Args:
        sessions: what can be watched.
        metrics: counters.
        max_clients: streams (WebSocket and server-sent events) held at once.
        stamp: whether messages carry ``made_ns``.
        feed: the live feed, where this server follows one.
    """

    def __init__(
        self,
        sessions: Sessions,
        metrics: Metrics,
        *,
        max_clients: int = 2_000,
        stamp: bool = False,
        feed: LiveFeed | None = None,
    ) -> None:
        self.sessions = sessions
        self.metrics = metrics
        self.max_clients = max_clients
        self.clients = 0
        self.feed = feed
        self._stamp = stamp
        self._broadcasts: dict[str, tuple[Playing, Broadcast]] = {}
        sessions.closing.append(self._forget)
        if feed is not None:
            feed.listeners.append(self._tell_feed)

    @contextmanager
    def seat(self) -> Generator[None]:
        """A place on the streams. Take it before the first wait, so that a rush cannot overfill the house.

        Raises:
            HouseFullError: all are taken.
        """
        if self.clients >= self.max_clients:
            self.metrics.refused.labels("full").inc()
            raise HouseFullError(f"All {self.max_clients} places are taken", hint="try again in a while")
        self.clients += 1
        self.metrics.clients.set(self.clients)
        try:
            yield
        finally:
            self.clients -= 1
            self.metrics.clients.set(self.clients)

    async def open(self, key: str) -> tuple[Playing, Broadcast]:
        """The open session called ``key`` and its broadcast.

        Raises:
            DataMissingError: there is none.
            TooManySessionsError: too many are being watched.
        """
        playing = await self.sessions.playing(key)
        name = self.sessions.catalogue.find(key).key
        known = self._broadcasts.get(name)
        if known is None or known[0] is not playing:
            feed = self.feed.status() if self.feed and playing.playback.live else None
            broadcast = Broadcast(name, playing.now(), self.metrics, stamp=self._stamp, feed=feed)
            playing.listeners.append(broadcast.publish)
            known = self._broadcasts[name] = (playing, broadcast)
        return known

    def _tell_feed(self, status: FeedStatus) -> None:
        """Those who watch what was live hear of the feed, the session that follows it included."""
        for _, broadcast in self._broadcasts.values():
            broadcast.tell_feed(status)

    def _forget(self, key: str) -> None:
        self._broadcasts.pop(key, None)
