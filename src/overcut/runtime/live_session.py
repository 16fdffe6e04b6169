"""How one live session gets onto the board: opened with its first frames, grown, and in the end a recording."""

from __future__ import annotations

import asyncio
from itertools import islice

import structlog

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.domain.state import Meeting
from overcut.runtime.catalogue import KnownSession
from overcut.runtime.finding import SessionPlace
from overcut.runtime.growing import Growing
from overcut.runtime.live_edge import Edge
from overcut.runtime.playing import Playing
from overcut.runtime.sessions import Sessions
from overcut.sources.live import SessionChanged

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("overcut.live")

SLICE = 100
"""Frames taken in one after the other before others have their turn."""

BULK = 1_000
"""More frames at once are history (a resumed recording's): they are put in place, and the board jumps."""


class LiveSession:
    """The session that is live: its frames and its place on the board.

    Args:
        sessions: where it is opened, with its first frames.
        begun: which session it is.
        delay_ms: how far behind the present it is shown at first.
    """

    def __init__(self, sessions: Sessions, begun: SessionChanged, delay_ms: int) -> None:
        name = sessions.catalogue.free_key(str(begun.key), begun.recording)
        self.key = name
        self._sessions = sessions
        self._delay_ms = delay_ms
        self._known = KnownSession(
            name,
            begun.recording,
            SessionPlace(begun.recording),
            FrameSource.LIVE,
            begun.simulated,
            named=True,
            meeting=Meeting(),
        )
        self._growing = Growing(SessionKey(name), FrameSource.LIVE, begun.simulated)
        self._edge = Edge(sessions.clock)
        self._playing: Playing | None = None

    async def take(self, frames: list[Frame]) -> None:
        """Put frames in their places and let viewers have them."""
        playing = self._playing if len(frames) < BULK else None
        rest = iter(frames)
        while some := list(islice(rest, SLICE)):
            for frame in some:
                for placed in self._growing.add(frame, self._edge.by_clock_ms()):
                    self._edge.arrived(placed.t_ms)
                    if playing is not None:
                        playing.arrived(placed)
            if len(frames) > SLICE:
                await asyncio.sleep(0)
        if self._playing is None and self._growing.frames:
            self._playing = self._sessions.adopt(self._known, self._growing, self._edge, self._delay_ms)
            log.info("live session opened", session=self.key, recording=self._known.path.name, frames=len(frames))
        elif self._playing is not playing and self._playing is not None:
            self._playing.read_anew()

    def over(self, over: bool) -> None:
        """Whether the feed says that the session has ended; it stays live, for the words that come late."""
        self._edge.over(over)

    def finish(self) -> int:
        """No more will come; the delay that viewers chose."""
        self._growing.finish()
        self._edge.fix(self._growing.end_ms)
        if self._playing is None:
            return self._delay_ms
        self._playing.finish()
        self._sessions.tell_over(self._known)
        log.info("live session over", session=self.key)
        return self._playing.playback.status().delay_ms
