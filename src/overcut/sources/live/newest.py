"""What time it is in a recorded session: the newest stamp that can be believed."""

from __future__ import annotations

from collections.abc import Iterable

AHEAD_MS = 1_800_000
"""A stamp further ahead of all before it may have gone wrong: one message of the year 2099 must not make all that
follows look like another playing of the session."""

CONFIRMED_BY = 4
"""So many stamps from ahead that agree, and time did jump (a connection that was away for an hour)."""


class Newest:
    """The newest stamp of a session, strays left out.

    Attributes:
        utc_ms: that stamp; None before the first.
    """

    def __init__(self, utc_ms: int | None = None) -> None:
        self.utc_ms = utc_ms
        self._ahead: list[int] = []

    def saw(self, utc_ms: int) -> None:
        """A message with this stamp came."""
        if self.utc_ms is None or utc_ms <= self.utc_ms + AHEAD_MS:
            self.utc_ms = max(self.utc_ms or 0, utc_ms)
            self._ahead.clear()
            return
        self._ahead = [*self._ahead[1 - CONFIRMED_BY :], utc_ms]
        if len(self._ahead) == CONFIRMED_BY and max(self._ahead) - min(self._ahead) <= AHEAD_MS:
            self.utc_ms = max(self._ahead)
            self._ahead.clear()


def newest_of(stamps: Iterable[int]) -> int | None:
    """The newest of stamps in any order, a few strays at their end left out; None where there are none."""
    ordered = sorted(stamps)
    for index in range(max(1, len(ordered) - CONFIRMED_BY + 1), len(ordered)):
        if ordered[index] - ordered[index - 1] > AHEAD_MS:
            return ordered[index - 1]
    return ordered[-1] if ordered else None
