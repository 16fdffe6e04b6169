"""How a live session grows: each frame to its place, what can no longer change read and indexed, strays kept out."""

from __future__ import annotations

from bisect import bisect_right

from overcut.domain.defects import count_defect
from overcut.domain.frame import Frame, FrameSource, topic_rank
from overcut.domain.session import SessionKey
from overcut.runtime.checkpoints import CHECKPOINT_EVERY_MS
from overcut.runtime.recorded import STRAY_GAP_MS, Pass, Recorded, note_stray
from overcut.timing.engine import Engine
from overcut.timing.rewind import REWIND_MS

AHEAD_MS = REWIND_MS
"""A frame further ahead of the present than this may be a stamp gone wrong. One within it does no harm: what comes
after it can still be put in place."""

LATEST_MS = 2_000
"""How old the marks of a live session's last seconds may be: making them anew costs as much as a seek."""

CONFIRMED_BY = 4
"""So many frames in a row from ahead that agree, and it was no stray: the feed's time did jump."""


class Growing(Recorded):
    """A session whose end is not known yet. ``frames`` is always in final order as far as frames have come.

    A frame may come up to `REWIND_MS` late and is put in its place; what is older than that is settled. A frame that is
    later still is counted, and left to the recording on disk, which puts it in place when it is played again.

    Attributes:
        over: whether it has ended; nothing is added any more.
    """

    def __init__(
        self, key: SessionKey, kind: FrameSource, simulated: bool, *, checkpoint_every_ms: int = CHECKPOINT_EVERY_MS
    ) -> None:
        super().__init__(key, kind, simulated, checkpoint_every_ms=checkpoint_every_ms)
        self.over = False
        self._aside: list[Frame] = []
        self._latest: tuple[int, Pass] | None = None

    def latest(self) -> Pass:
        """What is known of all frames, those included that may still change; at most `LATEST_MS` old."""
        if self.over or self.settled == len(self.frames):
            return self._pass
        if self._latest is None or self.end_ms - self._latest[0] > LATEST_MS:
            engine = Engine(self.key, self.kind, self.simulated)
            engine.back_to(self._pass.engine.snapshot())
            latest = Pass(engine, self._pass.marks.copy())
            for frame in self.frames[self.settled :]:
                latest.read(frame)
            self._latest = (self.end_ms, latest)
        return self._latest[1]

    def add(self, frame: Frame, now_ms: int) -> list[Frame]:
        """Take in one frame; those that were put in place by it, in order of arrival (none, one, or ones kept aside).

        After it, everything older than `REWIND_MS` before the newest stamp is settled.

        Args:
            frame: what arrived.
            now_ms: the present as it was known before (``runtime.live_edge``).
        """
        if self.frames and frame.t_ms > max(now_ms, self.end_ms) + AHEAD_MS:
            return self._from_ahead(frame)
        self._aside_were_strays()
        return [frame] if self._place(frame) else []

    def finish(self) -> None:
        """The session is over: settle all of it."""
        self._aside_were_strays()
        self.over = True
        self.settle(len(self.frames))

    def _place(self, frame: Frame) -> bool:
        frames = self.frames
        if frames and frame.t_ms < self.end_ms - REWIND_MS:
            kind, late_s = "a frame too late to be put in place", (self.end_ms - frame.t_ms) / 1000
            example = f"{late_s:.1f} s late"
            count_defect(self.defects, kind=kind, topic=frame.topic, t_ms=frame.t_ms, example=example)
            return False
        index = bisect_right(frames, _order(frame), lo=self.settled, key=_order)
        if self._repeated(frame, index):
            return False
        frames.insert(index, frame)
        self.settle(max(self.settled, bisect_right(frames, self.end_ms - REWIND_MS - 1, key=_t_ms)))
        return True

    def _repeated(self, frame: Frame, index: int) -> bool:
        """Whether the same message is there already: a feed that resumes repeats what it said."""
        while index > 0:
            index -= 1
            known = self.frames[index]
            if known.t_ms != frame.t_ms or known.topic != frame.topic:
                return False
            if known.payload == frame.payload:
                return True
        return False

    def _from_ahead(self, frame: Frame) -> list[Frame]:
        """Keep a frame aside that is far ahead of all others, until others confirm that time did jump."""
        self._aside.append(frame)
        if len(self._aside) < CONFIRMED_BY:
            return []
        aside, self._aside = self._aside, []
        stamps = sorted(one.t_ms for one in aside)
        if stamps[-1] - stamps[0] > STRAY_GAP_MS:  # they do not agree either
            self._aside = aside[-(CONFIRMED_BY - 1) :]
            for stray in aside[: -(CONFIRMED_BY - 1)]:
                note_stray(stray, self.defects)
            return []
        return [one for one in aside if self._place(one)]

    def _aside_were_strays(self) -> None:
        for stray in self._aside:
            note_stray(stray, self.defects)
        self._aside.clear()


def _order(frame: Frame) -> tuple[int, tuple[int, str]]:
    return (frame.t_ms, topic_rank(frame.topic))


def _t_ms(frame: Frame) -> int:
    return frame.t_ms
