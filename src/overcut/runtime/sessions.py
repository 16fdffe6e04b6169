"""Which sessions are open: named ones at once and for good, others when asked for and until nobody watches."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable

import msgspec
import structlog

from overcut.kernel.errors import OvercutError
from overcut.runtime.catalogue import Catalogue, KnownSession
from overcut.runtime.clock import Clock, MonotonicClock
from overcut.runtime.growing import Growing
from overcut.runtime.live_edge import Edge
from overcut.runtime.playback import Playback
from overcut.runtime.playing import Playing
from overcut.runtime.recorded import Recorded, record

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.sessions")

MAX_UNNAMED_OPEN = 4
"""Sessions open at once beside the named ones; each holds its frames in memory (2 to 80 MB)."""

IDLE_AFTER_S = 600.0
"""An unnamed session that nobody watched or asked about for this long is closed."""


class TooManySessionsError(OvercutError):
    """Every place for an open session is taken by one that somebody watches."""


class Opening(msgspec.Struct, frozen=True):
    """How a playback begins.

    Attributes:
        speed: times real time, 0 as fast as possible. ``paused``: stand still until somebody presses play.
        run_up_ms: start this long before the session's own start (lights out); None starts with the recording.
    """

    speed: float = 1.0
    paused: bool = False
    run_up_ms: int | None = 60_000


class Sessions:
    """Opens sessions off the event loop, runs them, closes idle ones. One per server; use it on one event loop.

    Args:
        catalogue: what can be opened.
        opening: how playbacks begin.
        clock: what paces them.
        tick_hz: board updates a second.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        opening: Opening | None = None,
        clock: Clock | None = None,
        tick_hz: float = 10.0,
    ) -> None:
        self.catalogue = catalogue
        self.closing: list[Callable[[str], None]] = []
        self.over: list[Callable[[KnownSession], None]] = []
        """Told when a live session is over, and when a recorded one was played to its end; they must not wait."""
        self._opening = opening or Opening()
        self._clock = clock or MonotonicClock()
        self._tick_hz = tick_hz
        self._open: dict[str, Playing] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._unnamed_lock = asyncio.Lock()
        self.ready = False

    async def start(self) -> None:
        """Open the named sessions, in order; ``ready`` when all were tried. One that cannot be opened is logged."""
        for known in self.catalogue.named():
            try:
                await self.playing(known.key)
            except OvercutError as error:
                log.error("a session cannot be opened", session=known.key, what=error.what, why=error.why)
        self.ready = True

    async def stop(self) -> None:
        """Close everything."""
        for key in list(self._open):
            await self._close(key)

    def open_now(self) -> dict[str, Playing]:
        """The open sessions by key."""
        return dict(self._open)

    async def playing(self, key: str) -> Playing:
        """The open session called ``key``, opened if need be.

        Raises:
            DataMissingError: there is none.
            TooManySessionsError: too many are being watched.
        """
        known = self.catalogue.find(key)
        async with self._locks.setdefault(known.key, asyncio.Lock()):
            playing = self._open.get(known.key)
            if playing is None:
                playing = await self._begin(known) if known.named else await self._begin_unnamed(known)
        playing.used_s = self._clock.now_s()
        return playing

    def adopt(self, known: KnownSession, growing: Growing, edge: Edge, delay_ms: int) -> Playing:
        """Open a live session that has begun to grow, at its present less ``delay_ms``.

        One that is open already (it was over, and goes on) stays open for those who watch it, at the moment where they
        are if that is not its end.
        """
        self.catalogue.adopt(known)
        before = self._open.get(known.key)
        was = before.playback.status() if before else None
        behind = was if was is not None and not (was.ended or was.following) else None
        playback = Playback(
            growing,
            self._clock,
            edge=edge,
            start_at_ms=behind.t_ms if behind else None,
            speed=behind.speed if behind else 1.0,
            paused=behind.paused if behind else False,
            delay_ms=delay_ms,
            first_epoch=_new_epoch(),
        )
        if before is not None:
            before.go_on(growing, playback)
            return before
        return self._run(known.key, Playing(growing, playback, self._clock, tick_hz=self._tick_hz))

    @property
    def clock(self) -> Clock:
        """What paces every playback."""
        return self._clock

    async def close_idle(self) -> None:
        """Close unnamed sessions that nobody has used for a while."""
        now_s = self._clock.now_s()
        for key, playing in self._unwatched():
            if now_s - playing.used_s >= IDLE_AFTER_S:
                await self._close(key)

    async def _begin(self, known: KnownSession) -> Playing:
        began_s = time.perf_counter()
        recorded = await asyncio.to_thread(_record, known)
        if known.key in self._open:  # it became the live session meanwhile
            return self._open[known.key]
        start_at_ms = None
        if self._opening.run_up_ms is not None:
            start_at_ms = recorded.timeline.lights_out_ms() - self._opening.run_up_ms
        playback = Playback(
            recorded,
            self._clock,
            start_at_ms=start_at_ms,
            speed=self._opening.speed,
            paused=self._opening.paused,
            first_epoch=_new_epoch(),
        )
        log.info(
            "session opened",
            session=known.key,
            frames=len(recorded.frames),
            checkpoints=len(recorded.checkpoints),
            checkpoint_mb=round(recorded.checkpoints.bytes / 1e6, 1),
            seconds=round(time.perf_counter() - began_s, 2),
        )
        playing = self._run(known.key, Playing(recorded, playback, self._clock, tick_hz=self._tick_hz))
        playing.listeners.append(lambda tick: self.tell_over(known) if tick.playback.ended else None)
        return playing

    def tell_over(self, known: KnownSession) -> None:
        """A live session is over, or a recorded one stands at its end."""
        for told in self.over:
            told(known)

    def _run(self, key: str, playing: Playing) -> Playing:
        leave_alone_what_is_loaded()
        self._open[key] = playing
        self._tasks[key] = asyncio.create_task(playing.run(), name=f"playing {key}")
        self._tasks[key].add_done_callback(_report_failure)
        return playing

    async def _begin_unnamed(self, known: KnownSession) -> Playing:
        async with self._unnamed_lock:  # one at a time, or a rush of requests would find room for all of them
            await self._make_room(known)
            return await self._begin(known)

    async def _make_room(self, wanted: KnownSession) -> None:
        unnamed = [key for key in self._open if not self.catalogue.find(key).named]
        if len(unnamed) < MAX_UNNAMED_OPEN:
            return
        unwatched = self._unwatched()
        if not unwatched:
            raise TooManySessionsError(
                f"{wanted.key} cannot be opened now",
                why=f"{len(unnamed)} other sessions are being watched",
                hint="close one of them, or try again later",
            )
        await self._close(min(unwatched, key=lambda item: item[1].used_s)[0])

    def _unwatched(self) -> list[tuple[str, Playing]]:
        return [
            (key, playing)
            for key, playing in self._open.items()
            if not playing.viewers and not self.catalogue.find(key).named
        ]

    async def _close(self, key: str) -> None:
        task = self._tasks.pop(key)
        del self._open[key]
        task.cancel()
        await asyncio.wait([task])
        for closed in self.closing:
            closed(key)
        leave_alone_what_is_loaded()
        log.info("session closed", session=key)


def leave_alone_what_is_loaded() -> None:
    """Have the garbage collector look only at what is made from now on: a loaded session has hundreds of thousands of
    objects, all of them in use, and each look at them would stop everybody for 50 ms."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _new_epoch() -> int:
    """An epoch that no earlier run of the server can have used: a client that resumes across a restart must not be
    taken for one of ours."""
    return time.time_ns() // 1_000_000


def _record(known: KnownSession) -> Recorded:
    return record(known.open())


def _report_failure(task: asyncio.Task[None]) -> None:
    """A playback that dies is a defect of ours: say so loudly instead of standing still in silence."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a playback stopped", task=task.get_name(), exc_info=error)
