"""Where in a session we are: play, pause, seek, speed, delay, by an injected clock."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from overcut.domain.defects import merge_defects
from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame
from overcut.domain.laps import Lap
from overcut.domain.state import MapState, SessionState
from overcut.kernel.errors import WrongUsageError
from overcut.runtime.clock import Clock
from overcut.runtime.live_edge import Edge
from overcut.runtime.recorded import Recorded
from overcut.runtime.timeline import Timeline
from overcut.timing.engine import Engine
from overcut.timing.rewind import Rewinding

MIN_SPEED = 0.25
MAX_SPEED = 60.0
AS_FAST_AS_POSSIBLE = 0.0
MAX_DELAY_MS = 120_000
BURST_FRAMES = 400
"""Frames of one step at unlimited speed: few enough that a step stays well under a tick."""


class PlaybackMode(StrEnum):
    """Whether the session's end is known (a replay) or it still grows (live)."""

    REPLAY = "replay"
    LIVE = "live"


class PlaybackStatus(msgspec.Struct, frozen=True):
    """What a replay bar shows.

    Attributes:
        speed: times real time; 0 means as fast as possible.
        end_ms: the end of the recording; live, the present.
        ended: at the end, and there is no more to come.
        delay_ms: how far behind the present a live session is shown (a replay: the shift that was asked for).
        following: live, and at the present less the delay; false where somebody paused or went back.
    """

    mode: PlaybackMode
    paused: bool
    speed: float
    t_ms: int
    start_ms: int
    end_ms: int
    ended: bool
    delay_ms: int = 0
    following: bool = False


