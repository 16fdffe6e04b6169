"""Where a seek can start from: what engines remembered along a session, in bounded memory."""

from __future__ import annotations

from bisect import bisect_right

import msgspec
from isal import isal_zlib

from overcut.timing.engine import Engine
from overcut.timing.snapshot import Snapshot

CHECKPOINT_EVERY_MS = 15_000
"""Session time between checkpoints: a seek replays at most this much, some milliseconds of work."""

BUDGET_BYTES = 32 * 1024 * 1024
"""What one session's checkpoints may take; beyond it every second one goes, and new ones come half as often."""

_LEVEL = 0
"""isal's fastest: a snapshot shrinks to a fifth in 0.05 ms; higher levels gain little."""

_REFERENCE_BYTES = 8
_ENTRY_BYTES = 100
"""What a list takes for each value that it shares with others, and a dict for each entry (CPython, 64 bits)."""


class Checkpoint(msgspec.Struct, frozen=True):
    """What an engine remembered after ``frames`` frames, its bytes compressed.

    Laps, messages and other values that never change are shared between the checkpoints of a session.
    """

    frames: int
    packed: Snapshot

    @classmethod
    def of(cls, frames: int, engine: Engine) -> Checkpoint:
        """The memory of ``engine``, which has read ``frames`` frames."""
        snapshot = engine.snapshot()
        return cls(frames, snapshot._replace(rest=isal_zlib.compress(snapshot.rest, _LEVEL)))  # pyright: ignore[reportUnknownMemberType] -- its stub leaves out a type

    def snapshot(self) -> Snapshot:
        """It, ready for ``Engine.back_to``."""
        return self.packed._replace(rest=isal_zlib.decompress(self.packed.rest))  # pyright: ignore[reportUnknownMemberType] -- as above

    def size_bytes(self) -> int:
        """About what it takes beside the values that it shares."""
        lists = sum(len(part) for part in self.packed if isinstance(part, list))
        entries = sum(len(part) for part in self.packed if isinstance(part, dict))
        return len(self.packed.rest) + lists * _REFERENCE_BYTES + entries * _ENTRY_BYTES


class Checkpoints:
    """Checkpoints of one session in order; the first before any frame.

    Args:
        engine: before its first frame.
        every_ms: session time from one to the next.
        budget_bytes: what all of them may take.
    """

    def __init__(self, engine: Engine, *, every_ms: int, budget_bytes: int = BUDGET_BYTES) -> None:
        self.every_ms = every_ms
        self.bytes = 0
        self._budget_bytes = budget_bytes
        self._next_at_ms: int | None = None
        self._kept: list[Checkpoint] = []
        self._keep(0, engine)

    def __len__(self) -> int:
        return len(self._kept)

    def before(self, frames: int, t_ms: int, engine: Engine) -> None:
        """Keep ``engine``, which has read ``frames`` frames and is about to read one of ``t_ms``, if it is time."""
        if self._next_at_ms is not None and t_ms < self._next_at_ms:
            return
        if self._next_at_ms is not None:
            self._keep(frames, engine)
            while self.bytes > self._budget_bytes and len(self._kept) > 2:
                self._thin()
        self._next_at_ms = t_ms + self.every_ms

    def at_most(self, frames: int) -> Checkpoint:
        """The latest that has read no more than ``frames`` frames."""
        return self._kept[bisect_right(self._kept, frames, key=_frames) - 1]

    def _keep(self, frames: int, engine: Engine) -> None:
        checkpoint = Checkpoint.of(frames, engine)
        self._kept.append(checkpoint)
        self.bytes += checkpoint.size_bytes()

    def _thin(self) -> None:
        self._kept = self._kept[::2]
        self.bytes = sum(checkpoint.size_bytes() for checkpoint in self._kept)
        self.every_ms *= 2


def _frames(checkpoint: Checkpoint) -> int:
    return checkpoint.frames
