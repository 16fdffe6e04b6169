"""How a session is followed live: connect, subscribe, record, hand over; and again, whenever the connection breaks."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from random import Random

import structlog

from overcut.domain.frame import TOPIC_ORDER, Frame
from overcut.kernel.backoff import BackOff
from overcut.kernel.errors import NotAllowedError, OvercutError
from overcut.kernel.http import checked_url
from overcut.kernel.settings import Settings
from overcut.sources.live.connection import Link, LinkLostError, LiveTimes, opened
from overcut.sources.live.credentials import held_token
from overcut.sources.live.feed import Feed
from overcut.sources.live.protocol import subscribe
from overcut.sources.live.recorder import Recorder, SessionChanged
from overcut.sources.live.status import LiveState, LiveStatus
from overcut.sources.live.token import SOON_MS, Token, now_utc_ms, time_left

log = structlog.stdlib.get_logger(__name__)

TWIN = ("TimingData", "TimingDataF1")
"""The second says what the first does; it is asked for only where the first is absent, so that nothing counts twice."""

TOPICS: tuple[str, ...] = tuple(topic for topic in TOPIC_ORDER if topic != TWIN[1])
"""What is subscribed to: every topic known."""

Item = list[Frame] | SessionChanged


class LiveClient:
    """Follows the live feed, recording everything before handing it over.

    Args:
        settings: where the hub is (``live_url``), the home folder, the token of the environment.
        topics: what to subscribe to.
        recorder: where frames go first; it also decides their ``t_ms``.
        anonymous: send no token, even where one is held.
        times: how patient to be.
        random: of the waits' jitter; a seeded one gives the same waits every time.

    Raises:
        WrongUsageError: the hub's address is not one that may be asked.
    """

    def __init__(
        self,
        settings: Settings,
        topics: Sequence[str],
        recorder: Recorder,
        *,
        anonymous: bool = False,
        times: LiveTimes | None = None,
        random: Random | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = checked_url(settings.live_url, "the setting live_url")
        self._settings = settings
        self._topics = tuple(topics)
        self._anonymous = anonymous
        self._times = times or LiveTimes()
        self._now_s = now_s
        self._recorder = recorder
        self._feed = Feed(recorder, hold_s=self._times.hold_s, now_s=now_s)
        self._back_off = BackOff(first_s=self._times.first_s, most_s=self._times.most_s, random=random)
        self._items: asyncio.Queue[Item | None] = asyncio.Queue()
        self._state, self._why = LiveState.CONNECTING, ""
        self._attempt = 0
        self._next_try_at_s: float | None = None
        self._connections = 0
        self._token: Token | None = None
        self._warned = False
        self._heard_at_s: float | None = None
        self._stopped = False

    async def batches(self) -> AsyncIterator[Item]:
        """Frames as they come, each batch on disk before it is yielded and in order of its stamps.

        A `SessionChanged` comes before the first frame of each session; batches of a resumed recording's earlier
        frames follow it. Receiving and recording go on however slowly this is read. It ends after `stop`, or when the
        hub closes after the session is over.

        Raises:
            NotAllowedError: the hub refuses us or our token, or the token has ended.
            DataMissingError: there is no hub at the address.
            OvercutError: the hub sends us elsewhere, or no recording can be begun.
        """
        self._prepare()
        following = asyncio.create_task(self._follow())
        syncing = asyncio.create_task(self._sync_often())
        following.add_done_callback(lambda _: self._items.put_nowait(None))
        try:
            while (item := await self._items.get()) is not None:
                yield item
            if following.done() and not following.cancelled():
                following.result()  # raises what ended it
        finally:
            for task in (following, syncing):
                task.cancel()
            for task in (following, syncing):
                with contextlib.suppress(asyncio.CancelledError, OvercutError):
                    await task
            await asyncio.to_thread(self._recorder.finish)

    def _prepare(self) -> None:
        try:
            self._recorder.prepare()
        except OvercutError as error:
            self._state, self._why = LiveState.ENDED, error.what
            raise

    def stop(self) -> None:
        """End `batches`, after what has been received."""
        self._stopped = True
        self._state, self._next_try_at_s = LiveState.ENDED, None
        self._items.put_nowait(None)

    def status(self) -> LiveStatus:
        """How the client is doing now."""
        now_s, recorder, feed = self._now_s(), self._recorder, self._feed
        next_try = None if self._next_try_at_s is None else max(0.0, self._next_try_at_s - now_s)
        return LiveStatus(
            state=self._state,
            why=recorder.problem or self._why,
            attempt=self._attempt,
            next_try_s=next_try,
            reconnects=max(0, self._connections - 1),
            token_expires_utc_ms=self._token.expires_utc_ms if self._token else None,
            last_frame_utc_ms=recorder.newest_utc_ms,
            last_heard_s=None if self._heard_at_s is None else now_s - self._heard_at_s,
            frames=recorder.frames,
            topics=dict(feed.counts),
            absent=feed.absent(self._topics),
            recording=recorder.path,
            recording_bytes=recorder.size,
            unrecorded=recorder.unrecorded,
            defects=recorder.unreadable + feed.unreadable,
            session_over=feed.session_over,
        )

    async def _follow(self) -> None:
        """Connect again and again until the session is over."""
        while not self._stopped:
            self._state, self._attempt, self._next_try_at_s = LiveState.CONNECTING, self._attempt + 1, None
            began_s = self._now_s()
            try:
                await self._follow_once()
            except LinkLostError as lost:
                self._why = lost.why
                if self._feed.session_over and lost.final:
                    self._state = LiveState.ENDED
                    return
                self._recorder.note("lost", lost.why)
                log.warning("the live feed broke off", why=lost.why)
                if self._now_s() - began_s >= self._times.settled_s:
                    self._back_off.reset()
                await self._wait(0.0 if lost.invited and self._back_off.attempt == 0 else None)
            except NotAllowedError as refused:
                self._state, self._why = LiveState.REFUSED, refused.what
                raise
            except OvercutError as error:
                self._state, self._why = LiveState.ENDED, error.what
                raise

    async def _wait(self, wait_s: float | None) -> None:
        drawn_s = self._back_off.next_s()
        wait_s = drawn_s if wait_s is None else wait_s
        self._state, self._next_try_at_s = LiveState.WAITING, self._now_s() + wait_s
        await asyncio.sleep(wait_s)

    async def _follow_once(self) -> None:
        """One connection, from its first byte to its end.

        Raises:
            LinkLostError: it ended.
        """
        self._token = self._held_token()
        self._warn_of_token()
        async with opened(self._url, self._token, self._times) as link:
            self._feed.connected()
            await link.send(subscribe(self._topics, self._feed.next_call()))
            guard = asyncio.create_task(self._guard(link))
            try:
                async for records in link.incoming():
                    self._heard_at_s = self._now_s()
                    for item in self._feed.take(records):
                        self._items.put_nowait(item)
                    await self._answered(link)
                    if self._feed.closing is not None:
                        raise self._feed.closing
            finally:
                guard.cancel()

    async def _answered(self, link: Link) -> None:
        """After the snapshot: we are connected; and ask for the twin of a topic that is absent."""
        if self._feed.answered and self._state is not LiveState.CONNECTED:
            self._state, self._why, self._attempt = LiveState.CONNECTED, "", 0
            self._connections += 1
            log.info("connected to the live feed", topics=len(self._topics), recording=str(self._recorder.path))
            if TWIN[0] in self._topics and TWIN[0] in self._feed.absent(self._topics):
                await link.send(subscribe(TWIN[1:], self._feed.next_call()))

    async def _guard(self, link: Link) -> None:
        """Break a connection on which pings come and the feed does not."""
        while True:
            await asyncio.sleep(self._times.guard_s / 9)
            for item in self._feed.release_held():
                self._items.put_nowait(item)
            if self._feed.silent_for_s() > self._times.guard_s:
                await link.give_up(f"nothing from the feed for {self._times.guard_s:g} s, although the hub pings")
                return

    async def _sync_often(self) -> None:
        while True:
            await asyncio.sleep(self._times.sync_s)
            self._recorder.retry()
            self._warn_of_token()
            await asyncio.to_thread(self._recorder.sync)

    def _held_token(self) -> Token | None:
        """The token to send, looked up anew for each connection: a login takes effect without a restart."""
        token = None if self._anonymous else held_token(self._settings, self._url)
        if token is not None and token != self._token:
            self._warned = False
            log.info("using a token for the live feed", token=time_left(token, now_utc_ms()))
        return token

    def _warn_of_token(self) -> None:
        """Say once that the token ends soon: at the start, or when that time comes."""
        left = None if self._token is None else self._token.left_ms(now_utc_ms())
        if self._token is not None and left is not None and left < SOON_MS and not self._warned:
            self._warned = True
            said = time_left(self._token, now_utc_ms())
            log.warning("the token of the live feed ends soon", token=said, hint="overcut login takes a new one")
