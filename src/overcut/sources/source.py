"""What a source is: anything that yields a session's frames in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from overcut.domain.frame import Frame, FrameSource
from overcut.domain.session import SessionKey
from overcut.domain.state import Defect


class Source(Protocol):
    """A session's frames and what is known of it before the first one.

    ``defects`` fills while ``frames()`` is read: lines that could not become frames.
    """

    @property
    def key(self) -> SessionKey:
        """The session's name."""
        ...

    @property
    def kind(self) -> FrameSource:
        """Where the frames come from."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether the session was generated; everything derived from it says so."""
        ...

    @property
    def defects(self) -> dict[str, Defect]:
        """What could not become a frame so far."""
        ...

    def frames(self) -> Iterator[Frame]:
        """The frames, ordered by (``t_ms``, topic, line). Each call starts anew."""
        ...
