"""How what the live client yields becomes a session on the board, and how the feed itself stands."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import msgspec
import structlog

from overcut.domain.frame import Frame
from overcut.kernel.errors import OvercutError
from overcut.runtime.live_session import LiveSession
from overcut.runtime.sessions import Sessions
from overcut.sources.live import LiveState, LiveStatus, SessionChanged

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.live")

TELL_EVERY_S = 2.0
"""Viewers hear how the feed stands at least this often, and at once when it changes."""


FIRST_REST_S = 30.0
LONGEST_REST_S = 600.0
"""How long we leave a hub alone that has refused us, or whose session is over."""


class Client(Protocol):
    """What a live session is fed by (``sources.live.LiveClient``): batches that are on disk already."""

    def batches(self) -> AsyncIterator[list[Frame] | SessionChanged]:
        """Frames as they come; a mark before the first of each session."""
        ...

    def status(self) -> LiveStatus:
        """How the connection stands."""
        ...


class FeedStatus(msgspec.Struct, frozen=True):
    """How the live feed stands, as viewers are told.

    Attributes:
        state: connecting, connected, waiting (for the next attempt), refused, ended. ``why``: in words, where it needs
            any; ``hint``: what to do about it.
        session: the key of the session that is live; None before there is one.
        attempt: attempts since the last frame. ``next_try_ms``: time to the next one, while waiting.
        frame_age_ms: since the newest frame came; None before the first.
        frames: how many have been recorded. ``recording``: the name of the file.
        unrecorded: frames that are not on disk (it is full); 0 is the rule.
        token_expires_utc_ms: when the access token ends, where one is used.
    """

    state: LiveState
    why: str = ""
    hint: str = ""
    session: str | None = None
    attempt: int = 0
    next_try_ms: int | None = None
    frame_age_ms: int | None = None
    frames: int = 0
    recording: str | None = None
    unrecorded: int = 0
    token_expires_utc_ms: int | None = None

    def differs(self, other: FeedStatus) -> bool:
        """Whether viewers should hear of it at once (counters and ages alone are no news)."""
        return (self.state, self.why, self.session, self.attempt, self.recording, self.token_expires_utc_ms) != (
            other.state, other.why, other.session, other.attempt, other.recording, other.token_expires_utc_ms
        ) or bool(self.unrecorded) != bool(other.unrecorded)  # fmt: skip


class LiveFeed:
    """The live side of a server: one client, one session at a time. Use it on one event loop.

    A client ends when its session is over, or when the hub refuses us. The next session may be tomorrow, a new token
    a minute away: so there is another attempt, soon at first, then every `LONGEST_REST_S` seconds.

    Attributes:
        listeners: told how the feed stands, at once when it changes; they must not wait.
        failure: what ended the last client; None while one runs, and when its session ended as it should.

    Args:
        connect: makes a client; where frames come from.
        sessions: where the live session is opened.
        delay_ms: how far behind the present a session is shown until somebody chooses otherwise.
        rest_s: how long to rest before the first attempt after a client has ended; None makes no other.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        sessions: Sessions,
        *,
        delay_ms: int = 0,
        rest_s: float | None = FIRST_REST_S,
    ) -> None:
        self.listeners: list[Callable[[FeedStatus], None]] = []
        self.failure: OvercutError | None = None
        self._connect = connect
        self._client = connect()
        self._rest_s = rest_s
        self._again_s: float | None = None
        self._sessions = sessions
        self._delay_ms = delay_ms
        self._live: LiveSession | None = None
        self._heard_s: float | None = None
        self._told: FeedStatus | None = None
        self._told_s = 0.0
        self._last_key: str | None = None

    async def run(self) -> None:
        """Take in what comes, client after client, until cancelled. What ends a client is told, not raised."""
        watch = asyncio.create_task(self._watch(), name="watching the feed")
        try:
            rest_s: float | None = None
            while True:
                before, began_s = self._last_key, time.monotonic()
                await self._follow()
                if self._rest_s is None:
                    return
                news = self._last_key != before or time.monotonic() - began_s > LONGEST_REST_S
                rest_s = self._rest_s if news or rest_s is None else min(rest_s * 2, LONGEST_REST_S)
                self._again_s = time.monotonic() + rest_s
                await asyncio.sleep(rest_s)
                self._again_s, self._client = None, self._connect()
        finally:
            watch.cancel()
            await asyncio.wait([watch])

    async def _follow(self) -> None:
        """One client, from its first frame to its end."""
        self.failure = None
        try:
            async for item in self._client.batches():
                await self._take(item)
                self._tell()
        except OvercutError as error:
            log.error("the live feed ended", what=error.what, why=error.why, hint=error.hint)
            self.failure = error
        finally:
            self._finish()
            self._tell()

    def status(self) -> FeedStatus:
        """How the feed stands."""
        told = self._client.status()
        next_try_s = told.next_try_s if self._again_s is None else max(0.0, self._again_s - time.monotonic())
        age_s = None if self._heard_s is None else time.monotonic() - self._heard_s
        return FeedStatus(
            state=told.state,
            why=told.why,
            hint=self.failure.hint if self.failure else "",
            session=self._live.key if self._live else None,
            attempt=told.attempt,
            next_try_ms=None if next_try_s is None else round(next_try_s * 1000),
            frame_age_ms=None if age_s is None else round(age_s * 1000),
            frames=told.frames,
            recording=told.recording.name if told.recording else None,
            unrecorded=told.unrecorded,
            token_expires_utc_ms=told.token_expires_utc_ms,
        )

    async def _take(self, item: list[Frame] | SessionChanged) -> None:
        if isinstance(item, SessionChanged):
            self._finish()
            self._live = LiveSession(self._sessions, item, self._delay_ms)
            self._last_key = self._live.key
            return
        self._heard_s = time.monotonic()
        if self._live is not None:
            await self._live.take(item)

    def _finish(self) -> None:
        """The session that was live is over: it stays open, as a recording; the next one begins with its delay."""
        if self._live is not None:
            self._delay_ms = self._live.finish()
            self._live = None

    async def _watch(self) -> None:
        """Tell what happens between two batches: a lost connection, an attempt, a long silence."""
        while True:
            self._tell()
            await asyncio.sleep(0.25)

    def _tell(self) -> None:
        now, now_s = self.status(), time.monotonic()
        if self._live is not None:
            self._live.over(self._client.status().session_over)
        if self._told is not None and not now.differs(self._told) and now_s - self._told_s < TELL_EVERY_S:
            return
        if self._told is None or self._told.state != now.state:
            log.info("live feed", state=now.state, why=now.why, attempt=now.attempt)
        self._told, self._told_s = now, now_s
        for listener in self.listeners:
            listener(now)
