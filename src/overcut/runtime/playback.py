"""Where in a recording we are: play, pause, seek, speed, by an injected clock."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.defects import merge_defects
from overcut.domain.events import AnyEvent
from overcut.domain.laps import Lap
from overcut.domain.state import MapState, SessionState
from overcut.kernel.errors import WrongUsageError
from overcut.runtime.clock import Clock
from overcut.runtime.recorded import Recorded
from overcut.timing.engine import Engine

MIN_SPEED = 0.25
MAX_SPEED = 60.0
AS_FAST_AS_POSSIBLE = 0.0
BURST_FRAMES = 400
"""Frames of one step at unlimited speed: few enough that a step stays well under a tick."""


class PlaybackMode(StrEnum):
    """Whether time can be moved (a replay) or not (live)."""

    REPLAY = "replay"
    LIVE = "live"


class PlaybackStatus(msgspec.Struct, frozen=True):
    """What a replay bar shows. ``speed`` 0 means as fast as possible; ``ended``: at the recording's end."""

    mode: PlaybackMode
    paused: bool
    speed: float
    t_ms: int
    start_ms: int
    end_ms: int
    ended: bool


class Playback:
    """One engine moved through one recording.

    After any sequence of commands the engine has read exactly the frames stamped up to ``t_ms``, so its state equals
    that of a straight run to the same moment, byte for byte. Not safe for threads; nothing here waits.

    Attributes:
        epoch: changes whenever time jumps, so that a reader of deltas knows to start anew.

    Args:
        recorded: the recording.
        clock: what paces it.
        start_at_ms: where to begin, the recording's start when None.
        first_epoch: the first epoch; numbers above it follow.
    """

    def __init__(
        self,
        recorded: Recorded,
        clock: Clock,
        *,
        start_at_ms: int | None = None,
        speed: float = 1.0,
        paused: bool = False,
        first_epoch: int = 1,
    ) -> None:
        self.epoch = first_epoch
        self._recorded = recorded
        self._clock = clock
        self._speed = checked_speed(speed)
        self._paused = paused
        self._events: list[AnyEvent] = []
        self._start_ms = recorded.timeline.start_ms
        self._end_ms = recorded.timeline.end_ms
        self._t_ms = self._within(self._start_ms if start_at_ms is None else start_at_ms)
        self._read = recorded.frames_until(self._t_ms)
        self._engine: Engine = recorded.engine_after(self._read)
        self._anchor()

    @property
    def t_ms(self) -> int:
        """The moment up to which frames have been read."""
        return self._t_ms

    @property
    def running(self) -> bool:
        """Whether time moves on its own."""
        return not self._paused and self._t_ms < self._end_ms

    @property
    def unlimited(self) -> bool:
        """Whether it runs as fast as possible."""
        return self._speed == AS_FAST_AS_POSSIBLE

    def status(self) -> PlaybackStatus:
        """What a replay bar shows."""
        return PlaybackStatus(
            PlaybackMode.REPLAY,
            self._paused,
            self._speed,
            self._t_ms,
            self._start_ms,
            self._end_ms,
            self._t_ms >= self._end_ms,
        )

    def state(self) -> SessionState:
        """The session at ``t_ms``; lines that never became frames count among its defects."""
        state = self._engine.state()
        merge_defects(state.defects, self._recorded.defects)
        return state

    def map(self) -> MapState:
        """Car places and telemetry at ``t_ms``."""
        return self._engine.map(self._t_ms)

    def laps(self) -> tuple[Lap, ...]:
        """Laps completed by ``t_ms``."""
        return self._engine.laps()

    def checkpoint(self) -> bytes:
        """The engine as bytes (two playbacks at the same moment give the same)."""
        return self._engine.checkpoint()

    def take_events(self) -> tuple[AnyEvent, ...]:
        """Events since the last call, none across a jump."""
        events, self._events = tuple(self._events), []
        return events

    def advance(self) -> bool:
        """Move to where the clock says, in one batch; whether frames were read."""
        if not self.running:
            return False
        if self.unlimited:
            last = min(self._read + BURST_FRAMES, len(self._recorded.frames)) - 1
            due_ms = self._recorded.frames[last].t_ms
        else:
            elapsed_s = self._clock.now_s() - self._anchor_s
            due_ms = self._anchor_ms + int(elapsed_s * 1000 * self._speed)
        return self._read_until(min(max(due_ms, self._t_ms), self._end_ms))

    def play(self) -> None:
        """Let time run; from the start again when it stands at the end."""
        if self._t_ms >= self._end_ms:
            self.seek(self._start_ms)
        self._paused = False
        self._anchor()

    def pause(self) -> None:
        """Stop time where it is now."""
        self.advance()
        self._paused = True

    def set_speed(self, speed: float) -> None:
        """Run at ``speed`` times real time from now on; 0 as fast as possible.

        Raises:
            WrongUsageError: neither 0 nor within 0.25 to 60.
        """
        checked = checked_speed(speed)
        self.advance()
        self._speed = checked
        self._anchor()

    def seek(self, t_ms: int) -> None:
        """Jump to ``t_ms``, held within the recording. Events in between are not told; the epoch changes."""
        target_ms = self._within(t_ms)
        read = self._recorded.frames_until(target_ms)
        self._engine = self._recorded.engine_after(read, (self._read, self._engine))
        self._read = read
        self._t_ms = target_ms
        self._events.clear()
        self.epoch += 1
        self._anchor()

    def _read_until(self, t_ms: int) -> bool:
        frames, engine, before = self._recorded.frames, self._engine, self._read
        read = self._recorded.frames_until(t_ms)
        for index in range(before, read):
            self._events += engine.advance(frames[index])
        self._read = read
        self._t_ms = t_ms
        return read > before

    def _anchor(self) -> None:
        self._anchor_s = self._clock.now_s()
        self._anchor_ms = self._t_ms

    def _within(self, t_ms: int) -> int:
        return min(max(t_ms, self._start_ms), self._end_ms)


def checked_speed(speed: float) -> float:
    """``speed`` when it is possible.

    Raises:
        WrongUsageError: neither 0 nor within 0.25 to 60.
    """
    if speed == AS_FAST_AS_POSSIBLE or MIN_SPEED <= speed <= MAX_SPEED:
        return float(speed)
    raise WrongUsageError(
        f"A speed of {speed:g} is not possible",
        hint=f"choose {MIN_SPEED:g} to {MAX_SPEED:g} times real time, or 0 for as fast as possible",
    )