class Playback:
    """One engine moved through one session, recorded or live.

    After any sequence of commands the engine has read exactly the frames stamped up to ``t_ms`` (of a live session:
    those that have arrived), so its state equals that of a straight run to the same moment, byte for byte. Not safe for
    threads; nothing here waits.

    Attributes:
        epoch: changes whenever time jumps, so that a reader of deltas knows to start anew.

    Args:
        recorded: the session.
        clock: what paces it.
        edge: the present of a live session; None plays a recording.
        start_at_ms: where to begin: by default the recording's start, or the present less the delay.
        delay_ms: how far behind the present a live session is shown.
        first_epoch: the first epoch; numbers above it follow.
    """

    def __init__(
        self,
        recorded: Recorded,
        clock: Clock,
        *,
        edge: Edge | None = None,
        start_at_ms: int | None = None,
        speed: float = 1.0,
        paused: bool = False,
        delay_ms: int = 0,
        first_epoch: int = 1,
    ) -> None:
        self.epoch = first_epoch
        self._recorded = recorded
        self._clock = clock
        self._edge = edge
        self._speed = checked_speed(speed)
        self._paused = paused
        self._delay_ms = checked_delay(delay_ms)
        self._following = edge is not None and start_at_ms is None
        self._events: list[AnyEvent] = []
        first_ms = self._last_ms() if self._following else self._start_ms
        self._t_ms = self._within(first_ms if start_at_ms is None else start_at_ms)
        self._read = recorded.frames_until(self._t_ms)
        self._engine: Engine | Rewinding = self._engine_after(self._read, None)
        self._anchor()

    @property
    def _start_ms(self) -> int:
        return self._recorded.start_ms

    @property
    def _end_ms(self) -> int:
        return self._recorded.end_ms if self._edge is None else self._edge.now_ms()

    @property
    def t_ms(self) -> int:
        """The moment up to which frames have been read."""
        return self._t_ms

    @property
    def running(self) -> bool:
        """Whether time moves on its own."""
        return not self._paused and not self._ended()

    @property
    def unlimited(self) -> bool:
        """Whether it runs as fast as possible."""
        return self._speed == AS_FAST_AS_POSSIBLE and not self._following

    @property
    def live(self) -> bool:
        """Whether the session still grows."""
        return self._edge is not None

    @property
    def following(self) -> bool:
        """Whether it is live at the present less the delay."""
        return self._following

    def status(self) -> PlaybackStatus:
        """What a replay bar shows."""
        return PlaybackStatus(
            PlaybackMode.REPLAY if self._edge is None else PlaybackMode.LIVE,
            self._paused,
            self._speed,
            self._t_ms,
            self._start_ms,
            max(self._end_ms, self._t_ms),
            self._ended(),
            self._delay_ms,
            self._following,
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

    def timeline(self) -> Timeline:
        """The marks of a replay bar; of a live session none that the delay still holds back."""
        timeline = self._recorded.timeline
        return timeline.until(self._last_ms()) if self._edge is not None and self._delay_ms else timeline

    def take_events(self) -> tuple[AnyEvent, ...]:
        """Events since the last call, none across a jump."""
        events, self._events = tuple(self._events), []
        return events

    def arrived(self, frame: Frame) -> bool:
        """A live frame has been put in place among ``recorded.frames``: read it if it is of our past; whether it was.

        Frames of our future are read when their time comes.
        """
        if frame.t_ms > self._t_ms:
            return False
        self._events += self._engine.advance(frame)
        self._read += 1
        return True

    def due(self, frame: Frame) -> bool:
        """Whether a live frame of our future is to be shown right now."""
        return self._following and frame.t_ms <= self._last_ms()

    def advance(self) -> bool:
        """Move to where the clock says, in one batch; whether frames were read."""
        if not self.running:
            return False
        last_ms = self._last_ms()
        if self._following:
            return self._read_until(max(last_ms, self._t_ms))
        if self.unlimited:
            last = min(self._read + BURST_FRAMES, len(self._recorded.frames)) - 1
            due_ms = self._recorded.frames[last].t_ms if last >= self._read else last_ms
        else:
            elapsed_s = self._clock.now_s() - self._anchor_s
            due_ms = self._anchor_ms + int(elapsed_s * 1000 * self._speed)
        if self._edge is not None and due_ms >= last_ms and not 0 < self._speed < 1:  # caught up with the present
            self._follow()
        return self._read_until(max(min(due_ms, last_ms), self._t_ms))

    def play(self) -> None:
        """Let time run; from the start again when it stands at the end of a recording."""
        if self._edge is None and self._t_ms >= self._end_ms:
            self.seek(self._start_ms)
        self._paused = False
        self._anchor()

    def pause(self) -> None:
        """Stop time where it is now."""
        self.advance()
        self._paused = True
        self._following = False

    def set_speed(self, speed: float) -> None:
        """Run at ``speed`` times real time from now on; 0 as fast as possible.

        Raises:
            WrongUsageError: neither 0 nor within 0.25 to 60; or faster than real time at the present.
        """
        checked = checked_speed(speed)
        slower = 0 < checked < 1
        if self._following and checked != 1.0 and not slower:
            raise WrongUsageError(
                "The present cannot be outrun", hint="go back first; then a higher speed catches up with the present"
            )
        self.advance()
        if self._following and not slower:
            return  # it caught up with the present just now
        self._following = False
        self._speed = checked
        self._anchor()

    def seek(self, t_ms: int) -> None:
        """Jump to ``t_ms``, held within the session. Events in between are not told; the epoch changes."""
        last_ms = self._last_ms()
        target_ms = min(max(t_ms, self._start_ms), last_ms)
        read = self._recorded.frames_until(target_ms)
        self._engine = self._engine_after(read, self._engine)
        self._read = read
        self._t_ms = target_ms
        self._events.clear()
        self.epoch += 1
        if self._edge is not None:
            self._following = not self._paused and target_ms == last_ms
        self._anchor()

    def read_anew(self) -> None:
        """Take in frames of our past of which we were not told one by one; a jump, like a seek."""
        following = self._following
        self.seek(self._last_ms() if following else self._t_ms)
        self._following = following  # the clock may have moved on meanwhile

    def go_live(self) -> None:
        """Return to the present, less the delay, and stay there.

        Raises:
            WrongUsageError: it is a recording.
        """
        if self._edge is None:
            raise WrongUsageError("A recording has no present", hint="seek to its end_ms instead")
        self._paused = False
        if not self._following:
            self.seek(self._last_ms())
            self._follow()

    def set_delay(self, delay_ms: int) -> None:
        """Show the session this much later: a live one behind its present, a recording shifted by the change.

        Raises:
            WrongUsageError: not within 0 to 120 seconds.
        """
        change_ms = checked_delay(delay_ms) - self._delay_ms
        self.advance()
        self._delay_ms = delay_ms
        if self._edge is None:
            if change_ms:
                self.seek(self._t_ms - change_ms)
        elif self._following and change_ms > 0:
            self.seek(self._last_ms())
            self._follow()
        elif self._following:
            self.advance()

    def finish(self) -> None:
        """The live session is over: it is a recording from now on, and its present its end."""
        self.advance()
        self._edge = None
        self._following = False
        self.seek(self._t_ms)

    def _last_ms(self) -> int:
        """The latest moment that may be shown."""
        return self._end_ms if self._edge is None else max(self._end_ms - self._delay_ms, self._start_ms)

    def _ended(self) -> bool:
        return self._edge is None and self._t_ms >= self._end_ms

    def _follow(self) -> None:
        self._following, self._speed = True, 1.0

    def _engine_after(self, read: int, present: Engine | Rewinding | None) -> Engine | Rewinding:
        if self._edge is not None:
            return self._recorded.rewinding_after(read)
        return self._recorded.engine_after(read, (self._read, present) if isinstance(present, Engine) else None)

    def _read_until(self, t_ms: int) -> bool:
        frames, engine, before = self._recorded.frames, self._engine, self._read
        read = self._recorded.frames_until(t_ms)
        for index in range(before, read):
            self._events += engine.advance(frames[index])
        self._read = read
        self._t_ms = t_ms
        return read > before

    def _within(self, t_ms: int) -> int:
        return min(max(t_ms, self._start_ms), self._last_ms())

    def _anchor(self) -> None:
        self._anchor_s = self._clock.now_s()
        self._anchor_ms = self._t_ms


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


def checked_delay(delay_ms: int) -> int:
    """``delay_ms`` when it is possible.

    Raises:
        WrongUsageError: not within 0 to 120 seconds.
    """
    if 0 <= delay_ms <= MAX_DELAY_MS:
        return delay_ms
    raise WrongUsageError(
        f"A delay of {delay_ms / 1000:g} s is not possible", hint=f"choose 0 to {MAX_DELAY_MS // 1000} seconds"
    )
