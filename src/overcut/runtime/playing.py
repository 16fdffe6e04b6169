"""How an open session runs: one shared playback, stepped at an even tick or by a live frame, told to who listens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import msgspec

from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame
from overcut.domain.state import MapState, SessionState
from overcut.runtime.clock import Clock
from overcut.runtime.commands import Delay, GoLive, Pause, Play, PlaybackCommand, Seek, Speed
from overcut.runtime.playback import Playback, PlaybackStatus
from overcut.runtime.recorded import Recorded

SEEK_EVERY_S = 0.05
"""Seeks that come faster are one: the last wins. Twenty viewers who drag the handle cost no more than one."""

FRAME_EVERY_S = 0.025
"""Live frames that come faster are told together: at most 40 ticks a second."""

BUSY_SHARE = 0.75
"""Of the time from one tick or seek to the next, at most this share may go into telling it: the rest is others'."""


class Tick(msgspec.Struct, frozen=True):
    """What listeners are told: everything at one moment, and what happened since the last tick.

    ``arrived_s``: when the oldest live frame that is told for the first time arrived, by the session's clock.
    """

    epoch: int
    playback: PlaybackStatus
    state: SessionState
    map: MapState
    events: tuple[AnyEvent, ...]
    arrived_s: float | None = None


Listener = Callable[[Tick], None]


class Playing:
    """An open session. All viewers share its one playback: what one of them does, all see.

    Attributes:
        listeners: called on the event loop with every tick; they must not wait.
        viewers: how many connections watch; the server keeps count.
        used_s: when it was last asked for anything, by the clock.
        lag_s: how late the last tick began.
        cost_s: how long the last tick, or seek, took with all that was told.
    """

    def __init__(self, recorded: Recorded, playback: Playback, clock: Clock, *, tick_hz: float = 10.0) -> None:
        self.recorded = recorded
        self.playback = playback
        self.listeners: list[Listener] = []
        self.viewers = 0
        self.used_s = clock.now_s()
        self.lag_s = 0.0
        self.cost_s = 0.0
        self._clock = clock
        self._tick_s = 1.0 / tick_hz
        self._nudge = asyncio.Event()
        self._arrived_s: float | None = None
        self._wanted_ms: int | None = None
        self._seeking: asyncio.Task[None] | None = None
        self._sought_s = float("-inf")

    def now(self) -> Tick:
        """The present moment, without events."""
        playback = self.playback
        return Tick(playback.epoch, playback.status(), playback.state(), playback.map(), ())

    def step(self) -> None:
        """Move to where the clock says and tell the listeners."""
        self.playback.advance()
        self._tell()

    def arrived(self, frame: Frame) -> None:
        """A live frame has been put in place: it will be told with the next tick, which is soon if it shows."""
        if self.playback.arrived(frame) or self.playback.due(frame):
            if self._arrived_s is None:
                self._arrived_s = self._clock.now_s()
            self._nudge.set()

    def read_anew(self) -> None:
        """Much has been put in place at once, of the past as well: start from a checkpoint rather than read it all."""
        self.playback.read_anew()
        self._tell()
        self._nudge.set()

    async def command(self, command: PlaybackCommand) -> PlaybackStatus:
        """Do what a viewer asked, and tell everybody at once.

        Seeks wait for their turn (`SEEK_EVERY_S`); of those that wait together the last one is done, for all.

        Raises:
            WrongUsageError: the speed or the delay is not possible, or nothing is live.
        """
        if isinstance(command, Seek):
            self._wanted_ms = command.t_ms
            if self._seeking is None:
                self._seeking = asyncio.create_task(self._seek_in_turn())
            await asyncio.shield(self._seeking)
            return self.playback.status()
        playback = self.playback
        match command:
            case Play():
                playback.play()
            case Pause():
                playback.pause()
            case Speed(speed=speed):
                playback.set_speed(speed)
            case Delay(delay_ms=delay_ms):
                playback.set_delay(delay_ms)
            case GoLive():
                playback.go_live()
        self._tell()
        self._nudge.set()
        return playback.status()

    def go_on(self, recorded: Recorded, playback: Playback) -> None:
        """The session that was over is live again, or its recording goes on: the same viewers see that from now on."""
        self.recorded, self.playback = recorded, playback
        self._wanted_ms = None
        self._tell()
        self._nudge.set()

    def finish(self) -> None:
        """The live session is over: what was live is a recording now."""
        self.playback.finish()
        self._tell()
        self._nudge.set()

    async def run(self) -> None:
        """Step at an even beat, and when live frames come, until cancelled; sleep while time stands still."""
        due_s = self._clock.now_s()
        while True:
            self._nudge.clear()
            if not self.playback.running and self._arrived_s is None:
                await self._nudge.wait()
                due_s = self._clock.now_s()
                continue
            began_s = self._clock.now_s()
            self.lag_s = max(0.0, began_s - due_s)
            self.step()
            now_s = self._clock.now_s()
            self.cost_s = now_s - began_s
            due_s = max(due_s + self._tick_s, now_s)
            if await self._wait(0.0 if self.playback.unlimited else due_s - now_s):
                await self._rest_until(began_s + max(FRAME_EVERY_S, self.cost_s / BUSY_SHARE))
                due_s = self._clock.now_s()

    async def _seek_in_turn(self) -> None:
        try:
            await self._rest_until(self._sought_s + max(SEEK_EVERY_S, self.cost_s / BUSY_SHARE))
        finally:
            self._seeking = None
        wanted_ms, self._wanted_ms = self._wanted_ms, None
        if wanted_ms is None:
            return
        self._sought_s = self._clock.now_s()
        self.playback.seek(wanted_ms)
        self._tell()
        self.cost_s = self._clock.now_s() - self._sought_s
        self._nudge.set()

    async def _wait(self, seconds: float) -> bool:
        """Until the next beat; whether something happened before it."""
        if seconds <= 0:
            await asyncio.sleep(0.001)  # others' turn, even when we are late
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._nudge.wait()
        return False

    async def _rest_until(self, moment_s: float) -> None:
        rest_s = moment_s - self._clock.now_s()
        if rest_s > 0:
            await asyncio.sleep(rest_s)

    def _tell(self) -> None:
        playback = self.playback
        arrived_s, self._arrived_s = self._arrived_s, None
        tick = Tick(
            playback.epoch, playback.status(), playback.state(), playback.map(), playback.take_events(), arrived_s
        )
        for listener in self.listeners:
            listener(tick)
