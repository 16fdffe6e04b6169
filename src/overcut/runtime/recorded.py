"""How a source becomes something that can be played and sought: its frames, its marks, and engine checkpoints."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from overcut.domain.events import AnyEvent
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect, Meeting
from overcut.domain.track_map import TrackOutline
from overcut.runtime.outlines import outline_of
from overcut.runtime.replay import no_message
from overcut.runtime.timeline import Timeline, TimelineWriter, WeatherReading
from overcut.sources.source import Source
from overcut.timing.engine import Engine
from overcut.timing.outline import OutlineLearner

CHECKPOINT_EVERY_MS = 60_000
"""Session time between checkpoints: a seek replays at most this much."""


class Checkpoint(msgspec.Struct, frozen=True):
    """An engine that has read ``frames`` frames, as bytes."""

    frames: int
    engine: bytes


class Recorded(msgspec.Struct, frozen=True):
    """A whole session in memory: undecoded frames, and what one pass of the engine over them learned.

    Attributes:
        frames: in order. Payloads stay bytes: a race with telemetry takes tens of megabytes, not hundreds.
        checkpoints: by frames read, the first before any frame.
        defects: lines that never became frames (the engine counts what it could not decode itself).
    """

    key: SessionKey
    kind: FrameSource
    simulated: bool
    frames: Sequence[Frame]
    checkpoints: Sequence[Checkpoint]
    timeline: Timeline
    weather: Sequence[WeatherReading]
    outline: TrackOutline
    meeting: Meeting
    defects: dict[str, Defect]

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
        at = bisect_right(self.checkpoints, frames, key=_frames_read) - 1
        checkpoint = self.checkpoints[at]
        if near is not None and checkpoint.frames <= near[0] <= frames:
            read, engine = near
        else:
            read, engine = checkpoint.frames, Engine.restore(checkpoint.engine)
        for index in range(read, frames):
            engine.advance(self.frames[index])
        return engine


def record(source: Source, *, checkpoint_every_ms: int = CHECKPOINT_EVERY_MS) -> Recorded:
    """Read a source to its end, once. Takes seconds of CPU for a race: call it off the event loop.

    Raises:
        DataMissingError: the source has no frame.
    """
    frames = list(source.frames())
    if not frames:
        raise no_message(source)
    engine = Engine(source.key, source.kind, source.simulated)
    marks, learner = TimelineWriter(), OutlineLearner()
    checkpoints = [Checkpoint(0, engine.checkpoint())]
    next_at_ms = frames[0].t_ms + checkpoint_every_ms
    for read, frame in enumerate(frames):
        if frame.t_ms >= next_at_ms:
            checkpoints.append(Checkpoint(read, engine.checkpoint()))
            next_at_ms = frame.t_ms + checkpoint_every_ms
        events = engine.advance(frame)
        learner.observe(frame, events)
        _note(marks, engine, frame, events)
    meeting = engine.state().meeting
    return Recorded(
        key=source.key,
        kind=source.kind,
        simulated=source.simulated,
        frames=frames,
        checkpoints=checkpoints,
        timeline=marks.finish(frames[0].t_ms, frames[-1].t_ms),
        weather=marks.weather,
        outline=outline_of(meeting, learner.outline(meeting.circuit)),
        meeting=meeting,
        defects=dict(source.defects),
    )


def _note(marks: TimelineWriter, engine: Engine, frame: Frame, events: Sequence[AnyEvent]) -> None:
    for event in events:
        marks.note(event)
    if frame.topic == "LapCount":
        marks.note_lap(frame.t_ms, engine.state().lap)


def _t_ms(frame: Frame) -> int:
    return frame.t_ms


def _frames_read(checkpoint: Checkpoint) -> int:
    return checkpoint.frames
