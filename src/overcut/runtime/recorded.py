"""How a source becomes something that can be played and sought: its frames, its marks, and engine checkpoints."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from overcut.domain.defects import count_defect
from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect, Meeting
from overcut.domain.track_map import TrackOutline
from overcut.runtime.checkpoints import CHECKPOINT_EVERY_MS, Checkpoint, Checkpoints
from overcut.runtime.outlines import outline_of
from overcut.runtime.replay import no_message
from overcut.runtime.timeline import Timeline, TimelineWriter, WeatherReading
from overcut.sources.source import Source
from overcut.timing.engine import Engine
from overcut.timing.outline import OutlineLearner
from overcut.timing.rewind import Rewinding

STRAY_GAP_MS = 1_800_000
"""A few frames this long after all others are not the session's end but stamps gone wrong. The archive's own sessions
have pauses of up to 20 minutes before their last words."""

STRAY_FRAMES = 3
"""How many frames after such a gap are taken for strays (or one in a thousand, where that is more)."""


class Pass(NamedTuple):
    """An engine on its way through a session, and the marks that it has left behind."""

    engine: Engine
    marks: TimelineWriter

    def read(self, frame: Frame) -> list[AnyEvent]:
        """Take in the next frame; the events that it caused."""
        events = self.engine.advance(frame)
        for event in events:
            self.marks.note(event)
        if frame.topic == "LapCount":
            self.marks.note_lap(frame.t_ms, self.engine.state().lap)
        return events


class Recorded:
    """A session in memory: undecoded frames, and what one pass of the engine over them has learned.

    A recording is read in once (`record`); a live session grows at its end (``runtime.growing``). Frames up to
    ``settled`` never change, and all that is derived comes from them in their final order, so that both give the same.

    Attributes:
        frames: in order. Payloads stay bytes: a race with telemetry takes tens of megabytes, not hundreds.
        checkpoints: engines that have read the first so many frames, the first before any.
        settled: how many frames have been read by the pass.
        defects: what never became a frame, or no usable one (the engine counts what it could not decode itself).
    """

    def __init__(
        self,
        key: SessionKey,
        kind: FrameSource,
        simulated: bool,
        *,
        checkpoint_every_ms: int = CHECKPOINT_EVERY_MS,
    ) -> None:
        self.key = key
        self.kind = kind
        self.simulated = simulated
        self.frames: list[Frame] = []
        self.defects: dict[str, Defect] = {}
        self.settled = 0
        self._pass = Pass(Engine(key, kind, simulated), TimelineWriter())
        self._learner = OutlineLearner()
        self.checkpoints = Checkpoints(self._pass.engine, every_ms=checkpoint_every_ms)
        self._timeline: tuple[int, Timeline] | None = None

    def latest(self) -> Pass:
        """What is known of all frames there are."""
        return self._pass

    @property
    def weather(self) -> Sequence[WeatherReading]:
        """Readings so far, in order of time."""
        return self.latest().marks.weather

    @property
    def start_ms(self) -> int:
        """The first frame's stamp; 0 before there is one."""
        return self.frames[0].t_ms if self.frames else 0

    @property
    def end_ms(self) -> int:
        """The last frame's stamp; 0 before there is one."""
        return self.frames[-1].t_ms if self.frames else 0

    @property
    def timeline(self) -> Timeline:
        """The marks of a replay bar, up to the last frame."""
        if self._timeline is None or self._timeline[0] != len(self.frames):
            self._timeline = (len(self.frames), self.latest().marks.finish(self.start_ms, self.end_ms))
        return self._timeline[1]

    @property
    def meeting(self) -> Meeting:
        """Which session this is, as its frames last said."""
        return self.latest().engine.state().meeting

    def outline(self) -> TrackOutline:
        """The best outline of the circuit that is known by now."""
        meeting = self.meeting
        return outline_of(meeting, self._learner.outline(meeting.circuit))

    def settle(self, count: int) -> None:
        """Read on until the first ``count`` frames have been read; they must not change any more."""
        for index in range(self.settled, count):
            frame = self.frames[index]
            self.checkpoints.before(index, frame.t_ms, self._pass.engine)
            self._learner.observe(frame, self._pass.read(frame))
        self.settled = max(self.settled, count)

    def frames_until(self, t_ms: int) -> int:
        """How many frames have a stamp of at most ``t_ms``."""
        return bisect_right(self.frames, t_ms, key=_t_ms)

    def engine_after(self, frames: int, near: tuple[int, Engine] | None = None) -> Engine:
        """An engine that has read exactly the first ``frames`` frames.

        Args:
            frames: how many.
            near: an engine and how many frames it has read; it is moved on (and returned) when that is shorter than
                starting from a checkpoint.
        """
        checkpoint = self.checkpoints.at_most(frames)
        if near is not None and checkpoint.frames <= near[0] <= frames:
            read, engine = near
        else:
            read, engine = checkpoint.frames, self._engine_at(checkpoint)
        for index in range(read, frames):
            engine.advance(self.frames[index])
        return engine

    def rewinding_after(self, frames: int) -> Rewinding:
        """The same for a session that grows: frames that are still to come may belong before the last it has read."""
        checkpoint = self.checkpoints.at_most(min(frames, self.settled))
        rewinding = Rewinding.from_engine(self._engine_at(checkpoint))
        for index in range(checkpoint.frames, frames):
            rewinding.advance(self.frames[index])
        return rewinding

    def _engine_at(self, checkpoint: Checkpoint) -> Engine:
        engine = Engine(self.key, self.kind, self.simulated)
        engine.back_to(checkpoint.snapshot())
        return engine


def record(source: Source, *, checkpoint_every_ms: int = CHECKPOINT_EVERY_MS) -> Recorded:
    """Read a source to its end, once. Takes a second or so of CPU for a race: call it off the event loop.

    Raises:
        DataMissingError: the source has no frame.
    """
    recorded = Recorded(source.key, source.kind, source.simulated, checkpoint_every_ms=checkpoint_every_ms)
    recorded.frames.extend(source.frames())
    if not recorded.frames:
        raise no_message(source)
    recorded.defects.update(source.defects)
    drop_strays(recorded.frames, recorded.defects)
    recorded.settle(len(recorded.frames))
    return recorded


def drop_strays(frames: list[Frame], defects: dict[str, Defect]) -> None:
    """Remove the few frames at the end whose stamps lie far behind all others', and count them.

    One line stamped ``99:59:59`` would otherwise stretch the replay bar to four days.
    """
    allowed = max(STRAY_FRAMES, len(frames) // 1000)
    for index in range(len(frames) - 1, max(0, len(frames) - 1 - allowed), -1):
        if frames[index].t_ms - frames[index - 1].t_ms > STRAY_GAP_MS:
            for stray in frames[index:]:
                note_stray(stray, defects)
            del frames[index:]
            return


def note_stray(frame: Frame, defects: dict[str, Defect]) -> None:
    """Count a frame whose stamp cannot be right."""
    example = frame.payload[:80].decode("utf-8", "backslashreplace")
    kind = "a stamp far from all others"
    count_defect(defects, kind=kind, topic=frame.topic, t_ms=frame.t_ms, example=example)


def _t_ms(frame: Frame) -> int:
    return frame.t_ms
