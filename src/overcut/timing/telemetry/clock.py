"""When an instant of telemetry was, in session time: its own stamp is UTC, the session's clock began with the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overcut.timing.telemetry.rows import Longs

SAME_FEED_MS = 60_000
"""No delivery is delayed by this much: stamps that disagree by more are damaged, or the feed was started anew."""


class FeedTime:
    """Turns the UTC stamps of one topic's instants into session time, by the quickest delivery seen so far.

    A batch is sent as soon as it is full: in the archive its line stamp is that of its last instant (2025 Mexico
    qualifying, all 9,332 messages). Where messages are delayed by varying amounts, the least delayed one tells.

    Args:
        zero_ms: UTC at ``t_ms`` 0 so far; None before the first message.
    """

    def __init__(self, zero_ms: int | None = None) -> None:
        self.zero_ms = zero_ms

    def received(self, last_utc_ms: int, t_ms: int) -> int:
        """UTC at ``t_ms`` 0, once a batch that ends at ``last_utc_ms`` was received at ``t_ms``."""
        zero_ms = last_utc_ms - t_ms
        if self.zero_ms is None or zero_ms > self.zero_ms or zero_ms < self.zero_ms - SAME_FEED_MS:
            self.zero_ms = zero_ms
        return self.zero_ms


def settled_zeros(zeros_ms: Longs) -> Longs:
    """What each message's UTC at ``t_ms`` 0 was, seen from the end: the last word of its own run of the feed.

    Args:
        zeros_ms: per message, in order, what `FeedTime.received` said when it came.
    """
    import numpy as np  # noqa: PLC0415 -- the engine, which needs the class above, does without

    if not len(zeros_ms):
        return zeros_ms
    parted = np.abs(np.diff(zeros_ms)) > SAME_FEED_MS
    ends = np.append(np.flatnonzero(parted), len(zeros_ms) - 1)
    return zeros_ms[ends[np.searchsorted(ends, np.arange(len(zeros_ms)))]]
