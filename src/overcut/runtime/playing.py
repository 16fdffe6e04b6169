"""How an open session runs: one shared playback, stepped at an even tick, told to whoever listens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import msgspec

from overcut.domain.events import AnyEvent
from overcut.domain.state import MapState, SessionState
from overcut.runtime.clock import Clock
from overcut.runtime.playback import Playback, PlaybackStatus
from overcut.runtime.recorded import Recorded


class Play(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="play", tag_field="action"):
    """Let time run (from the start again at the end)."""


class Pause(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pause", tag_field="action"):
    """Stop time."""


class Seek(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="seek", tag_field="action"):
    """Jump to a moment, milliseconds since the session's feed began."""

    t_ms: int


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="speed", tag_field="action"):
    """Run at 0.25 to 60 times real time; 0 as fast as possible."""

    speed: float


PlaybackCommand = Play | Pause | Seek | Speed


class Tick(msgspec.Struct, frozen=True):
    """What listeners are told: everything at one moment, and what happened since the last tick."""

    epoch: int
    playback: PlaybackStatus
    state: SessionState
    map: MapState
    events: tuple[AnyEvent, ...]


Listener = Callable[[Tick], None]


class Playing:
    """An open session. All viewers share its one playback: what one of them does, all see.

    Attributes:
        listeners: called on the event loop with every tick; they must not wait.
        viewers: how many connections watch; the server keeps count.
        used_s: when it was last asked for anything, by the clock.
        lag_s: how late the last tick began.
    """

    def __init__(self, recorded: Recorded, playback: Playback, clock: Clock, *, tick_hz: float = 10.0) -> None:
        self.recorded = recorded
        self.playback = playback
        self.listeners: list[Listener] = []
        self.viewers = 0
        self.used_s = clock.now_s()
        self.lag_s = 0.0
        self._clock = clock
        self._tick_s = 1.0 / tick_hz
        self._nudge = asyncio.Event()

    def now(self) -> Tick:
        """The present moment, without events."""
        playback = self.playback
        return Tick(playback.epoch, playback.status(), playback.state(), playback.map(), ())

    def step(self) -> None:
        """Move to where the clock says and tell the listeners."""
        self.playback.advance()
        self._tell()

    def command(self, command: PlaybackCommand) -> PlaybackStatus:
        """Do what a viewer asked, and tell everybody at once.

        Raises:
            WrongUsageError: the speed is not possible.
        """
        match command:
            case Play():
                self.playback.play()
            case Pause():
                self.playback.pause()
            case Seek(t_ms=t_ms):
                self.playback.seek(t_ms)
            case Speed(speed=speed):
                self.playback.set_speed(speed)
        self._tell()
        self._nudge.set()
        return self.playback.status()

    async def run(self) -> None:
        """Step at an even beat until cancelled; sleep while time stands still."""
        due_s = self._clock.now_s()
        while True:
            self._nudge.clear()
            if not self.playback.running:
                await self._nudge.wait()
                due_s = self._clock.now_s()
                continue
            self.lag_s = max(0.0, self._clock.now_s() - due_s)
            self.step()
            now_s = self._clock.now_s()
            due_s = max(due_s + self._tick_s, now_s)
            await self._wait(0.0 if self.playback.unlimited else due_s - now_s)

    async def _wait(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0.001)  # others' turn, even when we are late
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudge.wait()

    def _tell(self) -> None:
        playback = self.playback
        tick = Tick(playback.epoch, playback.status(), playback.state(), playback.map(), playback.take_events())
        for listener in self.listeners:
            listener(tick)
